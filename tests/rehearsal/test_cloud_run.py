"""What Cloud Run refuses, and who serves when a new revision does not. Expected values: Google Cloud's documentation of Cloud Run."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from rehearsal.cloud_run import SERVICE, serving
from tests.rehearsal.simulated import Client, Clouds, refusal, state

Start = Callable[..., Clouds]

QUOTA = "NvidiaL4GpuAllocNoZonalRedundancyPerProjectRegion"
BY_REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
NEG, BACKEND = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "gcp:compute/regionBackendService:RegionBackendService"
URL_MAP, RULE = "gcp:compute/regionUrlMap:RegionUrlMap", "gcp:compute/forwardingRule:ForwardingRule"
NETWORK, SUBNETWORK = "gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"


def service(image: str = "one", name: str = "fraud", **changes: Any) -> dict[str, Any]:
    """A service on one L4, as the documentation's example; `changes` are of its template."""
    container: dict[str, Any] = {
        "image": image,
        "resources": {"limits": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}, "cpuIdle": False},
    }
    template: dict[str, Any] = {
        "containers": [container],
        "nodeSelector": {"accelerator": "nvidia-l4"},
        "gpuZonalRedundancyDisabled": True,
        "scaling": {"minInstanceCount": 1, "maxInstanceCount": 3},
    }
    return {"name": name, "location": "europe-west4", "deletionProtection": False, "template": {**template, **changes}}


def shared(inputs: dict[str, Any], **percents: int) -> dict[str, Any]:
    targets = [{"type": BY_REVISION, "revision": name.replace("_", "-"), "percent": percent} for name, percent in percents.items()]
    return {**inputs, "traffics": targets}


def with_limits(cpu: str, memory: str, **more: Any) -> dict[str, Any]:
    inputs = deepcopy(service())
    inputs["template"]["containers"][0]["resources"]["limits"] |= {"cpu": cpu, "memory": memory, **more}
    return inputs


def shares(clouds: Clouds, identifier: str) -> dict[str, int]:
    cloud = state(clouds)
    try:
        found = cloud.get(SERVICE, identifier)
        assert found is not None
        return serving(cloud, found)
    finally:
        cloud.close()


def said(act: Callable[[], object]) -> str:
    """The words of a refusal."""
    return refusal(act).details() or ""


@pytest.fixture
def gcp(start: Start) -> Client:
    return start().connect("gcp")


def test_a_changed_template_is_a_new_revision_and_the_same_one_is_not(start: Start) -> None:
    clouds = start()
    gcp = clouds.connect("gcp")
    identifier, made = gcp.create(SERVICE, "fraud", service())
    assert made["latestReadyRevision"] == f"{identifier}/revisions/fraud-00001-abc"
    labelled: dict[str, Any] = {**service(), "labels": {"step": "two"}}
    assert gcp.update(SERVICE, identifier, service(), labelled)["latestReadyRevision"] == made["latestReadyRevision"]
    changed = gcp.update(SERVICE, identifier, labelled, service("two"))
    assert changed["trafficStatuses"] == [{"revision": "fraud-00002-abc", "percent": 100}]
    assert shares(clouds, identifier) == {"fraud-00002-abc": 100}


def test_a_name_of_a_revision_is_not_used_again_for_another_template(gcp: Client) -> None:
    first = service(revision="fraud-v1")
    identifier, _ = gcp.create(SERVICE, "fraud", first)
    error = said(lambda: gcp.update(SERVICE, identifier, first, service("two", revision="fraud-v1")))
    assert "Error 409: Revision named 'fraud-v1' with different configuration already exists." in error
    labelled: dict[str, Any] = {**first, "labels": {"step": "two"}}
    gcp.update(SERVICE, identifier, first, labelled)


def test_a_revision_is_named_by_its_service(gcp: Client) -> None:
    error = said(lambda: gcp.create(SERVICE, "fraud", service(revision="v1")))
    assert "template.revision: 'v1' must begin with 'fraud-'" in error


def test_traffic_goes_to_revisions_that_exist_and_a_kept_one_takes_it_back(start: Start) -> None:
    clouds = start()
    gcp = clouds.connect("gcp")
    first, second = service(revision="fraud-v1"), service("two", revision="fraud-v2")
    refused = said(lambda: gcp.create(SERVICE, "fraud", shared(second, fraud_v1=90, fraud_v2=10)))
    assert "Revision 'fraud-v1' does not exist or is deleted. Update all traffic to route to currently available" in refused
    identifier, _ = gcp.create(SERVICE, "fraud", shared(first, fraud_v1=100))
    gcp.update(SERVICE, identifier, first, shared(second, fraud_v1=90, fraud_v2=10))
    assert shares(clouds, identifier) == {"fraud-v1": 90, "fraud-v2": 10}
    gcp.update(SERVICE, identifier, second, shared(first, fraud_v1=100))
    assert shares(clouds, identifier) == {"fraud-v1": 100}


@pytest.mark.parametrize("percents", [(90, 20), (50, 40)])
def test_percents_of_traffic_add_up_to_100(gcp: Client, percents: tuple[int, int]) -> None:
    named = service(revision="fraud-v1")
    targets: list[Any] = [{"type": LATEST, "percent": percents[0]}, {"type": BY_REVISION, "revision": "fraud-v1", "percent": percents[1]}]
    error = said(lambda: gcp.create(SERVICE, "fraud", {**named, "traffics": targets}))
    assert f"they add up to {sum(percents)}" in error


@pytest.mark.parametrize(("cpu", "memory"), [("2", "16Gi"), ("4", "8Gi"), ("3500m", "16Gi")])
def test_an_l4_has_four_processors_and_16_gib_beside_it(gcp: Client, cpu: str, memory: str) -> None:
    error = said(lambda: gcp.create(SERVICE, "fraud", with_limits(cpu, memory)))
    assert "nvidia-l4 needs at least 4 CPU and 16Gi memory" in error


def test_an_rtx_pro_6000_has_20_processors_and_80_gib_beside_it(gcp: Client) -> None:
    large = with_limits("20", "80Gi")
    large["template"]["nodeSelector"] = {"accelerator": "nvidia-rtx-pro-6000"}
    gcp.create(SERVICE, "fraud", large)
    small = with_limits("8", "32Gi")
    small["template"]["nodeSelector"] = {"accelerator": "nvidia-rtx-pro-6000"}
    assert "nvidia-rtx-pro-6000 needs at least 20 CPU and 80Gi memory" in said(lambda: gcp.create(SERVICE, "other", small))


def test_a_gpu_is_alone_known_and_billed_by_the_instance(gcp: Client) -> None:
    two, idle = with_limits("8", "32Gi", **{"nvidia.com/gpu": "2"}), with_limits("4", "16Gi")
    idle["template"]["containers"][0]["resources"]["cpuIdle"] = True
    assert "an instance has 1 GPU, not 2" in said(lambda: gcp.create(SERVICE, "two", two))
    assert "CPU that is always allocated; set it to false" in said(lambda: gcp.create(SERVICE, "idle", idle))
    unknown = service(nodeSelector={"accelerator": "nvidia-tesla-t4"})
    assert "'nvidia-tesla-t4' is no GPU of Cloud Run" in said(lambda: gcp.create(SERVICE, "unknown", unknown))


@pytest.mark.parametrize(("gpus", "seconds", "longest"), [("1", 1800, 1800), ("0", 600, 600)])
def test_a_container_may_take_ten_minutes_to_start_and_half_an_hour_with_a_gpu(gcp: Client, gpus: str, seconds: int, longest: int) -> None:
    inputs = with_limits("4", "16Gi", **{"nvidia.com/gpu": gpus})
    container = inputs["template"]["containers"][0]
    container["startupProbe"] = {"tcpSocket": {"port": 8080}, "periodSeconds": 10, "failureThreshold": seconds // 10}
    gcp.create(SERVICE, "fraud", inputs)
    container["startupProbe"]["failureThreshold"] += 1
    error = said(lambda: gcp.create(SERVICE, "other", {**inputs, "name": "other"}))
    assert f"must not be more than {longest} s, and is {longest + 10} s" in error


def test_more_instances_than_the_region_has_gpus_are_refused(start: Start) -> None:
    gcp = start(machineQuotas=[{"quota": QUOTA, "limit": 2, "region": "europe-west4"}]).connect("gcp")
    error = said(lambda: gcp.create(SERVICE, "fraud", service()))
    assert "Max instances must be set to 2 or fewer to set the requested total GPU count." in error
    assert f"Quota violated: {QUOTA} requested: 3 allowed: 2" in error
    gcp.create(SERVICE, "fraud", service(scaling={"minInstanceCount": 1, "maxInstanceCount": 2}))
    gcp.create(SERVICE, "there", {**service(name="there"), "location": "europe-west1"})


def test_a_new_account_has_three_l4_of_one_zone_in_a_region_and_none_of_two(start: Start) -> None:
    gcp = start(newAccount=True).connect("gcp")
    gcp.create(SERVICE, "fraud", service())
    redundant = service(name="redundant", gpuZonalRedundancyDisabled=False)
    assert "Max instances must be set to 0 or fewer" in said(lambda: gcp.create(SERVICE, "redundant", redundant))


def test_without_a_gpu_for_the_new_revision_the_old_one_serves_and_with_one_the_new(start: Start) -> None:
    clouds = start(machineQuotas=[{"quota": QUOTA, "limit": 1}])
    gcp = clouds.connect("gcp")
    one: dict[str, Any] = {"minInstanceCount": 1, "maxInstanceCount": 1}
    identifier, _ = gcp.create(SERVICE, "fraud", service(scaling=one))
    error = said(lambda: gcp.update(SERVICE, identifier, service(scaling=one), service("two", scaling=one)))
    assert "Revision 'fraud-00002-abc' is not ready and cannot serve traffic. Quota exceeded for total allowable count of GPUs" in (error)
    assert shares(clouds, identifier) == {"fraud-00001-abc": 100}
    _, _, outputs = gcp.read(SERVICE, identifier)
    assert outputs["latestReadyRevision"] == f"{identifier}/revisions/fraud-00001-abc"
    assert outputs["latestCreatedRevision"] == f"{identifier}/revisions/fraud-00002-abc"
    none: dict[str, Any] = {"minInstanceCount": 0, "maxInstanceCount": 1}
    said(lambda: gcp.create(SERVICE, "other", service(name="other", scaling=none)))


def test_a_deleted_service_takes_its_revisions_along(gcp: Client) -> None:
    named = service(revision="fraud-v1")
    identifier, _ = gcp.create(SERVICE, "fraud", named)
    gcp.delete(SERVICE, identifier, named)
    gcp.create(SERVICE, "fraud", service("two", revision="fraud-v1"))


def test_a_load_balancer_splits_over_backends_that_exist_by_weights_that_are_none_too_large(gcp: Client) -> None:
    gcp.create(SERVICE, "fraud", service())
    group: dict[str, Any] = {
        "name": "fraud",
        "region": "europe-west4",
        "networkEndpointType": "SERVERLESS",
        "cloudRun": {"service": "fraud"},
    }
    nowhere: dict[str, Any] = {**group, "name": "x", "cloudRun": {"service": "x"}}
    assert "The Cloud Run service does not exist" in said(lambda: gcp.create(NEG, "x", nowhere))
    endpoints, _ = gcp.create(NEG, "fraud", group)
    backend: dict[str, Any] = {
        "name": "fraud",
        "region": "europe-west4",
        "loadBalancingScheme": "INTERNAL_MANAGED",
        "backends": [{"group": endpoints}],
    }
    backend_id, _ = gcp.create(BACKEND, "fraud", backend)

    def url_map(weight: int, **more: Any) -> dict[str, Any]:
        action = {"weightedBackendServices": [{"backendService": backend_id, "weight": weight}]}
        return {"name": "fraud", "region": "europe-west4", "defaultRouteAction": action, **more}

    for wrong in (url_map(1001), url_map(0)):
        assert "weights must be from 0 to 1000" in said(lambda wrong=wrong: gcp.create(URL_MAP, "fraud", wrong))
    both = url_map(10, defaultService=backend_id)
    assert "exactly one of defaultService" in said(lambda: gcp.create(URL_MAP, "fraud", both))
    gcp.create(URL_MAP, "fraud", url_map(1000))
    assert "resourceInUseByAnotherResource" in said(lambda: gcp.delete(BACKEND, backend_id, backend))
    assert "resourceInUseByAnotherResource" in said(lambda: gcp.delete(NEG, endpoints, group))


@pytest.mark.parametrize("wrong", [{"role": "BACKUP"}, {"region": "europe-west1"}, {"purpose": "PRIVATE", "role": None}])
def test_a_regional_load_balancer_needs_an_active_subnet_for_its_proxies(gcp: Client, wrong: dict[str, Any]) -> None:
    network, made = gcp.create(NETWORK, "net", {"name": "net", "autoCreateSubnetworks": False})
    proxies: dict[str, Any] = {"name": "proxies", "network": made["selfLink"], "region": "europe-west4", "ipCidrRange": "10.1.0.0/24"}
    proxies |= {"purpose": "REGIONAL_MANAGED_PROXY", "role": "ACTIVE"}
    gcp.create(SUBNETWORK, "wrong", {key: value for key, value in {**proxies, "name": "wrong", **wrong}.items() if value})
    rule: dict[str, Any] = {
        "name": "rule",
        "region": "europe-west4",
        "loadBalancingScheme": "INTERNAL_MANAGED",
        "network": network,
        "portRange": "443",
    }
    assert "An active proxy-only subnetwork is required" in said(lambda: gcp.create(RULE, "rule", rule))
    gcp.create(SUBNETWORK, "proxies", proxies)
    gcp.create(RULE, "rule", rule)
