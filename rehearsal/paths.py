"""Pulumi's property paths: `rules[0].id`, `tags["a.b"]`, `taints[*].key`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache

from rehearsal.values import Path

_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$-]*\Z")
_STEP = re.compile(r'\.?(?:\[(?P<index>\d+)\]|\[(?P<star>\*)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]|(?P<key>[^.\[\]]+))')


def path_text(path: Sequence[str | int]) -> str:
    """Write a path in Pulumi's syntax: `("tags", "a.b", 0)` is `tags["a.b"][0]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.match(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text


@cache
def parse_path(text: str) -> Path:
    """Read a path in Pulumi's syntax; `*` stands for every index or key. Raises ValueError for malformed text."""
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            raise ValueError(f'property path {text!r} is malformed at character {position + 1}; write it like rules[0].id or tags["a.b"]')
        steps.append(_parsed_step(match))
        position = match.end()
    return tuple(steps)


def _parsed_step(match: re.Match[str]) -> str | int:
    index, star, quoted, key = match.group("index", "star", "quoted", "key")
    if index is not None:
        return int(index)
    if quoted is not None:
        return str(json.loads(quoted))
    return star or key


def covers(pattern: Path, path: Path) -> bool:
    """Tell whether `pattern` names `path` or something that contains it; `*` matches any one step."""
    if len(pattern) > len(path):
        return False
    return all(want in ("*", have) for want, have in zip(pattern, path, strict=False))


def without_indexes(path: Path) -> str:
    """Give the schema path of a value: `rules[0].id` is `rules.id`."""
    return ".".join(step for step in path if isinstance(step, str))
