"""Keys, secrets, images, queues, topics, streams, logs, alarms, tables."""

from decimal import Decimal
from typing import Any

import pytest

from costs.resource import UNKNOWN
from tests.costs.aws.listing import REGION, listed
from tests.costs.building import estimated, prices, resource, told, usd

# Source: the services' pricing pages, us-east-1.
LIST = prices(
    *listed("kms", {"customer-key": ("key-month", "1"), "requests": ("10k requests", "0.03")}),
    *listed("secrets-manager", {"secret": ("secret-month", "0.4"), "api-requests": ("10k requests", "0.05")}),
    *listed("secrets-manager", {"secret": ("secret-month", "0.45")}, "eu-west-1"),
    *listed("ecr", {"storage": ("GB-month", "0.1")}),
    *listed("sqs", {"standard-requests": ("1M requests", "0.4"), "fifo-requests": ("1M requests", "0.5")}),
    *listed(
        "sns",
        {
            "standard-requests-over-1M-free": ("1M requests", "0.5"),
            "http-notifications-over-100k-free": ("100k notifications", "0.06"),
        },
    ),
    *listed("eventbridge", {"custom-events": ("1M events", "1"), "scheduler-invocations": ("1M invocations", "1")}),
    *listed(
        "kinesis",
        {"provisioned-shard": ("hour", "0.015"), "on-demand-stream": ("hour", "0.04"), "put-payload-units": ("1M units", "0.014")},
    ),
    *listed(
        "cloudwatch",
        {
            "logs-ingested": ("GB", "0.5"),
            "logs-ingested-infrequent-access": ("GB", "0.25"),
            "logs-archival-storage": ("GB-month", "0.03"),
            "logs-insights-scanned": ("GB", "0.005"),
            "alarm-standard-resolution": ("alarm-metric-month", "0.1"),
            "alarm-high-resolution": ("alarm-metric-month", "0.3"),
            "custom-metric-first-10k": ("metric-month", "0.3"),
            "dashboard": ("dashboard-month", "3"),
        },
    ),
    *listed("managed-grafana", {"editor": ("user-month", "9"), "viewer": ("user-month", "5")}),
    *listed(
        "dynamodb",
        {
            "storage": ("GB-month", "0.25"),
            "pitr-backup": ("GB-month", "0.2"),
            "on-demand-read-request-units": ("1M RRU", "0.125"),
            "on-demand-write-request-units": ("1M WRU", "0.625"),
            "provisioned-read-capacity": ("RCU-hour", "0.00013"),
            "provisioned-write-capacity": ("WCU-hour", "0.00065"),
        },
    ),
    *listed("aurora", {"serverless-v2-acu": ("ACU-hour", "0.12")}),
    *listed("opensearch-serverless", {"ocu": ("OCU-hour", "0.24")}),
)


def found(kind: str, properties: dict[str, Any] | None = None, *others: Any, **usage: float) -> Any:
    return estimated(LIST, resource(kind, properties=properties), *others, config=REGION, usage=told(**usage))


def test_a_key_costs_a_dollar_and_its_rotations_up_to_two_more():
    plain = found("aws:kms/key:Key", operationsPerMonth=1_000_000)
    assert [each.usd.high for each in plain.lines] == [Decimal(1), Decimal(3)]  # 1,000,000 × 0.03 per 10,000
    rotated = found("aws:kms/key:Key", {"enableKeyRotation": True}, operationsPerMonth=0)
    assert [(each.usd.low, each.usd.high) for each in rotated.lines] == [(1, 3), (0, 0)]


def test_a_replica_key_is_a_key_of_its_own():
    assert usd(found("aws:kms/replicaKey:ReplicaKey", operationsPerMonth=10_000), "key requests") == (Decimal("0.0300"),) * 3


def test_an_asymmetric_keys_requests_have_another_list():
    assert [each.driver for each in found("aws:kms/key:Key", {"customerMasterKeySpec": "RSA_4096"}).unpriced] == ["key requests"]


def test_a_secret_is_paid_once_in_each_region():
    made = found("aws:secretsmanager/secret:Secret", {"replicas": [{"region": "eu-west-1"}]}, operationsPerMonth=10_000)
    assert [each.usd.expected for each in made.lines] == [Decimal("0.4"), Decimal("0.05"), Decimal("0.45")]
    unknown = found("aws:secretsmanager/secret:Secret", {"replicas": [{"region": UNKNOWN}]})
    assert unknown.unpriced


def test_parameters_are_free_unless_they_are_advanced():
    assert found("aws:ssm/parameter:Parameter", {"type": "String"}).free == 1
    assert found("aws:ssm/parameter:Parameter", {"tier": "Advanced"}).unpriced


def test_images_by_what_is_stored():
    assert usd(found("aws:ecr/repository:Repository", storedGib=50), "image storage") == (Decimal("5.0000"),) * 3  # 50 × 0.10


def test_a_message_is_three_requests_fewer_in_batches():
    queue = found("aws:sqs/queue:Queue", requestsPerMonth=10_000_000)
    # 10 million × (0.3 … 3 … 4) × 0.40 per million
    assert usd(queue, "queue requests") == (Decimal("1.2000"), Decimal("12.0000"), Decimal("16.0000"))
    fifo = found("aws:sqs/queue:Queue", {"fifoQueue": True}, requestsPerMonth=10_000_000)
    assert usd(fifo, "queue requests")[1] == Decimal("15.0000")  # 30 × 0.50


def test_a_topic_and_what_it_delivers():
    assert usd(found("aws:sns/topic:Topic", requestsPerMonth=4_000_000), "published") == (Decimal("2.0000"),) * 3  # 4 × 0.50
    https = found("aws:sns/topicSubscription:TopicSubscription", {"protocol": "https"}, requestsPerMonth=1_000_000)
    assert usd(https, "deliveries by https") == (Decimal("0.6000"),) * 3  # 10 × 0.06 per 100,000
    assert found("aws:sns/topicSubscription:TopicSubscription", {"protocol": "lambda"}).free == 1
    assert found("aws:sns/topicSubscription:TopicSubscription", {"protocol": "sms"}).unpriced
    assert found("aws:sns/topicSubscription:TopicSubscription", {"protocol": UNKNOWN}).unpriced


@pytest.mark.parametrize(("rate", "runs"), [("rate(5 minutes)", 8760), ("rate(1 hour)", 730), ("rate(1 day)", Decimal(730) / 24)])
def test_a_schedule_says_itself_how_often_it_runs(rate: str, runs: Decimal):
    made = found("aws:scheduler/schedule:Schedule", {"scheduleExpression": rate})
    assert made.lines[0].usd.expected.quantize(Decimal("0.000001")) == (Decimal(runs) / 1_000_000).quantize(Decimal("0.000001"))
    assert not made.lines[0].usage_based


def test_a_stream_by_its_shards_or_on_demand():
    shards = found("aws:kinesis/stream:Stream", {"shardCount": 4}, writtenGibPerMonth=1000)
    assert usd(shards, "shards") == (Decimal("43.8000"),) * 3  # 4 × 730 h × 0.015
    # 1000 GiB × 41,944 units of 25 KB × 0.014 per million
    assert usd(shards, "payload units") == (Decimal("0.5872"),) * 3
    flexible = found("aws:kinesis/stream:Stream", {"streamModeDetails": {"streamMode": "ON_DEMAND"}})
    assert usd(flexible, "stream on demand") == (Decimal("29.2000"),) * 3  # 730 h × 0.04
    assert [each.driver for each in flexible.unpriced] == ["data in", "data out"]
    assert found("aws:kinesis/stream:Stream", {"shardCount": UNKNOWN}).unpriced


def test_logs_are_paid_when_taken_in_and_as_long_as_they_are_kept():
    logs = found("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 73}, ingestedGibPerMonth=100, scannedGibPerMonth=200)
    assert usd(logs, "log ingestion") == (Decimal("50.0000"),) * 3  # 100 × 0.50
    # 100 GiB × 0.15 … 0.15 … 1 (compressed) × 73 ÷ (730/24) = 2.4 months × 0.03
    assert usd(logs, "log storage") == (Decimal("1.0800"), Decimal("1.0800"), Decimal("7.2000"))
    assert usd(logs, "log queries") == (Decimal("1.0000"),) * 3  # 200 × 0.005


def test_logs_without_retention_grow_all_year():
    logs = found("aws:cloudwatch/logGroup:LogGroup", ingestedGibPerMonth=100)
    assert usd(logs, "log storage")[1] == Decimal("2.7000")  # 100 × 0.15 × 6 months × 0.03


def test_infrequent_access_logs_cost_half_to_take_in():
    logs = found("aws:cloudwatch/logGroup:LogGroup", {"logGroupClass": "INFREQUENT_ACCESS"}, ingestedGibPerMonth=100)
    assert usd(logs, "log ingestion") == (Decimal("25.0000"),) * 3  # 100 × 0.25


def test_an_alarm_by_its_metrics_and_how_often_it_looks():
    assert usd(found("aws:cloudwatch/metricAlarm:MetricAlarm", {"period": 60}), "alarm (standard") == (Decimal("0.1000"),) * 3
    assert usd(found("aws:cloudwatch/metricAlarm:MetricAlarm", {"period": 10}), "alarm (high") == (Decimal("0.3000"),) * 3
    queries = [{"id": "e", "expression": "a/b"}, {"id": "a", "metric": {"period": 60}}, {"id": "b", "metric": {"period": 60}}]
    two = found("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricQueries": queries})
    assert usd(two, "alarm (standard") == (Decimal("0.2000"),) * 3  # two metrics × 0.10
    band = found("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricQueries": queries[1:2], "thresholdMetricId": "ad1"})
    assert usd(band, "alarm (standard") == (Decimal("0.3000"),) * 3  # the metric and the two edges of its band


def test_dashboards_and_users_of_grafana():
    assert usd(found("aws:cloudwatch/dashboard:Dashboard"), "dashboard") == (Decimal("3.0000"),) * 3
    grafana = found("aws:grafana/workspace:Workspace")
    assert usd(grafana, "editors") == (Decimal("9.0000"), Decimal("9.0000"), Decimal("45.0000"))  # 1 … 1 … 5 × 9


def test_prometheus_is_named_as_unpriced():
    assert len(found("aws:amp/workspace:Workspace").unpriced) == 3


TABLE = "aws:dynamodb/table:Table"


def test_a_table_on_demand_by_the_units_that_its_bytes_take():
    made = found(
        TABLE,
        {"billingMode": "PAY_PER_REQUEST", "pointInTimeRecovery": {"enabled": True}},
        storedGib=100,
        writtenGibPerMonth=10,
        readGibPerMonth=80,
        requestsPerMonth=1_000_000,
    )
    assert usd(made, "table storage") == (Decimal("25.0000"),) * 3  # 100 × 0.25
    assert usd(made, "point-in-time backup") == (Decimal("20.0000"),) * 3  # 100 × 0.20
    assert usd(made, "writes") == (Decimal("6.5536"),) * 3  # 10 × 1,048,576 × 0.625 per million
    # 80 × 131,072 = 10,485,760 units × 0.125 per million; strongly consistent twice as much
    assert usd(made, "reads") == (Decimal("1.3107"), Decimal("1.3107"), Decimal("2.6214"))


def test_small_reads_take_half_a_unit_each():
    made = found(TABLE, {"billingMode": "PAY_PER_REQUEST"}, readGibPerMonth=0, requestsPerMonth=100_000_000)
    assert usd(made, "reads")[1] == Decimal("6.2500")  # 50 million × 0.125


def test_provisioned_capacity_of_a_table_and_its_indexes():
    made = found(TABLE, {"readCapacity": 100, "writeCapacity": 10, "globalSecondaryIndexes": [{"readCapacity": 50, "writeCapacity": 5}]})
    assert usd(made, "read capacity") == (Decimal("14.2350"),) * 3  # 150 × 730 h × 0.00013
    assert usd(made, "write capacity") == (Decimal("7.1175"),) * 3  # 15 × 730 h × 0.00065
    assert found(TABLE, {"readCapacity": UNKNOWN}).unpriced


def test_autoscaled_capacity_is_a_band_between_its_limits():
    owner = resource(TABLE, "scaled", {"name": "scaled", "readCapacity": 10, "writeCapacity": 1})
    properties = {
        "scalableDimension": "dynamodb:table:ReadCapacityUnits",
        "resourceId": "table/scaled",
        "minCapacity": 5,
        "maxCapacity": 100,
    }
    target = resource("aws:appautoscaling/target:Target", "target", properties)
    made = estimated(LIST, owner, target, config=REGION)
    # 5 … 10 … 100 × 730 h × 0.00013
    assert usd(made, "read capacity") == (Decimal("0.4745"), Decimal("0.9490"), Decimal("9.4900"))


def test_a_replica_of_a_table_in_a_region_without_prices_is_unpriced():
    made = found(TABLE, {"billingMode": "PAY_PER_REQUEST", "replicas": [{"regionName": "eu-west-1"}]})
    assert any("in eu-west-1" in each.driver for each in made.unpriced)


def test_serverless_aurora_between_the_limits_of_its_cluster():
    cluster = resource(
        "aws:rds/cluster:Cluster",
        "cluster",
        {"engine": "aurora-postgresql", "serverlessv2ScalingConfiguration": {"minCapacity": 0.5, "maxCapacity": 8}},
    )
    instance = resource(
        "aws:rds/clusterInstance:ClusterInstance", "one", {"instanceClass": "db.serverless"}, refers={"clusterIdentifier": cluster.urn}
    )
    made = estimated(LIST, cluster, instance, config=REGION)
    # 0.5 … 0.5 … 8 units × 730 h × 0.12
    assert usd(made, "serverless capacity") == (Decimal("43.8000"), Decimal("43.8000"), Decimal("700.8000"))


def test_a_database_instance_without_price_is_named_with_its_type():
    made = found("aws:rds/instance:Instance", {"instanceClass": "db.r6g.large", "engine": "postgres", "allocatedStorage": 100})
    assert "database instance (db.r6g.large)" in [each.driver for each in made.unpriced]


def test_a_first_search_collection_needs_two_units():
    made = found("aws:opensearch/serverlessCollection:ServerlessCollection")
    assert usd(made, "search capacity")[:2] == (Decimal("350.4000"), Decimal("350.4000"))  # 2 × 730 h × 0.24


def test_the_first_two_budgets_with_actions_are_free():
    actions = [resource("aws:budgets/budgetAction:BudgetAction", str(number), {"budgetName": f"b{number}"}) for number in range(3)]
    made = estimated(LIST, *actions, config=REGION)
    assert made.free == 2
    assert [each.urn.rpartition("::")[2] for each in made.unpriced] == ["2"]


def test_changes_streamed_from_a_table_and_pipelines_of_images_are_never_taken_for_free():
    for kind in ("dynamodb/kinesisStreamingDestination:KinesisStreamingDestination", "imagebuilder/imagePipeline:ImagePipeline"):
        assert estimated(LIST, resource(f"aws:{kind}"), config=REGION).unpriced


def test_a_serverless_database_that_may_pause_is_expected_to_run():
    lists = prices(*listed("aurora", {"serverless-v2-acu": ("ACU-hour", "0.12")}))
    cluster = resource("aws:rds/cluster:Cluster", "c", {"serverlessv2ScalingConfiguration": {"minCapacity": 0, "maxCapacity": 8}})
    refers = {"clusterIdentifier": cluster.urn}
    instance = resource("aws:rds/clusterInstance:ClusterInstance", "i", {"instanceClass": "db.serverless"}, refers=refers)
    found = estimated(lists, cluster, instance, config=REGION)
    # 0 … 0.5 … 8 units × 730 h × 0.12
    assert usd(found, "serverless capacity") == (Decimal("0.0000"), Decimal("43.8000"), Decimal("700.8000"))


def test_provisioned_iops_of_a_database_are_paid():
    lists = prices(*listed("rds", {"io1-iops": ("IOPS-month", "0.1"), "io1-storage": ("GB-month", "0.125")}))
    shape = {
        "instanceClass": "db.m5.large",
        "engine": "mysql",
        "allocatedStorage": 100,
        "storageType": "io1",
        "iops": 3000,
        "multiAz": True,
    }
    found = estimated(lists, resource("aws:rds/instance:Instance", properties=shape), config=REGION)
    assert usd(found, "provisioned IOPS") == (Decimal("600.0000"),) * 3  # 3,000 × 0.1 × 2 copies


def test_files_read_from_infrequent_access_are_paid_and_elastic_throughput_has_its_own_price():
    skus = {"standard-storage": "0.3", "ia-storage": "0.016", "standard-ia-storage": "0.025", "ia-read": "0.01"}
    lists = prices(*listed("efs", {sku: ("GB-month", price) for sku, price in skus.items()}))
    shape = {"throughputMode": "elastic", "lifecyclePolicies": [{"transitionToIa": "AFTER_30_DAYS"}]}
    it = resource("aws:efs/fileSystem:FileSystem", properties=shape)
    found = estimated(lists, it, config=REGION, usage=told(storedGib=100, readGibPerMonth=10))
    assert usd(found, "file storage") == (Decimal("1.6000"), Decimal("1.6000"), Decimal("30.0000"))  # 100 × 0.016 … 0.3
    assert usd(found, "reads of infrequent access") == (Decimal("0.1000"),) * 3  # 10 × 0.01
