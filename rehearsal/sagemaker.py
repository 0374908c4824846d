"""What SageMaker says to a change of an endpoint, and Application Auto Scaling to a registration of one of its variants."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Final

from rehearsal.errors import CloudError, invalid
from rehearsal.scenario import Scenario
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Values, as_map, as_text, lookup, plain, plain_values

ENDPOINT: Final = "aws:sagemaker/endpoint:Endpoint"
CONFIGURATION: Final = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_TARGET: Final = "aws:appautoscaling/target:Target"
_VARIANT: Final = re.compile(r"^endpoint/(?P<endpoint>[^/]+)/variant/(?P<variant>[^/]+)$")


def check_registration(cloud: SimulatedCloud, token: str, inputs: Values) -> None:
    """Raises CloudError (INVALID_ARGUMENT) for a scalable target that names a variant which no endpoint has.

    Source: Application Auto Scaling API, RegisterScalableTarget: the resource must exist.
    """
    if token != _TARGET or as_text(inputs.get("serviceNamespace")) != "sagemaker":
        return
    named = as_text(inputs.get("resourceId")) or ""
    match = _VARIANT.match(named)
    endpoints = cloud.identified([ENDPOINT], match["endpoint"]) if match else []
    if not match or not any(match["variant"] in variants_of(cloud, endpoint.inputs) for endpoint in endpoints):
        raise invalid(
            f"ValidationException: {named!r} is no variant of an endpoint: {token}; register it after the endpoint has the variant"
        )


def after_update(cloud: SimulatedCloud, scenario: Scenario, found: Resource, inputs: Values) -> Values:
    """Give what an endpoint has after an update: what was asked for, or its old configuration where an alarm rolled the update back.

    The provider waits until the endpoint is in service again, which it is in both cases, and reports success. Of other types nothing
    changes. Raises CloudError where SageMaker refuses the update.
    """
    if found.type != ENDPOINT or found.inputs.get("endpointConfigName") == plain(inputs.get("endpointConfigName")):
        return inputs
    asked = plain_values(inputs)
    before, after = variants_of(cloud, found.inputs), variants_of(cloud, asked)
    _check_registered(cloud, found, before, after)
    if as_map(asked.get("deploymentConfig")):
        _check_guardrails(found, before, after)
    if _rolls_back(scenario, asked):
        return {**inputs, "endpointConfigName": found.inputs.get("endpointConfigName")}
    return inputs


def recorded(token: str, inputs: Values, outputs: Values) -> Values:
    """Give what a new program is compared with: of an endpoint, the configuration that it was last seen with, not the one asked for."""
    if token != ENDPOINT or "endpointConfigName" not in outputs:
        return inputs
    return {**inputs, "endpointConfigName": outputs["endpointConfigName"]}


def variants_of(cloud: SimulatedCloud, inputs: Values, *, shadows: bool = False) -> dict[str, Values]:
    """Give the production variants of an endpoint with these inputs by name, and its shadows if they are asked for too."""
    found = cloud.identified([CONFIGURATION], as_text(inputs.get("endpointConfigName")) or "")
    kinds = ("productionVariants", "shadowProductionVariants") if shadows else ("productionVariants",)
    lists = [found[0].inputs.get(kind) for kind in kinds] if found else []
    maps = [as_map(each) for variants in lists if isinstance(variants, list) for each in variants]
    return {as_text(each.get("variantName")) or "": each for each in maps}


def _check_registered(cloud: SimulatedCloud, found: Resource, before: dict[str, Values], after: dict[str, Values]) -> None:
    """Source: Amazon SageMaker Developer Guide, "Update endpoints that use auto scaling": these changes need a deregistration first."""
    prefix = f"endpoint/{found.id}/variant/"
    named = [as_text(target.inputs.get("resourceId")) or "" for target in cloud.of_types([_TARGET]) if target.place == found.place]
    for variant in sorted(name.removeprefix(prefix) for name in named if name.startswith(prefix)):
        if variant not in before:
            continue
        if variant not in after:
            raise _refused(found, f"variant {variant!r} is a scalable target and would be removed; deregister it first")
        if before[variant].get("instanceType") != after[variant].get("instanceType"):
            raise _refused(found, f"variant {variant!r} is a scalable target and its instance type would change; deregister it first")


def _check_guardrails(found: Resource, before: dict[str, Values], after: dict[str, Values]) -> None:
    """Source: Amazon SageMaker Developer Guide, "Deployment guardrails", exclusions: the same variants before and after."""
    if set(before) != set(after):
        told = f"from {', '.join(sorted(before))} to {', '.join(sorted(after))}"
        raise _refused(found, f"a deployment configuration needs the same variants before and after, and they change {told}; leave it out")


def _rolls_back(scenario: Scenario, inputs: Values) -> bool:
    alarms = lookup(inputs, ("deploymentConfig", "autoRollbackConfiguration", "alarms"))
    names = [as_text(as_map(each).get("alarmName")) or "" for each in alarms] if isinstance(alarms, list) else []
    return any(fnmatchcase(name, pattern) for name in names for pattern in scenario.firing_alarms)


def _refused(found: Resource, reason: str) -> CloudError:
    return invalid(f"ValidationException: {ENDPOINT} {found.id!r} cannot be updated: {reason}")
