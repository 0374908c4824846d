"""What a cloud must say about its node pools before one can be planned on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from catalogue.model import Machine
from plan.model import CachePlan, DiskPlan, DriverPlan, Taint
from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.storage_rules import CloudRule


@dataclass(frozen=True, kw_only=True)
class RefusedCapacity:
    """A kind of capacity that the cloud has not: why, and what to write instead."""

    problem: str
    instead: str
    source: str


@dataclass(frozen=True, kw_only=True)
class PoolLimits:
    """The yes-or-no facts of one cloud's node pools.

    no_capacity: kinds of capacity that it has not. reservation: how an existing reservation is named, and reservation_form in words;
    reservation_has_zone: every reservation stands in one zone. block, block_form: the same of a capacity block. spot_bid: None where a bid
    for spot can be made, otherwise why not. interconnect: the word of its fast network, None for none; fabrics: catalogue word → plan's
    word. one_zone_source: whose rule it is that the fast network and compact placement end at a zone. image_snapshot: how a disk of images
    is named, None where there is none. streaming: None where images can start while they load, otherwise why not. repair_fixed: None where
    auto-repair can be switched off. surge: None where extra nodes can be asked for at an upgrade. reserved_keys: domains of labels that it
    keeps for itself, beside Kubernetes' own.
    """

    no_capacity: Mapping[str, RefusedCapacity]
    reservation: re.Pattern[str]
    reservation_form: str
    reservation_has_zone: bool
    reservation_source: str
    block: re.Pattern[str]
    block_form: str
    block_source: str
    spot_bid: CloudRule | None
    interconnect: str | None
    fabrics: Mapping[str, str]
    one_zone_source: str
    placement_source: str
    image_snapshot: re.Pattern[str] | None
    image_snapshot_form: str
    streaming: CloudRule | None
    cache_source: str
    repair_fixed: CloudRule | None
    surge: CloudRule | None
    reserved_keys: tuple[str, ...]
    label_source: str


class NodePoolRules(Protocol):
    """A cloud's rules for node pools: one module per cloud, these names in each."""

    LIMITS: PoolLimits

    def node_obstacle(self, machine: Machine) -> CloudRule | None:
        """Why the cloud's Kubernetes takes no such machine as a node, None where it does; reads on from the machine's name."""
        ...

    def check_ladder(self, request: PoolRequest, choice: Choice) -> None:
        """Faults capacity that the cloud does not give to this machine."""
        ...

    def disk(self, request: PoolRequest, choice: Choice) -> DiskPlan:
        """The boot disk in the cloud's words; faults what it cannot be."""
        ...

    def driver(self, request: PoolRequest, choice: Choice) -> DriverPlan:
        """Who owns driver and device plugin, each exactly once."""
        ...

    def os_image(self, choice: Choice, driver: DriverPlan) -> str:
        """The node image in the cloud's word."""
        ...

    def cloud_profile(self, request: PoolRequest, choice: Choice, driver: DriverPlan, profile: str) -> str | None:
        """A MIG profile in the cloud's word, None where the GPU operator is told instead; faults one that the cloud cannot make."""
        ...

    def cache(self, request: PoolRequest, choice: Choice, driver: DriverPlan) -> CachePlan:
        """What spares new nodes the download; what the file leaves out is decided."""
        ...

    def rung_labels(self, request: PoolRequest, kind: str, driver: DriverPlan) -> Mapping[str, str]:
        """Labels that the cloud, or who provisions there, puts on such nodes itself or wants on them."""
        ...

    def rung_taints(self, request: PoolRequest, kind: str) -> tuple[Taint, ...]:
        """Taints that the cloud puts on such nodes itself, so that they are declared."""
        ...

    def selector(self, request: PoolRequest) -> Mapping[str, str]:
        """What pods must select beside the pool's own label, to be moved down the ladder."""
        ...

    def pool_name(self, rung: str, immutable: tuple[object, ...]) -> str | None:
        """The name that the cloud is given, None where Pulumi names the pool. immutable: what cannot change under one name."""
        ...
