"""The metrics of an endpoint's variants, as its alarms and its autoscaling read them.

Source: Amazon SageMaker Developer Guide, "Amazon SageMaker AI metrics in Amazon CloudWatch".
"""

from dataclasses import dataclass

from plan.model import VariantPlan

INVOCATIONS = "AWS/SageMaker"
INSTANCES = "/aws/sagemaker/Endpoints"
MICROSECONDS_PER_MILLISECOND = 1_000
SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Utilization:
    """What an instance's utilization is called; it is summed over the instance's devices, so that its full is 100 for each."""

    metric: str
    devices: float


def utilization(variant: VariantPlan, *, gpu: bool) -> Utilization:
    """The utilization of a variant's GPUs, or of its processors' cores."""
    if gpu:
        return Utilization("GPUUtilization", variant.machine.accelerator_count)
    return Utilization("CPUUtilization", variant.machine.vcpus)


def dimensions(endpoint: str, variant: VariantPlan) -> dict[str, str]:
    """What tells one variant's metrics from another's."""
    return {"EndpointName": endpoint, "VariantName": variant.role}
