"""Three zones: a public and a private subnet in each, and a way out of each private one."""

import pulumi
import pulumi_aws as aws

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


class Network(pulumi.ComponentResource):
    """A VPC whose private subnets each have a NAT gateway of their own, so that a lost zone takes no other zone's way out with it."""

    def __init__(self, name: str, cidr: str) -> None:
        super().__init__("inference:network:Network", name)
        self._inside = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc(name, cidr_block=f"{cidr}.0.0/16", enable_dns_hostnames=True, tags={"Name": name}, opts=self._inside)
        gateway = aws.ec2.InternetGateway(name, vpc_id=self.vpc.id, opts=self._inside)
        routes: list[aws.ec2.RouteTableRouteArgs] = [aws.ec2.RouteTableRouteArgs(cidr_block="0.0.0.0/0", gateway_id=gateway.id)]
        self._way_in = aws.ec2.RouteTable(f"{name}-public", vpc_id=self.vpc.id, routes=routes, opts=self._inside)
        subnets = [
            self._zone(f"{name}-{zone[-1]}", zone, f"{cidr}.{number}", f"{cidr}.{100 + number}") for number, zone in enumerate(ZONES)
        ]
        self.public = [public.id for public, _ in subnets]
        self.private = [private.id for _, private in subnets]
        self.register_outputs({"vpc": self.vpc.id})

    def _zone(self, name: str, zone: str, outer: str, inner: str) -> tuple[aws.ec2.Subnet, aws.ec2.Subnet]:
        public, private = self._subnet(f"{name}-public", zone, outer), self._subnet(f"{name}-private", zone, inner)
        aws.ec2.RouteTableAssociation(f"{name}-public", subnet_id=public.id, route_table_id=self._way_in.id, opts=self._inside)
        address = aws.ec2.Eip(f"{name}-nat", domain="vpc", opts=self._inside)
        nat = aws.ec2.NatGateway(name, subnet_id=public.id, allocation_id=address.id, opts=self._inside)
        routes = [aws.ec2.RouteTableRouteArgs(cidr_block="0.0.0.0/0", nat_gateway_id=nat.id)]
        table = aws.ec2.RouteTable(f"{name}-private", vpc_id=self.vpc.id, routes=routes, opts=self._inside)
        aws.ec2.RouteTableAssociation(f"{name}-private", subnet_id=private.id, route_table_id=table.id, opts=self._inside)
        return public, private

    def _subnet(self, name: str, zone: str, prefix: str) -> aws.ec2.Subnet:
        return aws.ec2.Subnet(name, vpc_id=self.vpc.id, cidr_block=f"{prefix}.0/24", availability_zone=zone, opts=self._inside)
