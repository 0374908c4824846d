"""A storage account's address inside the environment's network."""

import pulumi_azure_native as azure
from pulumi import Input, Output, ResourceOptions

from components.azure.storage_account import AccountSpec

SERVICE = "blob"


def private_address(
    spec: AccountSpec, account: azure.storage.StorageAccount, *, subnet_id: Input[str], dns_zone_id: Input[str]
) -> Output[str]:
    """Give the account an address in this subnet and its name in this private zone; the endpoint's id, once it is found by name.

    It goes with the network, also where the account stays: otherwise the network could not be deleted.
    """
    opts = ResourceOptions.merge(spec.opts, ResourceOptions(retain_on_delete=False))
    endpoint = azure.network.PrivateEndpoint(
        f"{spec.name}-endpoint",
        resource_group_name=spec.resource_group_name,
        location=spec.plan.placement.location,
        subnet=azure.network.SubnetArgs(id=subnet_id),
        private_link_service_connections=[
            azure.network.PrivateLinkServiceConnectionArgs(name=SERVICE, private_link_service_id=account.id, group_ids=[SERVICE])
        ],
        tags=spec.plan.labels,
        opts=opts,
    )
    names = azure.network.PrivateDnsZoneGroup(
        f"{spec.name}-endpoint-names",
        resource_group_name=spec.resource_group_name,
        private_endpoint_name=endpoint.name,
        private_dns_zone_group_name="default",
        private_dns_zone_configs=[azure.network.PrivateDnsZoneConfigArgs(name=SERVICE, private_dns_zone_id=dns_zone_id)],
        opts=opts,
    )
    return Output.all(endpoint.id, names.id).apply(lambda both: both[0])
