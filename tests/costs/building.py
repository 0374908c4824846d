"""Programs and price lists written out in a test: what is multiplied stands next to the result."""

import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from catalogue.catalogue import Catalogue
from catalogue.index import family, fill
from costs.estimate import estimate
from costs.model import Estimate, Line
from costs.money import Band
from costs.pricing import Found, Pricing
from costs.resource import Program, Resource
from costs.usage import NO_USAGE, Usage

STACK = "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test"
Service = tuple[str, str, str, str, str, str]
"""provider, service, sku, region, unit, USD"""
Machine = tuple[str, str, str, str, str | None]
"""provider, region, instance type, USD an hour on demand, as spot"""


def prices(
    *services: Service, machines: Sequence[Machine] = (), commitments: Sequence[tuple[str, ...]] = (), shapes: Sequence[Any] = ()
) -> Catalogue:
    """A catalogue of just these list prices, dated 2026-01-01 and sure. shapes: rows of the machine table where a test needs them."""
    connection = sqlite3.connect(":memory:")
    types = sorted({(provider, name) for provider, _, name, _, _ in machines} - {(shape[0], shape[1]) for shape in shapes})
    plain = [(provider, name, family(provider, name), None, None, "", "0", None, "list") for provider, name in types]
    fill(
        connection,
        {
            "source": [("list", "2026-01-01", "high", "price list of the test")],
            "machine": [*plain, *shapes],
            "machine_price": [(provider, region, name, usd, spot, "list") for provider, region, name, usd, spot in machines],
            "service_price": [(*service, "list") for service in services],
            "commitment": [(*commitment, "list") for commitment in commitments],
        },
    )
    return Catalogue(connection)


def resource(
    kind: str,
    name: str = "it",
    properties: Mapping[str, Any] | None = None,
    *,
    parent: str = STACK,
    refers: Mapping[str, str] | None = None,
    custom: bool = True,
) -> Resource:
    """A resource of this type; refers: property → URN that its value comes from."""
    return Resource(
        urn=f"urn:pulumi:test::shop::{kind}::{name}",
        type=kind,
        properties=dict(properties or {}),
        parent=parent,
        references={key: (urn,) for key, urn in (refers or {}).items()},
        custom=custom,
    )


def component(name: str = "around", **usage: float | tuple[float, float, float]) -> Resource:
    """A component that tells this usage; children name its URN as parent."""
    levels = {key: given if isinstance(given, tuple) else (given, given, given) for key, given in usage.items()}
    bands = {key: dict(zip(("low", "expected", "high"), band, strict=True)) for key, band in levels.items()}
    return resource("shop:index:Component", name, {"usage": bands}, custom=False)


def estimated(catalogue: Catalogue, *resources: Resource, config: Mapping[str, str] | None = None, usage: Usage = NO_USAGE) -> Estimate:
    """The estimate of a program of these resources."""
    return estimate(Program(resources, config), catalogue, usage)


def told(**usage: float | tuple[float, float, float]) -> Usage:
    """A usage file that says this of every resource."""
    levels = {key: given if isinstance(given, tuple) else (given, given, given) for key, given in usage.items()}
    return Usage({"*:*": {key: Band.of(*band) for key, band in levels.items()}})


def line(found: Estimate, driver: str) -> Line:
    """The one line whose driver begins so."""
    (only,) = [each for each in found.lines if each.driver.startswith(driver)]
    return only


def usd(found: Estimate, driver: str) -> tuple[Decimal, Decimal, Decimal]:
    """Low, expected and high of the one line whose driver begins so, to a hundredth of a cent."""
    band = line(found, driver).usd
    low, expected, high = (level.quantize(Decimal("0.0001")) for level in (band.low, band.expected, band.high))
    return low, expected, high


def pricing(
    catalogue: Catalogue, it: Resource, *others: Resource, usage: Usage = NO_USAGE, place: tuple[str, str | None] = ("aws", "here")
) -> Pricing:
    """What the pricer of `it` works with; its lines are in `.found`."""
    return Pricing(it, Program([it, *others]), catalogue, usage, Found(), *place)
