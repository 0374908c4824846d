"""An endpoint's configuration: its variants with their shares of the traffic, and what is kept of requests and answers."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws
from pulumi import ResourceOptions

from components.aws.endpoint_spec import EndpointSpec
from plan.model import AsynchronousPlan, CapturePlan, VariantPlan

# Amazon SageMaker API, ProductionVariant: ContainerStartupHealthCheckTimeoutInSeconds and ModelDataDownloadTimeoutInSeconds.
_SHORTEST_START_SECONDS, _LONGEST_START_SECONDS = 60, 3_600


def configuration(spec: EndpointSpec, models: Mapping[str, aws.sagemaker.Model]) -> aws.sagemaker.EndpointConfiguration:
    """The configuration; any change makes a new one under a name of its own, and the old one goes when the endpoint has left it.

    Its weights are the first of a canary that grows by itself: later ones are the endpoint's, which no resource reads. Other shares on the
    way make a new configuration too, as an endpoint that stays as it is would never come to them; the engine notices by a trigger that was
    there before.
    """
    rollout = spec.plan.rollout.canary
    shares = ResourceOptions(replacement_trigger=list(rollout.shares_percent) if rollout else "as they are")
    return aws.sagemaker.EndpointConfiguration(
        f"{spec.name}-configuration",
        production_variants=[
            aws.sagemaker.EndpointConfigurationProductionVariantArgs(
                **_variant(variant, models),
                initial_variant_weight=variant.weight_percent,
                routing_configs=[
                    aws.sagemaker.EndpointConfigurationProductionVariantRoutingConfigArgs(routing_strategy="LEAST_OUTSTANDING_REQUESTS")
                ],
            )
            for variant in spec.production
        ],
        shadow_production_variants=_shadows(spec, models),
        data_capture_config=_capture(spec, spec.plan.capture) if spec.plan.capture else None,
        async_inference_config=_asynchronous(spec, spec.plan.asynchronous) if spec.plan.asynchronous else None,
        region=spec.on.place.region,
        tags=spec.tags("configuration"),
        opts=ResourceOptions.merge(spec.opts, shares),
    )


def _variant(variant: VariantPlan, models: Mapping[str, aws.sagemaker.Model]) -> dict[str, Any]:
    """What variants of both kinds have; a variant is called by its part in the endpoint, since guardrails want names that stay."""
    start = min(max(variant.model.load_seconds, _SHORTEST_START_SECONDS), _LONGEST_START_SECONDS)
    return {
        "variant_name": variant.role,
        "model_name": models[variant.name].name,
        "instance_type": variant.machine.instance_type,
        "initial_instance_count": variant.initial_replicas,
        "container_startup_health_check_timeout_in_seconds": start,
        "model_data_download_timeout_in_seconds": start,
    }


def _shadows(
    spec: EndpointSpec, models: Mapping[str, aws.sagemaker.Model]
) -> list[aws.sagemaker.EndpointConfigurationShadowProductionVariantArgs] | None:
    """The shadow, whose weight beside the production variant's says how much of the traffic is copied to it."""
    shadows = [
        aws.sagemaker.EndpointConfigurationShadowProductionVariantArgs(
            **_variant(variant, models), initial_variant_weight=variant.mirror_percent
        )
        for variant in spec.plan.variants
        if variant.role == "shadow"
    ]
    return shadows or None


def _capture(spec: EndpointSpec, capture: CapturePlan) -> aws.sagemaker.EndpointConfigurationDataCaptureConfigArgs:
    return aws.sagemaker.EndpointConfigurationDataCaptureConfigArgs(
        enable_capture=True,
        initial_sampling_percentage=round(capture.percent),
        destination_s3_uri=spec.address(capture.bucket, capture.prefix),
        kms_key_id=spec.on.buckets[capture.bucket]["encryptionKey"],
        capture_options=[
            aws.sagemaker.EndpointConfigurationDataCaptureConfigCaptureOptionArgs(capture_mode=mode) for mode in ("Input", "Output")
        ],
        # Named, they are kept as they are; anything else would be kept in Base64.
        capture_content_type_header=aws.sagemaker.EndpointConfigurationDataCaptureConfigCaptureContentTypeHeaderArgs(
            json_content_types=["application/json"]
        ),
    )


def _asynchronous(spec: EndpointSpec, plan: AsynchronousPlan) -> aws.sagemaker.EndpointConfigurationAsyncInferenceConfigArgs:
    at_once = plan.max_concurrent_per_replica
    return aws.sagemaker.EndpointConfigurationAsyncInferenceConfigArgs(
        client_config=aws.sagemaker.EndpointConfigurationAsyncInferenceConfigClientConfigArgs(
            max_concurrent_invocations_per_instance=at_once
        )
        if at_once
        else None,
        output_config=aws.sagemaker.EndpointConfigurationAsyncInferenceConfigOutputConfigArgs(
            s3_output_path=spec.address(plan.bucket, plan.prefix),
            s3_failure_path=spec.address(plan.bucket, f"{plan.prefix.rstrip('/')}/failed"),
            kms_key_id=spec.on.buckets[plan.bucket]["encryptionKey"],
        ),
    )
