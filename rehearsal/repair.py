"""After an engine that was killed: the lock it left, and resources that it was changing when it died."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rehearsal.engine import Engine
from rehearsal.state import SimulatedCloud
from rehearsal.workspace import Workspace

Entry = dict[str, Any]


def restore_checkpoint(workspace: Workspace) -> list[str]:
    """Puts the backup in the place of an engine's state that was cut off while it was written, and says so; else does nothing.

    The engine's file backend keeps the state before the last one as `.bak`. Without a readable one the stack begins anew.
    """
    done: list[str] = []
    for described in workspace.backend.rglob("*.attrs"):
        # Beside each file the engine writes its type and checksum; cut off they keep the file itself from being read, left out they do not.
        if not _is_json(described):
            described.unlink()
    for checkpoint in (workspace.backend / ".pulumi" / "stacks").glob(f"*/{workspace.stack}.json"):
        if _is_json(checkpoint):
            continue
        backup = checkpoint.with_name(f"{checkpoint.name}.bak")
        if _is_json(backup):
            backup.replace(checkpoint)
        else:
            checkpoint.unlink()
        done.append("went back to the engine's state before the last one: the engine was killed while it wrote")
    return done


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return True


def repair(engine: Engine, cloud: SimulatedCloud) -> list[str]:
    """Brings the engine's state and the clouds back in step and says in lines what was done; nothing to do gives none.

    The engine writes down what it is about to do; what it was doing when it died stays in that list, and it cannot know whether the
    cloud did it. The rehearsal can look: a resource that was made is taken into the state, and whatever was being changed is read again.
    (`pulumi refresh --import-pending-creates` of Pulumi 3.274 takes such a resource out of the list but not into the state.)
    """
    done: list[str] = []
    if list((engine.workspace.backend / ".pulumi" / "locks").rglob("*.json")):
        engine.ask(["cancel", "--yes"])
        done.append("released the lock of an engine that was killed")
    exported = engine.export()
    if exported["deployment"].get("pending_operations"):
        done += _finish_pending(engine, cloud, exported)
        exported = engine.export()
    return done + _settle_unknown(engine.workspace.folder / "known.json", exported["deployment"]["resources"], cloud)


def _finish_pending(engine: Engine, cloud: SimulatedCloud, exported: Entry) -> list[str]:
    pending: list[Entry] = exported["deployment"]["pending_operations"]
    made = _made(exported["deployment"]["resources"], pending, cloud)
    deployment = _with_made(exported["deployment"], pending, made)
    engine.ask(["stack", "import"], given=json.dumps({**exported, "deployment": deployment}))
    known = {resource["urn"] for resource in deployment["resources"]}
    touched = sorted(known & {operation["resource"]["urn"] for operation in pending})
    if touched:
        engine.ask(["refresh", "--yes", "--skip-preview", *(word for urn in touched for word in ("--target", urn))])
    taken = [f"took {urn.split('::')[-1]} ({identifier}) into the state: it was made but not recorded" for urn, identifier in made.items()]
    return [*taken, f"read {len(touched)} of {len(pending)} resources again that were being changed"]


def _settle_unknown(record: Path, resources: list[Entry], cloud: SimulatedCloud) -> list[str]:
    """Settles what is in the clouds under a URN of the stack but not in its state.

    What the state held when the last command began was let go on purpose (`retainOnDelete`, `pulumi state delete`): it stays, and is
    nobody's. What it did not hold was made by an engine that was never told: a person would find and delete it.
    """
    current = _known(resources)
    before = {(urn, identifier) for urn, identifier in json.loads(record.read_text())} if record.exists() else set[tuple[str, str]]()
    record.write_text(json.dumps(sorted(current)))
    done: list[str] = []
    for resource in cloud.owned():
        if (resource.urn, resource.id) in current:
            continue
        if (resource.urn, resource.id) in before:
            cloud.update(replace(resource, urn=""))
        else:
            cloud.delete(resource)
            done.append(
                f"deleted {resource.type} {resource.id}: it was made, but the engine was never told (a real cloud would go on billing it)"
            )
    return done


def _known(resources: list[Entry]) -> set[tuple[str, str]]:
    """URN and id of each resource in the engine's state; components have no id."""
    return {(resource["urn"], resource["id"]) for resource in resources if resource.get("id")}


def _made(resources: list[Entry], pending: list[Entry], cloud: SimulatedCloud) -> dict[str, str]:
    """URN → id of what the cloud made and the state does not know."""
    known = _known(resources)
    creating = [operation["resource"]["urn"] for operation in pending if operation["type"] == "creating"]
    found = {urn: resource.id for urn in creating if (resource := cloud.by_urn(urn))}
    return {urn: identifier for urn, identifier in found.items() if (urn, identifier) not in known}


def _with_made(deployment: Entry, pending: list[Entry], made: Mapping[str, str]) -> Entry:
    """The deployment with nothing pending and with what was made; what it was to replace stays to be deleted."""
    old = [{**resource, "delete": True} if resource["urn"] in made else resource for resource in deployment["resources"]]
    new = [{**operation["resource"], "id": made[urn]} for operation in pending if (urn := operation["resource"]["urn"]) in made]
    return {**deployment, "resources": [*old, *new], "pending_operations": []}
