"""A language platform: a cluster, a hosted model, an application, an index, and where its data lies."""

import pulumi
import pulumi_azure_native as azure
from cluster import cluster
from machine import machine
from network import Network
from serving import Shared, hosted, talked_to

config = pulumi.Config()
tenant = azure.authorization.get_client_config().tenant_id
group = azure.resources.ResourceGroup("assistant")
network = Network(group)

store = azure.storage.StorageAccount(
    "documents", resource_group_name=group.name, kind="StorageV2", sku={"name": "Standard_ZRS"}, access_tier=azure.storage.AccessTier.HOT
)
azure.storage.BlobContainer("documents", resource_group_name=group.name, account_name=store.name)
ages: azure.storage.ManagementPolicyBaseBlobArgsDict = {
    "tier_to_cool": {"days_after_modification_greater_than": 30},
    "delete": {"days_after_modification_greater_than": 365},
}
aged: azure.storage.ManagementPolicyRuleArgsDict = {
    "name": "age",
    "enabled": True,
    "type": "Lifecycle",
    "definition": {"actions": {"base_blob": ages}, "filters": {"blob_types": ["blockBlob"]}},
}
azure.storage.ManagementPolicy(
    "documents", resource_group_name=group.name, account_name=store.name, management_policy_name="default", policy={"rules": [aged]}
)
network.private_endpoint("documents", store)

vault = azure.keyvault.Vault(
    "assistant",
    resource_group_name=group.name,
    properties={"tenant_id": tenant, "sku": {"family": "A", "name": azure.keyvault.SkuName.STANDARD}, "enable_rbac_authorization": True},
)
azure.keyvault.Key("data", resource_group_name=group.name, vault_name=vault.name, properties={"kty": "RSA", "key_size": 3072})
images = azure.containerregistry.Registry(
    "images", registry_name="assistantimages", resource_group_name=group.name, sku={"name": "Premium"}, admin_user_enabled=False
)
logs = azure.operationalinsights.Workspace("assistant", resource_group_name=group.name, sku={"name": "PerGB2018"}, retention_in_days=90)
bus = azure.servicebus.Namespace(
    "work", resource_group_name=group.name, sku={"name": azure.servicebus.SkuName.STANDARD, "tier": azure.servicebus.SkuTier.STANDARD}
)
azure.servicebus.Queue("index", resource_group_name=group.name, namespace_name=bus.name, max_delivery_count=5)

shared = Shared(group, store, vault, images, logs)
cluster(group, network, logs)
endpoint = hosted(shared)
application = talked_to(shared, config.require("image"))
index = machine(group, network)

pulumi.export("endpoint", endpoint.name)
pulumi.export("application", application.latest_revision_fqdn)
pulumi.export("images", images.login_server)
pulumi.export("index", index.name)
