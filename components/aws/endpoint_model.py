"""Model versions as SageMaker knows them: an image, an artifact and a role, which never change."""

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from components.aws.endpoint_access import execution_role
from components.aws.endpoint_spec import EndpointSpec
from components.contract import NetworkOutputs
from plan.model import ModelVersionPlan, VariantPlan

_HTTPS = 443
_ARCHIVE = ".tar.gz"


def model(spec: EndpointSpec, variant: VariantPlan, group: aws.ec2.SecurityGroup | None) -> aws.sagemaker.Model:
    """One model version. It is called by the version, not by its part in the endpoint, and so stays when a canary is promoted."""
    role, policy = execution_role(spec, variant)
    network = spec.on.network
    return aws.sagemaker.Model(
        f"{variant.name}-model",
        execution_role_arn=role.arn,
        primary_container=_container(spec, variant),
        vpc_config=_inside(network, group) if network and group else None,
        enable_network_isolation=None if network else _needs_no_network(variant.model),
        region=spec.on.place.region,
        tags=spec.plan.labels,
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[policy])),
    )


def security_group(spec: EndpointSpec) -> aws.ec2.SecurityGroup | None:
    """The group of the endpoint's containers: HTTPS out, to where artifacts and images lie, and nothing in; None without a network.

    Calls come in by SageMaker, not by the network.
    """
    if spec.on.network is None:
        return None
    name = f"{spec.name}-containers"
    group = aws.ec2.SecurityGroup(
        name,
        description=f"Containers of the endpoint {spec.name}",
        vpc_id=spec.on.network["id"],
        region=spec.on.place.region,
        tags=spec.tags("containers"),
        opts=spec.opts,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-https",
        security_group_id=group.id,
        description="Artifacts and images",
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        cidr_ipv4="0.0.0.0/0",
        region=spec.on.place.region,
        tags=spec.tags("containers-https"),
        opts=spec.opts,
    )
    return group


def _inside(network: NetworkOutputs, group: aws.ec2.SecurityGroup) -> aws.sagemaker.ModelVpcConfigArgs:
    return aws.sagemaker.ModelVpcConfigArgs(subnets=network["privateSubnets"], security_group_ids=[group.id])


def _needs_no_network(model: ModelVersionPlan) -> bool:
    """SageMaker itself fetches what lies on S3; a container that fetches its model from elsewhere must get there."""
    artifact = model.artifact
    return artifact is None or artifact.bucket is not None or artifact.path.startswith("s3://")


def _container(spec: EndpointSpec, variant: VariantPlan) -> aws.sagemaker.ModelPrimaryContainerArgs:
    return aws.sagemaker.ModelPrimaryContainerArgs(
        image=spec.image_address(variant),
        environment=dict(variant.model.env) or None,
        model_data_source=_data(spec, variant.model) if variant.model.artifact and _needs_no_network(variant.model) else None,
    )


def _data(spec: EndpointSpec, model: ModelVersionPlan) -> aws.sagemaker.ModelPrimaryContainerModelDataSourceArgs:
    """The artifact: an archive, or every file under a prefix. Source: Amazon SageMaker API, S3ModelDataSource."""
    assert model.artifact is not None
    archive = model.artifact.path.endswith(_ARCHIVE)
    address = spec.artifact_address(model.artifact)
    source = aws.sagemaker.ModelPrimaryContainerModelDataSourceS3DataSourceArgs(
        s3_uri=address if archive else Output.concat(address.apply(lambda text: text.rstrip("/")), "/"),
        s3_data_type="S3Object" if archive else "S3Prefix",
        compression_type="Gzip" if archive else "None",
    )
    return aws.sagemaker.ModelPrimaryContainerModelDataSourceArgs(s3_data_sources=[source])
