"""Kubernetes objects as an API server and its controllers complete them."""

from __future__ import annotations

import re
from typing import Final

from rehearsal.context import CloudContext
from rehearsal.generated import generated
from rehearsal.schema import ResourceSchema
from rehearsal.values import UNKNOWN, Value, Values, as_map, as_text, lookup

# Kinds outside any namespace (Kubernetes documentation: `kubectl api-resources --namespaced=false`).
CLUSTER_SCOPED: Final = frozenset(
    {
        "APIService",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ComponentStatus",
        "CSIDriver",
        "CSINode",
        "CustomResourceDefinition",
        "DeviceClass",
        "DeviceTaintRule",
        "FlowSchema",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "ResourceSlice",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
    }
)
_HELM_RELEASE: Final = "kubernetes:helm.sh/v3:Release"
_GATEWAY: Final = re.compile(r"^kubernetes:gateway\.networking\.k8s\.io/\w+:Gateway$")
_PHASES: Final = {"Namespace": "Active", "PersistentVolumeClaim": "Bound"}
_REPLICATED: Final = frozenset({"Deployment", "StatefulSet", "ReplicaSet"})


def is_cluster_scoped(schema: ResourceSchema, inputs: Values) -> bool:
    """Tell whether an object lies outside any namespace.

    Of a custom resource only its cluster knows; it is taken to, unless it names a namespace.
    """
    if schema.open:
        return lookup(inputs, ("metadata", "namespace")) is None
    return schema.token.rpartition(":")[2] in CLUSTER_SCOPED


def object_outputs(schema: ResourceSchema, inputs: Values, context: CloudContext, seed: bytes, *, preview: bool) -> Values:
    """Give an object as it reads back: what was sent, its identity, and a status of being ready."""
    if schema.token == _HELM_RELEASE:
        release: Values = {**inputs, "status": UNKNOWN if preview else _release_status(inputs, context)}
        return release
    made: Values = {**inputs, "metadata": _metadata(schema, as_map(inputs.get("metadata")), context, seed, preview=preview)}
    status = _status(schema.token.rpartition(":")[2], as_map(inputs.get("spec")), seed, context)
    if "status" in schema.outputs:
        made["status"] = UNKNOWN if preview else status
    if _GATEWAY.match(schema.token):
        made["status"] = UNKNOWN if preview else _gateway_status(seed, context)
    if schema.token == "kubernetes:core/v1:Service":
        made["spec"] = _service_spec(as_map(inputs.get("spec")), seed, preview=preview)
    return made


def _metadata(schema: ResourceSchema, given: Values, context: CloudContext, seed: bytes, *, preview: bool) -> Values:
    namespace: Values = {} if is_cluster_scoped(schema, {"metadata": given}) else {"namespace": context.kubernetes_namespace}
    if preview:
        return {**namespace, **given, "uid": UNKNOWN, "resourceVersion": UNKNOWN, "generation": UNKNOWN, "creationTimestamp": UNKNOWN}
    return {
        **namespace,
        **given,
        "uid": generated("uuid", seed, context.now),
        "resourceVersion": generated("digits7", seed, context.now),
        "generation": 1,
        "creationTimestamp": context.now,
    }


def _service_spec(spec: Values, seed: bytes, *, preview: bool) -> Values:
    """A service gets an address of its own; 10.96.0.0/12 is the range kubeadm takes by default."""
    address: Value = UNKNOWN if preview else f"10.96.{seed[0]}.{1 + seed[1] % 254}"
    defaults: Values = {"type": "ClusterIP", "sessionAffinity": "None", "clusterIP": address}
    return {**defaults, **spec}


def _status(kind: str, spec: Values, seed: bytes, context: CloudContext) -> Values:
    if kind == "Service":
        balanced = as_text(spec.get("type")) == "LoadBalancer"
        return {"loadBalancer": {"ingress": [{"ip": generated("ipv4", seed, context.now)}]} if balanced else {}}
    if kind in _REPLICATED:
        replicas = spec.get("replicas", 1)
        names = ("replicas", "readyReplicas", "availableReplicas", "updatedReplicas")
        return {**dict.fromkeys(names, replicas), "observedGeneration": 1}
    return {"phase": _PHASES[kind]} if kind in _PHASES else {}


def _gateway_status(seed: bytes, context: CloudContext) -> Values:
    """A Gateway has an address once its controller has made a load balancer, and is then programmed (Gateway API, Gateway status)."""
    return {
        "addresses": [{"type": "IPAddress", "value": generated("ipv4", seed, context.now)}],
        "conditions": [{"type": "Programmed", "status": "True", "reason": "Programmed"}],
    }


def _release_status(inputs: Values, context: CloudContext) -> Values:
    name = as_text(inputs.get("name")) or ""
    namespace = as_text(inputs.get("namespace")) or context.kubernetes_namespace
    version = as_text(inputs.get("version")) or ""
    return {"name": name, "namespace": namespace, "revision": 1, "status": "deployed", "version": version}
