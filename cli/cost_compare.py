"""`drydock cost compare`: the same environment planned and priced on each cloud."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.markup import escape
from rich.table import Table

from catalogue.locations import location
from cli.cost import CostError, Desk, Settings, guarded, previewed_program
from cli.files import STACKS
from cli.output import out
from costs.comparison import Candidate, Ranked, by_component, ranked
from costs.money import ZERO, Band
from costs.read import Unreadable
from costs.words import usd_band_text, usd_text
from environment.faults import EnvironmentInvalid
from environment.provider_config import REGION_KEYS
from environment.stack_file import read_config
from plan.counterpart import Counterpart, counterpart


def compare(stack: str, clouds: Sequence[str], regions: Sequence[str], settings: Settings) -> int:
    """Prints the ranking and gives the exit status: 1 where the environment has faults, 2 where nothing can be compared."""

    def run(desk: Desk) -> str | None:
        places = _places(stack, clouds, regions, settings)
        found = [_priced(place, stack, desk, settings) for place in places]
        return _shown(found, stack, settings)

    return guarded(settings, run)


def _places(stack: str, clouds: Sequence[str], regions: Sequence[str], settings: Settings) -> list[Counterpart]:
    unknown = [cloud for cloud in clouds if cloud not in REGION_KEYS]
    if unknown:
        raise CostError(f"--clouds: '{unknown[0]}' is no cloud to compare; allowed: {', '.join(REGION_KEYS)}")
    stray = [region for region in regions if not any(location(cloud, region) for cloud in clouds)]
    if stray:
        raise CostError(f"--regions: '{stray[0]}' is no region of {', '.join(clouds)}; name one as its cloud spells it")
    file = settings.project / STACKS / f"Pulumi.{stack}.yaml"
    try:
        config = read_config(file)
        return [counterpart(config, cloud, region) for cloud in clouds for region in _of(cloud, regions)]
    except EnvironmentInvalid as invalid:
        raise CostError(f"{file}: {invalid.faults[0].line()} ({len(invalid.faults)} in all: `drydock check {stack}`)") from None
    except ValueError as error:
        raise CostError(str(error)) from None


def _of(cloud: str, regions: Sequence[str]) -> list[str | None]:
    named: list[str | None] = [region for region in regions if location(cloud, region)]
    return named or [None]


def _priced(place: Counterpart, stack: str, desk: Desk, settings: Settings) -> Candidate:
    where = location(place.cloud, place.region)
    refused = tuple(fault.line() for fault in place.faults)
    found = None
    if not refused:
        try:
            program = previewed_program(stack, settings.project, config=place.config, variant=f"{place.cloud}-{place.region}")
            found = desk.price(program)
        except Unreadable as error:
            refused = (str(error),)
    return Candidate(
        cloud=place.cloud,
        region=place.region,
        place=where.place if where else "",
        estimate=found,
        differences=place.differences,
        refused=refused,
    )


def _shown(found: Sequence[Candidate], stack: str, settings: Settings) -> str | None:
    order = ranked(found)
    if settings.form == "json":
        return json.dumps(_data(found, order, stack), indent=2, ensure_ascii=False) + "\n"
    if settings.form == "markdown":
        return _markdown(found, order, stack)
    if settings.form == "html":
        from costs.report.html import comparison_page

        return comparison_page(stack, found, order)
    _print(found, order, stack)
    return None


def _print(found: Sequence[Candidate], order: Sequence[Ranked], stack: str) -> None:
    table = Table("", "cloud", "region", "USD a month", "dearer by", "confidence", title=f"{stack}: the same environment, cheapest first")
    for each in order:
        place = f"{each.candidate.region} ({each.candidate.place})"
        table.add_row(str(each.rank), each.candidate.cloud, place, _usd(each), _more(each), _sure(each))
    out.print(table)
    _print_components(found, order)
    for each in found:
        for line in (*each.differences, *(f"cannot be planned: {line}" for line in each.refused)):
            out.print(f"{each.cloud} {each.region}: {escape(line)}")
        for missing in each.estimate.unpriced if each.estimate else ():
            out.print(f"{each.cloud} {each.region}: no price: {escape(missing.urn.rpartition('::')[2])}, {escape(missing.reason)}")


def _print_components(found: Sequence[Candidate], order: Sequence[Ranked]) -> None:
    places = [(each.candidate.cloud, each.candidate.region) for each in order]
    table = Table("component, expected USD", *(f"{cloud} {region}" for cloud, region in places))
    for name, row in by_component(found).items():
        table.add_row(escape(name), *(usd_text(row.get(place, ZERO).expected) for place in places))
    out.print(table)


def _usd(each: Ranked) -> str:
    return f"{'at least ' if each.candidate.estimate and each.candidate.estimate.at_least else ''}{usd_band_text(each.total)}"


def _more(each: Ranked) -> str:
    return "" if each.rank == 1 else f"{usd_text(each.more.expected)}"


def _sure(each: Ranked) -> str:
    return str(each.candidate.estimate.confidence) if each.candidate.estimate else ""


def _markdown(found: Sequence[Candidate], order: Sequence[Ranked], stack: str) -> str:
    lines = [
        f"## {stack}: the same environment on each cloud",
        "",
        "| | cloud | region | USD a month | dearer by | confidence |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(each) for each in order]
    notes = [(each, line) for each in found for line in (*each.differences, *(f"cannot be planned: {line}" for line in each.refused))]
    return "\n".join([*lines, "", *(f"- {each.cloud} {each.region}: {line}" for each, line in notes), ""])


def _row(each: Ranked) -> str:
    place = f"{each.candidate.region} ({each.candidate.place})"
    return f"| {each.rank} | {each.candidate.cloud} | {place} | {_usd(each)} | {_more(each)} | {_sure(each)} |"


def _data(found: Sequence[Candidate], order: Sequence[Ranked], stack: str) -> dict[str, Any]:
    ranking = [
        {
            "rank": each.rank,
            "cloud": each.candidate.cloud,
            "region": each.candidate.region,
            "place": each.candidate.place,
            "total": _levels(each.total),
            "more": _levels(each.more),
            "atLeast": bool(each.candidate.estimate and each.candidate.estimate.at_least),
            "confidence": _sure(each),
            "differences": list(each.candidate.differences),
        }
        for each in order
    ]
    refused = [{"cloud": each.cloud, "region": each.region, "faults": list(each.refused)} for each in found if each.refused]
    components = {
        name: {f"{cloud} {region}": _levels(usd) for (cloud, region), usd in row.items()} for name, row in by_component(found).items()
    }
    return {"schemaVersion": 1, "name": stack, "currency": "USD", "ranking": ranking, "refused": refused, "components": components}


def _levels(usd: Band) -> dict[str, str]:
    return {level: f"{Decimal(getattr(usd, level)):f}" for level in ("low", "expected", "high")}
