"""One model version as Cloud Run runs it: its container, its machine, how many there are, and where it finds its model."""

import pulumi_gcp as gcp

from components.gcp.run_access import RunIdentity, bucket_and_folder, bucket_name
from components.gcp.run_spec import RunSpec
from plan.model import ModelVersionPlan, VariantPlan

run = gcp.cloudrunv2

_VOLUME = "model"
_PROBE_SECONDS = 10


def service_template(spec: RunSpec, variant: VariantPlan, identity: RunIdentity) -> run.ServiceTemplateArgs:
    """The template of a variant's revisions; whatever changes in it is a new revision, which serves once it is ready."""
    gpu = variant.accelerators > 0
    volume = _volume(spec, variant.model)
    return run.ServiceTemplateArgs(
        containers=[_container(spec, variant, mounted=volume is not None)],
        volumes=[volume] if volume else None,
        service_account=identity.email,
        # Volumes and GPUs are of this one alone.
        execution_environment="EXECUTION_ENVIRONMENT_GEN2",
        scaling=run.ServiceTemplateScalingArgs(min_instance_count=variant.min_replicas, max_instance_count=variant.max_replicas),
        max_instance_request_concurrency=variant.concurrency,
        timeout=f"{spec.plan.timeout_seconds}s",
        node_selector=run.ServiceTemplateNodeSelectorArgs(accelerator=variant.machine.accelerator or "") if gpu else None,
        # A second GPU held in another zone costs as much as the first, and has a quota that new projects lack.
        gpu_zonal_redundancy_disabled=True if gpu else None,
        labels=dict(spec.plan.labels),
    )


def _container(spec: RunSpec, variant: VariantPlan, *, mounted: bool) -> run.ServiceTemplateContainerArgs:
    model = variant.model
    return run.ServiceTemplateContainerArgs(
        image=spec.image_address(variant),
        commands=list(model.command) or None,
        args=list(model.args) or None,
        envs=[run.ServiceTemplateContainerEnvArgs(name=name, value=value) for name, value in model.env.items()] or None,
        ports=run.ServiceTemplateContainerPortsArgs(container_port=model.port),
        resources=_resources(variant),
        startup_probe=_startup_probe(model),
        volume_mounts=[run.ServiceTemplateContainerVolumeMountArgs(name=_VOLUME, mount_path=model.mount_path)] if mounted else None,
    )


def _resources(variant: VariantPlan) -> run.ServiceTemplateContainerResourcesArgs:
    limits = {"cpu": f"{variant.vcpus:g}", "memory": f"{variant.memory_gib:g}Gi"}
    if variant.accelerators:
        limits["nvidia.com/gpu"] = str(variant.accelerators)
    # Models are loaded and batches formed between requests too, and a GPU takes no other way of billing.
    # Source: Google Cloud, "GPU support for services", before you begin: instance-based billing.
    return run.ServiceTemplateContainerResourcesArgs(limits=limits, cpu_idle=False)


def _startup_probe(model: ModelVersionPlan) -> run.ServiceTemplateContainerStartupProbeArgs:
    """Asks until the model is loaded. Source: Google Cloud, "Configure container health checks for services", startup probes."""
    return run.ServiceTemplateContainerStartupProbeArgs(
        http_get=run.ServiceTemplateContainerStartupProbeHttpGetArgs(path=model.health_path, port=model.port),
        period_seconds=_PROBE_SECONDS,
        timeout_seconds=_PROBE_SECONDS,
        failure_threshold=max(1, -(-model.load_seconds // _PROBE_SECONDS)),
    )


def _volume(spec: RunSpec, model: ModelVersionPlan) -> run.ServiceTemplateVolumeArgs | None:
    """The model's folder, to be read only; None where the container gets its model by itself.

    Source: Google Cloud, "Cloud Storage volume mounts for services", mount options.
    """
    found = bucket_and_folder(model.artifact) if model.artifact else None
    if found is None:
        return None
    bucket, folder = found
    options = [f"only-dir={folder}"] if folder else None
    gcs = run.ServiceTemplateVolumeGcsArgs(bucket=bucket_name(spec, bucket), read_only=True, mount_options=options)
    return run.ServiceTemplateVolumeArgs(name=_VOLUME, gcs=gcs)
