"""Google Cloud's application load balancers: the subnet that regional ones need for their proxies, and how a URL map splits requests.

Sources: Google Cloud, "Proxy-only subnets for Envoy-based load balancers" and Compute Engine API, urlMaps.
"""

from __future__ import annotations

from typing import Final

from rehearsal.errors import invalid
from rehearsal.state import SimulatedCloud
from rehearsal.values import Values, as_map, as_text, lookup

_RULE: Final = "gcp:compute/forwardingRule:ForwardingRule"
_NETWORK: Final = "gcp:compute/network:Network"
_SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
_URL_MAPS: Final = ("gcp:compute/regionUrlMap:RegionUrlMap", "gcp:compute/uRLMap:URLMap")
_BY_PROXIES: Final = ("INTERNAL_MANAGED", "EXTERNAL_MANAGED")
_MOST_WEIGHT: Final = 1000


def check_balancer(cloud: SimulatedCloud, token: str, inputs: Values, region: str) -> None:
    """Raises CloudError (INVALID_ARGUMENT) where Google refuses a regional forwarding rule or a URL map."""
    if token == _RULE and as_text(inputs.get("loadBalancingScheme")) in _BY_PROXIES:
        _check_proxies(cloud, inputs, region)
    if token in _URL_MAPS:
        _check_shares(token, inputs)


def _check_proxies(cloud: SimulatedCloud, inputs: Values, region: str) -> None:
    network = _last(as_text(inputs.get("network")))
    if not cloud.identified([_NETWORK], network):
        # What stands in a network that is nobody's here is not known.
        return
    subnets = [each.inputs for each in cloud.of_types([_SUBNETWORK]) if _last(as_text(each.inputs.get("network"))) == network]
    if not any(_is_active(each) and as_text(each.get("region")) in (None, region) for each in subnets):
        said = "An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule."
        raise invalid(f"googleapi: Error 400: Invalid value for field 'resource.target': {said} Make one first: {_RULE} in {region}")


def _is_active(subnet: Values) -> bool:
    return (as_text(subnet.get("purpose")), as_text(subnet.get("role"))) == ("REGIONAL_MANAGED_PROXY", "ACTIVE")


def _check_shares(token: str, inputs: Values) -> None:
    found = lookup(inputs, ("defaultRouteAction", "weightedBackendServices"))
    weighted = [as_map(each) for each in found] if isinstance(found, list) else []
    if bool(weighted) == (inputs.get("defaultService") is not None):
        told = "exactly one of defaultService and defaultRouteAction.weightedBackendServices must be given"
        raise invalid(f"googleapi: Error 400: {token}: {told}; keep one")
    weights = [float(as_text(each.get("weight")) or 0) for each in weighted]
    if any(not 0 <= weight <= _MOST_WEIGHT for weight in weights) or (weighted and not any(weights)):
        told = f"weights must be from 0 to {_MOST_WEIGHT}, and one of them more than 0"
        raise invalid(f"googleapi: Error 400: {token}: defaultRouteAction.weightedBackendServices: {told}; mend the weights")


def _last(name: str | None) -> str:
    return (name or "").rpartition("/")[2]
