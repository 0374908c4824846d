"""From a program's resources to what they cost a month."""

from collections.abc import Set
from dataclasses import dataclass, field

from catalogue.catalogue import Catalogue
from costs.model import Estimate, Line, Unpriced
from costs.pricing import Found, Pricing
from costs.registry import NOT_CLOUDS, pricers
from costs.resource import Program, Resource
from costs.usage import NO_USAGE, Usage


@dataclass
class _Tally:
    found: Found = field(default_factory=Found)
    unsupported: list[str] = field(default_factory=list[str])
    free: int = 0


def estimate(program: Program, catalogue: Catalogue, usage: Usage = NO_USAGE, *, only: Set[str] | None = None) -> Estimate:
    """What the program costs a month: a line for each cost driver, what has no price, what is not priced here, what was assumed.

    only: the URNs to price, of the whole program's; for asking again after a change whose reach is known.
    """
    tally = _Tally()
    for resource in program.resources.values():
        if resource.custom and (only is None or resource.urn in only):
            _price(resource, program, catalogue, usage, tally)
    found = tally.found
    priced: list[Line | Unpriced] = [*found.lines, *found.unpriced]
    return Estimate(
        lines=tuple(found.lines),
        unpriced=tuple(dict.fromkeys(found.unpriced)),
        unsupported=tuple(tally.unsupported),
        assumptions=tuple(dict.fromkeys(found.assumptions)),
        free=tally.free,
        components={each.urn: program.component(program.resources[each.urn]).urn for each in priced},
        notes=(*program.missing, *usage.check(program), *usage.unasked(program)),
        incomplete=bool(program.missing),
    )


def _price(resource: Resource, program: Program, catalogue: Catalogue, usage: Usage, tally: _Tally) -> None:
    module = pricers(resource.package)
    pricer = module.PRICERS.get(resource.type) if module else None
    if module is None or pricer is None:
        if resource.package in NOT_CLOUDS or (module and resource.type in module.FREE):
            tally.free += 1
        else:
            tally.unsupported.append(resource.urn)
        return
    known = len(tally.found.lines) + len(tally.found.unpriced)
    place = module.place(resource, program)
    pricer(Pricing(resource, program, catalogue, usage, tally.found, place.provider, place.region))
    # A pricer that finds nothing to pay (an extra that is switched off) leaves a resource that is free as it stands.
    tally.free += len(tally.found.lines) + len(tally.found.unpriced) == known
