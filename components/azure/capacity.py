"""Capacity that an agent pool stands on: machines set aside, and machines close to each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_azure_native as azure
from pulumi import Input, Output, Resource, ResourceOptions

from components.azure.cluster_access import CONTRIBUTOR, grant_identity
from plan.model import NodePoolPlan, RungPlan


@dataclass(frozen=True, kw_only=True)
class ReservedCapacity:
    """A capacity reservation group, and what must be there before a pool may draw on it."""

    id: Output[str]
    ready: Sequence[Resource]


def reservation_group(
    plan: NodePoolPlan,
    rung: RungPlan,
    location: str,
    resource_group_name: Input[str],
    identity: azure.managedidentity.UserAssignedIdentity | None,
    opts: ResourceOptions,
) -> ReservedCapacity | None:
    """The group that a reserved rung draws on, made or existing, with the control plane's right to use it; None for any other rung."""
    if rung.reservation is None:
        return None
    made: list[Resource] = []
    if rung.reservation.existing:
        group_id = Output.from_input(rung.reservation.existing)
    else:
        group, reservation = _reserve(plan, rung, rung.reservation.count, location, resource_group_name, opts)
        group_id = group.id
        made.append(reservation)
    if identity is not None:
        # Source: Microsoft Learn, "Assign capacity reservation groups to AKS node pools".
        made.append(grant_identity(f"{rung.name}-reservation-access", identity, group_id, CONTRIBUTOR, opts))
    return ReservedCapacity(id=group_id, ready=made)


def _reserve(
    plan: NodePoolPlan, rung: RungPlan, count: int, location: str, resource_group_name: Input[str], opts: ResourceOptions
) -> tuple[azure.compute.CapacityReservationGroup, azure.compute.CapacityReservation]:
    zones = list(rung.reservation.zones) if rung.reservation and rung.reservation.zones else None
    group = azure.compute.CapacityReservationGroup(
        f"{rung.name}-reservations",
        resource_group_name=resource_group_name,
        location=location,
        zones=zones,
        tags=plan.labels,
        opts=opts,
    )
    reservation = azure.compute.CapacityReservation(
        f"{rung.name}-reservation",
        resource_group_name=resource_group_name,
        location=location,
        capacity_reservation_group_name=group.name,
        sku=azure.compute.SkuArgs(name=plan.machine.instance_type, capacity=count),
        zones=zones,
        tags=plan.labels,
        opts=opts,
    )
    return group, reservation


def placement_group(
    plan: NodePoolPlan, rung: RungPlan, location: str, resource_group_name: Input[str], opts: ResourceOptions
) -> Output[str]:
    """A proximity placement group, in which machines stand close to each other."""
    group = azure.compute.ProximityPlacementGroup(
        f"{rung.name}-placement",
        resource_group_name=resource_group_name,
        location=location,
        proximity_placement_group_type=azure.compute.ProximityPlacementGroupType.STANDARD,
        tags=plan.labels,
        opts=opts,
    )
    return group.id
