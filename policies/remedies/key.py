"""Keys and secrets: rotated, and with a way back from a mistake."""

from collections.abc import Iterator, Sequence

from policies.check import Change, Problem
from policies.checks import key_aws, key_azure, key_gcp
from policies.remediation import Remedies, put
from policies.view import View

REMEDIES = Remedies()
_LONGEST_DAYS = 30
_QUARTER_DAYS = 90
_WEEK_DAYS = 7
_SECONDS_PER_DAY = 86_400


@REMEDIES.add("DD-KEY-001", key_aws.KEY)
def rotates(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """The key keeps its id and all of its old material: whatever it encrypted is decrypted as before (AWS KMS, "Rotate keys")."""
    yield from put(problems, True)


@REMEDIES.add("DD-KEY-004", key_aws.KEY)
def waits(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """It matters on the day of the deletion alone, and then leaves the most time there is to take it back."""
    yield from put(problems, _LONGEST_DAYS)


@REMEDIES.add("DD-KEY-006", key_aws.SECRET)
def recoverable(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """It matters on the day of the deletion alone, and then leaves the most time there is to take it back."""
    yield from put(problems, _LONGEST_DAYS)


@REMEDIES.add("DD-KEY-101", key_gcp.KEY)
def rotates_in_time(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A new version encrypts; the old ones stay, and decrypt what they encrypted (Cloud KMS, "Key rotation")."""
    yield from put(problems, _seconds(min(view.parameters["days"], _QUARTER_DAYS)))


@REMEDIES.add("DD-KEY-102", key_gcp.KEY)
def rotates_quarterly(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A new version encrypts; the old ones stay, and decrypt what they encrypted (Cloud KMS, "Key rotation")."""
    yield from put(problems, _seconds(min(view.parameters["days"], _QUARTER_DAYS)))


@REMEDIES.add("DD-KEY-107", key_gcp.SECRET)
def destroyed_later(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A version that is destroyed cannot be read at once, as before; for a week it can be had back."""
    yield from put(problems, _seconds(max(view.parameters["days"], _WEEK_DAYS)))


@REMEDIES.add("DD-KEY-202", key_azure.VAULT)
def soft_deletes(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Azure keeps what is deleted in every vault that is made today; nothing that uses the vault sees a difference."""
    yield from put(problems, True)


def _seconds(days: float) -> str:
    return f"{days * _SECONDS_PER_DAY:.0f}s"
