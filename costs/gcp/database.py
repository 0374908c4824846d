"""BigQuery, Redis, and the databases whose prices are not on record, which are named.

Source: Google Cloud, "BigQuery pricing", "Memorystore for Redis pricing". Free tiers are not applied.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from costs.money import Band
from costs.pricing import HOURS, Pricer, Pricing, count

BIGQUERY: Final = "bigquery"
_TABLE: Final = "gcp:bigquery/table:Table"
# Redis capacity tiers by GiB. Source: "Memorystore for Redis pricing".
_REDIS_TIERS: Final = ((4, "m1"), (10, "m2"), (35, "m3"), (100, "m4"))


def dataset(pricing: Pricing) -> None:
    """Queries by what they scan; storage is at the tables, and here where the program declares none: they are made as data is loaded."""
    tib = count("TiB per GiB", Decimal(1) / 1024)
    scanned = pricing.usage_or("scannedGibPerMonth", reason="how much queries scan is not told")
    pricing.line("queries", pricing.service(BIGQUERY, "analysis-on-demand", "queries"), scanned, tib, usage_based=True)
    if not pricing.program.referring(pricing.resource, _TABLE):
        _stored(pricing)


def table(pricing: Pricing) -> None:
    """What is stored, all of it as changed in the last 90 days; views store nothing."""
    if pricing.resource.get("view") or pricing.resource.get("externalDataConfiguration"):
        return
    _stored(pricing)
    written = pricing.usage("writtenGibPerMonth")
    if written:
        pricing.line("storage writes", pricing.service(BIGQUERY, "storage-write-api", "storage writes"), written, usage_based=True)


def _stored(pricing: Pricing) -> None:
    stored = pricing.usage_or("storedGib", reason="how much the tables hold is not told")
    active, old = pricing.service(BIGQUERY, "active-storage"), pricing.service(BIGQUERY, "long-term-storage")
    if active and old:
        # What is not changed for 90 days costs about half; which part that is nobody says.
        note = "from all unchanged for 90 days to all changed since, which is expected"
        band = replace(active, low=min(active.low, old.low), note=note)
        pricing.line("table storage", band, stored, usage_based=True)


def slots(pricing: Pricing) -> None:
    """Reserved slots, and those that autoscaling may add to them."""
    number = pricing.number("slotCapacity", pricing.number("slotCount"))
    if number is None:
        pricing.unpriced("slots", "the number of slots is known only after `up`")
        return
    edition = pricing.text("edition", "STANDARD").lower()
    more = pricing.number("autoscale.maxSlots", 0) or Decimal(0)
    factor = count("slots", number)
    if more:
        factor = pricing.assume("slots", Band(number, number, number + more), "autoscaling adds slots up to its limit")
    pricing.line("slots", pricing.service(BIGQUERY, f"slot-hour-{edition}", "slots"), factor, HOURS)


def redis(pricing: Pricing) -> None:
    """Memory by the hour; a standard instance's price has its replica in it, each read replica is one more."""
    memory = pricing.number("memorySizeGb")
    if memory is None:
        pricing.unpriced("Redis memory", "memorySizeGb is known only after `up`")
        return
    size = next((name for most, name in _REDIS_TIERS if memory <= most), "m5")
    tier = "standard" if pricing.text("tier", "BASIC") == "STANDARD_HA" else "basic"
    price = pricing.service("memorystore-redis", f"{tier}-{size}", "Redis memory")
    replicas = pricing.number("replicaCount", 1) if pricing.text("readReplicasMode") == "READ_REPLICAS_ENABLED" else None
    # With read replicas each node, primary or replica, is paid alike. Source: "Memorystore for Redis pricing", read replicas.
    nodes = count("nodes", 1 + replicas) if replicas else count("instance", 1)
    pricing.line(f"Redis memory ({tier} {size})", price, count("GiB", memory), nodes, HOURS)


def sql(pricing: Pricing) -> None:
    """A Cloud SQL instance by its tier, zonal or regional; its disk."""
    tier = pricing.text("settings.tier")
    kind = pricing.text("settings.availabilityType", "ZONAL").lower()
    driver = f"database {tier}"
    if not tier:
        pricing.unpriced("database", "settings.tier is known only after `up`")
        return
    pricing.line(driver, pricing.service("cloud-sql", f"{tier}-{kind}", driver), count("instance", 1), HOURS)
    gib = pricing.number("settings.diskSize", 10)
    disk = pricing.text("settings.diskType", "PD_SSD").lower().replace("_", "-")
    pricing.line("database disk", pricing.service("cloud-sql", f"{disk}-{kind}", "database disk"), count("GiB", gib or 10))


def _named(what: str) -> Pricer:
    def unpriced(pricing: Pricing) -> None:
        pricing.unpriced(what, f"no price of {what} is on record")

    return unpriced


PRICERS: dict[str, Pricer] = {
    "gcp:bigquery/dataset:Dataset": dataset,
    _TABLE: table,
    "gcp:bigquery/reservation:Reservation": slots,
    "gcp:bigquery/capacityCommitment:CapacityCommitment": slots,
    "gcp:bigquery/job:Job": _named("what a BigQuery job scans"),
    "gcp:bigquery/biReservation:BiReservation": _named("BI Engine memory"),
    "gcp:redis/instance:Instance": redis,
    "gcp:redis/cluster:Cluster": _named("Redis Cluster nodes"),
    "gcp:memorystore/instance:Instance": _named("Memorystore nodes"),
    "gcp:sql/databaseInstance:DatabaseInstance": sql,
    "gcp:spanner/instance:Instance": _named("Spanner nodes"),
    "gcp:firestore/database:Database": _named("Firestore operations and storage"),
    "gcp:alloydb/instance:Instance": _named("AlloyDB instances"),
    "gcp:bigtable/instance:Instance": _named("Bigtable nodes"),
    "gcp:dataflow/job:Job": _named("Dataflow workers"),
    "gcp:dataflow/flexTemplateJob:FlexTemplateJob": _named("Dataflow workers"),
    "gcp:dataproc/cluster:Cluster": _named("Dataproc clusters"),
    "gcp:composer/environment:Environment": _named("Composer environments"),
    "gcp:cloudbuild/workerPool:WorkerPool": _named("Cloud Build private workers"),
    "gcp:cloudbuild/trigger:Trigger": _named("Cloud Build minutes"),
    "gcp:apigateway/gateway:Gateway": _named("API Gateway calls"),
}
FREE: set[str] = set()
