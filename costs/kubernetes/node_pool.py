"""Nodes by demand: Karpenter's node pools and GKE's compute classes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence, Offer, Price, Source
from costs.capacity import say_idle, spot_price
from costs.kubernetes.allowed import allowed, amount, capacity_types
from costs.kubernetes.cluster import GKE, cluster_of
from costs.kubernetes.demand import Need, needs
from costs.kubernetes.node_disk import disks, reserved_places
from costs.kubernetes.quantity import gib, quantity
from costs.kubernetes.tokens import mapping, tokens
from costs.ladder import shared
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing
from costs.resource import Missing
from costs.rung import Rung, Rungs

_DRIVER: Final = "nodes by demand"
_REQUIREMENTS: Final = "spec.template.spec.requirements"
_UNITS: Final = {"cpu": "vCPU", "memory": "GiB"}


def _karpenter(pricing: Pricing) -> None:
    """Between no node and what `spec.limits` allows, at the price per unit of the cheapest and the dearest machine that it may choose.

    Expected: the nodes that usage tells, else those that the workloads need, else one. Source: Karpenter documentation, "NodePools".
    """
    limits = _limits(pricing)
    if limits is None:
        return
    offers = allowed(pricing, _DRIVER)
    if not offers:
        if pricing.region:
            pricing.unpriced(_DRIVER, f"no machine that its requirements allow is on record in {pricing.region}")
        return
    bound = _tightest(limits, offers)
    if bound is None:
        pricing.unpriced(_DRIVER, "no limits that all of its machines count against: the worst case has no bound")
        return
    unit, most = bound
    _lines(pricing, unit, most, offers)


def _lines(pricing: Pricing, unit: str, most: Decimal, offers: list[Offer]) -> None:
    has = [_has(offer, unit) for offer in offers]
    # Of a ladder's rung no more is expected, nor at worst, than its share of the pool.
    share = shared(pricing)
    expected, confidence = ([Need(share.amount.expected, _cheapest(offers))], share.confidence) if share else _expected(pricing, offers)
    highest = most / min(has)
    high = min(share.amount.high, highest) if share else highest
    worst = most if high == highest else min(most, high * max(has))
    price = _unit_price(pricing, unit, offers, expected)
    wanted = sum((need.nodes * _has(need.offer, unit) for need in expected), Decimal(0))
    words = f"{_UNITS.get(unit, unit)} of the {most.normalize():f} that its limits allow"
    used = Factor(words, Band(Decimal(0), min(wanted, worst), worst), confidence)
    paid = _above_reserved(pricing, unit, used, offers)
    pricing.line(f"{_DRIVER} (Karpenter)", price, paid, pricing.hours())
    if paid is used:
        say_idle(pricing, used)
    nodes = Band(Decimal(0), min(sum((need.nodes for need in expected), Decimal(0)), high), high)
    disks(pricing, Factor("nodes (at most: as many of the smallest as the limits allow)", nodes, confidence))
    cluster = cluster_of(pricing.resource, pricing.program)
    if cluster and cluster.get("computeConfig.enabled") is True:
        pricing.unpriced("EKS Auto Mode fee", "a share of each machine's price, which is not on record")


def _limits(pricing: Pricing) -> Mapping[str, Decimal] | None:
    """Its limits in the units of `amount`; None, and listed as unpriced, where there are none or one cannot be read."""
    told = pricing.resource.get("spec.limits")
    if isinstance(told, Missing) or not mapping(told):
        why = f"its limits are {told.value}" if isinstance(told, Missing) else "no limits: the worst case has no bound"
        pricing.unpriced(_DRIVER, why)
        return None
    read = {name: gib(value) if name == "memory" else quantity(value) for name, value in mapping(told).items()}
    known = {name: value for name, value in read.items() if value is not None}
    if len(known) < len(read):
        pricing.unpriced(_DRIVER, f"a limit is known only after `up` or no quantity: {', '.join(sorted(set(read) - set(known)))}")
        return None
    return known


def _tightest(limits: Mapping[str, Decimal], offers: list[Offer]) -> tuple[str, Decimal] | None:
    """The limit under which the dearest machines cost least; one that some machine does not count against bounds nothing."""
    binding = [(name, most) for name, most in limits.items() if all(amount(offer, name) for offer in offers)]
    return min(binding, key=lambda each: (each[1] * max(_usd(offer) / _has(offer, each[0]) for offer in offers), each[0]), default=None)


def _expected(pricing: Pricing, offers: list[Offer]) -> tuple[list[Need], Confidence]:
    told = pricing.usage("nodes")
    if told:
        return [Need(told.amount.expected, _cheapest(offers))], told.confidence
    found = needs(pricing, offers)
    if found:
        return found, Confidence.MEDIUM
    # As of every pool that may shrink to nothing: nobody pays for one that is never used.
    one = pricing.assume(
        "nodes", Band.exactly(1), "no workload of this program selects the pool: one node; at worst its limits are reached"
    )
    return [Need(Decimal(1), _cheapest(offers))], one.confidence


def _cheapest(offers: Iterable[Offer]) -> Offer:
    return min(offers, key=_usd)


def _above_reserved(pricing: Pricing, unit: str, used: Factor, offers: Iterable[Offer]) -> Factor:
    """What is paid by itself of a pool that takes reserved machines only: those of the program's own reservations are paid with them."""
    places = reserved_places(pricing)
    if not places or capacity_types(pricing.resource.get(_REQUIREMENTS)) != {"reserved"}:
        return used
    free = places * min(_has(offer, unit) for offer in offers)
    amount = used.amount
    left = Band(*(max(level - free, Decimal(0)) for level in (amount.low, amount.expected, amount.high)))
    return Factor(f"{used.words} above the {free.normalize():f} that are reserved", left, used.confidence)


def _rungs(pricing: Pricing) -> list[Rung]:
    limits = _limits(pricing)
    offers = allowed(pricing, _DRIVER) if limits else []
    bound = _tightest(limits, offers) if limits and offers else None
    if bound is None:
        return []
    unit, most = bound
    nodes = most / min(_has(offer, unit) for offer in offers)
    usd = max(_usd(offer) for offer in offers)
    labels = pricing.resource.fields("spec.template.metadata.labels")
    weight = pricing.number("spec.weight", 0) or Decimal(0)
    return [Rung(resource=pricing.resource, least=Decimal(0), most=nodes, usd=usd, labels=labels, weight=weight)]


def _unit_price(pricing: Pricing, unit: str, offers: list[Offer], expected: list[Need]) -> Price:
    """USD for an hour of one unit: the least and the most of the machines, expected that of the nodes that are needed."""
    spot = "spot" in capacity_types(pricing.resource.get(_REQUIREMENTS))
    priced: Callable[[Offer], Price] = (lambda offer: spot_price(pricing, offer)) if spot else _on_demand
    each = [(priced(offer), _has(offer, unit)) for offer in offers]
    low, high = min(price.low / has for price, has in each), max(price.high / has for price, has in each)
    units = sum((need.nodes * _has(need.offer, unit) for need in expected), Decimal(0))
    paid = sum((need.nodes * priced(need.offer).usd for need in expected), Decimal(0))
    usd = paid / units if units else min(price.usd / has for price, has in each)
    return replace(
        each[0][0], usd=usd, low=low, high=high, unit=f"{_UNITS.get(unit, unit)}-hour", note=_note(offers), source=_source(offers)
    )


def _note(offers: list[Offer]) -> str:
    return f"between the cheapest and the dearest of the {len(offers)} machines that it may choose" if len(offers) > 1 else ""


def _source(offers: Iterable[Offer]) -> Source:
    """That of the cheapest, as sure as the least sure."""
    sources = [_on_demand(offer).source for offer in offers]
    return replace(sources[0], confidence=min(source.confidence for source in sources))


def _on_demand(offer: Offer) -> Price:
    assert offer.on_demand is not None  # Catalogue.cheapest gives only machines with a price.
    return offer.on_demand


def _usd(offer: Offer) -> Decimal:
    return _on_demand(offer).usd


def _has(offer: Offer, unit: str) -> Decimal:
    return Decimal(str(amount(offer, unit)))


def _compute_class(pricing: Pricing) -> None:
    """It makes nodes only with automatic creation; on Autopilot its pods carry the cost. Source: GKE, "About custom compute classes"."""
    cluster = cluster_of(pricing.resource, pricing.program)
    autopilot = cluster is not None and cluster.type == GKE and cluster.get("enableAutopilot") is True
    creates = pricing.resource.get("spec.nodePoolAutoCreation.enabled")
    if not autopilot and creates:
        pricing.unpriced(_DRIVER, "a compute class has no limits: the worst case has no bound")


def _provisioner(pricing: Pricing) -> None:
    pricing.unpriced(_DRIVER, "a Provisioner is of a Karpenter version that is not priced here; declare a NodePool")


PRICERS: dict[str, Pricer] = {
    **dict.fromkeys(tokens("karpenter.sh", "NodePool"), _karpenter),
    **dict.fromkeys(tokens("karpenter.sh", "Provisioner"), _provisioner),
    **dict.fromkeys(tokens("cloud.google.com", "ComputeClass"), _compute_class),
}
RUNGS: dict[str, Rungs] = dict.fromkeys(tokens("karpenter.sh", "NodePool"), _rungs)
