"""Values of charts, put together from two sources."""

from collections.abc import Mapping
from typing import Any, cast


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Both sets of values; where both have a mapping they are merged, elsewhere the second wins. Neither is changed."""
    together = dict(first)
    for key, value in second.items():
        mine = together.get(key)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            together[key] = merged(cast(Mapping[str, Any], mine), cast(Mapping[str, Any], value))
        else:
            together[key] = value
    return together
