"""How AWS's own services are reached without leaving the network."""

from collections.abc import Sequence

import pulumi_aws as aws

from components.aws.network_spec import NetworkSpec

_HTTPS = 443


def gateway_endpoints(spec: NetworkSpec, vpc: aws.ec2.Vpc, tables: Sequence[aws.ec2.RouteTable]) -> list[aws.ec2.VpcEndpoint]:
    """The plan's gateways, in the route tables of the private subnets."""
    return [
        aws.ec2.VpcEndpoint(
            f"{spec.name}-{each.name}",
            vpc_id=vpc.id,
            service_name=each.service,
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables],
            region=spec.place.region,
            tags=spec.tags(each.name),
            opts=spec.opts,
        )
        for each in spec.plan.private_endpoints
        if each.kind == "gateway"
    ]


def interface_endpoints(spec: NetworkSpec, vpc: aws.ec2.Vpc, subnets: Sequence[aws.ec2.Subnet]) -> list[aws.ec2.VpcEndpoint]:
    """The plan's interfaces, in the private subnets behind a security group of their own."""
    wanted = [each for each in spec.plan.private_endpoints if each.kind == "interface"]
    if not wanted:
        return []
    group = _security_group(spec, vpc)
    return [
        aws.ec2.VpcEndpoint(
            f"{spec.name}-{each.name}",
            vpc_id=vpc.id,
            service_name=each.service,
            vpc_endpoint_type="Interface",
            # The service's public name then leads to the endpoint: nobody has to know of it.
            private_dns_enabled=True,
            subnet_ids=[subnet.id for subnet in subnets],
            security_group_ids=[group.id],
            region=spec.place.region,
            tags=spec.tags(each.name),
            opts=spec.opts,
        )
        for each in wanted
    ]


def _security_group(spec: NetworkSpec, vpc: aws.ec2.Vpc) -> aws.ec2.SecurityGroup:
    role = "endpoints-security-group"
    group = aws.ec2.SecurityGroup(
        f"{spec.name}-{role}",
        description="Endpoints of AWS services: HTTPS from inside the network",
        vpc_id=vpc.id,
        region=spec.place.region,
        tags=spec.tags(role),
        opts=spec.opts,
    )
    aws.vpc.SecurityGroupIngressRule(
        f"{spec.name}-endpoints-https",
        security_group_id=group.id,
        description="HTTPS from inside the network",
        ip_protocol="tcp",
        from_port=_HTTPS,
        to_port=_HTTPS,
        cidr_ipv4=spec.plan.cidr,
        region=spec.place.region,
        tags=spec.tags("endpoints-https"),
        opts=spec.opts,
    )
    return group
