"""What a model's container may do, and who may call the endpoint."""

import re
from collections.abc import Sequence

import pulumi_aws as aws
from pulumi import Output, Resource

from components.aws.endpoint_spec import EndpointSpec
from components.aws.role import Statement, document
from plan.model import VariantPlan

_OURS = re.compile(r"^(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<repository>[^@:]+)")
_S3 = re.compile(r"^s3://(?P<bucket>[^/]+)/(?P<path>.*)$")
_PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
_LOG = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
# Amazon SageMaker Developer Guide, "SageMaker roles": CreateModel API, execution role permissions with a VPC.
_INTERFACES = [
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
]


def execution_role(spec: EndpointSpec, variant: VariantPlan) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """The role that SageMaker takes for one model version: its artifact, its image, its logs, what is captured, and no more.

    Whoever uses the role waits for the policy: before it the role may do nothing.
    """
    trust = document([{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}])
    name = f"{variant.name}-role"
    role = aws.iam.Role(name, assume_role_policy=Output.json_dumps(trust), tags=spec.plan.labels, opts=spec.opts)
    statements = Output.all(_watching(spec), _image(spec, variant), _artifact(spec, variant), *_written(spec))
    policy = statements.apply(lambda found: document([statement for part in found for statement in part]))
    return role, aws.iam.RolePolicy(name, role=role.name, policy=Output.json_dumps(policy), opts=spec.opts)


def _watching(spec: EndpointSpec) -> Output[list[Statement]]:
    place = spec.on.place
    group = Output.concat("arn:", place.partition, ":logs:", place.region, ":", place.account, ":log-group:/aws/sagemaker/Endpoints/")
    metrics = _allow("WriteMetrics", ["cloudwatch:PutMetricData"], ["*"])
    metrics["Condition"] = {"StringEquals": {"cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/Endpoints"]}}
    common = [metrics, *([_allow("JoinTheNetwork", _INTERFACES, ["*"])] if spec.on.network else [])]
    return group.apply(lambda arn: [_allow("WriteLogs", _LOG, [f"{arn}{spec.endpoint_name}", f"{arn}{spec.endpoint_name}:*"]), *common])


def _image(spec: EndpointSpec, variant: VariantPlan) -> Output[list[Statement]]:
    def pulling(image: str, partition: str) -> list[Statement]:
        found = _OURS.match(image)
        if found is None:
            return []
        arn = f"arn:{partition}:ecr:{found['region']}:{found['account']}:repository/{found['repository']}"
        return [_allow("SignInToRegistries", ["ecr:GetAuthorizationToken"], ["*"]), _allow("PullImage", _PULL, [arn])]

    return Output.all(spec.image_address(variant), spec.on.place.partition).apply(lambda found: pulling(*found))


def _artifact(spec: EndpointSpec, variant: VariantPlan) -> Output[list[Statement]]:
    artifact = variant.model.artifact
    if artifact is None:
        return Output.from_input([])
    key = spec.on.buckets[artifact.bucket]["encryptionKey"] if artifact.bucket else Output.from_input(None)

    def reading(address: str, partition: str, key: str | None) -> list[Statement]:
        found = _S3.match(address)
        if found is None:
            return []
        bucket, path = f"arn:{partition}:s3:::{found['bucket']}", found["path"].rstrip("/")
        listing = _allow("ListArtifact", ["s3:ListBucket"], [bucket])
        listing["Condition"] = {"StringLike": {"s3:prefix": [path, f"{path}/*"]}}
        objects = _allow("ReadArtifact", ["s3:GetObject"], [f"{bucket}/{path}", f"{bucket}/{path}/*"])
        return [listing, objects, *([_allow("DecryptArtifact", ["kms:Decrypt"], [key])] if key else [])]

    told = Output.all(spec.artifact_address(artifact), spec.on.place.partition, key)
    return told.apply(lambda found: reading(found[0] or "", found[1] or "", found[2]))


def _written(spec: EndpointSpec) -> Sequence[Output[list[Statement]]]:
    plan = spec.plan
    capture = [_writing(spec, "Capture", plan.capture.bucket, plan.capture.prefix)] if plan.capture else []
    answers = [_writing(spec, "Answers", plan.asynchronous.bucket, plan.asynchronous.prefix)] if plan.asynchronous else []
    return [*capture, *answers]


def _writing(spec: EndpointSpec, what: str, bucket: str, prefix: str) -> Output[list[Statement]]:
    def writing(arn: str, key: str | None) -> list[Statement]:
        objects = _allow(f"Write{what}", ["s3:PutObject"], [f"{arn}/{prefix.rstrip('/')}/*"])
        return [objects, *([_allow(f"Encrypt{what}", ["kms:Decrypt", "kms:GenerateDataKey"], [key])] if key else [])]

    found = spec.on.buckets[bucket]
    return Output.all(found["resourceId"], found["encryptionKey"]).apply(lambda both: writing(both[0] or "", both[1]))


def caller_policy(spec: EndpointSpec, endpoint: aws.sagemaker.Endpoint) -> aws.iam.Policy:
    """A policy that lets whoever has it call this endpoint; from inside the network alone where that has a way to it."""
    network = spec.on.network["id"] if spec.on.network and spec.on.private_runtime and not spec.plan.access.public else None
    actions = ["sagemaker:InvokeEndpointAsync"] if spec.plan.asynchronous else ["sagemaker:InvokeEndpoint"]
    if not spec.plan.asynchronous:
        actions.append("sagemaker:InvokeEndpointWithResponseStream")

    def calling(arn: str, vpc: str | None) -> dict[str, object]:
        statement = _allow("CallEndpoint", actions, [arn])
        return document([{**statement, "Condition": {"StringEquals": {"aws:SourceVpc": vpc}}} if vpc else statement])

    policy = Output.all(endpoint.arn, network).apply(lambda found: calling(found[0] or "", found[1]))
    description = f"Calls the endpoint {spec.name}"
    name = f"{spec.name}-callers"
    return aws.iam.Policy(name, description=description, policy=Output.json_dumps(policy), tags=spec.tags("callers"), opts=spec.opts)


def let_members_call(spec: EndpointSpec, policy: aws.iam.Policy) -> list[Resource]:
    """The policy on each of the plan's members: roles, by name or ARN, and users by ARN."""
    return [_member(spec, member, policy) for member in spec.plan.access.members]


def _member(spec: EndpointSpec, member: str, policy: aws.iam.Policy) -> Resource:
    name = member.rpartition("/")[2]
    logical = f"{spec.name}-caller-{name}"
    if ":user/" in member:
        return aws.iam.UserPolicyAttachment(logical, user=name, policy_arn=policy.arn, opts=spec.opts)
    return aws.iam.RolePolicyAttachment(logical, role=name, policy_arn=policy.arn, opts=spec.opts)


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
