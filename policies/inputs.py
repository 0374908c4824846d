"""The inputs of a resource as the SDK hands them to a remedy, and as a check reads them.

Apart from what checks are handed: there secrets are sealed, so that they go back as secrets, and what is not known yet is the engine's own
mark for it. Source: pulumi_policy, deserialize.py and secret.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pulumi
from pulumi_policy import Secret

from costs.read import plain
from costs.resource import SECRET

# The key under which the SDK's proxies hand out what they stand for.
_TARGET = "__target"


def opened(value: Any) -> Any:
    """What proxies stand for, as dicts and lists that can be changed; secrets stay sealed, marks and assets stay what they are."""
    if isinstance(value, Mapping | Sequence) and not isinstance(value, dict | list | str | bytes):
        return opened(cast(Any, value)[_TARGET])
    if isinstance(value, dict):
        return {key: opened(each) for key, each in cast(dict[str, Any], value).items()}
    return [opened(each) for each in cast(list[Any], value)] if isinstance(value, list) else value


def readable(value: Any) -> Any:
    """Opened inputs as a check reads them: SECRET and UNKNOWN for what cannot be read, whole numbers whole."""
    if isinstance(value, Secret):
        return SECRET
    if isinstance(value, dict):
        return {key: readable(each) for key, each in cast(dict[str, Any], value).items()}
    return [readable(each) for each in cast(list[Any], value)] if isinstance(value, list) else plain(value)


def has_asset(value: Any) -> bool:
    """Whether an asset or archive stands in opened inputs, in a secret too.

    The SDK hands one back without its hash. The engine would then no longer see that its file has changed.
    """
    if isinstance(value, Secret):
        return has_asset(opened(value.value))
    if isinstance(value, dict):
        return any(map(has_asset, cast(dict[str, Any], value).values()))
    if isinstance(value, list):
        return any(map(has_asset, cast(list[Any], value)))
    return isinstance(value, pulumi.Asset | pulumi.Archive)
