"""Private zones that lead the names of Google's services to addresses which only the network reaches."""

from collections.abc import Mapping

import pulumi_gcp as gcp
from pulumi import Input, Resource, ResourceOptions

# Source: Google Cloud, "Configure Private Google Access": private.googleapis.com is 199.36.153.8/30.
_ADDRESSES = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
_TTL_SECONDS = 300
# The one zone whose name itself is no service: its names point at this one.
_GOOGLE_APIS = "googleapis.com."


def private_zone(name: str, dns_zone: str, network: Input[str], labels: Mapping[str, str], opts: ResourceOptions) -> list[Resource]:
    """The zone with its records; dns_zone ends with a dot. Gives the records, which names can be relied on after."""
    zone = gcp.dns.ManagedZone(
        name,
        dns_name=dns_zone,
        description=f"{dns_zone} by private addresses",
        visibility="private",
        private_visibility_config=gcp.dns.ManagedZonePrivateVisibilityConfigArgs(
            networks=[gcp.dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network)]
        ),
        labels=labels,
        opts=opts,
    )
    target = f"private.{dns_zone}" if dns_zone == _GOOGLE_APIS else dns_zone
    return [
        _record(f"{name}-addresses", zone, target, "A", _ADDRESSES, opts),
        _record(f"{name}-names", zone, f"*.{dns_zone}", "CNAME", [target], opts),
    ]


def _record(name: str, zone: gcp.dns.ManagedZone, dns_name: str, kind: str, data: list[str], opts: ResourceOptions) -> Resource:
    return gcp.dns.RecordSet(name, managed_zone=zone.name, name=dns_name, type=kind, ttl=_TTL_SECONDS, rrdatas=data, opts=opts)
