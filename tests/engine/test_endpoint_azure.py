"""An endpoint of Azure Machine Learning over its life, by the real engine: who is made, who gets traffic and who goes, in which order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.state import Resource, SimulatedCloud
from tests.engine.rehearsing import Run, workspace

pytestmark = pytest.mark.engine

ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"
DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
TRAFFIC = "azure-native:resources:Deployment"
PROGRAM = """
import sys

sys.path.insert(0, {root!r})
import pulumi

from components.azure import deploy
from plan.model import (
    AlarmPlan, BucketPlan, BucketUsage, CapturePlan, EncryptionPlan, PlacementPlan, Plan, PrivateEndpointPlan, TieringPlan, VersioningPlan
)
from tests.components.endpoint_plans import endpoint_plan, registry_plan
from tests.components.plans import LABELS, network_plan

words = pulumi.Config().require_object("endpoint")
models = BucketPlan(
    name="models", purpose="models", labels=LABELS, placement=PlacementPlan(location="westeurope", sku="Standard_LRS"),
    tiering=TieringPlan(), versioning=VersioningPlan(enabled=False), retention=None, soft_delete_days=0, encryption=EncryptionPlan(),
    access_logs=None, abort_multipart_after_days=7, compression="zstd", keep=False, delete_objects_on_destroy=True, usage=BucketUsage(),
)
services = {{
    "blob": "privatelink.blob.core.windows.net", "registry": "privatelink.azurecr.io", "amlworkspace": "privatelink.api.azureml.ms"
}}
private = tuple(PrivateEndpointPlan(name=name, service=name, kind="interface", dns_zone=zone) for name, zone in services.items())
pair = lambda name: tuple(words[name]) if name in words else None
fraud = endpoint_plan("azureMl", words["stable"], canary=pair("canary"), shadow=pair("shadow"), labels={{**LABELS, "step": words["step"]}})
other = endpoint_plan(
    "azureMl", "ranking-1", name="ranking", capture=CapturePlan(bucket="models", prefix="captures", percent=10),
    alarms=(AlarmPlan(kind="saturation", threshold=90, period_seconds=60, periods=5, rollback=False),),
)
plan = Plan(
    cloud="azure", region="westeurope", stage="dev", labels=LABELS, buckets=(models,), decisions=(),
    registry=registry_plan(), endpoints=(fraud, other), network=network_plan("azure", private_endpoints=private),
)
pulumi.export("deployed", deploy(plan))
"""
LIFE: list[dict[str, Any]] = [
    {"stable": "fraud-1"},
    {"stable": "fraud-1", "canary": ["fraud-2", 10]},
    {"stable": "fraud-1", "canary": ["fraud-2", 50]},
    {"stable": "fraud-2"},
    {"stable": "fraud-2", "shadow": ["fraud-3", 20]},
    {"stable": "fraud-1"},
]
# With a canary, and with a shadow: a preview after each step would find nothing else, and takes as long as the step.
PAIRED = (1, 4)


@pytest.fixture
def stepping(program: Callable[..., Path], root: Path) -> Callable[..., Path]:
    """Writes the program with an endpoint of these words, and gives its project."""

    def write(words: dict[str, Any], step: str = "first") -> Path:
        config = {"azure-native:location": "westeurope", "foreign:endpoint": {**words, "step": step}}
        return program(PROGRAM.format(root=str(root)), config)

    return write


def resources(project: Path) -> list[Resource]:
    cloud = SimulatedCloud(workspace(project, "dev").database)
    try:
        return cloud.all()
    finally:
        cloud.close()


def happened(project: Path) -> list[tuple[str, str, str]]:
    """What the engine did, in its order: operation, type and logical name of what was done for good."""
    told = (json.loads(line) for line in (workspace(project, "dev").folder / "events.json").read_text().splitlines())
    done = [event["resOutputsEvent"]["metadata"] for event in told if "resOutputsEvent" in event]
    return [(each["op"], each["type"], each["urn"].rsplit("::", 1)[-1]) for each in done if each["op"] not in ("same", "read")]


def endpoint(project: Path, name: str = "fraud") -> dict[str, Any]:
    (found,) = [each for each in resources(project) if each.type == ENDPOINT and each.urn.endswith(f"::{name}")]
    return {"id": found.id, **found.outputs["properties"]}


def shares(project: Path, which: str) -> dict[str, int]:
    """Percent by the model version that its deployment is named by."""
    return {name.rsplit("-", 1)[0]: share for name, share in endpoint(project)[which].items()}


def up(rehearse: Callable[..., Run], project: Path, *words: str) -> None:
    done = rehearse(project, "dev", *words, "up")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


def deployments(project: Path) -> dict[str, str]:
    return {each.urn.rsplit("::", 1)[-1]: each.id for each in resources(project) if each.type == DEPLOYMENT}


@pytest.mark.timeout(900)
def test_a_version_serves_until_its_successor_does_from_the_first_to_a_canary_a_shadow_and_back(
    stepping: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    seen: list[dict[str, int]] = []
    others: list[str] = []
    for number, words in enumerate(LIFE):
        project = stepping(words, f"step-{number}")
        if number == 0:
            nothing_there = rehearse(project, "dev", "preview")
            assert nothing_there.returncode == 0, nothing_there.stdout[-3000:] + nothing_there.stderr
        up(rehearse, project)
        order = happened(project)
        made = [place for place, event in enumerate(order) if event[0] == "create" and event[1] == DEPLOYMENT]
        shared = [place for place, event in enumerate(order) if event[1:] == (TRAFFIC, "fraud-traffic")]
        gone = [place for place, event in enumerate(order) if event[0] == "delete" and event[1] == DEPLOYMENT]
        assert len(shared) == 1, order
        assert all(place < shared[0] for place in made), order
        assert all(place > shared[0] for place in gone), order
        assert all(event[1] != ENDPOINT or number == 0 for event in order), order
        assert number == 0 or not [event for event in order if "ranking" in event[2] or event[1].startswith("drydock:azure:W")], order
        if number in PAIRED:
            again = rehearse(project, "dev", "preview", "--expect-no-changes")
            assert again.returncode == 0, again.stdout[-3000:]
        seen.append(shares(project, "traffic") | {f"shadow {name}": share for name, share in shares(project, "mirrorTraffic").items()})
        others.append(json.dumps(endpoint(project, "ranking"), sort_keys=True))
    assert seen == [
        {"fraud-1": 100},
        {"fraud-1": 90, "fraud-2": 10},
        {"fraud-1": 50, "fraud-2": 50},
        {"fraud-2": 100},
        {"fraud-2": 100, "shadow fraud-3": 20},
        {"fraud-1": 100},
    ]
    assert len(set(others)) == 1
    destroyed = rehearse(project, "dev", "destroy")
    assert destroyed.returncode == 0, destroyed.stdout[-3000:]
    assert [each.id for each in resources(project) if each.urn] == []


BAD_DAYS = {
    "no machines": ({"shortages": [{"machine": "Standard_NC*_T4_v3", "region": "westeurope"}]}, "OutOfCapacity"),
    "not ready in time": (
        {"faults": [{"on": "create", "type": DEPLOYMENT, "kind": "timeoutAfterCreate", "message": "the container did not start"}]},
        "the container did not start",
    ),
    "no traffic given": ({"faults": [{"on": "update", "type": TRAFFIC, "message": "the gateway is busy"}]}, "the gateway is busy"),
}


@pytest.mark.parametrize("day", BAD_DAYS)
def test_where_a_canary_does_not_come_up_the_old_version_keeps_serving_and_the_next_up_repairs(
    day: str, stepping: Callable[..., Path], rehearse: Callable[..., Run], tmp_path: Path
) -> None:
    scenario, told = BAD_DAYS[day]
    bad_day = tmp_path / "bad-day.yaml"
    bad_day.write_text(yaml.safe_dump(scenario))
    project = stepping(LIFE[0])
    up(rehearse, project)
    before = endpoint(project), deployments(project)

    stepping(LIFE[1], "canary")
    refused = rehearse(project, "dev", "--scenario", str(bad_day), "up")
    assert refused.returncode == 1
    assert told in refused.stdout
    assert endpoint(project) == before[0]
    assert before[1].items() <= deployments(project).items()

    up(rehearse, project)
    assert shares(project, "traffic") == {"fraud-1": 90, "fraud-2": 10}
    assert before[1].items() <= deployments(project).items()


def test_another_machine_serves_before_the_one_it_replaces_goes(stepping: Callable[..., Path], rehearse: Callable[..., Run]) -> None:
    project = stepping(LIFE[0])
    up(rehearse, project)
    main = project / "__main__.py"
    machine = 'machine=replace(fraud.stable.machine, instance_type="Standard_NC8as_T4_v3")'
    larger = f"from dataclasses import replace\nfraud = replace(fraud, variants=(replace(fraud.stable, {machine}),))\n"
    main.write_text(main.read_text().replace("other =", f"{larger}other =", 1))
    up(rehearse, project)
    order = [event for event in happened(project) if event[1] in (DEPLOYMENT, TRAFFIC)]
    assert [event[0] for event in order if event[1] == TRAFFIC] == ["update"]
    kinds = [event[0] if event[1] == DEPLOYMENT else "traffic" for event in order]
    assert kinds.index("create-replacement") < kinds.index("traffic") < kinds.index("delete-replaced")
    destroyed = rehearse(project, "dev", "destroy")
    assert destroyed.returncode == 0, destroyed.stdout[-3000:]
