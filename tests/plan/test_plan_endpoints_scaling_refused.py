"""What no scaling may be: each rule with its case, its path, its source, and what mends it."""

import pytest

from tests.plan.endpoints import Refusal, check_refusal, on_kubernetes, refusal_id

NIGHT = {"hours": "22:00-06:00", "min": 1}
VERTEX_SCALING = "predictions/autoscaling"
RUN_SCALING = "about-instance-autoscaling"
AZURE_SCALING = "how-to-autoscale-endpoints"
KEDA_ALONE = {"existing": {"context": "lab"}, "addOns": {"keda": "install"}}

SCALING: list[Refusal] = [
    ("gcp", {"replicas": {"min": 0, "max": 4}}, "replicas.min", "zero is a preview", VERTEX_SCALING, {"replicas": {"min": 1, "max": 4}}),
    (
        "azure",
        {"replicas": {"min": 0, "max": 4}},
        "replicas.min",
        "keeps one machine at least",
        AZURE_SCALING,
        {"replicas": {"min": 1, "max": 4}},
    ),
    (
        "aws",
        {"replicas": {"min": 0, "max": 4}},
        "replicas.min",
        "for asynchronous endpoints alone",
        "endpoint-auto-scaling-zero-instances",
        {"replicas": {"min": 1, "max": 4}},
    ),
    ("bare", {"replicas": {"min": 0, "max": 4}}, "replicas.min", "fix: write cluster.addOns.keda: install", "keda.sh", {}),
    (
        "azure",
        {"autoscaling": {"metric": "concurrency"}},
        "autoscaling.metric",
        "Azure Monitor has no such metric",
        AZURE_SCALING,
        {"autoscaling": {"metric": "requests"}},
    ),
    (
        "aws",
        {"autoscaling": {"metric": "latency"}},
        "autoscaling.metric",
        "in proportion, and latency does not",
        "target-tracking",
        {"autoscaling": {"metric": "requests"}},
    ),
    (
        "aws",
        {"autoscaling": {"metric": "queueDepth"}},
        "autoscaling.metric",
        "for asynchronous endpoints alone",
        "async-inference-autoscale",
        {"autoscaling": {"metric": "concurrency"}},
    ),
    (
        "aws",
        {"asynchronous": {"bucket": "answers"}, "autoscaling": {"metric": "requests"}},
        "autoscaling.metric",
        "whose requests wait in a queue",
        "async-inference-autoscale",
        {"asynchronous": {"bucket": "answers"}},
    ),
    (
        "gcp",
        {"autoscaling": {"metric": "latency"}},
        "autoscaling.metric",
        "no metric of it is followed",
        VERTEX_SCALING,
        {"autoscaling": {"metric": "requests"}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "autoscaling": {"metric": "gpuUtilization"}},
        "autoscaling.metric",
        "fix: write metric: concurrency",
        RUN_SCALING,
        {"on": "cloudRun", "autoscaling": {"metric": "concurrency"}},
    ),
    (
        "bare",
        {"autoscaling": {"metric": "requests"}},
        "autoscaling.metric",
        "lacks the add-on keda",
        "keda.sh",
        {"autoscaling": {"metric": "cpuUtilization"}},
    ),
    (
        "k8s",
        {"autoscaling": {"metric": "gpuUtilization"}},
        "autoscaling.metric",
        "a replica has no accelerator",
        "",
        {"autoscaling": {"metric": "cpuUtilization"}},
    ),
    (
        "k8s",
        {"autoscaling": {"metric": "cpuUtilization", "target": 120}},
        "autoscaling.target",
        "is never reached",
        "",
        {"autoscaling": {"metric": "cpuUtilization", "target": 70}},
    ),
    (
        "aws",
        {"autoscaling": {"target": 12}},
        "autoscaling.target",
        "does not say what it is a target of",
        "",
        {"autoscaling": {"metric": "requests", "target": 12}},
    ),
    ("gcp", {"autoscaling": {"scaleInSeconds": 600}}, "autoscaling.scaleInSeconds", "its waiting times are its own", VERTEX_SCALING, {}),
    (
        "aws",
        {"autoscaling": {"maxStepPercent": 50}},
        "autoscaling.maxStepPercent",
        "allowed: on Azure ML, Kubernetes, GKE",
        "target-tracking",
        {},
    ),
    ("gcp", {"autoscaling": {"schedules": {"night": NIGHT}}}, "autoscaling.schedules", "replicas follow metrics alone", VERTEX_SCALING, {}),
    (
        "gcp",
        {"on": "cloudRun", "autoscaling": {"schedules": {"night": NIGHT}}},
        "autoscaling.schedules",
        "replicas follow requests alone",
        RUN_SCALING,
        {"on": "cloudRun"},
    ),
    (
        "aws",
        {"autoscaling": {"schedules": {"night": {**NIGHT, "hours": "08:00-08:00"}}}},
        "autoscaling.schedules.night.hours",
        "ends when it begins",
        "",
        {"autoscaling": {"schedules": {"night": NIGHT}}},
    ),
    (
        "aws",
        {"autoscaling": {"schedules": {"night": {**NIGHT, "days": []}}}},
        "autoscaling.schedules.night.days",
        "is no day",
        "",
        {"autoscaling": {"schedules": {"night": NIGHT}}},
    ),
    (
        "aws",
        {"autoscaling": {"schedules": {"night": {**NIGHT, "timeZone": "Europe/Berln"}}}},
        "autoscaling.schedules.night.timeZone",
        "fix: write timeZone: Europe/Berlin",
        "iana.org",
        {"autoscaling": {"schedules": {"night": {**NIGHT, "timeZone": "Europe/Berlin"}}}},
    ),
    (
        "aws",
        {"autoscaling": {"schedules": {"night": {**NIGHT, "min": 3, "max": 2}}}},
        "autoscaling.schedules.night.min",
        "is more than the 2 that there may be then",
        "",
        {"autoscaling": {"schedules": {"night": {**NIGHT, "min": 2, "max": 3}}}},
    ),
    (
        "aws",
        {"autoscaling": {"schedules": {"night": {**NIGHT, "min": 0}}}},
        "autoscaling.schedules.night.min",
        "fix: write min: 1",
        "endpoint-auto-scaling-zero-instances",
        {"autoscaling": {"schedules": {"night": NIGHT}}},
    ),
    (
        "aws",
        {"autoscaling": {"schedules": {"early": {"hours": "04:00-09:00", "min": 3}, "night": NIGHT}}},
        "autoscaling.schedules.night",
        "holds at a time when early does",
        "",
        {"autoscaling": {"schedules": {"early": {"hours": "06:00-09:00", "min": 3}, "night": NIGHT}}},
    ),
    (
        "azure",
        {"autoscaling": {"schedules": {f"h{hour}": {"hours": f"{hour:02}:00-{hour:02}:30", "min": 1} for hour in range(10)}}},
        "autoscaling.schedules",
        "allowed: 9 or less",
        "autoscale-understanding-settings",
        {},
    ),
    (
        "azure",
        {"autoscaling": {"scaleOutSeconds": 30}},
        "autoscaling.scaleOutSeconds",
        "allowed: 60 or more",
        "autoscale-understanding",
        {"autoscaling": {"scaleOutSeconds": 60}},
    ),
    (
        "k8s",
        {"autoscaling": {"scaleInSeconds": 1801}},
        "autoscaling.scaleInSeconds",
        "fix: write scaleInSeconds: 1800",
        "horizontal-pod-autoscaler-v2",
        {"autoscaling": {"scaleInSeconds": 1800}},
    ),
    (
        "k8s",
        {"autoscaling": {"schedules": {"day": {"hours": "08:00-18:00", "min": 3, "max": 4}}}},
        "autoscaling.schedules.day.max",
        "a clock can only ask for more",
        "scalers/cron",
        {"autoscaling": {"schedules": {"day": {"hours": "08:00-18:00", "min": 3}}}},
    ),
    (
        "k8s",
        {"autoscaling": {"schedules": {"a": {**NIGHT, "days": ["mon"]}, "b": {**NIGHT, "days": ["wed"]}}}},
        "autoscaling.schedules.b",
        "asks for fewer replicas than usual, as a does",
        "scalers/cron",
        {"autoscaling": {"schedules": {"a": {**NIGHT, "days": ["mon", "wed"]}, "b": {"hours": "08:00-09:00", "min": 2}}}},
    ),
]


@pytest.mark.parametrize("case", SCALING, ids=refusal_id)
def test_a_refusal_names_its_place_its_rule_and_a_way_out_that_works(case: Refusal) -> None:
    check_refusal(case)


def test_nobody_wakes_the_first_replica_without_a_gateway() -> None:
    words = {"replicas": {"min": 0, "max": 4}, "autoscaling": {"metric": "cpuUtilization"}}
    (fault,) = on_kubernetes(words, cluster=KEDA_ALONE).faults
    assert fault.path == "endpoints.fraud.replicas.min"
    assert "proxy-metric" in fault.source


def test_processors_that_are_not_there_wake_no_replica() -> None:
    words = {"replicas": {"min": 0, "max": 4}, "autoscaling": {"metric": "cpuUtilization"}}
    (fault,) = on_kubernetes(words).faults
    assert "no replica is there whose cpuUtilization would rise" in fault.line()
    assert "scalers/cpu" in fault.source
    assert not on_kubernetes({**words, "autoscaling": {"metric": "requests"}}).faults


def test_what_neither_the_runtime_nor_a_gateway_counts_is_not_followed() -> None:
    words = {"autoscaling": {"metric": "requests"}}
    (fault,) = on_kubernetes(words, cluster=KEDA_ALONE).faults
    assert "is counted by nobody" in fault.line()
    triton = {"fraud-1": {"runtime": "triton", "artifact": "s3://acme/fraud", "sizeMib": 40}}
    counted = on_kubernetes(words, cluster=KEDA_ALONE, models=triton).faults
    assert not [each for each in counted if each.path.endswith("autoscaling.metric")]
