"""What the cloud itself puts into a cluster."""

from plan.cluster_request import ClusterRequest
from plan.cluster_rules import ClusterRules
from plan.scope import accelerators

# Words of addOns that some cloud does by itself, and whether they are on where the file says nothing.
_FEATURES = ("dcgmExporter", "gateway", "keda", "nodeLocalDns")


def plan_cloud_add_ons(request: ClusterRequest, rules: ClusterRules) -> tuple[str, ...]:
    """The cluster's own add-ons in the cloud's words, then those words of addOns that the cloud does by itself."""
    limits = rules.LIMITS
    request.decide("cloudAddOns", ", ".join(limits.add_ons) or "none", limits.add_ons_reason, limits.add_ons_source)
    return (*limits.add_ons, *(word for word in _FEATURES if word in limits.own_features and _wanted(request, rules, word)))


def _wanted(request: ClusterRequest, rules: ClusterRules, word: str) -> bool:
    wishes = {
        "dcgmExporter": request.add_ons.dcgm_exporter,
        "gateway": request.add_ons.gateway,
        "keda": request.add_ons.keda,
        "nodeLocalDns": request.add_ons.node_local_dns,
    }
    if wishes[word] is not None:
        return wishes[word] == "install"
    on, reason = _default(request, word)
    if on:
        request.decide(f"addOns.{word}", f"install, by {rules.LIMITS.service} itself", reason, rules.LIMITS.add_ons_source)
    return on


def _default(request: ClusterRequest, word: str) -> tuple[bool, str]:
    if word == "nodeLocalDns":
        return True, "names are asked for on the node itself; switched on later, it would renew all nodes"
    if word == "dcgmExporter":
        nvidia = any(name.startswith("nvidia") for name in accelerators(request.environment))
        # The operator brings an exporter of its own.
        return nvidia and request.add_ons.gpu_operator != "install", "GPUs that idle are seen in their metrics"
    return False, ""
