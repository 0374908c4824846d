"""The table of references: every row speaks of types and properties that the SDKs have."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from rehearsal.facts import all_facts
from rehearsal.paths import parse_path
from rehearsal.references import references_of
from rehearsal.schema import Property, resource_schema

ROWS = list(csv.DictReader((Path(__file__).resolve().parents[2] / "rehearsal" / "facts" / "references.csv").open(encoding="utf-8")))
NAMES = [f"{row['child']} {row['property']}" for row in ROWS]
# Types that a row speaks of and the other tables do not.
OTHERS = (
    "aws:s3/objectCopy:ObjectCopy",
    "aws:kms/keyPolicy:KeyPolicy",
    "gcp:compute/instance:Instance",
    "gcp:pubsub/topicIAMMember:TopicIAMMember",
    "gcp:secretmanager/secretIamMember:SecretIamMember",
    "kubernetes:core/v1:ConfigMap",
)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_parents_of_a_row_are_types_of_the_sdk(row: dict[str, str]) -> None:
    for token in [*row["parents"].split(";"), *filter(None, row["named_by"].split(";"))]:
        assert resource_schema(token) is not None, token


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_property_of_a_row_is_an_input_of_a_type_that_it_covers(row: dict[str, str]) -> None:
    tokens = [known.token for known in all_facts()] + list(OTHERS)
    covered = [token for token in tokens if fnmatchcase(token, row["child"])]
    assert any(has_input(token, row["property"]) for token in covered), covered


def test_a_bucket_does_not_name_itself() -> None:
    assert ("bucket",) not in [reference.property for reference in references_of("aws:s3/bucket:Bucket")]
    assert ("bucket",) in [reference.property for reference in references_of("aws:s3/bucketVersioning:BucketVersioning")]


def has_input(token: str, path: str) -> bool:
    schema = resource_schema(token)
    steps = [step for step in parse_path(path) if step != "*"]
    members: dict[str, Property] = dict(schema.inputs) if schema else {}
    for step in steps[:-1]:
        found = members.get(str(step))
        if found is None:
            return False
        inner = found.element or found
        members = {name: each for option in (inner, *inner.options) for name, each in option.properties.items()}
    return str(steps[-1]) in members
