"""An estimate, or a change of one, as JSON of a stable shape (costs/report/schema.json)."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from catalogue.model import Confidence, Price
from costs.commitments import CommitmentOption
from costs.diff import EstimateDiff, ResourceChange
from costs.model import Assumption, Estimate, Factor, Line, Unpriced
from costs.money import HOURS_PER_MONTH, ONE, Band
from costs.report import shape
from costs.report.naming import kind_of
from costs.resource import name_of
from costs.tiers import Step
from costs.words import formula

SCHEMA = Path(__file__).with_name("schema.json")


def as_dict(estimate: Estimate, name: str, commitments: Sequence[CommitmentOption] = ()) -> dict[str, Any]:
    """The estimate as JSON takes it; `name` is the stack's or the file's."""
    document = shape.EstimateShape(
        name=name,
        hours_per_month=plain(HOURS_PER_MONTH),
        total=_band(estimate.total),
        at_least=estimate.at_least,
        confidence=sure(estimate.confidence),
        lines=[_line(line, estimate) for line in estimate.lines],
        unpriced=_unpriced(estimate.unpriced),
        unsupported=_unsupported(estimate.unsupported),
        free=estimate.free,
        assumptions=[_assumption(each) for each in estimate.assumptions],
        notes=list(estimate.notes),
        commitments=[_commitment(each) for each in commitments],
    )
    return document.model_dump(mode="json", by_alias=True)


def diff_as_dict(diff: EstimateDiff, name: str) -> dict[str, Any]:
    """The change as JSON takes it."""
    document = shape.DiffShape(
        name=name,
        hours_per_month=plain(HOURS_PER_MONTH),
        before=_total(diff.before),
        after=_total(diff.after),
        change=_band(diff.change),
        no_longer_known=_band(diff.no_longer_known),
        newly_known=_band(diff.newly_known),
        changes=[_change(each, diff) for each in diff.changes],
        newly_unpriced=_unpriced(diff.newly_unpriced),
        no_longer_unpriced=_unpriced(diff.no_longer_unpriced),
        newly_unsupported=_unsupported(diff.newly_unsupported),
        unpriced=_unpriced(diff.after.unpriced),
        unsupported=_unsupported(diff.after.unsupported),
        assumptions=[_assumption(each) for each in diff.after.assumptions],
        notes=list(diff.after.notes),
    )
    return document.model_dump(mode="json", by_alias=True)


def schema() -> str:
    """The JSON schema of both documents, as it stands in schema.json."""
    either: TypeAdapter[Any] = TypeAdapter(shape.EstimateShape | shape.DiffShape)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Drydock: a cost estimate, or a change of one"}
    return json.dumps({**head, **either.json_schema(mode="serialization")}, indent=2, ensure_ascii=False) + "\n"


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


def _line(line: Line, estimate: Estimate) -> shape.LineShape:
    quantity = ONE
    for factor in line.factors:
        quantity = quantity * factor.amount
    return shape.LineShape(
        urn=line.urn,
        resource=name_of(line.urn),
        component=name_of(estimate.components.get(line.urn, line.urn)),
        type=kind_of(line.urn),
        driver=line.driver,
        formula=formula(line),
        quantity=_band(quantity),
        factors=[_factor(factor) for factor in line.factors],
        price=[_price(step) for step in (line.tariff if isinstance(line.tariff, tuple) else (Step(None, line.tariff),))],
        usd=_band(line.usd),
        confidence=sure(line.confidence),
        usage_based=line.usage_based,
    )


def _factor(factor: Factor) -> shape.FactorShape:
    return shape.FactorShape(words=factor.words, amount=_band(factor.amount), confidence=sure(factor.confidence))


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


def _band(band: Band) -> shape.BandShape:
    return shape.BandShape(low=plain(band.low), expected=plain(band.expected), high=plain(band.high))


def _total(estimate: Estimate) -> shape.TotalShape:
    return shape.TotalShape(total=_band(estimate.total), at_least=estimate.at_least, confidence=sure(estimate.confidence))


def _change(change: ResourceChange, diff: EstimateDiff) -> shape.ChangeShape:
    return shape.ChangeShape(
        urn=change.urn,
        resource=name_of(change.urn),
        component=name_of(component_of(change.urn, diff)),
        type=kind_of(change.urn),
        kind=change.kind.value,
        before=_band(change.before) if change.before else None,
        after=_band(change.after) if change.after else None,
        change=_band(change.change),
        driver=change.driver,
        confidence=sure(change.confidence),
        doubtful=change.doubtful,
    )


def _unpriced(listed: Iterable[Unpriced]) -> list[shape.UnpricedShape]:
    return [
        shape.UnpricedShape(urn=each.urn, resource=name_of(each.urn), type=kind_of(each.urn), driver=each.driver, reason=each.reason)
        for each in listed
    ]


def _unsupported(urns: Iterable[str]) -> list[shape.UnsupportedShape]:
    return [shape.UnsupportedShape(urn=urn, resource=name_of(urn), type=kind_of(urn)) for urn in urns]


def _assumption(each: Assumption) -> shape.AssumptionShape:
    name = name_of(each.urn)
    return shape.AssumptionShape(urn=each.urn, resource=name, quantity=each.quantity, taken=each.taken, reason=each.reason)


def _commitment(each: CommitmentOption) -> shape.CommitmentShape:
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
