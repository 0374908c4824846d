"""Whether Kubernetes workloads stay up: probes, replicas, where these stand, how they scale and how they are replaced."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.check import Problem
from policies.checks.resources_kubernetes import lacks_cpu_request
from policies.namespaces import NamespacedChecks, beside
from policies.part import Part
from policies.pods import BARE, DEPLOYMENTS, LASTING, REPLICATED, STATEFUL, labels, spec
from policies.scaling import AUTOSCALERS, SCALERS, fewest, highest, lowest, scaler
from policies.selectors import selects
from policies.view import View

CHECKS = NamespacedChecks()
_DEV: Mapping[str, Any] = {"dev": "advisory"}
_SERVICES = ("kubernetes:core/v1:Service",)
_BUDGETS = ("kubernetes:policy/v1:PodDisruptionBudget", "kubernetes:policy/v1beta1:PodDisruptionBudget")
# Labels of nodes that may be taken away. Source: Amazon EKS, "Managed node groups" (capacityType); Karpenter, "Scheduling"; GKE, "Spot
# VMs"; AKS, "Add a spot node pool".
_SPOT = {
    "eks.amazonaws.com/capacityType": "SPOT",
    "karpenter.sh/capacity-type": "spot",
    "cloud.google.com/gke-spot": "true",
    "cloud.google.com/gke-preemptible": "true",
    "kubernetes.azure.com/scalesetpriority": "spot",
}


@CHECKS.add(
    "DD-WORKLOAD-329",
    "Pods are made by something that makes them again",
    *BARE,
    profiles=_DEV,
    rationale="A pod alone is gone with its node.",
    fix="declare a Deployment or a Job",
    equivalents=("restrict-controllerless-pods", "no-bare-pods"),
)
def not_bare(view: View) -> Iterator[Problem]:
    """A Pod as a resource of its own, of which nothing can be unknown."""
    yield Problem(what="is a pod that nothing makes again")


@CHECKS.add(
    "DD-WORKLOAD-351",
    "Pods behind a Service say when they are ready",
    *LASTING,
    joined=True,
    severity="high",
    profiles=_DEV,
    rationale="Without a probe a pod gets requests while it still loads its model, and each of them fails.",
    fix="set readinessProbe of the container that answers",
    key="models.<name>.healthPath",
    equivalents=("CKV_K8S_9", "require-probes"),
)
def says_ready(view: View) -> Iterator[Problem]:
    """Whether a container of a pod that a Service of the program selects has a readinessProbe."""
    answering = list(spec(view).each("containers"))
    if not any(container.present("readinessProbe") for container in answering) and _served(view):
        yield Problem(path=spec(view).at("containers.0.readinessProbe"), what="is not set, and a Service sends it requests")


@CHECKS.add(
    "DD-WORKLOAD-352",
    "Containers that hang are started again",
    *LASTING,
    level="advisory",
    rationale="A process that hangs is alive to Kubernetes unless somebody asks it.",
    fix="set livenessProbe, slower than the slowest answer",
    key="models.<name>.healthPath",
    equivalents=("CKV_K8S_8", "require-probes"),
)
def says_alive(view: View) -> Iterator[Problem]:
    """livenessProbe of each container that stays."""
    for container in spec(view).each("containers"):
        if not container.present("livenessProbe"):
            yield Problem(path=container.at("livenessProbe"), what="is not set")


@CHECKS.add(
    "DD-WORKLOAD-353",
    "What serves in production has two replicas or more",
    *DEPLOYMENTS,
    joined=True,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="One replica fails with its node, and every update of the node is an outage.",
    fix="set spec.replicas, or the autoscaler's minimum, to 2 or more",
    key="endpoints.<name>.replicas.min, endpoints.<name>.objective.availabilityPercent, workloads.<name>.replicas",
    equivalents=("require-deployments-have-multiple-replicas", "minimum-replica-count"),
    parameters={"leastReplicas": 2},
)
def enough_replicas(view: View) -> Iterator[Problem]:
    """In the stage prod, the fewest replicas of deployments that a Service of the program selects, 1 where nothing is said."""
    if view.stage != "prod":
        return
    where, number = fewest(view)
    # Zero is for those who call seldom and can wait, or for what is switched off.
    if 0 < number < view.parameters["leastReplicas"] and _served(view):
        yield Problem(path="spec.replicas", what=f"may be {number:.0f} ({where}), in production")


@CHECKS.add(
    "DD-WORKLOAD-354",
    "Replicas are not all taken away at once",
    *REPLICATED,
    joined=True,
    profiles=_DEV,
    rationale="Whoever empties nodes, an upgrade or an autoscaler, takes all replicas that he finds unless a budget says how many stay.",
    fix="add a PodDisruptionBudget with maxUnavailable 1 whose selector is the workload's",
    equivalents=("create-default-pdb", "require-pdb"),
)
def has_budget(view: View) -> Iterator[Problem]:
    """Whether a PodDisruptionBudget selects the pods of a workload with two replicas or more."""
    if fewest(view)[1] < 2:
        return
    told = labels(view)
    if not any(selects(Part(budget, "spec.selector"), told) for budget in beside(view, _BUDGETS)):
        yield Problem(what="has several replicas and no PodDisruptionBudget")


@CHECKS.add(
    "DD-WORKLOAD-355",
    "Replicas stand apart",
    *REPLICATED,
    joined=True,
    level="advisory",
    rationale="Two replicas on one machine are one when it fails.",
    fix="set topologySpreadConstraints over zones and hosts",
    equivalents=("topologyspread-policy", "require-pod-antiaffinity"),
)
def spread(view: View) -> Iterator[Problem]:
    """topologySpreadConstraints or pod anti-affinity of a workload with two replicas or more."""
    pod = spec(view)
    if pod.present("topologySpreadConstraints") or pod.present("affinity.podAntiAffinity"):
        return
    if fewest(view)[1] >= 2:
        yield Problem(path=pod.at("topologySpreadConstraints"), what="is not set")


@CHECKS.add(
    "DD-WORKLOAD-356",
    "A disruption budget lets nodes be emptied",
    *_BUDGETS,
    joined=True,
    severity="high",
    profiles=_DEV,
    rationale="A budget that allows no pod to go stops every upgrade of its node until somebody forces it, at the worst of times.",
    fix="set maxUnavailable to 1 instead of minAvailable",
    equivalents=("pdb-maxunavailable", "pdb-minavailable"),
)
def allows_some(view: View) -> Iterator[Problem]:
    """maxUnavailable 0, or minAvailable of all, or of as many as the selected workload has at least (Kubernetes, "Disruptions")."""
    most, least = view.get("spec.maxUnavailable"), view.get("spec.minAvailable")
    if most in (0, "0", "0%"):
        yield Problem(path="spec.maxUnavailable", what=f"is {_plain(most)}, so no pod may ever go")
    elif least == "100%":
        yield Problem(path="spec.minAvailable", what="is 100%, so no pod may ever go")
    elif isinstance(least, int | float):
        for workload in _selected(view):
            number = fewest(workload)[1]
            if 0 < number <= least:
                what = f"is {least:.0f}, and {workload.resource.name} may have {number:.0f}: then no pod may go"
                yield Problem(path="spec.minAvailable", what=what)


@CHECKS.add(
    "DD-WORKLOAD-357",
    "What serves in production scales with its traffic",
    *DEPLOYMENTS,
    joined=True,
    level="advisory",
    rationale="With a fixed number of replicas it is too small at noon, and too dear at night.",
    fix="add a HorizontalPodAutoscaler or a ScaledObject",
    key="endpoints.<name>.autoscaling",
    equivalents=("check-hpa-exists",),
)
def scales(view: View) -> Iterator[Problem]:
    """Whether an autoscaler of the program scales a deployment that a Service selects, in the stage prod."""
    if view.stage == "prod" and view.resource.type not in STATEFUL and scaler(view) is None and _served(view):
        yield Problem(what="has no autoscaler, in production")


@CHECKS.add(
    "DD-WORKLOAD-358",
    "An autoscaler has room to scale",
    *SCALERS,
    level="advisory",
    rationale="Where the least is the most, autoscaling is there in name only.",
    fix="set the maximum above the minimum",
    key="endpoints.<name>.replicas.max",
    equivalents=("check-hpa-exists",),
)
def room_to_scale(view: View) -> Iterator[Problem]:
    """The least against the most, each as its kind takes it where it is left out."""
    path, most = highest(view)
    if lowest(view)[1] >= most:
        yield Problem(path=path, what=f"is {most:.0f}, and so is the least")


@CHECKS.add(
    "DD-WORKLOAD-359",
    "An autoscaler by processor time has something to go by",
    *AUTOSCALERS,
    joined=True,
    severity="high",
    profiles=_DEV,
    rationale="Utilisation is use over request: without requests the autoscaler does nothing, and says so in a status that nobody reads.",
    fix="set resources.requests.cpu of every container of what it scales",
)
def measurable(view: View) -> Iterator[Problem]:
    """Requests of the deployment that a HorizontalPodAutoscaler with a target for CPU scales (Kubernetes, "Horizontal Pod Autoscaling")."""
    if not _by_processor(view):
        return
    for workload in beside(view, REPLICATED):
        found = scaler(workload)
        if found and found.resource.urn == view.resource.urn and lacks_cpu_request(workload):
            yield Problem(path="spec.scaleTargetRef", what=f"is {workload.resource.name}, whose containers do not all request cpu")


@CHECKS.add(
    "DD-WORKLOAD-360",
    "What has one replica, or keeps data, is not on spot nodes in production",
    *DEPLOYMENTS,
    joined=True,
    severity="high",
    rationale="Spot nodes go with two minutes' notice or less: one replica is an outage then, a database a long one.",
    fix="take the selector of spot nodes away, or run two replicas and more",
    key="workloads.<name>.pool, workloads.<name>.replicas, endpoints.<name>.on, endpoints.<name>.replicas.min",
)
def not_alone_on_spot(view: View) -> Iterator[Problem]:
    """A nodeSelector for spot nodes, in the stage prod, of a StatefulSet or of what may have a single replica."""
    chosen = spec(view).known("nodeSelector")
    spot = next((name for name, value in _SPOT.items() if chosen.get(name) == value), None)
    if view.stage != "prod" or spot is None:
        return
    if view.resource.type in STATEFUL or fewest(view)[1] == 1:
        yield Problem(path=spec(view).at("nodeSelector"), what=f"chooses spot nodes by {spot}")


@CHECKS.add(
    "DD-WORKLOAD-361",
    "An update leaves something running",
    *DEPLOYMENTS,
    joined=True,
    level="advisory",
    rationale="An update that takes every replica first is an outage as long as a model takes to load.",
    fix="set strategy.type to RollingUpdate with maxUnavailable 0",
)
def rolls(view: View) -> Iterator[Problem]:
    """strategy of a deployment that a Service selects, in the stage prod; RollingUpdate where it is left out."""
    recreates = view.text("spec.strategy.type", "RollingUpdate") == "Recreate"
    if view.stage == "prod" and (recreates or view.get("spec.strategy.rollingUpdate.maxUnavailable") == "100%") and _served(view):
        path = "spec.strategy.type" if recreates else "spec.strategy.rollingUpdate.maxUnavailable"
        yield Problem(path=path, what="takes every replica before there is a new one")


def _served(view: View) -> bool:
    """Whether a Service of the program sends requests to the workload's pods."""
    told = labels(view)
    return any(_sends(service, told) for service in beside(view, _SERVICES))


def _sends(service: View, told: Mapping[str, str]) -> bool:
    wanted = Part(service, "spec").known("selector")
    return bool(wanted) and wanted.items() <= told.items()


def _selected(budget: View) -> Iterator[View]:
    selector = Part(budget, "spec.selector")
    return (workload for workload in beside(budget, REPLICATED) if selects(selector, labels(workload)))


def _by_processor(view: View) -> bool:
    if view.present("spec.targetCPUUtilizationPercentage"):
        return True
    metrics = Part(view, "spec").each("metrics")
    return any(each.text("resource.name") == "cpu" and each.text("resource.target.type") == "Utilization" for each in metrics)


def _plain(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, int | float) else str(value)
