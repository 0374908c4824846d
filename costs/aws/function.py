"""Functions: what Lambda runs, stores and holds ready."""

from decimal import Decimal
from typing import Final

from costs.aws.parts import egress, no_free_tier, number_of, requests, tiered, unlisted
from costs.model import Factor
from costs.pricing import Pricer, Pricing, count
from costs.resource import Resource

# Upper edges in GB-seconds a month. Source: AWS Lambda pricing, "Duration".
_DURATION: Final = {
    "x86_64": (
        (6_000_000_000, "duration-x86-tier1"),
        (15_000_000_000, "duration-x86-tier2-next-9B"),
        (None, "duration-x86-tier3-over-15B"),
    ),
    "arm64": (
        (7_500_000_000, "duration-arm64-tier1"),
        (18_750_000_000, "duration-arm64-tier2-next-11.25B"),
        (None, "duration-arm64-tier3-over-18.75B"),
    ),
}
_SHORT: Final = {"x86_64": "x86", "arm64": "arm64"}
# What AWS takes where they are left out. Source: AWS Lambda API reference, "CreateFunction".
_MEMORY_MB: Final = 128
_TIMEOUT_S: Final = 3
_URL: Final = "aws:lambda/functionUrl:FunctionUrl"
_EPHEMERAL_MB: Final = 512


def _function(pricing: Pricing) -> None:
    """Requests and GB-seconds. Source: AWS Lambda pricing."""
    asked = requests(pricing)
    no_free_tier(pricing, "1 million requests and 400,000 GB-seconds a month")
    pricing.line("requests", pricing.service("lambda", "requests", "requests"), *asked, usage_based=True)
    memory, duration = _memory_gb(pricing.resource, pricing), _duration(pricing)
    kind = architecture(pricing)
    if kind is None or memory is None:
        pricing.unpriced("duration", "memorySize or architectures is known only after `up`")
        return
    driver = f"duration ({kind})"
    pricing.line(driver, tiered(pricing, "lambda", _DURATION[kind], driver), *asked, duration, memory, usage_based=True)
    _ephemeral(pricing, asked, duration)
    sent = pricing.usage("egressGibPerMonth")
    if sent or pricing.program.referring(pricing.resource, _URL):
        egress(pricing, sent or pricing.usage_or("egressGibPerMonth", reason="the function answers the internet, and nobody says how much"))
    pricing.note("logs", "none", "the function makes a log group of its own; declare it to have what it takes in priced")
    if pricing.text("snapStart.applyOn") == "PublishedVersions":
        pricing.unpriced("SnapStart cache and restores", "billed for Python and .NET; its price list is not on record")


def architecture(pricing: Pricing) -> str | None:
    """x86_64 where it is left out, None where it cannot be read."""
    if pricing.unreadable("architectures") or pricing.unreadable("architectures.0"):
        return None
    told = pricing.text("architectures.0", "x86_64")
    return told if told in _DURATION else None


def _memory_gb(function: Resource, pricing: Pricing) -> Factor | None:
    if function.get("memorySize") is None:
        return count(f"GB of memory (AWS's default of {_MEMORY_MB} MB)", Decimal(_MEMORY_MB) / 1024)
    size = number_of(pricing, function, "memorySize")
    return None if size is None else count("GB of memory", size / 1024)


def _duration(pricing: Pricing) -> Factor:
    told, limit = pricing.usage_or("durationMs"), pricing.number("timeout", _TIMEOUT_S)
    # No invocation outlasts the function's timeout.
    most = None if limit is None else limit * 1000
    return Factor("seconds each", told.amount.clamped(0, most) / 1000, told.confidence)


def _ephemeral(pricing: Pricing, asked: tuple[Factor, ...], duration: Factor) -> None:
    size = pricing.number("ephemeralStorage.size", _EPHEMERAL_MB)
    if size is None:
        pricing.unpriced("ephemeral storage", "its size is known only after `up`")
    elif size > _EPHEMERAL_MB:
        driver = "ephemeral storage"
        over = count(f"GB over the {_EPHEMERAL_MB} MB included", (size - _EPHEMERAL_MB) / 1024)
        price = pricing.service("lambda", "ephemeral-storage-over-512MB", driver)
        pricing.line(driver, price, *asked, duration, over, usage_based=True)


def _provisioned(pricing: Pricing) -> None:
    """Concurrency held ready, by the GB-second, used or not. Source: AWS Lambda pricing, "Provisioned Concurrency"."""
    driver, function, much = "provisioned concurrency", _function_of(pricing), pricing.number("provisionedConcurrentExecutions")
    memory = _memory_gb(function, pricing) if function else None
    kind = str(function.get("architectures.0") or "x86_64") if function else ""
    if much is None or memory is None or kind not in _SHORT:
        pricing.unpriced(driver, "the function, its memory or how much is provisioned is known only after `up`")
        return
    price = pricing.service("lambda", f"provisioned-concurrency-{_SHORT[kind]}", driver)
    hours = pricing.hours()
    seconds = Factor("seconds a month", hours.amount * 3600, hours.confidence)
    pricing.line(driver, price, count("provisioned", much), memory, seconds)
    pricing.note(
        "duration",
        "the on-demand price",
        "what runs on provisioned concurrency costs less a second; how much of the traffic does is not known",
    )


def _function_of(pricing: Pricing) -> Resource | None:
    kind, name = "aws:lambda/function:Function", pricing.resource.get("functionName")
    named = (each for each in pricing.program.of_type(kind) if isinstance(name, str) and each.get("name") == name)
    return pricing.program.referred(pricing.resource, "functionName", kind) or next(named, None)


def _event_source(pricing: Pricing) -> None:
    if pricing.resource.get("provisionedPollerConfig"):
        pricing.unpriced("event pollers", "their price list is not on record")


PRICERS: dict[str, Pricer] = {
    "aws:lambda/function:Function": _function,
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": _provisioned,
    "aws:lambda/eventSourceMapping:EventSourceMapping": _event_source,
    "aws:lambda/capacityProvider:CapacityProvider": unlisted("machines of managed instances and their fee"),
}
FREE: set[str] = {
    *(
        f"aws:lambda/{name[0].lower()}{name[1:]}:{name}"
        for name in (
            "Alias",
            "CodeSigningConfig",
            "FunctionEventInvokeConfig",
            "FunctionRecursionConfig",
            "FunctionUrl",
            "Invocation",
            "LayerVersion",
            "LayerVersionPermission",
            "Permission",
            "ResourcePolicy",
            "RuntimeManagementConfig",
        )
    ),
}
