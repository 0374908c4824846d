"""Which S3 bucket to build in which region: a bucket of the environment, or a replica of one."""

from dataclasses import dataclass

from pulumi import ResourceOptions

from plan.model import BucketPlan


@dataclass(frozen=True, kw_only=True)
class RegionalBucket:
    """One bucket in one region. `name` begins the logical names; `opts` are the options of every child."""

    plan: BucketPlan
    name: str
    region: str
    opts: ResourceOptions

    @property
    def is_replica(self) -> bool:
        """Whether this is the copy in the second region."""
        return self.region != self.plan.placement.location
