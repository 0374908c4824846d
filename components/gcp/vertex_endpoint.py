"""An endpoint of Vertex AI: model versions deployed to it, and the split of its traffic over them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.contract import BucketOutputs, EndpointOutputs, RegistryOutputs, endpoint_outputs, endpoint_usage
from components.gcp.project import Project, current_project
from components.gcp.vertex_access import ServingIdentity, admit_callers, serving_identity
from components.gcp.vertex_alarms import endpoint_alarms
from components.gcp.vertex_client import digest, numeric_id
from components.gcp.vertex_container import container_spec
from components.gcp.vertex_deployment import DeployedModel
from components.gcp.vertex_machines import machine_spec, scaling_metrics
from components.gcp.vertex_model import VertexModel
from components.gcp.vertex_network import VertexNetwork
from components.gcp.vertex_traffic import Traffic
from components.serving import image_address
from plan.model import ArtifactPlan, EndpointPlan, VariantPlan

# Of a model's id of 63 characters, what is left beside the digest. Source: Vertex AI API v1, UploadModelRequest.modelId.
_READABLE = 48
_DIGEST = 12


class VertexEndpoint(ComponentResource):
    """One endpoint of the environment on Vertex AI.

    Owns the endpoint, each version's model and deployment, the split of traffic, the service account of the containers with its right
    to read their models, alarms, and the callers' right to call. The split is set after the deployments and before any of them goes.
    """

    outputs: EndpointOutputs

    def __init__(
        self,
        name: str,
        plan: EndpointPlan,
        *,
        region: str,
        buckets: Mapping[str, BucketOutputs],
        registry: RegistryOutputs | None = None,
        network: VertexNetwork | None = None,
        encryption_key: Input[str] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the endpoint that the plan describes.

        buckets: those of the plan, by name. registry: of our images. network: from which alone it is reached, unless it is public;
        without one it answers at an address of its own on the internet, to members with a right to call. encryption_key: a Cloud KMS
        key that Vertex AI may use.
        """
        super().__init__("drydock:gcp:Endpoint", name, {"usage": endpoint_usage(plan)}, opts)
        own = ResourceOptions(parent=self)
        project = current_project(self)
        private = None if plan.access.public else network
        endpoint = _endpoint(name, plan, _Place(region=region, project=project, network=private, key=encryption_key), own)
        identity = serving_identity(name, plan, buckets, own)
        spec = _Spec(
            plan=plan,
            region=region,
            project=project,
            endpoint=endpoint,
            identity=identity,
            key=encryption_key,
            buckets=buckets,
            registry=registry,
            opts=own,
        )
        deployed = {variant.name: _deploy(spec, variant) for variant in plan.variants}
        traffic = Traffic(
            f"{name}-traffic",
            region=region,
            endpoint=endpoint.id,
            shares=[
                (deployed[variant.name].deployed_model_id, variant.weight_percent) for variant in plan.variants if variant.weight_percent
            ],
            depends_on=list(deployed.values()),
            opts=own,
        )
        alarms = endpoint_alarms(name, plan, number=endpoint.name, opts=own)
        admit_callers(name, plan, endpoint=endpoint, project=project, region=region, opts=own)
        host = traffic.address if private else endpoint.dedicated_endpoint_dns.apply(lambda dns: dns.removeprefix("https://"))
        self.outputs = endpoint_outputs(
            plan, url=Output.concat("https://", host, "/v1/", endpoint.id, ":rawPredict"), name=endpoint.name, alarms=alarms
        )
        self.register_outputs({**self.outputs})


@dataclass(frozen=True, kw_only=True)
class _Place:
    region: str
    project: Project
    network: VertexNetwork | None
    key: Input[str] | None


@dataclass(frozen=True, kw_only=True)
class _Spec:
    plan: EndpointPlan
    region: str
    project: Project
    endpoint: gcp.vertex.AiEndpoint
    identity: ServingIdentity
    key: Input[str] | None
    buckets: Mapping[str, BucketOutputs]
    registry: RegistryOutputs | None
    opts: ResourceOptions


def _endpoint(name: str, plan: EndpointPlan, place: _Place, opts: ResourceOptions) -> gcp.vertex.AiEndpoint:
    network = place.network.network if place.network else None
    # It must be there before one that it replaces goes: whatever makes another endpoint makes another number.
    number = Output.all(network, place.key).apply(lambda parts: numeric_id(_owner(name), place.region, *parts))
    return gcp.vertex.AiEndpoint(
        f"{name}-endpoint",
        name=number,
        display_name=name,
        location=place.region,
        region=place.region,
        labels=dict(plan.labels),
        dedicated_endpoint_enabled=network is None,
        private_service_connect_config=_private(place, network) if network is not None else None,
        encryption_spec=gcp.vertex.AiEndpointEncryptionSpecArgs(kms_key_name=place.key) if place.key else None,
        opts=ResourceOptions.merge(
            opts,
            ResourceOptions(
                # The split is set once the deployments are there, by a resource of its own.
                ignore_changes=["trafficSplit"],
                depends_on=list(place.network.depends_on) if place.network else None,
            ),
        ),
    )


def _private(place: _Place, network: Output[str]) -> gcp.vertex.AiEndpointPrivateServiceConnectConfigArgs:
    return gcp.vertex.AiEndpointPrivateServiceConnectConfigArgs(
        enable_private_service_connect=True,
        project_allowlists=[place.project.id],
        psc_automation_configs=[
            gcp.vertex.AiEndpointPrivateServiceConnectConfigPscAutomationConfigArgs(project_id=place.project.id, network=network)
        ],
    )


def _deploy(spec: _Spec, variant: VariantPlan) -> DeployedModel:
    model = _model(spec, variant)
    machine = machine_spec(variant)
    # What makes another deployment makes another id, and the same one is found again after an interruption.
    identifier = Output.all(spec.endpoint.id, model.model_name, spec.identity.email).apply(
        lambda parts: numeric_id(_owner(variant.name), *parts, machine)
    )
    return DeployedModel(
        f"{variant.name}-deployment",
        region=spec.region,
        endpoint=spec.endpoint.id,
        deployed_model_id=identifier,
        model=model.model_name,
        machine_spec=machine,
        replicas=(variant.min_replicas, variant.max_replicas),
        metrics=scaling_metrics(spec.plan.scaling, variant),
        service_account=spec.identity.email,
        start_seconds=variant.model.load_seconds,
        depends_on=[model, *spec.identity.grants],
        opts=spec.opts,
    )


def _model(spec: _Spec, variant: VariantPlan) -> VertexModel:
    artifact = _artifact_uri(variant.model.artifact, spec.buckets)
    image = image_address(variant.model.image, spec.registry)
    container = container_spec(variant, image=image, with_artifact=artifact is not None)
    parent = Output.concat("projects/", spec.project.id, "/locations/", spec.region)
    return VertexModel(
        f"{variant.name}-model",
        region=spec.region,
        parent=parent,
        model_id=Output.all(container, artifact, spec.key).apply(lambda parts: _model_id(variant, *parts)),
        display_name=variant.model.name,
        labels=dict(spec.plan.labels),
        container_spec=container,
        artifact_uri=artifact,
        encryption_key=spec.key,
        opts=spec.opts,
    )


def _model_id(variant: VariantPlan, *content: Any) -> str:
    """What makes another model makes another id: it must be there before the one that it replaces goes."""
    readable = re.sub(r"[^a-z0-9_-]", "-", f"m-{variant.model.name}".lower())[:_READABLE]
    return f"{readable}-{digest(_owner(variant.name), *content)[:_DIGEST]}"


def _artifact_uri(artifact: ArtifactPlan | None, buckets: Mapping[str, BucketOutputs]) -> Output[str] | None:
    """The folder that Google copies, None where the container gets its model by itself."""
    if artifact is None:
        return None
    if artifact.bucket:
        return Output.concat(buckets[artifact.bucket]["url"], "/", artifact.path)
    return Output.from_input(artifact.path) if artifact.path.startswith("gs://") else None


def _owner(name: str) -> list[str]:
    """Whose it is: two stacks of one project in Google Cloud must not find each other's."""
    return [pulumi.get_project(), pulumi.get_stack(), name]
