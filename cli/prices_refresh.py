"""`drydock prices refresh`: progress while it fetches, then what changes, then whether it was written."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalogue.index import DATA
from catalogue.refresh.changes import TableChanges, said
from catalogue.refresh.client import Patience
from catalogue.refresh.model import CannotFetch
from catalogue.refresh.run import INTERFACES, Outcome, Request
from catalogue.refresh.run import refresh as fetch_and_write
from cli.output import err, out, print_whole
from cli.prices_open import failed, reason

_SHOWN = 20  # lines of a list; the rest is counted
_MOVES = 3
KEY = "DRYDOCK_GCP_KEY"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The command line's words."""

    cloud: str
    regions: tuple[str, ...]
    services: frozenset[str]
    accept: bool
    threshold: str
    endpoint: str
    data: Path | None
    dry_run: bool
    key_file: Path | None


def refresh(asked: Asked, patience: Patience | None = None) -> int:
    """Runs it and gives the exit status: 0 written or nothing to write, 1 refused, 2 cannot fetch or write (nothing changed)."""
    if asked.cloud not in INTERFACES:
        failed(f"--cloud {asked.cloud}: not known; allowed: {', '.join(INTERFACES)}", 2)
    if not Decimal(asked.threshold).is_finite():
        failed(f"--threshold {asked.threshold}: allowed: a number of percent, such as 25", 2)
    request = Request(
        cloud=asked.cloud,
        data=asked.data or DATA,
        today=datetime.now(UTC).date().isoformat(),
        regions=asked.regions,
        services=asked.services,
        endpoint=asked.endpoint,
        threshold=Decimal(asked.threshold),
        accept=asked.accept,
        dry_run=asked.dry_run,
        key=_key(asked),
    )
    try:
        outcome = _watched(request, patience)
    except CannotFetch as error:
        failed(f"cannot fetch, nothing is changed: {error}", 2)
    except OSError as error:
        failed(f"{request.data}: cannot be written, nothing is changed: {reason(error)}", 2)
    _tell(outcome, request)
    return 1 if outcome.refusals else 0


def _watched(request: Request, patience: Patience | None) -> Outcome:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    # Where nobody watches (a log, a pipe) it would leave an empty line before whatever comes next.
    with Progress(*columns, console=err, transient=True, disable=not err.is_interactive) as progress:
        task = progress.add_task(f"{request.cloud} prices", total=None)

        def watch(what: str, size: int) -> None:
            progress.update(task, advance=size, description=escape(f"{request.cloud}: {what}"))

        return fetch_and_write(request, watch, patience)


def _key(asked: Asked) -> str:
    """Google Cloud's key, from a file or the environment: on a command line every user of the machine would see it."""
    if asked.cloud != "gcp":
        return ""
    place = f"--key-file {asked.key_file}" if asked.key_file else KEY
    try:
        key = (asked.key_file.read_text(encoding="utf-8") if asked.key_file else os.environ.get(KEY, "")).strip()
    except (OSError, UnicodeDecodeError) as error:
        failed(f"{place}: cannot be read: {reason(error)}", 2)
    if not key.isascii() or not key.isprintable() or " " in key:
        failed(f"{place}: holds no API key (one word of letters, digits and signs)", 2)
    return key


def _tell(outcome: Outcome, request: Request) -> None:
    changed = [table for table in outcome.changes if table.changes or table.other]
    if changed:
        print_whole(_summary(changed))
    out.print(f"{len(outcome.changes)} tables compared, {len(changed)} of them differ")
    if outcome.skipped:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(outcome.skipped.items()))
        out.print(f"Rows of the answers that were left out: {escape(reasons)}")
    _list("Two different prices, so the one on record stays", outcome.doubtful)
    if outcome.refusals:
        _list("Refused, nothing is written", outcome.refusals)
        out.print("Look at these changes; `--accept` writes them")
    elif request.dry_run:
        out.print("Nothing is written (--dry-run)")
    else:
        out.print(f"{len(outcome.written)} files written in {escape(str(request.data))}; review them with git diff")


def _summary(changed: list[TableChanges]) -> Table:
    table = Table("table", "known", "added", "removed", "changed", "biggest moves")
    for each in changed:
        moved = each.moved
        moves = "\n".join(escape(said(change)) for change in moved[:_MOVES])
        table.add_row(escape(each.title), str(each.known), str(len(each.added)), str(len(each.removed)), str(len(moved)), moves)
    return table


def _list(title: str, lines: tuple[str, ...]) -> None:
    if lines:
        out.print(f"[bold]{title}[/bold] ({len(lines)}):")
    for line in lines[:_SHOWN]:
        out.print(f"  {escape(line)}")
    if len(lines) > _SHOWN:
        out.print(f"  … and {len(lines) - _SHOWN} more")
