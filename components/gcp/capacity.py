"""Capacity that a node pool stands on: machines set aside, and what places the hosts of a slice."""

import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions
from pulumi_gcp import container as gke

from plan.model import NodePoolPlan, ReservationPlan, RungPlan, TpuSlicePlan

_RESERVATION_NAME = "compute.googleapis.com/reservation-name"
_LOCAL_SSD_GB = 375


def reservation_affinity(plan: NodePoolPlan, rung: RungPlan, opts: ResourceOptions) -> gke.NodePoolNodeConfigReservationAffinityArgs | None:
    """Which reservation the rung's nodes draw on, which is made where the plan says so; None leaves it to Google's default."""
    if rung.capacity == "flexStart":
        # Source: Google Cloud, "Run a small batch workload with GPUs and flex-start provisioning mode": reservation affinity none.
        return gke.NodePoolNodeConfigReservationAffinityArgs(consume_reservation_type="NO_RESERVATION")
    if rung.reservation is None:
        return None
    name = rung.reservation.existing or _reserve(plan, rung, rung.reservation, opts)
    return gke.NodePoolNodeConfigReservationAffinityArgs(
        consume_reservation_type="SPECIFIC_RESERVATION", key=_RESERVATION_NAME, values=[name]
    )


def _reserve(plan: NodePoolPlan, rung: RungPlan, reservation: ReservationPlan, opts: ResourceOptions) -> Output[str]:
    """A reservation in each of the zones, all of one name, since a node pool names one; gives that name."""
    share, rest = divmod(reservation.count, len(reservation.zones))
    name: Output[str] | None = None
    for index, zone in enumerate(reservation.zones):
        made = gcp.compute.Reservation(
            f"{rung.name}-reservation" if index == 0 else f"{rung.name}-reservation-{zone}",
            name=name,
            zone=zone,
            # No other machine of the project can take what is paid for this pool.
            specific_reservation_required=True,
            specific_reservation=gcp.compute.ReservationSpecificReservationArgs(
                count=share + int(index < rest), instance_properties=_machine(plan)
            ),
            opts=opts,
        )
        name = name or made.name
    assert name is not None
    return name


def _machine(plan: NodePoolPlan) -> gcp.compute.ReservationSpecificReservationInstancePropertiesArgs:
    machine = plan.machine
    # Machines that come with their GPUs are reserved with them; only those that are attached to a machine are named.
    attached = (
        [
            gcp.compute.ReservationSpecificReservationInstancePropertiesGuestAcceleratorArgs(
                accelerator_type=machine.gke_accelerator or "", accelerator_count=machine.accelerator_count
            )
        ]
        if machine.attached
        else None
    )
    ssd = gcp.compute.ReservationSpecificReservationInstancePropertiesLocalSsdArgs(interface="NVME", disk_size_gb=_LOCAL_SSD_GB)
    return gcp.compute.ReservationSpecificReservationInstancePropertiesArgs(
        machine_type=machine.instance_type, guest_accelerators=attached, local_ssds=[ssd] * plan.cache.local_ssd_count or None
    )


def placement(plan: NodePoolPlan, rung: RungPlan, region: str, opts: ResourceOptions) -> gke.NodePoolPlacementPolicyArgs | None:
    """How the rung's nodes stand to each other: hosts of one slice, close together, or anywhere (None)."""
    if plan.tpu and plan.tpu.policy:
        policy = _workload_policy(rung, plan.tpu, region, opts)
        # The policy places the hosts; a type beside it is refused or, if taken, replaces the pool at every `up`, as Google reports none.
        return gke.NodePoolPlacementPolicyArgs(type="", policy_name=policy.name, tpu_topology=plan.tpu.topology)
    if plan.tpu and plan.tpu.hosts > 1:
        return gke.NodePoolPlacementPolicyArgs(type="COMPACT", tpu_topology=plan.tpu.topology)
    return gke.NodePoolPlacementPolicyArgs(type="COMPACT") if plan.compact_placement else None


def _workload_policy(rung: RungPlan, tpu: TpuSlicePlan, region: str, opts: ResourceOptions) -> gcp.compute.ResourcePolicy:
    return gcp.compute.ResourcePolicy(
        f"{rung.name}-slice",
        region=region,
        workload_policy=gcp.compute.ResourcePolicyWorkloadPolicyArgs(type=tpu.policy or "", accelerator_topology=tpu.topology),
        opts=opts,
    )
