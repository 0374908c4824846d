"""A careless program on Azure: what a hurried team might write, with most of what the policy pack knows to be wrong."""

# A stranger writes dictionaries for arguments and builds them by hand.
# pyright: basic, reportArgumentType=false, reportCallIssue=false
import pulumi_azure_native as azure
from pulumi_azure_native import machinelearningservices as ml

PROD, DEV = {"stage": "prod"}, {"stage": "dev"}
SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
ROLES = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
OWNER, CONTRIBUTOR = f"{ROLES}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635", f"{ROLES}/b24988ac-6180-42a0-ab88-20f7382dd24c"
KEY_OPERATOR = f"{ROLES}/81a9662b-bebf-436f-a333-f67b29880f12"
TENANT = "11111111-2222-3333-4444-666666666666"
IMAGE = "acme.azurecr.io/triton:latest"
group = azure.resources.ResourceGroup("ml", tags=PROD)
here = {"resource_group_name": group.name}

# Identities.
worker = azure.managedidentity.UserAssignedIdentity("worker", **here)
to_worker = {"principal_id": worker.principal_id, "principal_type": "ServicePrincipal"}
azure.authorization.RoleAssignment("owner", scope=SUBSCRIPTION, role_definition_id=OWNER, **to_worker)
azure.authorization.RoleAssignment("grants", scope=group.id, role_definition_id=OWNER, **to_worker)
azure.authorization.RoleAssignment("changes", scope=group.id, role_definition_id=CONTRIBUTOR, **to_worker)
azure.authorization.RoleAssignment("keys", scope=group.id, role_definition_id=KEY_OPERATOR, **to_worker)
azure.authorization.RoleAssignment("person", scope=group.id, role_definition_id=CONTRIBUTOR, principal_id=TENANT, principal_type="User")
azure.authorization.RoleDefinition(
    "everything",
    role_name="everything",
    scope=SUBSCRIPTION,
    assignable_scopes=["/"],
    permissions=[
        {"actions": ["*"]},
        {"actions": ["Microsoft.Storage/*", "Microsoft.Authorization/roleAssignments/write"]},
    ],
)
azure.managedidentity.FederatedIdentityCredential(
    "ci-main",
    resource_name_=worker.name,
    issuer="https://token.actions.githubusercontent.com",
    subject="repo:acme/models:pull_request",
    audiences=["sts.amazonaws.com"],
    **here,
)

# Storage.
account = azure.storage.StorageAccount(
    "data",
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    enable_https_traffic_only=False,
    minimum_tls_version="TLS1_0",
    allow_blob_public_access=True,
    allow_cross_tenant_replication=True,
    is_local_user_enabled=True,
    tags=PROD,
    **here,
)
azure.storage.BlobServiceProperties(
    "data",
    account_name=account.name,
    blob_services_name="default",
    is_versioning_enabled=False,
    delete_retention_policy={"enabled": True, "days": 7},
    cors={
        "cors_rules": [
            {
                "allowed_methods": ["PUT"],
                "allowed_origins": ["*"],
                "allowed_headers": ["*"],
                "exposed_headers": ["*"],
                "max_age_in_seconds": 1,
            }
        ]
    },
    **here,
)
azure.storage.BlobContainer("data", account_name=account.name, public_access="Blob", **here)
azure.storage.Queue("data", account_name=account.name, **here)
half = azure.storage.StorageAccount(
    "half",
    kind="StorageV2",
    location="eastus",
    sku={"name": "Standard_RAGRS"},
    network_rule_set={"default_action": "Deny", "bypass": "None", "ip_rules": [{"i_p_address_or_range": "192.0.2.1"}]},
    tags=DEV,
    **here,
)
azure.storage.BlobServiceProperties("half", account_name=half.name, blob_services_name="default", is_versioning_enabled=True, **here)
azure.storage.ManagementPolicy(
    "half",
    account_name=half.name,
    management_policy_name="default",
    policy={
        "rules": [
            {
                "name": "old",
                "type": "Lifecycle",
                "definition": {
                    "filters": {"blob_types": ["blockBlob"]},
                    "actions": {"base_blob": {"delete": {"days_after_modification_greater_than": 30}}},
                },
            }
        ]
    },
    **here,
)

# Keys and secrets.
vault = azure.keyvault.Vault(
    "vault",
    properties={
        "tenant_id": TENANT,
        "sku": {"family": "A", "name": "standard"},
        "enable_soft_delete": False,
        "soft_delete_retention_in_days": 7,
        "enabled_for_deployment": True,
        "access_policies": [{"tenant_id": TENANT, "object_id": TENANT, "permissions": {"secrets": ["all"]}}],
    },
    **here,
)
azure.keyvault.Key("key", vault_name=vault.name, properties={"kty": "RSA", "attributes": {"enabled": False, "exportable": True}}, **here)
azure.keyvault.Secret("token", vault_name=vault.name, properties={"value": "hf_example"}, **here)

# Images.
azure.containerregistry.Registry(
    "images",
    sku={"name": "Standard"},
    admin_user_enabled=True,
    anonymous_pull_enabled=True,
    network_rule_set={"default_action": "Allow", "ip_rules": [{"i_p_address_or_range": "0.0.0.0/1"}]},
    zone_redundancy="Disabled",
    tags=PROD,
    **here,
)
closed = azure.containerregistry.Registry("closed", sku={"name": "Premium"}, public_network_access="Disabled", **here)
azure.containerregistry.Webhook("built", registry_name=closed.name, service_uri="http://ci.example.org/hook", actions=["push"], **here)

# Clusters and nodes.
cluster = azure.containerservice.ManagedCluster(
    "plain",
    dns_prefix="plain",
    enable_rbac=False,
    kubernetes_version="1.29.4",
    sku={"name": "Base", "tier": "Free"},
    service_principal_profile={"client_id": TENANT},
    pod_identity_profile={"enabled": True},
    network_profile={"network_plugin": "kubenet", "load_balancer_sku": "basic"},
    auto_upgrade_profile={"upgrade_channel": "none", "node_os_upgrade_channel": "None"},
    addon_profiles={
        "httpApplicationRouting": {"enabled": True},
        "kubeDashboard": {"enabled": True},
        "azureKeyvaultSecretsProvider": {"enabled": True},
    },
    agent_pool_profiles=[
        {"name": "system", "mode": "System", "count": 1, "vm_size": "Standard_B4ms", "type": "AvailabilitySet"},
        {"name": "inside", "mode": "User", "count": 1, "vm_size": "Standard_DS3_v2", "enable_node_public_ip": True, "max_pods": 30},
    ],
    tags=PROD,
    **here,
)
azure.containerservice.ManagedCluster(
    "costly",
    dns_prefix="costly",
    kubernetes_version="1.36.0",
    support_plan="AKSLongTermSupport",
    sku={"name": "Base", "tier": "Premium"},
    api_server_access_profile={"enable_private_cluster": True},
    auto_upgrade_profile={"upgrade_channel": "patch"},
    tags=DEV,
    **here,
)
azure.containerservice.AgentPool(
    "gpu",
    resource_name_=cluster.name,
    count=2,
    vm_size="Standard_NC24ads_A100_v4",
    os_disk_type="Managed",
    scale_set_priority="Spot",
    availability_zones=["1"],
    tags=DEV,
    **here,
)
azure.compute.Disk(
    "scratch", sku={"name": "Premium_LRS"}, disk_size_gb=64, creation_data={"create_option": "Empty"}, tags={"stage": "production"}, **here
)

# Machine learning.
workspace = ml.Workspace("plain", public_network_access="Enabled", identity={"type": "SystemAssigned"}, **here)
ml.Workspace(
    "half",
    public_network_access="Disabled",
    hbi_workspace=True,
    storage_account=account.id,
    managed_network={"isolation_mode": "AllowInternetOutbound"},
    **here,
)
ml.Workspace("dear", managed_network={"isolation_mode": "AllowOnlyApprovedOutbound", "firewall_sku": "Standard"}, tags=DEV, **here)
inside = {"workspace_name": workspace.name, **here}
ml.Compute(
    "training",
    properties=ml.AmlComputeArgs(
        compute_type="AmlCompute",
        properties=ml.AmlComputePropertiesArgs(
            vm_size="Standard_NC4as_T4_v3",
            remote_login_port_public_access="Enabled",
            scale_settings=ml.ScaleSettingsArgs(min_node_count=1, max_node_count=4, node_idle_time_before_scale_down="PT1H"),
        ),
    ),
    tags=DEV,
    **inside,
)
ml.Compute(
    "notebook",
    properties=ml.ComputeInstanceArgs(
        compute_type="ComputeInstance",
        properties=ml.ComputeInstancePropertiesArgs(vm_size="Standard_DS3_v2", application_sharing_policy="Shared"),
    ),
    **inside,
)
ml.Datastore(
    "data",
    name="data",
    properties=ml.AzureBlobDatastoreArgs(
        datastore_type="AzureBlob",
        account_name=account.name,
        container_name="data",
        credentials=ml.AccountKeyDatastoreCredentialsArgs(
            credentials_type="AccountKey", secrets=ml.AccountKeyDatastoreSecretsArgs(secrets_type="AccountKey", key="example")
        ),
    ),
    **inside,
)
ml.Registry("shared", registry_name="shared", **here)
image = ml.EnvironmentVersion(
    "image",
    name="image",
    version="1",
    properties={"image": "mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:latest"},
    **inside,
)
fraud = ml.OnlineEndpoint("fraud", properties={"auth_mode": "Key"}, tags=PROD, **inside)
of_fraud = {"endpoint_name": fraud.name, **inside}
ml.OnlineDeployment(
    "blue",
    properties=ml.ManagedOnlineDeploymentArgs(
        endpoint_compute_type="Managed",
        instance_type="Standard_NC4as_T4_v3",
        environment_id=image.id,
        model="azureml://registries/anybody/models/llm/versions/1",
        egress_public_network_access="Enabled",
        request_settings=ml.OnlineRequestSettingsArgs(max_concurrent_requests_per_instance=4),
    ),
    sku={"name": "Default", "capacity": 1},
    tags=PROD,
    **of_fraud,
)
trial = ml.OnlineDeployment(
    "trial",
    properties=ml.ManagedOnlineDeploymentArgs(endpoint_compute_type="Managed", instance_type="Standard_DS3_v2"),
    sku={"name": "Default", "capacity": 1},
    tags=DEV,
    **of_fraud,
)
azure.monitor.AutoscaleSetting(
    "trial",
    target_resource_uri=trial.id,
    enabled=True,
    profiles=[
        {
            "name": "all",
            "capacity": {"minimum": "1", "maximum": "1", "default": "1"},
            "rules": [
                {
                    "metric_trigger": {
                        "metric_name": "CpuUtilizationPercentage",
                        "metric_resource_uri": trial.id,
                        "operator": "GreaterThan",
                        "statistic": "Average",
                        "threshold": 70,
                        "time_aggregation": "Average",
                        "time_grain": "PT1M",
                        "time_window": "PT5M",
                    },
                    "scale_action": {"direction": "Increase", "type": "ChangeCount", "value": "1", "cooldown": "PT5M"},
                }
            ],
        }
    ],
    **here,
)
ml.ServerlessEndpoint(
    "llm", properties={"auth_mode": "Key", "model_settings": {"model_id": "azureml://registries/HuggingFace/models/x"}}, **inside
)
nightly = ml.BatchEndpoint("nightly", properties={"auth_mode": "AADToken"}, **inside)
ml.BatchDeployment("nightly", endpoint_name=nightly.name, properties={"retry_settings": {"max_retries": 0}}, **inside)
answers = azure.cognitiveservices.Account("answers", kind="OpenAI", sku={"name": "S0"}, properties={"disable_local_auth": False}, **here)
azure.cognitiveservices.Account(
    "texts",
    kind="TextAnalytics",
    sku={"name": "F0"},
    properties={"disable_local_auth": True, "public_network_access": "Disabled"},
    tags=PROD,
    **here,
)
latest = {"model": {"format": "OpenAI", "name": "gpt-4o"}, "version_upgrade_option": "OnceNewDefaultVersionAvailable"}
azure.cognitiveservices.Deployment(
    "chat", account_name=answers.name, properties=latest, sku={"name": "Standard", "capacity": 10}, tags=PROD, **here
)
azure.cognitiveservices.Deployment(
    "reserved", account_name=answers.name, properties=latest, sku={"name": "ProvisionedManaged", "capacity": 50}, tags=DEV, **here
)
azure.search.Service("texts", sku={"name": "standard"}, replica_count=1, partition_count=1, tags=PROD, **here)

# Containers, functions and logs.
environment = azure.app.ManagedEnvironment(
    "apps",
    workload_profiles=[{"name": "gpu", "workload_profile_type": "NC24-A100", "minimum_count": 1, "maximum_count": 2}],
    tags=DEV,
    **here,
)
azure.app.ManagedEnvironment("zoned", app_logs_configuration={"destination": "none"}, tags=PROD, **here)
azure.app.ContainerApp(
    "serving",
    managed_environment_id=environment.id,
    configuration={
        "ingress": {"external": True, "target_port": 80, "allow_insecure": True, "cors_policy": {"allowed_origins": ["*"]}},
        "secrets": [{"name": "registry", "value": "example"}],
        "registries": [{"server": "acme.azurecr.io", "username": "acme", "password_secret_ref": "registry"}],
    },
    template={
        "containers": [
            {"name": "main", "image": IMAGE, "env": [{"name": "HF_TOKEN", "value": "hf_example"}, {"name": "ACCOUNT", "value": half.name}]}
        ],
        "scale": {"min_replicas": 1},
    },
    tags=DEV,
    **here,
)
azure.containerinstance.ContainerGroup(
    "once",
    os_type="Linux",
    ip_address={"type": "Public", "ports": [{"port": 80}]},
    containers=[
        {
            "name": "main",
            "image": IMAGE,
            "resources": {"requests": {"cpu": 1, "memory_in_gb": 2}},
            "security_context": {"privileged": True},
        }
    ],
    **here,
)
plan = azure.web.AppServicePlan("plan", sku={"name": "EP1", "tier": "ElasticPremium"}, tags=DEV, **here)
azure.web.WebApp(
    "handler",
    kind="functionapp,linux",
    server_farm_id=plan.id,
    https_only=False,
    site_config={
        "min_tls_version": "1.0",
        "ftps_state": "AllAllowed",
        "remote_debugging_enabled": True,
        "cors": {"allowed_origins": ["*"]},
        "app_settings": [{"name": "HF_TOKEN", "value": "hf_example"}],
    },
    **here,
)
azure.operationalinsights.Workspace("logs", retention_in_days=730, tags=DEV, **here)
