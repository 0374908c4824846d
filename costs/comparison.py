"""The same needs priced on several clouds and regions: ranked, with what differs."""

from collections.abc import Sequence
from dataclasses import dataclass

from costs.model import Estimate
from costs.money import ZERO, Band
from costs.resource import name_of


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One place an environment could run. estimate is None where it cannot; refused says why, differences what had to change."""

    cloud: str
    region: str
    place: str
    estimate: Estimate | None
    differences: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A candidate in the ranking: 1 is the cheapest as expected; more: how much dearer than that in USD a month."""

    rank: int
    candidate: Candidate
    total: Band
    more: Band


def ranked(candidates: Sequence[Candidate]) -> list[Ranked]:
    """Those that can be priced, cheapest expected total first.

    One with unpriced parts stands after all complete ones: "at least" is no price to compare by.
    """
    priced = [(each, each.estimate) for each in candidates if each.estimate]
    in_order = sorted(priced, key=lambda pair: (pair[1].at_least, pair[1].total.expected, pair[0].cloud, pair[0].region))
    least = in_order[0][1].total if in_order else ZERO
    return [
        Ranked(rank=rank, candidate=each, total=found.total, more=found.total - least) for rank, (each, found) in enumerate(in_order, 1)
    ]


def by_component(candidates: Sequence[Candidate]) -> dict[str, dict[tuple[str, str], Band]]:
    """Per component (its name, the same on every cloud) the cost in each place, by name: the engine's order changes from run to run."""
    table: dict[str, dict[tuple[str, str], Band]] = {}
    for each in candidates:
        for urn, usd in (each.estimate.of_component() if each.estimate else {}).items():
            name = name_of(urn)
            row = table.setdefault(name, {})
            row[each.cloud, each.region] = row.get((each.cloud, each.region), ZERO) + usd
    return dict(sorted(table.items()))


def missing_by_component(candidate: Candidate) -> dict[str, list[str]]:
    """Per component what has no price in this place, each driver once."""
    found = candidate.estimate
    table: dict[str, list[str]] = {}
    for each in found.unpriced if found else ():
        drivers = table.setdefault(name_of(found.components.get(each.urn, each.urn)) if found else "", [])
        if each.driver not in drivers:
            drivers.append(each.driver)
    for urn in found.unsupported if found else ():
        table.setdefault(name_of(urn), []).append("a type that is not priced")
    return table
