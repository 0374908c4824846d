"""EC2 machines: instances, spot requests, reserved capacity, dedicated hosts; groups and fleets of them stand in their own files."""

from typing import Final

from costs.aws import group, spot_fleet
from costs.aws.block_device import volumes
from costs.aws.fleet import fleet
from costs.aws.launch import Launch, choices_of, covered, credits, detailed, payable, template, type_of, why_unreadable
from costs.aws.parts import egress, unlisted
from costs.capacity import machines, say_held
from costs.pricing import HOURS, Pricer, Pricing, count

_ONE: Final = count("instance (Linux)", 1)


def instance(pricing: Pricing) -> None:
    """An instance: its machine by the hour, its volumes for the whole month, for they stand while it is stopped (or hibernates) too."""
    own = Launch(pricing, template=False)
    from_template = template(pricing, "launchTemplate")
    _instance(pricing, own, from_template, spot=own.spot or bool(from_template and from_template.spot))


def spot_request(pricing: Pricing) -> None:
    """An instance that is always asked for as spot."""
    _instance(pricing, Launch(pricing, template=False), template(pricing, "launchTemplate"), spot=True)


def _instance(pricing: Pricing, own: Launch, from_template: Launch | None, *, spot: bool) -> None:
    source = own if from_template is None or pricing.resource.get("instanceType") is not None else from_template
    instance_type = type_of(pricing, source.at, "instance")
    running = covered(pricing, own, _ONE)
    launches = [launch for launch in (own, from_template) if launch]
    if not running.amount.high:
        pricing.note("instance", "nothing by the hour", running.words)
    elif instance_type and all(payable(pricing, launch, "instance") for launch in launches):
        credits(pricing, instance_type)
        fleet(pricing, "instance", choices_of(instance_type), running, spot=spot)
    own_devices = pricing.resource.get("rootBlockDevice") is not None or pricing.resource.get("ebsBlockDevices") is not None
    disks = own if own_devices or from_template is None else from_template
    volumes(pricing, disks.at, disks.devices, _ONE)
    detailed(pricing, own if pricing.resource.get("monitoring") is not None or from_template is None else from_template, _ONE)
    if _has_public_address(pricing):
        driver = "public IPv4 address"
        pricing.line(driver, pricing.service("vpc", "public-ipv4-in-use", driver), _ONE, pricing.hours())
        egress(pricing, pricing.usage_or("egressGibPerMonth"))


def _has_public_address(pricing: Pricing) -> bool:
    told = pricing.resource.get("associatePublicIpAddress")
    if told is not None:
        return told is True
    subnet = pricing.program.referred(pricing.resource, "subnetId")
    return bool(subnet and subnet.get("mapPublicIpOnLaunch") is True)


def capacity_reservation(pricing: Pricing) -> None:
    """Reserved capacity costs what its machines cost, used or not. Source: Amazon EC2 User Guide, "Capacity Reservation pricing"."""
    driver = "reserved instances"
    instance_type = type_of(pricing, pricing, driver)
    why = why_unreadable(pricing, "instanceCount")
    places = pricing.number("instanceCount")
    if why or places is None:
        pricing.unpriced(driver, why or "instanceCount is left out")
        return
    platform = pricing.text("instancePlatform", "Linux/UNIX")
    if instance_type is None or platform != "Linux/UNIX" or pricing.text("tenancy") == "dedicated":
        if instance_type:
            pricing.unpriced(
                driver, f"no price of {instance_type} with {platform}, {pricing.text('tenancy', 'default')} tenancy is on record"
            )
        return
    machines(pricing, driver, instance_type, count("instances reserved, used or not", places), hours=HOURS)
    say_held(pricing, driver)
    if pricing.text("instanceMatchCriteria", "open") == "open":
        reason = "any instance that matches uses an open reservation, and is counted on its own as well: name the reservation in it"
        pricing.note("instances in the reservation", "none", reason)


def dedicated_host(pricing: Pricing) -> None:
    """A host is paid for as a whole, by its family."""
    family = pricing.text("instanceFamily") or pricing.text("instanceType").partition(".")[0]
    if not family:
        pricing.unpriced("dedicated host", "neither instanceType nor instanceFamily is known")
        return
    pricing.line("dedicated host", pricing.service("ec2-dedicated-host", family, "dedicated host"), count("host", 1), HOURS)


PRICERS: dict[str, Pricer] = {
    "aws:ec2/instance:Instance": instance,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": spot_request,
    "aws:ec2/capacityReservation:CapacityReservation": capacity_reservation,
    "aws:ec2/capacityBlockReservation:CapacityBlockReservation": unlisted(
        "capacity block", "its price is that of the offering, paid in advance: known when it is bought"
    ),
    "aws:ec2/dedicatedHost:DedicatedHost": dedicated_host,
    **group.PRICERS,
    **spot_fleet.PRICERS,
}
FREE: set[str] = {
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/placementGroup:PlacementGroup",
    "aws:ec2/keyPair:KeyPair",
    "aws:ec2/spotDatafeedSubscription:SpotDatafeedSubscription",
    "aws:ec2/defaultCreditSpecification:DefaultCreditSpecification",
    "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    *group.FREE,
}
