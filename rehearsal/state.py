"""What the simulated clouds hold: one SQLite database for a rehearsal, shared by its clouds and surviving its process."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from rehearsal.errors import package_of
from rehearsal.sealing import Sealer, Stored
from rehearsal.values import leaves

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS resources (
    type TEXT NOT NULL, place TEXT NOT NULL, id TEXT NOT NULL, urn TEXT NOT NULL, name TEXT NOT NULL, arn TEXT NOT NULL,
    uniqueness TEXT UNIQUE, seed TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, created_at TEXT NOT NULL,
    key TEXT NOT NULL, PRIMARY KEY (type, key, place));
CREATE INDEX IF NOT EXISTS resources_urn ON resources (urn);
CREATE INDEX IF NOT EXISTS resources_name ON resources (type, name COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS resources_arn ON resources (arn);
CREATE INDEX IF NOT EXISTS resources_key ON resources (key);
CREATE TABLE IF NOT EXISTS objects (bucket TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (bucket, key));
CREATE TABLE IF NOT EXISTS holds (holder TEXT NOT NULL, held TEXT NOT NULL, PRIMARY KEY (holder, held));
CREATE TABLE IF NOT EXISTS nodes (
    id INTEGER PRIMARY KEY, holder TEXT NOT NULL, pool TEXT NOT NULL, cloud TEXT NOT NULL, region TEXT NOT NULL, zone TEXT NOT NULL,
    machine_type TEXT NOT NULL, market TEXT NOT NULL, attached TEXT NOT NULL, attached_count REAL NOT NULL, reservation TEXT NOT NULL,
    scaled INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS nodes_holder ON nodes (holder);
CREATE TABLE IF NOT EXISTS pods (workload TEXT NOT NULL, node INTEGER NOT NULL, requests TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS placements (workload TEXT PRIMARY KEY, outcome TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, name));
CREATE TABLE IF NOT EXISTS attempts (what TEXT PRIMARY KEY, count INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Resource:
    """A resource that exists in a simulated cloud.

    `place` is the account, project, subscription or cluster and the region that the id is unique in; `arn` is the
    cloud's full name for it (ARN, self link) or empty; secrets in `inputs` and `outputs` are digests.
    """

    type: str
    place: str
    id: str
    urn: str
    name: str
    arn: str
    uniqueness: str | None
    seed: str
    inputs: Stored
    outputs: Stored
    created_at: str

    @property
    def package(self) -> str:
        """The Pulumi package: aws, gcp, azure-native or kubernetes."""
        return package_of(self.type)

    @property
    def key(self) -> str:
        """What tells it from every other resource: its type, place and id."""
        return " ".join((self.type, self.place, key_of(self.type, self.id)))


class TakenError(Exception):
    """The id or the unique name belongs to another resource."""

    def __init__(self, owner: Resource | None) -> None:
        super().__init__(owner.id if owner else "")
        self.owner = owner


_NAMES: Final = tuple(field.name for field in fields(Resource))
_COLUMNS: Final = ", ".join(_NAMES)


class SimulatedCloud:
    """The state of every simulated cloud of one rehearsal; safe to use from many threads and processes."""

    def __init__(self, database: Path) -> None:
        """Open or make the database. Raises sqlite3.Error or OSError where it cannot be written."""
        self.sealer = Sealer.beside(database)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False, timeout=30)
        # The operating system keeps what was written when this process dies; only a power cut could lose it.
        self._connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; {_SCHEMA}")

    def close(self) -> None:
        """Close the database; the state stays on disk."""
        with self._lock:
            self._connection.close()

    def create(self, resource: Resource) -> None:
        """Add a resource. Raises TakenError if its id or its unique name is in use; the check and the act are one."""
        marks = ", ".join("?" * (len(_NAMES) + 1))
        try:
            self._run(f"INSERT INTO resources ({_COLUMNS}, key) VALUES ({marks})", (*_row(resource), key_of(resource.type, resource.id)))
        except sqlite3.IntegrityError as error:
            raise TakenError(self._owner(resource)) from error

    def update(self, resource: Resource) -> None:
        """Replace what is held of a resource. Raises TakenError if its new unique name is in use."""
        names = ", ".join(f"{name} = ?" for name in _NAMES)
        where = (resource.type, key_of(resource.type, resource.id), resource.place)
        try:
            self._run(f"UPDATE resources SET {names} WHERE type = ? AND key = ? AND place = ?", (*_row(resource), *where))
        except sqlite3.IntegrityError as error:
            raise TakenError(self._owner(resource)) from error

    def delete(self, resource: Resource) -> None:
        """Remove a resource, the objects in it and its nodes; nothing happens if it is gone already."""
        where = (resource.type, key_of(resource.type, resource.id), resource.place)
        with self._lock:
            self._run("DELETE FROM resources WHERE type = ? AND key = ? AND place = ?", where)
            self._run("DELETE FROM objects WHERE bucket = ?", (resource.id,))
            self._run("DELETE FROM nodes WHERE holder = ?", (resource.key,))

    def get(self, token: str, identifier: str, place: str = "") -> Resource | None:
        """Give the resource of a type with an id, in `place` if that is given."""
        found = self._select("type = ? AND key = ?", (token, key_of(token, identifier)))
        return next((resource for resource in found if place in ("", resource.place)), None)

    def by_urn(self, urn: str) -> Resource | None:
        """Give the resource that a URN last made."""
        return next(iter(reversed(self._select("urn = ? ORDER BY rowid", (urn,)))), None)

    def all(self) -> list[Resource]:
        """Give everything that exists, oldest first."""
        return self._select("1 ORDER BY rowid", ())

    def owned(self) -> list[Resource]:
        """Give what a stack made and has not given up: neither the scenario's existing resources nor abandoned ones."""
        return self._select("urn <> '' ORDER BY rowid", ())

    def of_types(self, tokens: Iterable[str]) -> list[Resource]:
        """Give every resource of the types."""
        wanted = list(tokens)
        return self._select(f"type IN ({', '.join('?' * len(wanted))})", wanted)

    def identified(self, tokens: Iterable[str], identifier: str) -> list[Resource]:
        """Give the resources of the types that `identifier` may mean: an id, an ARN or self link, or a name."""
        wanted = list(tokens)
        marks = ", ".join("?" * len(wanted))
        # Alternatives joined by OR would make SQLite read every resource of the types; each of these has an index.
        ways = (("key = ?", identifier), ("key = ?", identifier.lower()), ("arn = ?", identifier), ("name = ? COLLATE NOCASE", identifier))
        found = " UNION ".join(f"SELECT rowid FROM resources WHERE type IN ({marks}) AND {way}" for way, _ in ways)
        return self._select(f"rowid IN ({found}) ORDER BY rowid", [each for _, value in ways for each in (*wanted, value)])

    def mentioning(self, values: Iterable[str], tokens: Collection[str] | None = None) -> list[Resource]:
        """Give the resources, of the types or of any, whose inputs hold one of `values` as a whole string."""
        found: dict[tuple[str, str, str], Resource] = {}
        for value in {value for value in values if value}:
            for resource in self._mentioning(value):
                found[resource.type, resource.place, resource.id] = resource
        return list(found.values()) if tokens is None else [resource for resource in found.values() if resource.type in set(tokens)]

    def _mentioning(self, value: str) -> list[Resource]:
        candidates = self._select("instr(inputs, ?) > 0", (json.dumps(value),))
        return [resource for resource in candidates if value in _strings(resource.inputs)]

    def has_key(self, key: str) -> bool:
        """Tell whether any resource, of whatever type, has an id; Azure's in lower case."""
        return bool(self._run("SELECT 1 FROM resources WHERE key = ? LIMIT 1", (key,)))

    def beneath(self, identifier: str) -> list[Resource]:
        """Give the resources whose id continues `identifier`, as everything in an Azure resource group does."""
        prefix = identifier.lower() + "/"
        return self._select("key >= ? AND key < ?", (prefix, prefix[:-1] + chr(ord("/") + 1)))

    def count(self, pattern: str, place: str = "") -> int:
        """Give the number of resources whose type matches a shell pattern, in a place or anywhere."""
        rows = self._run("SELECT count(*) FROM resources WHERE type GLOB ? AND (? = '' OR place LIKE '%' || ?)", (pattern, place, place))
        return int(rows[0][0])

    def put_object(self, bucket: str, key: str) -> None:
        """Put an object into a bucket, as a running workload would."""
        self._run("INSERT OR REPLACE INTO objects VALUES (?, ?)", (bucket, key))

    def objects(self, bucket: str) -> list[str]:
        """Give the keys of the objects in a bucket."""
        return [str(row[0]) for row in self._run("SELECT key FROM objects WHERE bucket = ? ORDER BY key", (bucket,))]

    def hold(self, holder: str, held: Iterable[str]) -> None:
        """Let something outside the resources, such as a load balancer, keep these ids from being deleted."""
        for identifier in held:
            self._run("INSERT OR REPLACE INTO holds VALUES (?, ?)", (holder, identifier))

    def let_go(self, holder: str) -> None:
        """End what `hold` began."""
        self._run("DELETE FROM holds WHERE holder = ?", (holder,))

    def holders(self, identifiers: Iterable[str]) -> list[str]:
        """Give what holds any of these ids."""
        wanted = [identifier for identifier in identifiers if identifier]
        rows = self._run(f"SELECT DISTINCT holder FROM holds WHERE held IN ({', '.join('?' * len(wanted))}) ORDER BY holder", wanted)
        return [str(row[0]) for row in rows]

    def attempt(self, what: str) -> int:
        """Count one more attempt at something and give the count; a later run of the same rehearsal goes on counting."""
        sql = "INSERT INTO attempts VALUES (?, 1) ON CONFLICT (what) DO UPDATE SET count = count + 1 RETURNING count"
        return int(self._run(sql, (what,))[0][0])

    def _owner(self, resource: Resource) -> Resource | None:
        same_name = self._select("uniqueness = ?", (resource.uniqueness,))
        return next(iter(same_name), None) or self.get(resource.type, resource.id, resource.place)

    def _select(self, where: str, parameters: Sequence[Any]) -> list[Resource]:
        return [_resource(row) for row in self._run(f"SELECT {_COLUMNS} FROM resources WHERE {where}", parameters)]

    def _run(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a statement for what keeps tables of its own here: nodes, pods and where they came to be."""
        return self._run(sql, parameters)

    @property
    def changes(self) -> int:
        """How many rows this process has changed so far; the same number twice means that nothing happened between."""
        with self._lock:
            return self._connection.total_changes


def key_of(token: str, identifier: str) -> str:
    """Give the form of an id by which it is found: Azure does not tell upper from lower case."""
    return identifier.lower() if package_of(token) == "azure-native" else identifier


def _row(resource: Resource) -> tuple[Any, ...]:
    texts = {"inputs": json.dumps(resource.inputs), "outputs": json.dumps(resource.outputs)}
    return tuple({**vars(resource), **texts}.values())


def _resource(row: tuple[Any, ...]) -> Resource:
    values = dict(zip(_NAMES, row, strict=True))
    return Resource(**{**values, "inputs": json.loads(values["inputs"]), "outputs": json.loads(values["outputs"])})


def _strings(inputs: Stored) -> set[str]:
    return {leaf for _, leaf in leaves(inputs) if isinstance(leaf, str)}
