"""What the engine would build of a stack, as data: a preview on empty simulated clouds, apart from every rehearsal."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from rehearsal.engine import Engine
from rehearsal.scenario import Scenario
from rehearsal.serve import serve
from rehearsal.workspace import WorkspaceError, configure, empty, locked, open_workspace, refresh_copies

# Nobody says what else is in the account, and its price is not asked for: what the program looks up is taken to be there.
_SURROUNDINGS = Scenario(assume_existing=True)


def previewed(project: Path, stack: str, *, config: Mapping[str, Any] | None = None, variant: str = "") -> dict[str, Any]:
    """The preview's JSON (`pulumi preview --json`) of everything that the stack declares.

    config: the stack's configuration instead of the file's, such as the same environment on another cloud; variant names it. A program
    that fails gives its diagnostics. Raises WorkspaceError where there is no project or stack, or the engine says no JSON.
    """
    workspace = open_workspace(project, stack, f"previews/{variant}" if variant else "previews")
    with locked(workspace, wait=True) as lock:
        empty(workspace)
        secrets = refresh_copies(workspace)
        if config is not None:
            configure(workspace, config)
            secrets = []
        with serve(workspace.database, _SURROUNDINGS) as ports:
            engine = Engine(workspace, ports, lock)
            engine.prepare(secrets)
            return _document(engine.hear(["preview", "--json", "--show-sames"]), stack)


def _document(said: str, stack: str) -> dict[str, Any]:
    try:
        document: object = json.loads(said)
    except ValueError:
        raise WorkspaceError(f"{stack}: the preview failed: {' '.join(said.split())[:500] or 'nothing was said'}") from None
    return cast(dict[str, Any], document)
