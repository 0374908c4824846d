"""As whom the pods of an endpoint in a GKE cluster read their models."""

import pulumi_gcp as gcp
from pulumi import Input, Output

from components.contract import DeploymentOutputs
from components.gcp.project import current_project
from components.kubernetes.endpoint_spec import CloudIdentity, account_name
from plan.model import EndpointPlan

_READER = "roles/storage.objectViewer"


def endpoint_identity(plan: EndpointPlan, built: DeploymentOutputs, *, workload_pool: Input[str]) -> CloudIdentity:
    """Lets the endpoint's service account read the buckets of its models, with no account of Google's between.

    The role is on the whole bucket: what lists a prefix is granted on the bucket, which no condition on objects' names can cut.
    Source: Google Cloud, "Authenticate to Google Cloud APIs from GKE workloads", principal identifiers.
    """
    artifacts = [variant.model.artifact for variant in plan.variants]
    buckets = sorted({artifact.bucket for artifact in artifacts if artifact and artifact.bucket})
    if not buckets:
        return CloudIdentity()
    member = Output.concat(
        "principal://iam.googleapis.com/projects/",
        current_project(None).number,
        "/locations/global/workloadIdentityPools/",
        workload_pool,
        f"/subject/ns/{plan.namespace}/sa/{account_name(plan)}",
    )
    grants = [
        gcp.storage.BucketIAMMember(
            f"{plan.name}-reads-{bucket}", bucket=built.get("storage", {})[bucket]["name"], role=_READER, member=member
        )
        for bucket in buckets
    ]
    return CloudIdentity(ready=grants)
