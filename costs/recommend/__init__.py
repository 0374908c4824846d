"""Changes to a program that save money, each priced anew with the change made: never a rule of thumb."""

from collections.abc import Callable, Iterator

from catalogue.catalogue import Catalogue
from costs.commitments import commitment_options
from costs.estimate import estimate
from costs.model import Estimate
from costs.money import Band
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


def recommend(program: Program, catalogue: Catalogue, usage: Usage = NO_USAGE) -> list[Recommendation]:
    """What would save money as expected, the most first; two changes of one resource exclude each other where they say the same aspect."""
    found = estimate(program, catalogue, usage)
    changes = (change for source in _SOURCES for change in source(program, found, catalogue))
    tried = [_repriced(change, found, catalogue, usage) for change in changes]
    saving = [each for each in tried if each and each.saving.expected > 0]
    best: dict[tuple[str, str], Recommendation] = {}
    for each in [*saving, *_commitments(found, catalogue)]:
        key = (each.urn, each.aspect)
        if key not in best or each.saving.expected > best[key].saving.expected:
            best[key] = each
    return sorted(best.values(), key=lambda each: (-each.saving.expected, each.urn, each.title))


def _repriced(change: Change, before: Estimate, catalogue: Catalogue, usage: Usage) -> Recommendation | None:
    after = estimate(change.program, catalogue, change.usage(usage) if change.usage else usage)
    if len(after.unpriced) > len(before.unpriced) or len(after.unsupported) > len(before.unsupported):
        return None  # What has no price is no saving.
    levels = before.total - after.total
    saving = Band(*sorted((levels.low, levels.expected, levels.high)))
    saving = Band(min(saving.low, levels.expected), levels.expected, max(saving.high, levels.expected))
    return Recommendation(
        urn=change.urn,
        aspect=change.aspect,
        title=change.title,
        saving=saving,
        risk=change.risk,
        effort=change.effort,
        confidence=after.confidence,
    )


def _commitments(found: Estimate, catalogue: Catalogue) -> Iterator[Recommendation]:
    for option in commitment_options(found.lines, catalogue):
        if option.term_years and option.base_machines and option.saving > 0:
            years = f"{option.term_years} year{'s' if option.term_years > 1 else ''}"
            yield Recommendation(
                urn=option.urn,
                aspect=f"commitment {option.region} {option.machine} {option.term_years}",
                title=f"commit to {option.base_machines} × {option.machine} for {years} ({option.plan})",
                saving=Band.exactly(option.saving),
                risk=f"paid for {years} whether used or not; pays from {option.break_even:.0%} of the hours on",
                effort="low: bought in the account, nothing changes in the program",
                confidence=option.source.confidence,
            )
