"""As whom the pods of an endpoint in an EKS cluster read their models."""

import re
from collections.abc import Sequence

import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from components.aws.cluster import ClusterFacts
from components.aws.place import Place
from components.aws.role import Statement, document, pod_role
from components.contract import DeploymentOutputs
from components.kubernetes.endpoint_spec import CloudIdentity, account_name
from components.kubernetes.model_download import needs_identity
from plan.model import ArtifactPlan, EndpointPlan, VariantPlan

_S3 = re.compile(r"^s3://(?P<bucket>[^/]+)/(?P<path>.*)$")


def endpoint_identity(plan: EndpointPlan, built: DeploymentOutputs, *, cluster: ClusterFacts, place: Place) -> CloudIdentity:
    """A role for the endpoint's pods alone, which may read each version's files and nothing else; none where they read none of AWS.

    Source: Amazon EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services".
    """
    reading = [variant for variant in plan.variants if needs_identity(variant.model.artifact, "aws")]
    if not reading:
        return CloudIdentity()
    opts = ResourceOptions()
    role = pod_role(f"{plan.name}-pods", cluster.arn, plan.namespace, account_name(plan), labels=plan.labels, opts=opts)
    policies = [_policy(variant, role, built, place, opts) for variant in reading]
    association = aws.eks.PodIdentityAssociation(
        f"{plan.name}-pods",
        cluster_name=cluster.name,
        namespace=plan.namespace,
        service_account=account_name(plan),
        role_arn=role.arn,
        region=place.region,
        tags=plan.labels,
        opts=ResourceOptions(depends_on=list(cluster.ready)),
    )
    ready: Sequence[Resource] = [*policies, association]
    return CloudIdentity(ready=ready)


def _policy(variant: VariantPlan, role: aws.iam.Role, built: DeploymentOutputs, place: Place, opts: ResourceOptions) -> Resource:
    """What one version's pods may do: a policy of its own, so that an old version keeps it until it is gone."""
    artifact = variant.model.artifact
    assert artifact is not None
    statements = Output.all(_address(artifact, built), place.partition, _key(artifact, built)).apply(
        lambda told: document(_reading(told[0] or "", told[1] or "", told[2]))
    )
    return aws.iam.RolePolicy(f"{variant.name}-pods", role=role.name, policy=Output.json_dumps(statements), opts=opts)


def _address(artifact: ArtifactPlan, built: DeploymentOutputs) -> Output[str]:
    if artifact.bucket is None:
        return Output.from_input(artifact.path)
    return Output.concat(built.get("storage", {})[artifact.bucket]["url"], "/", artifact.path)


def _key(artifact: ArtifactPlan, built: DeploymentOutputs) -> Output[str | None]:
    return built.get("storage", {})[artifact.bucket]["encryptionKey"] if artifact.bucket else Output.from_input(None)


def _reading(address: str, partition: str, key: str | None) -> list[Statement]:
    found = _S3.match(address)
    assert found is not None, address
    bucket, path = f"arn:{partition}:s3:::{found['bucket']}", found["path"].rstrip("/")
    prefixes = [path, f"{path}/*"]
    listing: Statement = {
        "Sid": "ListModel",
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": [bucket],
        "Condition": {"StringLike": {"s3:prefix": prefixes}},
    }
    objects: Statement = {
        "Sid": "ReadModel",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": [f"{bucket}/{prefix}" for prefix in prefixes],
    }
    decrypting: Statement = {"Sid": "DecryptModel", "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": [key]}
    return [listing, objects, *([decrypting] if key else [])]
