"""Objects in a cluster that lead to others of their namespace: a route to Services, an autoscaler to what it scales.

An API server takes them whether what they name is there or not; then requests get an error, or nothing is scaled, and nobody is told.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Final

from rehearsal.scheduling.clusters import objects_of
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup

_ROUTE: Final = re.compile(r"^kubernetes:gateway\.networking\.k8s\.io/\w+:HTTPRoute$")
_SCALER: Final = re.compile(r"^kubernetes:(autoscaling/\w+:HorizontalPodAutoscaler|keda\.sh/\w+:ScaledObject)$")
_GROUPS: Final = {"Service": "core", "Deployment": "apps", "StatefulSet": "apps", "ReplicaSet": "apps"}
# A program's resources come in any order: what is named may still be on its way.
_QUIET_SECONDS: Final = 1.0

Named = tuple[str, str, str]


def dangling(cloud: SimulatedCloud, resource: Resource, values: Values) -> list[str]:
    """Say what an object leads to that is not there, once nothing has come for a while; nothing for objects that lead nowhere."""
    wanted = list(_named(resource.type, values))
    since, changes = time.monotonic(), cloud.changes
    while missing := [each for each in wanted if not _is_there(cloud, resource.place, each)]:
        if cloud.changes != changes:
            since, changes = time.monotonic(), cloud.changes
        if time.monotonic() - since >= _QUIET_SECONDS:
            break
        time.sleep(_QUIET_SECONDS / 10)
    return [_told(resource, *each) for each in missing]


def _named(token: str, values: Values) -> Iterator[Named]:
    """Kind, namespace and name of each object that is led to, where its kind is one that we know."""
    namespace = as_text(lookup(values, ("metadata", "namespace"))) or "default"
    spec = as_map(values.get("spec"))
    if _ROUTE.match(token):
        for rule in _items(spec.get("rules")):
            yield from (_reference(each, "Service", namespace) for each in _backends(as_map(rule)))
    if _SCALER.match(token):
        yield _reference(as_map(spec.get("scaleTargetRef")), "Deployment", namespace)


def _backends(rule: Values) -> Iterator[Values]:
    yield from (as_map(each) for each in _items(rule.get("backendRefs")))
    for each in _items(rule.get("filters")):
        mirrored = lookup(as_map(each), ("requestMirror", "backendRef"))
        if mirrored is not None:
            yield as_map(mirrored)


def _reference(reference: Values, kind: str, namespace: str) -> Named:
    return as_text(reference.get("kind")) or kind, as_text(reference.get("namespace")) or namespace, as_text(reference.get("name")) or ""


def _is_there(cloud: SimulatedCloud, place: str, named: Named) -> bool:
    kind, namespace, name = named
    group = _GROUPS.get(kind)
    return group is None or any(found.id == f"{namespace}/{name}" for found in objects_of(cloud, place, kind, group))


def _told(resource: Resource, kind: str, namespace: str, name: str) -> str:
    own = f"{resource.type.rpartition(':')[2]} {resource.id}"
    if _ROUTE.match(resource.type):
        return f"{own}: ResolvedRefs is False: BackendNotFound: {kind} {namespace}/{name} not found; its requests are answered with 500"
    return f"{own}: AbleToScale is False: FailedGetScale: {kind} {namespace}/{name} not found; nothing is scaled"


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
