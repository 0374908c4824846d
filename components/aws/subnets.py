"""The subnets that nodes may stand in, asked for by zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi_aws as aws
from pulumi import Input, InvokeOptions, Output


class NodeSubnets(Protocol):
    """Private subnets, of which each pool takes those of its zones."""

    def inside(self, zones: Sequence[str]) -> Input[Sequence[Input[str]]]:
        """The ids of the subnets in these zones; of all where no zone is named."""
        ...


@dataclass(frozen=True)
class OwnSubnets:
    """The subnets of a network of ours: ids by zone."""

    by_zone: Mapping[str, Output[str]]

    def inside(self, zones: Sequence[str]) -> list[Input[str]]:
        """The ids of the subnets in these zones; of all where no zone is named."""
        return [found for zone, found in self.by_zone.items() if not zones or zone in zones]


@dataclass(frozen=True)
class FoundSubnets:
    """Subnets that were there already: ids whose zones are looked up."""

    ids: Output[Sequence[str]]
    region: str
    lookup: InvokeOptions

    def inside(self, zones: Sequence[str]) -> Output[Sequence[str]]:
        """The ids of the subnets in these zones; of all where no zone is named."""
        found = self.ids.apply(lambda ids: Output.all(*(self._subnet(each) for each in ids)))
        return found.apply(lambda subnets: [each.id for each in subnets if not zones or each.availability_zone in zones])

    def _subnet(self, identifier: str) -> Output[aws.ec2.GetSubnetResult]:
        return aws.ec2.get_subnet_output(id=identifier, region=self.region, opts=self.lookup)
