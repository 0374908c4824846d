"""What a cloud must say about its Kubernetes clusters before one can be planned on it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from plan.cluster_request import ClusterRequest


@dataclass(frozen=True, kw_only=True)
class UpkeepRule:
    """When a cloud may upgrade by itself.

    has_window: it keeps to a window. most_days: days of the week that a window may have. least_hours_a_week: all its windows together;
    default_days: MO … SU.
    """

    has_window: bool
    most_days: int
    least_hours_a_week: int
    default_days: tuple[str, ...]
    source: str


@dataclass(frozen=True, kw_only=True)
class AuditRule:
    """What a cloud records of requests to the Kubernetes API.

    types: its own names. always_on: the file cannot switch it off. days: for how long records may be kept, None where the cluster cannot
    say; then they are kept for fixed_days.
    """

    types: tuple[str, ...]
    reason: str
    always_on: bool
    days: Collection[int] | None
    fixed_days: int = 0
    source: str
    days_source: str


@dataclass(frozen=True, kw_only=True)
class ClusterLimits:
    """The figures and yes-or-no facts of one cloud's clusters.

    channels: the environment file's words for upgrade channels in the cloud's. default_channel: in the file's word; empty is none of them,
    and silent_channel is what the cloud is told. moving_channels: those in which the cloud changes the minor version by itself.
    extended_price: what a version in extended support costs. tiers: price tiers of the control plane by stage, with `extended`;
    None where there is one only. most_ranges: that may reach a public API. own_features: words of addOns that the cloud does by itself.
    autoscaling_profiles: how eagerly it takes idle nodes away, by stage; empty where it has no such choice.
    """

    service: str
    channels: Mapping[str, str]
    default_channel: str
    silent_channel: str
    moving_channels: frozenset[str]
    channel_reason: str
    channel_source: str
    extended_price: str
    extended_source: str
    tiers: Mapping[str, str | None]
    tier_reason: str
    tier_source: str
    most_ranges: int
    range_source: str
    owner_form: re.Pattern[str]
    owner_words: str
    owner_source: str
    upkeep: UpkeepRule
    audit: AuditRule
    protects_from_deletion: bool
    protection_source: str
    secrets_source: str
    existing_name: re.Pattern[str]
    existing_name_form: str
    existing_source: str
    existing_needs_group: bool
    add_ons: tuple[str, ...]
    add_ons_reason: str
    add_ons_source: str
    own_features: frozenset[str]
    autoscaling_profiles: Mapping[str, str] = field(default_factory=dict[str, str])
    autoscaling_source: str = ""


class ClusterRules(Protocol):
    """A cloud's cluster rules: one module per cloud, these names in each."""

    LIMITS: ClusterLimits

    def check_channel(self, request: ClusterRequest, channel: str | None) -> None:
        """Faults a channel that the cloud has, but not beside what else is asked."""
        ...

    def check_key(self, request: ClusterRequest, key: re.Match[str]) -> None:
        """Faults a key of the right form that the cluster cannot use."""
        ...
