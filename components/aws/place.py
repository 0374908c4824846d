"""Where a deployment stands on AWS: in which account and region."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Output

CallerIdentity = Output[aws.GetCallerIdentityResult]


@dataclass(frozen=True, kw_only=True)
class Place:
    """The account, as whoever is logged in sees it, and the region that regional resources name."""

    caller: CallerIdentity
    region: str

    @property
    def partition(self) -> Output[str]:
        """aws, aws-cn or aws-us-gov: the second part of every ARN."""
        return self.caller.apply(lambda caller: caller.arn.split(":")[1])

    @property
    def account(self) -> Output[str]:
        """The account's number."""
        return self.caller.apply(lambda caller: caller.account_id)

    @property
    def domain(self) -> Output[str]:
        """What the names of the services' addresses end in. Source: AWS General Reference, "Service endpoints" (China has its own)."""
        return self.partition.apply(lambda partition: "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com")

    def managed_policy(self, name: str) -> Output[str]:
        """The ARN of one of AWS's own policies; name: with its path, such as service-role/AmazonEBSCSIDriverPolicy."""
        return Output.concat("arn:", self.partition, ":iam::aws:policy/", name)
