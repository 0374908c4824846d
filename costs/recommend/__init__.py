"""Changes to a program that save money, each priced anew with the change made: never a rule of thumb."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from catalogue.catalogue import Catalogue
from costs.commitments import commitment_options
from costs.estimate import estimate
from costs.model import Estimate
from costs.money import ZERO, Band
from costs.recommend.capacity import capacity_changes
from costs.recommend.machines import machine_changes
from costs.recommend.model import Change, Recommendation
from costs.recommend.network import network_changes
from costs.recommend.serverless import serverless_changes
from costs.recommend.storage import storage_changes
from costs.resource import Program
from costs.usage import NO_USAGE, Usage

_SOURCES: tuple[Callable[[Program, Estimate, Catalogue], Iterator[Change]], ...] = (
    machine_changes,
    capacity_changes,
    serverless_changes,
    storage_changes,
    network_changes,
)


def recommend(program: Program, catalogue: Catalogue, usage: Usage = NO_USAGE, *, found: Estimate | None = None) -> list[Recommendation]:
    """What would save money as expected: the most first, what is risky last.

    Of two changes of one resource that say the same aspect only the better one stands; equal changes of many resources stand as one.
    found: the program's estimate where there is one already.
    """
    found = found or estimate(program, catalogue, usage)
    changes = (change for source in _SOURCES for change in source(program, found, catalogue))

    @cache
    def now(reach: frozenset[str]) -> Estimate:
        return estimate(program, catalogue, usage, only=reach)

    tried = [_repriced(change, program, now, catalogue, usage) for change in changes]
    best: dict[tuple[str, str], Recommendation] = {}
    for each in [*(each for each in tried if each and each.saving.expected > 0), *_commitments(found, catalogue)]:
        key = (each.urn, each.aspect)
        if key not in best or each.saving.expected > best[key].saving.expected:
            best[key] = each
    return in_order(_grouped(best.values()))


def in_order(found: Iterable[Recommendation]) -> list[Recommendation]:
    """What saves most first; what is risky after all that is not."""
    return sorted(found, key=lambda each: (each.risky, -each.saving.expected, each.urn, each.title))


def _repriced(
    change: Change, before: Program, now: Callable[[frozenset[str]], Estimate], catalogue: Catalogue, usage: Usage
) -> Recommendation | None:
    """Prices what the change can reach, with and without it: nothing outside a component is priced together with what is in it."""
    reach = frozenset(before.around({change.urn, *change.also}))
    old = now(reach)
    added = change.program.resources.keys() - before.resources.keys()
    new = estimate(change.program, catalogue, change.usage(usage) if change.usage else usage, only=reach | added)
    if len(new.unpriced) > len(old.unpriced) or len(new.unsupported) > len(old.unsupported):
        return None  # What has no price is no saving.
    levels = old.total - new.total
    return Recommendation(
        urns=(change.urn,),
        aspect=change.aspect,
        title=change.title,
        saving=Band(min(levels.low, levels.expected), levels.expected, max(levels.high, levels.expected)),
        risk=change.risk,
        effort=change.effort,
        confidence=min(old.confidence, new.confidence),
    )


def _grouped(found: Iterable[Recommendation]) -> list[Recommendation]:
    groups: dict[tuple[str, str, str], list[Recommendation]] = {}
    for each in found:
        groups.setdefault((each.aspect, each.title, each.risk), []).append(each)
    return [_together(group) for group in groups.values()]


def _together(group: Sequence[Recommendation]) -> Recommendation:
    saving = sum((each.saving for each in group), ZERO)
    urns = tuple(urn for each in group for urn in each.urns)
    return replace(group[0], urns=urns, saving=saving, confidence=min(each.confidence for each in group))


def _commitments(found: Estimate, catalogue: Catalogue) -> Iterator[Recommendation]:
    for option in commitment_options(found.lines, catalogue):
        if option.term_years and option.base_machines and option.saving > 0:
            years = f"{option.term_years} year{'s' if option.term_years > 1 else ''}"
            yield Recommendation(
                urns=(f"{option.provider} {option.region}",),
                aspect=f"commitment {option.region} {option.machine} {option.term_years}",
                title=f"commit to {option.base_machines} × {option.machine} for {years} ({option.plan})",
                saving=Band.exactly(option.saving),
                risk=f"medium: paid for {years} whether used or not; pays from {option.break_even:.0%} of the hours on",
                effort="low: bought in the account, nothing changes in the program",
                confidence=option.source.confidence,
            )
