"""What is known of Google's IAM grants is said before what is not, and a value that may be anybody is taken for nobody."""

from collections.abc import Iterable

import pytest

from costs.resource import Program, Resource
from policies.gcp_iam import Grant, grants, opened, roles, to_members
from policies.registry import by_id
from policies.view import Undecided, View
from tests.policies.case import UNKNOWN, made

MEMBER = "gcp:projects/iAMMember:IAMMember"
BINDING = "gcp:projects/iAMBinding:IAMBinding"
POLICY = "gcp:projects/iAMPolicy:IAMPolicy"
ACCOUNT = made("gcp:serviceaccount/account:Account", {}, "job")
GROUP = made("gcp:cloudidentity/group:Group", {}, "group")


def view(resource: Resource, *beside: Resource) -> View:
    return View(resource, Program([resource, *beside]))


def listed(problems: Iterable[object]) -> tuple[int, str]:
    """How many come before the check cannot decide, and the path at which it cannot."""
    found: list[object] = []
    try:
        found.extend(problems)
    except Undecided as undecided:
        return len(found), str(undecided)
    return len(found), ""


def test_everybody_is_found_behind_a_member_that_is_known_only_later() -> None:
    assert listed(opened(view(made(BINDING, {"members": [UNKNOWN, "allUsers"]})))) == (1, "members.0")


def test_a_role_is_found_behind_one_that_is_known_only_later() -> None:
    policy = made(POLICY, {"policyData": {"bindings": [{"role": UNKNOWN}, {"role": "roles/owner"}]}})
    assert listed(roles(view(policy), lambda role: role == "roles/owner")) == (1, "policyData.bindings.0.role")


def test_a_list_that_is_known_only_later_may_have_everybody_in_it() -> None:
    for resource, path in (
        (made(BINDING, {"members": UNKNOWN}), "members"),
        (made(POLICY, {"policyData": {"bindings": [{"role": "r", "members": UNKNOWN}]}}), "policyData.bindings.0.members"),
        (made(POLICY, {"policyData": UNKNOWN}), "policyData"),
    ):
        with pytest.raises(Undecided, match=f"^{path}$"):
            grants(view(resource))


def test_what_comes_from_a_declared_service_account_is_not_everybody() -> None:
    declared = made(BINDING, {"members": [UNKNOWN]}, members=ACCOUNT)
    assert listed(opened(view(declared, ACCOUNT))) == (0, "")


def test_what_comes_from_anything_else_may_be_everybody() -> None:
    beside = made(MEMBER, {"member": UNKNOWN}, member=GROUP)
    assert listed(opened(view(beside, GROUP))) == (0, "member")
    # The account is of another stack, and nothing is known of it.
    assert listed(opened(view(made(MEMBER, {"member": UNKNOWN}, member=ACCOUNT)))) == (0, "member")


def test_one_declared_source_does_not_speak_for_another() -> None:
    both = Resource(
        urn="urn:pulumi:test::shop::binding::both",
        type=BINDING,
        properties={"members": [UNKNOWN, UNKNOWN]},
        references={"members": (ACCOUNT.urn, GROUP.urn)},
    )
    assert listed(opened(view(both, ACCOUNT, GROUP))) == (0, "members.0")


def test_only_the_members_that_are_asked_for_are_given() -> None:
    resource = made(BINDING, {"role": "r", "members": ["user:a@example.org", "group:b@example.org"]})
    expected = [Grant(role_path="role", role="r", member_path="members.0", member="user:a@example.org")]
    assert list(to_members(view(resource), lambda member: member.startswith("user:"))) == expected


def test_a_role_that_is_known_only_later_may_administer_for_a_workload_but_not_for_a_group() -> None:
    rule = by_id()["DD-IAM-107"].rule
    for member, path in (("serviceAccount:a@b.iam.gserviceaccount.com", "role"), (UNKNOWN, "role"), ("group:a@example.org", "")):
        assert listed(rule(view(made(MEMBER, {"role": UNKNOWN, "member": member})))) == (0, path)
