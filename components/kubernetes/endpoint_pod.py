"""The pods of one model version: its model fetched before it starts, as long to start as it takes, and no request lost when it ends."""

from dataclasses import asdict
from math import ceil

from pulumi import CustomTimeouts, ResourceOptions
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs, DeploymentStrategyArgs, RollingUpdateDeploymentArgs
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    HTTPGetActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    ResourceRequirementsArgs,
    ServiceAccount,
    SleepActionArgs,
    TolerationArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components.kubernetes.endpoint_metrics import scrape_annotations
from components.kubernetes.endpoint_scaling import is_scaled
from components.kubernetes.endpoint_spec import ENDPOINT_LABEL, PORT_NAME, VARIANT_LABEL, EndpointSpec, selector
from components.kubernetes.model_download import downloads, model_mounts, model_volumes
from components.kubernetes.pod import container_security, pod_security, spread
from plan.model import ModelVersionPlan, VariantPlan

_STARTUP_PERIOD_SECONDS = 10
# How long a node may take to come up, by whichever rung of the ladder, and to fetch an image with a CUDA runtime.
_NODE_SECONDS = 1800
# Until every proxy has heard that a pod goes (Kubernetes documentation, "Pod Lifecycle", termination: endpoints are told at the same time).
_DRAIN_SECONDS = 15
_MARGIN_SECONDS = 5
_MIB_PER_GIB = 1024
# Logs and what a runtime compiles for itself; an archive lies beside what is unpacked of it.
_SCRATCH_MIB = 2048
_COPIES = 2


def account(spec: EndpointSpec) -> ServiceAccount:
    """As whom the endpoint's pods read their models. The cluster's own API is nothing to them."""
    metadata = spec.metadata(spec.account)
    metadata.annotations = dict(spec.on.identity.annotations) or None
    return ServiceAccount(f"{spec.name}-account", metadata=metadata, automount_service_account_token=False, opts=spec.opts)


def deployment(spec: EndpointSpec, variant: VariantPlan, account: ServiceAccount) -> Deployment:
    """The variant's pods; made when they answer. An update adds pods before it takes any, and how many run is the autoscaler's to say."""
    seconds = _NODE_SECONDS + variant.model.load_seconds
    waiting = ResourceOptions(
        custom_timeouts=CustomTimeouts(create=f"{seconds}s", update=f"{seconds}s"),
        ignore_changes=["spec.replicas"] if is_scaled(spec, variant) else None,
    )
    return Deployment(
        f"{variant.name}-deployment",
        metadata=spec.of(variant),
        spec=DeploymentSpecArgs(
            replicas=variant.initial_replicas if is_scaled(spec, variant) else variant.min_replicas,
            progress_deadline_seconds=seconds,
            strategy=DeploymentStrategyArgs(
                type="RollingUpdate", rolling_update=RollingUpdateDeploymentArgs(max_unavailable=0, max_surge="25%")
            ),
            selector=selector(variant),
            template=_template(spec, variant),
        ),
        opts=ResourceOptions.merge(spec.after(account, *spec.on.identity.ready), waiting),
    )


def disruption_budget(spec: EndpointSpec, variant: VariantPlan, deployment: Deployment) -> None:
    """Lets a node be emptied pod by pod. One replica alone could never be moved, so it has no budget."""
    if variant.max_replicas < 2:
        return
    PodDisruptionBudget(
        f"{variant.name}-budget",
        metadata=spec.of(variant),
        spec=PodDisruptionBudgetSpecArgs(max_unavailable=1, selector=selector(variant)),
        opts=spec.after(deployment),
    )


def _template(spec: EndpointSpec, variant: VariantPlan) -> PodTemplateSpecArgs:
    plan, labels = spec.plan, {ENDPOINT_LABEL: spec.name, VARIANT_LABEL: variant.name}
    return PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(
            labels={**plan.labels, **spec.on.identity.pod_labels, **labels}, annotations=scrape_annotations(variant.model) or None
        ),
        spec=PodSpecArgs(
            service_account_name=spec.account,
            automount_service_account_token=False,
            enable_service_links=False,
            init_containers=downloads(spec, variant) or None,
            containers=[_container(spec, variant)],
            node_selector=dict(plan.selector),
            tolerations=[TolerationArgs(**{key: value for key, value in asdict(each).items() if value}) for each in plan.tolerations],
            security_context=pod_security(),
            termination_grace_period_seconds=_DRAIN_SECONDS + plan.timeout_seconds + _MARGIN_SECONDS,
            topology_spread_constraints=spread({VARIANT_LABEL: variant.name}),
            volumes=_volumes(variant),
        ),
    )


def _container(spec: EndpointSpec, variant: VariantPlan) -> ContainerArgs:
    model = variant.model
    return ContainerArgs(
        name="model",
        image=spec.image_address(variant),
        command=list(model.command) or None,
        args=list(model.args) or None,
        env=_environment(model),
        ports=[ContainerPortArgs(name=PORT_NAME, container_port=model.port)],
        resources=_resources(spec, variant),
        security_context=container_security(),
        startup_probe=_probe(model, _STARTUP_PERIOD_SECONDS, ceil(model.load_seconds / _STARTUP_PERIOD_SECONDS) + 1),
        readiness_probe=_probe(model, 5, 2),
        # Slow is not dead: a pod is started again when it has been silent for three minutes, and only after it was up.
        liveness_probe=_probe(model, 30, 6),
        lifecycle=LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=_DRAIN_SECONDS))),
        volume_mounts=[
            *model_mounts(model),
            VolumeMountArgs(name="tmp", mount_path="/tmp"),
            VolumeMountArgs(name="shared-memory", mount_path="/dev/shm"),
        ],
    )


def _environment(model: ModelVersionPlan) -> list[EnvVarArgs]:
    # Runtimes keep caches in the home of their user, whom no file of the image names.
    every = {"HOME": "/tmp", "USER": "model", **model.env}
    return [EnvVarArgs(name=name, value=value) for name, value in every.items()]


def _probe(model: ModelVersionPlan, period_seconds: int, failures: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path=model.health_path, port=PORT_NAME),
        period_seconds=period_seconds,
        failure_threshold=failures,
        timeout_seconds=min(period_seconds, 5),
    )


def _resources(spec: EndpointSpec, variant: VariantPlan) -> ResourceRequirementsArgs:
    # Processor time above the request is given where it is idle; memory that is not kept in bounds takes the node along.
    fixed = {"memory": f"{round(variant.memory_gib * _MIB_PER_GIB)}Mi"}
    if variant.accelerators and spec.plan.resource:
        fixed[spec.plan.resource] = str(variant.accelerators)
    return ResourceRequirementsArgs(
        requests={"cpu": f"{round(variant.vcpus * 1000)}m", "ephemeral-storage": f"{_disk_mib(variant.model)}Mi", **fixed}, limits=fixed
    )


def _disk_mib(model: ModelVersionPlan) -> int:
    files = (model.size_mib or 0) if model.artifact else 0
    archived = model.artifact is not None and model.artifact.path.endswith((".tar.gz", ".tgz"))
    return _SCRATCH_MIB + ceil(files * (_COPIES if archived else 1))


def _volumes(variant: VariantPlan) -> list[VolumeArgs]:
    # Half of the memory is what Linux gives shared memory by default; it counts as the container's.
    half = f"{round(variant.memory_gib * _MIB_PER_GIB / 2)}Mi"
    return [
        *model_volumes(variant.model),
        VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs()),
        VolumeArgs(name="shared-memory", empty_dir=EmptyDirVolumeSourceArgs(medium="Memory", size_limit=half)),
    ]
