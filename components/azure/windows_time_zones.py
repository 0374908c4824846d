"""Time zones as Azure Monitor's autoscaler names them: in Windows' words.

Source: Azure Monitor REST API, Autoscale Settings, RecurrentSchedule.timeZone; Unicode CLDR 48, windowsZones.xml (territory 001).
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_WINDOWS = {
    "UTC": "Etc/UTC",
    "GMT Standard Time": "Europe/London",
    "W. Europe Standard Time": "Europe/Berlin",
    "GTB Standard Time": "Europe/Bucharest",
    "FLE Standard Time": "Europe/Kiev",
    "Turkey Standard Time": "Europe/Istanbul",
    "Russian Standard Time": "Europe/Moscow",
    "Israel Standard Time": "Asia/Jerusalem",
    "Egypt Standard Time": "Africa/Cairo",
    "South Africa Standard Time": "Africa/Johannesburg",
    "W. Central Africa Standard Time": "Africa/Lagos",
    "Iran Standard Time": "Asia/Tehran",
    "Arabian Standard Time": "Asia/Dubai",
    "Afghanistan Standard Time": "Asia/Kabul",
    "Pakistan Standard Time": "Asia/Karachi",
    "India Standard Time": "Asia/Calcutta",
    "Nepal Standard Time": "Asia/Katmandu",
    "Bangladesh Standard Time": "Asia/Dhaka",
    "Myanmar Standard Time": "Asia/Rangoon",
    "SE Asia Standard Time": "Asia/Bangkok",
    "Singapore Standard Time": "Asia/Singapore",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Cen. Australia Standard Time": "Australia/Adelaide",
    "AUS Central Standard Time": "Australia/Darwin",
    "E. Australia Standard Time": "Australia/Brisbane",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "New Zealand Standard Time": "Pacific/Auckland",
    "Hawaiian Standard Time": "Pacific/Honolulu",
    "Alaskan Standard Time": "America/Anchorage",
    "Pacific Standard Time": "America/Los_Angeles",
    "US Mountain Standard Time": "America/Phoenix",
    "Mountain Standard Time": "America/Denver",
    "Central America Standard Time": "America/Guatemala",
    "Central Standard Time": "America/Chicago",
    "SA Pacific Standard Time": "America/Bogota",
    "Eastern Standard Time": "America/New_York",
    "SA Western Standard Time": "America/La_Paz",
    "Atlantic Standard Time": "America/Halifax",
    "Pacific SA Standard Time": "America/Santiago",
    "Newfoundland Standard Time": "America/St_Johns",
    "E. South America Standard Time": "America/Sao_Paulo",
}
# Long enough to meet every change of the clocks, fine enough to tell apart zones that change them on different days.
_SEEN_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_SEEN_DAYS = 730


def windows_time_zone(name: str) -> str:
    """Windows' name of the zone whose clocks go as those of this IANA zone do.

    Raises LookupError where Windows has none of these, and zoneinfo.ZoneInfoNotFoundError where the zone is unknown.
    """
    wanted = _clock(name)
    for windows, iana in _WINDOWS.items():
        if _clock(iana) == wanted:
            return windows
    raise LookupError(f"timeZone: '{name}' has no counterpart in Azure's autoscaler; allowed: zones whose clocks go as one of Windows'")


@cache
def _clock(name: str) -> tuple[timedelta | None, ...]:
    zone = ZoneInfo(name)
    return tuple((_SEEN_FROM + timedelta(days=day)).astimezone(zone).utcoffset() for day in range(_SEEN_DAYS))
