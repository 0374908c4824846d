"""The whole round: preview → up → preview (no changes) → destroy, nothing left; and what it found."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rehearsal.engine import Engine
from rehearsal.rest.documents import left_over
from rehearsal.scheduling.scheduler import outcomes
from rehearsal.state import SimulatedCloud

SAME = ("same", "read")


@dataclass(frozen=True)
class Step:
    """One engine command: its exit status, what it changed (operation → resources), and how long it took."""

    name: str
    status: int
    changes: Mapping[str, int]
    seconds: float


@dataclass
class Round:
    """What a round did. placements: where each workload's pods were after `up`; kept: resources that the program keeps on destroy;
    left: resources that nobody should have left.
    """

    steps: list[Step] = field(default_factory=list[Step])
    placements: list[str] = field(default_factory=list[str])
    kept: list[str] = field(default_factory=list[str])
    left: list[str] = field(default_factory=list[str])
    complete: bool = False

    @property
    def passed(self) -> bool:
        """True where every step succeeded and nothing is left that should not be."""
        return self.complete and not self.left


VERBS: dict[str, tuple[str, ...]] = {
    "preview": ("preview",),
    "up": ("up", "--yes", "--skip-preview"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


def run_step(engine: Engine, verb: str, extra: Sequence[str] = (), name: str | None = None) -> Step:
    """Runs one verb through the engine, its output on the terminal."""
    events = engine.workspace.folder / "events.json"
    events.unlink(missing_ok=True)
    started = time.monotonic()
    status = engine.run([*VERBS[verb], "--non-interactive", "--suppress-progress", *extra], events=events)
    return Step(name or verb, status, _changes(events), time.monotonic() - started)


def run_round(engine: Engine, cloud: SimulatedCloud, told: Any, extra: Sequence[str] = ()) -> Round:
    """Runs the whole round and stops at the first step that fails; `told(step name)` is called before each.

    extra: words for the first preview and for `up`, such as a policy pack's.
    """
    result = Round()

    def step(verb: str, name: str, *words: str) -> bool:
        told(name)
        result.steps.append(run_step(engine, verb, words, name))
        return result.steps[-1].status == 0

    if not step("preview", "preview", *extra):
        return result
    came_up = step("up", "up", *extra)
    result.placements = outcomes(cloud)
    if not came_up:
        return result
    told("resources")
    engine.run(["stack", "--non-interactive"])
    if not step("preview", "preview again", "--expect-no-changes"):
        return result
    keeping = _ids(resource for resource in _recorded(engine) if resource.get("retainOnDelete"))
    # A plain destroy refuses a stack that protects something; what is protected, and what that needs, stays recorded.
    if not step("destroy", "destroy", "--exclude-protected"):
        return result
    keeping |= _ids(_recorded(engine))
    for resource in cloud.owned():
        (result.kept if resource.id in keeping else result.left).append(f"{resource.type} {resource.id}")
    result.left += left_over(cloud)
    result.complete = True
    return result


def _recorded(engine: Engine) -> list[dict[str, Any]]:
    return engine.export()["deployment"]["resources"]


def _ids(resources: Iterable[Mapping[str, Any]]) -> set[str]:
    return {resource["id"] for resource in resources if "id" in resource}


def _changes(events: Path) -> dict[str, int]:
    if not events.exists():
        return {}
    for line in events.read_text().splitlines():
        summary = json.loads(line).get("summaryEvent")
        if summary:
            return {kind: count for kind, count in summary["resourceChanges"].items() if kind not in SAME}
    return {}
