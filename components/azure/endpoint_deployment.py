"""One model version behind an endpoint of Azure Machine Learning: its files, its container, and the machines it runs on."""

import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi_azure_native as azure
from pulumi import Input, Output, Resource, ResourceOptions

from components.azure.endpoint_access import acting_as
from components.azure.endpoint_home import EndpointHome
from components.azure.endpoint_names import told_apart, version_of
from components.serving import image_address
from plan.model import ArtifactPlan, CapturePlan, EndpointPlan, VariantPlan

ml = azure.machinelearningservices

_PROBE_PERIOD_SECONDS = 10
_PROBE_TIMEOUT_SECONDS = 5
_LIVENESS_FAILURES = 3
# What a deployment captures. Source: Microsoft Learn, "Collect production data from models": the names reserved for payload logging.
_CAPTURED = ("request", "response")


@dataclass(frozen=True, kw_only=True)
class DeploymentSpec:
    """What all deployments of an endpoint share. after: what must be there before a container starts."""

    plan: EndpointPlan
    home: EndpointHome
    endpoint: ml.OnlineEndpoint
    identity: azure.managedidentity.UserAssignedIdentity
    after: Sequence[Resource]
    opts: ResourceOptions


@dataclass(frozen=True, kw_only=True)
class _Files:
    """A model's files in the workspace. id: the model version's; path: where the container finds them."""

    id: Input[str] | None
    path: str


def deployment_name(variant: VariantPlan) -> str:
    """The deployment's name: another machine type makes another deployment, which Azure cannot change in place."""
    return told_apart(variant.model.name, variant.machine.instance_type)


def build_deployment(spec: DeploymentSpec, variant: VariantPlan, captures: Input[str] | None) -> ml.OnlineDeployment:
    """Build the deployment of one model version; captures: id of the data asset that takes what is captured."""
    files = _files(spec, variant)
    environment = _environment(spec, variant)
    return ml.OnlineDeployment(
        f"{variant.name}-deployment",
        resource_group_name=spec.home.resource_group_name,
        workspace_name=spec.home.workspace_name,
        endpoint_name=spec.endpoint.name,
        deployment_name=deployment_name(variant),
        location=spec.home.location,
        identity=acting_as(spec.identity),
        properties=_properties(spec, variant, files, environment.id, captures),
        sku=ml.SkuArgs(name="Default", capacity=variant.initial_replicas),
        tags=spec.plan.labels,
        opts=ResourceOptions.merge(
            spec.opts,
            ResourceOptions(
                depends_on=spec.after,
                # The autoscaler moves the number of machines; put back, each `up` would undo what it did.
                ignore_changes=["sku.capacity"],
                # Azure deletes no deployment that has traffic; the endpoint takes them all along.
                deleted_with=spec.endpoint,
            ),
        ),
    )


def captured_data(spec: DeploymentSpec, capture: CapturePlan, name: str) -> Output[str]:
    """The folder of a bucket that takes what is captured, as the workspace knows it."""
    uri = Output.concat(_address(spec.home.stores[capture.bucket].datastore_id), "/paths/", capture.prefix)
    asset = ml.DataVersion(
        f"{name}-captures",
        resource_group_name=spec.home.resource_group_name,
        workspace_name=spec.home.workspace_name,
        name=told_apart(name, "captures"),
        version=version_of(capture.bucket, capture.prefix),
        properties=ml.UriFolderDataVersionArgs(data_type="uri_folder", data_uri=uri),
        opts=spec.opts,
    )
    return asset.id


def _properties(
    spec: DeploymentSpec, variant: VariantPlan, files: _Files, environment_id: Input[str], captures: Input[str] | None
) -> ml.ManagedOnlineDeploymentArgs:
    model, capture = variant.model, spec.plan.capture
    return ml.ManagedOnlineDeploymentArgs(
        endpoint_compute_type="Managed",
        instance_type=variant.machine.instance_type,
        model=files.id,
        model_mount_path=model.mount_path if files.id is not None else None,
        environment_id=environment_id,
        environment_variables=_variables(variant, files.path),
        request_settings=ml.OnlineRequestSettingsArgs(
            max_concurrent_requests_per_instance=variant.concurrency, request_timeout=f"PT{spec.plan.timeout_seconds}S"
        ),
        liveness_probe=_probe(delay_seconds=model.load_seconds, failures=_LIVENESS_FAILURES),
        readiness_probe=_probe(delay_seconds=_PROBE_PERIOD_SECONDS, failures=math.ceil(model.load_seconds / _PROBE_PERIOD_SECONDS)),
        # Azure Monitor's autoscaler moves the number of machines; the other kind is for Kubernetes.
        scale_settings=ml.DefaultScaleSettingsArgs(scale_type="Default"),
        app_insights_enabled=True,
        data_collector=_collector(spec, capture, captures) if capture and captures is not None else None,
    )


def _probe(*, delay_seconds: int, failures: int) -> ml.ProbeSettingsArgs:
    return ml.ProbeSettingsArgs(
        initial_delay=f"PT{delay_seconds}S",
        period=f"PT{_PROBE_PERIOD_SECONDS}S",
        timeout=f"PT{_PROBE_TIMEOUT_SECONDS}S",
        failure_threshold=max(failures, 1),
        success_threshold=1,
    )


def _collector(spec: DeploymentSpec, capture: CapturePlan, captures: Input[str]) -> ml.DataCollectorArgs:
    each = ml.CollectionArgs(
        client_id=spec.identity.client_id,
        data_collection_mode=ml.DataCollectionMode.ENABLED,
        data_id=captures,
        sampling_rate=capture.percent / 100,
    )
    return ml.DataCollectorArgs(collections=dict.fromkeys(_CAPTURED, each), rolling_rate=ml.RollingRateType.HOUR)


def _variables(variant: VariantPlan, path: str) -> dict[str, str]:
    """The container's variables. Azure runs an image as it was built: its entry point reads command and arguments here.

    Source: Azure Machine Learning REST API, ManagedOnlineDeployment: it has neither command nor arguments.
    """
    model = variant.model
    given = {**model.env, "SERVING_COMMAND": shlex.join(model.command), "SERVING_ARGS": shlex.join(model.args)}
    return {name: value.replace(model.mount_path, path) for name, value in given.items() if value}


def _files(spec: DeploymentSpec, variant: VariantPlan) -> _Files:
    artifact = variant.model.artifact
    if artifact is None or artifact.bucket is None:
        return _Files(id=None, path=variant.model.mount_path)
    name, version = told_apart(variant.name), version_of(artifact.bucket, artifact.path, artifact.sha256 or "")
    registered = ml.ModelVersion(
        f"{variant.name}-model",
        resource_group_name=spec.home.resource_group_name,
        workspace_name=spec.home.workspace_name,
        name=name,
        version=version,
        properties=ml.ModelVersionPropertiesArgs(
            model_type="custom_model", model_uri=_model_uri(spec, artifact), properties=_checksum(artifact), tags=spec.plan.labels
        ),
        opts=spec.opts,
    )
    # Source: Microsoft Learn, "Use a custom container to deploy a model": below the mount path lie azureml-models/NAME/VERSION.
    return _Files(id=registered.id, path=f"{variant.model.mount_path}/azureml-models/{name}/{version}")


def _checksum(artifact: ArtifactPlan) -> dict[str, str] | None:
    return {"sha256": artifact.sha256} if artifact.sha256 else None


def _model_uri(spec: DeploymentSpec, artifact: ArtifactPlan) -> Output[str]:
    return Output.concat(_address(spec.home.stores[cast(str, artifact.bucket)].datastore_id), "/paths/", artifact.path)


def _address(datastore_id: Input[str]) -> Output[str]:
    """A datastore's address for paths in it: azureml:// and its id, in which resource groups are written in small letters."""
    return Output.concat("azureml:/", Output.from_input(datastore_id).apply(_as_path))


def _as_path(datastore_id: str) -> str:
    parts = datastore_id.split("/")
    known: dict[str, Any] = dict(zip(parts[1::2], parts[2::2], strict=False))
    path = ("subscriptions", "resourceGroups", "workspaces", "datastores")
    return "".join(f"/{word.lower()}/{known[word]}" for word in path)


def _environment(spec: DeploymentSpec, variant: VariantPlan) -> ml.EnvironmentVersion:
    model = variant.model

    def route(path: str) -> ml.RouteArgs:
        return ml.RouteArgs(path=path, port=model.port)

    return ml.EnvironmentVersion(
        f"{variant.name}-environment",
        resource_group_name=spec.home.resource_group_name,
        workspace_name=spec.home.workspace_name,
        name=told_apart(variant.name),
        version=version_of(model.image, str(model.port), model.predict_path, model.health_path),
        properties=ml.EnvironmentVersionPropertiesArgs(
            image=image_address(model.image, spec.home.registry),
            os_type=ml.OperatingSystemType.LINUX,
            inference_config=ml.InferenceContainerPropertiesArgs(
                liveness_route=route(model.health_path), readiness_route=route(model.health_path), scoring_route=route(model.predict_path)
            ),
            tags=spec.plan.labels,
        ),
        opts=spec.opts,
    )
