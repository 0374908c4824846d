"""As whom an endpoint of Vertex AI acts, and who may call it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import Output, Resource, ResourceOptions

from components.contract import BucketOutputs
from components.gcp.project import Project
from plan.model import EndpointPlan

# Calling and nothing else: roles/aiplatform.user may also undeploy and delete. Source: Vertex AI, "Access control with IAM", custom roles.
_CALL = ("aiplatform.endpoints.predict",)
_READ = "roles/storage.objectViewer"


@dataclass(frozen=True, kw_only=True)
class ServingIdentity:
    """The service account of an endpoint's containers, which may do its work once `grants` are there."""

    email: Output[str]
    grants: Sequence[Resource]


def serving_identity(name: str, plan: EndpointPlan, buckets: Mapping[str, BucketOutputs], opts: ResourceOptions) -> ServingIdentity:
    """A service account for this endpoint's containers alone, which may read the buckets that their models lie in, and nothing else."""
    account = gcp.serviceaccount.Account(f"{name}-serving", display_name=f"Containers of the endpoint {name}", opts=opts)
    used = {variant.model.artifact.bucket for variant in plan.variants if variant.model.artifact and variant.model.artifact.bucket}
    grants = [
        gcp.storage.BucketIAMMember(
            f"{name}-reads-{bucket}",
            bucket=buckets[bucket]["name"],
            role=_READ,
            member=Output.concat("serviceAccount:", account.email),
            opts=opts,
        )
        for bucket in sorted(used)
    ]
    return ServingIdentity(email=account.email, grants=grants)


def admit_callers(
    name: str, plan: EndpointPlan, *, endpoint: gcp.vertex.AiEndpoint, project: Project, region: str, opts: ResourceOptions
) -> None:
    """Let the plan's members call this endpoint, and do nothing else with it."""
    if not plan.access.members:
        return
    role = gcp.projects.IAMCustomRole(
        f"{name}-caller",
        role_id=endpoint.name.apply(lambda number: f"endpoint_caller_{number}"),
        title=f"Callers of the endpoint {name}",
        permissions=list(_CALL),
        opts=opts,
    )
    for member in plan.access.members:
        gcp.vertex.AiEndpointIamMember(
            f"{name}-called-by-{member}",
            endpoint=endpoint.name,
            location=region,
            project=project.id,
            role=role.name,
            member=member,
            opts=opts,
        )
