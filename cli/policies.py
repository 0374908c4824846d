"""`drydock check --policies`: the guardrails over a preview's or an export's JSON, without an engine."""

from collections.abc import Callable
from pathlib import Path

from rich.markup import escape

from cli.output import err, out, plain_table, print_json, print_table
from cli.policies_report import Report
from cli.policy_settings import read_settings
from cli.stack_lines import Lines
from costs.read import Unreadable, read_file
from policies.finding import Finding
from policies.registry import all_checks
from policies.report import data, junit, sarif
from policies.review import Review, review
from policies.settings import SettingsInvalid

_ENVIRONMENT = ("config", "drydock:environment")
# Marks findings that a remedy mends.
_MENDED = "*"
_COLOURS = {"mandatory": "red", "advisory": "yellow", "disabled": "dim"}


def check_policies(preview: Path, settings_file: Path | None, form: Report) -> int:
    """Prints what the checks say, and gives the exit status: 1 where something may not pass, 2 where a file cannot be used."""
    try:
        chosen = read_settings(settings_file)
        program = read_file(preview)
    except (Unreadable, SettingsInvalid) as error:
        for line in str(error).splitlines():
            err.print(f"[red]error:[/red] {escape(line)}")
        return 2
    checks = all_checks()
    found = review(program, checks, chosen)
    if form is Report.TABLE:
        _tell(found)
    elif form is Report.JUNIT:
        print(junit(found, checks), end="")
    else:
        print_json(data(found) if form is Report.JSON else sarif(found, checks, *_places(preview, settings_file)))
    over = chosen.over()
    for exemption in over:
        err.print(f"[red]error:[/red] {escape(exemption)}")
    return 1 if over or any(finding.level == "mandatory" for finding in found.findings) else 0


def _places(preview: Path, settings_file: Path | None) -> tuple[str, Callable[[Finding], int]]:
    """The file that findings point at, and at which line: the environment that mends them where it is given, or the preview."""
    text = settings_file.read_text(encoding="utf-8") if settings_file else ""
    lines = Lines(text)
    first = lines.of(_ENVIRONMENT)
    if settings_file is None or first == lines.of(()):
        return preview.as_posix(), lambda _: 1
    return settings_file.as_posix(), lambda found: lines.of((*_ENVIRONMENT, *found.keys[0].split("."))) if found.keys else first


def _tell(found: Review) -> None:
    if found.findings:
        table = plain_table("check", whole=True)
        for column in ("level", "resource", "what is wrong", "fix"):
            table.add_column(column, overflow="fold")
        for finding in found.findings:
            table.add_row(*_row(finding))
        print_table(table)
    counted = {level: sum(each.level == level for each in found.findings) for level in ("mandatory", "advisory")}
    out.print(f"{counted['mandatory']} that may not pass, {counted['advisory']} to look at, {len(found.used)} exemptions used")
    if any(each.remediable for each in found.findings):
        out.print(f"{_MENDED} a preview or up under the pack mends it where the settings say `remediate: true`")
    for each in found.unused:
        out.print(escape(f"exemption of {each.check} for {each.resource} holds nothing back; fix: remove it"))


def _row(finding: Finding) -> list[str]:
    fix = f"{finding.told_fix} {_MENDED}" if finding.remediable else finding.told_fix
    words = (finding.check.id, finding.level, finding.where, finding.said, fix)
    first, level, *rest = map(escape, words)
    return [first, f"[{_COLOURS[finding.level]}]{level}[/]", *rest]
