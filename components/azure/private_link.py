"""A service's address inside the environment's network."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pulumi_azure_native as azure
from pulumi import Input, Output, ResourceOptions

if TYPE_CHECKING:
    from components.azure.network import PrivateAccess


def private_address(
    name: str,
    target_id: Input[str],
    service: str,
    access: "PrivateAccess",
    *,
    location: str,
    resource_group_name: Input[str],
    labels: Mapping[str, str],
    opts: ResourceOptions,
) -> Output[str]:
    """Give a resource an address in the network's subnet and its name in the private zone; the endpoint's id, once it is found by name.

    It goes with the network, also where the resource stays: otherwise the network could not be deleted.
    """
    opts = ResourceOptions.merge(opts, ResourceOptions(retain_on_delete=False))
    endpoint = azure.network.PrivateEndpoint(
        f"{name}-endpoint",
        resource_group_name=resource_group_name,
        location=location,
        subnet=azure.network.SubnetArgs(id=access.subnet_id),
        private_link_service_connections=[
            azure.network.PrivateLinkServiceConnectionArgs(name=service, private_link_service_id=target_id, group_ids=[service])
        ],
        tags=labels,
        opts=opts,
    )
    names = azure.network.PrivateDnsZoneGroup(
        f"{name}-endpoint-names",
        resource_group_name=resource_group_name,
        private_endpoint_name=endpoint.name,
        private_dns_zone_group_name="default",
        private_dns_zone_configs=[azure.network.PrivateDnsZoneConfigArgs(name=service, private_dns_zone_id=access.dns_zone_id)],
        opts=opts,
    )
    return Output.all(endpoint.id, names.id).apply(lambda both: both[0])
