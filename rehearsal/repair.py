"""After an engine that was killed: the lock it left, and resources that it was making when it died."""

from collections.abc import Iterable
from typing import Any

from rehearsal.engine import Engine
from rehearsal.state import SimulatedCloud


def repair(engine: Engine, cloud: SimulatedCloud) -> list[str]:
    """Brings the engine's state back in step with the clouds and says in lines what was done; nothing to do gives none.

    A resource that was made but not recorded is imported, one that was never made is dropped from the pending list:
    what `pulumi refresh` asks a person about, answered by looking.
    """
    done: list[str] = []
    locks = list((engine.workspace.backend / ".pulumi" / "locks").rglob("*.json"))
    if locks:
        engine.ask(["cancel", "--yes"])
        done.append("released the lock of an engine that was killed")
    state = engine.state()
    pending: list[dict[str, Any]] = state.get("pending_operations") or []
    if not pending:
        return done
    known = {(resource["urn"], resource.get("id")) for resource in state.get("resources", [])}
    found = [pair for pair in _made(pending, cloud) if pair not in known]
    for urn, identifier in found:
        done.append(f"took {urn.split('::')[-1]} ({identifier}) into the state: it was made but not recorded")
    imports = [word for urn, identifier in found for pair in (urn, identifier) for word in ("--import-pending-creates", pair)]
    scope = [word for urn, _ in found for word in ("--target", urn)]
    engine.ask(["refresh", "--yes", "--skip-preview", "--suppress-progress", *imports, *scope])
    engine.ask(["refresh", "--yes", "--skip-preview", "--suppress-progress", "--clear-pending-creates"])
    done.append(f"cleared {len(pending) - len(found)} operations that were under way")
    return done


def _made(pending: Iterable[dict[str, Any]], cloud: SimulatedCloud) -> Iterable[tuple[str, str]]:
    for operation in pending:
        urn = operation["resource"]["urn"]
        resource = cloud.by_urn(urn) if operation["type"] == "creating" else None
        if resource is not None:
            yield urn, resource.id
