"""`drydock rehearse`: a stack with the real engine on simulated clouds."""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rich.markup import escape

from cli.drift import drift
from cli.output import err, print_json
from cli.summary import summarise, summarise_step
from rehearsal.engine import Engine
from rehearsal.repair import repair, restore_checkpoint
from rehearsal.round import VERBS, run_round, run_step
from rehearsal.scenario import Scenario, ScenarioError, load
from rehearsal.scheduling.scheduler import outcomes
from rehearsal.serve import serve
from rehearsal.state import SimulatedCloud
from rehearsal.workspace import Workspace, WorkspaceError, empty, locked, open_workspace, refresh_copies

# The steps that the engine runs policy packs in.
CHECKED = ("preview", "up")


def rehearse(stack: str, words: Sequence[str], project: Path, scenario_file: Path | None, as_json: bool, packs: Sequence[Path] = ()) -> int:
    """Does what the words ask, under these policy packs, and gives the exit status.

    The engine's own; or 1 where a round found something, 2 where it cannot start.
    """
    try:
        _check_words(words, packs)
        scenario = load(scenario_file) if scenario_file else load()
        workspace = open_workspace(project, stack, "rehearsals" if words else "rounds")
        with locked(workspace) as lock:
            return _rehearse(workspace, lock, _from_here(words), scenario, as_json, _pack_words(packs))
    except (WorkspaceError, ScenarioError) as error:
        err.print(f"[red]error:[/red] {escape(str(error))}")
        return 2


def _check_words(words: Sequence[str], packs: Sequence[Path]) -> None:
    if words and words[0] not in {*VERBS, "drift", "pulumi"}:
        raise WorkspaceError(f"{words[0]}: not something to rehearse; allowed: {', '.join(VERBS)}, drift, -- pulumi …")
    if packs and words and words[0] not in CHECKED:
        raise WorkspaceError(f"--policy-pack: {words[0]} runs under none; allowed with: {', '.join(CHECKED)}, the whole round")
    for pack in packs:
        if not (pack / "PulumiPolicy.yaml").is_file():
            raise WorkspaceError(f"--policy-pack {pack}: no PulumiPolicy.yaml in it; name the folder of a policy pack, such as policies")


def _pack_words(packs: Sequence[Path]) -> list[str]:
    """The engine's words for packs, their paths as seen from here: it runs in a folder of its own."""
    return [word for pack in packs for word in ("--policy-pack", str(pack.resolve()))]


def _from_here(words: Sequence[str]) -> list[str]:
    return [str(Path(word).resolve()) if at and words[at - 1] == "--policy-pack-config" else word for at, word in enumerate(words)]


def _rehearse(workspace: Workspace, lock: int, words: Sequence[str], scenario: Scenario, as_json: bool, packs: Sequence[str]) -> int:
    if words and words[0] == "drift":
        return drift(workspace, words[1:], as_json)
    if not words:
        empty(workspace)
    with _started(workspace, lock, scenario, as_json) as (engine, cloud):
        if not words:
            result = run_round(engine, cloud, _announce, packs)
            print_json(asdict(result) | {"passed": result.passed}) if as_json else summarise(result, workspace.stack)
            return 0 if result.passed else 1
        if words[0] == "pulumi":
            return engine.run(list(words[1:]))
        step = run_step(engine, words[0], [*words[1:], *packs])
        print_json(asdict(step) | {"placements": outcomes(cloud)}) if as_json else summarise_step(step, cloud)
        return step.status


@contextmanager
def _started(workspace: Workspace, lock: int, scenario: Scenario, as_json: bool) -> Generator[tuple[Engine, SimulatedCloud]]:
    secrets = refresh_copies(workspace)
    with serve(workspace.database, scenario) as ports:
        engine = Engine(workspace, ports, lock, sys.stderr if as_json else None)
        restored = restore_checkpoint(workspace)
        engine.prepare(secrets)
        cloud = SimulatedCloud(workspace.database)
        for line in [*restored, *repair(engine, cloud)]:
            err.print(f"repaired: {line}")
        yield engine, cloud
        cloud.close()


def _announce(step: str) -> None:
    err.print(f"\n[bold]── {step}[/bold]")
