"""A model behind a managed endpoint, and the application that people talk to."""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure


@dataclass
class Shared:
    """What several parts of the platform keep their things in."""

    group: azure.resources.ResourceGroup
    store: azure.storage.StorageAccount
    vault: azure.keyvault.Vault
    images: azure.containerregistry.Registry
    logs: azure.operationalinsights.Workspace


def hosted(shared: Shared) -> azure.machinelearningservices.OnlineEndpoint:
    """A workspace with one endpoint, whose deployment has two machines with a T4 each."""
    watched = azure.applicationinsights.Component(
        "assistant", resource_group_name=shared.group.name, kind="web", application_type="web", workspace_resource_id=shared.logs.id
    )
    workspace = azure.machinelearningservices.Workspace(
        "assistant",
        resource_group_name=shared.group.name,
        identity={"type": "SystemAssigned"},
        storage_account=shared.store.id,
        key_vault=shared.vault.id,
        container_registry=shared.images.id,
        application_insights=watched.id,
        sku={"name": "Basic", "tier": azure.machinelearningservices.SkuTier.BASIC},
    )
    endpoint = azure.machinelearningservices.OnlineEndpoint(
        "assistant",
        resource_group_name=shared.group.name,
        workspace_name=workspace.name,
        identity={"type": "SystemAssigned"},
        properties={"auth_mode": "Key", "traffic": {"first": 100}},
    )
    azure.machinelearningservices.OnlineDeployment(
        "first",
        deployment_name="first",
        resource_group_name=shared.group.name,
        workspace_name=workspace.name,
        endpoint_name=endpoint.name,
        sku={"name": "Default", "capacity": 2},
        properties=azure.machinelearningservices.ManagedOnlineDeploymentArgs(
            endpoint_compute_type="Managed",
            instance_type="Standard_NC4as_T4_v3",
            model="azureml://registries/azureml/models/assistant/versions/3",
            scale_settings=azure.machinelearningservices.DefaultScaleSettingsArgs(scale_type="Default"),
        ),
    )
    return endpoint


def talked_to(shared: Shared, image: str) -> azure.app.ContainerApp:
    """The application: none to ten replicas, one for each twenty requests at a time."""
    environment = azure.app.ManagedEnvironment(
        "assistant",
        resource_group_name=shared.group.name,
        app_logs_configuration={
            "destination": "log-analytics",
            "log_analytics_configuration": {"customer_id": shared.logs.customer_id, "shared_key": pulumi.Output.secret("not-a-key")},
        },
    )
    rule = azure.app.ScaleRuleArgs(name="requests", http=azure.app.HttpScaleRuleArgs(metadata={"concurrentRequests": "20"}))
    return azure.app.ContainerApp(
        "assistant",
        resource_group_name=shared.group.name,
        environment_id=environment.id,
        configuration={"ingress": {"external": True, "target_port": 8080}},
        template=azure.app.TemplateArgs(
            containers=[
                azure.app.ContainerArgs(name="assistant", image=image, resources=azure.app.ContainerResourcesArgs(cpu=1, memory="2Gi"))
            ],
            scale=azure.app.ScaleArgs(min_replicas=0, max_replicas=10, rules=[rule]),
        ),
    )
