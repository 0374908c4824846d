"""Endpoints on Cloud Run over their life, by the real engine: who is made, who gets requests and who goes, in which order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.cloud_run import SERVICE, serving
from rehearsal.state import Resource, SimulatedCloud
from tests.engine.rehearsing import Run, workspace

pytestmark = pytest.mark.engine

URL_MAP, BACKEND = "gcp:compute/regionUrlMap:RegionUrlMap", "gcp:compute/regionBackendService:RegionBackendService"
OWN = ("fraud", "plain")
PROGRAM = """
import sys

sys.path.insert(0, {root!r})
from dataclasses import replace

import pulumi

from components.gcp import deploy
from plan.model import AccessPlan, BucketPlan, BucketUsage, EncryptionPlan, PlacementPlan, Plan, SubnetPlan, TieringPlan, VersioningPlan
from tests.components.endpoint_plans import endpoint_plan, registry_plan
from tests.components.plans import LABELS, network_plan

words = pulumi.Config().require_object("endpoint")
models = BucketPlan(
    name="models", purpose="models", labels=LABELS, placement=PlacementPlan(location="europe-west4", sku="STANDARD"),
    tiering=TieringPlan(), versioning=VersioningPlan(enabled=False), retention=None, soft_delete_days=0, encryption=EncryptionPlan(),
    access_logs=None, abort_multipart_after_days=7, compression="zstd", keep=False, delete_objects_on_destroy=True, usage=BucketUsage(),
)


def host(name):
    certificate = f"projects/rehearsal-project/locations/europe-west4/certificates/{{name}}"
    return AccessPlan(public=False, authentication="iam", host=f"{{name}}.example.com", certificate=certificate)


def within(plan):
    concurrency, most = words.get("concurrency", 8), words.get("most", 4)
    first, *others = plan.variants
    return replace(plan, variants=(replace(first, concurrency=concurrency, max_replicas=most), *others))


canary = tuple(words["canary"]) if "canary" in words else None
fraud = within(endpoint_plan("cloudRun", words["stable"], canary=canary, access=host("fraud")))
ranking = endpoint_plan("cloudRun", "ranking-1", name="ranking", access=host("ranking"))
plain = within(endpoint_plan("cloudRun", words["stable"], name="plain"))
plan = Plan(
    cloud="gcp", region="europe-west4", stage="dev", labels=LABELS, buckets=(models,), decisions=(), registry=registry_plan(),
    network=network_plan("gcp", proxy_subnet=SubnetPlan(name="proxies", cidr="10.40.192.0/23")),
    endpoints=tuple(each for each in (fraud, ranking, plain) if each.name in words.get("only", ["fraud", "ranking", "plain"])),
)
pulumi.export("deployed", deploy(plan))
"""
FIRST, CANARY = {"stable": "fraud-1"}, {"stable": "fraud-1", "canary": ["fraud-2", 10]}
LIFE: list[tuple[dict[str, Any], dict[str, int]]] = [
    (FIRST, {"fraud-1": 1000}),
    (CANARY, {"fraud-1": 900, "fraud-2": 100}),
    # The stable version's own settings, while a canary runs.
    ({**CANARY, "concurrency": 16}, {"fraud-1": 900, "fraud-2": 100}),
    ({**CANARY, "canary": ["fraud-2", 50], "concurrency": 16}, {"fraud-1": 500, "fraud-2": 500}),
    ({"stable": "fraud-2"}, {"fraud-2": 1000}),
    (FIRST, {"fraud-1": 1000}),
]
# With a canary, and when it was promoted: a preview after each step would find nothing else, and takes as long as the step.
LOOKED_AT_AGAIN = (2, 4)


@pytest.fixture
def stepping(program: Callable[..., Path], root: Path) -> Callable[[dict[str, Any]], Path]:
    """Writes the program with endpoints of these words, and gives its project."""

    def write(words: dict[str, Any]) -> Path:
        config = {"gcp:project": "rehearsal-project", "gcp:region": "europe-west4", "foreign:endpoint": words}
        return program(PROGRAM.format(root=str(root)), config)

    return write


@pytest.fixture
def quota(tmp_path: Path) -> str:
    """A scenario with so few GPUs that an endpoint's second revision finds none beside its first."""
    path = tmp_path / "few.yaml"
    path.write_text('machineQuotas:\n  - {quota: "NvidiaL4GpuAlloc*", limit: 1}\n')
    return str(path)


def in_cloud(project: Path, read: Callable[[SimulatedCloud], Any]) -> Any:
    cloud = SimulatedCloud(workspace(project, "dev").database)
    try:
        return read(cloud)
    finally:
        cloud.close()


def of_type(project: Path, token: str) -> dict[str, Resource]:
    """The resources of a type by their logical name."""
    return in_cloud(project, lambda cloud: {each.urn.rsplit("::", 1)[-1]: each for each in cloud.of_types([token])})


def weights(project: Path, endpoint: str = "fraud") -> dict[str, int]:
    """Weights by model version, as the load balancer has them."""
    names = {each.id: name.removeprefix(f"{endpoint}-").removesuffix("-backend") for name, each in of_type(project, BACKEND).items()}
    action: Any = of_type(project, URL_MAP)[f"{endpoint}-split"].inputs["defaultRouteAction"]
    return {names[each["backendService"]]: int(each["weight"]) for each in action["weightedBackendServices"]}


def revisions(project: Path, service: str) -> dict[str, int]:
    return in_cloud(project, lambda cloud: serving(cloud, of_type(project, SERVICE)[service]))


def happened(project: Path) -> list[tuple[str, str, str]]:
    """What the engine did, in its order: operation, type and logical name of what was done for good."""
    told = (json.loads(line) for line in (workspace(project, "dev").folder / "events.json").read_text().splitlines())
    done = [event["resOutputsEvent"]["metadata"] for event in told if "resOutputsEvent" in event]
    return [(each["op"], each["type"], each["urn"].rsplit("::", 1)[-1]) for each in done if each["op"] not in ("same", "read")]


def up(rehearse: Callable[..., Run], project: Path, *words: str) -> None:
    done = rehearse(project, "dev", *words, "up")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


def test_a_version_serves_until_its_successor_does_from_the_first_to_a_canary_promoted_and_back(
    stepping: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    for number, (words, expected) in enumerate(LIFE):
        project = stepping(words)
        up(rehearse, project)
        order = happened(project)
        split = [place for place, event in enumerate(order) if event[1:] == (URL_MAP, "fraud-split")]
        made = [place for place, event in enumerate(order) if event[0] == "create" and event[1] == SERVICE and event[2] != "plain-run"]
        gone = [place for place, event in enumerate(order) if event[0] == "delete" and event[1] == SERVICE]
        assert all(place < split[0] for place in made if "ranking" not in order[place][2]), order
        assert all(place > split[0] for place in gone), order
        assert not [event for event in order if event[0] not in ("create", "update", "delete")], order
        if number:
            assert not [event for event in order if "ranking" in event[2]], order
            assert not [event for event in order if event[1] == "gcp:compute/forwardingRule:ForwardingRule"], order
        assert weights(project) == expected
        assert weights(project, "ranking") == {"ranking-1": 1000}
        assert set(of_type(project, SERVICE)) == {f"fraud-{model}-run" for model in expected} | {"plain-run", "ranking-ranking-1-run"}
        if number in LOOKED_AT_AGAIN:
            again = rehearse(project, "dev", "preview", "--expect-no-changes")
            assert again.returncode == 0, again.stdout[-3000:]
    destroyed = rehearse(project, "dev", "destroy")
    assert destroyed.returncode == 0, destroyed.stdout[-3000:]
    assert in_cloud(project, lambda cloud: [each.id for each in cloud.owned()]) == []


def test_an_empty_cloud_gets_a_canary_at_once_and_the_whole_round_is_complete(
    stepping: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    done = rehearse(stepping(CANARY), "dev")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    assert "dev: the round is complete, nothing left" in done.stdout


def test_a_service_by_itself_replaces_its_revision_under_the_same_address(
    stepping: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    project = stepping({**FIRST, "only": ["plain"]})
    up(rehearse, project)
    before = of_type(project, SERVICE)["plain-run"]
    up(rehearse, stepping({"stable": "fraud-2", "only": ["plain"]}))
    assert [event[0] for event in happened(project) if event[1] == SERVICE] == ["update"]
    after = of_type(project, SERVICE)["plain-run"]
    assert (after.id, after.outputs["uri"]) == (before.id, before.outputs["uri"])
    assert revisions(project, "plain-run") == {f"{before.name}-00002-abc": 100}


def test_without_a_gpu_for_a_new_revision_the_old_one_serves_and_the_next_up_repairs(
    stepping: Callable[..., Path], rehearse: Callable[..., Run], quota: str
) -> None:
    project = stepping({**FIRST, "most": 1, "only": ["plain"]})
    up(rehearse, project)
    name = of_type(project, SERVICE)["plain-run"].name
    stepping({"stable": "fraud-2", "most": 1, "only": ["plain"]})
    refused = rehearse(project, "dev", "--scenario", quota, "up")
    assert refused.returncode == 1
    told = " ".join(refused.stdout.split())
    assert "is not ready and cannot serve traffic. Quota exceeded for total allowable count of GPUs per project per region." in told
    assert revisions(project, "plain-run") == {f"{name}-00001-abc": 100}
    up(rehearse, project)
    assert revisions(project, "plain-run") == {f"{name}-00002-abc": 100}
    again = rehearse(project, "dev", "preview", "--expect-no-changes")
    assert again.returncode == 0, again.stdout[-3000:]


def test_a_canary_that_finds_no_gpu_takes_nothing_from_the_stable_version(
    stepping: Callable[..., Path], rehearse: Callable[..., Run], tmp_path: Path
) -> None:
    sold_out = tmp_path / "sold-out.yaml"
    sold_out.write_text("shortages:\n  - {machine: nvidia-l4, region: europe-west4}\n")
    project = stepping({**FIRST, "only": ["fraud"]})
    up(rehearse, project)
    before = of_type(project, SERVICE)["fraud-fraud-1-run"]
    stepping({**CANARY, "only": ["fraud"]})
    refused = rehearse(project, "dev", "--scenario", str(sold_out), "up")
    assert refused.returncode == 1
    assert "InsufficientCapacity" in refused.stdout
    assert weights(project) == {"fraud-1": 1000}
    assert of_type(project, SERVICE)["fraud-fraud-1-run"] == before
    up(rehearse, project)
    assert weights(project) == {"fraud-1": 900, "fraud-2": 100}
