"""`drydock rehearse STACK drift`: what somebody changed in the clouds behind the engine's back."""

from collections.abc import Sequence

import yaml
from rich.markup import escape
from rich.table import Table

from cli.output import err, out, print_json, print_whole
from rehearsal.drift import DriftError, change, remove
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.workspace import Workspace, WorkspaceError

USAGE = "allowed: drift list | drift set RESOURCE PROPERTY VALUE | drift delete RESOURCE (RESOURCE: an id, name, ARN or URN)"


def drift(workspace: Workspace, words: Sequence[str], as_json: bool) -> int:
    """Lists, changes or deletes simulated resources and gives the exit status; raises WorkspaceError where the words are not understood."""
    cloud = SimulatedCloud(workspace.database)
    try:
        match words:
            case ["list"]:
                _list(cloud.all(), as_json)
            case ["set", resource, path, value]:
                changed = change(cloud, resource, path, yaml.safe_load(value))
                out.print(f"changed {escape(path)} of {changed.type} {escape(changed.id)}")
            case ["delete", resource]:
                removed = remove(cloud, resource)
                out.print(f"deleted {removed.type} {escape(removed.id)}")
            case _:
                raise WorkspaceError(f"drift {' '.join(words)}: not understood; {USAGE}")
    except DriftError as error:
        err.print(f"[red]error:[/red] {escape(str(error))}")
        return 1
    finally:
        cloud.close()
    return 0


def _list(resources: Sequence[Resource], as_json: bool) -> None:
    if as_json:
        print_json([{"type": resource.type, "id": resource.id, "urn": resource.urn} for resource in resources])
        return
    table = Table("type", "id", "place")
    for resource in resources:
        table.add_row(resource.type, escape(resource.id), escape(resource.place))
    print_whole(table)
