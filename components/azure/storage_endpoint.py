"""A storage account's address inside the environment's network."""

from typing import TYPE_CHECKING

import pulumi_azure_native as azure
from pulumi import Output

from components.azure import private_link
from components.azure.storage_account import AccountSpec

if TYPE_CHECKING:
    from components.azure.network import PrivateAccess

SERVICE = "blob"


def private_address(spec: AccountSpec, account: azure.storage.StorageAccount, access: "PrivateAccess") -> Output[str]:
    """Give the account an address in the environment's network; the endpoint's id, once it is found by name."""
    return private_link.private_address(
        spec.name,
        account.id,
        SERVICE,
        access,
        location=spec.plan.placement.location,
        resource_group_name=spec.resource_group_name,
        labels=spec.plan.labels,
        opts=spec.opts,
    )
