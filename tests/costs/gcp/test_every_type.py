"""What holds for every type."""

from collections.abc import Iterator
from typing import Any

import pytest

from costs import gcp
from costs.resource import SECRET, UNKNOWN, Resource
from tests.costs.building import estimated
from tests.costs.gcp.listed import LIST, R


class Everything(dict[str, Any]):
    """Properties that all have the same value, however deep one looks."""

    def __init__(self, value: object) -> None:
        super().__init__({"": value})
        self.value = value

    def get(self, key: object, default: object = None) -> Any:
        return self.value


def values() -> Iterator[object]:
    yield from (UNKNOWN, SECRET, None, "", "nonsense", -1, 0, 5, 10**15, float("nan"), float("inf"), True, [], {}, [None])
    yield from ([UNKNOWN], [{}], ["x"], [[["deep"]]], {"a": {"b": UNKNOWN}}, [{"action": UNKNOWN, "condition": "x"}])
    deep = Everything(UNKNOWN)
    for _ in range(4):
        deep = Everything(deep)
    yield deep


def _with(kind: str, properties: dict[str, Any]) -> Resource:
    # Not through `resource`, which copies what a mapping of everything has.
    return Resource(urn=f"urn:pulumi:test::shop::{kind}::it", type=kind, properties=properties)


@pytest.mark.parametrize("kind", sorted(gcp.PRICERS))
def test_no_type_breaks_on_nonsense_or_is_left_out_in_silence(kind: str) -> None:
    for value in values():
        for properties in (Everything(value), {"location": R, "region": R, "zone": f"{R}-a"}, {}):
            found = estimated(LIST, _with(kind, properties), config={"gcp:region": R})
            assert not found.unsupported
            assert found.lines or found.unpriced or found.free
            for each in found.lines:
                assert 0 <= each.usd.low <= each.usd.expected <= each.usd.high
                assert each.usd.high.is_finite()


def test_no_type_is_both_priced_and_free() -> None:
    assert not set(gcp.PRICERS) & gcp.FREE


def test_every_token_is_of_the_provider_s_form() -> None:
    # What Google's provider lacks is a dynamic resource of the program's own, by Pulumi's name for these.
    for kind in {kind for kind in {*gcp.PRICERS, *gcp.FREE} if not kind.startswith("pulumi-python:dynamic/")}:
        package, _, name = kind.removeprefix("gcp:").partition("/")
        lower, _, upper = name.partition(":")
        assert package.isalnum()
        assert lower[1:] == upper[1:]
        assert lower[0] == upper[0].lower()
