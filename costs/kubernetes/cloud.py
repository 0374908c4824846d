"""What Kubernetes makes in the cloud (a disk, a load balancer) costs what the cloud takes for it: it is priced by the cloud's own rules."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from costs.model import Factor
from costs.pricing import Found, Pricing
from costs.registry import pricers
from costs.resource import Resource
from costs.usage import Usage


def priced_as(pricing: Pricing, kind: str, properties: Mapping[str, Any], driver: str, *times: Factor) -> None:
    """The lines of a resource of this type and these properties, as this resource's own. times: how many of it there are.

    What depends on use is told of all of them together, and is not multiplied.
    """
    module = pricers(kind.partition(":")[0])
    pricer = module.PRICERS.get(kind) if module else None
    if pricer is None:
        pricing.unpriced(driver, f"{kind} has no price here")
        return
    stand_in = replace(pricing.resource, type=kind, properties=properties, references={})
    found = Found()
    pricer(replace(pricing, resource=stand_in, found=found, told=_told(pricing.told, pricing.resource)))
    for line in found.lines:
        factors = line.factors if line.usage_based else (*times, *line.factors)
        pricing.line(_named(driver, line.driver), line.tariff, *factors, usage_based=line.usage_based, machine=line.machine)
    for each in found.unpriced:
        pricing.unpriced(_named(driver, each.driver), each.reason)
    # What a price's note says is listed again with the line under its new name.
    pricing.found.assumptions.extend(each for each in found.assumptions if not each.quantity.startswith("price of "))


def _named(driver: str, inner: str) -> str:
    return inner if inner.startswith(driver) else f"{driver}: {inner}"


def _told(usage: Usage, resource: Resource) -> Usage:
    """What a usage file says of the Kubernetes resource, which it may name by a type that the stand-in does not have."""
    merged: dict[str, Any] = {}
    for _, entry in reversed(usage.matching(resource)):
        merged.update(entry)
    return Usage({resource.urn: merged} if merged else {}, usage.name)
