"""Estimates written out line by line, without a program: what a report shows stands in the test."""

from collections.abc import Sequence
from decimal import Decimal

from catalogue.model import Confidence, Machine, Offer, Price, Source
from costs.commitments import CommitmentOption
from costs.model import Assumption, Estimate, Factor, Line, MachineUse, Unpriced, line_confidence
from costs.money import ONE, Band
from costs.tiers import Tariff, cost

LIST = Source(text="price list of the test", as_of="2026-01-01", confidence=Confidence.HIGH)
Levels = tuple[float, float, float]


def urn(name: str, kind: str = "shop:index:Thing", stack: str = "test") -> str:
    return f"urn:pulumi:{stack}::shop::{kind}::{name}"


def price(
    usd: str, unit: str = "hour", *, low: str | None = None, high: str | None = None, region: str = "here", source: Source = LIST
) -> Price:
    return Price(
        usd=Decimal(usd), low=Decimal(low or usd), high=Decimal(high or usd), unit=unit, per=Decimal(1), region=region, source=source
    )


def factor(words: str, amount: float | Levels, confidence: Confidence = Confidence.HIGH) -> Factor:
    levels = amount if isinstance(amount, tuple) else (amount, amount, amount)
    return Factor(words, Band.of(*levels), confidence)


def line(name: str, driver: str, tariff: Tariff, *factors: Factor, kind: str = "shop:index:Thing", stack: str = "test") -> Line:
    """A line whose USD are the product of its factors at the tariff."""
    quantity = ONE
    for each in factors:
        quantity = quantity * each.amount
    confidence = line_confidence(factors, tariff)
    return Line(urn(name, kind, stack), driver, factors, tariff, cost(quantity, tariff), confidence, usage_based=False)


def nodes(
    name: str, instance_type: str, usd: str, count: float | Levels = 1, *, spot: bool = False, region: str = "here", stack: str = "test"
) -> Line:
    """A line of machines that run 730 hours a month."""
    machine = Machine(
        provider="aws", instance_type=instance_type, family=instance_type.partition(".")[0], vcpus=4, memory_gib=16, accelerator="",
        accelerator_count=0, accelerator_memory_gib=None, source="list",
    )  # fmt: skip
    hourly = price(usd, region=region)
    counted = factor("nodes", count)
    plain = line(name, "nodes", hourly, counted, factor("hours a month", 730), stack=stack)
    use = MachineUse(Offer(machine=machine, region=region, on_demand=hourly, spot=None), counted.amount, Band.exactly(730), spot)
    return Line(plain.urn, plain.driver, plain.factors, plain.tariff, plain.usd, plain.confidence, False, use)


def monthly(name: str, usd: float | Levels, driver: str = "fee", *, confidence: Confidence = Confidence.HIGH, stack: str = "test") -> Line:
    """A line that costs just this a month."""
    return line(name, driver, price("1", "month"), factor("months", usd, confidence), stack=stack)


def estimate(
    *lines: Line,
    unpriced: Sequence[Unpriced] = (),
    unsupported: Sequence[str] = (),
    assumptions: Sequence[Assumption] = (),
    components: dict[str, str] | None = None,
    notes: Sequence[str] = (),
    free: int = 0,
) -> Estimate:
    own = {each.urn: each.urn for each in (*lines, *unpriced)}
    return Estimate(
        lines=lines,
        unpriced=tuple(unpriced),
        unsupported=tuple(unsupported),
        assumptions=tuple(assumptions),
        free=free,
        components={**own, **(components or {})},
        notes=tuple(notes),
    )


def option(machine: str = "g5.xlarge", on_demand: str = "1.006", committed: str = "0.634", warning: str = "") -> CommitmentOption:
    """A one-year commitment of one machine that always runs."""
    usual, promised = Decimal(on_demand), Decimal(committed)
    return CommitmentOption(
        urn=urn("gpu"), provider="aws", machine=machine, region="here", plan="standard reserved", term_years=1, payment="no upfront",
        on_demand_usd_hour=usual, committed_usd_hour=promised, break_even=promised / usual, base_machines=Decimal(1),
        expected_machines=Decimal(2), utilisation=Decimal("0.8"), saving=730 * (usual - promised), warning=warning, source=LIST,
    )  # fmt: skip
