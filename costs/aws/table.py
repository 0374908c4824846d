"""DynamoDB: tables on demand or with provisioned capacity, their indexes and replicas."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence
from costs.aws.parts import metered, number_of, requests, unlisted
from costs.model import Factor, product
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Resource

# A write unit is 1 KiB, an eventually consistent read unit twice 4 KiB. Source: Amazon DynamoDB Developer Guide, "Read and write requests".
_WRITES_PER_GIB: Final = 1_048_576
_READS_PER_GIB: Final = 131_072
_TARGET: Final = "aws:appautoscaling/target:Target"


def _table(pricing: Pricing) -> None:
    """Storage, requests or provisioned capacity, backups, each replica. Source: Amazon DynamoDB pricing."""
    _in_region(pricing, "")
    for number in range(len(pricing.resource.items("replicas"))):
        there = pricing.resource.get(f"replicas.{number}.regionName")
        known = there if isinstance(there, str) else None
        _in_region(replace(pricing, region=known), f" in {known or 'an unknown region'}")


def _in_region(pricing: Pricing, where: str) -> None:
    rare = pricing.text("tableClass") == "STANDARD_INFREQUENT_ACCESS"
    prefix = "standard-ia-" if rare else ""
    stored = pricing.usage_or("storedGib")
    driver = f"table storage{where}"
    pricing.line(driver, pricing.service("dynamodb", f"{prefix}storage", driver), stored, usage_based=True)
    if pricing.flag("pointInTimeRecovery.enabled"):
        driver = f"point-in-time backup{where}"
        pricing.line(driver, pricing.service("dynamodb", "pitr-backup", driver), stored, usage_based=True)
    if pricing.unreadable("billingMode"):
        pricing.unpriced(f"capacity{where}", "its billingMode is known only after `up`")
    elif pricing.text("billingMode", "PROVISIONED") == "PAY_PER_REQUEST":
        _on_demand(pricing, prefix, where)
    else:
        _provisioned(pricing, prefix, where)


def _on_demand(pricing: Pricing, prefix: str, where: str) -> None:
    written, per_gib = pricing.usage_or("writtenGibPerMonth"), count("write units for each GiB (items of 1 KiB or more)", _WRITES_PER_GIB)
    driver = f"writes{where}"
    price = pricing.service("dynamodb", f"{prefix}on-demand-write-request-units", driver)
    pricing.line(driver, price, written, per_gib, usage_based=True)
    driver = f"reads{where}"
    price = pricing.service("dynamodb", f"{prefix}on-demand-read-request-units", driver)
    pricing.line(driver, price, _reads(pricing), usage_based=True)


def _reads(pricing: Pricing) -> Factor:
    asked, read = requests(pricing), pricing.usage_or("readGibPerMonth")
    calls = product(asked)
    units = read.amount * _READS_PER_GIB
    # A small read takes at least half a unit however little it returns; a strongly consistent one twice as much.
    most = Band(*(max(pair) for pair in zip(_levels(calls / 2), _levels(units), strict=True)))
    confidence = min(read.confidence, *(factor.confidence for factor in asked))
    return Factor("read units (half of one a request, at least one for 8 KiB)", Band(most.low, most.expected, most.high * 2), confidence)


def _levels(band: Band) -> tuple[Decimal, Decimal, Decimal]:
    return band.low, band.expected, band.high


def _provisioned(pricing: Pricing, prefix: str, where: str) -> None:
    for word, dimension in (("read", "ReadCapacityUnits"), ("write", "WriteCapacityUnits")):
        driver = f"{word} capacity{where}"
        paths = [f"{word}Capacity", *_indexes(pricing.resource, word)]
        known = [pricing.number(path, 1 if path == f"{word}Capacity" else 0) for path in paths]
        if any(each is None for each in known):
            pricing.unpriced(driver, "how much is provisioned is known only after `up`")
            continue
        price = pricing.service("dynamodb", f"{prefix}provisioned-{word}-capacity", driver)
        units = sum((each for each in known if each is not None), Decimal(0))
        pricing.line(driver, price, _autoscaled(pricing, dimension, units), pricing.hours())


def _indexes(resource: Resource, word: str) -> list[str]:
    return [f"globalSecondaryIndexes.{number}.{word}Capacity" for number in range(len(resource.items("globalSecondaryIndexes")))]


def _autoscaled(pricing: Pricing, dimension: str, units: Decimal) -> Factor:
    """What is provisioned, or the limits of the table's autoscaling target."""
    name = pricing.resource.get("name")
    targets = [
        each
        for each in pricing.program.of_type(_TARGET)
        if each.get("scalableDimension") == f"dynamodb:table:{dimension}"
        and (pricing.resource.urn in each.references.get("resourceId", ()) or each.get("resourceId") == f"table/{name}")
    ]
    low, high = (number_of(pricing, next(iter(targets), None), path) for path in ("minCapacity", "maxCapacity"))
    if low is None or high is None:
        return count(f"{dimension} (table and indexes)", units)
    most = max(high, low)
    return Factor(f"{dimension} (autoscaled between {low} and {high})", Band(low, min(max(units, low), most), most), Confidence.LOW)


def _replica(pricing: Pricing) -> None:
    """A replica that is declared by itself stores and takes in what its table does."""
    pricing.line(
        "replica storage", pricing.service("dynamodb", "storage", "replica storage"), pricing.usage_or("storedGib"), usage_based=True
    )
    written, units = pricing.usage_or("writtenGibPerMonth"), count("write units for each GiB", _WRITES_PER_GIB)
    price = pricing.service("dynamodb", "on-demand-write-request-units", "replicated writes")
    pricing.line("replicated writes", price, written, units, usage_based=True)


PRICERS: dict[str, Pricer] = {
    "aws:dynamodb/table:Table": _table,
    "aws:dynamodb/tableReplica:TableReplica": _replica,
    "aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex": unlisted(
        "index", "declared by itself it is not priced; declare it in the table"
    ),
    "aws:dynamodb/tableExport:TableExport": metered("dynamodb", "export-to-s3", "export", "storedGib"),
    "aws:dynamodb/contributorInsights:ContributorInsights": unlisted("contributor insights"),
    # One unit for each KB that changes. Source: Amazon DynamoDB pricing, "Change data capture for Amazon Kinesis Data Streams".
    "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination": unlisted("change data capture units"),
}
FREE: set[str] = {
    "aws:dynamodb/resourcePolicy:ResourcePolicy",
    # Its bytes are in the table's usage.
    "aws:dynamodb/tableItem:TableItem",
    "aws:dynamodb/tag:Tag",
}
