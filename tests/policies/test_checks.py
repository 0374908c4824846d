"""Every check, on its four programs; a check without them fails here.

That they tell the check from one with a fault is tools/policy_mutation.py's to try.
"""

import pytest

from policies.check import Check
from policies.registry import all_checks, by_id
from tests.policies.case import KINDS, Case, Kind, all_cases, found, id_of, said


def looked_at(check: Check, case: Case, kind: Kind) -> bool:
    """Whether one of the program's resources is of a type that the check looks at."""
    return any(each.type in check.types or check.types == ("*",) for each in case.program(kind).resources.values())


def test_every_check_has_its_programs_and_every_program_its_check() -> None:
    assert {id_of(name) for name in all_cases()} == by_id().keys()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", all_cases())
def test_a_check_says_of_each_program_what_it_must(name: str, kind: Kind) -> None:
    check, case = by_id()[id_of(name)], all_cases()[name]
    findings = found(check, case, case.program(kind), kind)
    assert said(findings) == case.meant(kind)
    assert case.unsaid(kind, findings) == []
    assert all(check.id in each.line and each.what for each in findings)
    assert all("fix: " in each.line for each in findings if each.result == "violation")


@pytest.mark.parametrize("name", all_cases())
def test_every_program_is_there_or_its_lack_is_explained(name: str) -> None:
    check, case = by_id()[id_of(name)], all_cases()[name]
    assert case.at
    assert looked_at(check, case, "violating")
    assert looked_at(check, case, "passing")
    assert case.elsewhere
    assert bool(case.unknown) != bool(case.why_known)
    assert case.unknown is None or looked_at(check, case, "unknown")


def test_ids_are_of_one_style_and_every_check_says_why_and_how() -> None:
    for check in all_checks():
        family, number = check.id.rsplit("-", 1)
        assert family.startswith("DD-"), check.id
        assert len(number) == 3, check.id
        assert number.isdigit(), check.id
        assert all([check.title, check.rationale, check.fix, check.types]), check.id
