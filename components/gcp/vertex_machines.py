"""Machines and scaling of a deployed model, in Vertex AI's words."""

from typing import Any, Final

from plan.model import ScalingPlan, VariantPlan

# The environment's words for accelerators. Source: Vertex AI API v1, AcceleratorType.
ACCELERATORS: Final = {
    "nvidia-t4": "NVIDIA_TESLA_T4",
    "nvidia-p4": "NVIDIA_TESLA_P4",
    "nvidia-p100": "NVIDIA_TESLA_P100",
    "nvidia-v100": "NVIDIA_TESLA_V100",
    "nvidia-l4": "NVIDIA_L4",
    "nvidia-a100-40gb": "NVIDIA_TESLA_A100",
    "nvidia-a100-80gb": "NVIDIA_A100_80GB",
    "nvidia-h100-80gb": "NVIDIA_H100_80GB",
    "nvidia-h100-mega-80gb": "NVIDIA_H100_MEGA_80GB",
    "nvidia-h200-141gb": "NVIDIA_H200_141GB",
    "nvidia-b200": "NVIDIA_B200",
    "nvidia-gb200": "NVIDIA_GB200",
    "nvidia-rtx-pro-6000": "NVIDIA_RTX_PRO_6000",
}
SCALING_METRICS: Final = {
    "requests": "aiplatform.googleapis.com/prediction/online/request_count",
    "gpuUtilization": "aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle",
    "cpuUtilization": "aiplatform.googleapis.com/prediction/online/cpu/utilization",
}
_SECONDS_PER_MINUTE: Final = 60


def machine_spec(variant: VariantPlan) -> dict[str, Any]:
    """The machine of one replica: its type, and the accelerators that the replica takes of it."""
    spec: dict[str, Any] = {"machineType": variant.machine.instance_type}
    if variant.accelerators:
        spec |= {"acceleratorType": ACCELERATORS[variant.machine.accelerator], "acceleratorCount": variant.accelerators}
    return spec


def scaling_metrics(scaling: ScalingPlan, variant: VariantPlan) -> list[dict[str, Any]]:
    """What replicas follow. Requests are counted by the minute there. Source: Vertex AI, "Scale inference nodes by using autoscaling"."""
    target = variant.target * (_SECONDS_PER_MINUTE if scaling.metric == "requests" else 1)
    return [{"metricName": SCALING_METRICS[scaling.metric], "target": max(1, round(target))}]
