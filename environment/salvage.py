"""What is left of a faulty environment, so that one run can name the plan's faults too."""

import copy
from typing import Any

from pydantic import ValidationError

from environment.model import Environment

ATTEMPTS = 8
# Stand-ins for what is missing or faulty at the top, where a fault stands already.
STAND_INS: dict[str, Any] = {"region": "unknown", "stage": "dev", "owner": "unknown", "costCenter": "unknown"}


def salvage(raw: dict[str, Any], error: ValidationError) -> Environment | None:
    """The environment without its faulty parts, or None where the cloud itself is faulty."""
    rest: dict[str, Any] = copy.deepcopy(raw)
    for _ in range(ATTEMPTS):
        for found in error.errors(include_url=False):
            _cut(rest, found["loc"])
        for key, stand_in in STAND_INS.items():
            rest.setdefault(key, stand_in)
        try:
            return Environment.model_validate(rest)
        except ValidationError as again:
            error = again
    return None


def _cut(rest: dict[str, Any], location: tuple[int | str, ...]) -> None:
    path = [part for part in location if part != "[key]"]
    here: Any = rest
    for depth, part in enumerate(path[:-1]):
        if isinstance(here, list):
            # A list with a faulty entry goes as a whole: without that entry it would say something else.
            return _cut(rest, tuple(path[:depth]))
        if not isinstance(here, dict) or part not in here:
            return
        here = here[part]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(here, list):
        return _cut(rest, tuple(path[:-1]))
    if not isinstance(here, dict):
        return
    if path[-1] in here:
        del here[path[-1]]
    elif len(path) > 1:
        # Something required is missing: what it is missing from goes as a whole.
        _cut(rest, tuple(path[:-1]))
