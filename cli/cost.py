"""`drydock cost`: programs read, priced and shown."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.text import Text

from catalogue.catalogue import Adjustment, Catalogue
from cli.output import err, json_text, out
from costs.commitments import CommitmentOption, commitment_options, unpriced_commitments
from costs.diff import diff
from costs.estimate import estimate
from costs.model import Estimate
from costs.money import Band
from costs.read import Unreadable, read, read_before, read_file
from costs.resource import Program
from costs.usage import NO_USAGE, Usage, UsageInvalid, read_usage

# How a page shows cost against traffic: a quarter of it to eight times as much.
_TRAFFIC = tuple(Decimal(factor) for factor in ("0.25", "0.5", "1", "2", "4", "8"))


@dataclass(frozen=True)
class Settings:
    """What every `drydock cost` command is told by its options."""

    form: str
    output: Path | None
    usage: Path | None
    prices: Path | None
    account: str | None
    strict: bool
    verbose: bool
    project: Path


class CostError(Exception):
    """A command that cannot be done; the message is one line."""


@dataclass(frozen=True)
class Desk:
    """What estimates are made with: prices and usage."""

    catalogue: Catalogue
    usage: Usage

    def price(self, program: Program) -> Estimate:
        """The program's estimate."""
        return estimate(program, self.catalogue, self.usage)

    def check(self, program: Program) -> Program:
        """The program, where the usage file means something in it. Raises UsageInvalid where no entry does."""
        unused = self.usage.check(program)
        if self.usage.entries and len(unused) == len(self.usage.entries):
            raise UsageInvalid(unused[0] + (f" (none of its {len(unused)} entries does)" if len(unused) > 1 else ""))
        return program

    def check_all(self, found: Iterable[Estimate]) -> None:
        """Raises UsageInvalid where no entry of the usage file means a resource in any of the estimates."""
        doubts = [[note for note in each.notes if note.startswith(f"{self.usage.name}: '")] for each in found]
        if self.usage.entries and doubts and all(len(each) == len(self.usage.entries) for each in doubts):
            raise UsageInvalid(doubts[0][0])

    def at_traffic(self, program: Program) -> list[tuple[Decimal, Band]]:
        """The total at a quarter of the traffic to eight times as much."""
        return [(factor, estimate(program, self.catalogue, replace(self.usage, traffic=factor)).total) for factor in _TRAFFIC]


def estimate_one(stack: str | None, file: Path | None, before: bool, settings: Settings) -> int:
    """Prints what a stack or a file costs and gives the exit status: 2 where it cannot be read."""

    def run(desk: Desk) -> str | None:
        program = named_program(stack, file, settings.project, read_before if before else read_file)
        name = str(file.name if file else stack)
        found = desk.price(desk.check(program))
        return _shown(found, name, program, desk, settings)

    return guarded(settings, run)


def named_program(
    stack: str | None, file: Path | None, project: Path, reader: Callable[[Path], Program] = read_file, *, help_of: str = "cost"
) -> Program:
    """The program of the one that is named, a stack or a file. Raises CostError where neither or both are."""
    if (stack is None) == (file is None):
        raise CostError(f"name either a stack or a --file; see `drydock {help_of} --help`")
    if stack and stack.endswith(".json"):
        raise CostError(f"{stack}: a file, not a stack; write `drydock {help_of} --file {stack}`")
    return reader(file) if file else previewed_program(stack or "", project)


def show_diff(base: str, head: str, settings: Settings) -> int:
    """Prints what changes from one program to the other and gives the exit status."""

    def run(desk: Desk) -> str | None:
        from costs.report.data import diff_as_dict

        old = desk.price(_program(base, settings.project))
        new = desk.price(desk.check(_program(head, settings.project)))
        changed, name = diff(old, new), f"{Path(base).name} → {Path(head).name}"
        if settings.form == "json":
            return json_text(diff_as_dict(changed, name))
        if settings.form == "markdown":
            return _comment([(Path(head).name, old, new)])
        if settings.form == "html":
            from costs.report.html import page

            return page(name, new, before=old)
        from cli.cost_table import print_diff

        print_diff(changed, name, settings.verbose)
        return None

    return guarded(settings, run)


def guarded(settings: Settings, run: Callable[[Desk], str | None]) -> int:
    """Runs a command with prices and usage at hand; what cannot be done is told in one line, exit status 2."""
    from rehearsal.workspace import WorkspaceError

    try:
        text = _text(Desk(_catalogue(settings), read_usage(settings.usage) if settings.usage else NO_USAGE), run, settings)
        if text is not None:
            _write(text, settings.output)
        return 0
    except BrokenPipeError:
        # Whoever reads has seen enough (`| head`): typer ends the command without a word.
        raise
    except UnicodeEncodeError as error:
        err.print(
            f"[red]error:[/red] standard output is {error.encoding}, which lacks a character; set PYTHONIOENCODING=utf-8, or use --output"
        )
        return 2
    except (CostError, Unreadable, UsageInvalid, WorkspaceError, OSError, sqlite3.Error) as error:
        err.print(f"[red]error:[/red] {escape(' '.join(str(error).split()))}")
        return 2


def _text(desk: Desk, run: Callable[[Desk], str | None], settings: Settings) -> str | None:
    """What the command has to write, None where it has printed it already: a table goes to the terminal, or to --output as plain text."""
    if settings.output is None:
        return run(desk)
    with out.capture() as printed:
        text = run(desk)
    return text if text is not None else Text.from_ansi(printed.get()).plain.rstrip("\n") + "\n"


def write_preview(stack: str, settings: Settings) -> int:
    """Prints the preview of a stack on simulated clouds and gives the exit status: 2 where its program fails."""

    def run(_: Desk) -> str:
        document = _previewed(stack, settings.project)
        read(document, stack)
        return json_text(document)

    return guarded(settings, run)


def previewed_program(stack: str, project: Path, *, config: Mapping[str, Any] | None = None, variant: str = "") -> Program:
    """The program of a stack, previewed on empty simulated clouds; config instead of the stack file's where it is given."""
    return read(_previewed(stack, project, config=config, variant=variant), stack)


def _previewed(stack: str, project: Path, *, config: Mapping[str, Any] | None = None, variant: str = "") -> dict[str, Any]:
    from rehearsal.previewed import previewed

    with err.status(f"previewing {variant or stack} on simulated clouds"):
        return previewed(project.resolve(), stack, config=config, variant=variant)


def _program(named: str, project: Path) -> Program:
    return read_file(Path(named)) if Path(named).is_file() or named.endswith(".json") else previewed_program(named, project)


def _catalogue(settings: Settings) -> Catalogue:
    return Catalogue.open(guesses=not settings.strict, adjustment=_adjustment(settings))


def _adjustment(settings: Settings) -> Adjustment | None:
    own = settings.prices or settings.project / "prices.yaml"
    if settings.prices is None and not own.is_file():
        if settings.account:
            raise CostError("--account needs own prices: name their file with --prices")
        return None
    from catalogue.overrides_file import OverridesInvalid
    from cli.prices_open import loaded

    try:
        return loaded(own, settings.account, Catalogue.open())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise CostError(f"{own}: cannot be read: {reason}; give a YAML file of own prices, see docs/prices.md") from None
    except OverridesInvalid as invalid:
        raise CostError(f"{invalid.lines[0]}{f' (and {len(invalid.lines) - 1} more)' if len(invalid.lines) > 1 else ''}") from None


def _shown(found: Estimate, name: str, program: Program, desk: Desk, settings: Settings) -> str | None:
    if settings.form == "json":
        from costs.report.data import as_dict

        return json_text(as_dict(found, name, _options(found, desk)))
    if settings.form == "markdown":
        return _comment([(name, None, found)])
    if settings.form == "html":
        from costs.report.html import page

        return page(name, found, traffic=desk.at_traffic(program), commitments=_options(found, desk))
    from cli.cost_table import print_estimate

    unknown = unpriced_commitments(found.lines, desk.catalogue)
    print_estimate(found, name, settings.verbose, _options(found, desk), unknown)
    return None


def _options(found: Estimate, desk: Desk) -> list[CommitmentOption]:
    return commitment_options(found.lines, desk.catalogue)


def _comment(stacks: Sequence[tuple[str, Estimate | None, Estimate]]) -> str:
    from costs.report.markdown import StackReport, comment

    return comment([StackReport(name, before, after) for name, before, after in stacks])


def levels(usd: Band) -> dict[str, str]:
    """A band of USD as JSON takes it: exact, and as text."""
    return {"low": f"{usd.low:f}", "expected": f"{usd.expected:f}", "high": f"{usd.high:f}"}


def _write(text: str, output: Path | None) -> None:
    if output is None:
        print(text, end="" if text.endswith("\n") else "\n")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CostError(f"--output {output}: cannot be written: {error.strerror}; name a file in a folder that is there") from None
    err.print(f"written: {escape(str(output))}")
