"""A foreign program: Google Cloud, a Kubernetes cluster and Azure in one stack, with providers made by hand."""

import pulumi
import pulumi_azure_native as azure
import pulumi_gcp as gcp
import pulumi_kubernetes as kubernetes

project = gcp.organizations.get_project().project_id
far = gcp.Provider("far", project=project, region="asia-east1")
account = gcp.serviceaccount.Account("server", account_id="model-server", display_name="serves models")
artifacts = gcp.storage.Bucket("artifacts", location="EU", uniform_bucket_level_access=True, opts=pulumi.ResourceOptions(provider=far))
gcp.storage.BucketIAMMember(
    "server-reads",
    bucket=artifacts.name,
    role="roles/storage.objectViewer",
    member=account.email.apply(lambda mail: f"serviceAccount:{mail}"),
)
group = azure.resources.ResourceGroup("serving")
client = azure.authorization.get_client_config()
store = azure.storage.StorageAccount(
    "served", resource_group_name=group.name, kind=azure.storage.Kind.STORAGE_V2, sku={"name": azure.storage.SkuName.STANDARD_LRS}
)
keys = azure.storage.list_storage_account_keys_output(account_name=store.name, resource_group_name=group.name)
cluster = kubernetes.Provider("cluster", kubeconfig="{}", enable_server_side_apply=True)
namespace = kubernetes.core.v1.Namespace("serving", metadata={"labels": {"team": "serving"}}, opts=pulumi.ResourceOptions(provider=cluster))
kubernetes.core.v1.ConfigMap(
    "model", metadata={"namespace": namespace.metadata["name"]}, data={"path": artifacts.url}, opts=pulumi.ResourceOptions(provider=cluster)
)

pulumi.export("artifacts", artifacts.url)
pulumi.export("tenant", client.tenant_id)
pulumi.export("key", keys.apply(lambda found: found.keys[0].value))
pulumi.export("namespace", namespace.metadata["name"])
