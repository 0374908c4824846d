"""An estimate, or a change of one, as JSON of a stable shape (costs/report/schema.json)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from costs.commitments import CommitmentOption
from costs.diff import EstimateDiff
from costs.model import Estimate
from costs.money import HOURS_PER_MONTH
from costs.report import pieces, shape

SCHEMA = Path(__file__).with_name("schema.json")


def as_dict(estimate: Estimate, name: str, commitments: Sequence[CommitmentOption] = ()) -> dict[str, Any]:
    """The estimate as JSON takes it; `name` is the stack's or the file's."""
    document = shape.EstimateShape(
        name=name,
        hours_per_month=pieces.plain(HOURS_PER_MONTH),
        total=pieces.band(estimate.total),
        at_least=estimate.at_least,
        confidence=pieces.sure(estimate.confidence),
        lines=[pieces.line(line, estimate) for line in estimate.lines],
        unpriced=pieces.unpriced(estimate.unpriced),
        unsupported=pieces.unsupported(estimate.unsupported),
        free=estimate.free,
        assumptions=[pieces.assumption(each) for each in estimate.assumptions],
        notes=list(estimate.notes),
        commitments=[pieces.commitment(each) for each in commitments],
    )
    return document.model_dump(mode="json", by_alias=True)


def diff_as_dict(diff: EstimateDiff, name: str) -> dict[str, Any]:
    """The change as JSON takes it."""
    document = shape.DiffShape(
        name=name,
        hours_per_month=pieces.plain(HOURS_PER_MONTH),
        before=pieces.total(diff.before),
        after=pieces.total(diff.after),
        change=pieces.band(diff.change),
        no_longer_known=pieces.band(diff.no_longer_known),
        newly_known=pieces.band(diff.newly_known),
        changes=[pieces.change(each, diff) for each in diff.changes],
        newly_unpriced=pieces.unpriced(diff.newly_unpriced),
        no_longer_unpriced=pieces.unpriced(diff.no_longer_unpriced),
        newly_unsupported=pieces.unsupported(diff.newly_unsupported),
        unpriced=pieces.unpriced(diff.after.unpriced),
        unsupported=pieces.unsupported(diff.after.unsupported),
        assumptions=[pieces.assumption(each) for each in diff.after.assumptions],
        notes=list(diff.after.notes),
    )
    return document.model_dump(mode="json", by_alias=True)


def schema() -> str:
    """The JSON schema of both documents, as it stands in schema.json."""
    either: TypeAdapter[Any] = TypeAdapter(shape.EstimateShape | shape.DiffShape)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Drydock: a cost estimate, or a change of one"}
    return json.dumps({**head, **either.json_schema(mode="serialization")}, indent=2, ensure_ascii=False) + "\n"
