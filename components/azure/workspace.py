"""The Azure Machine Learning workspace in which an environment's managed endpoints stand."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pulumi_azure_native as azure
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components.azure.endpoint_home import EndpointHome, Store
from components.azure.endpoint_names import told_apart
from components.azure.private_link import private_address
from components.azure.workspace_access import Principal, grant_approval, grant_own_parts
from components.azure.workspace_parts import PartsSpec, own_insights, own_logs, own_storage, own_vault
from components.contract import BucketOutputs

if TYPE_CHECKING:
    from components.azure.network import PrivateAccess

ml = azure.machinelearningservices

SERVICE = "amlworkspace"


class Workspace(ComponentResource):
    """The workspace of an environment's endpoints.

    Owns the workspace with its storage, vault, logs and Application Insights, its private address, and what it may reach: of a network
    of its own, which Azure manages, nothing leaves but to the buckets and hosts that the endpoints need. Not the buckets, nor the registry.
    """

    home: EndpointHome

    def __init__(
        self,
        name: str,
        *,
        location: str,
        resource_group_name: Input[str],
        labels: Mapping[str, str],
        buckets: Mapping[str, BucketOutputs],
        hosts: Sequence[str] = (),
        registry_id: Input[str] | None = None,
        public: bool = False,
        private_access: "PrivateAccess | None" = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the workspace.

        `buckets` are those of models and captures; `hosts` those that images and models are fetched from. `public`: whether an endpoint
        in it may be. With `private_access` it is reached from the environment's network.
        """
        super().__init__("drydock:azure:Workspace", name, {"usage": {}}, opts)
        spec = PartsSpec(
            name=name, location=location, resource_group_name=resource_group_name, labels=labels, opts=ResourceOptions(parent=self)
        )
        logs = own_logs(spec)
        workspace, grants = _workspace(spec, logs, registry_id, public=public)
        if private_access:
            private_address(
                name,
                workspace.id,
                SERVICE,
                private_access,
                location=location,
                resource_group_name=resource_group_name,
                labels=labels,
                opts=spec.opts,
            )
        stores = {bucket: _store(spec, workspace, bucket, found) for bucket, found in buckets.items()}
        reached = [_reach_bucket(spec, workspace, bucket, found, grants) for bucket, found in buckets.items()]
        reached += [_reach_host(spec, workspace, host) for host in hosts]
        self.home = EndpointHome(
            location=location,
            resource_group_name=resource_group_name,
            workspace_name=workspace.name,
            logs_id=logs.id,
            stores=stores,
            registry_id=registry_id,
            ready=(*grants, *reached),
        )
        self.register_outputs({"name": workspace.name})


def _workspace(
    spec: PartsSpec, logs: azure.operationalinsights.Workspace, registry_id: Input[str] | None, *, public: bool
) -> tuple[ml.Workspace, list[Resource]]:
    storage, vault = own_storage(spec), own_vault(spec)
    workspace = ml.Workspace(
        spec.name,
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        kind="Default",
        sku=ml.SkuArgs(name="Basic", tier=ml.SkuTier.BASIC),
        identity=ml.ManagedServiceIdentityArgs(type=ml.ManagedServiceIdentityType.SYSTEM_ASSIGNED),
        storage_account=storage.id,
        key_vault=vault.id,
        application_insights=own_insights(spec, logs).id,
        container_registry=registry_id,
        system_datastores_auth_mode=ml.SystemDatastoresAuthMode.IDENTITY,
        public_network_access="Enabled" if public else "Disabled",
        managed_network=ml.ManagedNetworkSettingsArgs(
            isolation_mode=ml.IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND, firewall_sku=ml.FirewallSku.BASIC
        ),
        v1_legacy_mode=False,
        tags=spec.labels,
        # Rules are resources of their own, and Azure adds some for what the workspace itself needs.
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(ignore_changes=["managedNetwork.outboundRules"])),
    )
    return workspace, grant_own_parts(spec, Principal.of(workspace), storage, vault, registry_id)


def _store(spec: PartsSpec, workspace: ml.Workspace, bucket: str, found: BucketOutputs) -> Store:
    """The bucket as the workspace reads it: by whoever asks, with no key kept."""
    datastore = ml.Datastore(
        f"{spec.name}-{bucket}",
        resource_group_name=spec.resource_group_name,
        workspace_name=workspace.name,
        # Dashes are not taken here.
        name=told_apart(bucket).replace("-", "_"),
        properties=ml.AzureBlobDatastoreArgs(
            datastore_type="AzureBlob",
            account_name=_account_id(found).apply(lambda known: known.rpartition("/")[2]),
            container_name=found["name"],
            credentials=ml.NoneDatastoreCredentialsArgs(credentials_type="None"),
            service_data_access_auth_identity=ml.ServiceDataAccessAuthIdentity.NONE,
        ),
        opts=spec.opts,
    )
    return Store(container_id=found["resourceId"], datastore_id=datastore.id)


def _reach_bucket(
    spec: PartsSpec, workspace: ml.Workspace, bucket: str, found: BucketOutputs, after: Sequence[Resource]
) -> ml.ManagedNetworkSettingsRule:
    approved = grant_approval(spec, Principal.of(workspace), bucket, _account_id(found))
    return ml.ManagedNetworkSettingsRule(
        f"{spec.name}-reaches-{bucket}",
        resource_group_name=spec.resource_group_name,
        workspace_name=workspace.name,
        rule_name=told_apart(bucket),
        properties=ml.PrivateEndpointOutboundRuleArgs(
            type="PrivateEndpoint",
            category=ml.RuleCategory.USER_DEFINED,
            destination=ml.PrivateEndpointDestinationArgs(
                service_resource_id=_account_id(found), subresource_target="blob", spark_enabled=False
            ),
        ),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[*after, approved])),
    )


def _reach_host(spec: PartsSpec, workspace: ml.Workspace, host: str) -> ml.ManagedNetworkSettingsRule:
    return ml.ManagedNetworkSettingsRule(
        f"{spec.name}-reaches-{host.replace('*', 'any')}",
        resource_group_name=spec.resource_group_name,
        workspace_name=workspace.name,
        rule_name=told_apart(host),
        properties=ml.FqdnOutboundRuleArgs(type="FQDN", category=ml.RuleCategory.USER_DEFINED, destination=host),
        opts=spec.opts,
    )


def _account_id(found: BucketOutputs) -> Output[str]:
    """The account of a container: …/storageAccounts/ACCOUNT/blobServices/default/containers/NAME."""
    return found["resourceId"].apply(lambda known: known.partition("/blobServices/")[0])
