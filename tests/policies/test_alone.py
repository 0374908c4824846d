"""A check of one resource is asked before the program is whole: it must not say there what the whole program takes back."""

from typing import cast

import pytest

from costs.resource import Program, Resource
from policies.registry import by_id
from tests.policies.case import KINDS, Case, Kind, all_cases, found, id_of

ALONE = [name for name in all_cases() if not by_id()[id_of(name)].joined]


def violations(name: str, case: Case, program: Program, kind: Kind) -> set[tuple[str, str]]:
    findings = found(by_id()[id_of(name)], case, program, kind)
    return {(each.urn, each.path) for each in findings if each.result == "violation"}


def as_it_passes_by(resource: Resource) -> Program:
    """What the engine shows of a resource before it is made: its inputs and its parent, neither what it refers to nor its provider."""
    kept = Resource(urn=resource.urn, type=resource.type, properties=resource.properties, parent=resource.parent, custom=resource.custom)
    return Program([kept])


@pytest.mark.parametrize("name", ALONE)
def test_what_one_resource_alone_is_told_holds_in_the_whole_program(name: str) -> None:
    case = all_cases()[name]
    for kind in KINDS:
        whole = case.program(kind)
        alone = [violations(name, case, as_it_passes_by(each), kind) for each in cast(dict[str, Resource], whole.resources).values()]
        assert set[tuple[str, str]]().union(*alone) <= violations(name, case, whole, kind), kind
