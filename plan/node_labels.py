"""The labels that a pool's nodes carry: the plan's own, and those that Kubernetes, the cloud and its provisioner put there."""

from collections.abc import Callable, Mapping

from catalogue.pool_accelerators import pool_accelerator
from plan.contents_request import ContentsRequest
from plan.model import NodePoolPlan, RungPlan

Labels = dict[str, frozenset[str]]
_CAPACITY_TYPES = {"reserved": "reserved", "block": "reserved", "onDemand": "on-demand", "spot": "spot"}
_EKS_TYPES = {"reserved": "ON_DEMAND", "block": "CAPACITY_BLOCK", "onDemand": "ON_DEMAND", "spot": "SPOT"}


def labels_of(request: ContentsRequest, pool: NodePoolPlan, rung: RungPlan) -> Mapping[str, frozenset[str]]:
    """Each label of a rung's nodes with the values that it may have.

    Of nodes that were there before only what the file says of them is known. Sources: Kubernetes, Well-Known Labels; Karpenter,
    Scheduling; Google Cloud, GKE node labels; Microsoft Learn, Use labels in AKS; Amazon EKS User Guide, managed node groups.
    """
    own = {key: frozenset({value}) for key, value in {**pool.selector, **rung.node_labels}.items()}
    known = {"kubernetes.io/os": frozenset({"linux"})}
    if not pool.existing:
        known |= _everywhere(request, pool, rung)
        known |= _BY_CLOUD.get(request.cloud, _none)(pool, rung)
        if rung.provisioner == "karpenter":
            known |= _values({"karpenter.sh/nodepool": rung.name, "karpenter.sh/capacity-type": _CAPACITY_TYPES.get(rung.capacity)})
    return {**known, **own}


def _everywhere(request: ContentsRequest, pool: NodePoolPlan, rung: RungPlan) -> Labels:
    # Azure numbers its zones, and AKS writes the region before the number.
    prefix = f"{request.environment.region}-" if request.cloud == "azure" else ""
    zones = {"topology.kubernetes.io/zone": frozenset(f"{prefix}{zone}" for zone in rung.zones)} if rung.zones else {}
    return zones | _values(
        {
            "kubernetes.io/arch": pool.machine.architecture,
            "node.kubernetes.io/instance-type": pool.machine.instance_type,
            "topology.kubernetes.io/region": request.environment.region,
        }
    )


def _of_aws(pool: NodePoolPlan, rung: RungPlan) -> Labels:
    return _values({"eks.amazonaws.com/capacityType": _EKS_TYPES.get(rung.capacity)}) if rung.provisioner == "group" else {}


def _of_gcp(pool: NodePoolPlan, rung: RungPlan) -> Labels:
    accelerator = pool_accelerator(pool.machine.accelerator) if pool.machine.accelerator else None
    gpu = accelerator if accelerator and accelerator.kind == "gpu" else None
    return _values(
        {
            "cloud.google.com/gke-accelerator": gpu.gke_name if gpu else None,
            "cloud.google.com/gke-accelerator-count": str(pool.machine.accelerator_count) if gpu else None,
            "cloud.google.com/gke-tpu-accelerator": accelerator.gke_name if accelerator and pool.tpu else None,
            "cloud.google.com/gke-tpu-topology": pool.tpu.topology if pool.tpu else None,
            "cloud.google.com/gke-spot": "true" if rung.capacity == "spot" else None,
            "cloud.google.com/gke-flex-start": "true" if rung.capacity == "flexStart" else None,
            "cloud.google.com/machine-family": pool.machine.instance_type.partition("-")[0],
        }
    )


def _of_azure(pool: NodePoolPlan, rung: RungPlan) -> Labels:
    return _values(
        {
            "agentpool": rung.pool_name,
            "kubernetes.azure.com/agentpool": rung.pool_name,
            "kubernetes.azure.com/scalesetpriority": "spot" if rung.capacity == "spot" else None,
            "kubernetes.azure.com/mode": "system" if pool.system else "user",
        }
    )


def _none(pool: NodePoolPlan, rung: RungPlan) -> Labels:
    return {}


def _values(labels: Mapping[str, str | None]) -> Labels:
    return {key: frozenset({value}) for key, value in labels.items() if value}


_BY_CLOUD: Mapping[str, Callable[[NodePoolPlan, RungPlan], Labels]] = {"aws": _of_aws, "gcp": _of_gcp, "azure": _of_azure}
