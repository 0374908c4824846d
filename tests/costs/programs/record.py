"""Records what the real engine previews of the programs beside this file: `python -m tests.costs.programs.record`.

A recording (`NAME/preview.json`) is the preview's JSON without what differs from one run or machine to the next.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from tests.engine.rehearsing import command, copied, environment

PROGRAMS = Path(__file__).parent
NAMES = ("aws", "gcp", "azure")
_KEPT = ("urn", "custom", "type", "inputs", "outputs", "parent", "dependencies", "provider", "propertyDependencies")
# What Pulumi hangs on a name that it makes up. Source: pulumi/pulumi sdk/go/common/resource/unique_names.go.
_MADE_UP = re.compile(r"[0-9a-f]{7,8}$")


def previewed(name: str, folder: Path) -> dict[str, Any]:
    """The preview of one program, run in a copy of it in this folder. Raises CalledProcessError."""
    project = copied(PROGRAMS / name, folder / name)
    words = command(project, "dev", "--", "pulumi", "preview", "--json", "--show-sames")
    done = subprocess.run(words, cwd=PROGRAMS.parents[2], env=environment(), capture_output=True, text=True, check=True)
    return recorded(json.loads(done.stdout))


def recorded(preview: Mapping[str, Any]) -> dict[str, Any]:
    """A preview as it is recorded: no positions, durations and made-up names, and everything in the order of its URN."""
    steps = [_step(step) for step in preview["steps"]]
    plain = {
        "config": preview["config"],
        "steps": sorted(steps, key=lambda step: step["urn"]),
        "changeSummary": preview["changeSummary"],
    }
    return cast(dict[str, Any], json.loads(_named_alike(json.dumps(plain), plain["steps"])))


def recording(name: str) -> Path:
    """Where a program's preview is recorded."""
    return PROGRAMS / name / "preview.json"


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    state = {key: step["newState"][key] for key in _KEPT if key in step["newState"]}
    # The engine holds both as sets.
    state["dependencies"] = sorted(state.get("dependencies", ()))
    state["propertyDependencies"] = {key: sorted(urns) for key, urns in state.get("propertyDependencies", {}).items()}
    return {"op": step["op"], "urn": step["urn"], "newState": state}


def _named_alike(text: str, steps: list[dict[str, Any]]) -> str:
    for step in steps:
        inputs = step["newState"].get("inputs", {})
        for made_up in (str(inputs.get(key)) for key in inputs.get("__defaults", ())):
            text = text.replace(made_up, _MADE_UP.sub(lambda found: "0" * len(found[0]), made_up))
    return text


def main() -> None:
    """Records every program anew."""
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            recording(name).write_text(json.dumps(previewed(name, Path(folder)), indent=1) + "\n")


if __name__ == "__main__":
    main()
