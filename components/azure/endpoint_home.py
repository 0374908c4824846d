"""What an endpoint of Azure Machine Learning stands in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Input, Output, Resource

from components.contract import RegistryOutputs


@dataclass(frozen=True, kw_only=True)
class Store:
    """A bucket that a workspace may read. datastore_id: the workspace's word for it; container_id: what a role is given on."""

    container_id: Input[str]
    datastore_id: Input[str]


@dataclass(frozen=True, kw_only=True)
class EndpointHome:
    """The workspace of an environment's endpoints, as they need to know it.

    logs_id: the Log Analytics workspace that takes their traffic logs. stores: by the bucket's name in the plan. registry_id: the
    registry that images are pulled from, None for one that is not ours. registry: where our images lie. ready: what must be there
    before a container is started.
    """

    location: str
    resource_group_name: Input[str]
    workspace_name: Output[str]
    logs_id: Input[str]
    stores: Mapping[str, Store]
    registry_id: Input[str] | None = None
    registry: RegistryOutputs | None = None
    ready: Sequence[Resource] = ()
