"""What no canary, shadow or strategy may be: each rule with its case, its path, its source, and what mends it."""

import pytest

from tests.plan.endpoints import POOL, WITH_ADD_ONS, Refusal, check_refusal, planned, refusal_id

CANARY = {"model": "fraud-2", "percent": 10}
SHADOW = {"model": "fraud-3", "percent": 20}
TLS = {"host": "fraud.example.com", "certificate": "projects/acme-ml/locations/europe-west4/certificates/fraud"}
EXCLUSIONS = "deployment-guardrails-exclusions"
CREATE_SHADOW = "dg/shadow-tests-create.html"
ROUTING = "API_TrafficRoutingConfig.html"
SPLIT = "rest/v1/projects.locations.endpoints"
REVISIONS = "rollouts-rollbacks-traffic-migration"
AZURE_TRAFFIC = "reference-yaml-endpoint-online"
SAFE_ROLLOUT = "how-to-safely-rollout-online-endpoints"
GKE_GATEWAY = "gatewayclass-capabilities"

ROLLOUTS: list[Refusal] = [
    (
        "aws",
        {"strategy": {"shift": "canary", "bakeMinutes": 61}},
        "strategy.bakeMinutes",
        "allowed: 0 to 60; fix: write bakeMinutes: 60",
        ROUTING,
        {"strategy": {"shift": "canary", "bakeMinutes": 60}},
    ),
    (
        "aws",
        {"canary": {**CANARY, "bakeMinutes": 3}},
        "canary.bakeMinutes",
        "allowed: 5 or more; fix: write bakeMinutes: 5",
        "AlarmThatSendsEmail.html",
        {"canary": {**CANARY, "bakeMinutes": 5}},
    ),
    (
        "aws",
        {"canary": {**CANARY, "rollbackOn": {}}},
        "canary.rollbackOn",
        "names nothing that would end a rollout",
        "",
        {"canary": {**CANARY, "rollbackOn": {"errorRatePercent": 1}}},
    ),
    (
        "aws",
        {"canary": {**CANARY, "rollbackOn": {"errorRatePercent": 100}}},
        "canary.rollbackOn.errorRatePercent",
        "is never exceeded, so the alarm never fires",
        "",
        {"canary": {**CANARY, "rollbackOn": {"errorRatePercent": 1}}},
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
        {"canary": {**CANARY, "steps": [5]}, "asynchronous": {"bucket": "answers"}},
        "canary",
        "of an asynchronous endpoint cannot be watched",
        "async-inference-monitor",
        {"canary": CANARY, "asynchronous": {"bucket": "answers"}},
    ),
    (
        "aws",
        {"canary": {**CANARY, "steps": [5]}, "strategy": {"shift": "linear"}},
        "strategy",
        "take the same variants before and after, and a canary comes and goes",
        EXCLUSIONS,
        {"canary": {**CANARY, "steps": [5]}},
    ),
    (
        "azure",
        {"canary": {**CANARY, "rollbackOn": {"p95Ms": 90}}},
        "canary.rollbackOn",
        "going back is the revert of the file's change; allowed: on SageMaker",
        SAFE_ROLLOUT,
        {"canary": CANARY, "alarms": {"p95Ms": 90}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"tls": TLS}, "canary": {**CANARY, "rollbackOn": {"p95Ms": 90}}},
        "canary.rollbackOn",
        "Cloud Run does not have: alarms fire, and going back is the revert of the file's change; allowed: on SageMaker",
        REVISIONS,
        {"on": "cloudRun", "access": {"tls": TLS}, "canary": CANARY},
    ),
    (
        "azure",
        {"strategy": {"shift": "allAtOnce", "rollbackOn": {"p95Ms": 90}}},
        "strategy.rollbackOn",
        "allowed: on SageMaker; fix: remove rollbackOn",
        SAFE_ROLLOUT,
        {"strategy": {"shift": "allAtOnce"}, "alarms": {"p95Ms": 90}},
    ),
    (
        "aws",
        {"strategy": {"shift": "canary", "rollbackOn": {}}},
        "strategy.rollbackOn",
        "names nothing that would end a rollout",
        "",
        {"strategy": {"shift": "canary", "rollbackOn": {"errorRatePercent": 1}}},
    ),
    (
        "aws",
        {"strategy": {"shift": "allAtOnce", "bakeMinutes": 0, "rollbackOn": {"errorRatePercent": 1}}},
        "strategy.bakeMinutes",
        "no time in which an alarm could end the rollout",
        "",
        {"strategy": {"shift": "allAtOnce", "bakeMinutes": 10, "rollbackOn": {"errorRatePercent": 1}}},
    ),
    (
        "aws",
        {"strategy": {"shift": "canary", "rollbackOn": {"p95Ms": 60}}, "objective": {"p95Ms": 80}},
        "strategy.rollbackOn.p95Ms",
        "less than the objective of 80 ms",
        "",
        {"strategy": {"shift": "canary", "rollbackOn": {"p95Ms": 80}}, "objective": {"p95Ms": 80}},
    ),
    (
        "aws",
        {"strategy": {"shift": "canary", "rollbackOn": {"p95Ms": 90}}, "alarms": {"p95Ms": 70}},
        "alarms.p95Ms",
        "an endpoint has one alarm of each kind",
        "",
        {"strategy": {"shift": "canary", "rollbackOn": {"p95Ms": 90}}, "alarms": {"p95Ms": 90}},
    ),
    (
        "aws",
        {"strategy": {"shift": "linear"}, "canary": CANARY},
        "strategy",
        "take the same variants before and after, and a canary comes and goes",
        EXCLUSIONS,
        {"strategy": {"shift": "allAtOnce"}, "canary": CANARY},
    ),
    (
        "aws",
        {"strategy": {"shift": "rolling"}, "shadow": SHADOW},
        "strategy.shift",
        "fix: write shift: canary",
        EXCLUSIONS,
        {"strategy": {"shift": "canary"}, "shadow": SHADOW},
    ),
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
        {"on": "cloudRun", "access": {"tls": TLS}, "canary": {**CANARY, "percent": 2.55}},
        "canary.percent",
        "is finer than Cloud Run splits requests; allowed: steps of 0.1; fix: write percent: 2.5",
        "setup-global-ext-https-serverless",
        {"on": "cloudRun", "access": {"tls": TLS}, "canary": {**CANARY, "percent": 2.5}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "canary": CANARY},
        "canary",
        "has at a load balancer alone, and that has a host name; allowed: with access.tls; fix: add access.tls",
        "setup-global-ext-https-serverless",
        {"on": "cloudRun", "access": {"tls": TLS}, "canary": CANARY},
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
        "azure",
        {"canary": {**CANARY, "steps": [2, 5]}},
        "canary.steps",
        "allowed: on SageMaker; fix: remove steps, and write percent: 2 now",
        AZURE_TRAFFIC,
        {"canary": {**CANARY, "percent": 2}},
    ),
    (
        "k8s",
        {"canary": {**CANARY, "steps": [2, 5]}},
        "canary.steps",
        "each step is an update: the file's percent moves on; allowed: on SageMaker",
        "guides/traffic-splitting",
        {"canary": {**CANARY, "percent": 2}},
    ),
    (
        "gcp",
        {"canary": {**CANARY, "bakeMinutes": 5}},
        "canary.bakeMinutes",
        "Vertex AI does not have: each step is an update: the file's percent moves on; allowed: on SageMaker",
        SPLIT,
        {"canary": CANARY},
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
    (
        "azure",
        {"shadow": {**SHADOW, "percent": 2.5}},
        "shadow.percent",
        "traffic is in whole percents",
        AZURE_TRAFFIC,
        {"shadow": {**SHADOW, "percent": 2}},
    ),
    (
        "aws",
        {"strategy": {"shift": "linear", "stepPercent": 12.5}},
        "strategy.stepPercent",
        "fix: write stepPercent: 12",
        "API_CapacitySize.html",
        {"strategy": {"shift": "linear", "stepPercent": 12}},
    ),
]


@pytest.mark.parametrize("case", ROLLOUTS, ids=refusal_id)
def test_a_refusal_names_its_place_its_rule_and_a_way_out_that_works(case: Refusal) -> None:
    check_refusal(case)


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
