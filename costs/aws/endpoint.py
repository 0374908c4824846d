"""SageMaker endpoints: their variants (canary and shadow too) by the instance-hour, or serverless by use."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from costs.aws import feature_group, hosted_model, job, notebook, serverless_endpoint
from costs.aws.endpoint_traffic import captured, processed, sharing, updates
from costs.aws.launch import reader, why_unreadable
from costs.aws.lookup import first
from costs.aws.ml_instance import ml_machines
from costs.aws.scaling_target import scaled_by_target, targets
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Resource
from costs.schedule import Limits, scaled_over_time

_CONFIGURATION: Final = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
# Families with disks of their own, which need no EBS volume. Source: Amazon SageMaker Developer Guide, "Host instance storage volumes".
_OWN_DISKS: Final = re.compile(r"^ml\.(g4dn|g5|g6|g6e|g7e|p4d|p4de|p5|p5e|p5en|trn1|trn1n|trn2|[cmrx]\d+[a-z]*d)\.")
_VOLUME_GIB: Final = 30


@dataclass(frozen=True, slots=True)
class _Variant:
    """One variant. path: where it stands in the configuration; share: of the endpoint's traffic that reaches it."""

    name: str
    path: str
    share: Decimal
    shadow: bool

    @property
    def driver(self) -> str:
        return f"{'shadow ' if self.shadow else ''}variant {self.name}"


def endpoint(pricing: Pricing) -> None:
    """An endpoint: each variant of its configuration, with its part of the traffic; a shadow variant costs as one that answers does."""
    at = _configuration(pricing)
    if at is None:
        pricing.unpriced("instances", "the endpoint configuration is not in this program")
        return
    if at.unreadable("productionVariants") or at.unreadable("shadowProductionVariants"):
        pricing.unpriced("instances", "the variants are known only after `up`")
        return
    found = _variants(at)
    for variant in found:
        _variant(pricing, at, variant)
    serverless = [_settings(at, variant, "serverlessConfig") is not None for variant in found]
    if not all(serverless):
        processed(pricing)
        updates(pricing)
    captured(pricing, at)


def _configuration(pricing: Pricing) -> Pricing | None:
    referred = pricing.program.referred(pricing.resource, "endpointConfigName", _CONFIGURATION)
    found = referred or first(pricing.program, _CONFIGURATION, pricing.text("endpointConfigName"))
    return reader(pricing, found) if found else None


def _variants(at: Pricing) -> list[_Variant]:
    """Weights say which part of the traffic a variant gets, and of a shadow variant which part is copied to it.

    Source: Amazon SageMaker API, ProductionVariant (InitialVariantWeight) and "Shadow variants".
    """
    answering, shadow = "productionVariants", "shadowProductionVariants"
    weights = _weights(at, answering)
    whole = sum(weights, Decimal(0)) or Decimal(1)
    found = [_named(at, answering, i, weight / whole) for i, weight in enumerate(weights)]
    return [*found, *(_named(at, shadow, i, min(weight / whole, Decimal(1))) for i, weight in enumerate(_weights(at, shadow)))]


def _named(at: Pricing, listed: str, i: int, share: Decimal) -> _Variant:
    path = f"{listed}.{i}"
    return _Variant(at.text(f"{path}.variantName", str(i + 1)), path, share, listed.startswith("shadow"))


def _weights(at: Pricing, listed: str) -> list[Decimal]:
    weights = [at.number(f"{listed}.{i}.initialVariantWeight", 1) for i in range(len(at.resource.items(listed)))]
    return [Decimal(1) if weight is None else weight for weight in weights]


def _settings(at: Pricing, variant: _Variant, key: str) -> Any:
    return at.resource.get(f"{variant.path}.{key}")


def _variant(pricing: Pricing, at: Pricing, variant: _Variant) -> None:
    own = sharing(pricing, variant.share)
    if _settings(at, variant, "serverlessConfig") is not None:
        serverless_endpoint.variant(own, at, f"{variant.path}.serverlessConfig", variant.driver)
        return
    if _settings(at, variant, "capacityReservationConfig") is not None:
        reason = "it runs in reserved capacity, whose price is that of its training plan: known when it is bought"
        pricing.unpriced(variant.driver, reason)
        return
    running = _running(own, at, variant)
    if running is None:
        return
    instance_type = _settings(at, variant, "instanceType")
    ml_machines(pricing, variant.driver, instance_type, running, pricing.hours())
    if _settings(at, variant, "acceleratorType") is not None:
        pricing.unpriced(f"accelerator of {variant.driver}", "no price of elastic inference is on record")
    _volume(pricing, at, variant, running, instance_type)


def _running(pricing: Pricing, at: Pricing, variant: _Variant) -> Factor | None:
    scaling = f"{variant.path}.managedInstanceScaling"
    paths = [f"{variant.path}.initialInstanceCount", f"{scaling}.minInstanceCount", f"{scaling}.maxInstanceCount"]
    unreadable = [why for path in paths if (why := why_unreadable(at, path))]
    if unreadable:
        pricing.unpriced(variant.driver, unreadable[0])
        return None
    initial = at.number(paths[0])
    if at.resource.get(scaling) is not None and at.text(f"{scaling}.status", "ENABLED") == "ENABLED":
        return scaled_over_time(pricing, "replicas", Limits(at.number(paths[1]), initial, at.number(paths[2])), ())
    found = [] if variant.shadow else targets(pricing, "sagemaker", [pricing.text("name")], f"/variant/{variant.name}")
    if not found and initial is None:
        initial = Decimal(1)
    return scaled_by_target(pricing, "replicas", initial, [each for each in found if _of_variants(each)])


def _of_variants(target: Resource) -> bool:
    # Copies of inference components are scaled too, inside the instances.
    return target.get("scalableDimension") in {None, "sagemaker:variant:DesiredInstanceCount"}


def _volume(pricing: Pricing, at: Pricing, variant: _Variant, running: Factor, instance_type: object) -> None:
    driver = f"volumes of {variant.driver}"
    given = at.number(f"{variant.path}.volumeSizeInGb")
    if given is None:
        if isinstance(instance_type, str) and _OWN_DISKS.match(instance_type):
            return
        given = Decimal(_VOLUME_GIB)
        size = pricing.assume("GB of an instance's volume", Band.of(0, _VOLUME_GIB, _VOLUME_GIB), "volumeSizeInGb is left out")
    else:
        size = count("GB each", given)
    pricing.line(driver, pricing.service("sagemaker", "endpoint-storage", driver), running, size)


PRICERS: dict[str, Pricer] = {
    "aws:sagemaker/endpoint:Endpoint": endpoint,
    **notebook.PRICERS,
    **job.PRICERS,
    **feature_group.PRICERS,
    **hosted_model.PRICERS,
}
# What an endpoint is made of is priced with it; what only names or describes something costs nothing.
FREE: set[str] = {
    _CONFIGURATION,
    *(
        f"aws:sagemaker/{name[0].lower()}{name[1:]}:{name}"
        for name in (
            "Model",
            "ModelPackageGroup",
            "ModelPackageGroupPolicy",
            "ModelCard",
            "ModelCardExportJob",
            "Image",
            "ImageVersion",
            "CodeRepository",
            "Algorithm",
            "Project",
            "Hub",
            "HubContentReference",
            "Device",
            "DeviceFleet",
            "HumanTaskUI",
            "Workforce",
            "Workteam",
            "ServicecatalogPortfolioStatus",
        )
    ),
    *notebook.FREE,
    *job.FREE,
    *hosted_model.FREE,
}
