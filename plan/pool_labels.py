"""What is written on a pool's nodes, what keeps pods off them, and what pods must say to land there."""

import re
from collections.abc import Iterable, Mapping

from plan.model import DriverPlan, SharingPlan, Taint, Toleration
from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules

POOL_LABEL = "drydock/pool"
CAPACITY_LABEL = "drydock/capacity"
_LABELS = (
    "Kubernetes, Labels and Selectors, Syntax and character set: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"
)
_KUBERNETES = ("kubernetes.io", "k8s.io")
_OURS = ("drydock",)
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_PREFIX = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_RULE = "[prefix/]name, the name of 1 to 63 letters, digits, -, _ and . that begins and ends with a letter or digit"
_CONFIGURATIONS: Mapping[str, str] = {"timeSlicing": "time-slicing", "mps": "mps"}
# What keeps pods without an accelerator off machines that cost more.
_TAINTED: Mapping[str, str] = {
    "nvidia.com/gpu": "present",
    "google.com/tpu": "present",
    "aws.amazon.com/neuron": "present",
    "amd.com/gpu": "present",
}


def plan_labels(request: PoolRequest, rules: NodePoolRules, kind: str, driver: DriverPlan, sharing: SharingPlan) -> Mapping[str, str]:
    """The labels of a rung's nodes, ordered by key."""
    own = {POOL_LABEL: request.name, CAPACITY_LABEL: kind, **_sharing_label(driver, sharing)}
    return dict(sorted({**request.pool.labels, **rules.rung_labels(request, kind, driver), **own}.items()))


def _sharing_label(driver: DriverPlan, sharing: SharingPlan) -> Mapping[str, str]:
    """By which label of a node NVIDIA's device plugin or MIG manager learns how its GPUs are shared; none where the cloud sees to it."""
    if sharing.strategy == "mig" and sharing.cloud_profile is None:
        return {"nvidia.com/mig.config": f"all-{sharing.mig_profile}"}
    if sharing.strategy in _CONFIGURATIONS and driver.device_plugin in ("helm", "operator"):
        return {"nvidia.com/device-plugin.config": f"{_CONFIGURATIONS[sharing.strategy]}-{sharing.clients}"}
    return {}


def plan_taints(request: PoolRequest, rules: NodePoolRules, kind: str, choice: Choice) -> tuple[Taint, ...]:
    """The taints of a rung's nodes: the accelerator's, the cloud's, the file's."""
    resource = choice.accelerator.resource_name if choice.accelerator else ""
    own = [Taint(key=resource, value=_TAINTED[resource], effect="NoSchedule")] if resource in _TAINTED else []
    asked = [Taint(key=taint.key, value=taint.value, effect=taint.effect) for taint in request.pool.taints]
    return tuple(dict.fromkeys([*own, *rules.rung_taints(request, kind), *asked]))


def tolerations(taints: Iterable[Taint]) -> tuple[Toleration, ...]:
    """What a pod must tolerate to stand on nodes with any of these taints."""
    every = dict.fromkeys(taints)
    return tuple(
        Toleration(key=taint.key, operator="Equal" if taint.value else "Exists", value=taint.value, effect=taint.effect) for taint in every
    )


def check_labels(request: PoolRequest, rules: NodePoolRules | None, choice: Choice | None) -> None:
    """Faults labels and taints that Kubernetes or the cloud would refuse, or that stand twice; rules: None where they are there already."""
    for key, value in sorted(request.pool.labels.items()):
        _check_label(request, rules, f"labels.{key}", key, value)
    seen: set[tuple[str, str]] = set()
    own = _own_taint(choice)
    for index, taint in enumerate(request.pool.taints):
        field = f"taints.{index}"
        _check_label(request, rules, field, taint.key, taint.value)
        if (taint.key, taint.effect) in seen:
            request.fault(field, taint.key, f"stands twice with {taint.effect}", allowed="each key and effect once", fix="remove one")
        elif taint.key == own and taint.effect == "NoSchedule":
            problem = "is a taint that every such pool has already"
            request.fault(field, taint.key, problem, allowed="taints of your own", fix="remove the taint")
        seen.add((taint.key, taint.effect))
    if request.system and request.pool.taints:
        problem = "keeps the cluster's own add-ons off the pool that is there for them"
        request.fault("taints", request.pool.taints[0].key, problem, allowed="no taints on the system pool", fix="remove taints, or system")


def valid_key(key: str) -> bool:
    """Whether Kubernetes takes it as the key of a label or taint."""
    prefix, slash, name = key.rpartition("/")
    return bool(_NAME.fullmatch(name)) and (not slash or (len(prefix) <= 253 and bool(_PREFIX.fullmatch(prefix))))


def valid_value(value: str) -> bool:
    """Whether Kubernetes takes it as the value of a label or taint."""
    return value == "" or bool(_NAME.fullmatch(value))


def reserved_by(key: str, prefixes: Iterable[str]) -> str | None:
    """The one of these domains (or whole keys) to which a key belongs, None for a free key."""
    domain = key.rpartition("/")[0]
    return next((each for each in prefixes if key == each or domain == each or domain.endswith(f".{each}")), None)


def _own_taint(choice: Choice | None) -> str | None:
    resource = choice.accelerator.resource_name if choice and choice.accelerator else ""
    return resource if resource in _TAINTED else None


def _check_label(request: PoolRequest, rules: NodePoolRules | None, field: str, key: str, value: str) -> None:
    if not valid_key(key):
        request.fault(field, key, "is no key of a label", allowed=_RULE, fix="rename it", source=_LABELS)
        return
    if not valid_value(value):
        allowed = "up to 63 letters, digits, -, _ and ., with a letter or digit at both ends"
        request.fault(field, value, "is no value of a label", allowed=allowed, fix="shorten or rewrite it", source=_LABELS)
    if rules is None:
        return
    ours = reserved_by(key, _OURS)
    owner = ours or reserved_by(key, (*_KUBERNETES, *rules.LIMITS.reserved_keys))
    if owner is not None:
        problem = f"belongs to {owner}, whose labels are set by their owner only"
        source = "" if ours else rules.LIMITS.label_source
        request.fault(field, key, problem, allowed="keys of your own, with a prefix of yours or none", fix="rename it", source=source)
