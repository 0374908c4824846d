"""Plans of endpoints to build components from: a stable version alone, and each choice may be given otherwise."""

from collections.abc import Sequence
from typing import Any

from plan.model import (
    AccessPlan,
    AlarmPlan,
    ArtifactPlan,
    Band,
    CanaryRolloutPlan,
    EndpointPlan,
    EndpointUsage,
    MachinePlan,
    ModelVersionPlan,
    RegistryPlan,
    RolloutPlan,
    ScalingPlan,
    VariantPlan,
)
from tests.components.plans import LABELS

MACHINES = {
    "sageMaker": "ml.g5.xlarge",
    "vertexAi": "g2-standard-8",
    "cloudRun": "cloud-run-nvidia-l4",
    "azureMl": "Standard_NC4as_T4_v3",
    "kubernetes": "g6.xlarge",
}
DIGEST = "sha256:" + "ab" * 32


def model_version_plan(name: str = "fraud-1", **choices: Any) -> ModelVersionPlan:
    """A model of 40 MiB in the bucket `models`, served by Triton."""
    given: dict[str, Any] = {
        "name": name,
        "runtime": "triton",
        "image": f"registry.example/serving@{DIGEST}",
        "command": (),
        "args": ("--model-repository=/models",),
        "env": {},
        "port": 8000,
        "predict_path": "/v2/models/model/infer",
        "health_path": "/v2/health/ready",
        "artifact": ArtifactPlan(bucket="models", path=f"models/{name}"),
        "mount_path": "/models",
        "size_mib": 40.0,
        "memory_gib": 2.0,
        "precision": "fp16",
        "load_seconds": 120,
    }
    return ModelVersionPlan(**(given | choices))


def variant_plan(
    platform: str, model: ModelVersionPlan, role: str, *, weight: float = 0, mirror: float = 0, endpoint: str = "fraud", **choices: Any
) -> VariantPlan:
    """One variant on one GPU, from one replica to four."""
    given: dict[str, Any] = {
        "name": f"{endpoint}-{model.name}",
        "role": role,
        "model": model,
        "weight_percent": weight,
        "mirror_percent": mirror,
        "machine": MachinePlan(
            instance_type=MACHINES[platform], architecture="amd64", vcpus=8, memory_gib=32, accelerator="nvidia-l4", accelerator_count=1
        ),
        "vcpus": 4,
        "memory_gib": 16,
        "accelerators": 1,
        "concurrency": 8,
        "min_replicas": 1,
        "initial_replicas": 1,
        "max_replicas": 4,
        "target": 20.0,
        "cost_replicas": Band(low=1, expected=2, high=4),
    }
    return VariantPlan(**(given | choices))


def endpoint_plan(
    platform: str,
    stable: str = "fraud-1",
    *,
    canary: tuple[str, float] | None = None,
    shadow: tuple[str, float] | None = None,
    **choices: Any,
) -> EndpointPlan:
    """The endpoint `fraud`; canary and shadow are a model's name and its percent."""
    name = choices.get("name", "fraud")
    variants: Sequence[VariantPlan] = (
        variant_plan(platform, model_version_plan(stable), "stable", weight=100 - (canary[1] if canary else 0), endpoint=name),
        *([variant_plan(platform, model_version_plan(canary[0]), "canary", weight=canary[1], endpoint=name)] if canary else ()),
        *([variant_plan(platform, model_version_plan(shadow[0]), "shadow", mirror=shadow[1], endpoint=name)] if shadow else ()),
    )
    given: dict[str, Any] = {
        "name": name,
        "platform": platform,
        "labels": LABELS,
        "variants": tuple(variants),
        "scaling": ScalingPlan(metric="requests", scale_out_seconds=60, scale_in_seconds=300, max_step_percent=100, scale_to_zero=False),
        "rollout": RolloutPlan(shift="canary", step_percent=10, bake_seconds=300),
        "access": AccessPlan(public=False, authentication="iam"),
        "alarms": (
            AlarmPlan(kind="errorRate", threshold=1, period_seconds=60, periods=3, rollback=True),
            AlarmPlan(kind="p95", threshold=80, period_seconds=60, periods=3, rollback=True),
        ),
        "usage": EndpointUsage(
            requests_per_second=Band(low=5, expected=40, high=200),
            processed_gib_per_month=Band(low=50, expected=401, high=2_005),
            captured_gib_per_month=Band(low=0, expected=0, high=0),
        ),
        "timeout_seconds": 60,
    }
    return EndpointPlan(**(given | choices))


def canary_rollout(*shares: float, **choices: Any) -> CanaryRolloutPlan:
    """A canary that goes through these shares, ten minutes each."""
    given: dict[str, Any] = {
        "shares_percent": shares,
        "bake_seconds": 600,
        "look_seconds": 60,
        "alarms": (
            AlarmPlan(kind="errorRate", threshold=2, period_seconds=60, periods=3, rollback=True),
            AlarmPlan(kind="p95", threshold=90, period_seconds=60, periods=3, rollback=True),
        ),
        "log_days": 30,
        "starts_per_month": Band(low=1, expected=100, high=1_000),
        "logged_gib_per_month": Band(low=0, expected=0.05, high=1),
    }
    return CanaryRolloutPlan(**(given | choices))


def registry_plan(**choices: Any) -> RegistryPlan:
    """A registry of its own with one repository."""
    given: dict[str, Any] = {
        "name": "registry",
        "labels": LABELS,
        "existing": None,
        "repositories": ("fraud",),
        "delete_untagged_after_days": 7,
        "keep_newest": 20,
        "customer_key": False,
        "retain": False,
    }
    return RegistryPlan(**(given | choices))
