"""What is decided of endpoints: where they stand, how versions take over, who may call, what is kept and watched."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from plan.model import CanaryRolloutPlan
from tests.plan.endpoints import DIGEST, POOL, endpoint, model, on_kubernetes, plan_words, planned

CANARY = {"model": "fraud-2", "percent": 10}
SHADOW = {"model": "fraud-3", "percent": 20}
OIDC = {"issuer": "https://login.example.com", "audiences": ["fraud"]}


# Where it stands.


@pytest.mark.parametrize(("cloud", "platform"), [("aws", "sageMaker"), ("gcp", "vertexAi"), ("azure", "azureMl")])
def test_managed_is_the_clouds_platform(cloud: str, platform: str) -> None:
    found = planned(cloud, {})
    assert found.fraud.platform == platform
    assert (found.fraud.pool, found.fraud.namespace, found.fraud.gateway) == ("", "", False)
    assert found.decisions["endpoints.fraud.on"].chosen == platform


@pytest.mark.parametrize(("cloud", "on"), [("aws", "sageMaker"), ("gcp", "vertexAi"), ("gcp", "cloudRun"), ("azure", "azureMl")])
def test_a_platform_may_be_named(cloud: str, on: str) -> None:
    found = planned(cloud, {"on": on})
    assert found.fraud.platform == on
    assert "endpoints.fraud.on" not in found.decisions


def test_a_pools_name_puts_it_into_the_cluster_with_what_its_pods_say() -> None:
    pool = {**POOL, "taints": [{"key": "team", "value": "risk"}]}
    fraud = on_kubernetes({}, nodePools={"cpu": pool}).fraud
    assert (fraud.platform, fraud.pool, fraud.resource) == ("kubernetes", "cpu", "")
    assert fraud.selector == {"pool": "cpu"}
    assert [(each.key, each.value) for each in fraud.tolerations] == [("team", "risk")]


def test_the_only_team_owns_it_in_its_namespace() -> None:
    found = on_kubernetes({}, teams={"risk": {"namespace": "risk-models"}})
    assert (found.fraud.team, found.fraud.namespace) == ("risk", "risk-models")
    assert found.fraud.labels["drydock/team"] == "risk"
    assert found.decisions["endpoints.fraud.team"].chosen == "risk"


def test_a_named_team_owns_it() -> None:
    assert on_kubernetes({"team": "vision"}, teams={"risk": {}, "vision": {}}).fraud.namespace == "vision"


def test_without_a_team_it_stands_where_workloads_do() -> None:
    assert on_kubernetes({}).fraud.namespace == "workloads"


@pytest.mark.parametrize("add_ons", [True, False])
def test_the_gateway_routes_to_it_where_there_is_one(add_ons: bool) -> None:
    assert on_kubernetes({}, add_ons=add_ons).fraud.gateway is add_ons


def test_a_gateway_whose_class_nobody_told_routes_to_nothing() -> None:
    cluster = {"existing": {"context": "lab"}, "addOns": {"gateway": "existing"}}
    assert not on_kubernetes({}, cluster=cluster).fraud.gateway


# Versions.


def test_weights_of_stable_and_canary_are_all_of_the_traffic_and_a_shadow_has_none() -> None:
    fraud = planned("azure", {"canary": CANARY, "shadow": SHADOW}).fraud
    told = [(each.name, each.role, each.weight_percent, each.mirror_percent) for each in fraud.variants]
    assert told == [
        ("fraud-fraud-1", "stable", 90, 0),
        ("fraud-fraud-2", "canary", 10, 0),
        ("fraud-fraud-3", "shadow", 0, 20),
    ]
    assert fraud.stable.model.name == "fraud-1"


def test_a_promotion_is_one_change_and_keeps_the_name_of_what_serves() -> None:
    before = planned("gcp", {"canary": CANARY}).fraud
    after = planned("gcp", {"model": "fraud-2"}).fraud
    assert before.variants[1].name == after.stable.name
    assert after.stable.weight_percent == 100
    assert len(after.variants) == 1


def test_a_version_that_nobody_serves_is_a_decision_and_no_fault() -> None:
    found = planned("aws", {"canary": CANARY})
    assert not found.faults
    assert {path for path in found.decisions if path.startswith("models.") and path.count(".") == 1} == {"models.fraud-3"}
    assert found.decisions["models.fraud-3"].chosen == "not deployed"


def test_an_endpoint_with_a_fault_is_left_out_and_the_others_stay() -> None:
    found = planned("gcp", {}, endpoints={"bad": endpoint(shadow=SHADOW), "good": endpoint()})
    assert list(found.plans) == ["good"]


# How a new version takes over.


@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_sagemaker_has_no_guardrails_unasked_as_they_would_refuse_a_promotion(stage: str) -> None:
    found = planned("aws", {}, stage=stage)
    rollout = found.fraud.rollout
    assert (rollout.shift, rollout.step_percent, rollout.bake_seconds) == ("allAtOnce", 100, 0)
    assert "deployment-guardrails-exclusions" in found.decisions["endpoints.fraud.strategy.shift"].source
    assert not any(alarm.rollback for alarm in found.fraud.alarms)


@pytest.mark.parametrize(
    ("strategy", "step", "bake"),
    [
        ({"shift": "canary"}, 10, 600),
        ({"shift": "linear"}, 20, 600),
        ({"shift": "rolling"}, 20, 600),
        ({"shift": "allAtOnce"}, 100, 0),
        ({"shift": "allAtOnce", "rollbackOn": {"errorRatePercent": 1}}, 100, 600),
    ],
    ids=str,
)
def test_a_strategy_that_leaves_something_open_goes_slowly(strategy: dict[str, Any], step: float, bake: int) -> None:
    rollout = planned("aws", {"strategy": strategy}).fraud.rollout
    assert (rollout.shift, rollout.step_percent, rollout.bake_seconds) == (strategy["shift"], step, bake)


@pytest.mark.parametrize(("cloud", "on"), [("gcp", "vertexAi"), ("gcp", "cloudRun"), ("azure", "azureMl")])
def test_elsewhere_a_ready_version_takes_over_in_one_step(cloud: str, on: str) -> None:
    rollout = planned(cloud, {"on": on}).fraud.rollout
    assert (rollout.shift, rollout.step_percent, rollout.bake_seconds) == ("allAtOnce", 100, 0)


GROWING = {"model": "fraud-2", "percent": 50, "steps": [10, 25], "bakeMinutes": 15, "rollbackOn": {"errorRatePercent": 3, "p95Ms": 90}}


def grown(canary: dict[str, Any], **words: Any) -> CanaryRolloutPlan:
    rollout = planned("aws", {"canary": canary}, **words).fraud.rollout.canary
    assert rollout is not None
    return rollout


def test_a_canary_with_steps_begins_at_the_first_and_grows_to_its_percent() -> None:
    found = planned("aws", {"canary": GROWING})
    rollout = found.fraud.rollout.canary
    assert rollout is not None
    assert (rollout.shares_percent, rollout.bake_seconds) == ((10, 25, 50), 900)
    assert {(alarm.kind, alarm.threshold) for alarm in rollout.alarms} == {("errorRate", 3), ("p95", 90)}
    assert {variant.role: variant.weight_percent for variant in found.fraud.variants} == {"stable": 90, "canary": 10}
    assert found.decisions["endpoints.fraud.canary.shares"].chosen == "10, 25, 50"


def test_what_takes_a_canary_back_looks_at_it_alone_and_the_endpoints_own_alarms_stay_as_they_are() -> None:
    found = planned("aws", {"canary": GROWING, "alarms": {"errorRatePercent": 5}}).fraud
    assert [alarm.threshold for alarm in found.alarms if alarm.kind == "errorRate"] == [5]
    assert not any(alarm.rollback for alarm in found.alarms)


def test_of_a_growing_canary_the_stable_version_can_take_all_traffic_back_and_the_canary_its_last_share() -> None:
    def most(canary: dict[str, Any] | None) -> dict[str, int]:
        measured = [{"machine": "ml.m5.large", "requestsPerSecond": 1}]
        models = {f"fraud-{version}": model(version, measured=measured) for version in (1, 2)}
        words = {"replicas": None, "machine": "ml.m5.large", **({"canary": canary} if canary else {})}
        return {variant.role: variant.max_replicas for variant in planned("aws", words, models=models).fraud.variants}

    alone = most(None)["stable"]
    # Half of 100 requests a second, each replica filled to 70 %: 50 / 0.7.
    assert most({**GROWING, "rollbackOn": {"errorRatePercent": 1}}) == {"stable": alone, "canary": 72}
    assert most({"model": "fraud-2", "percent": 50})["stable"] == 72


@pytest.mark.parametrize(("stage", "minutes", "percent", "days"), [("dev", 5, 2, 7), ("staging", 5, 2, 30), ("prod", 10, 1, 90)])
def test_a_growing_canary_that_leaves_all_open_is_watched_as_its_endpoint_is(stage: str, minutes: int, percent: float, days: int) -> None:
    rollout = grown({"model": "fraud-2", "percent": 50, "steps": [10]}, stage=stage)
    assert (rollout.bake_seconds, rollout.log_days) == (minutes * 60, days)
    assert [(alarm.kind, alarm.threshold) for alarm in rollout.alarms] == [("errorRate", percent)]


def test_the_endpoints_own_thresholds_are_the_canarys_where_it_has_none() -> None:
    found = planned("aws", {"canary": {**GROWING, "rollbackOn": None}, "alarms": {"errorRatePercent": 4}, "objective": {"p95Ms": 80}})
    rollout = found.fraud.rollout.canary
    assert rollout is not None
    assert {(alarm.kind, alarm.threshold) for alarm in rollout.alarms} == {("errorRate", 4), ("p95", 80)}


def test_a_canary_without_steps_may_be_watched_and_taken_back_too() -> None:
    for words in ({"bakeMinutes": 30}, {"rollbackOn": {"errorRatePercent": 1}}):
        assert grown({"model": "fraud-2", "percent": 20, **words}).shares_percent == (20,)
    assert planned("aws", {"canary": {"model": "fraud-2", "percent": 20}}).fraud.rollout.canary is None


# AWS Step Functions, Quotas: an execution has 25,000 events, and a look is about eleven.
@pytest.mark.parametrize(("minutes", "look_seconds"), [(5, 60), (333, 60), (10_080, 31 * 60)])
def test_alarms_are_looked_at_each_minute_unless_an_execution_would_become_too_long(minutes: int, look_seconds: int) -> None:
    rollout = grown({**GROWING, "bakeMinutes": minutes})
    assert rollout.look_seconds == look_seconds
    assert 11 * len(rollout.shares_percent) * rollout.bake_seconds / rollout.look_seconds < 25_000


def test_a_written_strategy_is_kept() -> None:
    rollout = planned("aws", {"strategy": {"shift": "linear", "stepPercent": 25, "bakeMinutes": 7}}).fraud.rollout
    assert (rollout.shift, rollout.step_percent, rollout.bake_seconds) == ("linear", 25, 420)


# What replicas follow.


@pytest.mark.parametrize(
    ("cloud", "words", "metric"),
    [
        ("aws", {}, "requests"),
        ("gcp", {}, "requests"),
        ("gcp", {"on": "cloudRun"}, "concurrency"),
        ("azure", {}, "requests"),
        ("aws", {"asynchronous": {"bucket": "answers"}}, "queueDepth"),
    ],
)
def test_each_platform_has_a_metric_with_a_reason(cloud: str, words: dict[str, Any], metric: str) -> None:
    found = planned(cloud, words)
    assert found.fraud.scaling.metric == metric
    decision = found.decisions["endpoints.fraud.autoscaling.metric"]
    assert decision.chosen == metric
    assert decision.source


@pytest.mark.parametrize(("add_ons", "metric"), [(True, "requests"), (False, "cpuUtilization")])
def test_a_cluster_without_keda_follows_its_processors(add_ons: bool, metric: str) -> None:
    assert on_kubernetes({}, add_ons=add_ons).fraud.scaling.metric == metric


def test_a_cluster_with_keda_alone_follows_processors_too_where_the_image_counts_nothing() -> None:
    cluster = {"existing": {"context": "lab"}, "addOns": {"keda": "install"}}
    assert on_kubernetes({}, cluster=cluster).fraud.scaling.metric == "cpuUtilization"


def test_speed_is_what_the_file_says_or_quick_out_and_slow_in() -> None:
    scaling = planned("azure", {}).fraud.scaling
    assert (scaling.scale_out_seconds, scaling.scale_in_seconds, scaling.max_step_percent) == (60, 300, 100)
    wish = {"scaleOutSeconds": 120, "scaleInSeconds": 900, "maxStepPercent": 50}
    scaling = planned("azure", {"autoscaling": wish}).fraud.scaling
    assert (scaling.scale_out_seconds, scaling.scale_in_seconds, scaling.max_step_percent) == (120, 900, 50)


def test_schedules_are_clocks_with_the_usual_maximum_and_days_in_order() -> None:
    night = {"hours": "22:30-06:15", "days": ["sun", "mon"], "timeZone": "Europe/Berlin", "min": 1}
    (schedule,) = planned("aws", {"autoscaling": {"schedules": {"night": night}}}).fraud.scaling.schedules
    assert (schedule.start_hour, schedule.start_minute, schedule.end_hour, schedule.end_minute) == (22, 30, 6, 15)
    assert (schedule.days, schedule.time_zone, schedule.min_replicas, schedule.max_replicas) == (("mon", "sun"), "Europe/Berlin", 1, 6)


def test_schedules_of_different_days_or_one_after_another_do_not_overlap() -> None:
    schedules = {
        "day": {"hours": "06:00-22:00", "days": ["mon"], "min": 3},
        "night": {"hours": "22:00-06:00", "days": ["mon"], "min": 1},
        "weekend": {"hours": "06:00-22:00", "days": ["sat", "sun"], "min": 1},
    }
    assert not planned("aws", {"autoscaling": {"schedules": schedules}}).faults
    schedules["dawn"] = {"hours": "05:59-06:30", "days": ["tue"], "min": 2}
    (fault,) = planned("aws", {"autoscaling": {"schedules": schedules}}).faults
    assert fault.path == "endpoints.fraud.autoscaling.schedules.night"


def test_the_edges_of_what_is_allowed_are_allowed() -> None:
    schedule = {"hours": "08:00-18:00", "min": 4, "max": 4}
    assert not planned("aws", {"autoscaling": {"schedules": {"day": schedule}}}).faults
    assert not on_kubernetes({"autoscaling": {"metric": "cpuUtilization", "target": 100}}).faults


@pytest.mark.parametrize(("cloud", "words"), [("gcp", {"on": "cloudRun"}), ("aws", {"asynchronous": {"bucket": "answers"}})])
def test_zero_replicas_where_the_platform_can(cloud: str, words: dict[str, Any]) -> None:
    fraud = planned(cloud, {**words, "replicas": {"min": 0, "max": 4}}).fraud
    assert fraud.scaling.scale_to_zero
    assert not any(alarm.kind == "noTraffic" for alarm in fraud.alarms)


def test_a_cluster_with_keda_gives_every_replica_back() -> None:
    assert on_kubernetes({"replicas": {"min": 0, "max": 4}}).fraud.scaling.scale_to_zero


# Who may call.


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_managed_endpoints_are_private_and_their_callers_the_clouds_identities(cloud: str) -> None:
    found = planned(cloud, {})
    assert (found.fraud.access.public, found.fraud.access.authentication) == (False, "iam")
    assert found.decisions["endpoints.fraud.access.public"].chosen == "false"
    assert found.decisions["endpoints.fraud.access.authentication"].source


def test_in_a_cluster_those_call_whom_the_network_lets_in() -> None:
    assert on_kubernetes({}).fraud.access.authentication == "network"


def test_an_issuer_means_its_tokens() -> None:
    access = on_kubernetes({"access": {"oidc": OIDC}}).fraud.access
    assert access.authentication == "oidc"
    assert access.oidc is not None
    assert (access.oidc.issuer, access.oidc.audiences) == ("https://login.example.com", ("fraud",))


def test_an_open_endpoint_has_all_that_keeps_it() -> None:
    tls = {"host": "fraud.example.com", "certificate": "fraud-tls"}
    wish = {"public": True, "oidc": OIDC, "tls": tls, "rateLimitPerSecond": 150}
    access = on_kubernetes({"access": wish}).fraud.access
    assert access.public
    assert (access.host, access.certificate, access.rate_limit_per_second) == ("fraud.example.com", "fraud-tls", 150)


@pytest.mark.parametrize(("cloud", "on"), [("gcp", "vertexAi"), ("gcp", "cloudRun"), ("azure", "azureMl")])
def test_managed_endpoints_open_with_limits_of_their_own(cloud: str, on: str) -> None:
    access = planned(cloud, {"on": on, "access": {"public": True}}).fraud.access
    assert (access.public, access.authentication) == (True, "iam")


def test_keys_where_the_platform_has_them() -> None:
    assert planned("azure", {"access": {"authentication": "keys"}}).fraud.access.authentication == "keys"


# What is kept, and how much.


def test_captures_lie_under_the_endpoints_name() -> None:
    capture = planned("aws", {"capture": {"bucket": "captures", "percent": 25}}).fraud.capture
    assert capture is not None
    assert (capture.bucket, capture.prefix, capture.percent, capture.redact) == ("captures", "endpoints/fraud", 25, ())


def test_answers_lie_under_the_endpoints_name() -> None:
    answers = planned("aws", {"asynchronous": {"bucket": "answers", "maxConcurrentPerReplica": 4}}).fraud.asynchronous
    assert answers is not None
    assert (answers.bucket, answers.prefix, answers.max_concurrent_per_replica) == ("answers", "answers/fraud", 4)


def test_a_month_of_traffic_is_730_hours_of_it() -> None:
    usage = planned("aws", {"capture": {"bucket": "captures", "percent": 25}}).fraud.usage
    # 40 requests a second of 8 KiB: 40 * 8 * 730 * 3600 KiB are 802 GiB; a quarter is kept.
    assert usage.processed_gib_per_month.expected == pytest.approx(802.0, abs=0.1)
    assert usage.captured_gib_per_month.expected == pytest.approx(200.5, abs=0.1)
    assert usage.requests_per_second.high == 100


def test_tokens_are_about_four_bytes_each_where_nobody_tells_the_payload() -> None:
    traffic = {"requestsPerSecond": {"low": 1, "expected": 1, "high": 1}, "promptTokens": 900, "outputTokens": 124}
    found = planned("aws", {"traffic": traffic})
    assert found.decisions["endpoints.fraud.traffic.payloadKib"].chosen == "4"
    # 4 KiB a second over 730 hours.
    assert found.fraud.usage.processed_gib_per_month.expected == pytest.approx(10.02, abs=0.01)


# What watches it.


def test_production_is_watched_for_errors_latency_saturation_and_silence() -> None:
    words = {"objective": {"p95Ms": 80}, "strategy": {"shift": "canary"}}
    alarms = {each.kind: each for each in planned("aws", words).fraud.alarms}
    assert {kind: each.threshold for kind, each in alarms.items()} == {"errorRate": 1, "p95": 80, "saturation": 90, "noTraffic": 1}
    assert {kind for kind, each in alarms.items() if each.rollback} == {"errorRate", "p95"}
    assert alarms["noTraffic"].period_seconds * alarms["noTraffic"].periods == 30 * 60


def test_alarms_end_no_rollout_where_nothing_looks_at_them() -> None:
    assert not any(alarm.rollback for alarm in planned("gcp", {"objective": {"p95Ms": 80}}).fraud.alarms)


def test_development_is_watched_where_the_file_asks_for_it() -> None:
    assert planned("aws", {}, stage="dev").fraud.alarms == ()
    strategy = {"shift": "canary", "rollbackOn": {"errorRatePercent": 5}}
    (alarm,) = planned("aws", {"strategy": strategy}, stage="dev").fraud.alarms
    assert (alarm.kind, alarm.threshold, alarm.rollback) == ("errorRate", 5, True)


def test_an_alarm_that_the_file_gives_ends_a_rollout_only_where_it_says_so() -> None:
    (alarm,) = planned("aws", {"alarms": {"p95Ms": 120}}, stage="dev").fraud.alarms
    assert (alarm.kind, alarm.threshold, alarm.rollback) == ("p95", 120, False)


def test_only_what_a_strategy_names_ends_its_rollout() -> None:
    words = {"objective": {"p95Ms": 80}, "strategy": {"shift": "canary", "rollbackOn": {"errorRatePercent": 3}}}
    alarms = {each.kind: each for each in planned("aws", words).fraud.alarms}
    assert (alarms["errorRate"].threshold, alarms["errorRate"].rollback) == (3, True)
    assert (alarms["p95"].threshold, alarms["p95"].rollback) == (80, False)


def test_silence_is_no_alarm_where_nobody_may_ask_for_half_an_hour() -> None:
    traffic = {"requestsPerSecond": {"low": 0, "expected": 1, "high": 2}}
    assert "noTraffic" not in {alarm.kind for alarm in planned("aws", {"traffic": traffic}).fraud.alarms}


def test_silence_is_an_alarm_where_one_request_in_half_an_hour_is_the_least() -> None:
    # One in 1,800 seconds.
    traffic = {"requestsPerSecond": {"low": 1 / 1800, "expected": 1, "high": 2}}
    assert "noTraffic" in {alarm.kind for alarm in planned("aws", {"traffic": traffic}).fraud.alarms}


def test_alarms_go_to_whom_the_file_names() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:oncall"
    assert planned("aws", {"alarms": {"notify": [topic]}}).fraud.notify == (topic,)


def test_nothing_watches_metrics_in_a_cluster() -> None:
    assert on_kubernetes({}).fraud.alarms == ()


# The whole.


def test_the_order_of_keys_changes_nothing() -> None:
    words: dict[str, Any] = {
        "cloud": "gcp",
        "region": "europe-west4",
        "stage": "prod",
        "owner": "ml",
        "costCenter": "cc-1",
        "network": {},
        "models": {"fraud-1": model(1), "fraud-2": model(2)},
        "endpoints": {"b": endpoint(), "a": endpoint(canary=CANARY)},
    }
    other = {**words, "endpoints": dict(reversed(words["endpoints"].items())), "models": dict(reversed(words["models"].items()))}
    found, again = plan_words(words), plan_words(other)
    assert list(found.plans) == ["a", "b"]
    assert found.plans == again.plans


def test_the_pages_example_is_planned(root: Path) -> None:
    page = (root / "docs" / "endpoints.md").read_text(encoding="utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    words: dict[str, Any] = YAML(typ="safe").load(example)  # pyright: ignore[reportUnknownMemberType]
    fraud = planned("aws", {}, **words).fraud
    assert [(each.role, each.model.name, each.weight_percent) for each in fraud.variants] == [
        ("stable", "fraud-3", 90),
        ("canary", "fraud-4", 10),
    ]


@pytest.mark.parametrize(("words", "seconds"), [({}, 60), ({"asynchronous": {"bucket": "answers"}}, 900)])
def test_a_request_has_the_time_that_sagemaker_gives_it(words: dict[str, Any], seconds: int) -> None:
    assert planned("aws", words).fraud.timeout_seconds == seconds


def test_images_of_the_models_are_with_a_digest() -> None:
    assert planned("aws", {}).fraud.stable.model.image.endswith(DIGEST)
