"""Messages, tasks, schedules, workflows, events."""

from decimal import Decimal

from tests.costs.building import estimated, resource, told, usd
from tests.costs.gcp.listed import LIST, R

D = Decimal


def test_messages_are_paid_when_they_come_and_when_they_go() -> None:
    topic = resource("gcp:pubsub/topic:Topic", "t")
    kept = {"retainAckedMessages": True, "messageRetentionDuration": "864000s"}
    subscription = resource("gcp:pubsub/subscription:Subscription", "s", kept)
    found = estimated(LIST, topic, subscription, usage=told(writtenGibPerMonth=512))
    assert usd(found, "published") == (D("20.0000"),) * 3  # half a TiB × 40
    assert usd(found, "delivered") == (D("20.0000"),) * 3
    assert usd(found, "acknowledged messages") == (D("45.4488"),) * 3  # 512 × 10 × 24/730 months × 0.27
    export = resource("gcp:pubsub/subscription:Subscription", "s", {"bigqueryConfig": {"table": "t"}})
    assert estimated(LIST, export).unpriced


def test_a_job_is_paid_by_the_month_and_a_task_by_its_operations() -> None:
    job = resource("gcp:cloudscheduler/job:Job", properties={"region": R})
    assert usd(estimated(LIST, job), "job") == (D("0.1000"),) * 3
    queue = resource("gcp:cloudtasks/queue:Queue", properties={"location": R})
    assert usd(estimated(LIST, queue, usage=told(requestsPerMonth=5_000_000)), "operations") == (D("2.0000"),) * 3  # 5 × 0.40


def test_workflows_and_events_are_paid_by_their_number() -> None:
    workflow = resource("gcp:workflows/workflow:Workflow", properties={"region": R})
    assert usd(estimated(LIST, workflow, usage=told(operationsPerMonth=50_000)), "steps") == (D("0.5000"),) * 3  # 50 × 0.01
    trigger = resource("gcp:eventarc/trigger:Trigger", properties={"location": R})
    assert usd(estimated(LIST, trigger, usage=told(requestsPerMonth=5_000_000)), "events") == (D("2.0000"),) * 3  # 5 × 0.40


def test_what_depends_on_use_says_so() -> None:
    used = ("artifactregistry/repository:Repository", "pubsub/topic:Topic", "cloudtasks/queue:Queue", "workflows/workflow:Workflow")
    for kind in used:
        it = resource(f"gcp:{kind}", properties={"location": R})
        assert all(each.usage_based for each in estimated(LIST, it, usage=told(crossRegionGibPerMonth=1)).lines)
    for kind in ("cloudscheduler/job:Job", "redis/instance:Instance"):
        found = estimated(LIST, resource(f"gcp:{kind}", properties={"region": R, "memorySizeGb": 1}))
        assert not any(each.usage_based for each in found.lines)


def test_messages_kept_by_a_topic_cost_what_acknowledged_ones_do() -> None:
    topic = resource("gcp:pubsub/topic:Topic", "t", {"messageRetentionDuration": "864000s"})
    found = estimated(LIST, topic, usage=told(writtenGibPerMonth=512))
    assert usd(found, "retained messages") == (D("45.4488"),) * 3  # 512 × 10 × 24/730 months × 0.27
    assert not found.unpriced
