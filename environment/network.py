"""The network as a person asks for it: a range of addresses and how many zones, or one that is there already."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Cidr, Days, Listed, Part, Whole

PrivateService = Literal["storage", "registry", "ml", "logs", "identity"]


class FlowLogs(Part):
    """Records of who spoke to whom; Google Cloud may record a sample only."""

    enabled: bool = True
    retention_days: Days | None = None
    sample_percent: Annotated[int, Whole, Field(ge=1, le=100)] | None = None


class ExistingNetwork(Part):
    """A network that is there already and stays as it is.

    id: VPC id, network name or ARM id. privateSubnets: subnet ids, names or ARM ids. podRange and serviceRange: Google's secondary ranges.
    """

    id: Annotated[str, StringConstraints(min_length=1)]
    private_subnets: Annotated[tuple[str, ...], Listed, Field(min_length=1)]
    pod_range: str | None = None
    service_range: str | None = None


class Network(Part):
    """The network of an environment. Everything may be left out: the stage chooses it."""

    cidr: Cidr | None = None
    zones: Annotated[int, Whole, Field(ge=1, le=6)] | None = None
    pod_cidr: Cidr | None = None
    service_cidr: Cidr | None = None
    nat: Literal["none", "single", "perZone"] | None = None
    private_endpoints: Annotated[tuple[PrivateService, ...], Listed] | None = None
    flow_logs: FlowLogs | None = None
    existing: ExistingNetwork | None = None
