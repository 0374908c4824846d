"""`drydock cost comment`: one comment for a pull request of many stacks, with what they cost and what may not pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.comment_findings import StackFindings, sections, told_beside_cost
from cli.cost import CostError, Desk, Settings, guarded
from cli.files import of_stack
from cli.policy_settings import read_settings
from costs.read import read_file
from costs.report.markdown import comment
from costs.report.stack import StackReport
from costs.resource import Program
from policies.finding import Finding
from policies.registry import all_checks
from policies.review import review
from policies.settings import Settings as PolicySettings
from policies.settings import SettingsInvalid


@dataclass(frozen=True)
class _Told:
    """One stack as it was named. base: None for a new one."""

    name: str
    base: Path | None
    head: Path


def write_comment(stacks: Sequence[str], policies: Path | None, settings: Settings) -> int:
    """Prints one comment for many stacks and gives the exit status. policies: settings of the pack for all, else each stack file's."""

    def run(desk: Desk) -> str:
        told = [_told(each) for each in stacks]
        names = [each.name for each in told]
        if len(set(names)) < len(names):
            raise CostError(f"{next(name for name in names if names.count(name) > 1)}: named twice; give each stack once")
        # A wrong setting is told before anything is priced.
        chosen = [_settings(policies, each.name) for each in told]
        found = [_compared(each, of_it, desk) for each, of_it in zip(told, chosen, strict=True)]
        desk.check_all(report.after for report, _ in found)
        findings = [each for _, each in found]
        return comment([report for report, _ in found], also=told_beside_cost(findings), more=sections(findings))

    return guarded(settings, run)


def _told(words: str) -> _Told:
    name, separator, files = words.partition("=")
    # A path may hold a colon itself, as on Windows; each file ends in .json.
    base, colon, head = files.partition(".json:")
    if not colon:
        base, head = "", files
    if not separator or not name or not head or (colon and not base):
        raise CostError(f"{words}: not NAME=BASE.json:HEAD.json; a new stack is NAME=HEAD.json")
    return _Told(name, Path(f"{base}.json") if colon else None, Path(head))


def _settings(file: Path | None, stack: str) -> PolicySettings:
    own = of_stack(stack)
    try:
        return read_settings(file or (own if own.is_file() else None))
    except SettingsInvalid as error:
        first, *more = str(error).splitlines()
        raise CostError(f"{first}{f' (and {len(more)} more)' if more else ''}") from None


def _compared(told: _Told, chosen: PolicySettings, desk: Desk) -> tuple[StackReport, StackFindings]:
    old, new = read_file(told.base) if told.base else None, read_file(told.head)
    report = StackReport(told.name, desk.price(old) if old else None, desk.price(new))
    before = _findings(old, chosen) if old else None
    return report, StackFindings(told.name, told.head.name, chosen, before, _findings(new, chosen))


def _findings(program: Program, chosen: PolicySettings) -> tuple[Finding, ...]:
    return review(program, all_checks(), chosen).findings
