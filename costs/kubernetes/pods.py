"""The pods that a workload makes: how many, and of which spec. One table for built-in and custom kinds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from costs.kubernetes import operators
from costs.kubernetes.pod_set import Finder, Found, Pods, count_of, fixed, of_job
from costs.kubernetes.tokens import declared, mapping, mappings, meta, namespace, tokens
from costs.pricing import Pricing
from costs.resource import Missing, Program, Resource, once

_AUTOSCALERS: Final = tuple(tokens("autoscaling", "HorizontalPodAutoscaler"))
_SCALED_OBJECTS: Final = tuple(tokens("keda.sh", "ScaledObject"))


def pods(pricing: Pricing) -> Found:
    """The pods of a workload, in the order of its spec."""
    return FINDERS[pricing.resource.type](pricing)


def _replicated(pricing: Pricing) -> Found:
    resource = pricing.resource
    told = resource.get("spec.volumeClaimTemplates")
    claims = ({"spec": told},) if isinstance(told, Missing) else tuple(mappings(told))
    template = resource.get("spec.template.spec")
    scaler = _scaler(pricing.program, resource)
    if scaler is None:
        return [replace(fixed(template, resource.get("spec.replicas")), claims=claims)]
    replicas = count_of(resource.get("spec.replicas"), 1) if resource.get("spec.replicas") is not None else None
    names, default = scaler
    least, most = count_of(names[0], default[0]), count_of(names[1], default[1])
    return [Pods(template, least, replicas if replicas is not None else least, most, claims=claims)]


def _scaler(program: Program, resource: Resource) -> tuple[tuple[Any, Any], tuple[int, int]] | None:
    """The limits that an autoscaler sets, with their defaults (KEDA documentation, "ScaledObject specification": 0 and 100).

    An HPA without maxReplicas is invalid, so its most is its least.
    """
    named = _scalers(program)
    scaler = named.get(resource.urn) or named.get((resource.type.rpartition(":")[2], str(namespace(resource)), meta(resource) or None))
    if scaler is None:
        return None
    if scaler.type in _SCALED_OBJECTS:
        return (scaler.get("spec.minReplicaCount"), scaler.get("spec.maxReplicaCount")), (0, 100)
    return (scaler.get("spec.minReplicas"), scaler.get("spec.maxReplicas")), (1, 1)


@once
def _scalers(program: Program) -> Mapping[Any, Resource]:
    """Autoscalers by what they scale: its URN where they refer to it, else (kind, namespace, name); KEDA's kind may be left out."""
    found: dict[Any, Resource] = {}
    for scaler in declared(program, (*_AUTOSCALERS, *_SCALED_OBJECTS)):
        target = mapping(scaler.get("spec.scaleTargetRef"))
        if isinstance(target.get("name"), str):
            found.setdefault((str(target.get("kind") or "Deployment"), str(namespace(scaler)), target["name"]), scaler)
        for urn in (urn for urns in scaler.references.values() for urn in urns):
            found.setdefault(urn, scaler)
    return found


def _pod(pricing: Pricing) -> Found:
    return [fixed(pricing.resource.get("spec"), None, words="pods")]


def _each_node(pricing: Pricing) -> Found:
    return [Pods(pricing.resource.get("spec.template.spec"), words="pods", each_node=True)]


def _job(pricing: Pricing) -> Found:
    return [of_job(pricing.resource.get("spec"))]


def _cron_job(pricing: Pricing) -> Found:
    return [of_job(pricing.resource.get("spec.jobTemplate.spec"))]


FINDERS: Final[Mapping[str, Finder]] = {
    **dict.fromkeys(tokens("apps", "Deployment", "ReplicaSet", "StatefulSet"), _replicated),
    **dict.fromkeys(tokens("extensions", "Deployment", "ReplicaSet"), _replicated),
    **dict.fromkeys(tokens("core", "ReplicationController"), _replicated),
    **dict.fromkeys(tokens("argoproj.io", "Rollout"), _replicated),
    **dict.fromkeys(tokens("core", "Pod"), _pod),
    **dict.fromkeys([*tokens("apps", "DaemonSet"), *tokens("extensions", "DaemonSet")], _each_node),
    **dict.fromkeys(tokens("batch", "Job"), _job),
    **dict.fromkeys(tokens("batch", "CronJob"), _cron_job),
    **operators.FINDERS,
}
"""Every kind of workload, and how its pods are found."""
