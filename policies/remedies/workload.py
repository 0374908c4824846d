"""Kubernetes workloads: what they leave out and nothing of them needs.

Not of Pods and Jobs, whose specifications cannot be changed: they would be made anew.
"""

from collections.abc import Iterator, Sequence

from policies.check import Change, Problem
from policies.part import Part
from policies.pods import spec
from policies.remediation import Remedies, put
from policies.view import View

REMEDIES = Remedies()
_TEMPLATED = (
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:batch/v1:CronJob",
)
_SECCOMP = "securityContext.seccompProfile.type"


@REMEDIES.add("DD-WORKLOAD-302", *_TEMPLATED)
def no_escalation(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A program keeps all rights that it starts with. Only where it is left out: who says true has a program with setuid in mind."""
    yield from put([problem for problem in problems if view.get(problem.path) is None and not _administers(view, problem)], False)


@REMEDIES.add("DD-WORKLOAD-315", *_TEMPLATED)
def usual_calls(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """The runtime's own filter is what Docker has always used, and stops calls of the kernel's administration alone.

    Only where the container and its pod leave it out.
    """
    if spec(view).get(_SECCOMP) is None:
        yield from put([problem for problem in problems if view.get(problem.path) is None], "RuntimeDefault")


@REMEDIES.add("DD-IAM-321", "kubernetes:core/v1:ServiceAccount")
def default_without_token(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """An account that nobody binds may do nothing with its token; a pod that needs one says so itself, and then gets it."""
    yield from put(problems, False)


def _administers(view: View, problem: Problem) -> bool:
    """Whether the API would refuse it beside what the container has. Source: Kubernetes API reference, SecurityContext."""
    context = Part(view, problem.path.rpartition(".")[0])
    added = {name.upper().removeprefix("CAP_") for name in context.texts("capabilities.add")}
    return context.flag("privileged") or bool(added & {"SYS_ADMIN", "ALL"})
