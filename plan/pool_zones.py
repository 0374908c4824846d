"""In which zones a pool's nodes stand."""

from catalogue.zones import accelerator_zones, zones
from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules

_SUBNETS = "Amazon EKS User Guide, Managed node groups: nodes stand in the zones of their subnets"
_TPU = "Google Cloud, TPUs in GKE: the nodes of a slice stand in one zone: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus"
_PLACES = "catalogue/data/zones.csv"


def plan_zones(request: PoolRequest, rules: NodePoolRules, choice: Choice) -> tuple[str, ...]:
    """The pool's zones in order, empty where the region has none; faults zones that cannot hold it."""
    known = zones(request.cloud, request.region_name)
    reason, source = _one_zone(request, rules, choice)
    if request.pool.zones is not None:
        _check(request, choice, known)
        _check_one(request, reason, source)
        return request.pool.zones
    possible = _possible(request, choice, known)
    if reason is None or not possible:
        if len(possible) > 1:
            request.decide("zones", ", ".join(possible), "a zone may fail, or be out of such machines")
        return possible
    request.decide("zones", possible[0], f"{reason}; the first zone that can hold it", source)
    return possible[:1]


def _possible(request: PoolRequest, choice: Choice, known: tuple[str, ...]) -> tuple[str, ...]:
    own = request.network_zones or known[:3]
    holding = _holding(request, choice)
    if holding is None:
        return own
    return tuple(zone for zone in own if zone in holding) or holding


def _holding(request: PoolRequest, choice: Choice) -> tuple[str, ...] | None:
    if choice.accelerator is None:
        return None
    return accelerator_zones(request.cloud, request.region_name, choice.accelerator.word)


def _one_zone(request: PoolRequest, rules: NodePoolRules, choice: Choice) -> tuple[str | None, str]:
    """Why the pool stands in one zone, None where it may stand in several, and whose rule that is."""
    limits = rules.LIMITS
    if choice.one_slice or (choice.tpu is not None):
        return "a TPU pool stands in one zone", _TPU
    if request.pool.placement == "compact":
        return "compact placement ends at a zone's border", limits.placement_source
    if request.pool.interconnect not in (None, "none"):
        return f"{request.pool.interconnect} connects nodes of one zone", limits.one_zone_source
    if set(request.ladder) <= {"block"} and request.pool.block is not None and request.pool.block.zone is not None:
        return "the capacity block stands in one zone", limits.one_zone_source
    return None, ""


def _check(request: PoolRequest, choice: Choice, known: tuple[str, ...]) -> None:
    asked = request.pool.zones or ()
    unknown = [zone for zone in asked if zone not in known]
    if unknown and known:
        problem = f"names {unknown[0]}, which {request.region_name} has not"
        request.fault("zones", list(asked), problem, allowed=", ".join(known), fix=f"write zones: [{known[0]}]", source=_PLACES)
        return
    if not known:
        problem = f"are zones, and {request.region_name} has none on record"
        request.fault("zones", list(asked), problem, allowed="no zones there", fix="remove zones", source="catalogue/data/regions.csv")
        return
    if len(set(asked)) < len(asked):
        request.fault("zones", list(asked), "names a zone twice", allowed="each zone once", fix="name each zone once")
    _check_holding(request, choice, asked)
    outside = [zone for zone in asked if zone not in request.network_zones]
    if request.cloud == "aws" and request.network_zones and outside:
        problem = f"names {outside[0]}, in which the network has no subnet"
        allowed = ", ".join(request.network_zones)
        request.fault(
            "zones", list(asked), problem, allowed=allowed, fix="name a zone of the network, or raise network.zones", source=_SUBNETS
        )


def _check_holding(request: PoolRequest, choice: Choice, asked: tuple[str, ...]) -> None:
    holding = _holding(request, choice)
    if holding is None or choice.accelerator is None:
        return
    lacking = [zone for zone in asked if zone not in holding]
    if lacking:
        problem = f"names {lacking[0]}, which has no {choice.accelerator.word}"
        fix = f"write zones: [{holding[0]}]" if holding else "remove zones"
        request.fault("zones", list(asked), problem, allowed=", ".join(holding), fix=fix, source="catalogue/data/accelerator_zones.csv")


def _check_one(request: PoolRequest, reason: str | None, source: str) -> None:
    asked = request.pool.zones or ()
    if reason is not None and len(asked) > 1:
        fix = f"write zones: [{asked[0]}]"
        request.fault("zones", list(asked), f"are {len(asked)} zones: {reason}", allowed="one zone", fix=fix, source=source)
