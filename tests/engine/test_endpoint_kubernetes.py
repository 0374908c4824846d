"""An endpoint in the cluster of each cloud over its life, by the real engine: what comes, gets traffic and goes, in which order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.state import Resource, SimulatedCloud
from tests.engine.rehearsing import Run, workspace

pytestmark = pytest.mark.engine

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
CONFIG = {
    "aws": {"aws:region": "eu-west-1"},
    "gcp": {"gcp:project": "acme-ml", "gcp:region": "europe-west4"},
    "azure": {"azure-native:location": "westeurope"},
    "kubernetes": {},
}
PROGRAM = """
import sys

sys.path.insert(0, {root!r})
from dataclasses import replace

import pulumi

from components import deploy
from plan.model import (
    AccessPlan, AddOnPlan, BucketPlan, BucketUsage, EncryptionPlan, ExistingClusterPlan, KubernetesPlan, PlacementPlan, Plan,
    PrometheusPlan, TeamPlan, TieringPlan, VersioningPlan,
)
from tests.components.endpoint_plans import endpoint_plan
from tests.components.plans import LABELS, cluster_plan, network_plan, pool_plan, rung_plan

words = pulumi.Config().require_object("endpoint")
cloud = words["cloud"]
region = {{"aws": "eu-west-1", "gcp": "europe-west4", "azure": "westeurope", "kubernetes": "lab"}}[cloud]
lab = cloud == "kubernetes"
envoy = AddOnPlan(
    name="envoy-gateway", chart="gateway-helm", repository="oci://docker.io/envoyproxy", version="v1.9.1", namespace="envoy-gateway-system"
)
team = TeamPlan(
    name="search", namespace="search", labels=LABELS, quota=None, group=None, pod_security="restricted", allow_from=(),
    internet_egress=False, queue=None,
)
google = cloud == "gcp"
inside = KubernetesPlan(
    add_ons=() if google else (envoy,), teams=(team,), flavors=(), workloads=(),
    gateway_class="gke-l7-rilb" if google else "drydock",
    gateway_controller=None if google else "gateway.envoyproxy.io/gatewayclass-controller",
    gateway_ranges=("10.40.0.0/16",) if google else (),
    prometheus=PrometheusPlan(address="http://prometheus-server.prometheus.svc", namespace="prometheus"),
)
models = BucketPlan(
    name="models", purpose="models", labels=LABELS, placement=PlacementPlan(location=region, sku="Standard_LRS"),
    tiering=TieringPlan(), versioning=VersioningPlan(enabled=False), retention=None, soft_delete_days=0, encryption=EncryptionPlan(),
    access_logs=None, abort_multipart_after_days=7, compression="zstd", keep=False, delete_objects_on_destroy=True, usage=BucketUsage(),
)
pair = lambda name: tuple(words[name]) if name in words else None


def endpoint(stable, **choices):
    plan = endpoint_plan(
        "kubernetes", stable, team="search", namespace="search", pool="cpu", gateway=True,
        selector=dict(words.get("selector", {{"drydock/pool": "cpu"}})), access=AccessPlan(public=False, authentication="network"),
        **choices
    )
    small = tuple(replace(each, vcpus=0.25, memory_gib=0.5, accelerators=0) for each in plan.variants)
    held = tuple(replace(each, model=replace(each.model, artifact=None)) for each in small)
    return replace(plan, variants=held if lab else small)


fraud = endpoint(words["stable"], canary=pair("canary"), shadow=pair("shadow"))
other = endpoint("ranking-1", name="ranking")
of_cloud = "aws" if lab else cloud
pool = pool_plan(of_cloud, "cpu", rungs=(rung_plan(of_cloud, "cpu", min_nodes=2),))
cluster = replace(cluster_plan(of_cloud), existing=ExistingClusterPlan(context="lab")) if lab else cluster_plan(of_cloud)
plan = Plan(
    cloud=cloud, region=region, stage="dev", labels=LABELS, buckets=() if lab else (models,), decisions=(),
    network=None if lab else network_plan(cloud), cluster=cluster, node_pools=(pool,), kubernetes=inside, endpoints=(fraud, other),
)
pulumi.export("deployed", deploy(plan))
"""
# v1, then a canary at 10 %, at 50 %, promoted; then a shadow, and back to where it began.
LIFE: list[tuple[dict[str, Any], dict[str, int]]] = [
    ({"stable": "v1"}, {"v1": 100}),
    ({"stable": "v1", "canary": ["v2", 10]}, {"v1": 90, "v2": 10}),
    ({"stable": "v1", "canary": ["v2", 50]}, {"v1": 50, "v2": 50}),
    ({"stable": "v2"}, {"v2": 100}),
    ({"stable": "v2", "shadow": ["v3", 100]}, {"v2": 100, "copies to v3": 100}),
    ({"stable": "v1"}, {"v1": 100}),
]


@pytest.fixture
def stepping(program: Callable[..., Path], root: Path) -> Callable[..., Path]:
    """Writes the program with an endpoint of these words on a cloud, and gives its project."""

    def write(cloud: str, words: dict[str, Any]) -> Path:
        return program(PROGRAM.format(root=str(root)), {**CONFIG[cloud], "foreign:endpoint": {**words, "cloud": cloud}})

    return write


def resources(project: Path) -> list[Resource]:
    cloud = SimulatedCloud(workspace(project, "dev").database)
    try:
        return [each for each in cloud.all() if each.urn]
    finally:
        cloud.close()


def happened(project: Path) -> list[tuple[str, str, str]]:
    """What the engine did, in its order: operation, type and logical name of what was done for good."""
    told = (json.loads(line) for line in (workspace(project, "dev").folder / "events.json").read_text().splitlines())
    done = [event["resOutputsEvent"]["metadata"] for event in told if "resOutputsEvent" in event]
    return [(each["op"], each["type"], each["urn"].rsplit("::", 1)[-1]) for each in done if each["op"] not in ("same", "read")]


def traffic(project: Path, endpoint: str = "fraud") -> dict[str, int]:
    """Percent by model version, as the route has it; each names a Service whose pods are there."""
    found = resources(project)
    (route,) = [each for each in found if each.type == ROUTE and each.name == endpoint]
    spec: Any = route.inputs["spec"]
    (rule,) = spec["rules"]
    mirrors = [each["requestMirror"] for each in rule.get("filters", ()) if each["type"] == "RequestMirror"]
    named = {each["name"] for each in rule["backendRefs"]} | {each["backendRef"]["name"] for each in mirrors}
    for kind in (SERVICE, DEPLOYMENT):
        assert named <= {each.name for each in found if each.type == kind}
    shares = {each["name"].removeprefix(f"{endpoint}-"): each["weight"] for each in rule["backendRefs"]}
    copies = {f"copies to {each['backendRef']['name'].removeprefix(f'{endpoint}-')}": each.get("percent", 100) for each in mirrors}
    return shares | copies


@pytest.mark.timeout(900)
@pytest.mark.parametrize("cloud", CONFIG)
def test_a_version_serves_until_its_successor_does_from_the_first_to_a_canary_a_shadow_and_back(
    cloud: str, stepping: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    project = stepping(cloud, LIFE[0][0])
    for number, (words, shares) in enumerate(LIFE):
        stepping(cloud, words)
        up = rehearse(project, "dev", "up")
        assert up.returncode == 0, up.stdout[:3000] + up.stdout[-1000:] + up.stderr
        assert traffic(project) == shares
        order = happened(project)
        if number == 0:
            continue
        places = {kind: [(place, *event) for place, event in enumerate(order) if event[1] == kind] for kind in (DEPLOYMENT, SERVICE, ROUTE)}
        ((routed, *did),) = places[ROUTE]
        assert did == ["update", ROUTE, "fraud-route"]
        for kind in (DEPLOYMENT, SERVICE):
            # Pods that serve are never touched: versions come before the route names them, and go once it does not.
            assert {operation for _, operation, *_ in places[kind]} <= {"create", "delete"}
            assert all((place < routed) == (operation == "create") for place, operation, *_ in places[kind])
        assert not [event for event in order if "ranking" in event[2]], order
        if number == len(LIFE) - 2:
            again = rehearse(project, "dev", "preview", "--expect-no-changes")
            assert again.returncode == 0, again.stdout[-3000:]
    assert traffic(project, "ranking") == {"ranking-1": 100}
    destroyed = rehearse(project, "dev", "destroy")
    assert destroyed.returncode == 0, destroyed.stdout[-3000:]
    assert resources(project) == []


def test_where_no_pool_takes_a_canary_the_old_version_keeps_all_traffic_and_the_next_up_repairs(
    stepping: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    project = stepping("aws", LIFE[0][0])
    assert rehearse(project, "dev", "up").returncode == 0
    project = stepping("aws", {**LIFE[1][0], "selector": {"drydock/pool": "nowhere"}})
    refused = rehearse(project, "dev", "up")
    assert refused.returncode == 1
    assert "Unschedulable" in refused.stdout
    assert traffic(project) == {"v1": 100}
    stepping("aws", LIFE[1][0])
    repaired = rehearse(project, "dev", "up")
    assert repaired.returncode == 0, repaired.stdout[-3000:]
    assert traffic(project) == {"v1": 90, "v2": 10}
