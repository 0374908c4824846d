"""The fast network between nodes, and nodes packed together."""

from plan.model import InterconnectPlan
from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules

_TPU = "Google Cloud, TPUs in GKE: the topology places the hosts of a slice: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus"


def plan_interconnect(request: PoolRequest, rules: NodePoolRules, choice: Choice) -> InterconnectPlan:
    """The nodes' fast network; faults one that the cloud or the machine has not."""
    asked, limits = request.pool.interconnect, rules.LIMITS
    fabric = choice.facts.fabric if choice.facts else None
    if asked in (None, "none"):
        if asked is None and fabric is not None and choice.accelerator is not None:
            reason = f"{choice.machine.instance_type} has {limits.interconnect}, which only jobs over several nodes need; it wants one zone"
            request.decide("interconnect", "none", reason)
        return InterconnectPlan()
    if asked != limits.interconnect:
        own = f"{limits.interconnect} or none" if limits.interconnect else "none"
        problem = f"is not what {request.cloud} connects nodes with"
        request.fault(
            "interconnect",
            asked,
            problem,
            allowed=own,
            fix=f"write interconnect: {limits.interconnect or 'none'}",
            source=limits.one_zone_source,
        )
        return InterconnectPlan()
    if choice.facts is None or fabric is None or fabric not in limits.fabrics:
        problem = f"is a network that {choice.machine.instance_type} has not"
        fix = (
            "ask for whole machines (perNode: 8), or remove interconnect"
            if choice.accelerator
            else "name a machine that has it, or remove interconnect"
        )
        request.fault("interconnect", asked, problem, allowed=f"machines with {asked}", fix=fix, source=limits.one_zone_source)
        return InterconnectPlan()
    facts = choice.facts
    return InterconnectPlan(kind=limits.fabrics[fabric], interfaces=facts.fabric_interfaces, first_card=facts.fabric_first_card)


def plan_placement(request: PoolRequest, rules: NodePoolRules, choice: Choice, zones: tuple[str, ...]) -> bool:
    """Whether nodes are packed together; faults it where the machine cannot be, or where the capacity is placed already."""
    asked, source = request.pool.placement, rules.LIMITS.placement_source
    if asked == "spread" and len(zones) == 1 and request.pool.zones is not None:
        problem = "spreads nodes over one zone"
        request.fault("placement", asked, problem, allowed="spread over two or more zones", fix="name more zones, or remove placement")
    if asked != "compact":
        return False
    if choice.tpu is not None:
        problem = "is what the topology of a TPU slice does already"
        request.fault("placement", asked, problem, allowed="no placement beside a TPU", fix="remove placement", source=_TPU)
        return False
    if choice.facts is not None and not choice.facts.compact_placement:
        problem = f"is what {choice.machine.instance_type} cannot do"
        kinds = "machines that are not burstable" if choice.facts.burstable else "machines that can be packed together"
        request.fault("placement", asked, problem, allowed=kinds, fix="choose another machine, or remove placement", source=source)
        return False
    return True
