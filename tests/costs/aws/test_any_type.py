"""Rules that every AWS pricer holds, whatever it is given."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from catalogue.catalogue import Catalogue
from costs import aws
from costs.resource import SECRET, UNKNOWN
from tests.costs.aws.listing import REGION, s3
from tests.costs.building import estimated, resource

# What a property may hold that nobody expects there.
_VALUES: dict[str, Any] = {
    "unknown": UNKNOWN,
    "secret": SECRET,
    "text": "nonsense",
    "negative": -1,
    "infinite": float("inf"),
    "number": 3,
    "true": True,
    "empty list": [],
    "list of nothing": [None],
    "list of unknowns": [UNKNOWN, {"name": UNKNOWN}],
    "mapping": {"name": "nonsense"},
}


class Everything(Mapping[str, Any]):
    """Properties that all have the same value."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __getitem__(self, key: str) -> Any:
        if key == "region":
            raise KeyError(key)
        return self._value

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def made(kind: str, properties: Mapping[str, Any]) -> Any:
    plain = resource(kind)
    object.__setattr__(plain, "properties", properties)
    return plain


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.open()


@pytest.mark.parametrize("value", _VALUES.values(), ids=_VALUES.keys())
def test_no_property_stops_an_estimate_or_turns_a_band_upside_down(value: Any, catalogue: Catalogue):
    for kind in aws.PRICERS:
        found = estimated(catalogue, made(kind, Everything(value)), config=REGION)
        assert not found.unsupported, kind
        for line in found.lines:
            assert Decimal(0) <= line.usd.low <= line.usd.expected <= line.usd.high, (kind, line.driver)


def test_a_resource_without_properties_is_priced_unpriced_or_free(catalogue: Catalogue):
    for kind in aws.PRICERS:
        found = estimated(catalogue, made(kind, {}), config=REGION)
        assert found.lines or found.unpriced or found.free == 1, kind


def test_without_a_region_nothing_has_a_price(catalogue: Catalogue):
    regionless = ("aws:route53", "aws:cloudfront", "aws:budgets", "aws:globalaccel", "aws:shield", "aws:servicediscovery")
    for kind in (kind for kind in aws.PRICERS if not kind.startswith(regionless)):
        found = estimated(catalogue, made(kind, {}))
        assert not found.lines, kind


def test_without_a_price_list_nothing_costs_nothing():
    for kind in aws.PRICERS:
        if "aws:s3/" not in kind and "replication" not in kind.lower():
            found = estimated(s3("af-south-1"), made(kind, {}), config=REGION)
            assert all("internet" in line.driver for line in found.lines), kind
