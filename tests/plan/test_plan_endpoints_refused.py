"""What no endpoint may be: each rule with its case, its path, its source, and what mends it. Production in the regions of endpoints.py."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.plan.endpoints import POOL, WITH_ADD_ONS, Endpoints, endpoint, model, on_kubernetes, planned

Case = tuple[str, Mapping[str, Any], str, str, str, Mapping[str, Any]]

CANARY = {"model": "fraud-2", "percent": 10}
SHADOW = {"model": "fraud-3", "percent": 20}
TLS = {"host": "fraud.example.com", "certificate": "fraud-tls"}
OIDC = {"issuer": "https://login.example.com", "audiences": ["fraud"]}
ROLE = "arn:aws:iam::123456789012:role/checkout"
NIGHT = {"hours": "22:00-06:00", "min": 1}

CREATE_SHADOW = "dg/shadow-tests-create.html"
ROUTING = "API_TrafficRoutingConfig.html"
SPLIT = "rest/v1/projects.locations.endpoints"
REVISIONS = "rollouts-rollbacks-traffic-migration"
AZURE_TRAFFIC = "reference-yaml-endpoint-online"
SAFE_ROLLOUT = "how-to-safely-rollout-online-endpoints"
VERTEX_SCALING = "predictions/autoscaling"
RUN_SCALING = "about-instance-autoscaling"
AZURE_SCALING = "how-to-autoscale-endpoints"
GKE_GATEWAY = "gatewayclass-capabilities"

# cloud, or `k8s` (a cluster with a gateway and KEDA) or `bare` (without); the words of `fraud`; path of the fault under it; part of its
# line; part of its source (empty: Drydock's own rule); the words of `fraud` that mend it.
ROLLOUTS: list[Case] = [
    ("gcp", {"shadow": SHADOW}, "shadow", "copies none; allowed: on SageMaker, Azure ML, Kubernetes, GKE", SPLIT, {}),
    ("gcp", {"on": "cloudRun", "shadow": SHADOW}, "shadow", "a mirror cannot reach a serverless backend", "urlMaps", {"on": "cloudRun"}),
    (
        "azure",
        {"shadow": {**SHADOW, "percent": 60}},
        "shadow.percent",
        "60 percent is what Azure ML does not take",
        SAFE_ROLLOUT,
        {"shadow": {**SHADOW, "percent": 50}},
    ),
    ("azure", {"shadow": {**SHADOW, "percent": 0}}, "shadow.percent", "copies no request", "", {"shadow": {**SHADOW, "percent": 1}}),
    (
        "azure",
        {"canary": CANARY, "shadow": {**SHADOW, "model": "fraud-2"}},
        "shadow.model",
        "is the canary as well",
        SAFE_ROLLOUT,
        {"canary": CANARY, "shadow": SHADOW},
    ),
    ("azure", {"shadow": {**SHADOW, "model": "fraud-1"}}, "shadow.model", "is the stable version itself", "", {"shadow": SHADOW}),
    (
        "aws",
        {"canary": CANARY, "shadow": SHADOW},
        "shadow",
        "beside a shadow there is one production variant only",
        CREATE_SHADOW,
        {"shadow": SHADOW},
    ),
    ("aws", {"canary": {**CANARY, "percent": 0}}, "canary.percent", "leaves one of the two without a request", "", {"canary": CANARY}),
    (
        "aws",
        {"canary": {**CANARY, "percent": 100}},
        "canary.percent",
        "fix: write model: fraud-2 and remove canary",
        "",
        {"model": "fraud-2"},
    ),
    (
        "azure",
        {"canary": {**CANARY, "percent": 0.5}},
        "canary.percent",
        "traffic is in whole percents",
        AZURE_TRAFFIC,
        {"canary": {**CANARY, "percent": 1}},
    ),
    (
        "gcp",
        {"canary": {**CANARY, "percent": 2.5}},
        "canary.percent",
        "the split is in whole percents",
        SPLIT,
        {"canary": {**CANARY, "percent": 2}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "canary": {**CANARY, "percent": 2.5}},
        "canary.percent",
        "allowed: on SageMaker",
        REVISIONS,
        {"on": "cloudRun", "canary": CANARY},
    ),
    ("aws", {"canary": {**CANARY, "model": "fraud-1"}}, "canary.model", "both would answer alike", "", {"canary": CANARY}),
    ("aws", {"canary": {**CANARY, "steps": [5, 2]}}, "canary.steps", "do not rise", "", {"canary": CANARY}),
    (
        "aws",
        {"canary": {**CANARY, "steps": [5, 20]}},
        "canary.steps",
        "are not on the way to the canary's 10 percent",
        "",
        {"canary": CANARY},
    ),
    (
        "aws",
        {"canary": {**CANARY, "steps": [2, 5]}},
        "canary.steps",
        "fix: remove steps, and write percent: 2 now",
        "API_ProductionVariant.html",
        {"canary": {**CANARY, "percent": 2}},
    ),
    (
        "aws",
        {"canary": {**CANARY, "bakeMinutes": 61}},
        "canary.bakeMinutes",
        "allowed: 0 to 60; fix: write bakeMinutes: 60",
        ROUTING,
        {"canary": {**CANARY, "bakeMinutes": 60}},
    ),
    ("gcp", {"canary": {**CANARY, "bakeMinutes": 5}}, "canary.bakeMinutes", "Vertex AI does not have", SPLIT, {"canary": CANARY}),
    (
        "aws",
        {"canary": {**CANARY, "rollbackOn": {}}},
        "canary.rollbackOn",
        "names nothing that would end a rollout",
        "",
        {"canary": {**CANARY, "rollbackOn": {"errorRatePercent": 1}}},
    ),
    (
        "azure",
        {"canary": {**CANARY, "rollbackOn": {"p95Ms": 90}}},
        "canary.rollbackOn",
        "allowed: on SageMaker; fix: remove rollbackOn",
        SAFE_ROLLOUT,
        {"canary": CANARY, "alarms": {"p95Ms": 90}},
    ),
    (
        "aws",
        {"canary": {**CANARY, "rollbackOn": {"p95Ms": 60}}, "objective": {"p95Ms": 80}},
        "canary.rollbackOn.p95Ms",
        "less than the objective of 80 ms",
        "",
        {"canary": {**CANARY, "rollbackOn": {"p95Ms": 80}}, "objective": {"p95Ms": 80}},
    ),
    (
        "aws",
        {"canary": {**CANARY, "rollbackOn": {"p95Ms": 90}}, "alarms": {"p95Ms": 70}},
        "alarms.p95Ms",
        "an endpoint has one alarm of each kind",
        "",
        {"canary": {**CANARY, "rollbackOn": {"p95Ms": 90}}},
    ),
    (
        "aws",
        {"strategy": {"shift": "linear", "stepPercent": 5}},
        "strategy.stepPercent",
        "allowed: 10 to 50; fix: write stepPercent: 10",
        ROUTING,
        {"strategy": {"shift": "linear", "stepPercent": 10}},
    ),
    (
        "aws",
        {"strategy": {"shift": "linear", "stepPercent": 60}},
        "strategy.stepPercent",
        "fix: write stepPercent: 50",
        ROUTING,
        {"strategy": {"shift": "linear", "stepPercent": 50}},
    ),
    (
        "aws",
        {"strategy": {"shift": "canary", "stepPercent": 51}},
        "strategy.stepPercent",
        "allowed: 1 to 50",
        ROUTING,
        {"strategy": {"shift": "canary", "stepPercent": 50}},
    ),
    (
        "aws",
        {"strategy": {"shift": "rolling", "stepPercent": 4}},
        "strategy.stepPercent",
        "allowed: 5 to 50",
        "API_RollingUpdatePolicy.html",
        {"strategy": {"shift": "rolling"}},
    ),
    (
        "aws",
        {"strategy": {"shift": "rolling"}, "canary": CANARY},
        "strategy.shift",
        "fix: write shift: canary",
        "deployment-guardrails-exclusions",
        {"strategy": {"shift": "canary"}, "canary": CANARY},
    ),
    (
        "aws",
        {"strategy": {"shift": "allAtOnce", "stepPercent": 10}},
        "strategy.stepPercent",
        "has no effect",
        "",
        {"strategy": {"shift": "allAtOnce"}},
    ),
    (
        "azure",
        {"strategy": {"shift": "linear"}},
        "strategy.shift",
        "a ready version takes over in one step",
        SAFE_ROLLOUT,
        {"strategy": {"shift": "allAtOnce"}},
    ),
    ("gcp", {"on": "cloudRun", "strategy": {"shift": "canary"}}, "strategy.shift", "allowed: on SageMaker", REVISIONS, {"on": "cloudRun"}),
    ("k8s", {"strategy": {"shift": "rolling"}}, "strategy.shift", "each version is a Deployment of its own", "controllers/deployment", {}),
    ("bare", {"canary": CANARY}, "canary", "fix: write cluster.addOns.gateway: install", "guides/traffic-splitting", {}),
    ("bare", {"shadow": SHADOW}, "shadow", "lacks the add-on gateway", "http-request-mirroring", {}),
]
SCALING: list[Case] = [
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
]
ACCESS: list[Case] = [
    (
        "aws",
        {"access": {"public": True}},
        "access.public",
        "is called through AWS's own API",
        "API_runtime_InvokeEndpoint",
        {"access": {"public": False}},
    ),
    (
        "aws",
        {"access": {"authentication": "keys"}},
        "access.authentication",
        "allowed: on Azure ML; fix: write authentication: iam",
        "API_runtime_InvokeEndpoint",
        {"access": {"authentication": "iam"}},
    ),
    (
        "gcp",
        {"access": {"authentication": "oidc", "oidc": OIDC}},
        "access.authentication",
        "callers are Google Cloud's identities",
        "general/access-control",
        {"access": {"authentication": "iam"}},
    ),
    ("azure", {"access": {"oidc": OIDC}}, "access.oidc", "allowed: on Kubernetes; fix: remove oidc", "concept-endpoints-online-auth", {}),
    (
        "k8s",
        {"access": {"authentication": "iam"}},
        "access.authentication",
        "pods know nothing of the cloud's identities",
        "network-policies",
        {"access": {"authentication": "oidc", "oidc": OIDC}},
    ),
    (
        "k8s",
        {"access": {"authentication": "oidc"}},
        "access.oidc",
        "names no issuer",
        "",
        {"access": {"authentication": "oidc", "oidc": OIDC}},
    ),
    (
        "azure",
        {"access": {"authentication": "keys", "oidc": OIDC}},
        "access.oidc",
        "has no effect, as callers are known by keys",
        "",
        {"access": {"authentication": "keys"}},
    ),
    ("bare", {"access": {"oidc": OIDC}}, "access.oidc", "lacks the add-on gateway", "jwt-authentication", {}),
    (
        "k8s",
        {"access": {"public": True, "oidc": OIDC, "rateLimitPerSecond": 200}},
        "access.tls",
        "could be read on the way",
        "secure-gateways",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS, "rateLimitPerSecond": 200}},
    ),
    (
        "k8s",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS}},
        "access.rateLimitPerSecond",
        "as busy as they like",
        "local-rate-limit",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS, "rateLimitPerSecond": 200}},
    ),
    (
        "k8s",
        {"access": {"public": True, "tls": TLS, "rateLimitPerSecond": 200}},
        "access.authentication",
        "asks nobody who they are",
        "",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS, "rateLimitPerSecond": 200}},
    ),
    (
        "k8s",
        {"access": {"rateLimitPerSecond": 39}},
        "access.rateLimitPerSecond",
        "less than the 40 requests a second that are expected; allowed: 40 or more; fix: write rateLimitPerSecond: 100",
        "",
        {"access": {"rateLimitPerSecond": 100}},
    ),
    (
        "k8s",
        {"access": {"tls": {**TLS, "certificate": "arn:aws:acm:eu-west-1:1:certificate/x"}}},
        "access.tls.certificate",
        "is no name of a secret",
        "secret/#tls-secrets",
        {"access": {"tls": TLS}},
    ),
    ("azure", {"access": {"tls": TLS}}, "access.tls", "under Azure's own host name", "concept-endpoints-online", {}),
    (
        "gcp",
        {"access": {"public": True, "rateLimitPerSecond": 9}},
        "access.rateLimitPerSecond",
        "quota of requests bounds it",
        "vertex-ai/docs/quotas",
        {"access": {"public": True}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"webApplicationFirewall": "armor"}},
        "access.webApplicationFirewall",
        "no platform has it",
        "securing/ingress",
        {"on": "cloudRun"},
    ),
    (
        "aws",
        {"access": {"members": ["checkout"]}},
        "access.members",
        "allowed: the ARN of a role or user",
        "reference_identifiers",
        {"access": {"members": [ROLE]}},
    ),
    (
        "gcp",
        {"access": {"members": ["someone@example.com"]}},
        "access.members",
        "is no identity",
        "principal-identifiers",
        {"access": {"members": ["user:someone@example.com"]}},
    ),
    (
        "gcp",
        {"access": {"members": ["allUsers"]}},
        "access.members",
        "is anybody",
        "principal-identifiers",
        {"access": {"members": ["group:ml@example.com"]}},
    ),
    (
        "azure",
        {"access": {"members": ["someone@example.com"]}},
        "access.members",
        "object id",
        "role-assignments-steps",
        {"access": {"members": ["01234567-89ab-cdef-0123-456789abcdef"]}},
    ),
    ("k8s", {"access": {"members": ["checkout"]}}, "access.members", "or the team's allowFrom", "network-policies", {}),
]
KEPT: list[Case] = [
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
]
PLACES: list[Case] = [
    ("aws", {"on": "vertexAi"}, "on", "is Vertex AI, which stands on gcp, not on aws", "", {"on": "sageMaker"}),
    ("azure", {"on": "cloudRun"}, "on", "fix: write on: managed", "", {"on": "managed"}),
    ("k8s", {"on": "managed"}, "on", "does not have; allowed: cpu; fix: write on: cpu", "", {"on": "cpu"}),
    ("k8s", {"on": "cpus"}, "on", "fix: write on: cpu", "", {"on": "cpu"}),
    ("gcp", {"on": "cloudrun"}, "on", "fix: write on: cloudRun", "", {"on": "cloudRun"}),
    ("aws", {"team": "risk"}, "team", "a team is a namespace of the cluster", "", {}),
    ("k8s", {"team": "risk"}, "team", "is no team of this environment", "", {}),
    (
        "aws",
        {"model": "fraud-9"},
        "model",
        "is no model version of this environment; allowed: fraud-1 | fraud-2 | fraud-3",
        "",
        {"model": "fraud-3"},
    ),
    ("aws", {"canary": {**CANARY, "model": "froud-2"}}, "canary.model", "fix: write model: fraud-2", "", {"canary": CANARY}),
    ("aws", {"shadow": {**SHADOW, "model": "froud-3"}}, "shadow.model", "fix: write model: fraud-3", "", {"shadow": SHADOW}),
    (
        "gcp",
        {"on": "cloudRun", "accelerators": 2},
        "accelerators",
        "2 a replica is what Cloud Run does not take",
        "services/gpu",
        {"on": "cloudRun"},
    ),
]


def _found(cloud: str, words: Mapping[str, Any]) -> Endpoints:
    if cloud in ("k8s", "bare"):
        return on_kubernetes(words, add_ons=cloud == "k8s")
    return planned(cloud, words)


def _id(case: Case) -> str:
    return f"{case[0]} {case[2]}: {case[3]}"[:70]


@pytest.mark.parametrize("case", [*ROLLOUTS, *SCALING, *ACCESS, *KEPT, *PLACES], ids=_id)
def test_a_refusal_names_its_place_its_rule_and_a_way_out_that_works(case: Case) -> None:
    cloud, words, path, part, source, mended = case
    found = [fault for fault in _found(cloud, words).faults if fault.path == f"endpoints.fraud.{path}"]
    fault = next((each for each in found if part in each.line()), None)
    assert fault is not None, "\n".join(each.line() for each in found) or "nothing is refused there"
    assert source in fault.source if source else not fault.source
    assert not _found(cloud, mended).faults


def test_the_refusals_are_at_least_forty_rules_with_somebodys_source() -> None:
    cases = [*ROLLOUTS, *SCALING, *ACCESS, *KEPT, *PLACES]
    assert len({(case[0], case[2], case[4]) for case in cases if case[4]}) >= 40


def test_all_faults_of_an_endpoint_are_found_in_one_go() -> None:
    words = {"model": "fraud-9", "shadow": SHADOW, "canary": {**CANARY, "percent": 0}, "access": {"authentication": "keys"}, "team": "risk"}
    paths = {fault.path.removeprefix("endpoints.fraud.") for fault in planned("gcp", words).faults}
    assert paths == {"model", "shadow", "canary.percent", "access.authentication", "team"}


def test_gkes_own_gateway_mirrors_all_requests_or_none() -> None:
    cpu = {"vcpus": 8, "memoryGib": 32, "nodes": {"min": 1, "max": 4}}
    words = {"nodePools": {"cpu": cpu}, "cluster": WITH_ADD_ONS}
    (fault,) = planned("gcp", {"on": "cpu", "shadow": SHADOW}, **words).faults
    assert fault.path == "endpoints.fraud.shadow.percent"
    assert GKE_GATEWAY in fault.source
    assert "fix: write percent: 100" in fault.line()
    assert not planned("gcp", {"on": "cpu", "shadow": {**SHADOW, "percent": 100}}, **words).faults


def test_a_cluster_of_google_that_is_there_already_has_envoy_gateway() -> None:
    words = {"nodePools": {"cpu": POOL}, "cluster": {"existing": {"name": "lab"}, **WITH_ADD_ONS}, "network": None}
    assert not planned("gcp", {"on": "cpu", "shadow": SHADOW}, **words).faults


def test_steps_that_stand_still_do_not_rise() -> None:
    found = planned("aws", {"canary": {**CANARY, "steps": [5, 5]}}).faults
    assert any("fix: write steps: [5]" in fault.line() for fault in found)


@pytest.mark.parametrize("access", [{"public": True}, {"oidc": OIDC}, {"rateLimitPerSecond": 200}], ids=str)
def test_gkes_gateway_within_the_network_neither_opens_nor_checks_nor_limits(access: Mapping[str, Any]) -> None:
    cpu = {"vcpus": 8, "memoryGib": 32, "nodes": {"min": 1, "max": 4}}
    found = planned("gcp", {"on": "cpu", "access": access}, nodePools={"cpu": cpu}, cluster=WITH_ADD_ONS)
    assert any(GKE_GATEWAY in fault.source for fault in found.faults)


def test_production_does_not_stand_on_spot_machines_alone() -> None:
    pools = {"cpu": {"vcpus": 8, "memoryGib": 32, "capacity": ["spot"], "nodes": {"max": 4}}}
    (fault,) = planned("aws", {"on": "cpu"}, nodePools=pools).faults
    assert "all replicas may go at once" in fault.line()
    assert "spot-interruptions" in fault.source
    pools["cpu"]["capacity"] = ["onDemand", "spot"]
    assert not planned("aws", {"on": "cpu"}, nodePools=pools).faults


def test_development_may_stand_on_spot_machines() -> None:
    pools = {"cpu": {"vcpus": 8, "memoryGib": 32, "capacity": ["spot"], "nodes": {"max": 4}}}
    assert not planned("aws", {"on": "cpu"}, nodePools=pools, stage="dev").faults


def test_the_system_pool_carries_no_endpoint() -> None:
    pools = {"system": {"system": True, "vcpus": 4, "memoryGib": 16, "nodes": {"min": 2, "max": 4}}}
    (fault,) = planned("aws", {"on": "system"}, nodePools=pools).faults
    assert "is the system pool" in fault.line()


def test_a_pool_of_tpus_carries_no_endpoint() -> None:
    pools = {"tpus": {"accelerator": "tpu-v5e", "topology": "2x4", "nodes": {"max": 2}}}
    (fault,) = planned("gcp", {"on": "tpus"}, nodePools=pools).faults
    assert "has TPUs" in fault.line()
    assert "docs.vllm.ai" in fault.source


def test_a_faulty_pool_is_named_once_and_by_its_own_fault() -> None:
    found = planned("aws", {"on": "cpu"}, nodePools={"cpu": {"machine": "m5.xlarg"}})
    assert {fault.path for fault in found.faults} == {"nodePools.cpu.machine"}


def test_one_of_several_teams_must_be_named() -> None:
    (fault,) = on_kubernetes({}, teams={"risk": {}, "vision": {}}).faults
    assert fault.path == "endpoints.fraud.team"
    assert "allowed: risk | vision; fix: add team: risk" in fault.line()


@pytest.mark.parametrize("name", ["stable", "canary", "shadow", "managed"])
def test_an_endpoint_is_not_called_like_a_role_or_a_platform(name: str) -> None:
    (fault,) = planned("aws", {}, endpoints={name: endpoint()}).faults
    assert fault.path == f"endpoints.{name}"


def test_versions_of_two_endpoints_do_not_share_a_name() -> None:
    models = {"b-c": model(1), "c": model(2)}
    found = planned("aws", {}, models=models, endpoints={"a": endpoint(model="b-c"), "a-b": endpoint(model="c")})
    (fault,) = found.faults
    assert fault.path == "endpoints.a-b"
    assert "a-b-c, as a with its own does" in fault.line()
    assert not planned("aws", {}, models=models, endpoints={"a": endpoint(model="b-c"), "d": endpoint(model="c")}).faults


def test_a_canary_and_a_strategy_agree_on_what_ends_a_rollout() -> None:
    canary = {**CANARY, "rollbackOn": {"errorRatePercent": 1}}
    (fault,) = planned("aws", {"canary": canary, "strategy": {"shift": "canary", "rollbackOn": {"errorRatePercent": 2}}}).faults
    assert fault.path == "endpoints.fraud.strategy.rollbackOn.errorRatePercent"
    assert not planned("aws", {"canary": canary, "strategy": {"shift": "canary", "rollbackOn": {"errorRatePercent": 1}}}).faults


@pytest.mark.parametrize(("cloud", "source"), [("gcp", "private-service-connect"), ("azure", "concept-secure-online-endpoint")])
def test_a_private_endpoint_needs_a_network_from_which_it_is_reached(cloud: str, source: str) -> None:
    (fault,) = planned(cloud, {}, network=None).faults
    assert fault.path == "endpoints.fraud.access.public"
    assert "add network: {}" in fault.line()
    assert source in fault.source
    assert not planned(cloud, {"access": {"public": True}}, network=None).faults


def test_azures_private_endpoint_is_asked_for_outside_production() -> None:
    (fault,) = planned("azure", {}, stage="dev").faults
    assert "add ml to network.privateEndpoints" in fault.line()
    assert not planned("azure", {}, stage="dev", network={"privateEndpoints": ["ml"]}).faults
    assert planned("azure", {}, network={"privateEndpoints": ["storage"]}).faults


def test_signed_requests_and_those_from_within_need_no_network_of_the_environment() -> None:
    assert not planned("aws", {}, network=None).faults
    assert not planned("gcp", {"on": "cloudRun"}, network=None).faults
    assert not on_kubernetes({}).faults


KEDA_ALONE = {"existing": {"context": "lab"}, "addOns": {"keda": "install"}}


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


def test_two_endpoints_do_not_share_a_host() -> None:
    tls = {"host": "fraud.example.com", "certificate": "fraud-tls"}
    both = {name: endpoint(on="cpu", access={"tls": tls}) for name in ("a", "b")}
    (fault,) = on_kubernetes({}, endpoints=both).faults
    assert fault.path == "endpoints.b.access.tls.host"
    assert "is the host of a too" in fault.line()
    both["b"] = endpoint(on="cpu", access={"tls": {**tls, "host": "other.example.com"}})
    assert not on_kubernetes({}, endpoints=both).faults


def test_endpoints_stand_on_no_pool_that_nobody_names() -> None:
    (fault,) = on_kubernetes({"on": "gpu"}, nodePools={}).faults
    assert "fix: add gpu under nodePools" in fault.line()
    assert not on_kubernetes({"on": "gpu"}, nodePools={"gpu": POOL}).faults
