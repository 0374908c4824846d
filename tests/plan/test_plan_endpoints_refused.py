"""What no endpoint may be, and where none may stand: each rule with its case, its path, its source, and what mends it."""

import pytest

from tests.plan.endpoints import POOL, Refusal, check_refusal, endpoint, model, on_kubernetes, planned, refusal_id
from tests.plan.test_plan_endpoints_access_refused import ACCESS
from tests.plan.test_plan_endpoints_kept_refused import KEPT
from tests.plan.test_plan_endpoints_rollout_refused import ROLLOUTS
from tests.plan.test_plan_endpoints_scaling_refused import SCALING

CANARY = {"model": "fraud-2", "percent": 10}
SHADOW = {"model": "fraud-3", "percent": 20}

PLACES: list[Refusal] = [
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


@pytest.mark.parametrize("case", PLACES, ids=refusal_id)
def test_a_refusal_names_its_place_its_rule_and_a_way_out_that_works(case: Refusal) -> None:
    check_refusal(case)


def test_the_refusals_are_at_least_forty_rules_with_somebodys_source() -> None:
    cases = [*ROLLOUTS, *SCALING, *ACCESS, *KEPT, *PLACES]
    assert len({(case[0], case[2], case[4]) for case in cases if case[4]}) >= 40


def test_all_faults_of_an_endpoint_are_found_in_one_go() -> None:
    words = {"model": "fraud-9", "shadow": SHADOW, "canary": {**CANARY, "percent": 0}, "access": {"authentication": "keys"}, "team": "risk"}
    paths = {fault.path.removeprefix("endpoints.fraud.") for fault in planned("gcp", words).faults}
    assert paths == {"model", "shadow", "canary.percent", "access.authentication", "team"}


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


def test_endpoints_stand_on_no_pool_that_nobody_names() -> None:
    (fault,) = on_kubernetes({"on": "gpu"}, nodePools={}).faults
    assert "fix: add gpu under nodePools" in fault.line()
    assert not on_kubernetes({"on": "gpu"}, nodePools={"gpu": POOL}).faults
