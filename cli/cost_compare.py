"""`drydock cost compare`: the same environment planned and priced on each cloud."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from catalogue.locations import location
from cli.cost import CostError, Desk, Settings, guarded, levels, previewed_program
from cli.cost_rows import say
from cli.files import of_stack
from cli.output import json_text, out, plain_table, print_table
from costs.comparison import Candidate, Ranked, by_component, missing_by_component, ranked
from costs.money import Band
from costs.read import Unreadable
from costs.words import usd_text
from environment.faults import EnvironmentInvalid
from environment.provider_config import REGION_KEYS
from environment.stack_file import read_config
from plan.counterpart import Counterpart, counterpart


def compare(stack: str, clouds: Sequence[str], regions: Sequence[str], settings: Settings) -> int:
    """Prints the ranking and gives the exit status: 2 where nothing can be compared."""

    def run(desk: Desk) -> str | None:
        places = _places(stack, clouds, regions, settings)
        found = [_priced(place, stack, desk, settings) for place in places]
        if not any(each.estimate for each in found):
            raise CostError("nothing can be compared: " + "; ".join(f"{each.cloud} {each.region}: {each.refused[0]}" for each in found))
        desk.check_all(each.estimate for each in found if each.estimate)
        return _shown(found, stack, settings)

    return guarded(settings, run)


def _places(stack: str, clouds: Sequence[str], regions: Sequence[str], settings: Settings) -> list[Counterpart]:
    unknown = [cloud for cloud in clouds if cloud not in REGION_KEYS]
    if unknown:
        raise CostError(f"--clouds: '{unknown[0]}' is no cloud to compare; allowed: {', '.join(REGION_KEYS)}")
    stray = [region for region in regions if not any(location(cloud, region) for cloud in clouds)]
    if stray:
        raise CostError(f"--regions: '{stray[0]}' is no region of {', '.join(clouds)}; name one as its cloud spells it")
    file = of_stack(stack, settings.project)
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
        return json_text(_data(found, order, stack))
    if settings.form in ("markdown", "html"):
        from costs.report.tables import markdown_table, table_page

        head = ("", "where", "low", "expected", "high", "dearer by", "confidence")
        rows = [(str(each.rank), _where(each.candidate), *_levels_text(each), _more(each), _sure(each)) for each in order]
        title = f"{stack}: the same environment, cheapest first"
        return (markdown_table if settings.form == "markdown" else table_page)(title, head, rows, _notes(found))
    _print(found, order, stack)
    return None


def _print(found: Sequence[Candidate], order: Sequence[Ranked], stack: str) -> None:
    table = _table("USD a month, cheapest first", "low", "expected", "high", "dearer by", "sure")
    for each in order:
        table.add_row(f"{each.rank}. {escape(_where(each.candidate))}", *_levels_text(each), _more(each), _sure(each))
    out.print(f"[bold]{escape(stack)}: the same environment on each cloud[/bold]\n")
    print_table(table)
    _print_components(order)
    out.print()
    for line in _notes(found):
        say(f"- {line}")


def _print_components(order: Sequence[Ranked]) -> None:
    candidates = [(each.candidate, missing_by_component(each.candidate)) for each in order]
    table = _table("expected, by component", *(f"{each.cloud} {each.region}" for each, _ in candidates))
    for name, row in by_component([each for each, _ in candidates]).items():
        table.add_row(escape(name), *(_part(row.get((each.cloud, each.region)), name in missing) for each, missing in candidates))
    out.print()
    print_table(table)


def _table(head: str, *columns: str) -> Table:
    found = plain_table(head)
    for each in columns:
        found.add_column(each, justify="right", overflow="fold")
    return found


def _part(usd: Band | None, missing: bool) -> str:
    """What a component costs in a place; a plus where something of it has no price there."""
    if usd is None:
        return "no price" if missing else ""
    return f"{usd_text(usd.expected)}{'+' if missing else ''}"


def _where(each: Candidate) -> str:
    return f"{each.cloud} {each.region} ({each.place})"


def _levels_text(each: Ranked) -> list[str]:
    least = "≥ " if each.candidate.estimate and each.candidate.estimate.at_least else ""
    return [f"{least}{usd_text(level)}" for level in (each.total.low, each.total.expected, each.total.high)]


def _more(each: Ranked) -> str:
    if each.candidate.estimate and each.candidate.estimate.at_least:
        return "unknown"
    return "" if each.rank == 1 else usd_text(each.more.expected)


def _sure(each: Ranked) -> str:
    return str(each.candidate.estimate.confidence) if each.candidate.estimate else ""


def _notes(found: Sequence[Candidate]) -> list[str]:
    """What differs in each place, what cannot be planned there, and what has no price, a line for each component."""
    lines: list[str] = []
    if any(each.estimate and each.estimate.at_least for each in found):
        lines.append("≥: something has no price there, so that the place stands after those without gaps; + marks the component")
    for each in found:
        lines += [f"{each.cloud} {each.region}: {line}" for line in each.differences]
        lines += [f"{each.cloud} {each.region}: cannot be planned: {line}" for line in each.refused]
        lines += [
            f"{each.cloud} {each.region}: no price for {name}: {'; '.join(drivers)}" for name, drivers in missing_by_component(each).items()
        ]
    return lines


def _data(found: Sequence[Candidate], order: Sequence[Ranked], stack: str) -> dict[str, Any]:
    ranking = [
        {
            "rank": each.rank,
            "cloud": each.candidate.cloud,
            "region": each.candidate.region,
            "place": each.candidate.place,
            "total": levels(each.total),
            "more": levels(each.more),
            "atLeast": bool(each.candidate.estimate and each.candidate.estimate.at_least),
            "confidence": _sure(each),
            "differences": list(each.candidate.differences),
        }
        for each in order
    ]
    refused = [{"cloud": each.cloud, "region": each.region, "faults": list(each.refused)} for each in found if each.refused]
    components = {
        name: {f"{cloud} {region}": levels(usd) for (cloud, region), usd in row.items()} for name, row in by_component(found).items()
    }
    return {"schemaVersion": 1, "name": stack, "currency": "USD", "ranking": ranking, "refused": refused, "components": components}
