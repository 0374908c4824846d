"""How kubectl and Pulumi log in to an AKS cluster."""

import base64
from typing import Any

import pulumi_azure_native as azure
import yaml
from pulumi import Input, InvokeOptions, Output, Resource

# The Entra application that every AKS cluster shares. Source: Microsoft Learn, "Use kubelogin to authenticate users in AKS".
_AKS_SERVER_APPLICATION = "6dae42f8-4368-4678-94ff-3960e28e3630"


def kubeconfig(cluster_name: Input[str], resource_group_name: Input[str], parent: Resource) -> Output[str]:
    """A kubeconfig that logs in through kubelogin with whatever Azure credentials are at hand. It holds no secret.

    Azure's own is asked for the address and the certificate of the API only.
    """
    found = azure.containerservice.list_managed_cluster_user_credentials_output(
        resource_name=cluster_name, resource_group_name=resource_group_name, format="exec", opts=InvokeOptions(parent=parent)
    )
    return Output.unsecret(found.kubeconfigs.apply(lambda given: _with_log_in(base64.b64decode(given[0].value).decode())))


def _with_log_in(given: str) -> str:
    document: dict[str, Any] = yaml.safe_load(given)
    cluster = document["clusters"][0]
    name = cluster["name"]
    log_in = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": ["get-token", "--server-id", _AKS_SERVER_APPLICATION, "--login", "azurecli"],
        "provideClusterInfo": False,
        "installHint": "kubelogin logs in to AKS: https://azure.github.io/kubelogin",
    }
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [cluster],
            "users": [{"name": name, "user": {"exec": log_in}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        },
        sort_keys=True,
    )
