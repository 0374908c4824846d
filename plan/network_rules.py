"""What a cloud must say about its networks before one can be planned on it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Generic, Literal, Protocol, TypeVar

from environment.network import ExistingNetwork, PrivateService
from plan.model import NatPlan, PrivateEndpointPlan, SubnetPlan
from plan.network_request import NetworkRequest

Nat = Literal["none", "single", "perZone"]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Choice(Generic[T]):
    """What is chosen where the file is silent, why, and whose rule it is (empty: Drydock's own judgement)."""

    chosen: T
    reason: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Subnets:
    """A network's range cut into subnets; what is in none of them is left for what comes later."""

    private: tuple[SubnetPlan, ...]
    public: tuple[SubnetPlan, ...] = ()
    endpoint: SubnetPlan | None = None
    proxy: SubnetPlan | None = None


@dataclass(frozen=True, kw_only=True)
class NetworkLimits:
    """The figures and yes-or-no facts of one cloud's networks.

    prefixes, service_prefixes: lengths that the network's range and the range of Services may have. reserved_ranges: what the cloud keeps
    to itself. pods_in_subnets: pods take addresses of the nodes' subnets (otherwise each node gets a /24 of the pods' range).
    addresses_per_node: of the subnet; reserved_addresses: that the cloud keeps in each subnet. flow_days: for how many days flow logs may
    be kept, None where the network cannot say. existing_forms: of the network's id and of its subnets'. one_subnet: all nodes of an
    existing network stand in one of its subnets. named_ranges: pods and Services of an existing network take ranges by name.
    subnets_have_zones: each stands in one. new_nodes_source: the rule by which new nodes of an existing cluster must be told their subnets,
    None where the cluster knows them.
    """

    prefixes: range
    prefix_source: str
    service_prefixes: range
    service_source: str
    reserved_ranges: tuple[IPv4Network, ...] = ()
    reserved_source: str = ""
    pods_in_subnets: bool
    pod_source: str
    addresses_per_node: int
    reserved_addresses: int
    address_source: str
    flow_days: Collection[int] | None
    flow_days_source: str
    fixed_flow_days: int | None = None
    samples_flows: bool
    sample_source: str
    zone_source: str
    existing_id: re.Pattern[str]
    existing_id_form: str
    existing_subnet: re.Pattern[str]
    existing_subnet_form: str
    existing_source: str
    one_subnet: bool
    named_ranges: bool
    subnets_have_zones: bool
    new_nodes_source: str | None


class NetworkRules(Protocol):
    """A cloud's network rules: one module per cloud, these names in each."""

    LIMITS: NetworkLimits

    def default_zones(self, request: NetworkRequest) -> Choice[int]:
        """How many zones, where the file does not say."""
        ...

    def check_zones(self, request: NetworkRequest, count: int) -> None:
        """Faults a number of zones that the region has but the cloud does not take."""
        ...

    def default_nat(self, request: NetworkRequest) -> Choice[Nat]:
        """The way out to the internet, where the file does not say."""
        ...

    def check_nat(self, request: NetworkRequest, nat: Nat, zones: Sequence[str]) -> None:
        """Faults a way out that the cloud does not have."""
        ...

    def subnets(self, request: NetworkRequest, cidr: IPv4Network, zones: Sequence[str], nat: Nat) -> Subnets | None:
        """The range cut into subnets, None and a fault where it is too small for them."""
        ...

    def nats(self, nat: Nat, zones: Sequence[str]) -> tuple[NatPlan, ...]:
        """The gateways of that way out."""
        ...

    def default_services(self, request: NetworkRequest, nat: Nat) -> Choice[tuple[PrivateService, ...]]:
        """The services that are reached without leaving the network, where the file does not say."""
        ...

    def check_services(self, request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> None:
        """Faults services that cannot be reached so, and those that are missing where there is no way out."""
        ...

    def endpoints(self, request: NetworkRequest, services: Sequence[PrivateService], nat: Nat) -> tuple[PrivateEndpointPlan, ...]:
        """The private endpoints of these services."""
        ...

    def check_existing(self, request: NetworkRequest, existing: ExistingNetwork) -> None:
        """Faults what only this cloud asks of a network that is there already."""
        ...
