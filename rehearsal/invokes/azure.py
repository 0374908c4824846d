"""Functions of the azure-native package that do more than look a resource up."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import yaml
from grpc import StatusCode

from rehearsal.errors import CloudError, not_found
from rehearsal.invokes.call import Call
from rehearsal.state import Resource
from rehearsal.values import Secret, Value, Values, as_text

_STORAGE: Final = "azure-native:storage:StorageAccount"
_LOGS: Final = "azure-native:operationalinsights:Workspace"
_REGISTRY: Final = "azure-native:containerregistry:Registry"
_CLUSTER: Final = "azure-native:containerservice:ManagedCluster"


def _get_client_config(call: Call) -> Values:
    context = call.context
    principal = _guid(call, "client")
    return {"clientId": principal, "objectId": principal, "subscriptionId": context.azure_subscription, "tenantId": context.azure_tenant}


def _get_client_token(call: Call) -> Values:
    return {"token": Secret("rehearsal." + call.cloud.sealer.derive("azure token", call.text("endpoint")).hex())}


def _list_storage_account_keys(call: Call) -> Values:
    """An account's two keys: 64 bytes each in base64, the same as long as the account lives."""
    account = _found(call, _STORAGE, "Microsoft.Storage/storageAccounts", "accountName")
    keys: list[Value] = [
        {"keyName": name, "permissions": "FULL", "value": _key(call, account, name[-1]), "creationTime": call.context.now}
        for name in ("key1", "key2")
    ]
    return {"keys": keys}


def _get_shared_keys(call: Call) -> Values:
    """A Log Analytics workspace's two keys (Log Analytics REST API: Shared Keys - Get Shared Keys)."""
    workspace = _found(call, _LOGS, "Microsoft.OperationalInsights/workspaces", "workspaceName")
    return {"primarySharedKey": _key(call, workspace, "primary"), "secondarySharedKey": _key(call, workspace, "secondary")}


def _list_registry_credentials(call: Call) -> Values:
    """The admin user's passwords, which a registry has only where that user is enabled (Container Registry: Authentication options)."""
    registry = _found(call, _REGISTRY, "Microsoft.ContainerRegistry/registries", "registryName")
    if registry.inputs.get("adminUserEnabled") is not True:
        message = f"{_REGISTRY} {registry.name!r} has no admin user; set adminUserEnabled to true, or assign a role instead"
        raise CloudError(StatusCode.FAILED_PRECONDITION, message)
    passwords: list[Value] = [{"name": name, "value": _key(call, registry, name)} for name in ("password", "password2")]
    return {"username": registry.name, "passwords": passwords}


def _list_cluster_credentials(call: Call, *, user: str) -> Values:
    """One kubeconfig in base64 (AKS REST API: Managed Clusters - List Cluster User Credentials)."""
    cluster = _found(call, _CLUSTER, "Microsoft.ContainerService/managedClusters", "resourceName")
    kubeconfig = yaml.safe_dump(_kubeconfig(call, cluster, f"{user}_{call.text('resourceGroupName')}_{cluster.name}"), sort_keys=False)
    return {"kubeconfigs": [{"name": user, "value": Secret(base64.b64encode(kubeconfig.encode()).decode())}]}


def _kubeconfig(call: Call, cluster: Resource, user: str) -> Values:
    host = as_text(cluster.outputs.get("fqdn") or cluster.outputs.get("privateFQDN")) or cluster.name
    authority = _key(call, cluster, "certificate authority").value
    token = call.cloud.sealer.derive(cluster.id, cluster.seed, user).hex()
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster.name, "cluster": {"server": f"https://{host}:443", "certificate-authority-data": authority}}],
        "users": [{"name": user, "user": {"token": token}}],
        "contexts": [{"name": cluster.name, "context": {"cluster": cluster.name, "user": user}}],
        "current-context": cluster.name,
    }


def _found(call: Call, token: str, kind: str, argument: str) -> Resource:
    group, name = call.text("resourceGroupName"), call.text(argument)
    found = call.cloud.get(token, f"/subscriptions/{call.context.azure_subscription}/resourceGroups/{group}/providers/{kind}/{name}")
    if found is None:
        raise not_found(token, name)
    return found


def _key(call: Call, owner: Resource, which: str) -> Secret:
    """Give 64 bytes in base64, the same as long as their owner lives."""
    halves = (call.cloud.sealer.derive(owner.id, owner.seed, which, half) for half in ("first", "second"))
    return Secret(base64.b64encode(b"".join(halves)).decode())


def _guid(call: Call, purpose: str) -> str:
    digits = call.cloud.sealer.derive(purpose, call.context.azure_tenant).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


FUNCTIONS: Final[Mapping[str, Callable[[Call], Values]]] = {
    "azure-native:authorization:getClientConfig": _get_client_config,
    "azure-native:authorization:getClientToken": _get_client_token,
    "azure-native:containerregistry:listRegistryCredentials": _list_registry_credentials,
    "azure-native:containerservice:listManagedClusterAdminCredentials": partial(_list_cluster_credentials, user="clusterAdmin"),
    "azure-native:containerservice:listManagedClusterUserCredentials": partial(_list_cluster_credentials, user="clusterUser"),
    "azure-native:operationalinsights:getSharedKeys": _get_shared_keys,
    "azure-native:storage:listStorageAccountKeys": _list_storage_account_keys,
}
