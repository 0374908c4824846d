"""Provider instances: one per connection of the engine, each with its own account, project, region or cluster."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml
from grpc import StatusCode

from rehearsal.context import CloudContext
from rehearsal.errors import CloudError
from rehearsal.values import Values, as_map, as_text, lookup


@dataclass(frozen=True)
class Instance:
    """A configured provider: its package, its configuration and who it is in the cloud."""

    package: str
    config: Values
    context: CloudContext
    cluster: str = ""

    def context_for(self, inputs: Values) -> CloudContext:
        """Give the context of one resource: aws takes `region`, gcp `project`, `region` and `zone` from the resource."""
        return _CONTEXT_FOR[self.package](self.context, inputs)

    def check_project(self, schema_inputs: Collection[str], inputs: Values) -> None:
        """Raises CloudError for a gcp resource that belongs to a project when neither it nor the provider names one."""
        if self.package != "gcp" or "project" not in schema_inputs or self.context_for(inputs).gcp_project:
            return
        message = "project: required field is not set; run `pulumi config set gcp:project PROJECT` or give the resource a project"
        raise CloudError(StatusCode.INVALID_ARGUMENT, message)

    def place_for(self, inputs: Values) -> str:
        """Give the account, project, subscription or cluster and region in which the resource's id is unique."""
        context = self.context_for(inputs)
        if self.package == "aws":
            return f"{context.aws_account}/{context.aws_region}"
        if self.package == "gcp":
            return f"{context.gcp_project}/{self.region_for(inputs)}"
        if self.package == "azure-native":
            return f"{context.azure_subscription}/{self.region_for(inputs)}"
        return f"cluster/{self.cluster}"

    def uniqueness(self, key: tuple[str, ...] | None) -> str | None:
        """Give a unique name's key as text; Kubernetes names are unique within their cluster."""
        if key is None:
            return None
        return "\0".join((self.cluster, *key) if self.package == "kubernetes" else key)

    def region_for(self, inputs: Values) -> str:
        """Give the region or location that a resource is in."""
        context = self.context_for(inputs)
        if self.package == "aws":
            return context.aws_region
        if self.package == "gcp":
            return as_text(inputs.get("location")) or context.gcp_region
        if self.package == "azure-native":
            return (as_text(inputs.get("location")) or context.azure_location).replace(" ", "").lower()
        return ""


def instance(package: str, config: Values) -> Instance:
    """Give the provider instance of a configuration, completed from the variables that the cloud's own tools read.

    Raises CloudError when AWS has no region: the real provider stops there too.
    """
    if package == "kubernetes":
        context = CloudContext(kubernetes_namespace=as_text(config.get("namespace")) or CloudContext.kubernetes_namespace)
        return Instance(package, config, context, _cluster(config))
    found = {field: _first(config, key, variables) for field, (key, variables) in _SOURCES.get(package, {}).items()}
    context = replace(CloudContext(gcp_project=""), **{field: text for field, text in found.items() if text})
    if package == "aws":
        context = _with_role(_with_region(context, found["aws_region"]), config)
    return Instance(package, config, context)


# Configuration key and environment variables, in order. From the providers' installation and configuration pages.
_SOURCES: Final[Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]]] = {
    "aws": {"aws_region": ("region", ("AWS_REGION", "AWS_DEFAULT_REGION"))},
    "gcp": {
        "gcp_project": ("project", ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT")),
        "gcp_region": ("region", ("GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION")),
        "gcp_zone": ("zone", ("GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE")),
    },
    "azure-native": {
        "azure_subscription": ("subscriptionId", ("ARM_SUBSCRIPTION_ID",)),
        "azure_tenant": ("tenantId", ("ARM_TENANT_ID",)),
        "azure_location": ("location", ("ARM_LOCATION_NAME",)),
    },
}


def _first(config: Values, key: str, variables: tuple[str, ...]) -> str | None:
    configured = as_text(config.get(key))
    return configured or next((os.environ[name] for name in variables if os.environ.get(name)), None)


def _with_region(context: CloudContext, region: str | None) -> CloudContext:
    if not region:
        message = "aws: no region is set; run `pulumi config set aws:region REGION`, pass region to the provider or set AWS_REGION"
        raise CloudError(StatusCode.FAILED_PRECONDITION, message)
    return replace(context, aws_region=region)


def _with_role(context: CloudContext, config: Values) -> CloudContext:
    """Give the context of the account whose role the provider assumes: the fifth part of the role's ARN."""
    role = as_text(lookup(config, ("assumeRoles", 0, "roleArn"))) or ""
    account = role.split(":")[4] if role.count(":") >= 5 else ""
    return replace(context, aws_account=account) if account else context


def _aws_context(context: CloudContext, inputs: Values) -> CloudContext:
    region = as_text(inputs.get("region"))
    return replace(context, aws_region=region) if region else context


def _gcp_context(context: CloudContext, inputs: Values) -> CloudContext:
    given = {
        "gcp_project": as_text(inputs.get("project")),
        "gcp_region": as_text(inputs.get("region")),
        "gcp_zone": as_text(inputs.get("zone")),
    }
    if given["gcp_zone"] and not given["gcp_region"]:
        given["gcp_region"] = given["gcp_zone"].rsplit("-", 1)[0]
    return replace(context, **{field: text for field, text in given.items() if text})


def _same_context(context: CloudContext, inputs: Values) -> CloudContext:
    return context


_CONTEXT_FOR: Final[Mapping[str, Callable[[CloudContext, Values], CloudContext]]] = {
    "aws": _aws_context,
    "gcp": _gcp_context,
    "azure-native": _same_context,
    "kubernetes": _same_context,
}


def _cluster(config: Values) -> str:
    """Give a name for the cluster that a kubeconfig reaches: its server's address, so that a new token is no new cluster."""
    text = as_text(config.get("kubeconfig"))
    if not text:
        return as_text(config.get("context")) or as_text(config.get("cluster")) or "current"
    try:
        kubeconfig: Any = yaml.safe_load(text)
    except yaml.YAMLError:
        kubeconfig = None
    clusters = as_map(kubeconfig).get("clusters")
    server = as_text(lookup(clusters, (0, "cluster", "server")))
    return server or hashlib.sha256(text.encode()).hexdigest()[:12]
