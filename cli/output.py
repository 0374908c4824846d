"""How `drydock` speaks: results on standard output, everything else on standard error."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDEST = 10_000  # characters: no id of a cloud is as long
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_whole(table: Table) -> None:
    """A table as wide as its content, so that an id can be copied from it; a narrow terminal wraps its lines."""
    table.width = out.measure(table, options=out.options.update(width=_WIDEST)).maximum
    out.print(table)
