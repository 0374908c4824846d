"""How kubectl and Pulumi log in to a GKE cluster."""

import yaml
from pulumi import Input, Output


def kubeconfig(name: Input[str], address: Input[str], certificate: Input[str]) -> Output[str]:
    """A kubeconfig that logs in through gke-gcloud-auth-plugin with whatever Google credentials are at hand. It holds no secret.

    address: of the API, without a scheme. certificate: of the API's authority, in base64.
    """
    return Output.unsecret(Output.all(name, address, certificate).apply(lambda given: _written(*given)))


def _written(name: str, address: str, certificate: str) -> str:
    log_in = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "gke-gcloud-auth-plugin",
        "provideClusterInfo": True,
        "interactiveMode": "IfAvailable",
        "installHint": "gke-gcloud-auth-plugin logs in to GKE: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl",
    }
    cluster = {"server": f"https://{address}", "certificate-authority-data": certificate}
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": name, "user": {"exec": log_in}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        },
        sort_keys=True,
    )
