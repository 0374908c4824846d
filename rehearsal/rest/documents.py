"""What the simulated HTTP APIs hold: JSON documents by name, and the operations that are to change them, in the rehearsal's state."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rehearsal.state import SimulatedCloud

Document = dict[str, Any]

# Kinds that are no resources, and that nobody is billed for.
_BOOKKEEPING: Final = ("pending", "operation", "split", "run.googleapis.com/Revision")


@dataclass(frozen=True)
class Change:
    """What an operation does once it is due: documents by kind and name, None deletes; and what it gives, or how it fails."""

    puts: Mapping[tuple[str, str], Document | None] = field(default_factory=dict[tuple[str, str], "Document | None"])
    response: Document | None = None
    error: Document | None = None


class Documents:
    """The documents of one rehearsal. `lock` makes several steps one."""

    def __init__(self, cloud: SimulatedCloud) -> None:
        self._cloud = cloud
        self.lock = threading.RLock()

    def get(self, kind: str, name: str) -> Document | None:
        """Give a document, or None."""
        rows = self._cloud.query("SELECT body FROM documents WHERE kind = ? AND name = ?", (kind, name))
        return json.loads(rows[0][0]) if rows else None

    def beneath(self, kind: str, prefix: str) -> list[Document]:
        """Give the documents whose name continues `prefix`, oldest first."""
        sql = "SELECT body FROM documents WHERE kind = ? AND substr(name, 1, ?) = ? ORDER BY rowid"
        return [json.loads(row[0]) for row in self._cloud.query(sql, (kind, len(prefix), prefix))]

    def put(self, kind: str, name: str, body: Document | None) -> None:
        """Keep a document under its name, in the place it had; None deletes it."""
        if body is None:
            self._cloud.query("DELETE FROM documents WHERE kind = ? AND name = ?", (kind, name))
            return
        sql = "INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body"
        self._cloud.query(sql, (kind, name, json.dumps(body)))

    def begin(self, name: str, change: Change, seconds: float) -> Document:
        """Start an operation that is due after some seconds, and give it as the API does: not done yet."""
        puts = [[kind, place, body] for (kind, place), body in change.puts.items()]
        outcome = {"error": change.error} if change.error else {"response": change.response or {}}
        self.put("pending", name, {"name": name, "due": time.time() + seconds, "puts": puts, "outcome": outcome})
        return {"name": name, "done": False}

    def operation(self, name: str) -> Document | None:
        """Give an operation as the API shows it: its outcome once it is done."""
        return {"name": name, "done": False} if self.get("pending", name) else self.get("operation", name)

    def going_on(self, prefix: str) -> list[Document]:
        """Give the operations that are not done, as they were begun."""
        return self.beneath("pending", prefix)

    def settle(self) -> None:
        """Do what is due, in the order in which it was begun: also what an earlier process of this rehearsal began."""
        for operation in self.beneath("pending", ""):
            if operation["due"] > time.time():
                continue
            for kind, name, body in operation["puts"]:
                self.put(kind, name, body)
            self.put("operation", operation["name"], {"name": operation["name"], "done": True, **operation["outcome"]})
            self.put("pending", operation["name"], None)


def left_over(cloud: SimulatedCloud) -> list[str]:
    """What is still there, as `type name` lines."""
    marks = ", ".join("?" * len(_BOOKKEEPING))
    rows = cloud.query(f"SELECT kind, name FROM documents WHERE kind NOT IN ({marks}) ORDER BY rowid", _BOOKKEEPING)
    return [f"{kind} {name}" for kind, name in rows]


def holding(cloud: SimulatedCloud, name: str) -> list[str]:
    """The ids of what stands within a resource and keeps it: the models deployed to an endpoint."""
    prefix = f"{name}/deployedModels/"
    rows = cloud.query("SELECT name FROM documents WHERE substr(name, 1, ?) = ? ORDER BY rowid", (len(prefix), prefix))
    return [row[0].removeprefix(prefix) for row in rows]
