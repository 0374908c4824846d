"""How kubectl and Pulumi log in to an EKS cluster."""

from typing import Any

from pulumi import Input, Output


def kubeconfig(name: Input[str], endpoint: Input[str], certificate: Input[str], region: str) -> Output[str]:
    """A kubeconfig that asks the AWS CLI for a token with whatever credentials are at hand. It holds no secret.

    certificate: of the API, as base64. Source: Amazon EKS User Guide, "Connect kubectl to an EKS cluster by creating a kubeconfig file".
    """
    known = Output.all(name=name, endpoint=endpoint, certificate=certificate)
    return Output.json_dumps(known.apply(lambda given: _document(given["name"], given["endpoint"], given["certificate"], region)))


def _document(name: str, endpoint: str, certificate: str, region: str) -> dict[str, Any]:
    log_in = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
        "interactiveMode": "IfAvailable",
        "provideClusterInfo": False,
        "installHint": "the AWS CLI logs in to EKS: https://docs.aws.amazon.com/cli",
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": endpoint, "certificate-authority-data": certificate}}],
        "users": [{"name": name, "user": {"exec": log_in}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
