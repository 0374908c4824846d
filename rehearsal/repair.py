"""After an engine that was killed: the lock it left, and resources that it was changing when it died."""

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.engine import Engine
from rehearsal.state import SimulatedCloud

Entry = dict[str, Any]


def repair(engine: Engine, cloud: SimulatedCloud) -> list[str]:
    """Brings the engine's state back in step with the clouds and says in lines what was done; nothing to do gives none.

    The engine writes down what it is about to do; what it was doing when it died stays in that list, and it cannot know whether the
    cloud did it. The rehearsal can look: a resource that was made is taken into the state, and whatever was being changed is read again.
    (`pulumi refresh --import-pending-creates` of Pulumi 3.274 takes such a resource out of the list but not into the state.)
    """
    done: list[str] = []
    if list((engine.workspace.backend / ".pulumi" / "locks").rglob("*.json")):
        engine.ask(["cancel", "--yes"])
        done.append("released the lock of an engine that was killed")
    exported = engine.export()
    pending: list[Entry] = exported["deployment"].get("pending_operations") or []
    if not pending:
        return done
    made = _made(exported["deployment"]["resources"], pending, cloud)
    exported["deployment"] = _with_made(exported["deployment"], pending, made)
    engine.ask(["stack", "import"], given=json.dumps(exported))
    known = {resource["urn"] for resource in exported["deployment"]["resources"]}
    touched = sorted(known & {operation["resource"]["urn"] for operation in pending})
    if touched:
        engine.ask(["refresh", "--yes", "--skip-preview", *(word for urn in touched for word in ("--target", urn))])
    done += [f"took {urn.split('::')[-1]} ({identifier}) into the state: it was made but not recorded" for urn, identifier in made.items()]
    return [*done, f"read {len(touched)} of {len(pending)} resources again that were being changed"]


def _made(resources: list[Entry], pending: list[Entry], cloud: SimulatedCloud) -> dict[str, str]:
    """URN → id of what the cloud made and the state does not know."""
    known = {(resource["urn"], resource.get("id")) for resource in resources}
    creating = [operation["resource"]["urn"] for operation in pending if operation["type"] == "creating"]
    found = {urn: resource.id for urn in creating if (resource := cloud.by_urn(urn))}
    return {urn: identifier for urn, identifier in found.items() if (urn, identifier) not in known}


def _with_made(deployment: Entry, pending: list[Entry], made: Mapping[str, str]) -> Entry:
    """The deployment with nothing pending and with what was made; what it was to replace stays to be deleted."""
    old = [{**resource, "delete": True} if resource["urn"] in made else resource for resource in deployment["resources"]]
    new = [{**operation["resource"], "id": made[urn]} for operation in pending if (urn := operation["resource"]["urn"]) in made]
    return {**deployment, "resources": [*old, *new], "pending_operations": []}
