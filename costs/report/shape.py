"""The JSON documents of an estimate and of a change: what schema.json is written from. Money is a decimal in a string."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

VERSION = 1
"""Raised when a field is removed or changes its meaning; a new field does not raise it."""

Amount = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="A decimal number, exact.")]
Sure = Literal["low", "medium", "high"]


class _Shape(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class BandShape(_Shape):
    """low ≤ expected ≤ high; the levels of a change may stand in any order."""

    low: Amount
    expected: Amount
    high: Amount


class PriceShape(_Shape):
    """What `per` units cost. Up to `upTo` units a month where the price has steps; usd 0 without a source is a free step."""

    usd: Amount
    low: Amount
    high: Amount
    unit: str
    per: Amount
    region: str
    as_of: str = Field(description="The day of the price, empty where it is not known.")
    source: str
    confidence: Sure
    note: str
    up_to: Amount | None = None


class FactorShape(_Shape):
    """One factor of a quantity."""

    words: str
    amount: BandShape
    confidence: Sure


class LineShape(_Shape):
    """One cost driver of one resource."""

    urn: str
    resource: str
    component: str = Field(description="The name of the outermost component around the resource, or its own.")
    type: str
    driver: str
    formula: str
    quantity: BandShape
    factors: list[FactorShape]
    price: list[PriceShape]
    usd: BandShape
    confidence: Sure
    usage_based: bool


class UnpricedShape(_Shape):
    """A cost that is there but not known: it is not in the total."""

    urn: str
    resource: str
    type: str
    driver: str
    reason: str


class UnsupportedShape(_Shape):
    """A resource of a type that is not priced here."""

    urn: str
    resource: str
    type: str


class AssumptionShape(_Shape):
    """A quantity that nobody gave, and what was taken instead."""

    urn: str
    resource: str
    quantity: str
    taken: str
    reason: str


class CommitmentShape(_Shape):
    """What a promise to pay would make of a machine's price.

    committedUsdHour is paid for every hour of the term. breakEven: the share of all hours from which that is cheaper than on demand.
    baseMachines: how many always run. savingUsdMonth: on those.
    """

    urn: str
    resource: str
    provider: str
    machine: str
    region: str
    plan: str
    term_years: int
    payment: str
    on_demand_usd_hour: Amount
    committed_usd_hour: Amount
    break_even: Amount
    base_machines: Amount
    expected_machines: Amount
    utilisation: Amount
    saving_usd_month: Amount
    warning: str
    as_of: str
    source: str
    confidence: Sure


class EstimateShape(_Shape):
    """What a program costs a month, in USD at list price without tax."""

    schema_version: Literal[1] = VERSION
    kind: Literal["estimate"] = "estimate"
    name: str
    currency: Literal["USD"] = "USD"
    hours_per_month: Amount
    total: BandShape
    at_least: bool = Field(description="Whether something is missing in the total: see unpriced and unsupported.")
    confidence: Sure
    lines: list[LineShape]
    unpriced: list[UnpricedShape]
    unsupported: list[UnsupportedShape]
    free: int
    assumptions: list[AssumptionShape]
    notes: list[str]
    commitments: list[CommitmentShape]


class TotalShape(_Shape):
    """A total, and how far it can be trusted."""

    total: BandShape
    at_least: bool
    confidence: Sure


class ChangeShape(_Shape):
    """One resource whose cost changed. doubtful: a price is only not known any more, or has only become known."""

    urn: str
    resource: str
    component: str
    type: str
    kind: Literal["+", "~", "-"]
    before: BandShape | None
    after: BandShape | None
    change: BandShape
    driver: str
    confidence: Sure
    doubtful: bool


class DiffShape(_Shape):
    """What a change of a program does to its cost a month."""

    schema_version: Literal[1] = VERSION
    kind: Literal["diff"] = "diff"
    name: str
    currency: Literal["USD"] = "USD"
    hours_per_month: Amount
    before: TotalShape
    after: TotalShape
    change: BandShape
    no_longer_known: BandShape
    newly_known: BandShape
    changes: list[ChangeShape]
    newly_unpriced: list[UnpricedShape]
    no_longer_unpriced: list[UnpricedShape]
    newly_unsupported: list[UnsupportedShape]
    unpriced: list[UnpricedShape]
    unsupported: list[UnsupportedShape]
    assumptions: list[AssumptionShape]
    notes: list[str]
