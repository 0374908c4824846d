"""Every check, on its four programs; a check without them fails here."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

import tests.policies.cases
from costs.resource import Program, Resource
from policies.check import Check
from policies.finding import Finding
from policies.registry import all_checks, by_id
from policies.review import review
from policies.settings import settings
from tests.policies.case import Case

CASES: dict[str, Case] = {
    name: case
    for module in iter_modules(tests.policies.cases.__path__)
    for name, case in import_module(f"tests.policies.cases.{module.name}").CASES.items()
}
# A whole program's cost is tried in test_cost_total.py, with prices.
ELSEWHERE = {check.id for check in all_checks() if check.types == ("pulumi:pulumi:Stack",)}


def found(check: Check, case: Case, program: tuple[Resource, ...]) -> list[Finding]:
    given = {"checks": {check.id: {"level": "mandatory", "parameters": dict(case.parameters or {})}}}
    return list(review(Program(program), [check], settings(given, [check])).findings)


def test_every_check_has_its_programs_and_every_program_its_check() -> None:
    assert CASES.keys() == by_id().keys() - ELSEWHERE


@pytest.mark.parametrize("name", CASES)
def test_what_breaks_the_rule_is_a_violation_at_its_property(name: str) -> None:
    check, case = by_id()[name], CASES[name]
    seen = found(check, case, case.violating)
    assert {each.result for each in seen} == {"violation"}
    assert tuple(each.path for each in seen) == case.at
    assert all(each.what and name in each.line and "fix: " in each.line for each in seen)


@pytest.mark.parametrize("name", CASES)
def test_what_keeps_the_rule_is_none(name: str) -> None:
    check, case = by_id()[name], CASES[name]
    assert any(each.type in check.types or check.types == ("*",) for each in case.passing)
    assert found(check, case, case.passing) == []


@pytest.mark.parametrize("name", CASES)
def test_what_is_known_only_later_is_said_to_be_undecided(name: str) -> None:
    check, case = by_id()[name], CASES[name]
    if case.unknown is None:
        assert case.why_known
        return
    seen = found(check, case, case.unknown)
    assert [each.result for each in seen] == ["undecided"]
    assert seen[0].path


@pytest.mark.parametrize("name", CASES)
def test_what_is_none_of_its_business_is_left_alone(name: str) -> None:
    case = CASES[name]
    assert found(by_id()[name], case, case.elsewhere) == []


def test_ids_are_of_one_style_and_every_check_says_why_and_how() -> None:
    for check in all_checks():
        family, number = check.id.rsplit("-", 1)
        assert family.startswith("DD-"), check.id
        assert len(number) == 3, check.id
        assert number.isdigit(), check.id
        assert all([check.title, check.rationale, check.fix, check.types]), check.id
