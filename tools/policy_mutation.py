"""How well the programs of tests/policies/cases tell each check from one with a fault: mutation testing of policies/checks.

`python -m tools.policy_mutation --at-least 95` tries every mutant of every module, in minutes, and lists those that no program notices;
`python -m tools.policy_mutation access_kubernetes --only conditions` tries some. Its exit status is 1 where a module is below the bound.

Own code, as what is published starts pytest for each mutant (cosmic-ray, poodle, pytest-gremlins: hours for what takes minutes here) or
leaves decorated functions out (mutmut), which is what checks are.
"""

import ast
import csv
import signal
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from costs.resource import Program
from policies.check import Check, Checks
from policies.review import review
from policies.settings import Settings
from tests.policies.case import KINDS, Case, Kind, all_cases, id_of, said, set_for
from tools.mutants import Family, Mutant, mutants

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "policies" / "checks"
EQUIVALENT = ROOT / "tests" / "policies" / "equivalent_mutants.csv"
_MOST_SECONDS = 10
Key = tuple[str, str, str]
"""module, function, change"""


class _TooLong(BaseException):
    """A mutant that does not end. No Exception, as those of a check are only findings."""


@dataclass(frozen=True)
class Trial:
    """One program of a case, and what the check must say of it."""

    case: Case
    kind: Kind
    program: Program
    settings: Settings

    def held(self, check: Check) -> bool:
        """Whether a check says what is meant."""
        findings = list(review(self.program, [check], self.settings).findings)
        return said(findings) == self.case.meant(self.kind) and not self.case.unsaid(self.kind, findings)


@dataclass
class Score:
    """What became of a module's mutants. known: equivalent ones, by the file; stale: lines of the file that no mutant bears out."""

    module: str
    killed: int = 0
    known: int = 0
    survivors: list[tuple[Mutant, str]] = field(default_factory=list[tuple[Mutant, str]])
    stale: list[Key] = field(default_factory=list[Key])

    @property
    def tried(self) -> int:
        """Mutants that differ from the check."""
        return self.killed + len(self.survivors)

    @property
    def percent(self) -> float:
        """The share that some program noticed, 0 to 100."""
        return 100 * self.killed / self.tried if self.tried else 100.0


def module_score(path: Path, cases: Mapping[str, Case], only: Family | None = None, equivalent: Sequence[Key] = ()) -> Score:
    """Tries the mutants of one file against the cases of the checks in it. Raises ValueError where the file as it is fails them."""
    tree, score = ast.parse(path.read_text(encoding="utf-8")), Score(path.stem)
    trying = Trying(path, cases)
    faulty = trying.noticed_by(tree, "")
    if faulty:
        raise ValueError(f"{path.name}: {faulty} fails its programs without a mutant; fix: mend it first")
    owners = {check.rule.__name__: check.id for check in trying.checks}
    own, seen = {key for key in equivalent if key[0] == path.stem}, set[Key]()
    for mutant in mutants(tree):
        if only not in (None, mutant.family):
            continue
        key, owner = (path.stem, mutant.function, mutant.what), owners.get(mutant.function, "")
        with mutant.applied():
            noticed = trying.noticed(tree, owner)
        if noticed:
            score.killed += 1
        elif key in own:
            score.known += 1
            seen.add(key)
        else:
            score.survivors.append((mutant, owner))
    score.stale = [] if only else sorted(own - seen)
    return score


class Trying:
    """The programs of a module's checks, and of those of other modules that borrow its functions."""

    def __init__(self, path: Path, cases: Mapping[str, Case]) -> None:
        self._path = path
        own = _module(path)
        self.checks = _checks(own)
        others = [_module(other) for other in sorted(path.parent.glob("*_*.py")) if other.stem not in (path.stem, "__init__")]
        self._borrowed = [(other, name) for name in _functions(own) for other in others if vars(other).get(name) is vars(own)[name]]
        borrowing = {check.id: check for other, _ in self._borrowed for check in _checks(other)}
        self._borrowing = tuple(borrowing.values())
        self._trials = {check.id: [*_trials(check, cases)] for check in (*self.checks, *self._borrowing)}

    def noticed(self, tree: ast.Module, owner: str) -> bool:
        """Whether a program notices the fault that the tree has now; what cannot be loaded, or does not end, is noticed as well."""
        try:
            with _at_most(_MOST_SECONDS):
                return bool(self.noticed_by(tree, owner))
        except (_TooLong, Exception):
            return True

    def noticed_by(self, tree: ast.Module, owner: str) -> str:
        """The first check that says something else than is meant: that of the fault's function, then the module's, the borrowers'."""
        faulty = ModuleType(f"policies.checks.{self._path.stem}")
        faulty.__file__ = str(self._path)
        exec(compile(tree, str(self._path), "exec"), vars(faulty))
        ordered = sorted(_checks(faulty), key=lambda check: check.id != owner)
        with _lent(self._borrowed, faulty):
            both = (*ordered, *self._borrowing)
            return next((check.id for check in both for trial in self._trials[check.id] if not trial.held(check)), "")


def _module(path: Path) -> ModuleType:
    return import_module(f"policies.checks.{path.stem}")


def _checks(module: ModuleType) -> list[Check]:
    found: Checks = vars(module)["CHECKS"]
    return found.listed


def _functions(module: ModuleType) -> list[str]:
    """The names of the functions that a module itself defines."""
    return [name for name, value in vars(module).items() if callable(value) and getattr(value, "__module__", "") == module.__name__]


def _trials(check: Check, cases: Mapping[str, Case]) -> Iterator[Trial]:
    for case in (case for name, case in cases.items() if id_of(name) == check.id):
        yield from (Trial(case, kind, case.program(kind), set_for(check, case, kind)) for kind in KINDS)


@contextmanager
def _lent(borrowed: Sequence[tuple[ModuleType, str]], faulty: ModuleType) -> Generator[None]:
    """The borrowers have the faulty module's functions while this lasts."""
    before = [(other, name, vars(other)[name]) for other, name in borrowed]
    for other, name in borrowed:
        setattr(other, name, vars(faulty)[name])
    try:
        yield
    finally:
        for other, name, value in before:
            setattr(other, name, value)


@contextmanager
def _at_most(seconds: float) -> Generator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def known_equivalents(path: Path = EQUIVALENT) -> list[Key]:
    """Mutants that are no fault, as nothing could tell them from the check; the file says why of each."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as opened:
        return [(row["module"], row["function"], row["change"]) for row in csv.DictReader(opened)]


def shown(scores: Sequence[Score], console: Console) -> None:
    """Prints each survivor with its place, then a row for each module."""
    table = Table("module", "mutants", "killed", "%", "equivalent", box=box.SIMPLE_HEAD)
    for score in scores:
        for mutant, owner in score.survivors:
            place = f"policies/checks/{score.module}.py:{mutant.line}"
            console.print(f"{place} {owner or '-'} {mutant.function}: {mutant.family}: {mutant.what}", markup=False, soft_wrap=True)
        for _, function, change in score.stale:
            console.print(f"{score.module} {function}: {change}: is no survivor; fix: take it out of {EQUIVALENT.name}", soft_wrap=True)
        table.add_row(score.module, str(score.tried), str(score.killed), f"{score.percent:.1f}", str(score.known))
    tried, killed = sum(each.tried for each in scores), sum(each.killed for each in scores)
    if tried:
        table.add_row("together", str(tried), str(killed), f"{100 * killed / tried:.1f}", str(sum(each.known for each in scores)))
    console.print(table)


def main(
    modules: Annotated[list[str] | None, typer.Argument(help="modules of policies/checks, all where none is named")] = None,
    only: Annotated[Family | None, typer.Option(help="one family of faults")] = None,
    at_least: Annotated[float, typer.Option(help="the lowest score that a module may have, in percent")] = 0,
) -> None:
    """Try the mutants of policies/checks against the programs of tests/policies/cases."""
    paths = {path.stem: path for path in sorted(MODULES.glob("*.py")) if path.stem != "__init__"}
    unknown = sorted(set(modules or ()) - paths.keys())
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no module of policies/checks; allowed: {' | '.join(paths)}")
    scores = [module_score(paths[name], all_cases(), only, known_equivalents()) for name in modules or paths]
    shown(scores, Console())
    if any(score.percent < at_least or score.stale for score in scores):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
