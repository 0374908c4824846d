"""`drydock schema`: the environment file's JSON schema, for editors."""

import json
from pathlib import Path
from typing import Any

from cli.output import err, out
from cli.policy_settings import KEY as POLICIES
from environment.load import KEY
from environment.model import Environment
from policies.settings import Settings

FILE = Path("stacks/schema.json")


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a stack file with an environment, and settings of policies, in it."""
    environment = Environment.model_json_schema(by_alias=True)
    policies = Settings.model_json_schema(by_alias=True)
    definitions = {**environment.pop("$defs"), **policies.pop("$defs")}
    config = {"type": "object", "required": [KEY], "properties": {KEY: environment, POLICIES: policies}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Drydock stack file",
        "type": "object",
        "required": ["config"],
        "properties": {"config": config},
        "$defs": definitions,
    }


def write(only_check: bool) -> int:
    """Writes the schema, or says whether the one that is there is current (exit status 1 where it is not)."""
    text = json.dumps(schema(), indent=2) + "\n"
    if only_check:
        current = FILE.exists() and FILE.read_text() == text
        (out if current else err).print(f"{FILE}: current" if current else f"{FILE}: not what the models say; run `drydock schema`")
        return 0 if current else 1
    FILE.write_text(text)
    out.print(f"wrote {FILE}")
    return 0
