"""Reservations that exist in the simulated clouds, be it that the program made them or that the scenario lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rehearsal.capacity.demand import Node
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import as_text, lookup

AWS: Final = "aws:ec2/capacityReservation:CapacityReservation"
AWS_BLOCK: Final = "aws:ec2/capacityBlockReservation:CapacityBlockReservation"
GCP: Final = "gcp:compute/reservation:Reservation"
AZURE: Final = "azure-native:compute:CapacityReservation"
_CLOUDS: Final = {AWS: "aws", AWS_BLOCK: "aws", GCP: "gcp", AZURE: "azure"}


@dataclass(frozen=True)
class Reservation:
    """Machines that are kept in a zone; `is_open` ones are filled by whatever fits."""

    id: str
    names: frozenset[str]
    cloud: str
    machine_type: str
    zone: str
    count: int
    is_open: bool

    def fits(self, node: Node) -> bool:
        """Tell whether a node may run in it."""
        return (self.cloud, self.machine_type) == (node.cloud, node.machine_type) and self.zone in ("", node.zone)


def reservations(cloud: SimulatedCloud) -> list[Reservation]:
    """Give every reservation that exists."""
    return [_read(resource) for resource in cloud.of_types(_CLOUDS)]


def named(found: list[Reservation], name: str) -> list[Reservation]:
    """Give the reservations that a name, an id, or an Azure group's id means."""
    wanted = {name.lower(), name.rsplit("/", 1)[-1].lower()} if not name.lower().startswith("/subscriptions/") else {name.lower()}
    return [each for each in found if wanted & each.names]


def _read(resource: Resource) -> Reservation:
    if resource.type == GCP:
        return _google(resource)
    if resource.type == AZURE:
        return _azure(resource)
    values = {**resource.outputs, **resource.inputs}
    return Reservation(
        id=resource.id,
        names=frozenset({resource.id.lower(), resource.arn.lower()}),
        cloud="aws",
        machine_type=as_text(values.get("instanceType")) or "",
        zone=as_text(values.get("availabilityZone")) or "",
        count=int(as_text(values.get("instanceCount")) or 0),
        is_open=resource.type == AWS and as_text(values.get("instanceMatchCriteria")) != "targeted",
    )


def _google(resource: Resource) -> Reservation:
    specific = ("specificReservation",)
    return Reservation(
        id=resource.id,
        names=frozenset({resource.id.lower(), resource.name.lower(), resource.arn.lower()}),
        cloud="gcp",
        machine_type=as_text(lookup(resource.inputs, (*specific, "instanceProperties", "machineType"))) or "",
        zone=as_text(resource.inputs.get("zone")) or "",
        count=int(as_text(lookup(resource.inputs, (*specific, "count"))) or 0),
        is_open=resource.inputs.get("specificReservationRequired") is not True,
    )


def _azure(resource: Resource) -> Reservation:
    """Virtual machines name the group, not the reservation in it."""
    zone = as_text(lookup(resource.inputs, ("zones", 0)))
    return Reservation(
        id=resource.id,
        names=frozenset({resource.id.lower(), resource.id.lower().rsplit("/capacityreservations/", 1)[0]}),
        cloud="azure",
        machine_type=as_text(lookup(resource.inputs, ("sku", "name"))) or "",
        zone=f"{resource.place.split('/')[-1]}-{zone}" if zone else "",
        count=int(as_text(lookup(resource.inputs, ("sku", "capacity"))) or 0),
        is_open=False,
    )
