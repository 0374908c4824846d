"""How many pods a Kubernetes workload has, and what changes that: its own number, an autoscaler of Kubernetes or of KEDA."""

from typing import Final

from policies.namespaces import beside
from policies.part import Part
from policies.pods import JOBS, REPLICATED, job
from policies.view import View

AUTOSCALERS: Final = tuple(f"kubernetes:autoscaling/{version}:HorizontalPodAutoscaler" for version in ("v1", "v2", "v2beta1", "v2beta2"))
SCALED_OBJECT: Final = "kubernetes:keda.sh/v1alpha1:ScaledObject"
SCALERS: Final = (*AUTOSCALERS, SCALED_OBJECT)
# How each calls its limits, and what it takes where they are left out. Source: Kubernetes API reference, HorizontalPodAutoscalerSpec; KEDA
# documentation, "ScaledObject specification".
_LIMITS: Final = (("spec.minReplicas", 1), ("spec.maxReplicas", 1))
_KEDA_LIMITS: Final = (("spec.minReplicaCount", 0), ("spec.maxReplicaCount", 100))


def scaler(view: View) -> View | None:
    """The autoscaler of a workload, found by reference or by kind and name; None where the program has none. Raises Undecided."""
    urn, kind, name = view.resource.urn, view.resource.type.rpartition(":")[2], view.text("metadata.name")
    for other in beside(view, SCALERS):
        if any(urn in urns for urns in other.resource.references.values()):
            return other
        target = Part(other, "spec.scaleTargetRef")
        if name and (target.text("kind", "Deployment"), target.text("name")) == (kind, name):
            return other
    return None


def lowest(scaling: View) -> tuple[str, float]:
    """Where an autoscaler says how few pods there are, and how few. Raises Undecided."""
    return _limit(scaling, 0)


def highest(scaling: View) -> tuple[str, float]:
    """Where an autoscaler says how many pods there are at most, and how many. Raises Undecided."""
    return _limit(scaling, 1)


def _limit(scaling: View, which: int) -> tuple[str, float]:
    path, default = (_KEDA_LIMITS if scaling.resource.type == SCALED_OBJECT else _LIMITS)[which]
    return path, scaling.number(path, default)


def fewest(view: View) -> tuple[str, float]:
    """Where it is said how few pods a workload has, and how few: its autoscaler's word before its own. Raises Undecided."""
    scaling = scaler(view)
    if scaling:
        path, number = lowest(scaling)
        return f"{path} of {scaling.resource.name}", number
    return "spec.replicas", view.number("spec.replicas", 1) or 0


def side_by_side(view: View) -> float:
    """How many pods of a workload run at once at most. Raises Undecided."""
    if view.resource.type in JOBS:
        return job(view).number("parallelism", 1) or 0
    if view.resource.type not in REPLICATED:
        return 1
    scaling = scaler(view)
    return highest(scaling)[1] if scaling else view.number("spec.replicas", 1) or 0
