"""What the pack says once where several checks wait for the same value."""

from policies.finding import Finding, Result
from policies.pack import said_once
from policies.registry import by_id


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
