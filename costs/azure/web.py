"""App Service plans and function apps on consumption."""

from decimal import Decimal
from typing import Final

from costs.azure.amounts import autoscaled, less_grant, mapping, product, requests
from costs.capacity import scaled
from costs.model import Factor
from costs.money import Band, number_in
from costs.pricing import Pricer, Pricing, count

SERVICE: Final = "functions"
_PLAN: Final = "azure-native:web:AppServicePlan"
_CONSUMPTION: Final = {"Y1", "FC1"}
# vCPUs and GiB. Source: Azure Functions, "Premium plan: available instance SKUs".
_ELASTIC: Final = {"EP1": (1, "3.5"), "EP2": (2, "7"), "EP3": (4, "14")}
# Free grants of a month in a subscription: executions and GB-seconds. Source: Azure Functions pricing.
_CLASSIC: Final = ("consumption-executions-after-1M-free", 1_000_000, "consumption-execution-time-after-400k-free", 400_000)
_FLEX: Final = ("flex-on-demand-executions-after-250k-free", 250_000, "flex-on-demand-execution-time-after-100k-free", 100_000)
_FLEX_MIB: Final = 2048


def _plan(pricing: Pricing) -> None:
    name, capacity = pricing.text("sku.name").upper(), pricing.number("sku.capacity", 1)
    if not name or capacity is None:
        pricing.unpriced("instances", "sku.name or sku.capacity is known only after `up`")
    elif name in _ELASTIC:
        _elastic(pricing, name, max(capacity, Decimal(1)))
    elif name not in _CONSUMPTION and name != "F1":
        linux = pricing.flag("reserved") or "linux" in pricing.text("kind").lower()
        sku = f"{'linux' if linux else 'windows'}-{name.lower()}"
        running = autoscaled(pricing, "replicas", max(capacity, Decimal(1)))
        pricing.line(f"instances ({name})", pricing.service("app-service", sku, "instances"), running, pricing.hours())


def _elastic(pricing: Pricing, name: str, low: Decimal) -> None:
    """Instances of the Premium plan, from the always ready ones up to the burst limit."""
    running = scaled(pricing, "replicas", low, low, pricing.number("maximumElasticWorkerCount"))
    vcpus, gib = _ELASTIC[name]
    cpu, memory = pricing.service(SERVICE, "premium-vcpu-hour", "vCPUs"), pricing.service(SERVICE, "premium-memory-hour", "memory")
    pricing.line(f"vCPUs ({name})", cpu, running, count("vCPUs each", vcpus), pricing.hours())
    pricing.line(f"memory ({name})", memory, running, count("GiB each", Decimal(gib)), pricing.hours())


def _app(pricing: Pricing) -> None:
    """An app is paid by its plan, unless the plan is a consumption one: then by executions and how long they take."""
    if "functionapp" not in pricing.text("kind").lower():
        if pricing.resource.get("serverFarmId") is None and not pricing.resource.references.get("serverFarmId"):
            pricing.unpriced("app", "serverFarmId is not set, so the plan that pays for it is not known")
        return
    if pricing.resource.get("managedEnvironmentId") is not None:
        pricing.unpriced("function app", "functions on Container Apps have no price list here")
        return
    plan = pricing.program.referred(pricing.resource, "serverFarmId", _PLAN)
    name = str(plan.get("sku.name") if plan else "").upper()
    flex = name == "FC1" or pricing.resource.get("functionAppConfig") is not None
    if not name and not flex:
        pricing.unpriced("executions", "the plan (serverFarmId) is not in the program: it may be a consumption plan")
    elif flex or name == "Y1":
        _executions(pricing, flex)


def _executions(pricing: Pricing, flex: bool) -> None:
    executions_sku, free_executions, time_sku, free_time = _FLEX if flex else _CLASSIC
    runs = product("executions a month", *requests(pricing))
    pricing.line(
        "executions",
        pricing.service(SERVICE, executions_sku, "executions"),
        less_grant(runs, free_executions, "executions"),
        usage_based=True,
    )
    duration = pricing.usage_or("durationMs")
    seconds = Factor("seconds each", duration.amount / 1000, duration.confidence)
    used = less_grant(product("GB-seconds a month", runs, seconds, _memory(pricing, flex)), free_time, "GB-seconds")
    pricing.line("execution time", pricing.service(SERVICE, time_sku, "execution time"), used, usage_based=True)
    _always_ready(pricing, flex)


def _memory(pricing: Pricing, flex: bool) -> Factor:
    if flex:
        mib = pricing.number("functionAppConfig.scaleAndConcurrency.instanceMemoryMB", _FLEX_MIB)
        return count("GiB each", (mib or Decimal(_FLEX_MIB)) / 1024)
    return pricing.assume("GiB of memory in use", Band.of(0.125, 0.5, 1.5), "consumption pays for what is measured, at most 1.5 GB")


def _always_ready(pricing: Pricing, flex: bool) -> None:
    ready = pricing.resource.items("functionAppConfig.scaleAndConcurrency.alwaysReady") if flex else []
    instances = sum((number_in(mapping(each).get("instanceCount")) or Decimal(0) for each in ready), Decimal(0))
    if instances:
        price = pricing.service(SERVICE, "flex-always-ready-baseline", "always ready instances")
        hours = pricing.hours()
        seconds = Factor("seconds a month", hours.amount * 3600, hours.confidence)
        pricing.line("always ready instances", price, count("instances", instances), _memory(pricing, True), seconds)


PRICERS: dict[str, Pricer] = {
    _PLAN: _plan,
    "azure-native:web:WebApp": _app,
    "azure-native:web:WebAppSlot": _app,
}
FREE: set[str] = {
    f"azure-native:web:{name}"
    for name in (
        "Certificate",
        "WebAppApplicationSettings",
        "WebAppAuthSettings",
        "WebAppAuthSettingsV2",
        "WebAppAzureStorageAccounts",
        "WebAppConnectionStrings",
        "WebAppDiagnosticLogsConfiguration",
        "WebAppFtpAllowed",
        "WebAppFunction",
        "WebAppHostNameBinding",
        "WebAppMetadata",
        "WebAppScmAllowed",
        "WebAppSiteExtension",
        "WebAppSlotConfigurationNames",
        "WebAppSourceControl",
        "WebAppSwiftVirtualNetworkConnection",
    )
}
