"""The mutation run finds what programs leave open, and nothing else; and no check does without its body."""

import ast
import sys
from pathlib import Path

import pytest
import typer

import policies.checks
from tests.policies.case import UNKNOWN, Case, all_cases, made
from tools import policy_mutation
from tools.mutants import mutants
from tools.policy_mutation import MODULES, Score, Trying, module_score

BUCKET = "aws:s3/bucket:Bucket"
SOURCE = '''
from policies.check import Checks, Problem

CHECKS = Checks()
KINDS = ("logs", "models")


@CHECKS.add("DD-GAP-001", "Nothing of these kinds is open", "aws:s3/bucket:Bucket", rationale="It is read.", fix="close it")
def closed(view):
    """open of buckets of two kinds."""
    if view.flag("open") and view.text("kind") in KINDS:
        yield Problem(path="open", what="is on")
'''
# With a loop that a fault keeps from ending.
STAIRS = '''

def stairs(view):
    """Counts to three."""
    step = 0
    while step < 3:
        step += 1
    return step
'''


def bucket(name: str, kind: str, is_open: object = True) -> object:
    return made(BUCKET, {"kind": kind, "open": is_open}, name)


def case(*kinds: str) -> dict[str, Case]:
    """Programs whose violations are of these kinds."""
    return {
        "DD-GAP-001": Case(
            violating=tuple(bucket(kind, kind) for kind in kinds),
            at=("open",) * len(kinds),
            passing=(bucket("shut", "logs", False), bucket("other", "web")),
            unknown=(bucket("later", "logs", UNKNOWN),),
            elsewhere=(made("aws:iam/role:Role"),),
        )
    }


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(policies.checks, "__path__", [*policies.checks.__path__, str(tmp_path)])
    monkeypatch.setitem(sys.modules, "policies.checks.gap_any", None)
    monkeypatch.delitem(sys.modules, "policies.checks.gap_any")
    path = tmp_path / "gap_any.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def survivors(score: Score) -> list[tuple[str, str, str]]:
    return [(mutant.function, mutant.family, mutant.what) for mutant, _ in score.survivors]


def test_a_gap_in_the_programs_is_the_one_survivor_with_its_place(module: Path) -> None:
    score = module_score(module, case("logs"))
    assert survivors(score) == [("KINDS", "members", "without 'models'")]
    assert SOURCE.splitlines()[score.survivors[0][0].line - 1] == 'KINDS = ("logs", "models")'


def test_programs_that_leave_nothing_open_have_no_survivor(module: Path) -> None:
    score = module_score(module, case("logs", "models"))
    assert survivors(score) == []
    assert score.killed > 8


def test_a_fault_that_does_not_end_is_noticed(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_mutation, "_MOST_SECONDS", 0.2)
    module.write_text(SOURCE.replace("if view", "if stairs(view) == 3 and view") + STAIRS, encoding="utf-8")
    score = module_score(module, case("logs", "models"), only="bounds")
    # A step of 0 goes on for ever; a start at -1 or 1 ends at three as well.
    assert [mutant.what for mutant, _ in score.survivors] == ["0 → 1", "0 → -1"]


def test_what_is_listed_as_equivalent_is_not_counted_and_a_line_without_its_mutant_is_told(module: Path) -> None:
    told = ("gap_any", "KINDS", "without 'models'")
    gone = ("gap_any", "KINDS", "without 'web'")
    score = module_score(module, case("logs"), equivalent=[told, gone, ("other", "KINDS", "without 'a'")])
    assert survivors(score) == []
    assert (score.known, score.stale) == (1, [gone])


def test_programs_that_fail_without_a_fault_are_told(module: Path) -> None:
    with pytest.raises(ValueError, match="DD-GAP-001 fails its programs without a mutant"):
        module_score(module, case("web"))


def test_a_score_below_the_bound_is_a_failure(module: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(policy_mutation, "MODULES", module.parent)
    monkeypatch.setattr(policy_mutation, "all_cases", lambda: case("logs", "models"))
    policy_mutation.main(only="conditions", at_least=95)
    monkeypatch.setattr(policy_mutation, "all_cases", lambda: case("logs"))
    with pytest.raises(typer.Exit):
        policy_mutation.main(only="members", at_least=95)
    assert "gap_any.py:5 - KINDS: members: without 'models'" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(path.stem for path in MODULES.glob("*_*.py") if path.stem != "__init__"))
def test_a_check_without_its_body_fails_its_programs(name: str) -> None:
    path = MODULES / f"{name}.py"
    tree, trying = ast.parse(path.read_text(encoding="utf-8")), Trying(path, all_cases())
    owners = {check.rule.__name__: check.id for check in trying.checks}
    for mutant in mutants(tree):
        if mutant.what == "does nothing" and mutant.function in owners:
            with mutant.applied():
                assert trying.noticed(tree, owners[mutant.function]), owners[mutant.function]
