"""How machines are launched: what a launch template, a launch configuration or the machine itself says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, cast

from costs.aws.block_device import MACHINE_IMAGE, Device, of_instance, of_template, standing, volumes
from costs.aws.fleet import Choice
from costs.aws.lookup import first
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricing, count
from costs.resource import Missing, Resource

TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
CONFIGURATION: Final = "aws:ec2/launchConfiguration:LaunchConfiguration"
RESERVATION: Final = "aws:ec2/capacityReservation:CapacityReservation"
# Metrics that detailed monitoring sends for each instance. Source: Amazon CloudWatch pricing, "EC2 detailed monitoring" example.
_DETAILED_METRICS: Final = 7


@dataclass(frozen=True)
class Launch:
    """What machines are launched from. at: reads the properties; template: whether they have a launch template's form."""

    at: Pricing
    template: bool

    @property
    def devices(self) -> list[Device] | None:
        """The volumes of each machine; None where they are known only after `up`."""
        return of_template(self.at) if self.template else of_instance(self.at)

    @property
    def spot(self) -> bool:
        """Whether it asks for spot capacity."""
        return self.at.text("instanceMarketOptions.marketType") == "spot" or bool(self.at.text("spotPrice"))

    @property
    def block(self) -> bool:
        """Whether it runs in a capacity block, which is paid for when it is bought."""
        return self.at.text("instanceMarketOptions.marketType") == "capacity-block"

    @property
    def tenancy(self) -> str:
        """default, dedicated or host."""
        return self.at.text("placement.tenancy" if self.template else "tenancy", self.at.text("placementTenancy", "default"))


def reader(pricing: Pricing, resource: Resource) -> Pricing:
    """Reads another resource's properties; its lines would be that resource's, so it is for reading only."""
    return replace(pricing, resource=resource)


def template(pricing: Pricing, path: str) -> Launch | None:
    """The launch template that a property names, by reference or by its literal name or ID; None where the program has none such."""
    named = pricing.program.referred(pricing.resource, path.partition(".")[0], TEMPLATE)
    given = pricing.resource.get(path)
    words = cast(Mapping[str, object], given).values() if isinstance(given, Mapping) else ()
    literal = (first(pricing.program, TEMPLATE, word, key) for word in words for key in ("name", "id"))
    found = next((each for each in literal if each), named)
    return Launch(reader(pricing, found), template=True) if found else None


def configuration(pricing: Pricing) -> Launch | None:
    """The launch configuration of a group."""
    named = pricing.program.referred(pricing.resource, "launchConfiguration", CONFIGURATION)
    found = named or first(pricing.program, CONFIGURATION, pricing.text("launchConfiguration"))
    return Launch(reader(pricing, found), template=False) if found else None


def why_unreadable(at: Pricing, path: str) -> str | None:
    """Why a number cannot be read from a property; None where it can, or is left out."""
    value = at.resource.get(path)
    if isinstance(value, Missing):
        return f"{path} is {value.value}"
    return f"{path} is '{value}', which is no number" if value is not None and at.number(path) is None else None


def type_of(pricing: Pricing, at: Pricing, driver: str, path: str = "instanceType") -> str | None:
    """The machine type in a property; None, and listed as unpriced, where it is left out or unreadable."""
    value = at.resource.get(path)
    if isinstance(value, str) and value:
        return value
    pricing.unpriced(driver, f"{path} is {value.value}" if isinstance(value, Missing) else f"{path} is left out")
    return None


def choices_of(instance_type: str | None) -> list[Choice]:
    """The one type as a list of choices."""
    return [Choice(instance_type)] if instance_type else []


def covered(pricing: Pricing, launch: Launch, running: Factor) -> Factor:
    """The machines that are paid for by themselves: those in a capacity reservation of the program are paid with it."""
    reservation = pricing.program.referred(launch.at.resource, "capacityReservationSpecification", RESERVATION)
    if reservation is None:
        return running
    users = [
        each
        for kind in ("aws:ec2/instance:Instance", TEMPLATE)
        for each in pricing.program.referring(reservation, kind, "capacityReservationSpecification")
    ]
    places = reader(pricing, reservation).number("instanceCount")
    if places is None:
        return running
    # Those that come first in the program take the places; a template that shares them gets none, which is dear rather than too cheap.
    free = places if len(users) == 1 else Decimal(1 if not launch.template and users.index(launch.at.resource) < places else 0)
    amount = running.amount
    left = Band(*(max(level - free, Decimal(0)) for level in (amount.low, amount.expected, amount.high)))
    return Factor(f"{running.words} above the {free} paid with {reservation.name}", left, running.confidence)


def payable(pricing: Pricing, launch: Launch, driver: str) -> bool:
    """Whether the machines are paid for by the hour at the list price; what else they cost is listed as unpriced."""
    if launch.block:
        pricing.note(driver, "nothing by the hour", "they run in a capacity block, which is paid for when it is bought")
        return False
    if launch.tenancy == "host" or launch.at.resource.get("hostId") is not None:
        pricing.note(driver, "nothing by the hour", "they run on a dedicated host, which is paid for as a whole")
        return False
    if launch.tenancy == "dedicated":
        pricing.unpriced(driver, "no price of dedicated tenancy is on record")
        return False
    return True


def extras(pricing: Pricing, launch: Launch, running: Factor, hours: Factor, image: Band = MACHINE_IMAGE) -> None:
    """What each machine has besides itself: volumes that stand as long as it runs, detailed monitoring, a public address."""
    volumes(pricing, launch.at, launch.devices, standing(running, hours), image)
    detailed(pricing, launch, standing(running, hours))
    public = "networkInterfaces.0.associatePublicIpAddress" if launch.template else "associatePublicIpAddress"
    if launch.at.text(public) == "true" or launch.at.flag(public):
        driver = "public IPv4 address"
        pricing.line(driver, pricing.service("vpc", "public-ipv4-in-use", driver), running, hours)


def detailed(pricing: Pricing, launch: Launch, each: Factor) -> None:
    """Detailed monitoring of EC2; a launch configuration has it unless it says otherwise. Source: CloudWatch pricing."""
    at, driver = launch.at, "detailed monitoring"
    by_default = at.resource.type == CONFIGURATION and at.resource.get("enableMonitoring") is None
    if by_default or any(at.flag(path) for path in ("monitoring", "monitoring.enabled", "enableMonitoring")):
        metrics = count("metrics of an instance", _DETAILED_METRICS)
        pricing.line(driver, pricing.service("cloudwatch", "custom-metric-first-10k", driver), each, metrics)


def credits(pricing: Pricing, instance_type: str) -> None:
    """Burstable machines may bill CPU above their baseline. Source: Amazon EC2 User Guide, "Unlimited mode for burstable instances"."""
    if instance_type.split(".")[0] in {"t2", "t3", "t3a", "t4g"}:
        pricing.note("surplus CPU credits", "none", f"{instance_type} is taken to stay within its baseline on average")
