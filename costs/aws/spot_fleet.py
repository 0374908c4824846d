"""EC2 Fleet and Spot Fleet: a target capacity, on demand and as spot, of several types."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from costs.aws.fleet import Choice, Pick, fleet
from costs.aws.launch import Launch, extras, reader, template, type_of, why_unreadable
from costs.aws.requirements import by_requirements
from costs.pricing import Pricer, Pricing, count
from costs.resource import Resource


def ec2_fleet(pricing: Pricing) -> None:
    """An EC2 Fleet. What the target leaves open is of the default type. Source: Amazon EC2 API, TargetCapacitySpecificationRequest."""
    path = "targetCapacitySpecification"
    spot_by_default = pricing.text(f"{path}.defaultTargetCapacityType") == "spot"
    total, fixed = f"{path}.totalTargetCapacity", f"{path}.{'onDemand' if spot_by_default else 'spot'}TargetCapacity"
    _fleet(pricing, total, fixed, fixed_is_spot=not spot_by_default)


def spot_fleet(pricing: Pricing) -> None:
    """A Spot Fleet: all of it spot but for its on-demand target."""
    _fleet(pricing, "targetCapacity", "onDemandTargetCapacity", fixed_is_spot=False)


def _fleet(pricing: Pricing, total_path: str, fixed_path: str, *, fixed_is_spot: bool) -> None:
    why = why_unreadable(pricing, total_path) or why_unreadable(pricing, fixed_path)
    total, fixed = pricing.number(total_path), pricing.number(fixed_path, 0)
    if why or total is None or fixed is None:
        pricing.unpriced("instances", why or f"{total_path} is left out")
        return
    found = _launches(pricing)
    choices = [choice for _, listed in found for choice in listed]
    fixed = min(fixed, total)
    for spot, capacity in ((fixed_is_spot, fixed), (not fixed_is_spot, total - fixed)):
        if capacity and choices:
            running = count(f"units of capacity {'as spot' if spot else 'on demand'}", capacity)
            fleet(pricing, "instances", choices, running, spot=spot, pick=Pick.CHEAPEST)
    if found and choices:
        machines = count("machines", (total / choices[0].weight).to_integral_value("ROUND_CEILING"))
        extras(pricing, found[0][0], machines, pricing.hours())


def _launches(pricing: Pricing) -> list[tuple[Launch, list[Choice]]]:
    found: list[tuple[Launch, list[Choice]]] = []
    for i in range(len(pricing.resource.items("launchTemplateConfigs"))):
        path = f"launchTemplateConfigs.{i}"
        launch = template(pricing, f"{path}.launchTemplateSpecification")
        found.append((launch or Launch(pricing, template=True), _overrides(pricing, launch, path)))
    for i in range(len(pricing.resource.items("launchSpecifications"))):
        path = f"launchSpecifications.{i}"
        kind = type_of(pricing, pricing, "instances", f"{path}.instanceType")
        weight = pricing.number(f"{path}.weightedCapacity", 1) or Decimal(1)
        found.append((Launch(reader(pricing, _inner(pricing.resource, path)), template=False), [Choice(kind, weight)] if kind else []))
    if not found:
        pricing.unpriced("instances", "what it launches is known only after `up`")
    return found


def _inner(resource: Resource, path: str) -> Resource:
    """A launch specification as if it were a resource: its properties are those of an instance."""
    settings = resource.get(path)
    return replace(resource, properties=cast(Mapping[str, Any], settings) if isinstance(settings, Mapping) else {})


def _overrides(pricing: Pricing, launch: Launch | None, path: str) -> list[Choice]:
    listed: list[Choice] = []
    for j in range(len(pricing.resource.items(f"{path}.overrides"))):
        override = f"{path}.overrides.{j}"
        if pricing.resource.get(f"{override}.instanceRequirements") is not None:
            unit = pricing.text("targetCapacitySpecification.targetCapacityUnitType", pricing.text("targetCapacityUnitType"))
            listed += by_requirements(pricing, pricing, f"{override}.instanceRequirements", "instances", unit)
            continue
        at, key = (pricing, f"{override}.instanceType")
        if at.resource.get(key) is None and launch:
            at, key = launch.at, "instanceType"
        kind = type_of(pricing, at, "instances", key)
        listed += [Choice(kind, pricing.number(f"{override}.weightedCapacity", 1) or Decimal(1))] if kind else []
    if listed or pricing.resource.items(f"{path}.overrides"):
        return listed
    if launch is None:
        pricing.unpriced("instances", "the launch template is not in this program")
        return []
    kind = type_of(pricing, launch.at, "instances")
    return [Choice(kind)] if kind else []


PRICERS: dict[str, Pricer] = {
    "aws:ec2/fleet:Fleet": ec2_fleet,
    "aws:ec2/spotFleetRequest:SpotFleetRequest": spot_fleet,
}
