"""`drydock check --policies`: the guardrails over a preview's or an export's JSON, without an engine."""

from pathlib import Path
from typing import Any, cast

from rich.markup import escape
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.output import err, out, plain_table, print_json, print_table
from cli.policies_report import Report
from costs.read import Unreadable, read_file
from policies.finding import Finding
from policies.registry import all_checks
from policies.report import data, junit, sarif
from policies.review import Review, review
from policies.settings import Settings, SettingsInvalid, settings

_KEY = "drydock:policies"
_COLOURS = {"mandatory": "red", "advisory": "yellow", "disabled": "dim"}


def check_policies(preview: Path, settings_file: Path | None, form: Report) -> int:
    """Prints what the checks say, and gives the exit status: 1 where something may not pass, 2 where a file cannot be used."""
    try:
        chosen = _settings(settings_file)
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
        print_json(data(found) if form is Report.JSON else sarif(found, checks, preview.as_posix()))
    over = chosen.over()
    for exemption in over:
        err.print(f"[red]error:[/red] {escape(exemption)}")
    return 1 if over or any(finding.level == "mandatory" for finding in found.findings) else 0


def _settings(file: Path | None) -> Settings:
    """Settings of a file: a stack file with `drydock:policies`, or the mapping itself."""
    if file is None:
        return settings({}, all_checks())
    reader: Any = YAML(typ="safe")
    try:
        document: object = reader.load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, YAMLError) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else " ".join(str(error).split())[:200]
        raise SettingsInvalid(f"{file}: cannot be read: {reason}; give a stack file, or a mapping of settings") from None
    if not isinstance(document, dict):
        raise SettingsInvalid(f"{file}: is no mapping; give a stack file, or a mapping of settings")
    written = cast(dict[str, Any], document)
    config = written.get("config")
    given = cast(dict[str, Any], config).get(_KEY, {}) if isinstance(config, dict) else written
    if not isinstance(given, dict):
        raise SettingsInvalid(f"{file}: {_KEY} is no mapping; allowed: profile, checks, exemptions, monthlyUsd …; fix: write a mapping")
    return settings(cast(dict[str, Any], given), all_checks())


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
    for each in found.unused:
        out.print(escape(f"exemption of {each.check} for {each.resource} holds nothing back; fix: remove it"))


def _row(finding: Finding) -> list[str]:
    where = f"{finding.resource}.{finding.path}" if finding.path else finding.resource
    what = finding.what if finding.result == "violation" else f"cannot decide yet: {finding.what}"
    words = (finding.check.id, finding.level, where, what, finding.fix or finding.check.fix if finding.result == "violation" else "")
    first, level, *rest = map(escape, words)
    return [first, f"[{_COLOURS[finding.level]}]{level}[/]", *rest]
