"""What the pack says once: of several checks that wait for one value, and of one that waits for it twice."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from policies.check import Change, Checks, Problem
from policies.finding import Finding, Result
from policies.pack import remediated, said_once
from policies.registry import by_id
from policies.testing import UNKNOWN, Given, said
from policies.view import View

BUCKET = "aws:s3/bucket:Bucket"
OWN = Checks()


@OWN.add("ACME-NAME-001", "Names are short", BUCKET, rationale="r", fix="shorten it")
def short(view: View) -> Iterator[Problem]:
    """A name of three letters at most."""
    if len(view.text("name")) > 3:
        yield Problem(path="name", what="is long")


def finding(check: str, urn: str, result: Result, path: str = "policy") -> Finding:
    return Finding(check=by_id()[check], urn=urn, result=result, level="advisory", what="is unknown", path=path)


def test_checks_that_wait_for_one_value_are_told_of_together() -> None:
    a, b = "urn:pulumi:dev::shop::aws:iam/policy:Policy::a", "urn:pulumi:dev::shop::aws:iam/policy:Policy::b"
    listed = [
        finding("DD-STORAGE-001", a, "undecided"),
        finding("DD-STORAGE-002", a, "violation"),
        finding("DD-STORAGE-003", a, "undecided"),
        finding("DD-STORAGE-003", b, "undecided"),
        finding("DD-STORAGE-002", a, "undecided", path="other"),
    ]
    told = dict(said_once(listed))
    assert len(list(said_once(listed))) == 4
    assert told["DD-STORAGE-001, DD-STORAGE-003 a.policy: cannot decide yet: is unknown"] == a
    assert told["DD-STORAGE-003 b.policy: cannot decide yet: is unknown"] == b
    assert [line for line in told if line.startswith("DD-STORAGE-002 a.policy: is unknown; fix: ")]


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("level", ["mandatory", "advisory"])
@pytest.mark.parametrize("undecided", ["mandatory", "advisory"])
def test_what_cannot_be_decided_is_told_once_at_its_own_level(joined: bool, level: str, undecided: str) -> None:
    check = replace(OWN.listed[0], joined=joined)
    policies = {"undecided": undecided, "checks": {check.id: {"level": level}}}
    (line,) = said([check], Given(type=BUCKET, inputs={"name": UNKNOWN}), policies=policies)
    assert line.startswith(f"[{undecided}] ACME-NAME-001 it.name: cannot decide yet")


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("level", ["mandatory", "advisory"])
def test_a_violation_is_told_once_at_its_checks_level(joined: bool, level: str) -> None:
    check = replace(OWN.listed[0], joined=joined)
    policies = {"undecided": "mandatory", "checks": {check.id: {"level": level}}}
    lines = said([check], Given(type=BUCKET, inputs={"name": "longer"}), policies=policies)
    assert lines == [f"[{level}] ACME-NAME-001 it.name: is long; fix: shorten it"]


@pytest.mark.parametrize("given", ["on", "[]", '"remediate"'])
def test_settings_that_are_no_mapping_are_told_in_a_line_and_nothing_else_is(given: str) -> None:
    (line,) = said(OWN.listed, Given(type=BUCKET, inputs={"name": "longer"}), config={"drydock:policies": given})
    assert line.startswith("[mandatory] drydock:policies: is no mapping; allowed: profile, checks, exemptions")


def test_what_was_remediated_is_told_with_check_resource_and_values() -> None:
    changes = [Change(path="tags", key="cost-center", value="cc-1"), Change(path="rules.0.on", value=True)]
    urn = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::models"
    line = remediated("DD-LABEL-401", urn, changes)
    assert line == 'remediated: DD-LABEL-401 models: set tags.cost-center to "cc-1", rules.0.on to true'


def test_a_pod_in_its_providers_namespace_is_judged_as_one_of_that_namespace() -> None:
    spec = {"containers": [{"name": "agent", "securityContext": {"privileged": True}}]}
    pod = Given(type="kubernetes:core/v1:Pod", inputs={"metadata": {"name": "agent"}, "spec": spec}, provider={"namespace": "kube-system"})
    assert said([by_id()["DD-WORKLOAD-301"]], pod) == []
    elsewhere = Given(type=pod.type, inputs=pod.inputs, provider={"namespace": "search"})
    assert [line.partition(" it.")[0] for line in said([by_id()["DD-WORKLOAD-301"]], elsewhere)] == ["[mandatory] DD-WORKLOAD-301"]
