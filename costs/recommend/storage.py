"""Cheaper places for bytes: tiers for buckets without rules, gp3 for gp2."""

from collections.abc import Iterator

from catalogue.catalogue import Catalogue
from costs.model import Estimate
from costs.recommend.model import Change
from costs.recommend.rewrite import with_properties, with_resource
from costs.resource import Program, Resource

_RISK = "low: reading what is old costs a retrieval charge and, in an archive, hours of waiting"
_LOOKED_AT = 100  # The dearest resources: what costs little saves little.
_EFFORT = "low: lifecycle rules"
_AWS_RULES = {
    "aws:s3/bucket:Bucket": "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketV2:BucketV2": "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
}


def storage_changes(program: Program, found: Estimate, catalogue: Catalogue) -> Iterator[Change]:
    """Lifecycle rules (infrequent after 30 days, cold after 90) for each bucket that has none; gp3 for each gp2 volume."""
    sums = found.of_resource()
    for urn in sorted(sums, key=lambda urn: (-sums[urn].expected, urn))[:_LOOKED_AT]:
        resource = program.resources[urn]
        tiered = _tiered(program, resource)
        if tiered:
            title = "move what is older than 30 days to infrequent access, than 90 days to a cold class"
            yield Change(urn=urn, aspect="tiering", title=title, program=tiered, risk=_RISK, effort=_EFFORT)
        if resource.type == "aws:ebs/volume:Volume" and resource.get("type") in (None, "gp2"):
            changed = with_properties(program, resource, type="gp3")
            title = "gp3 instead of gp2, with 3,000 IOPS and 125 MB/s"
            yield Change(urn=urn, aspect="disk", title=title, program=changed, risk="low: changed in place", effort="low: one value")


def _tiered(program: Program, resource: Resource) -> Program | None:
    if resource.type in _AWS_RULES and not _referring(program, resource, "ifecycle") and not resource.items("lifecycleRules"):
        return with_resource(program, _aws_rules(resource))
    if resource.type == "gcp:storage/bucket:Bucket" and not resource.items("lifecycleRules") and not resource.flag("autoclass.enabled"):
        return with_properties(program, resource, lifecycleRules=_GCP_RULES)
    standard = str(resource.get("sku.name") or "").startswith("Standard")
    if resource.type == "azure-native:storage:StorageAccount" and standard and not _referring(program, resource, "ManagementPolicy"):
        return with_resource(program, _azure_policy(resource))
    return None


def _referring(program: Program, resource: Resource, word: str) -> bool:
    return any(word in other.type and resource.urn in sum(other.references.values(), ()) for other in program.resources.values())


def _aws_rules(bucket: Resource) -> Resource:
    transitions = [{"days": 30, "storageClass": "STANDARD_IA"}, {"days": 90, "storageClass": "GLACIER_IR"}]
    rules: list[dict[str, object]] = [{"id": "tiering", "status": "Enabled", "transitions": transitions}]
    return _beside(bucket, _AWS_RULES[bucket.type], "bucket", {"rules": rules})


def _azure_policy(account: Resource) -> Resource:
    actions = {"baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}, "tierToCold": {"daysAfterModificationGreaterThan": 90}}}
    rule = {
        "name": "tiering",
        "enabled": True,
        "type": "Lifecycle",
        "definition": {"actions": actions, "filters": {"blobTypes": ["blockBlob"]}},
    }
    return _beside(account, "azure-native:storage:ManagementPolicy", "accountName", {"policy": {"rules": [rule]}})


def _beside(resource: Resource, kind: str, via: str, properties: dict[str, object]) -> Resource:
    urn = f"{resource.urn.rpartition('::')[0]}${kind}::{resource.name}-tiering"
    return Resource(urn=urn, type=kind, properties=properties, parent=resource.parent, references={via: (resource.urn,)})


_GCP_RULES = [
    {"action": {"type": "SetStorageClass", "storageClass": "NEARLINE"}, "condition": {"age": 30}},
    {"action": {"type": "SetStorageClass", "storageClass": "COLDLINE"}, "condition": {"age": 90}},
]
