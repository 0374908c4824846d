"""`drydock cost recommend`: changes that save money, each planned and priced anew."""

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from cli.cost import Desk, Settings, guarded, levels, named_program, previewed_program
from cli.cost_rows import say, total_words
from cli.files import of_stack
from cli.output import json_text, out
from costs.model import Estimate
from costs.money import Band
from costs.recommend import in_order
from costs.recommend import recommend as of_program
from costs.recommend.model import Recommendation
from costs.report.amounts import money, span
from costs.resource import name_of
from environment.faults import EnvironmentInvalid
from environment.load import KEY
from environment.stack_file import read_config
from plan.savings import Edit, edits

_SAID_IN_THE_FILE = ("tiering", "replication")
_ALONE = "Each alone, priced with the change made; they do not add up where they touch the same resource."


def recommend(stack: str | None, file: Path | None, settings: Settings) -> int:
    """Prints what would save money and gives the exit status."""

    def run(desk: Desk) -> str | None:
        program = desk.check(named_program(stack, file, settings.project, help_of="cost recommend"))
        now = desk.price(program)
        found = of_program(program, desk.catalogue, desk.usage, found=now)
        if stack:
            planned = _replanned(stack, now, desk, settings)
            # Where an environment file can say it, the file is what to change.
            found = found if planned is None else [*planned, *(each for each in found if each.aspect not in _SAID_IN_THE_FILE)]
        return _shown(in_order(found), stack or Path(str(file)).name, now, settings)

    return guarded(settings, run)


def _replanned(stack: str, before: Estimate, desk: Desk, settings: Settings) -> list[Recommendation] | None:
    """What an edit of the environment file would save; None where the project has no such file."""
    config = _config(of_stack(stack, settings.project))
    if config is None:
        return None
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
        urns=(edit.path,),
        aspect="plan",
        title=f"{edit.path}: {edit.title}",
        saving=Band(low, levels.expected, high),
        risk=edit.risk,
        effort=edit.effort,
        confidence=after.confidence,
    )


def _shown(found: Sequence[Recommendation], name: str, now: Estimate, settings: Settings) -> str | None:
    if settings.form == "json":
        return json_text({"schemaVersion": 1, "name": name, "currency": "USD", "recommendations": [*map(_data, found)]})
    if settings.form in ("markdown", "html"):
        from costs.report.tables import markdown_table, table_page

        head = ("saves a month", "where", "what", "risk", "effort")
        return (markdown_table if settings.form == "markdown" else table_page)(_title(name), head, _rows(found), [_ALONE])
    if not found:
        out.print(f"{escape(name)}: nothing found that would save money as expected ({money(now.total.expected)} a month)")
        return None
    say(f"{name}: {total_words(now)}", "bold")
    say("What would save money, the most first, what is risky last:")
    for each in found:
        out.print()
        say(f"saves {money(each.saving.expected)} a month ({span(each.saving)}): {_what(each)}", "bold")
        say(f"- risk {each.risk}")
        say(f"- effort {each.effort}; confidence {each.confidence}")
    out.print()
    say(_ALONE)
    return None


def _what(each: Recommendation) -> str:
    return f"{_where(each)}: {each.title}" if "::" in each.urn else each.title


def _where(each: Recommendation) -> str:
    others = f" and {len(each.urns) - 1} more" if len(each.urns) > 1 else ""
    return f"{name_of(each.urn)}{others}"


def _data(each: Recommendation) -> dict[str, object]:
    told = {"resources": list(each.urns), "aspect": each.aspect, "title": each.title, "risk": each.risk, "effort": each.effort}
    return {**told, "saving": levels(each.saving), "confidence": str(each.confidence)}


def _rows(found: Sequence[Recommendation]) -> list[tuple[str, str, str, str, str]]:
    return [(f"{money(each.saving.expected)} ({span(each.saving)})", _where(each), each.title, each.risk, each.effort) for each in found]


def _title(name: str) -> str:
    return f"{name}: what would save money"
