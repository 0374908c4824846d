"""The parts of the JSON documents, each from what it stands for."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from catalogue.model import Confidence, Price
from costs.commitments import CommitmentOption
from costs.diff import EstimateDiff, ResourceChange
from costs.model import Assumption, Estimate, Factor, Line, Unpriced, product
from costs.money import Band
from costs.report import shape
from costs.report.naming import kind_of
from costs.resource import name_of
from costs.tiers import Step
from costs.words import formula


def plain(amount: Decimal) -> str:
    """A decimal without exponent and superfluous zeros: 12.5, 0.0000002."""
    text = f"{amount:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def sure(confidence: Confidence) -> Literal["low", "medium", "high"]:
    """The word for a confidence."""
    return "high" if confidence is Confidence.HIGH else "medium" if confidence is Confidence.MEDIUM else "low"


def component_of(urn: str, diff: EstimateDiff) -> str:
    """The URN of the outermost component around a resource, after the change or, of a removed one, before it."""
    return diff.after.components.get(urn) or diff.before.components.get(urn, urn)


def line(found: Line, estimate: Estimate) -> shape.LineShape:
    """A cost driver, with everything its amount comes from."""
    return shape.LineShape(
        urn=found.urn,
        resource=name_of(found.urn),
        component=name_of(estimate.components.get(found.urn, found.urn)),
        type=kind_of(found.urn),
        driver=found.driver,
        formula=formula(found),
        quantity=band(product(found.factors)),
        factors=[_factor(factor) for factor in found.factors],
        price=[_price(step) for step in (found.tariff if isinstance(found.tariff, tuple) else (Step(None, found.tariff),))],
        usd=band(found.usd),
        confidence=sure(found.confidence),
        usage_based=found.usage_based,
    )


def _factor(factor: Factor) -> shape.FactorShape:
    return shape.FactorShape(words=factor.words, amount=band(factor.amount), confidence=sure(factor.confidence))


def _price(step: Step) -> shape.PriceShape:
    up_to = None if step.up_to is None else plain(step.up_to)
    if step.price is None:
        free = {"usd": "0", "low": "0", "high": "0", "per": "1"}
        return shape.PriceShape(**free, unit="", region="", as_of="", source="", confidence="high", note="free of charge", up_to=up_to)
    return _listed(step.price, up_to)


def _listed(price: Price, up_to: str | None) -> shape.PriceShape:
    return shape.PriceShape(
        usd=plain(price.usd),
        low=plain(price.low),
        high=plain(price.high),
        unit=price.unit,
        per=plain(price.per),
        region=price.region,
        as_of=price.source.as_of,
        source=price.source.text,
        confidence=sure(price.source.confidence),
        note=price.note,
        up_to=up_to,
    )


def band(levels: Band) -> shape.BandShape:
    """The three levels."""
    return shape.BandShape(low=plain(levels.low), expected=plain(levels.expected), high=plain(levels.high))


def total(estimate: Estimate) -> shape.TotalShape:
    """An estimate's total."""
    return shape.TotalShape(total=band(estimate.total), at_least=estimate.at_least, confidence=sure(estimate.confidence))


def change(each: ResourceChange, diff: EstimateDiff) -> shape.ChangeShape:
    """A resource whose cost changed."""
    return shape.ChangeShape(
        urn=each.urn,
        resource=name_of(each.urn),
        component=name_of(component_of(each.urn, diff)),
        type=kind_of(each.urn),
        kind=each.kind.value,
        before=band(each.before) if each.before else None,
        after=band(each.after) if each.after else None,
        change=band(each.change),
        driver=each.driver,
        confidence=sure(each.confidence),
        doubtful=each.doubtful,
    )


def unpriced(listed: Iterable[Unpriced]) -> list[shape.UnpricedShape]:
    """Costs that are not known."""
    return [
        shape.UnpricedShape(urn=each.urn, resource=name_of(each.urn), type=kind_of(each.urn), driver=each.driver, reason=each.reason)
        for each in listed
    ]


def unsupported(urns: Iterable[str]) -> list[shape.UnsupportedShape]:
    """Resources of types that are not priced."""
    return [shape.UnsupportedShape(urn=urn, resource=name_of(urn), type=kind_of(urn)) for urn in urns]


def assumption(each: Assumption) -> shape.AssumptionShape:
    """What was taken for granted."""
    name = name_of(each.urn)
    return shape.AssumptionShape(urn=each.urn, resource=name, quantity=each.quantity, taken=each.taken, reason=each.reason)


def commitment(each: CommitmentOption) -> shape.CommitmentShape:
    """A promise to pay."""
    return shape.CommitmentShape(
        urn=each.urn,
        resource=name_of(each.urn),
        provider=each.provider,
        machine=each.machine,
        region=each.region,
        plan=each.plan,
        term_years=each.term_years,
        payment=each.payment,
        on_demand_usd_hour=plain(each.on_demand_usd_hour),
        committed_usd_hour=plain(each.committed_usd_hour),
        break_even=plain(each.break_even),
        base_machines=plain(each.base_machines),
        expected_machines=plain(each.expected_machines),
        utilisation=plain(each.utilisation),
        saving_usd_month=plain(each.saving),
        warning=each.warning,
        as_of=each.source.as_of,
        source=each.source.text,
        confidence=sure(each.source.confidence),
    )
