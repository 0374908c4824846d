"""`drydock cost recommend`: changes that save money, each planned and priced anew."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from cli.cost import CostError, Desk, Settings, guarded, previewed_program
from cli.cost_rows import say
from cli.files import STACKS
from cli.output import out
from costs.model import Estimate
from costs.money import Band
from costs.read import read_file
from costs.recommend import recommend as of_program
from costs.recommend.model import Recommendation
from costs.resource import Program, name_of
from costs.words import usd_band_text, usd_text
from environment.faults import EnvironmentInvalid
from environment.load import KEY
from environment.stack_file import read_config
from plan.savings import Edit, edits

_SAID_IN_THE_FILE = ("tiering", "replication")
_ALONE = "Each alone, priced with the change made; they do not add up where they touch the same resource."


def recommend(stack: str | None, file: Path | None, settings: Settings) -> int:
    """Prints what would save money and gives the exit status."""

    def run(desk: Desk) -> str | None:
        if (stack is None) == (file is None):
            raise CostError("name either a stack or a --file; see `drydock cost recommend --help`")
        program = read_file(file) if file else previewed_program(stack or "", settings.project)
        found = of_program(desk.check(program), desk.catalogue, desk.usage)
        if stack:
            planned = _replanned(stack, program, desk, settings)
            # Where an environment file can say it, the file is what to change.
            found = found if planned is None else [*planned, *(each for each in found if each.aspect not in _SAID_IN_THE_FILE)]
        return _shown(sorted(found, key=lambda each: -each.saving.expected), stack or str(file), desk.price(program), settings)

    return guarded(settings, run)


def _replanned(stack: str, program: Program, desk: Desk, settings: Settings) -> list[Recommendation] | None:
    """What an edit of the environment file would save; None where the project has no such file."""
    config = _config(settings.project / STACKS / f"Pulumi.{stack}.yaml")
    if config is None:
        return None
    before = desk.price(program)
    best: dict[tuple[str, str], Recommendation] = {}
    for edit in edits(config):
        after = desk.price(previewed_program(stack, settings.project, config=edit.config, variant="edited"))
        found = _saving(edit, before, after)
        key = (edit.path, edit.title.partition(":")[0])
        if found.saving.expected > 0 and (key not in best or found.saving.expected > best[key].saving.expected):
            best[key] = found
    return list(best.values())


def _config(file: Path) -> dict[str, object] | None:
    """The environment of a stack file, None for a project that has none."""
    try:
        config = read_config(file)
    except EnvironmentInvalid:
        return None
    return config if KEY in config else None


def _saving(edit: Edit, before: Estimate, after: Estimate) -> Recommendation:
    levels = before.total - after.total
    low, high = min(levels.low, levels.expected, levels.high), max(levels.low, levels.expected, levels.high)
    return Recommendation(
        urn=edit.path,
        aspect="plan",
        title=f"{edit.path}: {edit.title}",
        saving=Band(low, levels.expected, high),
        risk=edit.risk,
        effort=edit.effort,
        confidence=after.confidence,
    )


def _shown(found: Sequence[Recommendation], name: str, now: Estimate, settings: Settings) -> str | None:
    if settings.form == "json":
        return json.dumps({"schemaVersion": 1, "name": name, "currency": "USD", "recommendations": [*map(_data, found)]}, indent=2) + "\n"
    if settings.form in ("markdown", "html"):
        from costs.report.tables import markdown_table, table_page

        head = ("saves USD a month", "where", "what", "risk", "effort")
        return (markdown_table if settings.form == "markdown" else table_page)(_title(name), head, _rows(found), [_ALONE])
    if not found:
        out.print(f"{escape(name)}: nothing found that would save money as expected ({usd_text(now.total.expected)} USD a month)")
        return None
    say(f"{name}: {usd_text(now.total.expected)} USD a month as expected; what would save money, the most first", "bold")
    for each in found:
        out.print()
        say(f"saves {usd_text(each.saving.expected)} ({usd_band_text(each.saving)}): {_what(each)}", "bold")
        say(f"- risk {each.risk}")
        say(f"- effort {each.effort}; confidence {each.confidence}")
    out.print()
    say(_ALONE)
    return None


def _what(each: Recommendation) -> str:
    return f"{name_of(each.urn)}: {each.title}" if "::" in each.urn else each.title


def _data(each: Recommendation) -> dict[str, object]:
    saving = {"low": f"{each.saving.low:f}", "expected": f"{each.saving.expected:f}", "high": f"{each.saving.high:f}"}
    told = {"resource": each.urn, "aspect": each.aspect, "title": each.title, "risk": each.risk, "effort": each.effort}
    return {**told, "saving": saving, "confidence": str(each.confidence)}


def _rows(found: Sequence[Recommendation]) -> list[tuple[str, str, str, str, str]]:
    return [(f"{usd_band_text(each.saving)} ({each.confidence})", name_of(each.urn), each.title, each.risk, each.effort) for each in found]


def _title(name: str) -> str:
    return f"{name}: what would save money"
