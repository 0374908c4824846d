"""What a rung's capacity stands on: a reservation that holds its machines, a placement group that packs them."""

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.aws.place import Place
from plan.model import NodePoolPlan, RungPlan

SET_ASIDE = ("reserved", "block")


def reservation(plan: NodePoolPlan, rung: RungPlan, *, place: Place, opts: ResourceOptions) -> Output[str] | None:
    """The id of the reservation that the rung's machines come from, made here if the plan says so; None where it has none.

    Capacity blocks are named, never bought.
    """
    if rung.reservation is None:
        return None
    if rung.reservation.existing:
        return Output.from_input(rung.reservation.existing)
    (zone,) = rung.reservation.zones
    return aws.ec2.CapacityReservation(
        f"{rung.name}-reservation",
        availability_zone=zone,
        instance_count=rung.reservation.count,
        instance_platform=aws.ec2.InstancePlatform.LINUX_UNIX,
        instance_type=plan.machine.instance_type,
        # Open to all, other machines of the account would take the places.
        instance_match_criteria="targeted",
        end_date_type="unlimited",
        region=place.region,
        tags=plan.labels,
        opts=opts,
    ).id


def placement_group(plan: NodePoolPlan, rung: RungPlan, *, place: Place, opts: ResourceOptions) -> aws.ec2.PlacementGroup | None:
    """The group that packs the rung's machines together, where the plan wants that.

    Reserved capacity stands where it stands: a placement group would look for it elsewhere and find none.
    """
    if not plan.compact_placement or rung.capacity in SET_ASIDE:
        return None
    return aws.ec2.PlacementGroup(f"{rung.name}-placement", strategy="cluster", region=place.region, tags=plan.labels, opts=opts)
