"""Addresses of the cloud's own services that every team's pods may reach: without them no pod gets its data or its identity."""

from collections.abc import Mapping

from plan.contents_request import ContentsRequest
from plan.model import EgressPlan

_HTTPS = 443
# What is known by address, by cloud.
_KNOWN: Mapping[str, tuple[EgressPlan, ...]] = {
    # Amazon EKS User Guide, EKS Pod Identity Agent.
    "aws": (EgressPlan(cidr="169.254.170.23/32", ports=(80,)),),
    # Google Cloud, Private Google Access (restricted and private.googleapis.com); Network policies and Workload Identity Federation.
    "gcp": (
        EgressPlan(cidr="199.36.153.4/30", ports=(_HTTPS,)),
        EgressPlan(cidr="199.36.153.8/30", ports=(_HTTPS,)),
        EgressPlan(cidr="169.254.169.252/32", ports=(987, 988)),
        EgressPlan(cidr="169.254.169.254/32", ports=(80,)),
    ),
    # Microsoft 365 URLs and IP address ranges, id 56: Microsoft Entra ID, where pods exchange their tokens.
    "azure": tuple(
        EgressPlan(cidr=cidr, ports=(_HTTPS,)) for cidr in ("20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18")
    ),
}


def plan_egress(request: ContentsRequest) -> tuple[EgressPlan, ...]:
    """Identity and services of the cloud, and the private endpoints of the environment's network."""
    known = _KNOWN.get(request.cloud, ())
    network = request.network
    if network is None or network.existing is not None or not network.private_endpoints or request.cloud == "gcp":
        return known
    # AWS puts endpoints into the subnets of the nodes, Azure into one of their own.
    where = [network.endpoint_subnet] if network.endpoint_subnet else list(network.private_subnets)
    return (*known, *(EgressPlan(cidr=subnet.cidr, ports=(_HTTPS,)) for subnet in where))
