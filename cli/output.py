"""How `drydock` speaks: results on standard output, everything else on standard error."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDEST = 10_000  # characters: no id of a cloud is as long
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def json_text(value: Any) -> str:
    """One JSON document. A lone half of a pair (`\\ud800` in somebody's name) is no character that can be written: it is replaced."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str).encode("utf-8", "replace").decode("utf-8") + "\n"


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json_text(value), end="")


def plain_table(head: str, *, whole: bool = False) -> Table:
    """A table without a frame, with its first column. whole: its words never wrap, so that an id can be copied."""
    found = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    found.add_column(head, overflow="fold", no_wrap=whole)
    return found


def print_table(table: Table) -> None:
    """A table within the terminal's width."""
    out.print(table, soft_wrap=False)


def print_whole(table: Table) -> None:
    """A table as wide as its content, so that an id can be copied from it; a narrow terminal wraps its lines."""
    table.width = out.measure(table, options=out.options.update(width=_WIDEST)).maximum
    out.print(table)
