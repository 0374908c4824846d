"""An endpoint of Vertex AI over its life, by the real engine and Google's client: what is made, serves and goes, in which order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.rest.documents import Documents, left_over
from rehearsal.rest.vertex import DEPLOYED_MODEL, MODEL
from rehearsal.state import SimulatedCloud
from tests.engine.rehearsing import Run, workspace

pytestmark = pytest.mark.engine

DEPLOYMENT, TRAFFIC = (f"pulumi-python:dynamic/vertex:{name}" for name in ("DeployedModel", "Traffic"))
ENDPOINT = "gcp:vertex/aiEndpoint:AiEndpoint"
PROGRAM = """
import sys
from dataclasses import replace

sys.path.insert(0, {root!r})
import pulumi

from components.gcp.network import Network
from components.gcp.storage import Bucket
from components.gcp.vertex_endpoint import VertexEndpoint
from components.gcp.vertex_network import vertex_network
from plan.model import AccessPlan, BucketPlan, BucketUsage, EncryptionPlan, PlacementPlan, TieringPlan, VersioningPlan
from tests.components.endpoint_plans import endpoint_plan
from tests.components.plans import LABELS, network_plan

REGION = "europe-west4"
words = pulumi.Config().require_object("endpoint")
models = Bucket("models", BucketPlan(
    name="models", purpose="models", labels=LABELS, placement=PlacementPlan(location=REGION), tiering=TieringPlan(),
    versioning=VersioningPlan(enabled=False), retention=None, soft_delete_days=0, encryption=EncryptionPlan(), access_logs=None,
    abort_multipart_after_days=7, compression="zstd", keep=False, delete_objects_on_destroy=True, usage=BucketUsage(),
))
private = None
if words.get("private"):
    network = Network("network", network_plan("gcp"), region=REGION)
    private = vertex_network(
        "network", network=network.outputs["id"], subnetwork=network.outputs["privateSubnets"][0], region=REGION, labels=LABELS
    )


def build(plan, changes):
    variants = tuple(
        replace(each, machine=replace(each.machine, instance_type=changes.get("machine", "g2-standard-8")),
                max_replicas=changes.get("most", 4))
        for each in plan.variants
    )
    plan = replace(plan, variants=variants)
    return VertexEndpoint(plan.name, plan, region=REGION, buckets={{"models": models.outputs}}, network=private).outputs


canary = tuple(words["canary"]) if "canary" in words else None
access = AccessPlan(public=False, authentication="iam", members=("group:apps@acme.example",))
fraud = endpoint_plan("vertexAi", words["stable"], canary=canary, access=access, labels={{**LABELS, "step": words["step"]}})
pulumi.export("fraud", build(fraud, words))
pulumi.export("ranking", build(endpoint_plan("vertexAi", "ranking-1", name="ranking"), {{}}))
"""
LIFE: list[dict[str, Any]] = [
    {"stable": "fraud-1"},
    {"stable": "fraud-1", "canary": ["fraud-2", 10]},
    {"stable": "fraud-1", "canary": ["fraud-2", 50]},
    {"stable": "fraud-2"},
    {"stable": "fraud-1"},
]
# With a canary, and when it was promoted: a preview after each step would find nothing else, and takes as long as the step.
LOOKED_AT_AGAIN = (1, 3)


@pytest.fixture
def stepping(program: Callable[..., Path], root: Path) -> Callable[..., Path]:
    """Writes the program with an endpoint of these words, and gives its project."""

    def write(words: dict[str, Any], step: str = "first") -> Path:
        config = {"gcp:project": "acme-ml", "gcp:region": "europe-west4", "foreign:endpoint": {**words, "step": step}}
        return program(PROGRAM.format(root=str(root)), config)

    return write


class Seen:
    """What the simulated clouds hold after a command."""

    def __init__(self, project: Path) -> None:
        cloud = SimulatedCloud(workspace(project, "dev").database)
        documents = Documents(cloud)
        self.deployed = {
            f"{each['endpoint'].rpartition('/')[2]}/{each['displayName']}": each for each in documents.beneath(DEPLOYED_MODEL, "")
        }
        self.models = {each["displayName"]: each for each in documents.beneath(MODEL, "")}
        self.split: dict[str, int] = {}
        for name, found in self.deployed.items():
            share = (documents.get("split", found["endpoint"]) or {}).get(found["id"])
            if share and "ranking" not in name:
                self.split[found["displayName"].removeprefix("fraud-").removesuffix("-deployment")] = share
        self.left = left_over(cloud)
        self.owned = [each.id for each in cloud.owned()]
        cloud.close()


def happened(project: Path) -> list[tuple[str, str, str]]:
    """What the engine did, in its order: operation, type and logical name of what was done for good."""
    told = (json.loads(line) for line in (workspace(project, "dev").folder / "events.json").read_text().splitlines())
    done = [event["resOutputsEvent"]["metadata"] for event in told if "resOutputsEvent" in event]
    return [(each["op"], each["type"], each["urn"].rsplit("::", 1)[-1]) for each in done if each["op"] not in ("same", "read")]


def up(rehearse: Callable[..., Run], project: Path, *words: str) -> Run:
    done = rehearse(project, "dev", *words, "up")
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    return done


def check_order(order: list[tuple[str, str, str]]) -> None:
    """Deployments come before the traffic moves, and go after it did."""
    made = [place for place, event in enumerate(order) if event[0] in ("create", "create-replacement") and event[1] == DEPLOYMENT]
    moved = [place for place, event in enumerate(order) if event[1:] == (TRAFFIC, "fraud-traffic")]
    gone = [place for place, event in enumerate(order) if event[0] in ("delete", "delete-replaced") and event[1] == DEPLOYMENT]
    assert len(moved) == 1, order
    assert all(place < moved[0] for place in made if "fraud" in order[place][2]), order
    assert all(place > moved[0] for place in gone), order


def test_a_version_serves_until_its_successor_does_from_the_first_to_a_canary_and_back(
    stepping: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    seen: list[dict[str, int]] = []
    ranking: list[str] = []
    for number, words in enumerate(LIFE):
        project = stepping(words, f"step-{number}")
        up(rehearse, project)
        order = happened(project)
        check_order(order)
        assert number == 0 or not [event for event in order if "ranking" in event[2]], order
        assert number == 0 or ("update", ENDPOINT, "fraud-endpoint") in order, order
        if number in LOOKED_AT_AGAIN:
            again = rehearse(project, "dev", "preview", "--expect-no-changes")
            assert again.returncode == 0, again.stdout[-3000:]
        state = Seen(project)
        seen.append(state.split)
        assert {name.split("/")[1] for name in state.deployed} == {
            "ranking-ranking-1-deployment",
            *(f"fraud-{version}-deployment" for version in state.split),
        }
        ranking.append(json.dumps([value for name, value in state.deployed.items() if "ranking" in name]))
    assert seen == [
        {"fraud-1": 100},
        {"fraud-1": 90, "fraud-2": 10},
        {"fraud-1": 50, "fraud-2": 50},
        {"fraud-2": 100},
        {"fraud-1": 100},
    ]
    assert len(set(ranking)) == 1
    destroyed = rehearse(project, "dev", "destroy")
    assert destroyed.returncode == 0, destroyed.stdout[-3000:]
    assert (Seen(project).left, Seen(project).owned) == ([], [])


def test_the_whole_round_in_a_network_leaves_nothing(stepping: Callable[..., Path], rehearse: Callable[..., Run]) -> None:
    project = stepping({**LIFE[1], "private": True})
    done = rehearse(project, "dev")
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
    assert "https://10.128.0.42/v1/projects/acme-ml/locations/europe-west4/endpoints/" in done.stdout


def test_another_machine_is_there_and_serves_before_the_first_goes(stepping: Callable[..., Path], rehearse: Callable[..., Run]) -> None:
    project = stepping(LIFE[0])
    up(rehearse, project)
    (before,) = [each for name, each in Seen(project).deployed.items() if "fraud-1" in name]
    stepping({**LIFE[0], "machine": "g2-standard-16"})
    up(rehearse, project)
    check_order(happened(project))
    (after,) = [each for name, each in Seen(project).deployed.items() if "fraud-1" in name]
    assert after["dedicatedResources"]["machineSpec"]["machineType"] == "g2-standard-16"
    assert before["id"] != after["id"]
    stepping({**LIFE[0], "machine": "g2-standard-16", "most": 9})
    up(rehearse, project)
    assert happened(project) == [event for event in happened(project) if event[0] == "update"]
    assert [each["dedicatedResources"]["maxReplicaCount"] for name, each in Seen(project).deployed.items() if "fraud-1" in name] == [9]


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("shortages:\n  - {machine: g2-standard-8, region: europe-west4, reason: no L4 left}\n", "no L4 left"),
        ("faults:\n  - {on: create, type: aiplatform.googleapis.com/DeployedModel, kind: timeoutAfterCreate}\n", "timeout while waiting"),
    ],
)
def test_while_the_canary_fails_the_old_version_keeps_serving_and_the_next_up_repairs(
    stepping: Callable[..., Path], rehearse: Callable[..., Run], tmp_path: Path, scenario: str, said: str
) -> None:
    rough = tmp_path / "rough.yaml"
    rough.write_text(scenario)
    project = stepping(LIFE[0])
    up(rehearse, project)
    stepping(LIFE[1])
    failed = rehearse(project, "dev", "--scenario", str(rough), "up")
    assert failed.returncode != 0
    assert said in failed.stdout
    assert Seen(project).split == {"fraud-1": 100}
    up(rehearse, project)
    state = Seen(project)
    assert state.split == {"fraud-1": 90, "fraud-2": 10}
    # Taken over, not doubled.
    assert len([name for name in state.deployed if "fraud-2" in name]) == 1
    assert rehearse(project, "dev", "preview", "--expect-no-changes").returncode == 0
