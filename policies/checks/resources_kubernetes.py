"""What Kubernetes pods ask of their nodes: processors, memory and accelerators, whether they get them, and what they cost."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from catalogue.machine_facts import machine_facts
from costs.kubernetes.quantity import quantity
from costs.kubernetes.requests import requests
from policies.check import Problem
from policies.namespaces import NamespacedChecks, beside
from policies.part import Part
from policies.pods import CHOOSING, CRON_JOBS, DECLARED, JOBS, REPLICATED, SPOKEN, containers, job, spec
from policies.scaling import fewest, side_by_side
from policies.view import View

CHECKS = NamespacedChecks()
QUOTA = "kubernetes:core/v1:ResourceQuota"
LIMIT_RANGE = "kubernetes:core/v1:LimitRange"
_DEV: Mapping[str, Any] = {"dev": "advisory"}
# By which names device plugins offer accelerators. Source: Kubernetes documentation, "Schedule GPUs", and the plugins' own.
_ACCELERATORS = (
    *("nvidia.com/gpu", "nvidia.com/mig-", "amd.com/gpu", "gpu.intel.com/", "habana.ai/gaudi", "google.com/tpu"),
    *("aws.amazon.com/neuron", "qualcomm.com/qaic"),
)
# Labels of nodes that only nodes with accelerators have. Source: GKE, "Run GPUs in Standard node pools" and "TPUs in GKE"; NVIDIA GPU
# feature discovery; Karpenter documentation, "Scheduling"; Cluster Autoscaler on AWS, label of accelerators.
_ACCELERATED = (
    *("cloud.google.com/gke-accelerator", "cloud.google.com/gke-tpu-accelerator", "nvidia.com/gpu.present", "nvidia.com/gpu.product"),
    *("k8s.amazonaws.com/accelerator", "karpenter.k8s.aws/instance-gpu-name", "kubernetes.azure.com/accelerator"),
)
_INSTANCE_TYPE = "node.kubernetes.io/instance-type"
# Where a LimitRange gives a container what that leaves out. Source: k8s.io/kubernetes, SetDefaults_LimitRange.
_GIVEN: Mapping[str, tuple[str, ...]] = {"requests": ("defaultRequest", "default", "max", "min"), "limits": ("default", "max")}


@CHECKS.add(
    "DD-WORKLOAD-331",
    "Containers say how much processor time they need",
    *DECLARED,
    joined=True,
    profiles=_DEV,
    rationale="Without a request the scheduler packs a node until nobody on it gets on, and no autoscaler knows that one is missing.",
    fix="set resources.requests.cpu, or give the namespace a LimitRange with defaultRequest",
    key="workloads.<name>.vcpus",
    equivalents=("CKV_K8S_10", "KSV-0015", "require-pod-requests-limits"),
)
def requests_cpu(view: View) -> Iterator[Problem]:
    """requests.cpu of each container; a limit without a request is one, and a LimitRange may give one."""
    yield from _lacking(view, "cpu", "requests")


@CHECKS.add(
    "DD-WORKLOAD-332",
    "Containers say how much memory they need",
    *DECLARED,
    joined=True,
    severity="high",
    profiles=_DEV,
    rationale="A container without a request is the first that is killed when its node runs out of memory.",
    fix="set resources.requests.memory, or give the namespace a LimitRange with defaultRequest",
    key="workloads.<name>.memoryGib",
    equivalents=("CKV_K8S_12", "KSV-0016", "require-pod-requests-limits"),
)
def requests_memory(view: View) -> Iterator[Problem]:
    """requests.memory of each container; a limit without a request is one, and a LimitRange may give one."""
    yield from _lacking(view, "memory", "requests")


@CHECKS.add(
    "DD-WORKLOAD-333",
    "Containers have a bound on memory",
    *DECLARED,
    joined=True,
    severity="high",
    profiles=_DEV,
    rationale="What grows without a bound takes its node along, with every other pod on it.",
    fix="set resources.limits.memory, or give the namespace a LimitRange with default",
    key="workloads.<name>.memoryGib",
    equivalents=("CKV_K8S_13", "KSV-0018", "require-pod-requests-limits"),
)
def limits_memory(view: View) -> Iterator[Problem]:
    """limits.memory of each container, its own or a LimitRange's."""
    yield from _lacking(view, "memory", "limits")


@CHECKS.add(
    "DD-WORKLOAD-334",
    "Containers have a bound on processor time",
    *DECLARED,
    joined=True,
    severity="low",
    level="disabled",
    rationale="A bound makes times of answers steadier, at the price of processors that idle while somebody waits.",
    fix="set resources.limits.cpu",
    equivalents=("CKV_K8S_11", "KSV-0011"),
)
def limits_cpu(view: View) -> Iterator[Problem]:
    """limits.cpu of each container, its own or a LimitRange's."""
    yield from _lacking(view, "cpu", "limits")


@CHECKS.add(
    "DD-WORKLOAD-335",
    "Accelerators are asked for as whole and as often as they are bounded",
    *SPOKEN,
    severity="high",
    rationale="Kubernetes refuses a pod whose request for an accelerator is not its limit.",
    fix="set resources.limits of the accelerator, and leave its request out",
    equivalents=("check-nvidia-gpu",),
)
def accelerator_limits(view: View) -> Iterator[Problem]:
    """Each accelerator's request against its limit (Kubernetes documentation, "Schedule GPUs")."""
    for container in containers(view):
        limits = container.known("resources.limits")
        for name, asked in container.known("resources.requests").items():
            if name.startswith(_ACCELERATORS) and quantity(asked) != quantity(limits.get(name)):
                what = f"asks for {asked} {name} and is bounded to {limits.get(name, 'none')}"
                yield Problem(path=container.at("resources.requests"), what=what)


@CHECKS.add(
    "DD-WORKLOAD-336",
    "Pods with accelerators say on which nodes they run",
    *CHOOSING,
    level="advisory",
    rationale="Any accelerator of that name will do for the scheduler: the largest and dearest of the cluster as well.",
    fix="name the kind of accelerator or the pool in nodeSelector",
    key="workloads.<name>.pool, workloads.<name>.accelerators, endpoints.<name>.on",
    equivalents=("check-nvidia-gpu",),
)
def accelerated_choose(view: View) -> Iterator[Problem]:
    """Whether pods that ask for accelerators have a nodeSelector or a required node affinity."""
    pod = spec(view)
    required = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
    if _accelerators(view) and not pod.present("nodeSelector") and not pod.present(required):
        yield Problem(path=pod.at("nodeSelector"), what="is not set, so any accelerator of the cluster will do")


@CHECKS.add(
    "DD-WORKLOAD-337",
    "No pod without an accelerator is sent to nodes that have some",
    *CHOOSING,
    rationale="It keeps a node with GPUs running for the price of many times what it needs.",
    fix="select nodes without accelerators, or ask for one in resources.limits",
    key="workloads.<name>.pool, workloads.<name>.accelerators, endpoints.<name>.on",
    profiles=_DEV,
)
def no_wasted_accelerator(view: View) -> Iterator[Problem]:
    """A nodeSelector that only nodes with accelerators meet, for pods that ask for none; claims of devices count as asking."""
    pod = spec(view)
    if pod.present("resourceClaims") or _accelerators(view):
        return
    chosen = next((name for name, value in pod.known("nodeSelector").items() if _means_accelerator(name, value)), None)
    if chosen:
        yield Problem(path=pod.at("nodeSelector"), what=f"chooses nodes with accelerators by {chosen}, and no container asks for one")


@CHECKS.add(
    "DD-WORKLOAD-338",
    "No pod without an accelerator gets past the taint of nodes that have some",
    *CHOOSING,
    level="advisory",
    rationale="The taint keeps such nodes free for those who need them, and lets them go when nobody does.",
    fix="take the toleration away",
    key="workloads.<name>.tolerations, workloads.<name>.pool, endpoints.<name>.on",
)
def no_idle_toleration(view: View) -> Iterator[Problem]:
    """Tolerations by the accelerators' names, of pods that ask for none."""
    pod = spec(view)
    if pod.present("resourceClaims") or _accelerators(view):
        return
    for toleration in pod.each("tolerations"):
        key = toleration.text("key")
        if key.startswith(_ACCELERATORS):
            yield Problem(path=toleration.at("key"), what=f"is {key}, and no container asks for one")


@CHECKS.add(
    "DD-WORKLOAD-339",
    "A workload fits into its namespace's quota",
    *CHOOSING,
    joined=True,
    severity="high",
    rationale="Pods over the quota are never made: the deployment waits for them until it gives up.",
    fix="ask for less, run fewer side by side, or raise the quota in spec.hard",
    key="workloads.<name>.replicas, endpoints.<name>.replicas.max, teams.<name>.quota",
)
def within_quota(view: View) -> Iterator[Problem]:
    """The requests of its pods that run side by side against spec.hard of quotas without a scope."""
    pod = spec(view)
    quotas = [quota for quota in beside(view, [QUOTA]) if not quota.present("spec.scopes") and not quota.present("spec.scopeSelector")]
    hard = [each for quota in quotas for each in Part(quota, "spec").known("hard").items()]
    if not hard:
        return
    number, asked = Decimal(str(side_by_side(view))), requests(_readable(pod))
    for name, most in hard:
        each = Decimal(1) if name == "pods" else asked and asked.of(name.removeprefix("requests."))
        bound = _in_units(name, most)
        if each is None or bound is None:
            continue
        amount = each * number
        if amount > bound:
            yield Problem(path=pod.path, what=f"asks for {amount.normalize():f} {_unit(name)}, and its quota allows {bound.normalize():f}")


@CHECKS.add(
    "DD-WORKLOAD-340",
    "A container fits into its namespace's LimitRange",
    *DECLARED,
    joined=True,
    severity="high",
    rationale="A container over the range is refused, and with it every pod of the workload.",
    fix="ask for less, or raise max in the LimitRange",
    key="workloads.<name>.memoryGib, workloads.<name>.vcpus",
)
def within_range(view: View) -> Iterator[Problem]:
    """Limits and requests of each container against max of the namespace's LimitRanges for containers."""
    bounds = [item.known("max") for item in _ranges(view)]
    for container in containers(view) if any(bounds) else ():
        for which in ("limits", "requests"):
            for name, value in container.known(f"resources.{which}").items():
                most = [found for found in (quantity(bound.get(name)) for bound in bounds) if found is not None]
                asked = quantity(value)
                if most and asked is not None and asked > min(most):
                    yield Problem(path=container.at(f"resources.{which}"), what=f"has {value} of {name}, more than a LimitRange allows")


@CHECKS.add(
    "DD-WORKLOAD-341",
    "A quota bounds the accelerators of a namespace",
    *CHOOSING,
    joined=True,
    level="advisory",
    rationale="A quota that forgets the dearest thing of the cluster bounds nothing.",
    fix="add requests.nvidia.com/gpu, or the accelerator's name, to spec.hard",
    key="teams.<name>.quota.gpus",
)
def accelerators_bounded(view: View) -> Iterator[Problem]:
    """Whether a namespace with quotas has one for each accelerator that a workload in it asks for."""
    names = _accelerators(view)
    quotas = list(beside(view, [QUOTA])) if names else []
    bounded = {name.removeprefix("requests.") for quota in quotas for name in Part(quota, "spec").fields("hard")}
    for name in sorted(names - bounded) if quotas else ():
        yield Problem(what=f"asks for {name}, which no quota of its namespace bounds")


@CHECKS.add(
    "DD-WORKLOAD-342",
    "A job with accelerators has an end",
    *JOBS,
    level="advisory",
    rationale="A job that hangs holds its accelerators until somebody looks at the bill.",
    fix="set activeDeadlineSeconds",
)
def ends(view: View) -> Iterator[Problem]:
    """activeDeadlineSeconds of the job or of its pod; without a bound where both leave it out."""
    if _accelerators(view) and not job(view).present("activeDeadlineSeconds") and not spec(view).present("activeDeadlineSeconds"):
        yield Problem(path=job(view).at("activeDeadlineSeconds"), what="is not set, so it may hold accelerators for ever")


@CHECKS.add(
    "DD-WORKLOAD-343",
    "Jobs that are over are cleared away",
    *(kind for kind in JOBS if kind not in CRON_JOBS),
    severity="low",
    level="advisory",
    rationale="Finished jobs and their pods stay in the cluster for ever, and slow down whoever lists them.",
    fix="set ttlSecondsAfterFinished",
)
def cleared(view: View) -> Iterator[Problem]:
    """ttlSecondsAfterFinished; for ever where it is left out (Kubernetes documentation, "Automatic Cleanup for Finished Jobs")."""
    if not job(view).present("ttlSecondsAfterFinished"):
        yield Problem(path=job(view).at("ttlSecondsAfterFinished"), what="is not set")


@CHECKS.add(
    "DD-WORKLOAD-344",
    "Jobs with accelerators do not pile up",
    *CRON_JOBS,
    level="advisory",
    rationale="When one run takes longer than the time to the next, each day adds another one that holds accelerators.",
    fix="set concurrencyPolicy to Forbid or Replace",
)
def no_pile(view: View) -> Iterator[Problem]:
    """concurrencyPolicy, Allow where it is left out (Kubernetes documentation, "CronJob")."""
    if _accelerators(view) and view.text("spec.concurrencyPolicy", "Allow") == "Allow":
        yield Problem(path="spec.concurrencyPolicy", what="is Allow")


@CHECKS.add(
    "DD-WORKLOAD-345",
    "Replicas with accelerators go to zero outside production",
    *REPLICATED,
    joined=True,
    level="advisory",
    rationale="Outside production nobody calls most of the time, and an idle accelerator costs as much as a busy one.",
    fix="let KEDA scale it (ScaledObject with minReplicaCount 0), by requests or by the clock",
    key="workloads.<name>.replicas, endpoints.<name>.replicas.min",
)
def goes_to_zero(view: View) -> Iterator[Problem]:
    """How few replicas there are, in any stage but prod, of pods that ask for accelerators."""
    if view.stage == "prod" or not _accelerators(view):
        return
    where, number = fewest(view)
    if number > 0:
        yield Problem(path="spec.replicas", what=f"never goes below {number:.0f} ({where})")


def lacks_cpu_request(view: View) -> bool:
    """Whether a container of a workload asks for no processor time, itself or by a LimitRange. Raises Undecided."""
    return any(True for _ in _lacking(view, "cpu", "requests"))


def _lacking(view: View, name: str, which: str) -> Iterator[Problem]:
    without = [container for container in containers(view) if not _says(container, name, which)]
    if without and any(name in item.fields(given) for item in _ranges(view) for given in _GIVEN[which]):
        return
    for container in without:
        yield Problem(path=container.at(f"resources.{which}.{name}"), what="is not set")


def _says(container: Part, name: str, which: str) -> bool:
    # A limit without a request is one.
    return name in container.fields("resources.limits") or name in container.fields(f"resources.{which}")


def _ranges(view: View) -> Iterator[Part]:
    for found in beside(view, [LIMIT_RANGE]):
        yield from (item for item in Part(found, "spec").each("limits") if item.text("type") == "Container")


def _accelerators(view: View) -> set[str]:
    """The names of the accelerators that its containers ask for."""
    listed = (container.fields(f"resources.{which}") for container in containers(view) for which in ("limits", "requests"))
    return {name for amounts in listed for name, amount in amounts.items() if name.startswith(_ACCELERATORS) and amount not in (0, "0")}


def _means_accelerator(label: str, value: str) -> bool:
    if label != _INSTANCE_TYPE:
        return label in _ACCELERATED and value != "false"
    found = (machine_facts(cloud, value) for cloud in ("aws", "gcp", "azure"))
    return any(each is not None and each.accelerator_resource for each in found)


def _readable(pod: Part) -> Mapping[str, Any]:
    """The pod's spec, all requests of which can be read. Raises Undecided."""
    for container in containers(pod.view):
        for which in ("limits", "requests"):
            container.known(f"resources.{which}")
    return pod.fields("")


def _in_units(name: str, written: str) -> Decimal | None:
    amount = quantity(written)
    return amount / 2**30 if amount is not None and name.endswith("memory") else amount


def _unit(name: str) -> str:
    plain = name.removeprefix("requests.")
    return {"memory": "GiB of memory", "cpu": "processors"}.get(plain, plain)
