"""Azure Container Apps: apps and jobs by the second."""

from dataclasses import replace
from decimal import Decimal

from catalogue.model import Price
from costs.azure.amounts import less_grant, product, requests
from costs.azure.egress import egress
from costs.azure.workload_profile import SERVICE, workload_profile
from costs.capacity import scaled
from costs.model import Factor
from costs.money import Band, number_in
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing

# A subscription's free grant of a month. Source: Azure Container Apps, "Billing: consumption plan".
_FREE_VCPU_SECONDS, _FREE_GIB_SECONDS, _FREE_REQUESTS = 180_000, 360_000, 2_000_000
# Left out: 0 to 10 replicas. Source: Azure Container Apps, "Set scaling rules".
_MIN_REPLICAS, _MAX_REPLICAS = 0, 10
# What a container has where nothing is set. Source: Azure Container Apps, "Containers: allocations".
_VCPU, _GIB = Decimal("0.5"), Decimal(1)


def _app(pricing: Pricing) -> None:
    profile, size = workload_profile(pricing), _size(pricing)
    if profile is None:
        return
    low, high = (
        pricing.number("template.scale.minReplicas", _MIN_REPLICAS),
        pricing.number("template.scale.maxReplicas", _MAX_REPLICAS),
    )
    if size is None or low is None or high is None:
        pricing.unpriced("replicas", "template (containers or scale) is known only after `up`")
        return
    running = scaled(pricing, "replicas", low, min(max(low, Decimal(1)), high), high)
    _replicas(pricing, profile, size, low, running)
    asked = less_grant(product("requests a month", *requests(pricing)), _FREE_REQUESTS, "requests")
    pricing.line("requests", pricing.service(SERVICE, "requests", "requests"), asked, usage_based=True)
    if pricing.usage("egressGibPerMonth") or pricing.flag("configuration.ingress.external"):
        egress(pricing)


def _size(pricing: Pricing) -> tuple[Decimal, Decimal] | None:
    """vCPUs and GiB of one replica: the sum over its containers."""
    if isinstance(pricing.resource.get("template"), Missing) or isinstance(pricing.resource.get("template.containers"), Missing):
        return None
    vcpus, gib = Decimal(0), Decimal(0)
    for at in range(max(len(pricing.resource.items("template.containers")), 1)):
        path = f"template.containers.{at}.resources."
        cpu, memory = pricing.resource.get(f"{path}cpu"), pricing.resource.get(f"{path}memory")
        one = _VCPU if cpu is None else number_in(cpu)
        two = _GIB if memory is None else number_in(memory.removesuffix("Gi") if isinstance(memory, str) else memory)
        if one is None or two is None:
            return None
        vcpus, gib = vcpus + one, gib + two
    return vcpus, gib


def _replicas(pricing: Pricing, profile: str, size: tuple[Decimal, Decimal], low: Decimal, running: Factor) -> None:
    seconds = _seconds(pricing)
    gpu = profile.removeprefix("consumption-gpu-") if profile.startswith("consumption-gpu-") else ""
    idle = Decimal(0) if gpu else low
    above = replace(running, amount=(running.amount - Band.exactly(idle)).clamped(0), words=f"{running.words} above {idle} idle ones")
    parts = (("vcpu", "vCPU", size[0], _FREE_VCPU_SECONDS), ("memory", "GiB", size[1], _FREE_GIB_SECONDS))
    for sku, unit, each, grant in parts:
        active = pricing.service(SERVICE, f"{sku}-active", f"{sku} of running replicas")
        used = product(f"{unit}-seconds of {above.words}, {each} {unit} each", above, count(unit, each), seconds)
        if above.amount.high:
            pricing.line(f"{sku} of running replicas", active, less_grant(used, grant, f"{unit}-seconds"), usage_based=True)
        if idle:
            _minimum(pricing, sku, count(f"{unit} each", each), idle, active, seconds)
    if gpu:
        price = pricing.service(SERVICE, f"gpu-{_gpu_name(gpu)}", "GPUs of running replicas")
        pricing.line(f"GPUs of running replicas ({gpu})", price, running, seconds)


def _gpu_name(profile: str) -> str:
    """`nc24-a100` as it is; the profile of a T4 is called nc8as-t4."""
    return profile.replace("_", "-")


def _seconds(pricing: Pricing) -> Factor:
    hours = pricing.hours()
    return Factor("seconds a month", hours.amount * 3600, hours.confidence)


def _minimum(pricing: Pricing, sku: str, each: Factor, low: Decimal, active: Price | None, seconds: Factor) -> None:
    """Replicas of the minimum are paid at the idle rate, and at the active one while they work. Source: Azure Container Apps, "Billing"."""
    driver = f"{sku} of the minimum of replicas"
    idle = pricing.service(SERVICE, f"{sku}-idle", driver)
    if idle is None:
        return
    pricing.line(driver, idle, count("replicas at least", low), each, seconds)
    if active is None or active.usd <= idle.usd:
        return
    dearer = replace(active, usd=active.usd - idle.usd, low=max(active.low - idle.low, Decimal(0)), high=active.high - idle.high)
    pricing.line(f"{sku} of the minimum at work", dearer, _busy(pricing, low), each, seconds, usage_based=True)


def _busy(pricing: Pricing, most: Decimal) -> Factor:
    """How many replicas work on average: requests/s × seconds each ÷ how many at a time."""
    rate, duration, at_once = (pricing.usage_or(name) for name in ("requestsPerSecond", "durationMs", "concurrency"))
    spread = Band(*(1 / max(level, Decimal(1)) for level in (at_once.amount.high, at_once.amount.expected, at_once.amount.low)))
    busy = (rate.amount * duration.amount * spread / 1000).clamped(0, most)
    return Factor("replicas of the minimum at work", busy, min(rate.confidence, duration.confidence, at_once.confidence))


def _job(pricing: Pricing) -> None:
    """Executions × how long each takes, at the active rate. Source: Azure Container Apps, "Billing: jobs"."""
    profile, size = workload_profile(pricing), _size(pricing)
    if profile is None:
        return
    trigger = pricing.text("configuration.triggerType", "Manual").lower()
    parallel = pricing.number(f"configuration.{trigger}TriggerConfig.parallelism", 1)
    if size is None or parallel is None:
        pricing.unpriced("executions", "template or configuration is known only after `up`")
        return
    runs, duration = (
        pricing.usage_or("requestsPerMonth", Band.of(1, 30, 1000)),
        pricing.usage_or("durationMs", Band.of(60_000, 600_000, 3_600_000)),
    )
    seconds = Factor("seconds each", duration.amount / 1000, duration.confidence)
    for sku, unit, each in (("vcpu", "vCPU", size[0]), ("memory", "GiB", size[1])):
        price = pricing.service(SERVICE, f"{sku}-active", f"{sku} of executions")
        factors = (runs, count("replicas at a time", parallel), count(unit, each), seconds)
        pricing.line(f"{sku} of executions", price, *factors, usage_based=True)
    if profile.startswith("consumption-gpu-"):
        price = pricing.service(SERVICE, f"gpu-{_gpu_name(profile.removeprefix('consumption-gpu-'))}", "GPUs of executions")
        pricing.line("GPUs of executions", price, runs, count("replicas at a time", parallel), seconds, usage_based=True)


PRICERS: dict[str, Pricer] = {
    "azure-native:app:ContainerApp": _app,
    "azure-native:app:Job": _job,
}
FREE: set[str] = {
    f"azure-native:app:{name}"
    for name in (
        "Certificate",
        "ConnectedEnvironment",
        "ContainerAppsAuthConfig",
        "ContainerAppsSourceControl",
        "DaprComponent",
        "DaprSubscription",
        "HttpRouteConfig",
        "MaintenanceConfiguration",
        "ManagedCertificate",
        "ManagedEnvironmentsStorage",
    )
}
