"""The catalogue's CSV files, row by row."""

import csv
from collections.abc import Iterator
from pathlib import Path


def rows(file: Path) -> Iterator[dict[str, str]]:
    """Each row as its columns' texts. Raises OSError where the file cannot be read."""
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)
