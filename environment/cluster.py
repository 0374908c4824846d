"""The Kubernetes cluster as a person asks for it: a version and who may reach it, or one that is there already."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Cidr, Days, Listed, Part, Whole
from environment.storage import Encryption

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
AddOn = Literal["install", "existing", "off"]


class Maintenance(Part):
    """When the cloud may upgrade nodes and control plane by itself (UTC)."""

    days: Annotated[tuple[Day, ...], Listed, Field(min_length=1)] = ("sat", "sun")
    start_hour_utc: Annotated[int, Whole, Field(ge=0, le=23)] = 2
    hours: Annotated[int, Whole, Field(ge=4, le=24)] = 8


class AddOns(Part):
    """What stands in the cluster beside the workloads: `install` it, take it as `existing`, or leave it `off`.

    nodeProvisioner says who adds nodes: Karpenter, the cluster autoscaler, the cloud's own (`cloud`), or nobody.
    """

    node_provisioner: Literal["karpenter", "clusterAutoscaler", "cloud", "off", "existing"] | None = None
    device_plugin: AddOn | None = None
    gpu_operator: AddOn | None = None
    dcgm_exporter: AddOn | None = None
    node_local_dns: AddOn | None = None
    kueue: AddOn | None = None
    keda: AddOn | None = None
    gateway: AddOn | None = None


class ExistingCluster(Part):
    """A cluster that is there already: by its name on a cloud (on Azure with its resource group), by its kubeconfig context elsewhere."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    resource_group: Annotated[str, StringConstraints(min_length=1, max_length=90)] | None = None
    context: Annotated[str, StringConstraints(min_length=1)] | None = None


class Cluster(Part):
    """The cluster of an environment. Everything may be left out: private, encrypted and in support is what is chosen."""

    version: Annotated[str, StringConstraints(pattern=r"^1\.\d{2}$")] | None = None
    upgrade_channel: Literal["none", "patch", "extended", "stable", "regular", "rapid"] | None = None
    private_api: bool | None = None
    authorized_ranges: Annotated[tuple[Cidr, ...], Listed] | None = None
    owner_group: Annotated[str, StringConstraints(min_length=3)] | None = None
    audit_logs: bool | None = None
    log_retention_days: Days | None = None
    encryption: Encryption | None = None
    maintenance: Maintenance | None = None
    deletion_protection: bool | None = None
    add_ons: AddOns | None = None
    existing: ExistingCluster | None = None
