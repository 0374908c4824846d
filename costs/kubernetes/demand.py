"""What the program's workloads need of a node pool that makes nodes as pods ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from catalogue.model import Offer
from costs.capacity import scaled
from costs.kubernetes.allowed import accelerator_resource, amount, values
from costs.kubernetes.cluster import KARPENTER, cluster_of, has_nodes
from costs.kubernetes.fargate import selected
from costs.kubernetes.pod_set import Pods
from costs.kubernetes.pods import FINDERS, pods
from costs.kubernetes.requests import Requests, requests
from costs.kubernetes.tokens import declared, deep, mapping, mappings, meta
from costs.pricing import Pricing
from costs.resource import Program, Resource, once

_MOST_PODS = 110
"""On one node. Source: Kubernetes documentation, "Considerations for large clusters"."""


@dataclass(frozen=True)
class Need:
    """So many nodes of one machine type."""

    nodes: Decimal
    offer: Offer


def needs(pricing: Pricing, offers: list[Offer]) -> list[Need]:
    """The nodes that the pods which select this pool need: of the allowed type on which they are cheapest together."""
    found: list[Need] = []
    cluster = cluster_of(pricing.resource, pricing.program)
    for resource in _workloads(pricing.program):
        at = replace(pricing, resource=resource)
        if cluster is None or cluster_of(resource, pricing.program) is not cluster or selected(at, cluster):
            continue
        for made in (each for each in pods(at) if not each.each_node and selects(pricing, each.spec)):
            need = _need(at, made, offers)
            if need:
                found.append(need)
            else:
                pricing.unpriced("nodes by demand", f"the {made.words} of {resource.name} fit none of its machines, or cannot be read")
    return found


def selects(pricing: Pricing, pod: Any) -> bool:
    """Whether a pod goes to this pool: it selects a label that the pool gives, or the pool is all that the program has."""
    wanted = mapping(deep(pod, "nodeSelector"))
    given = _labels(pricing.resource)
    if wanted:
        return all(value in given.get(key, ()) for key, value in wanted.items())
    return _alone(pricing)


def _alone(pricing: Pricing) -> bool:
    """The only pool, in a cluster without other nodes."""
    cluster = cluster_of(pricing.resource, pricing.program)
    return (
        len(declared(pricing.program, KARPENTER)) == 1 and cluster is not None and not has_nodes(cluster, pricing.program, by_demand=False)
    )


def _labels(pool: Resource) -> Mapping[str, tuple[Any, ...]]:
    """The labels that its nodes may have, each with its possible values."""
    fixed = {key: (value,) for key, value in mapping(pool.get("spec.template.metadata.labels")).items()}
    chosen = {
        str(each.get("key")): tuple(values(each) or ())
        for each in mappings(pool.get("spec.template.spec.requirements"))
        if each.get("operator") == "In"
    }
    return {**chosen, **fixed, "karpenter.sh/nodepool": (meta(pool) or pool.name,)}


def _need(at: Pricing, made: Pods, offers: list[Offer]) -> Need | None:
    asked = requests(made.spec)
    if asked is None or made.least is None:
        return None
    number = scaled(at, made.words, made.least, made.desired, made.most).amount.expected
    fitting = [Need((number / room).to_integral_value(ROUND_CEILING), offer) for offer in offers if (room := _room(offer, asked)) > 0]
    return min(fitting, key=lambda need: (_usd(need), need.nodes, need.offer.machine.instance_type), default=None)


def _usd(need: Need) -> Decimal:
    return need.nodes * (need.offer.on_demand.usd if need.offer.on_demand else Decimal(0))


def _room(offer: Offer, asked: Requests) -> int:
    """How many such pods one node holds."""
    known = {"cpu", "memory", *(name for name in asked.accelerators if _is_accelerator(name))}
    rooms = [int(Decimal(str(amount(offer, name))) / asked.of(name)) for name in known if asked.of(name)]
    return min([*rooms, _MOST_PODS])


def _is_accelerator(name: str) -> bool:
    return name in _ACCELERATORS


_ACCELERATORS = {accelerator_resource(name) for name in ("L4", "Inferentia2", "V520", "Habana HL-205", "TPU v4", "Qualcomm AI100")}


@once
def _workloads(program: Program) -> list[Resource]:
    return [resource for resource in program.resources.values() if resource.type in FINDERS]
