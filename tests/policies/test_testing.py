"""The kit for checks of one's own sees what a pack sees in a preview."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

from policies.check import Checks, Problem
from policies.checks import network_kubernetes, storage_aws
from policies.testing import UNKNOWN, Given, Secret, _seen, said  # pyright: ignore[reportPrivateUsage]
from policies.view import View

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ALL_ON = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True}
SEEN: list[Any] = []
OWN = Checks()


@OWN.add("ACME-SIZE-001", "Sizes are small", BUCKET, rationale="r", fix="make it smaller", parameters={"most": 5})
def small(view: View) -> Iterator[Problem]:
    """What a check is handed, and a bound on it."""
    size = view.get("size")
    SEEN.append(size)
    if size is not None and size > view.parameters["most"]:
        yield Problem(path="size", what=f"is {size:.0f}")


@OWN.add("ACME-SIZE-002", "Names are given", BUCKET, level="advisory", joined=True, rationale="r", fix="name it")
def named(view: View) -> Iterator[Problem]:
    """Advice on a program as a whole."""
    if not view.present("name"):
        yield Problem(what="has no name")


@OWN.add("ACME-SIZE-003", "Nothing is wrong with this check", "acme:x/y:Broken", rationale="r", fix="f")
def broken(view: View) -> Iterator[Problem]:
    """A check with a mistake in it."""
    yield Problem(what=view.resource.properties["secret"]["nothing"])


def test_a_violation_says_its_level_its_resource_and_its_property() -> None:
    assert said(OWN.listed, Given(type=BUCKET, name="data", inputs={"size": 6, "name": "n"})) == [
        "[mandatory] ACME-SIZE-001 data.size: is 6; fix: make it smaller"
    ]
    assert said(OWN.listed, Given(type=BUCKET, inputs={"size": 5, "name": "n"})) == []


def test_whole_numbers_come_through_the_engines_floats_as_they_were() -> None:
    SEEN.clear()
    said(
        OWN.listed, Given(type=BUCKET, inputs={"size": 5, "name": "n"}), Given(type=BUCKET, name="half", inputs={"size": 2.5, "name": "n"})
    )
    assert set(map(str, SEEN)) == {"5", "2.5"}


def test_a_message_of_the_engine_has_floats_alone() -> None:
    assert str(_seen({"size": 5})["size"]) == "5.0"


def test_what_is_unknown_is_undecided_and_named_by_its_path() -> None:
    (line,) = said(OWN.listed, Given(type=BUCKET, inputs={"size": UNKNOWN, "name": "n"}))
    assert line.startswith("[advisory] ACME-SIZE-001 it.size: cannot decide yet")
    lines = said(OWN.listed, Given(type=BUCKET, inputs={"size": UNKNOWN, "name": "n"}), policies={"undecided": "mandatory"})
    assert {line.partition(":")[0] for line in lines} == {"[mandatory] ACME-SIZE-001 it.size"}


def test_a_secret_is_handed_on_in_plain_text() -> None:
    SEEN.clear()
    said(OWN.listed, Given(type=BUCKET, inputs={"size": Secret(3), "name": "n"}))
    assert SEEN[-1] == 3


def test_what_the_cloud_fills_in_later_counts_as_left_out() -> None:
    assert said(OWN.listed, Given(type=BUCKET, outputs={"name": UNKNOWN})) == ["[advisory] ACME-SIZE-002 it: has no name; fix: name it"]


def test_a_mistake_in_a_check_is_told_without_a_value() -> None:
    (line,) = said(OWN.listed, Given(type="acme:x/y:Broken", inputs={"secret": {"other": "hunter2"}}))
    assert line == "[advisory] ACME-SIZE-003 it: the check itself failed: KeyError, please report it"


def test_settings_are_those_of_a_stack_file() -> None:
    bucket = Given(type=BUCKET, inputs={"size": 6, "name": "n"})
    assert said(OWN.listed, bucket, policies={"checks": {"ACME-SIZE-001": {"parameters": {"most": 7}}}}) == []
    assert said(OWN.listed, bucket, policies={"profile": "none"})[0].startswith("[mandatory] drydock:policies: profile: 'none' is wrong")
    assert pulumi.Config("drydock").get("policies") is None


def test_neighbours_are_found_by_what_a_value_comes_from() -> None:
    bucket = Given(type=BUCKET, name="data", inputs={}, outputs={"bucket": UNKNOWN})
    block = Given(type=BLOCK, name="block", inputs={**ALL_ON, "bucket": UNKNOWN}, refers={"bucket": bucket})
    blocks = [check for check in storage_aws.CHECKS.listed if check.id in ("DD-STORAGE-001", "DD-STORAGE-002")]
    assert said(blocks, bucket, block) == []
    assert [line.partition(";")[0] for line in said(blocks, bucket)] == [
        "[mandatory] DD-STORAGE-001 data: no public access block refers to it"
    ]
    with pytest.raises(LookupError, match="block refers to data"):
        said(blocks, block)


def test_components_and_parents_stand_in_a_urn() -> None:
    team = Given(type="acme:index:Team", name="search", component=True)
    space = Given(type="kubernetes:core/v1:Namespace", name="space", inputs={"metadata": {"name": "search"}}, parent=team)
    assert space.urn == "urn:pulumi:try::try::acme:index:Team$kubernetes:core/v1:Namespace::space"
    closed = [check for check in network_kubernetes.CHECKS.listed if check.id == "DD-NETWORK-301"]
    assert said(closed, team, space)[0].startswith("[mandatory] DD-NETWORK-301 space: has no NetworkPolicy")


def test_the_example_of_the_page_is_one_that_passes(root: Path) -> None:
    page = (root / "docs" / "policies.md").read_text(encoding="utf-8")
    (block,) = (each for each in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "policies.testing" in each)
    names: dict[str, Any] = {}
    exec(block, names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test()
