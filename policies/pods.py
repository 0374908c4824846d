"""The pods of Kubernetes workloads, whatever kind makes them: their spec, containers and labels.

Source: Kubernetes API reference, "Workload Resources". Kinds that end in List are left out, as no API server takes them; what a chart
brings cannot be seen before it is installed.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from policies.part import Part
from policies.view import View

_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "core/v1": ("Pod", "ReplicationController"),
    "apps/v1": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    "apps/v1beta2": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    "apps/v1beta1": ("Deployment", "StatefulSet"),
    "extensions/v1beta1": ("Deployment", "DaemonSet", "ReplicaSet"),
    "batch/v1": ("Job", "CronJob"),
    "batch/v1beta1": ("CronJob",),
    "batch/v2alpha1": ("CronJob",),
}


def _kinds(*wanted: str, suffix: str = "") -> tuple[str, ...]:
    listed = ((group, kind) for group, kinds in _GROUPS.items() for kind in kinds)
    return tuple(f"kubernetes:{group}:{kind}{suffix}" for group, kind in listed if not wanted or kind in wanted)


DECLARED: Final = _kinds()
"""Kinds that say all of their pods: what they leave out is as Kubernetes takes it."""
SPOKEN: Final = (*DECLARED, *_kinds(suffix="Patch"))
"""These, and patches of what is there already: what a patch leaves out stays as it is, so only what it says can be judged."""
BARE: Final = _kinds("Pod")
CRON_JOBS: Final = _kinds("CronJob")
JOBS: Final = (*_kinds("Job"), *CRON_JOBS)
STATEFUL: Final = _kinds("StatefulSet")
DEPLOYMENTS: Final = (*_kinds("Deployment"), *STATEFUL)
REPLICATED: Final = _kinds("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
"""Kinds that keep a number of pods running."""
LASTING: Final = (*REPLICATED, *_kinds("DaemonSet"))
"""Kinds whose pods do not end by themselves."""
ON_EVERY_NODE: Final = _kinds("DaemonSet")
CHOOSING: Final = tuple(kind for kind in DECLARED if kind not in ON_EVERY_NODE)
"""Kinds whose pods need not be on every node."""


def template(view: View) -> Part:
    """The pod template of a workload, with metadata and spec; a pod is its own."""
    kind = view.resource.type.rpartition(":")[2].removesuffix("Patch")
    return Part(view, {"Pod": "", "CronJob": "spec.jobTemplate.spec.template"}.get(kind, "spec.template"))


def spec(view: View) -> Part:
    """The pod spec of a workload."""
    return template(view).part("spec")


def job(view: View) -> Part:
    """What a Job, or a CronJob for each of its jobs, says of the job."""
    return Part(view, "spec.jobTemplate.spec" if view.resource.type in CRON_JOBS else "spec")


def containers(view: View) -> Iterator[Part]:
    """All containers of a workload's pods, those that run before the others first. Raises Undecided where they are not known."""
    pod = spec(view)
    yield from pod.each("initContainers")
    yield from pod.each("containers")


def labels(view: View) -> dict[str, str]:
    """The labels of a workload's pods. Raises Undecided."""
    return template(view).known("metadata.labels")
