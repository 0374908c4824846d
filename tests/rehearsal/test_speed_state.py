"""A simulated cloud finds what it looks for by an index, so that a resource costs as much in a large stack as in a small one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal import state
from tests.rehearsal.simulated import Clouds

# How SQLite's EXPLAIN QUERY PLAN words a search: by these columns it finds one resource, by its type alone every one of the type.
FINDS_ONE = ("key=?", "arn=?", "name=?", "uniqueness=?", "urn=?", "rowid=?")


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collects every statement that a simulated cloud runs."""
    seen: list[str] = []
    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(seen.append)
        return connection

    monkeypatch.setattr(state.sqlite3, "connect", traced)
    return seen


def test_a_create_with_a_reference_reads_no_resource_but_what_it_looks_for(statements: list[str], start: Callable[..., Clouds]) -> None:
    clouds = start()
    aws = clouds.connect("aws")
    bucket, _ = aws.create("aws:s3/bucket:Bucket", "models", {})
    statements.clear()
    aws.create("aws:s3/bucketVersioning:BucketVersioning", "models", {"bucket": bucket, "versioningConfiguration": {"status": "Enabled"}})
    queries = [each for each in statements if each.startswith("SELECT") and "FROM resources" in each]
    assert queries, "the reference was looked up"
    with sqlite3.connect(clouds.database) as database:
        steps = [row[3] for query in queries for row in database.execute(f"EXPLAIN QUERY PLAN {query}")]
    reads = [step for step in steps if step.startswith(("SCAN resources", "SEARCH resources"))]
    assert reads
    assert [step for step in reads if not any(column in step for column in FINDS_ONE)] == []
