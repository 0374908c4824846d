"""What a pod asks of its node. Source: Kubernetes documentation, "Resource Management for Pods and Containers", "Sidecar Containers"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from costs.kubernetes.quantity import GIB, quantity
from costs.kubernetes.tokens import deep, mapping, mappings
from costs.resource import Missing
from costs.words import number_text

_PLAIN = ("cpu", "memory", "ephemeral-storage")


@dataclass(frozen=True)
class Requests:
    """The requests of one pod: cores, GiB, and accelerators by the name of their resource (`nvidia.com/gpu`)."""

    cpu: Decimal
    memory_gib: Decimal
    storage_gib: Decimal = Decimal(0)
    accelerators: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])

    def __str__(self) -> str:
        plain = [(self.cpu, "vCPU"), (self.memory_gib, "GiB")]
        told = [f"{number_text(round(amount, 3))} {unit}" for amount, unit in plain if amount]
        told += [f"{number_text(amount)} {name}" for name, amount in sorted(self.accelerators.items()) if amount]
        return ", ".join(told) or "no requests"

    def of(self, name: str) -> Decimal:
        """How much of a resource, in the words of a pool's limits."""
        return {"cpu": self.cpu, "memory": self.memory_gib}.get(name, self.accelerators.get(name, Decimal(0)))


def requests(pod: Any, missing: Mapping[str, Decimal] | None = None) -> Requests | None:
    """What the pod of this spec asks for; None where a request cannot be read or is no quantity.

    A limit without a request is one. Init containers run before the others, so the larger of both counts; those that always restart
    (sidecars) run beside them. A pod's own overhead comes on top. missing: what a container without a request is given.
    """
    if not isinstance(pod, Mapping):
        return None
    spec = mapping(pod)
    containers, initial = spec.get("containers"), spec.get("initContainers")
    if isinstance(containers, Missing) or isinstance(initial, Missing):
        return None
    beside = [each for each in mappings(initial) if each.get("restartPolicy") == "Always"]
    before = [_asked(each, missing or {}) for each in mappings(initial) if each not in beside]
    together = [_asked(each, missing or {}) for each in (*mappings(containers), *beside)]
    overhead = _quantities(spec.get("overhead"))
    if overhead is None:
        return None
    known = [each for each in (*before, *together) if each is not None]
    if len(known) != len(before) + len(together):
        return None
    names = sorted({name for each in (*known, overhead) for name in each})
    return _requests({name: _needed(name, known[: len(before)], known[len(before) :], overhead) for name in names})


def _needed(name: str, before: list[dict[str, Decimal]], together: list[dict[str, Decimal]], overhead: Mapping[str, Decimal]) -> Decimal:
    none = Decimal(0)
    alone = max((each.get(name, none) for each in before), default=none)
    return max(alone, sum((each.get(name, none) for each in together), none)) + overhead.get(name, none)


def _asked(container: Mapping[str, Any], missing: Mapping[str, Decimal]) -> dict[str, Decimal] | None:
    if isinstance(container.get("resources"), Missing):
        return None
    limits, asked = (_quantities(deep(container, f"resources.{which}")) for which in ("limits", "requests"))
    return None if limits is None or asked is None else {**missing, **limits, **asked}


def _quantities(written: Any) -> dict[str, Decimal] | None:
    if isinstance(written, Missing):
        return None
    read = {name: quantity(value) for name, value in mapping(written).items()}
    known = {name: value for name, value in read.items() if value is not None}
    return known if len(known) == len(read) else None


def _requests(asked: Mapping[str, Decimal]) -> Requests:
    none = Decimal(0)
    return Requests(
        cpu=asked.get("cpu", none),
        memory_gib=asked.get("memory", none) / GIB,
        storage_gib=asked.get("ephemeral-storage", none) / GIB,
        # Everything with a domain is an extended resource: an accelerator, a network device.
        accelerators={name: amount for name, amount in asked.items() if "/" in name},
    )
