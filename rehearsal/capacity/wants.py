"""The nodes that each type of resource asks its cloud for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.capacity import aws, azure, gcp
from rehearsal.capacity.demand import Demand
from rehearsal.state import SimulatedCloud
from rehearsal.values import Values

Want = Callable[[SimulatedCloud, str, Values], list[Demand]]

_WANTS: Final[Mapping[str, Want]] = {**aws.WANTS, **gcp.WANTS, **azure.WANTS}
_TEMPLATES: Final = frozenset(
    {
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "gcp:compute/instanceTemplate:InstanceTemplate",
    }
)


def demands_of(cloud: SimulatedCloud, token: str, region: str, values: Values) -> list[Demand]:
    """Give what a resource of these inputs and outputs asks of its region; empty for one that has no nodes."""
    want = _WANTS.get(token)
    return want(cloud, region, values) if want else []


def has_nodes(token: str) -> bool:
    """Tell whether machines that a resource names are the matter of nodes: its own, or those that are made of it later."""
    return token in _WANTS or token in _TEMPLATES or token.startswith("kubernetes:")
