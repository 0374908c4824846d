"""A pool whose nodes come from several places, tried in order: priced as one pool, never once for each place.

A pool is a component that tells `usage.nodes`. Its rungs are the node groups inside it, and those whose nodes bear its name as a label.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from costs.model import Factor
from costs.money import Band
from costs.pricing import Found, Pricing, count
from costs.registry import MODULES, pricers
from costs.resource import Program, Resource, once
from costs.rung import Rung
from costs.usage import told_in_file, told_usage

# Labels that say of a node which pool it is of, and which kind of capacity: where the component's `capacity` is the order of kinds.
_POOL: Final = "drydock/pool"
_CAPACITY: Final = "drydock/capacity"


@dataclass(frozen=True, slots=True)
class _Pool:
    """A pool's component, and its rungs, the one that is tried first in front."""

    component: Resource
    rungs: tuple[Rung, ...]


def shared(pricing: Pricing, at: str = "") -> Factor | None:
    """How many of its pool's nodes stand on this resource (or on the part of it that stands at a path); None where it is of no pool.

    low: its own minimum, which is what an idle pool keeps. expected: what the pool's usage leaves to it after the rungs before it are full.
    high: the whole pool at its maximum, on the rungs whose nodes are dearest; the most that any rung may hold is taken for that maximum.
    """
    pool = _pools(pricing).get((pricing.resource.urn, at))
    if pool is None:
        return None
    told = told_usage(pricing.program, pool.component, "nodes", pricing.told)
    assert told is not None  # It is what makes the component a pool.
    rung = next(each for each in pool.rungs if each.key == (pricing.resource.urn, at))
    if rung.least == rung.most:
        return count("nodes", rung.least)
    expected = _poured([_narrowed(pricing, each) for each in pool.rungs], told.amount.expected)[rung.key]
    most = max(each.most for each in pool.rungs)
    dearest = sorted(pool.rungs, key=lambda each: -each.usd)
    # What is expected on a cheap rung stays there: a worst case that shifts it would be less than what is expected, of this rung.
    amount = Band(rung.least, expected, max(expected, _poured(dearest, most)[rung.key]))
    said = told_in_file(rung.resource, "nodes", pricing.told) or told
    several = f": the share of one of {len(pool.rungs)} rungs" if len(pool.rungs) > 1 and said is told else ""
    return Factor(f"{said.words}{several}", amount, said.confidence)


def _narrowed(pricing: Pricing, rung: Rung) -> Rung:
    """A rung of which a usage file itself tells the nodes has just these; the pool's usage goes to the others."""
    told = told_in_file(rung.resource, "nodes", pricing.told)
    if told is None:
        return rung
    nodes = told.amount.clamped(rung.least, rung.most).expected
    return replace(rung, least=nodes, most=nodes)


def _poured(rungs: Sequence[Rung], nodes: Decimal) -> Mapping[tuple[str, str], Decimal]:
    """So many nodes on these rungs: the minimum of each, the rest on the first that has room."""
    left = max(nodes - sum(each.least for each in rungs), Decimal(0))
    found: dict[tuple[str, str], Decimal] = {}
    for each in rungs:
        more = min(left, each.most - each.least)
        found[each.key] = each.least + more
        left -= more
    return found


@once
def _known(program: Program) -> list[Mapping[tuple[str, str], _Pool]]:
    del program  # Filled at the first question, since reading a rung takes the price list.
    return []


def _pools(pricing: Pricing) -> Mapping[tuple[str, str], _Pool]:
    known = _known(pricing.program)
    if not known:
        known.append(_read(pricing))
    return known[0]


def _read(pricing: Pricing) -> Mapping[tuple[str, str], _Pool]:
    tellers = [each for each in pricing.program.resources.values() if _tells(each)]
    members: dict[str, list[Rung]] = {}
    for rung in _rungs(pricing) if tellers else ():
        component = _component(pricing.program, rung, tellers)
        if component:
            members.setdefault(component.urn, []).append(rung)
    pools = (_Pool(pricing.program.resources[urn], _ordered(pricing.program.resources[urn], rungs)) for urn, rungs in members.items())
    return {rung.key: pool for pool in pools for rung in pool.rungs}


def _tells(resource: Resource) -> bool:
    return not resource.custom and isinstance(resource.get("usage.nodes"), dict)


def _rungs(pricing: Pricing) -> Iterable[Rung]:
    program = pricing.program
    # In an order of its own: that of a set differs from run to run.
    packages = sorted({each.package for each in program.resources.values()} & MODULES.keys())
    modules = dict.fromkeys(pricers(package) for package in packages)
    for module in (each for each in modules if each):
        for resource, read in ((each, read) for kind, read in module.RUNGS.items() for each in program.of_type(kind)):
            place = module.place(resource, program)
            yield from read(replace(pricing, resource=resource, found=Found(), provider=place.provider, region=place.region))


def _component(program: Program, rung: Rung, tellers: Sequence[Resource]) -> Resource | None:
    """The pool around it, else the only one of the name that its nodes bear."""
    around = next((each for each in program.ancestors(rung.resource) if _tells(each)), None)
    named = [each for each in tellers if each.name == rung.labels.get(_POOL)]
    return around or (named[0] if len(named) == 1 else None)


def _ordered(component: Resource, rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """As the component's `capacity` lists the kinds, else by weight, else in the program's order."""
    ladder = component.items("capacity")

    def rank(rung: Rung) -> tuple[int, Decimal]:
        kind = rung.labels.get(_CAPACITY)
        return (ladder.index(kind) if kind in ladder else len(ladder), -rung.weight)

    return tuple(sorted(rungs, key=rank))
