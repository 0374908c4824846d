"""The pods of operators' kinds: job sets, Ray, KServe, Kubeflow, Knative, KEDA."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from costs.kubernetes.pod_set import Finder, Found, Pods, between, count_of, fixed, of_job, unknown
from costs.kubernetes.tokens import annotation, deep, mapping, mappings, tokens
from costs.pricing import Pricing
from costs.resource import UNKNOWN, Missing, Resource


def _scaled_job(pricing: Pricing) -> Found:
    found = of_job(pricing.resource.get("spec.jobTargetRef"))
    most = count_of(pricing.resource.get("spec.maxReplicaCount"), 100)
    least = count_of(pricing.resource.get("spec.minReplicaCount"), 0)
    return [replace(found, least=least, desired=least, most=most, words="jobs")]


def _job_set(pricing: Pricing) -> Found:
    told = pricing.resource.get("spec.replicatedJobs")
    if isinstance(told, Missing):
        return [unknown("jobs")]
    every = mappings(told)
    return [of_job(deep(each, "template.spec"), each.get("replicas")) for each in every]


def _leader_worker_set(pricing: Pricing) -> Found:
    """A group is a leader and size - 1 workers. Source: LeaderWorkerSet API, leaderWorkerTemplate."""
    resource = pricing.resource
    groups, size = resource.get("spec.replicas"), count_of(resource.get("spec.leaderWorkerTemplate.size"), 1)
    worker = resource.get("spec.leaderWorkerTemplate.workerTemplate.spec")
    leader = resource.get("spec.leaderWorkerTemplate.leaderTemplate.spec") or worker
    others = fixed(worker, groups, words="workers")
    number = None if others.desired is None or size is None else others.desired * max(size - 1, Decimal(0))
    return [fixed(leader, groups, words="leaders"), replace(others, least=number, desired=number, most=number)]


def _ray(at: str) -> Finder:
    def find(pricing: Pricing) -> Found:
        resource = pricing.resource
        head = fixed(resource.get(f"{at}.headGroupSpec.template.spec"), None, words="head pods")
        told = resource.get(f"{at}.workerGroupSpecs")
        if isinstance(told, Missing):
            return [head, unknown("workers")]
        groups = mappings(told)
        return [head, *(_ray_workers(each, resource.get(f"{at}.enableInTreeAutoscaling") is True) for each in groups)]

    return find


def _ray_workers(group: Mapping[str, Any], scales: bool) -> Pods:
    """numOfHosts pods make one replica of a TPU slice. Without its autoscaler Ray keeps `replicas`. Source: KubeRay API reference."""
    spec = deep(group, "template.spec")
    hosts = count_of(group.get("numOfHosts"), 1)
    found = fixed(spec, group.get("replicas"), words="workers")
    if scales:
        found = between(spec, group.get("minReplicas"), group.get("maxReplicas"), (0, 0), "workers", group.get("replicas"))
    levels = [None if hosts is None or level is None else level * hosts for level in (found.least, found.desired, found.most)]
    return Pods(spec, *levels, words="workers")


def _kserve(pricing: Pricing) -> Found:
    """Each part has one replica at least where nothing is said. Source: KServe API reference, ComponentExtensionSpec."""
    found: Found = []
    for part in ("predictor", "transformer", "explainer"):
        spec = pricing.resource.get(f"spec.{part}")
        if isinstance(spec, Missing):
            found.append(unknown(f"{part} replicas"))
        elif spec is not None:
            told = mapping(spec)
            made = between(_kserve_pod(told), told.get("minReplicas"), told.get("maxReplicas"), (1, 1), f"{part} replicas")
            found.append(replace(made, most=made.most if told.get("maxReplicas") else _unlimited(pricing.resource, made)))
    return found


def _unlimited(resource: Resource, made: Pods) -> Decimal | None:
    """Without a limit Knative has none; a plain Deployment's autoscaler stays at its minimum."""
    plain = annotation(resource, "serving.kserve.io/deploymentMode") in ("RawDeployment", "Standard")
    return max(made.least or Decimal(1), Decimal(1)) if plain else None


def _kserve_pod(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """A model without resources of its own gets those of its serving runtime, which cannot be seen."""
    model = told.get("model")
    if model is None:
        return told
    return {**told, "containers": [model, *mappings(told.get("containers"))] if mapping(model).get("resources") else UNKNOWN}


def _kubeflow(pricing: Pricing) -> Found:
    """PyTorchJob's pytorchReplicaSpecs, MPIJob's mpiReplicaSpecs and their kin: a mapping of roles. Source: Kubeflow training-operator."""
    told = pricing.resource.get("spec")
    specs = (value for key, value in mapping(told).items() if key.endswith("ReplicaSpecs"))
    roles = told if isinstance(told, Missing) else next(specs, None)
    if isinstance(roles, Missing):
        return [unknown("pods")]
    return [
        replace(fixed(deep(role, "template.spec"), mapping(role).get("replicas"), words=f"{name.lower()} pods"), finite=True)
        for name, role in mapping(roles).items()
    ]


def _knative(pricing: Pricing) -> Found:
    """Scales to zero, without a limit, where nothing is said. Source: Knative documentation, "Configuring scale bounds"."""
    notes = mapping(pricing.resource.get("spec.template.metadata.annotations"))
    bounds = [notes.get(f"autoscaling.knative.dev/{word}", notes.get(f"autoscaling.knative.dev/{word[:3]}Scale")) for word in _BOUNDS]
    least, most = (_digits(bound) for bound in bounds)
    made = between(pricing.resource.get("spec.template.spec"), least, most, (0, 0))
    return [replace(made, most=made.most if most else None)]


_BOUNDS: Final = ("min-scale", "max-scale")


def _digits(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


FINDERS: Final[Mapping[str, Finder]] = {
    **dict.fromkeys(tokens("keda.sh", "ScaledJob"), _scaled_job),
    **dict.fromkeys(tokens("jobset.x-k8s.io", "JobSet"), _job_set),
    **dict.fromkeys(tokens("leaderworkerset.x-k8s.io", "LeaderWorkerSet"), _leader_worker_set),
    **dict.fromkeys(tokens("ray.io", "RayService"), _ray("spec.rayClusterConfig")),
    **dict.fromkeys(tokens("ray.io", "RayJob"), _ray("spec.rayClusterSpec")),
    **dict.fromkeys(tokens("ray.io", "RayCluster"), _ray("spec")),
    **dict.fromkeys(tokens("serving.kserve.io", "InferenceService"), _kserve),
    **dict.fromkeys(tokens("serving.knative.dev", "Service"), _knative),
    **dict.fromkeys(tokens("kubeflow.org", "PyTorchJob", "TFJob", "MPIJob", "XGBoostJob", "JAXJob", "PaddleJob"), _kubeflow),
}
