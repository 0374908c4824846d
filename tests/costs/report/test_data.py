"""The JSON documents: their shape is the schema's, their money exact."""

import json
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from catalogue.model import Confidence, Source
from costs.diff import diff
from costs.model import Assumption, Estimate, Unpriced
from costs.report.data import SCHEMA, as_dict, diff_as_dict, schema
from costs.report.pieces import plain
from costs.report.shape import DiffShape, EstimateShape
from costs.tiers import Step
from tests.costs.reporting import estimate, factor, line, monthly, nodes, option, price, urn


def rich_estimate() -> Estimate:
    stale = Source(text="a forum", as_of="", confidence=Confidence.LOW)
    tiers = (Step(Decimal(10), None), Step(None, price("0.0000002", "requests", low="0.0000001", high="0.0000003", source=stale)))
    gpu = nodes("gpu", "g5.xlarge", "1.006", (1, 2, 4))
    return estimate(
        gpu,
        line("queue", "requests", tiers, factor("requests", (5, 1000, 5000), Confidence.LOW), kind="shop:index:Pool$shop:index:Queue"),
        unpriced=[Unpriced(urn("gpu"), "logs", "no price")],
        unsupported=[urn("odd")],
        assumptions=[Assumption(urn("queue"), "requests", "5 … 1,000", "nobody said")],
        components={gpu.urn: urn("pool")},
        notes=["12 unchanged resources are not in this preview"],
        free=3,
    )


def test_the_schema_in_git_is_current() -> None:
    assert SCHEMA.read_text() == schema(), "write it again: from costs.report.data import SCHEMA, schema; SCHEMA.write_text(schema())"


def test_an_estimate_fits_the_schema_after_a_round_through_json() -> None:
    EstimateShape.model_validate_json(json.dumps(as_dict(rich_estimate(), "prod", [option()])))


def test_a_change_fits_the_schema_after_a_round_through_json() -> None:
    found = diff(estimate(monthly("gone", 4)), rich_estimate())
    DiffShape.model_validate_json(json.dumps(diff_as_dict(found, "prod")))
    DiffShape.model_validate_json(json.dumps(diff_as_dict(diff(rich_estimate(), estimate()), "prod")))


def test_an_unknown_field_does_not_fit() -> None:
    with pytest.raises(ValidationError):
        EstimateShape.model_validate({**as_dict(estimate(), "x"), "surprise": 1})


def test_a_line_tells_everything_of_its_amount() -> None:
    gpu, queue = as_dict(rich_estimate(), "prod")["lines"]
    # 1, 2 and 4 nodes × 730 h × 1.006 USD/h
    assert gpu["usd"] == {"low": "734.38", "expected": "1468.76", "high": "2937.52"}
    assert gpu["quantity"] == {"low": "730", "expected": "1460", "high": "2920"}
    assert (gpu["resource"], gpu["component"], gpu["type"], gpu["confidence"]) == ("gpu", "pool", "shop:index:Thing", "high")
    assert gpu["formula"].startswith("1 … 2 … 4 nodes × 730 hours a month × 1.006 USD/hour = ")
    assert gpu["price"] == [
        {
            "usd": "1.006", "low": "1.006", "high": "1.006", "unit": "hour", "per": "1", "region": "here", "asOf": "2026-01-01",
            "source": "price list of the test", "confidence": "high", "note": "", "upTo": None,
        }
    ]  # fmt: skip
    assert queue["type"] == "shop:index:Queue"


def test_the_steps_of_a_price_stand_in_order_the_free_one_too_and_no_number_has_an_exponent() -> None:
    _, queue = as_dict(rich_estimate(), "prod")["lines"]
    free, paid = queue["price"]
    assert (free["usd"], free["upTo"], free["note"]) == ("0", "10", "free of charge")
    assert (paid["usd"], paid["upTo"], paid["asOf"], paid["confidence"]) == ("0.0000002", None, "", "low")


def test_the_lines_sum_to_the_total_exactly() -> None:
    shown = as_dict(rich_estimate(), "prod")
    for level in ("low", "expected", "high"):
        assert sum(Decimal(each["usd"][level]) for each in shown["lines"]) == Decimal(shown["total"][level])


def test_what_is_missing_makes_the_total_at_least_and_is_named() -> None:
    shown = as_dict(rich_estimate(), "prod")
    assert shown["atLeast"] is True
    assert [each["reason"] for each in shown["unpriced"]] == ["no price"]
    assert [each["resource"] for each in shown["unsupported"]] == ["odd"]
    assert as_dict(estimate(monthly("a", 1)), "x")["atLeast"] is False


def test_a_change_tells_before_after_and_cause() -> None:
    shown = diff_as_dict(diff(estimate(monthly("db", 10), monthly("gone", 5)), estimate(monthly("db", 30.5))), "prod")
    db, gone = shown["changes"]
    assert (db["kind"], db["before"]["expected"], db["after"]["expected"], db["change"]["expected"]) == ("~", "10", "30.5", "20.5")
    assert (gone["kind"], gone["after"], gone["change"]["high"], gone["driver"]) == ("-", None, "-5", "removed")
    assert (shown["before"]["total"]["low"], shown["after"]["total"]["low"]) == ("15", "30.5")


def test_a_component_is_known_of_a_removed_resource_too() -> None:
    gone = monthly("gone", 5)
    shown = diff_as_dict(diff(estimate(gone, components={gone.urn: urn("pool")}), estimate()), "prod")
    assert shown["changes"][0]["component"] == "pool"


def test_equal_inputs_give_equal_bytes() -> None:
    assert json.dumps(as_dict(rich_estimate(), "a")) == json.dumps(as_dict(rich_estimate(), "a"))


@pytest.mark.parametrize(
    ("amount", "text"), [("1E+3", "1000"), ("0.0000002", "0.0000002"), ("12.500", "12.5"), ("0E-20", "0"), ("-0.00", "0"), ("100", "100")]
)
def test_a_decimal_is_written_plainly(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


def test_every_definition_of_the_schema_refuses_what_it_does_not_know() -> None:
    definitions: dict[str, Any] = json.loads(SCHEMA.read_text())["$defs"]
    assert all(each["additionalProperties"] is False for each in definitions.values())
