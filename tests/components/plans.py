"""Plans to build components from: everything plain, and each choice may be given otherwise."""

from dataclasses import replace
from typing import Any

from plan.model import (
    Band,
    CachePlan,
    ClusterPlan,
    DiskPlan,
    DriverPlan,
    EncryptionPlan,
    InterconnectPlan,
    MachinePlan,
    MaintenancePlan,
    NatPlan,
    NetworkPlan,
    NodePoolPlan,
    PoolUsage,
    RungPlan,
    SharingPlan,
    SubnetPlan,
    Taint,
    Toleration,
    UpgradePlan,
)

LABELS = {"stage": "dev", "owner": "ml-platform"}
ZONES = {
    "aws": ("eu-west-1a", "eu-west-1b"),
    "gcp": ("europe-west4-a", "europe-west4-b"),
    "azure": ("1", "2"),
}
MACHINES = {
    "aws": ("m7i.xlarge", "g6.xlarge"),
    "gcp": ("n2-standard-4", "g2-standard-4"),
    "azure": ("Standard_D4s_v5", "Standard_NC4as_T4_v3"),
}
IMAGES = {
    "aws": ("AL2023_x86_64_STANDARD", "AL2023_x86_64_NVIDIA"),
    "gcp": ("COS_CONTAINERD", "COS_CONTAINERD"),
    "azure": ("AzureLinux", "AzureLinux"),
}
DISKS = {"aws": "gp3", "gcp": "pd-balanced", "azure": "Managed"}
CHANNELS = {"aws": "STANDARD", "gcp": "REGULAR", "azure": "patch"}


def network_plan(cloud: str, **choices: Any) -> NetworkPlan:
    """A network of two zones with one way out."""
    zoned = cloud == "aws"
    subnets = (
        tuple(SubnetPlan(name=f"private-{i}", cidr=f"10.40.{32 * i}.0/19", zone=zone) for i, zone in enumerate(ZONES[cloud]))
        if zoned
        else (SubnetPlan(name="nodes", cidr="10.40.0.0/18"),)
    )
    public = tuple(SubnetPlan(name=f"public-{i}", cidr=f"10.40.{240 + i}.0/24", zone=zone) for i, zone in enumerate(ZONES[cloud]))
    plain = NetworkPlan(
        name="network",
        labels=LABELS,
        cidr="10.40.0.0/16",
        zones=ZONES[cloud],
        private_subnets=subnets,
        public_subnets=public if zoned else (),
        endpoint_subnet=SubnetPlan(name="endpoints", cidr="10.40.64.0/24") if cloud == "azure" else None,
        pod_cidr=None if zoned else "10.64.0.0/14",
        service_cidr="172.20.0.0/20",
        nats=(NatPlan(name="nat", zone=ZONES[cloud][0] if zoned else None),),
    )
    return replace(plain, **choices)


def cluster_plan(cloud: str, **choices: Any) -> ClusterPlan:
    """A private cluster."""
    plain = ClusterPlan(
        name="cluster",
        labels=LABELS,
        version="1.34",
        upgrade_channel=CHANNELS[cloud],
        tier={"aws": None, "gcp": "STANDARD", "azure": "Standard"}[cloud],
        private_api=True,
        authorized_ranges=(),
        audit_logs=(),
        log_retention_days=90,
        encryption=EncryptionPlan(),
        owner_group=None,
        cloud_add_ons=(),
        node_provisioner="clusterAutoscaler" if cloud == "aws" else "cloud",
        maintenance=MaintenancePlan(days=("SA", "SU"), start_hour_utc=2, hours=8),
        deletion_protection=False,
        zones=ZONES[cloud],
        service_cidr="172.20.0.0/20",
    )
    return replace(plain, **choices)


def rung_plan(cloud: str, name: str, capacity: str = "onDemand", **choices: Any) -> RungPlan:
    """One rung of up to four nodes."""
    plain = RungPlan(
        name=name,
        provisioner="group",
        pool_name=name.replace("-", "")[:12] if cloud == "azure" else None,
        capacity=capacity,
        priority=0,
        min_nodes=0,
        max_nodes=4,
        zones=ZONES[cloud],
        node_labels={"drydock/pool": name.partition("-")[0], "drydock/capacity": capacity},
        taints=(),
    )
    return replace(plain, **choices)


def pool_plan(cloud: str, name: str = "cpu", *, gpu: bool = False, **choices: Any) -> NodePoolPlan:
    """A pool of one rung: general machines, or with `gpu` machines of one GPU each."""
    taints = (Taint(key="nvidia.com/gpu", value="present", effect="NoSchedule"),) if gpu else ()
    plain = NodePoolPlan(
        name=name,
        labels=LABELS,
        system=not gpu,
        machine=_machine(cloud, gpu),
        rungs=(rung_plan(cloud, name, taints=taints, min_nodes=0 if gpu else 1),),
        os_image=IMAGES[cloud][int(gpu)],
        disk=DiskPlan(size_gib=100, type=DISKS[cloud]),
        driver=_driver(cloud) if gpu else DriverPlan(driver="none", device_plugin="none"),
        sharing=SharingPlan(),
        interconnect=InterconnectPlan(),
        compact_placement=False,
        cache=CachePlan(),
        auto_repair=True,
        upgrade=UpgradePlan(max_surge=1, max_unavailable=0),
        resource="nvidia.com/gpu" if gpu else "",
        resources_per_node=1 if gpu else 0,
        selector={"drydock/pool": name},
        tolerations=tuple(Toleration(key=taint.key, value=taint.value, effect=taint.effect) for taint in taints),
        usage=PoolUsage(nodes=Band(low=0, expected=1, high=4)),
    )
    return replace(plain, **choices)


def _machine(cloud: str, gpu: bool) -> MachinePlan:
    word = "nvidia-t4" if cloud == "azure" else "nvidia-l4"
    return MachinePlan(
        instance_type=MACHINES[cloud][int(gpu)],
        architecture="amd64",
        vcpus=4,
        memory_gib=16,
        accelerator=word if gpu else "",
        accelerator_kind="gpu" if gpu else "",
        accelerator_count=int(gpu),
        gke_accelerator="nvidia-l4" if gpu and cloud == "gcp" else None,
    )


def _driver(cloud: str) -> DriverPlan:
    return {
        "aws": DriverPlan(driver="image", device_plugin="helm"),
        "gcp": DriverPlan(driver="cloud", device_plugin="cloud", version="LATEST"),
        "azure": DriverPlan(driver="cloud", device_plugin="helm"),
    }[cloud]
