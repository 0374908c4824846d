"""What is decided about the network that clusters and endpoints stand in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SubnetPlan:
    """One subnet. zone: its zone's name (eu-west-1a), None where the cloud's subnets span the region (Google Cloud, Azure)."""

    name: str
    cidr: str
    zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class NatPlan:
    """One way out to the internet. zone: the zone it serves, None where it serves all of them (Google's Cloud NAT)."""

    name: str
    zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointPlan:
    """A service of the cloud that is reached without leaving the network.

    name: its logical name. service: as the cloud names it (AWS: `com.amazonaws.eu-west-1.s3`; Google: `all-apis`;
    Azure: the group id, such as `blob`). kind: gateway | interface | private-dns. dns_zone: the private zone that makes its names resolve.
    """

    name: str
    service: str
    kind: str
    dns_zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class FlowLogsPlan:
    """Records of who spoke to whom. sample_percent: the share of flows recorded (100 where the cloud takes no samples)."""

    retention_days: int
    sample_percent: int


@dataclass(frozen=True, kw_only=True)
class ExistingNetworkPlan:
    """A network that is not ours: used, never changed.

    identifier: VPC id, network name or ARM id. private_subnets: subnet ids, names or ARM ids. pod_range, service_range: names of
    Google's secondary ranges.
    """

    identifier: str
    private_subnets: tuple[str, ...]
    pod_range: str | None = None
    service_range: str | None = None


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """The environment's network, every choice made. Ranges are CIDR notation.

    zones: names of the zones in use, in order. private_subnets: where nodes and endpoints stand; public_subnets: where NAT gateways and
    public load balancers stand (AWS only). pod_cidr: the secondary range (Google) or overlay range (Azure) of pods, None where pods take
    addresses of the nodes' subnets (AWS). endpoint_subnet: where private endpoints stand (Azure only). proxy_subnet: where the proxies of
    load balancers stand (Google Cloud only).
    """

    name: str
    labels: Mapping[str, str]
    cidr: str
    zones: tuple[str, ...]
    private_subnets: tuple[SubnetPlan, ...]
    public_subnets: tuple[SubnetPlan, ...] = ()
    endpoint_subnet: SubnetPlan | None = None
    proxy_subnet: SubnetPlan | None = None
    pod_cidr: str | None = None
    service_cidr: str | None = None
    nats: tuple[NatPlan, ...] = ()
    private_endpoints: tuple[PrivateEndpointPlan, ...] = ()
    flow_logs: FlowLogsPlan | None = None
    existing: ExistingNetworkPlan | None = None
