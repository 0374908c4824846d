"""How the machines of a rung are launched: disk, metadata, network interfaces, capacity."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.aws.node_user_data import IMAGES_DEVICE, encoded_user_data
from components.aws.place import Place
from plan.model import DiskPlan, NodePoolPlan, RungPlan

_TAGGED = ("instance", "volume", "network-interface")
# Amazon Linux 2023's own disk, and the one that images come with. Source: Amazon EKS User Guide, "Customize managed nodes with launch
# templates".
ROOT_DEVICE = "/dev/xvda"


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What a launch template is made of besides the plan. security_groups: of nodes with interfaces of their own."""

    reservation: Output[str] | None
    placement_group: Input[str] | None
    security_groups: Sequence[Input[str]]
    place: Place


def launch_template(plan: NodePoolPlan, rung: RungPlan, launch: Launch, *, opts: ResourceOptions) -> aws.ec2.LaunchTemplate:
    """The rung's launch template; what changes in it is a new version, which its node group then rolls out."""
    block = rung.capacity == "block"
    return aws.ec2.LaunchTemplate(
        f"{rung.name}-launch-template",
        # A node group takes the machine type itself, but of a block only from here. Source: Amazon EKS User Guide, "Capacity Blocks".
        instance_type=plan.machine.instance_type if block else None,
        instance_market_options=aws.ec2.LaunchTemplateInstanceMarketOptionsArgs(market_type="capacity-block") if block else None,
        capacity_reservation_specification=_reserved(launch.reservation),
        placement=aws.ec2.LaunchTemplatePlacementArgs(group_name=launch.placement_group) if launch.placement_group else None,
        block_device_mappings=_disks(plan),
        metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled",
            http_tokens="required",
            # One hop is the node itself: no pod gets at the node's credentials.
            http_put_response_hop_limit=1,
        ),
        network_interfaces=_interfaces(plan, launch.security_groups),
        user_data=encoded_user_data(plan),
        tag_specifications=[
            aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags={**plan.labels, "Name": rung.name}) for kind in _TAGGED
        ],
        update_default_version=True,
        region=launch.place.region,
        tags=plan.labels,
        opts=opts,
    )


def _reserved(reservation: Output[str] | None) -> aws.ec2.LaunchTemplateCapacityReservationSpecificationArgs | None:
    if reservation is None:
        return None
    target = aws.ec2.LaunchTemplateCapacityReservationSpecificationCapacityReservationTargetArgs(capacity_reservation_id=reservation)
    return aws.ec2.LaunchTemplateCapacityReservationSpecificationArgs(capacity_reservation_target=target)


def _disks(plan: NodePoolPlan) -> list[aws.ec2.LaunchTemplateBlockDeviceMappingArgs]:
    disk: DiskPlan = plan.disk
    root = aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
        volume_size=disk.size_gib,
        volume_type=disk.type,
        iops=disk.iops,
        throughput=disk.throughput_mibps,
        encrypted="true",
        delete_on_termination="true",
    )
    disks = [aws.ec2.LaunchTemplateBlockDeviceMappingArgs(device_name=ROOT_DEVICE, ebs=root)]
    if plan.cache.image_snapshot:
        images = aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            snapshot_id=plan.cache.image_snapshot, volume_type=disk.type, encrypted="true", delete_on_termination="true"
        )
        disks.append(aws.ec2.LaunchTemplateBlockDeviceMappingArgs(device_name=IMAGES_DEVICE, ebs=images))
    return disks


def _interfaces(plan: NodePoolPlan, security_groups: Sequence[Input[str]]) -> list[aws.ec2.LaunchTemplateNetworkInterfaceArgs] | None:
    """One interface for each network card that EFA uses; None leaves the one interface to EKS.

    Only the first needs addresses. Source: Amazon EC2 User Guide, "Maximize network bandwidth on accelerated instance types with EFA".
    """
    network = plan.interconnect
    if network.kind != "efa":
        return None
    kinds = {0: "interface" if network.first_card else "efa"}
    kinds |= {card: "efa-only" for card in range(1, network.first_card + network.interfaces)}
    return [
        aws.ec2.LaunchTemplateNetworkInterfaceArgs(
            network_card_index=card,
            device_index=0 if card == 0 else 1,
            interface_type=kind,
            associate_public_ip_address="false" if card == 0 else None,
            delete_on_termination="true",
            security_groups=security_groups,
        )
        for card, kind in kinds.items()
    ]
