"""Azure Machine Learning's managed online endpoints: who may have which share of the traffic, and template deployments that say so.

Sources: Microsoft Learn, "Perform safe rollout of new deployments for real-time inference" (what traffic may be, what cannot be deleted)
and "Online endpoint YAML reference" (names); Azure Resource Manager, "Deployment modes" and PUT, which replaces what a body leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from grpc import StatusCode

from rehearsal.errors import CloudError, already_exists, invalid
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup, plain_values

ENDPOINT: Final = "azure-native:machinelearningservices:OnlineEndpoint"
DEPLOYMENT: Final = "azure-native:machinelearningservices:OnlineDeployment"
TEMPLATE: Final = "azure-native:resources:Deployment"
_ENDPOINT_TYPE: Final = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
_MOST_MIRRORED_PERCENT: Final = 50
_SHARES: Final = ("traffic", "mirrorTraffic")
# What a template says of an endpoint beside its properties, and what a body that leaves it out takes away.
_SETTINGS: Final = ("identity", "tags")


@dataclass(frozen=True)
class _Put:
    """An endpoint that is there, and the body that a template puts in its place."""

    endpoint: Resource
    body: Values


def check_traffic(cloud: SimulatedCloud, token: str, identifier: str, inputs: Values) -> None:
    """Raises CloudError where Azure refuses an endpoint's traffic, its own or a template's, or its name in the region."""
    if token == ENDPOINT:
        _check_name(cloud, identifier, inputs)
        _check_shares(cloud, identifier, as_map(inputs.get("properties")))
    if token == TEMPLATE:
        for put in _puts(cloud, identifier, inputs):
            _check_shares(cloud, put.endpoint.id, as_map(put.body.get("properties")))


def apply_template(cloud: SimulatedCloud, token: str, identifier: str, inputs: Values) -> None:
    """Do what a template deployment says of endpoints that are there; of other types it is only recorded."""
    if token != TEMPLATE:
        return
    for put in _puts(cloud, identifier, plain_values(inputs)):
        cloud.update(replace(put.endpoint, inputs=_put(put.endpoint.inputs, put.body), outputs=_put(put.endpoint.outputs, put.body)))


def check_without_traffic(cloud: SimulatedCloud, resource: Resource) -> None:
    """Raises CloudError for a deployment that is to be deleted while its endpoint sends it requests of callers."""
    if resource.type != DEPLOYMENT:
        return
    endpoint = cloud.get(ENDPOINT, resource.id.rpartition("/deployments/")[0])
    share = _percent(lookup(endpoint.outputs, ("properties", "traffic", resource.name))) if endpoint else 0
    if share:
        message = f"Cannot delete deployment with live traffic allocated to it: {DEPLOYMENT} {resource.name!r} has {share:g} %"
        raise CloudError(StatusCode.FAILED_PRECONDITION, f"BadRequest: {message}; give its traffic to another deployment first")


def _check_name(cloud: SimulatedCloud, identifier: str, inputs: Values) -> None:
    name = identifier.rsplit("/", 1)[-1].lower()
    for other in cloud.of_types([ENDPOINT]):
        taken = other.name.lower() == name and other.id.lower() != identifier.lower()
        if taken and _place(other.inputs.get("location")) == _place(inputs.get("location")):
            raise already_exists(ENDPOINT, other.name, other.urn)


def _place(location: Value) -> str:
    return (as_text(location) or "").replace(" ", "").lower()


def _check_shares(cloud: SimulatedCloud, endpoint: str, properties: Values) -> None:
    there = {each.name for each in cloud.beneath(endpoint) if each.type == DEPLOYMENT}
    live, mirrored = (as_map(properties.get(name)) for name in _SHARES)
    for name, shares in zip(_SHARES, (live, mirrored), strict=True):
        _check_named(name, shares, there)
    total = sum(_percent(share) for share in live.values())
    if total not in (0, 100):
        raise invalid(f"BadRequest: properties.traffic: The sum of traffic must be 0 or 100, but it is {total:g}; mend the shares")
    _check_mirror(live, mirrored)


def _check_named(property_: str, shares: Values, there: set[str]) -> None:
    for name, share in shares.items():
        if name not in there:
            listed = ", ".join(sorted(there)) or "none"
            mend = "create the deployment first, then set its traffic"
            raise invalid(f"BadRequest: properties.{property_}: Deployment {name!r} was not found; there are: {listed}; {mend}")
        if not 0 <= _percent(share) <= 100:
            raise invalid(f"BadRequest: properties.{property_}.{name}: must be from 0 to 100, but it is {_percent(share):g}")


def _check_mirror(live: Values, mirrored: Values) -> None:
    given = {name: _percent(share) for name, share in mirrored.items() if _percent(share)}
    if len(given) > 1:
        raise invalid(f"BadRequest: properties.mirrorTraffic: only one deployment can be mirrored to, not {', '.join(sorted(given))}")
    for name, share in given.items():
        if share > _MOST_MIRRORED_PERCENT:
            most = f"at most {_MOST_MIRRORED_PERCENT} percent of the traffic can be mirrored"
            raise invalid(f"BadRequest: properties.mirrorTraffic.{name}: {most}, not {share:g}; lower it")
        if _percent(live.get(name)):
            raise invalid(
                f"BadRequest: properties.mirrorTraffic.{name}: a deployment gets live or mirrored traffic, not both; take one away"
            )


def _percent(share: Value) -> float:
    return float(share) if isinstance(share, int | float) and not isinstance(share, bool) else 0


def _puts(cloud: SimulatedCloud, identifier: str, inputs: Values) -> Iterator[_Put]:
    """Give the endpoints of a template; names that are expressions are not worked out."""
    group = identifier.partition("/providers/")[0]
    resources = lookup(inputs, ("properties", "template", "resources"))
    for body in map(as_map, resources if isinstance(resources, list) else []):
        names = (as_text(body.get("name")) or "").split("/")
        if as_text(body.get("type")) != _ENDPOINT_TYPE or len(names) != 2:
            continue
        workspace = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{names[0]}"
        endpoint = cloud.get(ENDPOINT, f"{workspace}/onlineEndpoints/{names[1]}")
        if endpoint:
            yield _Put(endpoint, body)


def _put(known: Values, body: Values) -> Values:
    """Give what is known of an endpoint after a PUT: what Azure computes stays, what the body leaves out goes."""
    before, given = as_map(known.get("properties")), as_map(body.get("properties"))
    computed = {name: before[name] for name in ("scoringUri", "swaggerUri", "provisioningState") if name in before}
    settings = {name: body[name] for name in _SETTINGS if name in body}
    return {**{name: value for name, value in known.items() if name not in _SETTINGS}, **settings, "properties": {**computed, **given}}
