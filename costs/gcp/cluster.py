"""GKE clusters: the management fee, pools inside the cluster, auto-provisioned nodes, Autopilot's pods, logs.

Source: Google Cloud, "Google Kubernetes Engine pricing": the fee is the same for zonal, regional and Autopilot clusters.
"""

from decimal import Decimal
from typing import Final

from costs.capacity import machines
from costs.gcp.node_pool import pool_lines
from costs.gcp.part import mapping, part
from costs.gcp.place import location
from costs.model import Factor
from costs.money import Band
from costs.pricing import HOURS, Pricer, Pricing, count
from costs.support import AS_OF, standard_until

_NODE_POOL: Final = "gcp:container/nodePool:NodePool"
# What a pod gets that requests nothing. Source: Google Cloud, "Resource requests in Autopilot", default requests.
_POD: Final = (("vcpu", "vCPUs each", "0.5"), ("memory", "GiB each", "2"), ("ephemeral-storage", "GiB of ephemeral storage each", "1"))
# Auto-provisioning makes E2 nodes where a pod asks for nothing else. Source: Google Cloud, "Node auto-provisioning".
_PROVISIONED: Final = "e2-standard-4"
_PROVISIONED_VCPUS: Final = 4
_WORKLOADS: Final = (":Deployment", ":StatefulSet", ":ReplicaSet", ":Pod", ":Job", ":CronJob")


def cluster(pricing: Pricing) -> None:
    """The fee, and whatever nodes the cluster itself brings."""
    pricing.line("cluster management", pricing.service("gke", "cluster-management", "cluster management"), count("cluster", 1), HOURS)
    if pricing.text("releaseChannel.channel") == "EXTENDED":
        _extended_support(pricing)
    if pricing.flag("enableAutopilot"):
        _autopilot(pricing)
    else:
        _own_pools(pricing)
        _auto_provisioned(pricing)
    _logs(pricing)


def _extended_support(pricing: Pricing) -> None:
    """Paid from the end of a version's standard support on: in the worst case of one that is in it, all month."""
    version = pricing.text("minMasterVersion")
    until = standard_until("gcp", version)
    ended = until is not None and until < AS_OF
    if ended:
        pricing.note("support", "extended", f"standard support of {version} ended by {until}, and the channel is EXTENDED")
    late = Factor("cluster past its standard support", Band.of(1, 1, 1) if ended else Band.of(0, 0, 1))
    pricing.line("extended support", pricing.service("gke", "extended-support", "extended support"), late, HOURS)


def _own_pools(pricing: Pricing) -> None:
    where = location(pricing.resource, pricing.program) or pricing.region
    inline = [mapping(pool) for pool in pricing.resource.items("nodePools")]
    if inline:
        separate = _separate(pricing)
        for pool in inline:
            # A state lists every pool of the cluster, those of resources of their own included: they are priced there.
            if str(pool.get("name")) not in separate:
                pool_lines(part(pricing, pool), f"{pool.get('name') or 'inline'} nodes", where, pricing.resource)
    elif not pricing.flag("removeDefaultNodePool") and pricing.resource.get("initialNodeCount") is not None:
        told = {name: pricing.resource.get(name) for name in ("initialNodeCount", "nodeConfig", "nodeLocations")}
        # The list of a zonal cluster lacks its own zone, which `pool_lines` adds for the cluster's list only.
        pool_lines(part(pricing, {**told, "nodeLocations": None}), "default nodes", where, pricing.resource)


def _separate(pricing: Pricing) -> set[str]:
    """The names of the pools that are resources of their own."""
    referring = pricing.program.referring(pricing.resource, _NODE_POOL, "cluster")
    named = [pool for pool in pricing.program.of_type(_NODE_POOL) if pool.get("cluster") == pricing.resource.get("name")]
    return {str(pool.get("name") or pool.name) for pool in (*referring, *named)}


def _auto_provisioned(pricing: Pricing) -> None:
    """Nodes that the cluster may add by itself: nothing expected but the minimum, the limits as the worst case."""
    if not pricing.flag("clusterAutoscaling.enabled"):
        return
    for limit in pricing.resource.items("clusterAutoscaling.resourceLimits"):
        told = part(pricing, limit)
        kind, least, most = told.text("resourceType"), told.number("minimum", 0) or Decimal(0), told.number("maximum")
        if kind == "memory":
            continue
        if most is None:
            pricing.unpriced(f"auto-provisioned {kind}", "its maximum is known only after `up`")
        elif kind == "cpu":
            each = Band(least, least, max(most, least)) / _PROVISIONED_VCPUS
            nodes = pricing.assume("auto-provisioned nodes", each, f"vCPUs between the limits ÷ {_PROVISIONED_VCPUS}, as {_PROVISIONED}")
            machines(pricing, "auto-provisioned nodes", _PROVISIONED, nodes)
        else:
            gpus = pricing.assume(f"auto-provisioned {kind}", Band(least, least, max(most, least)), "between the limits")
            machines(pricing, "auto-provisioned GPUs", f"gpu-{kind}", gpus)


def _autopilot(pricing: Pricing) -> None:
    """Pods by what they request; where nobody tells their number, as an assumption with the default request."""
    if _own_pods(pricing):
        pricing.note("pods", "those of this program", "each workload is priced by what it requests; pods that others start are not in it")
        return
    pricing.note("pods", "Autopilot's default requests each", "0.5 vCPU, 2 GiB and 1 GiB of ephemeral storage: 'replicas' tells how many")
    pods = pricing.usage_or("replicas", reason="how many pods run is not told")
    for sku, words, number in _POD:
        price = pricing.service("gke-autopilot", sku, f"pods' {sku}")
        pricing.line(f"pods' {sku}", price, pods, count(words, Decimal(number)), HOURS, usage_based=True)


def _own_pods(pricing: Pricing) -> bool:
    """Whether the program's own workloads run here, which costs.kubernetes prices: this is its only cluster, and it declares some."""
    only = len(pricing.program.of_type(pricing.resource.type)) == 1
    told = any("replicas" in entry for _, entry in pricing.told.matching(pricing.resource))
    pods = (each for each in pricing.program.resources.values() if each.package == "kubernetes" and each.type.endswith(_WORKLOADS))
    return only and not told and any(True for _ in pods)


def _logs(pricing: Pricing) -> None:
    if pricing.text("loggingService") == "none" or pricing.resource.get("loggingConfig.enableComponents") == []:
        return
    logs = pricing.usage_or("ingestedGibPerMonth", reason="logs of the system and the workloads go to Cloud Logging unless that is off")
    pricing.line("logs", pricing.service("cloud-logging", "ingestion", "logs"), logs, usage_based=True)
    if pricing.flag("monitoringConfig.managedPrometheus.enabled"):
        pricing.unpriced("managed Prometheus samples", "how many samples the workloads write is not told")


PRICERS: dict[str, Pricer] = {"gcp:container/cluster:Cluster": cluster}
FREE: set[str] = set()
