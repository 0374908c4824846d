"""Cheaper ways out: one NAT gateway outside prod, endpoints beside it, no copies across regions that nobody asked for."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalogue.catalogue import Catalogue
from costs.model import Estimate
from costs.money import Band
from costs.recommend.capacity import is_outside_prod
from costs.recommend.model import Change
from costs.recommend.rewrite import without
from costs.resource import Program, Resource
from costs.usage import Usage

_NAT = ("aws:ec2/natGateway:NatGateway", "azure-native:network:NatGateway")
_REPLICATION = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)
# How much of a private network's outgoing traffic is for the cloud's own storage and registry is not known before it runs.
_TO_OWN_SERVICES = Decimal("0.5")


def network_changes(program: Program, found: Estimate, catalogue: Catalogue) -> Iterator[Change]:
    """One NAT gateway instead of several outside prod; a gateway endpoint for S3 beside a NAT; replication switched off."""
    extra = [each for kind in _NAT for each in program.of_type(kind)[1:] if is_outside_prod(program, each)]
    if extra:
        yield _one_gateway(program, extra)
    gateways = program.of_type(_NAT[0])
    if gateways and not program.of_type("aws:ec2/vpcEndpoint:VpcEndpoint"):
        yield _endpoint(program, gateways, found)
    for replication in (each for kind in _REPLICATION for each in program.of_type(kind)):
        yield Change(
            urn=replication.urn,
            aspect="replication",
            title="no second copy in another region",
            program=without(program, replication.urn),
            risk="high: a lost region is lost data",
            effort="low: leave the replication out",
        )


def _one_gateway(program: Program, extra: Sequence[Resource]) -> Change:
    return Change(
        urn=extra[0].urn,
        aspect="nat",
        title=f"one NAT gateway for all zones: drop {', '.join(each.name for each in extra)}",
        program=without(program, *(each.urn for each in extra)),
        also=frozenset(each.urn for kind in _NAT for each in program.of_type(kind)),
        risk="low outside prod: if its zone fails the others lose their way out",
        effort="low: route the zones' tables to the other gateway",
    )


def _endpoint(program: Program, gateways: Sequence[Resource], found: Estimate) -> Change:
    def past_the_gateways(usage: Usage) -> Usage:
        entries = {each.urn: _less(each.urn, usage, found) for each in gateways}
        return Usage({**usage.entries, **entries}, usage.name, usage.traffic)

    return Change(
        urn=gateways[0].urn,
        aspect="endpoint",
        title=f"a gateway endpoint for S3, which is free: {_TO_OWN_SERVICES:.0%} of the traffic is taken to be for it",
        program=program,
        risk="low: traffic to S3 stays inside the cloud",
        effort="low: one endpoint and its routes",
        usage=past_the_gateways,
        also=frozenset(each.urn for each in gateways),
    )


def _less(urn: str, usage: Usage, found: Estimate) -> dict[str, Band]:
    """The gateway's usage with so much less passing through it."""
    told = dict(usage.entries.get(urn, {}))
    through = told.get("processedGibPerMonth") or _processed(found, urn)
    return {**told, "processedGibPerMonth": through * (1 - _TO_OWN_SERVICES)} if through else told


def _processed(found: Estimate, urn: str) -> Band | None:
    for line in found.lines:
        for factor in line.factors:
            if line.urn == urn and factor.words.startswith("processedGibPerMonth"):
                return factor.amount
    return None
