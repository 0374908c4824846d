"""Where something stands in a YAML file."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode


class Lines:
    """The lines of a text of YAML."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _root(self) -> Any:
        # Asked for where something is to be said of a line: most files are right, and reading one takes as long as planning it.
        reader: Any = YAML()
        try:
            return reader.compose(self._text)
        except YAMLError:
            return None

    def of(self, path: Sequence[str]) -> int:
        """The line (from 1) of the key or item at a path; where that is not there, of the last one on the way that is."""
        node, line = self._root, 1
        for step in path:
            found = _below(node, step)
            if found is None:
                break
            line, node = found
        return line


def _below(node: Any, step: str) -> tuple[int, Any] | None:
    value: Any = getattr(node, "value", ())
    if isinstance(node, MappingNode):
        return next(((key.start_mark.line + 1, below) for key, below in value if key.value == step), None)
    if isinstance(node, SequenceNode) and step.isdigit() and int(step) < len(value):
        return value[int(step)].start_mark.line + 1, value[int(step)]
    return None
