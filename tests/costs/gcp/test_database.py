"""BigQuery, Redis, Cloud SQL, files."""

from decimal import Decimal

from costs.resource import UNKNOWN
from tests.costs.building import estimated, resource, told, usd
from tests.costs.gcp.listed import LIST, R

D = Decimal


def test_a_table_is_a_band_from_long_term_to_active_storage() -> None:
    table = resource("gcp:bigquery/table:Table", properties={"location": R})
    found = estimated(LIST, table, usage=told(storedGib=1000))
    assert usd(found, "table storage") == (D("16.0000"), D("23.0000"), D("23.0000"))
    dataset = resource("gcp:bigquery/dataset:Dataset", properties={"location": R})
    assert usd(estimated(LIST, dataset, usage=told(scannedGibPerMonth=2048)), "queries") == (D("12.5000"),) * 3  # 2 × 6.25


def test_redis_is_paid_by_its_memory_and_tier() -> None:
    it = resource("gcp:redis/instance:Instance", properties={"region": R, "memorySizeGb": 10, "tier": "STANDARD_HA"})
    assert usd(estimated(LIST, it), "Redis memory (standard m2)") == (D("394.2000"),) * 3  # 10 × 730 × 0.054
    basic = resource("gcp:redis/instance:Instance", properties={"region": R, "memorySizeGb": 4})
    assert usd(estimated(LIST, basic), "Redis memory (basic m1)") == (D("143.0800"),) * 3  # 4 × 730 × 0.049


def test_read_replicas_are_nodes_of_their_own() -> None:
    properties = {"region": R, "memorySizeGb": 10, "tier": "STANDARD_HA", "readReplicasMode": "READ_REPLICAS_ENABLED", "replicaCount": 2}
    it = resource("gcp:redis/instance:Instance", properties=properties)
    assert usd(estimated(LIST, it), "Redis memory") == (D("1182.6000"),) * 3  # 3 nodes × 10 × 730 × 0.054


def test_slots_are_paid_from_their_base_to_what_they_scale_to() -> None:
    properties = {"location": R, "edition": "ENTERPRISE", "slotCapacity": 100, "autoscale": {"maxSlots": 200}}
    found = estimated(LIST, resource("gcp:bigquery/reservation:Reservation", properties=properties))
    assert usd(found, "slots") == (D("4380.0000"), D("4380.0000"), D("13140.0000"))  # 100 … 100 … 100 + 200 × 730 × 0.06


def test_what_is_written_to_a_table_is_paid_where_it_is_told_and_a_view_stores_nothing() -> None:
    table = resource("gcp:bigquery/table:Table", properties={"location": R})
    assert usd(estimated(LIST, table, usage=told(writtenGibPerMonth=100)), "storage writes") == (D("2.5000"),) * 3  # 100 × 0.025
    assert estimated(LIST, resource("gcp:bigquery/table:Table", properties={"location": R, "view": {"query": "SELECT 1"}})).free == 1


def test_a_database_is_paid_by_tier_and_availability_and_its_disk() -> None:
    settings = {"tier": "db-custom-2-8192", "availabilityType": "REGIONAL", "diskSize": 50}
    found = estimated(LIST, resource("gcp:sql/databaseInstance:DatabaseInstance", properties={"region": R, "settings": settings}))
    assert usd(found, "database db-custom-2-8192") == (D("146.0000"),) * 3  # 730 × 0.20
    assert usd(found, "database disk") == (D("17.0000"),) * 3  # 50 × 0.34


def test_files_are_paid_by_the_capacity_that_is_provided() -> None:
    kind = "gcp:filestore/instance:Instance"
    basic = resource(kind, properties={"location": f"{R}-a", "tier": "STANDARD", "fileShares": {"capacityGb": 1024}})
    assert usd(estimated(LIST, basic), "Filestore STANDARD") == (D("204.8000"),) * 3  # 1024 × 0.20
    by_hour = resource(kind, properties={"location": R, "tier": "ENTERPRISE", "fileShares": {"capacityGb": 1024}})
    assert usd(estimated(LIST, by_hour), "Filestore ENTERPRISE") == (D("448.5120"),) * 3  # 1024 × 730 × 0.0006
    unknown = resource(kind, properties={"location": R, "tier": "ENTERPRISE", "fileShares": UNKNOWN})
    assert estimated(LIST, unknown).unpriced


def test_a_dataset_without_declared_tables_holds_what_is_loaded_into_it() -> None:
    dataset = resource("gcp:bigquery/dataset:Dataset", properties={"location": R})
    stored = [
        each for each in estimated(LIST, dataset, usage=told(storedGib=1000, scannedGibPerMonth=0)).lines if each.driver == "table storage"
    ]
    assert len(stored) == 1
    table = resource("gcp:bigquery/table:Table", "t", refers={"datasetId": dataset.urn})
    declared = estimated(LIST, dataset, table, usage=told(storedGib=1000, scannedGibPerMonth=0))
    assert [each.urn for each in declared.lines if each.driver == "table storage"] == [table.urn]
