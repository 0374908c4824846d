"""Workloads: they cost nothing on nodes that the program declares, by request without nodes, and a share of someone else's nodes."""

from costs.kubernetes import autopilot, claim, fargate
from costs.kubernetes.cluster import EKS, GKE, cluster_of, has_nodes
from costs.kubernetes.pod_set import Pods
from costs.kubernetes.pods import FINDERS, pods
from costs.kubernetes.requests import requests
from costs.pricing import Pricer, Pricing
from costs.resource import Missing, Resource
from costs.words import number_text


def workload(pricing: Pricing) -> None:
    """Its pods by what they run on, and the volumes that are made for them."""
    cluster = cluster_of(pricing.resource, pricing.program)
    for made in pods(pricing):
        _run(pricing, cluster, made)
        claim.of_pods(pricing, made)


def _run(pricing: Pricing, cluster: Resource | None, made: Pods) -> None:
    if cluster is None:
        return _elsewhere(pricing, made, "run on nodes that this program does not declare")
    if cluster.type == GKE and cluster.get("enableAutopilot"):
        if isinstance(cluster.get("enableAutopilot"), Missing):
            return _elsewhere(pricing, made, "run on a cluster of which is not known before `up` whether it is Autopilot")
        return autopilot.pods(pricing, made)
    if cluster.type == EKS and fargate.pods(pricing, cluster, made):
        return None
    if has_nodes(cluster, pricing.program):
        return None
    if cluster.get("computeConfig.enabled") is True:
        return _elsewhere(pricing, made, "run on nodes that EKS Auto Mode makes for them, without a limit in this program")
    return _elsewhere(pricing, made, "need nodes, and this program declares none for its cluster")


def _elsewhere(pricing: Pricing, made: Pods, why: str) -> None:
    asked = requests(made.spec)
    each = str(asked) if asked else "requests that cannot be read"
    pricing.unpriced(made.words, f"{_how_many(made)} × {each} {why}")


def _how_many(made: Pods) -> str:
    if made.each_node:
        return "one pod on each node"
    if made.least is None:
        return f"an unknown number of {made.words}"
    if made.least == made.most:
        return f"{number_text(made.least)} {made.words}"
    return f"{number_text(made.least)} … {number_text(made.most) if made.most is not None else 'unlimited'} {made.words}"


PRICERS: dict[str, Pricer] = dict.fromkeys(FINDERS, workload)
FREE: set[str] = set()
