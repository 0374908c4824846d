"""What the nodes of a GKE node pool are."""

from collections.abc import Sequence

from pulumi import Input, Output
from pulumi_gcp import container as gke

from plan.model import DiskPlan, NodePoolPlan, RungPlan, Taint

_EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}
_SHARING = {"timeSlicing": "TIME_SHARING", "mps": "MPS"}


def node_config(
    plan: NodePoolPlan,
    rung: RungPlan,
    *,
    service_account: Output[str],
    reservation: gke.NodePoolNodeConfigReservationAffinityArgs | None,
) -> gke.NodePoolNodeConfigArgs:
    """The nodes of one rung of a pool."""
    return gke.NodePoolNodeConfigArgs(
        machine_type=plan.machine.instance_type,
        image_type=plan.os_image,
        boot_disk=_boot_disk(plan.disk),
        guest_accelerators=_accelerators(plan),
        spot=rung.capacity == "spot",
        flex_start=rung.capacity == "flexStart",
        max_run_duration=f"{rung.max_run_seconds}s" if rung.max_run_seconds else None,
        reservation_affinity=reservation,
        labels=dict(rung.node_labels),
        taints=taints(rung.taints),
        # GKE taints Arm nodes by itself unless told otherwise; the plan's taints are all that pods need to tolerate.
        taint_config=gke.NodePoolNodeConfigTaintConfigArgs(architecture_taint_behavior="NONE")
        if plan.machine.architecture == "arm64"
        else None,
        gcfs_config=gke.NodePoolNodeConfigGcfsConfigArgs(enabled=plan.cache.streaming),
        secondary_boot_disks=_image_disks(plan),
        ephemeral_storage_local_ssd_config=_local_ssds(plan),
        service_account=service_account,
        oauth_scopes=["https://www.googleapis.com/auth/cloud-platform"],
        workload_metadata_config=gke.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        shielded_instance_config=gke.NodePoolNodeConfigShieldedInstanceConfigArgs(
            # The GPU operator builds its driver on the node, unsigned.
            enable_secure_boot=plan.driver.driver != "operator",
            enable_integrity_monitoring=True,
        ),
        resource_labels=plan.labels,
    )


def taints(planned: Sequence[Taint]) -> list[gke.NodePoolNodeConfigTaintArgs]:
    """Taints in GKE's words: all of them, those too that GKE would add by itself, since an undeclared one replaces the pool."""
    return [gke.NodePoolNodeConfigTaintArgs(key=taint.key, value=taint.value, effect=_EFFECTS[taint.effect]) for taint in planned]


def _boot_disk(disk: DiskPlan) -> gke.NodePoolNodeConfigBootDiskArgs:
    return gke.NodePoolNodeConfigBootDiskArgs(
        disk_type=disk.type, size_gb=disk.size_gib, provisioned_iops=disk.iops, provisioned_throughput=disk.throughput_mibps
    )


def _accelerators(plan: NodePoolPlan) -> list[gke.NodePoolNodeConfigGuestAcceleratorArgs] | None:
    machine = plan.machine
    # TPUs follow from the machine type.
    if machine.accelerator_kind != "gpu":
        return None
    version: Input[str] = plan.driver.version or "DEFAULT" if plan.driver.driver == "cloud" else "INSTALLATION_DISABLED"
    gpus = gke.NodePoolNodeConfigGuestAcceleratorArgs(
        type=machine.gke_accelerator or "",
        count=machine.accelerator_count,
        gpu_driver_installation_config=gke.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs(gpu_driver_version=version),
        gpu_partition_size=plan.sharing.cloud_profile,
        gpu_sharing_config=_sharing(plan),
    )
    return [gpus]


def _sharing(plan: NodePoolPlan) -> gke.NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgs | None:
    # Where another than GKE owns the device plugin, it is told how pods share.
    if plan.sharing.strategy not in _SHARING or plan.driver.device_plugin != "cloud":
        return None
    return gke.NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgs(
        gpu_sharing_strategy=_SHARING[plan.sharing.strategy], max_shared_clients_per_gpu=plan.sharing.clients
    )


def _image_disks(plan: NodePoolPlan) -> list[gke.NodePoolNodeConfigSecondaryBootDiskArgs] | None:
    if plan.cache.image_snapshot is None:
        return None
    return [gke.NodePoolNodeConfigSecondaryBootDiskArgs(disk_image=plan.cache.image_snapshot, mode="CONTAINER_IMAGE_CACHE")]


def _local_ssds(plan: NodePoolPlan) -> gke.NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgs | None:
    if not plan.cache.local_ssd_count:
        return None
    return gke.NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgs(local_ssd_count=plan.cache.local_ssd_count)
