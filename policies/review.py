"""Runs checks over a program."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from costs.resource import Program, Resource
from policies.check import Check
from policies.exemption import Exemption
from policies.finding import Finding
from policies.fix import component_of
from policies.settings import Settings
from policies.view import Undecided, View


@dataclass(frozen=True)
class Review:
    """What checks found, the exemptions that held something back, and those that held back nothing."""

    findings: tuple[Finding, ...]
    used: tuple[Exemption, ...]
    unused: tuple[Exemption, ...]


def review(program: Program, checks: Sequence[Check], settings: Settings, *, today: date | None = None) -> Review:
    """Everything that the checks say of every resource of the program; exempted findings are left out, expired exemptions count as none.

    Findings are ordered as the program's resources and then as the checks.
    """
    return review_by_type(program, index(checks), settings, today=today)


def review_by_type(program: Program, by_type: dict[str, list[Check]], settings: Settings, *, today: date | None = None) -> Review:
    """The same of checks that are indexed already: for whoever reviews many programs."""
    found = [each for resource in program.resources.values() for each in of_resource(resource, program, by_type, settings)]
    now = today or date.today()
    standing = [exemption for exemption in settings.exemptions if not exemption.expired(now)]
    kept: list[Finding] = []
    used: dict[Exemption, None] = {}
    for finding in found:
        exemption = next((each for each in standing if each.covers(finding.check.id, finding.urn)), None)
        if exemption is None:
            kept.append(finding)
        else:
            used[exemption] = None
    return Review(tuple(kept), tuple(used), tuple(each for each in settings.exemptions if each not in used))


def index(checks: Iterable[Check]) -> dict[str, list[Check]]:
    """The checks by the resource type that they look at; `*` has those that look at every type."""
    found: dict[str, list[Check]] = {}
    for check in checks:
        for kind in check.types:
            found.setdefault(kind, []).append(check)
    return found


def of_resource(resource: Resource, program: Program, by_type: dict[str, list[Check]], settings: Settings) -> Iterator[Finding]:
    """What the checks of its type say of one resource."""
    for check in (*by_type.get(resource.type, ()), *(by_type.get("*", ()) if resource.custom else ())):
        level = settings.level(check)
        if level != "disabled":
            yield from _run(check, View(resource, program, settings.parameters(check)), settings)


def _run(check: Check, view: View, settings: Settings) -> Iterator[Finding]:
    urn, level = view.resource.urn, settings.level(check)
    try:
        for problem in check.rule(view):
            ours = component_of(view.resource, view.program)
            told = {"what": problem.what, "path": problem.path, "fix": problem.fix, "component": ours}
            yield Finding(check=check, urn=urn, result="violation", level=level, **told)
    except Undecided as undecided:
        if settings.undecided != "disabled":
            what = "its value is known only after `up`, or is a secret"
            yield Finding(check=check, urn=urn, result="undecided", level=settings.undecided, what=what, path=str(undecided))
    except Exception as error:
        # One check's mistake must hide no other's finding, and stop nobody's stack; its type says enough, its text might hold a secret.
        yield Finding(check=check, urn=urn, result="broken", level="advisory", what=f"{type(error).__name__}, please report it")
