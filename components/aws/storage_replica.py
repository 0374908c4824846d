"""The copy of an S3 bucket in a second region."""

from pulumi import ComponentResource, ResourceOptions

from components.aws.place import CallerIdentity
from components.aws.storage_regional import RegionalResources, build_regional_bucket
from components.aws.storage_spec import RegionalBucket
from plan.model import BucketPlan


class BucketReplica(ComponentResource):
    """A second bucket, as safe as the first, in another region. Owns it, its satellites and its key; not the replication into it."""

    resources: RegionalResources

    def __init__(self, name: str, plan: BucketPlan, *, region: str, caller: CallerIdentity, opts: ResourceOptions | None = None) -> None:
        """Build the replica of the bucket that the plan describes, in this region."""
        super().__init__("drydock:aws:BucketReplica", name, None, opts)
        spec = RegionalBucket(plan=plan, name=f"{name}-replica", region=region, opts=ResourceOptions(parent=self))
        self.resources = build_regional_bucket(spec, caller)
        self.register_outputs({"name": self.resources.bucket.bucket, "location": region, "encryption_key": self.resources.key_arn})
