"""Tasks of ECS on Fargate: vCPU and memory by the hour, times the number of tasks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence, Price, Source
from costs.aws.lookup import first
from costs.aws.scaling_target import scaled_by_target, targets
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing, Resource

_SERVICE: Final = "aws:ecs/service:Service"
_TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
_CLUSTER: Final = "aws:ecs/cluster:Cluster"
_PROVIDERS: Final = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
_FARGATE: Final = ("FARGATE", "FARGATE_SPOT")
# "Up to 70 % off", never dearer than on demand. Source: AWS Fargate pricing, "Fargate Spot pricing".
_SPOT_MOST_SAVING: Final = Decimal("0.70")
# Included in each task. Source: AWS Fargate pricing, "Ephemeral storage".
_STORAGE_GIB: Final = 20


@dataclass(frozen=True, slots=True)
class _Share:
    """What part of a service's tasks a capacity provider takes: `base` of them first, then by weight."""

    provider: str
    base: Decimal
    weight: Decimal


def service(pricing: Pricing) -> None:
    """A service: its tasks between the limits of its scaling target, on Fargate; on EC2 its machines are paid as such."""
    if pricing.unreadable("launchType") or pricing.unreadable("capacityProviderStrategies"):
        pricing.unpriced("tasks", "where they run is known only after `up`")
        return
    shares = _shares(pricing)
    if not any(share.provider in _FARGATE for share in shares):
        if pricing.text("launchType") == "EXTERNAL":
            pricing.unpriced("tasks", "the fee of ECS Anywhere has no price on record")
        return
    definition = _definition(pricing)
    if definition is None:
        pricing.unpriced("tasks", "the task definition is not in this program")
        return
    if pricing.unreadable("desiredCount"):
        pricing.unpriced("tasks", "desiredCount is known only after `up`")
        return
    _fargate(pricing, definition, _running(pricing), shares)


def _running(pricing: Pricing) -> Factor:
    # Left out, none are started. Source: Amazon ECS API, CreateService, as Pulumi's provider calls it.
    found = targets(pricing, "ecs", [pricing.text("name")], "")
    return scaled_by_target(pricing, "replicas", pricing.number("desiredCount", 0), found)


def _shares(pricing: Pricing) -> list[_Share]:
    strategy = _strategy(pricing, pricing.resource, "capacityProviderStrategies")
    if strategy or pricing.text("launchType"):
        return strategy or [_Share(pricing.text("launchType"), Decimal(0), Decimal(1))]
    cluster = pricing.program.referred(pricing.resource, "cluster", _CLUSTER)
    for each in pricing.program.referring(cluster, _PROVIDERS, "clusterName") if cluster else []:
        strategy = _strategy(pricing, each, "defaultCapacityProviderStrategies")
    return strategy or [_Share("EC2", Decimal(0), Decimal(1))]


def _strategy(pricing: Pricing, holder: Resource, path: str) -> list[_Share]:
    reads = replace(pricing, resource=holder)
    found: list[_Share] = []
    for i in range(len(holder.items(path))):
        at = f"{path}.{i}"
        base, weight = reads.number(f"{at}.base", 0), reads.number(f"{at}.weight", 0)
        found.append(_Share(reads.text(f"{at}.capacityProvider"), base or Decimal(0), weight or Decimal(0)))
    return found


def _definition(pricing: Pricing) -> Resource | None:
    referred = pricing.program.referred(pricing.resource, "taskDefinition", _TASK)
    family = pricing.text("taskDefinition").rpartition("/")[2].partition(":")[0]
    return referred or first(pricing.program, _TASK, family, "family")


def _fargate(pricing: Pricing, definition: Resource, running: Factor, shares: list[_Share]) -> None:
    at = replace(pricing, resource=definition)
    vcpus, memory = _vcpus(definition.get("cpu")), _gib(definition.get("memory"))
    if at.text("runtimePlatform.operatingSystemFamily", "LINUX") != "LINUX":
        pricing.unpriced("tasks", "no price of Fargate with Windows is on record")
    elif vcpus is None or memory is None:
        known = any(isinstance(definition.get(key), Missing) for key in ("cpu", "memory"))
        pricing.unpriced("tasks", f"cpu or memory of {definition.name} is {'known only after `up`' if known else 'not a size of Fargate'}")
    else:
        arm = at.text("runtimePlatform.cpuArchitecture") == "ARM64"
        for share in shares:
            if share.provider in _FARGATE:
                _tasks(pricing, at, share.provider, _taken(running, share, shares), (vcpus, memory, "arm" if arm else "x86"))
        if pricing.flag("networkConfiguration.assignPublicIp"):
            driver = "public IPv4 addresses"
            pricing.line(driver, pricing.service("vpc", "public-ipv4-in-use", driver), running, pricing.hours())


def _taken(running: Factor, share: _Share, shares: list[_Share]) -> Factor:
    if len(shares) == 1:
        return running
    based = sum((each.base for each in shares), Decimal(0))
    weights = sum((each.weight for each in shares), Decimal(0))
    part = share.weight / weights if weights else Decimal(0)
    amount = running.amount
    # Only one provider of a strategy has a base, which is filled first. Source: Amazon ECS API, CapacityProviderStrategyItem.
    levels = (min(level, share.base) + max(level - based, Decimal(0)) * part for level in (amount.low, amount.expected, amount.high))
    words = f"{running.words} on {share.provider} (base {share.base}, weight {share.weight} of {weights})"
    return Factor(words, Band(*levels), running.confidence)


def _tasks(pricing: Pricing, at: Pricing, provider: str, running: Factor, size: tuple[Decimal, Decimal, str]) -> None:
    vcpus, memory, kind = size
    spot = provider == "FARGATE_SPOT"
    named = {f"ecs-fargate vcpu-{kind}": count("vCPU each", vcpus), f"ecs-fargate memory-{kind}": count("GB each", memory)}
    storage = at.number("ephemeralStorage.sizeInGib", _STORAGE_GIB)
    if storage is None:
        pricing.unpriced("ephemeral storage", "its size is known only after `up`")
    elif storage > _STORAGE_GIB:
        named["ecs-fargate ephemeral-storage"] = count(f"GB each above the {_STORAGE_GIB} that are included", storage - _STORAGE_GIB)
    per_task(pricing, "tasks (spot)" if spot else "tasks", (running,), named, spot=spot)


def per_task(pricing: Pricing, driver: str, running: tuple[Factor, ...], sizes: Mapping[str, Factor], *, spot: bool = False) -> None:
    """A line for each `service sku` of these sizes, by the hour; as spot between the deepest saving and on demand."""
    for named, size in sizes.items():
        name, sku = named.split()
        part = f"{driver}: {re.split('-(x86|arm)', sku)[0]}"
        price = pricing.service(name, sku, part)
        pricing.line(part, spot_band(price) if spot and price else price, *running, size, pricing.hours())


def spot_band(price: Price) -> Price:
    """Fargate Spot: no price is on record, only the deepest saving that AWS promises."""
    source = Source(text=price.source.text, as_of=price.source.as_of, confidence=Confidence.LOW)
    note = f"no price of Fargate Spot is on record: between {_SPOT_MOST_SAVING:.0%} off and on demand"
    return replace(price, low=price.low * (1 - _SPOT_MOST_SAVING), source=source, note=note)


def _vcpus(value: object) -> Decimal | None:
    """`1024`, `1 vCPU`. Source: Amazon ECS Developer Guide, "Task size"."""
    told = re.fullmatch(r"(\d+(?:\.\d+)?)(\s*vcpu)?", str(value).strip().lower())
    return None if told is None else Decimal(told[1]) if told[2] else Decimal(told[1]) / 1024


def _gib(value: object) -> Decimal | None:
    """`2048` is MiB, `2 GB`."""
    told = re.fullmatch(r"(\d+(?:\.\d+)?)(\s*gb)?", str(value).strip().lower())
    return None if told is None else Decimal(told[1]) if told[2] else Decimal(told[1]) / 1024


def cluster(pricing: Pricing) -> None:
    """Free, but for Container Insights. Source: Amazon CloudWatch pricing, "Container Insights"."""
    for i in range(len(pricing.resource.items("settings"))):
        if pricing.text(f"settings.{i}.name") == "containerInsights" and pricing.text(f"settings.{i}.value") in {"enabled", "enhanced"}:
            pricing.unpriced("Container Insights", "metrics and logs of each task are billed, and nobody says how many there are")


def capacity_provider(pricing: Pricing) -> None:
    """Machines of a group are paid as such; those that ECS manages, and its fee on them, are nobody's resource."""
    if pricing.resource.get("managedInstancesProvider") is not None:
        pricing.unpriced("managed instances", "the machines that ECS starts for tasks, and its fee on them, are known only once tasks run")


PRICERS: dict[str, Pricer] = {
    _SERVICE: service,
    _CLUSTER: cluster,
    "aws:ecs/capacityProvider:CapacityProvider": capacity_provider,
}
# Task sets and daemons run inside what their services and clusters pay for.
FREE: set[str] = {
    _TASK,
    _PROVIDERS,
    "aws:ecs/accountSettingDefault:AccountSettingDefault",
    "aws:ecs/tag:Tag",
    "aws:appautoscaling/target:Target",
    "aws:appautoscaling/policy:Policy",
    "aws:appautoscaling/scheduledAction:ScheduledAction",
}
