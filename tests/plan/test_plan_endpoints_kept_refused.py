"""What may not be kept, answered later or watched: each rule with its case, its path, its source, and what mends it."""

import pytest

from tests.plan.endpoints import Refusal, check_refusal, planned, refusal_id

SHADOW = {"model": "fraud-3", "percent": 20}

KEPT: list[Refusal] = [
    ("aws", {"capture": {"bucket": "capture"}}, "capture.bucket", "fix: write bucket: captures", "", {"capture": {"bucket": "captures"}}),
    ("aws", {"capture": {"bucket": "models"}}, "capture.bucket", "is for models", "", {"capture": {"bucket": "captures"}}),
    (
        "aws",
        {"capture": {"bucket": "captures", "percent": 0}},
        "capture.percent",
        "keeps no request",
        "",
        {"capture": {"bucket": "captures", "percent": 1}},
    ),
    (
        "azure",
        {"capture": {"bucket": "captures", "percent": 0.5}},
        "capture.percent",
        "allowed: 1 to 100; fix: write percent: 1",
        "concept-data-collection",
        {"capture": {"bucket": "captures", "percent": 1}},
    ),
    (
        "aws",
        {"capture": {"bucket": "captures", "redact": ["card"]}},
        "capture.redact",
        "no platform has it",
        "model-monitor-data-capture",
        {"capture": {"bucket": "captures"}},
    ),
    (
        "gcp",
        {"capture": {"bucket": "captures"}},
        "capture",
        "go to a BigQuery table; allowed: on SageMaker, Azure ML",
        "online-prediction-logging",
        {},
    ),
    (
        "gcp",
        {"on": "cloudRun", "capture": {"bucket": "captures"}},
        "capture",
        "bodies are not recorded",
        "run/docs/logging",
        {"on": "cloudRun"},
    ),
    ("k8s", {"capture": {"bucket": "captures"}}, "capture", "nothing in the cluster records requests' bodies", "gateway-api", {}),
    ("gcp", {"asynchronous": {"bucket": "answers"}}, "asynchronous", "allowed: on SageMaker", "deploy-model-api", {}),
    (
        "aws",
        {"asynchronous": {"bucket": "models"}},
        "asynchronous.bucket",
        "allowed: answers | captures",
        "",
        {"asynchronous": {"bucket": "answers"}},
    ),
    (
        "aws",
        {"asynchronous": {"bucket": "answers"}, "objective": {"p95Ms": 80}},
        "objective.p95Ms",
        "nobody waits",
        "",
        {"asynchronous": {"bucket": "answers"}},
    ),
    (
        "aws",
        {"asynchronous": {"bucket": "answers"}, "shadow": SHADOW},
        "shadow",
        "are files in a bucket",
        "",
        {"asynchronous": {"bucket": "answers"}},
    ),
    ("aws", {"alarms": {"errorRatePercent": 100}}, "alarms.errorRatePercent", "is never exceeded", "", {"alarms": {"errorRatePercent": 5}}),
    (
        "aws",
        {"alarms": {"saturationPercent": 0}},
        "alarms.saturationPercent",
        "always there or never exceeded",
        "",
        {"alarms": {"saturationPercent": 80}},
    ),
    (
        "aws",
        {"alarms": {"noTrafficMinutes": 0}},
        "alarms.noTrafficMinutes",
        "no time that alarms look back",
        "",
        {"alarms": {"noTrafficMinutes": 5}},
    ),
    (
        "aws",
        {"alarms": {"notify": ["oncall@example.com"]}},
        "alarms.notify",
        "allowed: the ARN of an SNS topic",
        "API_PutMetricAlarm",
        {"alarms": {"notify": ["arn:aws:sns:eu-west-1:123456789012:oncall"]}},
    ),
    (
        "gcp",
        {"alarms": {"notify": ["oncall"]}},
        "alarms.notify",
        "notificationChannels/ID",
        "projects.alertPolicies",
        {"alarms": {"notify": ["projects/acme/notificationChannels/42"]}},
    ),
    ("k8s", {"alarms": {"errorRatePercent": 1}}, "alarms", "no add-on watches metrics there", "", {}),
    (
        "aws",
        {"capture": {"bucket": "captures", "percent": 12.5}},
        "capture.percent",
        "the share is in whole percents; allowed: on Azure ML; fix: write percent: 12",
        "model-monitor-data-capture",
        {"capture": {"bucket": "captures", "percent": 12}},
    ),
]


@pytest.mark.parametrize("case", KEPT, ids=refusal_id)
def test_a_refusal_names_its_place_its_rule_and_a_way_out_that_works(case: Refusal) -> None:
    check_refusal(case)


def test_silence_is_looked_back_at_for_less_than_a_day() -> None:
    (fault,) = planned("aws", {"alarms": {"noTrafficMinutes": 1440}}).faults
    assert "allowed: 1 to 1380; fix: write noTrafficMinutes: 1380" in fault.line()
    (fault,) = planned("aws", {"alarms": {"noTrafficMinutes": 0}}).faults
    assert "fix: write noTrafficMinutes: 1 " in f"{fault.line()} "
    assert not planned("aws", {"alarms": {"noTrafficMinutes": 1380}}).faults
