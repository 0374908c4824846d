"""What holds for the estimate of any program, tried on the recorded previews of three that this project did not shape."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

import pytest

from catalogue.catalogue import Catalogue
from catalogue.index import open_index
from catalogue.model import Offer, Price
from costs.estimate import estimate
from costs.model import Estimate, Line
from costs.money import Band
from costs.read import read_file
from costs.registry import NOT_CLOUDS, pricers
from costs.resource import Program, name_of
from costs.tiers import fill, prices
from costs.usage import Usage
from tests.costs.programs.record import NAMES, recording

# What an address in costs is called here: a price list's key.
Key = tuple[str, ...]


@dataclass
class Asked:
    """The prices that pricers got, by the key they asked with."""

    services: dict[Key, Price] = field(default_factory=dict[Key, Price])
    machines: dict[Key, Offer] = field(default_factory=dict[Key, Offer])


class Watched(Catalogue):
    """The real catalogue, which remembers what it was asked for and does not know one of the prices."""

    def __init__(self, without: Key = ()) -> None:
        super().__init__(open_index())
        self.asked = Asked()
        self._without = without

    def _service(self, provider: str, service: str, sku: str, region: str) -> Price | None:
        key = (provider, service, sku, region)
        found = None if key == self._without else super()._service(*key)
        if found:
            self.asked.services[key] = found
        return found

    def _offer(self, provider: str, region: str, instance_type: str) -> Offer | None:
        key = (provider, region, instance_type)
        found = None if key == self._without else super()._offer(*key)
        if found:
            self.asked.machines[key] = found
        return found


@cache
def program(name: str) -> Program:
    return read_file(recording(name))


@cache
def estimated(name: str) -> tuple[Estimate, Asked]:
    """The estimate of a recorded program with the real catalogue, and the prices that it asked for."""
    watched = Watched()
    return estimate(program(name), watched), watched.asked


def quantity(line: Line) -> Decimal:
    product = Decimal(1)
    for factor in line.factors:
        product *= factor.amount.expected
    return product


def charged(line: Line) -> bool:
    """Whether the expected quantity reaches a price; the first steps of a tariff may cost nothing."""
    return not isinstance(line.tariff, tuple) or any(price for _, price in fill(quantity(line), line.tariff))


def of_resource(lines: Iterable[Line]) -> dict[str, list[tuple[str, Band]]]:
    """What is paid for each resource: driver and amount."""
    found: dict[str, list[tuple[str, Band]]] = {}
    for line in lines:
        found.setdefault(line.urn, []).append((line.driver, line.usd))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_is_priced_or_named_or_of_a_type_that_is_free(name: str) -> None:
    found, _ = estimated(name)
    named = {each.urn for each in (*found.lines, *found.unpriced)} | set(found.unsupported)
    for resource in program(name).resources.values():
        module = pricers(resource.package)
        free = resource.package in NOT_CLOUDS or (module is not None and resource.type in module.FREE)
        assert free or not resource.custom or resource.urn in named or resource.type in NOTHING_TO_PAY, resource.urn


# Priced types that cost nothing as these programs declare them.
NOTHING_TO_PAY: set[str] = set()


@pytest.mark.parametrize("name", NAMES)
def test_no_type_of_a_common_stack_is_unsupported(name: str) -> None:
    found, _ = estimated(name)
    assert found.unsupported == ()


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_used_costs_something(name: str) -> None:
    found, _ = estimated(name)
    free = [line for line in found.lines if quantity(line) > 0 and line.usd.expected == 0]
    assert [(line.urn, line.driver) for line in free if charged(line)] == []
    assert all(line.usd.high > 0 for line in found.lines if not isinstance(line.tariff, tuple))


@pytest.mark.parametrize("name", NAMES)
def test_low_is_no_more_than_expected_and_expected_no_more_than_high(name: str) -> None:
    found, _ = estimated(name)
    for line in found.lines:
        assert 0 <= line.usd.low <= line.usd.expected <= line.usd.high, (line.urn, line.driver)
        assert all(factor.amount.low <= factor.amount.expected <= factor.amount.high for factor in line.factors), (line.urn, line.driver)


@pytest.mark.parametrize("name", NAMES)
def test_the_total_is_the_sum_of_the_lines_by_resource_and_by_component(name: str) -> None:
    found, _ = estimated(name)
    for level in ("low", "expected", "high"):
        total = sum((getattr(line.usd, level) for line in found.lines), Decimal(0))
        assert getattr(found.total, level) == total
        assert sum((getattr(usd, level) for usd in found.of_resource().values()), Decimal(0)) == total
        assert sum((getattr(usd, level) for usd in found.of_component().values()), Decimal(0)) == total


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("times", [Decimal(2), Decimal(50)])
def test_more_traffic_costs_no_resource_less(name: str, times: Decimal) -> None:
    once, _ = estimated(name)
    more = estimate(program(name), Watched(), Usage({}, traffic=times))
    before, after = once.of_resource(), more.of_resource()
    assert set(before) == set(after)
    for urn, usd in before.items():
        assert (after[urn].low >= usd.low, after[urn].expected >= usd.expected, after[urn].high >= usd.high) == (True, True, True), urn
    assert more.total.expected > once.total.expected


@pytest.mark.parametrize("name", NAMES)
def test_traffic_does_not_change_what_is_missing(name: str) -> None:
    once, _ = estimated(name)
    more = estimate(program(name), Watched(), Usage({}, traffic=Decimal(2)))
    assert (more.unpriced, more.unsupported, more.free) == (once.unpriced, once.unsupported, once.free)


@pytest.mark.parametrize("name", NAMES)
def test_a_price_that_is_missing_makes_the_total_at_least_and_names_the_resource(name: str) -> None:
    found, asked = estimated(name)
    used = {id(price) for line in found.lines for price in prices(line.tariff)}
    keys: list[Key] = [key for key, price in asked.services.items() if id(price) in used]
    keys += [key for key, offer in asked.machines.items() if id(offer.on_demand) in used]
    assert len(keys) >= 15
    for key in [*keys, *(set(asked.services) | set(asked.machines)) - set(keys)]:
        without = estimate(program(name), Watched(key))
        before, after = of_resource(found.lines), of_resource(without.lines)
        changed = [urn for urn, lines in before.items() if after.get(urn) != lines]
        assert changed or key not in keys, key
        assert not changed or without.at_least, key
        assert [name_of(urn) for urn in changed if urn not in {each.urn for each in without.unpriced}] == [], key
