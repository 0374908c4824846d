"""What runs without servers on Azure: encrypted on the way, and with no back doors."""

from collections.abc import Iterator, Sequence

from policies.check import Change, Problem
from policies.checks.container_azure import CONTAINER_APP
from policies.checks.function_azure import FUNCTION_APPS
from policies.remediation import Remedies, put
from policies.view import View

REMEDIES = Remedies()


@REMEDIES.add("DD-FUNCTION-201", CONTAINER_APP)
def app_https_only(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Whoever calls by plain HTTP is sent on to HTTPS by the ingress; no new revision is made for it."""
    yield from put(problems, False)


@REMEDIES.add("DD-FUNCTION-215", FUNCTION_APPS[0])
def function_https_only(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Whoever calls by plain HTTP is sent on to HTTPS; it can be turned back."""
    yield from put(problems, True)


@REMEDIES.add("DD-FUNCTION-216", FUNCTION_APPS[0])
def function_modern_tls(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """It is what Azure takes where nothing is said, and every client of the last ten years talks it; it can be turned back."""
    yield from put(problems, "1.2")


@REMEDIES.add("DD-FUNCTION-219", FUNCTION_APPS[0])
def no_plain_ftp(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Code is uploaded by the same address and account, encrypted; what runs is not touched."""
    yield from put(problems, "FtpsOnly")


@REMEDIES.add("DD-FUNCTION-220", FUNCTION_APPS[0])
def no_remote_debugging(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Nothing that serves needs the debugger's port, and Azure closes it after two days by itself."""
    yield from put(problems, False)
