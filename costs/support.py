"""Until when a cloud supports a Kubernetes version at no extra charge."""

import re
from typing import Final

from catalogue.kubernetes_versions import kubernetes_versions

AS_OF: Final = "2026-11-25"
"""The day for which versions are told apart: not today's, so that the same program is estimated the same on every day."""


def standard_until(provider: str, version: object) -> str | None:
    """The last day (ISO) of a version's standard support, of one older than all on record a day by which it had ended; None for any other.

    version: as a cluster has it: 1.34, 1.34.2-gke.100. Source: catalogue/data/kubernetes_versions.csv.
    """
    minor = _minor(version)
    known = kubernetes_versions(provider)
    if minor is None or not known:
        return None
    found = next((each for each in known if _minor(each.version) == minor), None)
    if found:
        return found.end_of_standard_support
    oldest = known[-1]
    return oldest.end_of_standard_support if minor < (_minor(oldest.version) or minor) else None


def _minor(version: object) -> tuple[int, int] | None:
    parts = re.match(r"v?(\d+)\.(\d+)", version) if isinstance(version, str) else None
    return (int(parts[1]), int(parts[2])) if parts else None
