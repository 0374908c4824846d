"""What a workload's pods ask for: how many, with which requests, and on which nodes they may run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rehearsal.values import Value, Values, as_map, as_text, lookup

QUEUE: Final = "kueue.x-k8s.io/queue-name"
_SKIP: Final = "pulumi.com/skipAwait"
_QUANTITY: Final = re.compile(r"(?P<number>\d+(\.\d+)?)(?P<unit>[A-Za-z]*)\Z")
_UNITS: Final = {"": 1.0, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_KINDS: Final = re.compile(r"^kubernetes:(core|batch|apps)/v1:(Pod|Job|Deployment|StatefulSet|ReplicaSet)$")

Requirement = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Toleration:
    """A taint that pods bear; an empty key bears every one, an empty effect every effect."""

    key: str
    value: str | None
    effect: str


@dataclass(frozen=True)
class Taint:
    """What keeps pods off a node that do not tolerate it."""

    key: str
    value: str
    effect: str

    def __str__(self) -> str:
        """Write it as the scheduler does."""
        return f"{{{self.key}: {self.value}}}"


@dataclass(frozen=True)
class Workload:
    """A workload's name, and of its pods the number, the requests and the terms (any one holds, each as a whole) of where they run."""

    name: str
    namespace: str
    kind: str
    pods: int
    requests: Mapping[str, float]
    selector: Mapping[str, str]
    terms: tuple[tuple[Requirement, ...], ...]
    tolerations: tuple[Toleration, ...]
    queue: str = ""
    suspended: bool = False
    awaited: bool = True

    def accepts(self, labels: Mapping[str, str]) -> bool:
        """Tell whether node labels satisfy the selector and one of the affinity's terms."""
        selected = all(labels.get(key) == value for key, value in self.selector.items())
        return selected and (not self.terms or any(all(holds(each, labels) for each in term) for term in self.terms))

    def untolerated(self, taints: Iterable[Taint]) -> Taint | None:
        """Give the first taint that keeps the pods off, or None."""
        return next((taint for taint in taints if taint.effect != "PreferNoSchedule" and not self._tolerates(taint)), None)

    def _tolerates(self, taint: Taint) -> bool:
        for each in self.tolerations:
            if each.effect in ("", taint.effect) and each.key in ("", taint.key) and each.value in (None, taint.value):
                return True
        return False


def workload_of(token: str, values: Values, namespace: str) -> Workload | None:
    """Give the workload that an object is, or None for an object without pods that ask for nodes."""
    match = _KINDS.match(token)
    if match is None:
        return None
    kind = match[2]
    metadata, spec = as_map(values.get("metadata")), as_map(values.get("spec"))
    pod = spec if kind == "Pod" else as_map(lookup(spec, ("template", "spec")))
    return Workload(
        name=as_text(metadata.get("name")) or "",
        namespace=as_text(metadata.get("namespace")) or namespace,
        kind=kind,
        pods=_pods(kind, spec),
        requests=_requests(pod),
        selector={key: as_text(value) or "" for key, value in as_map(pod.get("nodeSelector")).items()},
        terms=_terms(pod),
        tolerations=tuple(_toleration(as_map(item)) for item in _items(pod.get("tolerations"))),
        queue=as_text(as_map(metadata.get("labels")).get(QUEUE)) or "",
        suspended=spec.get("suspend") is True,
        awaited=as_text(as_map(metadata.get("annotations")).get(_SKIP)) != "true",
    )


def quantity(value: Value) -> float:
    """Read a Kubernetes quantity: 500m, 16Gi, 4; 0 for what is none."""
    match = _QUANTITY.match(as_text(value) or "")
    return float(match["number"]) * _UNITS.get(match["unit"], 0) if match else 0


def requirement(item: Values) -> Requirement:
    """Read an expression of an affinity or of a Karpenter NodePool: key, operator and values."""
    values = tuple(as_text(each) or "" for each in _items(item.get("values")))
    return as_text(item.get("key")) or "", as_text(item.get("operator")) or "In", values


def holds(each: Requirement, labels: Mapping[str, str]) -> bool:
    """Tell whether labels satisfy a requirement (Kubernetes API reference: NodeSelectorRequirement)."""
    key, operator, values = each
    actual = labels.get(key)
    if operator in ("Exists", "DoesNotExist"):
        return (actual is not None) == (operator == "Exists")
    if operator == "NotIn":
        return actual not in values
    if operator in ("Gt", "Lt"):
        difference = quantity(actual) - quantity(values[0]) if actual is not None else 0
        return difference > 0 if operator == "Gt" else difference < 0
    return actual in values


def _pods(kind: str, spec: Values) -> int:
    if kind == "Pod":
        return 1
    if kind != "Job":
        return int(quantity(spec.get("replicas", 1)))
    parallel, completions = spec.get("parallelism", 1), spec.get("completions")
    return int(min(quantity(parallel), quantity(completions)) if completions is not None else quantity(parallel))


def _requests(pod: Values) -> dict[str, float]:
    """A pod needs what its containers need together, or its greediest init container alone (Kubernetes documentation: Init Containers)."""
    total: dict[str, float] = {}
    for container in _items(pod.get("containers")):
        for name, amount in _asked(container).items():
            total[name] = total.get(name, 0) + amount
    for container in _items(pod.get("initContainers")):
        for name, amount in _asked(container).items():
            total[name] = max(total.get(name, 0), amount)
    return {name: amount for name, amount in total.items() if amount}


def _asked(container: Value) -> dict[str, float]:
    """A limit without a request is the request too."""
    resources = as_map(as_map(container).get("resources"))
    return {name: quantity(value) for name, value in {**as_map(resources.get("limits")), **as_map(resources.get("requests"))}.items()}


def _terms(pod: Values) -> tuple[tuple[Requirement, ...], ...]:
    path = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    terms = _items(lookup(pod, path))
    return tuple(tuple(requirement(as_map(item)) for item in _items(as_map(term).get("matchExpressions"))) for term in terms)


def _toleration(item: Values) -> Toleration:
    exists = as_text(item.get("operator")) == "Exists"
    value = None if exists else as_text(item.get("value")) or ""
    return Toleration(as_text(item.get("key")) or "", value, as_text(item.get("effect")) or "")


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
