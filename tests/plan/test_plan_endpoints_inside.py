"""What a cluster must know for its endpoints. Expected values: Google's addresses, and the Prometheus chart's."""

from dataclasses import replace

import pytest

from plan.model import ExistingNetworkPlan, SubnetPlan
from tests.components.plans import cluster_plan, network_plan
from tests.plan.endpoints import DIGEST, POOL, endpoint, model, on_kubernetes
from tests.plan.inside import inside

SERVED = {"nodePools": {"cpu": POOL}, "models": {"fraud-1": model(1)}, "endpoints": {"fraud": endpoint(on="cpu")}}
# Google Cloud, Health checks overview, probe IP ranges.
PROBES = ("35.191.0.0/16", "130.211.0.0/22")


@pytest.mark.parametrize("wish", ["install", "existing"])
def test_keda_asks_the_prometheus_of_its_chart_where_an_endpoint_stands_on_a_pool(wish):
    found = inside("aws", add_ons={"keda": wish}, **SERVED)
    assert found.plan.prometheus is not None
    assert found.plan.prometheus.address == "http://prometheus-server.prometheus.svc"
    assert found.plan.prometheus.namespace == "prometheus"
    assert "annotations" in found.decisions["cluster.prometheus"].reason


def test_nothing_asks_a_prometheus_without_keda_or_without_endpoints_on_pools():
    assert inside("aws", **SERVED).plan.prometheus is None
    assert inside("aws", add_ons={"keda": "off"}, **SERVED).plan.prometheus is None
    assert inside("aws", add_ons={"keda": "install"}).plan.prometheus is None


def test_googles_gateway_calls_from_its_proxies_and_from_its_health_checks():
    network = network_plan("gcp", proxy_subnet=SubnetPlan(name="proxies", cidr="10.40.128.0/23"))
    found = inside("gcp", add_ons={"gateway": "install"}, cluster=_gke(), network=network)
    assert found.plan.gateway_ranges == ("10.40.128.0/23", *PROBES)
    theirs = replace(network, proxy_subnet=None, existing=ExistingNetworkPlan(identifier="theirs", private_subnets=("nodes",)))
    found = inside("gcp", add_ons={"gateway": "install"}, cluster=_gke(), network=theirs)
    assert found.plan.gateway_ranges == ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", *PROBES)


def test_envoy_gateway_calls_from_inside_and_nobody_does_without_a_gateway():
    assert inside("aws", add_ons={"gateway": "install"}).plan.gateway_ranges == ()
    assert inside("gcp", cluster=_gke()).plan.gateway_ranges == ()


def _gke():
    return cluster_plan("gcp", cloud_add_ons=("gateway",))


def test_in_a_cluster_vllm_finds_the_hubs_files_where_the_init_container_put_them():
    pool = {"existing": True, "accelerator": "nvidia-l4", "vcpus": 48, "memoryGib": 192, "perNode": 4, "nodes": {"max": 2}}
    hub = {
        "artifact": "hf://acme/chat",
        "runtime": "vllm",
        "image": f"vllm{DIGEST}",
        "sizeMib": 15_000,
        "parametersBillion": 7,
        "contextTokens": 4096,
    }
    traffic = {"requestsPerSecond": {"low": 0.1, "expected": 0.5, "high": 1}, "promptTokens": 200, "outputTokens": 100}
    fraud = {"on": "gpu", "traffic": traffic, "autoscaling": {"metric": "queueDepth", "target": 2}}
    found = on_kubernetes(
        {**fraud, "replicas": {"min": 2, "max": 4}}, nodePools={"gpu": {**pool, "labels": {"pool": "gpu"}}}, models={"fraud-1": hub}
    )
    version = found.fraud.stable.model
    assert version.args[0] == version.mount_path == "/models"
