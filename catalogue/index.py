"""The catalogue's SQLite index, built from the CSV files that a person reviews."""

import hashlib
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from catalogue.rows import rows

DATA = Path(__file__).parent / "data"
_SCHEMA = """
CREATE TABLE source (id TEXT PRIMARY KEY, as_of TEXT, confidence TEXT, text TEXT) WITHOUT ROWID;
CREATE TABLE machine (provider TEXT, instance_type TEXT, family TEXT, vcpus REAL, memory_gib REAL, accelerator TEXT,
    accelerator_count REAL, accelerator_memory_gib REAL, source TEXT, PRIMARY KEY (provider, instance_type)) WITHOUT ROWID;
CREATE TABLE machine_price (provider TEXT, region TEXT, instance_type TEXT, on_demand TEXT, spot TEXT, source TEXT,
    PRIMARY KEY (provider, region, instance_type)) WITHOUT ROWID;
CREATE TABLE service_price (provider TEXT, service TEXT, sku TEXT, region TEXT, unit TEXT, usd TEXT, source TEXT,
    PRIMARY KEY (provider, service, sku, region)) WITHOUT ROWID;
CREATE TABLE commitment (provider TEXT, plan TEXT, applies_to TEXT, region TEXT, term_years INTEGER, payment TEXT, kind TEXT,
    value TEXT, source TEXT, PRIMARY KEY (provider, applies_to, region, plan, term_years, payment, kind)) WITHOUT ROWID;
"""


def open_index(data: Path = DATA) -> sqlite3.Connection:
    """A read-only connection to the index of these files, which is built first where it is missing or older than they are.

    Raises OSError where the files cannot be read, sqlite3.Error where the index cannot be written.
    """
    index = _folder() / f"catalogue-{_fingerprint(data)}.sqlite"
    if not index.exists():
        _build(data, index)
    return sqlite3.connect(f"{index.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def family(provider: str, instance_type: str) -> str:
    """The family of a machine type: `g5` of g5.xlarge, `g2-standard` of g2-standard-4, `NCads_A100_v4` of Standard_NC24ads_A100_v4."""
    if provider == "azure":
        return re.sub(r"^Standard_([A-Z]+)\d+(-\d+)?", r"\1", instance_type)
    if provider == "gcp":
        return re.sub(r"-\d+[a-z]?$", "", instance_type)
    return instance_type.removeprefix("ml.").partition(".")[0]


def _folder() -> Path:
    given = os.environ.get("DRYDOCK_CACHE_DIR")
    folder = Path(given) if given else _user_cache() / "drydock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    except OSError:
        # A container with a read-only home still has somewhere to write.
        return Path(tempfile.mkdtemp(prefix="drydock-"))


def _user_cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _fingerprint(data: Path) -> str:
    # Names, sizes and times, not contents: reading 4 MB at each start would cost more than every look-up after it.
    files = sorted(data.rglob("*.csv"))
    parts = [f"{file.relative_to(data)} {stat.st_size} {stat.st_mtime_ns}" for file in files if (stat := file.stat())]
    return hashlib.sha256("\n".join([str(data.resolve()), _SCHEMA, *parts]).encode()).hexdigest()[:16]


def _build(data: Path, index: Path) -> None:
    # Built aside and moved into place, so that two processes that start together never see half an index.
    handle, name = tempfile.mkstemp(dir=index.parent, suffix=".building")
    os.close(handle)
    building = Path(name)
    try:
        with sqlite3.connect(building) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            fill(connection, _tables(data))
        connection.close()
        building.replace(index)
    finally:
        building.unlink(missing_ok=True)


def fill(connection: sqlite3.Connection, tables: Mapping[str, Iterable[tuple[str | None, ...]]]) -> None:
    """Makes the index's tables in an empty database and puts these rows into them."""
    connection.executescript(_SCHEMA)
    for table, listed in tables.items():
        _insert(connection, table, listed)


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[str | None, ...]]) -> None:
    width = len(connection.execute(f"PRAGMA table_info({table})").fetchall())
    connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)


def _tables(data: Path) -> Mapping[str, Iterable[tuple[str | None, ...]]]:
    return {
        "source": ((row["id"], row["as_of"], row["confidence"], row["source"]) for row in rows(data / "sources.csv")),
        "machine": _machines(data),
        "machine_price": _machine_prices(data),
        "service_price": _service_prices(data),
        "commitment": _commitments(data),
    }


def _machines(data: Path) -> Iterator[tuple[str | None, ...]]:
    for file in sorted((data / "machines").glob("*.csv")):
        for row in rows(file):
            shape = (row[column] or None for column in ("vcpus", "memory_gib"))
            accelerators = (row["accelerator"], row["accelerator_count"] or "0", row["accelerator_memory_gib"] or None)
            yield (file.stem, row["instance_type"], family(file.stem, row["instance_type"]), *shape, *accelerators, row["source"])


def _machine_prices(data: Path) -> Iterator[tuple[str | None, ...]]:
    for file in sorted((data / "prices").glob("*/*.csv")):
        for row in rows(file):
            prices = (row["on_demand_usd_hour"] or None, row["spot_usd_hour"] or None)
            yield (file.parent.name, file.stem, row["instance_type"], *prices, row["source"])


def _service_prices(data: Path) -> Iterator[tuple[str | None, ...]]:
    for file in sorted((data / "services").glob("*/*.csv")):
        for row in rows(file):
            yield (file.parent.name, file.stem, row["sku"], row["region"], row["unit"], row["price_usd"], row["source"])


def _commitments(data: Path) -> Iterator[tuple[str | None, ...]]:
    for file in sorted((data / "commitments").glob("*/*.csv")):
        for row in rows(file):
            what = (row["applies_to"], row["region"], row["term_years"] or "0", row["payment"])
            yield (file.parent.name, file.stem, *what, row["kind"], row["value"], row["source"])
