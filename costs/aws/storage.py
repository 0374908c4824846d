"""S3: buckets with their lifecycle, replication to another region, and what reports on a bucket."""

from dataclasses import replace
from typing import Final

from catalogue.model import Confidence, Price
from costs.aws.parts import egress, metered, tiered, unlisted
from costs.aws.place import region
from costs.aws.storage_classes import TIERING, TIERING_STORAGE, classes, tiering_price
from costs.aws.storage_lifecycle import CONFIGURATIONS, Lifecycle, lifecycle, satellites
from costs.model import Factor
from costs.money import ONE, Band
from costs.object_storage import Store, objects_per_gib, price_store
from costs.pricing import Pricer, Pricing
from costs.resource import Resource

BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_VERSIONING: Final = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
_TIERING_CONFIGURATION: Final = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"


class BucketPricing(Pricing):
    """Knows the price of Intelligent-Tiering, which is a band over several skus."""

    def service(self, service: str, sku: str, driver: str | None = None) -> Price | None:
        """As of any resource; the band where the sku stands for it."""
        if sku != TIERING_STORAGE:
            return super().service(service, sku, driver)
        price = tiering_price(self, _archive_tiers(self))
        # Asking for the dearest tier lists the reason.
        return price or super().service(service, "intelligent-tiering-frequent-storage", driver)


def bucket(pricing: Pricing) -> None:
    """Storage by class and age, requests, moves between classes, early deletion, retrieval, what leaves to the internet."""
    own = BucketPricing(**{name: getattr(pricing, name) for name in Pricing.__dataclass_fields__})
    rules = lifecycle(own)
    ages = tuple(rules.ages)
    price_store(own, Store(service="s3", classes=classes(own), ages=ages, delete_after_days=rules.delete_after_days))
    _monitoring(own, rules)
    _notes(own, rules)
    read = own.usage_or("readGibPerMonth").amount.high
    reason = "expected is that what is read stays in the region, which is free; in the worst case all of it leaves"
    egress(own, own.usage("egressGibPerMonth") or own.assume("egressGibPerMonth", Band.of(0, 0, read), reason))


def _archive_tiers(pricing: Pricing) -> set[str]:
    tiers: set[str] = set()
    for each in satellites(pricing, (_TIERING_CONFIGURATION,)):
        if each.get("status") in (None, "Enabled"):
            tiers |= {str(each.get(f"tierings.{number}.accessTier")) for number in range(len(each.items("tierings")))}
    return tiers


def _monitoring(pricing: Pricing, rules: Lifecycle) -> None:
    if not any(each.storage_class == TIERING for each in rules.ages):
        return
    driver, urn = f"{TIERING} monitoring", pricing.resource.urn
    stored = next((line for line in reversed(pricing.found.lines) if line.urn == urn and line.driver == f"{TIERING} storage"), None)
    price = pricing.service("s3", "intelligent-tiering-monitoring", driver)
    if stored is None:
        pricing.unpriced(driver, "how much lies in Intelligent-Tiering is not known")
        return
    pricing.line(driver, price, *stored.factors, objects_per_gib(pricing), usage_based=True)


def _notes(pricing: Pricing, rules: Lifecycle) -> None:
    versioned = any(each.get("versioningConfiguration.status") == "Enabled" for each in satellites(pricing, _VERSIONING))
    if versioned or pricing.flag("versioning.enabled"):
        pricing.note("old versions", "contained in storedGib", "how often objects are overwritten is not known")
    if len(rules.ages) > 1:
        # Source: Amazon S3 User Guide, "Constraints and considerations for transitions".
        pricing.note("small objects", "none", "those under 128 KiB are not moved by default, and billed as 128 KiB in infrequent access")


def replication(pricing: Pricing) -> None:
    """What is written to a bucket and sent on to another region; the copy's storage and requests are the other bucket's.

    Source: Amazon S3 pricing, "Replication": inter-region data transfer out of the source region, Replication Time Control per GB.
    """
    written = _written(pricing)
    for number, rule in enumerate(pricing.resource.items("rules")):
        path = f"rules.{number}"
        if not isinstance(rule, dict) or pricing.resource.get(f"{path}.status") != "Enabled":
            continue
        if any(pricing.resource.get(f"{path}.{chosen}") for chosen in ("filter.prefix", "filter.tag", "filter.and", "prefix")):
            pricing.note("replicated share", "all that is written", "what share of the objects the rule's filter means is not known")
        _transfer(pricing, path, written)
        if pricing.resource.get(f"{path}.destination.replicationTime.status") == "Enabled":
            driver = "replication time control"
            pricing.line(driver, pricing.service("s3", "replication-time-control-data", driver), written, usage_based=True)


def _written(pricing: Pricing) -> Factor:
    source = _bucket_of(pricing)
    told = pricing.usage("crossRegionGibPerMonth") or (replace(pricing, resource=source).usage("writtenGibPerMonth") if source else None)
    if told or source is None:
        return told or pricing.usage_or("writtenGibPerMonth")
    # What the bucket itself is taken to receive, which its own lines begin with, is what is sent on.
    lines = (line for line in reversed(pricing.found.lines) if line.urn == source.urn and line.driver == "write requests")
    taken = next((line.factors[0] for line in lines), None)
    return taken or pricing.usage_or("writtenGibPerMonth")


def _bucket_of(pricing: Pricing) -> Resource | None:
    name = pricing.resource.get("bucket")
    referred = (pricing.program.referred(pricing.resource, "bucket", kind) for kind in BUCKETS)
    return next((each for each in referred if each), None) or _named(pricing, name)


def _named(pricing: Pricing, name: object) -> Resource | None:
    known = (each for kind in BUCKETS for each in pricing.program.of_type(kind))
    return next((each for each in known if isinstance(name, str) and name and each.get("bucket") == name), None)


def _transfer(pricing: Pricing, path: str, written: Factor) -> None:
    to = _destination(pricing, path)
    if to and to == pricing.region:
        return
    driver = f"data replicated to {to or 'an unknown region'}"
    share = Factor("share that leaves the region", ONE)
    if to is None:
        share = pricing.assume("share that leaves the region", Band.of(0, 1, 1), "the region of the destination bucket is not known")
    sku = "inter-region-us-east-1-us-east-2" if {to, pricing.region} == {"us-east-1", "us-east-2"} else "inter-region-out"
    pricing.line(driver, tiered(pricing, "data-transfer", ((None, sku),), driver), written, share, usage_based=True)


def _destination(pricing: Pricing, path: str) -> str | None:
    arn = pricing.resource.get(f"{path}.destination.bucket")
    known = _named(pricing, arn.rpartition(":")[2]) if isinstance(arn, str) else None
    urns = pricing.resource.references.get("rules", ())
    buckets = [pricing.program.resources[urn] for urn in urns if urn in pricing.program.resources]
    reached = {region(each, pricing.program) for each in buckets if each.type in BUCKETS}
    if known:
        return region(known, pricing.program)
    # With several destinations it is not told which rule means which bucket.
    return reached.pop() if len(reached) == 1 else None


def _inline_replication(pricing: Pricing) -> None:
    bucket(pricing)
    if pricing.resource.get("replicationConfiguration"):
        reason = "declared inside the bucket, where it is not priced; use a BucketReplicationConfig"
        pricing.unpriced("replication", reason)


def _request_metrics(pricing: Pricing) -> None:
    # S3 request metrics are 16 custom metrics per filter. Source: Amazon S3 User Guide, "CloudWatch metrics configurations".
    metrics = Factor("request metrics of one filter", Band.exactly(16), Confidence.MEDIUM)
    pricing.line("request metrics", pricing.service("cloudwatch", "custom-metric-first-10k", "request metrics"), metrics)


PRICERS: dict[str, Pricer] = {
    **dict.fromkeys(BUCKETS, _inline_replication),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replication,
    "aws:s3/bucketMetric:BucketMetric": _request_metrics,
    "aws:s3/analyticsConfiguration:AnalyticsConfiguration": unlisted("storage class analysis (per object)"),
    "aws:s3/inventory:Inventory": unlisted("inventory (per object listed)"),
    "aws:s3/bucketMetadataConfiguration:BucketMetadataConfiguration": unlisted("metadata tables"),
    "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": unlisted("accelerated transfers (per GB)"),
    "aws:s3/bucketAccelerateConfigurationV2:BucketAccelerateConfigurationV2": unlisted("accelerated transfers (per GB)"),
    "aws:s3/directoryBucket:DirectoryBucket": metered("s3", "express-one-zone-storage", "Express One Zone storage", "storedGib"),
    "aws:s3/vectorsIndex:VectorsIndex": unlisted("vector storage and queries"),
    "aws:s3tables/tableBucket:TableBucket": unlisted("table storage, requests and maintenance"),
    "aws:glacier/vault:Vault": metered("s3", "glacier-flexible-storage", "vault storage", "storedGib"),
}
FREE: set[str] = {
    *CONFIGURATIONS,
    *_VERSIONING,
    _TIERING_CONFIGURATION,
    *(
        f"aws:s3/{name[0].lower() + name[1:]}{suffix}:{name}{suffix}"
        for name in (
            "BucketAcl",
            "BucketCorsConfiguration",
            "BucketLogging",
            "BucketObjectLockConfiguration",
            "BucketRequestPaymentConfiguration",
            "BucketServerSideEncryptionConfiguration",
            "BucketWebsiteConfiguration",
        )
        for suffix in ("", "V2")
    ),
    # Their bytes and requests are in the bucket's usage.
    "aws:s3/BucketObject:BucketObject",
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
    "aws:s3/accessPoint:AccessPoint",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    "aws:s3/bucketAbac:BucketAbac",
    "aws:s3/bucketNotification:BucketNotification",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket",
    "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
    "aws:s3tables/namespace:Namespace",
    "aws:s3tables/tableBucketPolicy:TableBucketPolicy",
    "aws:s3tables/tablePolicy:TablePolicy",
    "aws:s3tables/table:Table",
    "aws:glacier/vaultLock:VaultLock",
}
