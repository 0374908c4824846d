"""What every part of an endpoint in a cluster has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from components.contract import BucketOutputs, RegistryOutputs
from components.kubernetes.gateway import Gateway
from components.serving import image_address
from plan.model import EndpointPlan, KubernetesPlan, VariantPlan

ENDPOINT_LABEL = "drydock/endpoint"
VARIANT_LABEL = "drydock/variant"
# The name of a container's port, by which probes, Services and policies find it.
PORT_NAME = "http"
SERVICE_PORT = 80


@dataclass(frozen=True, kw_only=True)
class CloudIdentity:
    """As whom the pods of one endpoint read their models; nobody where nothing is said.

    annotations: of their service account. pod_labels: of the pods. ready: what must be there before they start.
    """

    annotations: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    pod_labels: Mapping[str, str] = field(default_factory=dict[str, str])
    ready: Sequence[Resource] = ()


@dataclass(frozen=True, kw_only=True)
class EndpointInputs:
    """What an endpoint stands on: its cluster with what is in it, the buckets that the plan names, and the registry of our images.

    cloud: of the environment. region: of its buckets. gateway: that routes to it, None where none does.
    """

    cloud: str
    region: str
    inside: KubernetesPlan
    buckets: Mapping[str, BucketOutputs]
    registry: RegistryOutputs | None = None
    gateway: Gateway | None = None
    identity: CloudIdentity = field(default_factory=CloudIdentity)


@dataclass(frozen=True, kw_only=True)
class EndpointSpec:
    """One endpoint to be built."""

    name: str
    plan: EndpointPlan
    on: EndpointInputs
    opts: ResourceOptions

    @property
    def envoy(self) -> bool:
        """Whether the gateway is Envoy Gateway's, not the cloud's own."""
        return self.on.inside.gateway_controller is not None

    @property
    def account(self) -> str:
        """The name of the service account of its pods."""
        return account_name(self.plan)

    def metadata(self, name: str, labels: Mapping[str, str] | None = None) -> ObjectMetaArgs:
        """Name and labels of one of its objects.

        Objects of a variant are called by its model version, so two versions never meet under one name.
        """
        own = {**self.plan.labels, ENDPOINT_LABEL: self.name, **(labels or {})}
        return ObjectMetaArgs(name=name, namespace=self.plan.namespace, labels=own)

    def of(self, variant: VariantPlan) -> ObjectMetaArgs:
        """Name and labels of an object of a variant. They do not say what part it plays: that changes, and its pods must stay."""
        return self.metadata(variant.name, {VARIANT_LABEL: variant.name})

    def image_address(self, variant: VariantPlan) -> Output[str]:
        """Where a variant's image lies; one of ours is named by its repository alone."""
        return image_address(variant.model.image, self.on.registry)

    def after(self, *resources: Resource) -> ResourceOptions:
        """The options of what comes after others of the endpoint."""
        return ResourceOptions.merge(self.opts, ResourceOptions(depends_on=list(resources)))


def account_name(plan: EndpointPlan) -> str:
    """The service account of an endpoint's pods, by which the cloud knows them before they are there."""
    return f"{plan.name}-endpoint"


def selector(variant: VariantPlan) -> LabelSelectorArgs:
    """Selects the pods of a variant."""
    return LabelSelectorArgs(match_labels={VARIANT_LABEL: variant.name})
