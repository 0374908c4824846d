"""The catalogue's CSV files as tables that can be changed and written back byte for byte in their own form."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.refresh.model import CannotFetch
from catalogue.rows import rows

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "prices": ("instance_type", "on_demand_usd_hour", "spot_usd_hour", "source"),
    "services": ("sku", "region", "unit", "price_usd", "source"),
    "commitments": ("applies_to", "region", "term_years", "payment", "kind", "value", "source"),
    "machines": ("instance_type", "vcpus", "memory_gib", "accelerator", "accelerator_count", "accelerator_memory_gib", "source"),
    "sources": ("id", "as_of", "confidence", "source"),
}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "prices": ("instance_type",),
    "services": ("sku", "region"),
    "commitments": ("applies_to", "region", "term_years", "payment", "kind"),
    "machines": ("instance_type",),
    "sources": ("id",),
}
Key = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One file: its rows by what identifies them."""

    kind: str
    rows: dict[Key, dict[str, str]] = field(default_factory=dict[Key, dict[str, str]])

    def put(self, row: dict[str, str]) -> None:
        """Adds the row, or puts it in the place of the one it identifies."""
        self.rows[tuple(row[column] for column in _KEYS[self.kind])] = row

    def text(self) -> str:
        """The file: sorted by line, LF, quotes only where needed."""
        header = _HEADERS[self.kind]
        lines = sorted(_line([row[column] for column in header]) for row in self.rows.values())
        return "".join([_line(header), *lines])


class Tables:
    """The catalogue's files of one folder, read when they are asked for; `original` is how they were."""

    def __init__(self, data: Path) -> None:
        """Raises CannotFetch where the folder is no catalogue."""
        self.data = data
        self._tables: dict[str, Table] = {}
        self._texts: dict[str, str] = {}
        if not (data / "sources.csv").is_file():
            raise CannotFetch(f"{data} is no catalogue: it has no sources.csv; name its folder with --data")

    def table(self, name: str) -> Table:
        """The table of this file, such as `prices/aws/eu-west-1.csv`; empty where there is none yet."""
        if name not in self._tables:
            kind = name.partition("/")[0].removesuffix(".csv")
            self._tables[name] = Table(kind)
            for row in self._rows(name):
                self._tables[name].put(row)
        return self._tables[name]

    def regions(self, provider: str) -> tuple[str, ...]:
        """The regions whose machine prices are on record."""
        return tuple(sorted(file.stem for file in (self.data / "prices" / provider).glob("*.csv")))

    def changed(self) -> dict[str, str]:
        """File → its new text, where that differs."""
        texts = {name: table.text() for name, table in self._tables.items()}
        return {name: text for name, text in texts.items() if text != self._texts[name] and (table_rows(text) or self._texts[name])}

    def sources_in_use(self) -> set[str]:
        """Every source that a row names, in the tables as they are now."""
        names = {name for name in self._tables if not name.startswith(("machines", "sources"))}
        folders = ("prices", "services", "commitments")
        files = {str(file.relative_to(self.data)) for folder in folders for file in (self.data / folder).glob("*/*.csv")}
        return {row["source"] for name in files | names for row in self._current(name)}

    def _current(self, name: str) -> Iterator[dict[str, str]]:
        if name in self._tables:
            yield from self._tables[name].rows.values()
        else:
            yield from rows(self.data / name)

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        file = self.data / name
        self._texts[name] = file.read_text(encoding="utf-8") if file.exists() else ""
        yield from csv.DictReader(io.StringIO(self._texts[name], newline=""))


def table_rows(text: str) -> int:
    """How many rows a file's text has below its header."""
    return max(text.count("\n") - 1, 0)


def _line(cells: list[str] | tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
