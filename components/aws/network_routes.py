"""How traffic leaves a network: public subnets through the internet gateway, private ones through NAT gateways or not at all."""

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Resource, ResourceOptions

from components.aws.network_spec import NetworkSpec
from plan.model import NatPlan

_EVERYWHERE = "0.0.0.0/0"


def public_routes(spec: NetworkSpec, vpc: aws.ec2.Vpc, public: Mapping[str, aws.ec2.Subnet]) -> aws.ec2.Route | None:
    """An internet gateway and the way to it from the public subnets; None where there are none, and so no way to the internet."""
    if not public:
        return None
    gateway = aws.ec2.InternetGateway(
        f"{spec.name}-internet", vpc_id=vpc.id, region=spec.place.region, tags=spec.tags("internet"), opts=spec.opts
    )
    table = _table(spec, vpc, "public")
    for name, subnet in public.items():
        _associate(spec, name, subnet, table)
    return aws.ec2.Route(
        f"{spec.name}-public-route",
        route_table_id=table.id,
        destination_cidr_block=_EVERYWHERE,
        gateway_id=gateway.id,
        region=spec.place.region,
        opts=spec.opts,
    )


def route_out(
    spec: NetworkSpec,
    vpc: aws.ec2.Vpc,
    private: Mapping[str, aws.ec2.Subnet],
    public: Mapping[str, aws.ec2.Subnet],
    internet: aws.ec2.Route | None,
) -> tuple[list[aws.ec2.RouteTable], list[Resource]]:
    """A route table for each private subnet, with the way out through its zone's NAT gateway, else the first.

    Gives the tables, and what must be there before anything in the subnets gets out.
    """
    gateways = {nat.zone: _nat(spec, nat, public, internet) for nat in spec.plan.nats}
    tables: list[aws.ec2.RouteTable] = []
    routes: list[Resource] = []
    for plan in spec.plan.private_subnets:
        table = _table(spec, vpc, plan.name)
        tables.append(table)
        routes.append(_associate(spec, plan.name, private[plan.name], table))
        gateway = gateways.get(plan.zone) or next(iter(gateways.values()), None)
        if gateway:
            routes.append(_out(spec, plan.name, table, gateway))
    return tables, routes


def _nat(spec: NetworkSpec, plan: NatPlan, public: Mapping[str, aws.ec2.Subnet], internet: aws.ec2.Route | None) -> aws.ec2.NatGateway:
    # Both want the internet gateway there, which neither names.
    attached = ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[internet] if internet else None))
    address = aws.ec2.Eip(
        f"{spec.name}-{plan.name}-address",
        domain="vpc",
        region=spec.place.region,
        tags=spec.tags(f"{plan.name}-address"),
        opts=attached,
    )
    subnet = next(subnet.name for subnet in spec.plan.public_subnets if subnet.zone == plan.zone)
    return aws.ec2.NatGateway(
        f"{spec.name}-{plan.name}",
        allocation_id=address.id,
        subnet_id=public[subnet].id,
        region=spec.place.region,
        tags=spec.tags(plan.name),
        opts=attached,
    )


def _out(spec: NetworkSpec, subnet: str, table: aws.ec2.RouteTable, gateway: aws.ec2.NatGateway) -> aws.ec2.Route:
    return aws.ec2.Route(
        f"{spec.name}-{subnet}-route",
        route_table_id=table.id,
        destination_cidr_block=_EVERYWHERE,
        nat_gateway_id=gateway.id,
        region=spec.place.region,
        opts=spec.opts,
    )


def _table(spec: NetworkSpec, vpc: aws.ec2.Vpc, role: str) -> aws.ec2.RouteTable:
    return aws.ec2.RouteTable(f"{spec.name}-{role}-routes", vpc_id=vpc.id, region=spec.place.region, tags=spec.tags(role), opts=spec.opts)


def _associate(spec: NetworkSpec, name: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable) -> Resource:
    return aws.ec2.RouteTableAssociation(
        f"{spec.name}-{name}-association", subnet_id=subnet.id, route_table_id=table.id, region=spec.place.region, opts=spec.opts
    )
