"""Nodes of AWS: EKS node groups, instances, Auto Scaling groups and capacity reservations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rehearsal.capacity.demand import SOMEWHERE, Demand
from rehearsal.capacity.reservations import AWS
from rehearsal.sagemaker import ENDPOINT, variants_of
from rehearsal.scenario import Market
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup
from rehearsal.zones import aws_zones

NODE_GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
_MARKETS: Final[dict[str, Market]] = {"SPOT": "spot", "CAPACITY_BLOCK": "block", "spot": "spot", "capacity-block": "block"}
# What EKS and the SDK take when no type is named (EKS API, CreateNodegroup).
_DEFAULT_TYPE: Final = "t3.medium"


@dataclass(frozen=True)
class _Launch:
    """What a launch template, or an instance itself, says of where its machines come from."""

    machine_type: str = ""
    market: Market = "onDemand"
    reservation: str = ""
    is_open: bool = True


def node_group(cloud: SimulatedCloud, region: str, values: Values) -> Demand:
    """Give one node of an EKS node group as a demand; its count is the desired size."""
    template = _template(cloud, values)
    launch = _launch(template.inputs) if template else _Launch()
    types = _texts(values.get("instanceTypes")) or ([launch.machine_type] if launch.machine_type else [_DEFAULT_TYPE])
    return Demand(
        cloud="aws",
        region=region,
        zones=_zones(cloud, region, values.get("subnetIds")),
        machine_types=tuple(types),
        market=_MARKETS.get(as_text(values.get("capacityType")) or "", launch.market),
        count=_number(lookup(values, ("scalingConfig", "desiredSize"))),
        pool=as_text(values.get("nodeGroupName")) or "",
        reservation=launch.reservation,
        open_reservations=launch.is_open,
    )


def _node_group(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    return [node_group(cloud, region, values)]


def _instance(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    launch = _launch(values)
    subnets: Value = [values["subnetId"]] if values.get("subnetId") else []
    zone = as_text(values.get("availabilityZone"))
    zones = _zones(cloud, region, subnets) if subnets else (zone or aws_zones(region)[0],)
    return [_demand(region, zones, launch, 1)] if launch.machine_type else []


def _group(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    template = _template(cloud, values)
    launch = _launch(template.inputs) if template else _Launch()
    count = max(_number(values.get("desiredCapacity")), _number(values.get("minSize")))
    return [_demand(region, _zones(cloud, region, values.get("vpcZoneIdentifiers")), launch, count)] if launch.machine_type else []


def _demand(region: str, zones: tuple[str, ...], launch: _Launch, count: int) -> Demand:
    kinds = (launch.machine_type,)
    return Demand("aws", region, zones, kinds, launch.market, count, reservation=launch.reservation, open_reservations=launch.is_open)


def _reservation(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    machine_type, zone = as_text(values.get("instanceType")), as_text(values.get("availabilityZone"))
    if not machine_type or not zone:
        return []
    return [Demand("aws", region, (zone,), (machine_type,), "reserved", _number(values.get("instanceCount")), purchase=True)]


def _endpoint(cloud: SimulatedCloud, region: str, values: Values) -> list[Demand]:
    """Each variant's instances, which SageMaker spreads over its zones; serverless variants have none."""
    variants = variants_of(cloud, values, shadows=True)
    zones = tuple(aws_zones(region))
    return [
        Demand("aws", region, zones, (machine_type,), count=_number(variant.get("initialInstanceCount")), pool=f"{name} {_model(variant)}")
        for name, variant in variants.items()
        if (machine_type := as_text(variant.get("instanceType")))
    ]


def _model(variant: Values) -> str:
    """A new model comes up on new instances, whatever its variant is called."""
    return as_text(variant.get("modelName")) or ""


def _launch(inputs: Values) -> _Launch:
    specification = as_map(inputs.get("capacityReservationSpecification"))
    target = as_map(specification.get("capacityReservationTarget"))
    group = as_text(target.get("capacityReservationResourceGroupArn"))
    named = as_text(target.get("capacityReservationId")) or (SOMEWHERE if group else "")
    preference = as_text(specification.get("capacityReservationPreference"))
    return _Launch(
        machine_type=as_text(inputs.get("instanceType")) or "",
        market=_MARKETS.get(as_text(lookup(inputs, ("instanceMarketOptions", "marketType"))) or "", "onDemand"),
        reservation=named,
        is_open=preference != "none",
    )


def _template(cloud: SimulatedCloud, values: Values) -> Resource | None:
    name = as_text(lookup(values, ("launchTemplate", "id"))) or as_text(lookup(values, ("launchTemplate", "name")))
    found = cloud.identified([_TEMPLATE], name) if name else []
    return found[0] if found else None


def _zones(cloud: SimulatedCloud, region: str, subnets: Value) -> tuple[str, ...]:
    found = [cloud.get("aws:ec2/subnet:Subnet", identifier) for identifier in _texts(subnets)]
    zones = [as_text(subnet.outputs.get("availabilityZone")) for subnet in found if subnet]
    return tuple(dict.fromkeys(zone for zone in zones if zone)) or tuple(aws_zones(region))


def _texts(value: Value) -> list[str]:
    return [text for item in value if (text := as_text(item))] if isinstance(value, list) else []


def _number(value: Value) -> int:
    return int(float(as_text(value) or 0))


WANTS: Final = {
    NODE_GROUP: _node_group,
    "aws:ec2/instance:Instance": _instance,
    "aws:autoscaling/group:Group": _group,
    ENDPOINT: _endpoint,
    AWS: _reservation,
}
