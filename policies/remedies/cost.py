"""What is billed: logs that end, and ways that cost nothing."""

from collections.abc import Iterator, Sequence

from policies.check import Change, Problem
from policies.checks.cost_aws import LOG_GROUP
from policies.remediation import Remedies, put
from policies.view import View

REMEDIES = Remedies()
# Thirteen months, so that a year can be compared with the one before; of the values that CloudWatch Logs takes.
_LOG_DAYS = 400


@REMEDIES.add("DD-COST-012", LOG_GROUP)
def logs_end(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Thirteen months stay, which is longer than anybody reads them; older ones go, so exempt what a law has you keep for longer."""
    yield from put(problems, _LOG_DAYS)


@REMEDIES.add("DD-COST-103", "gcp:compute/subnetwork:Subnetwork")
def private_google_access(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """It adds a way to Google's services that costs nothing, and takes none away; nothing comes in by it."""
    yield from put(problems, True)
