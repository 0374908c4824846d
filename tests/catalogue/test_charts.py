"""The pinned charts."""

import re

import pytest

from catalogue.charts import chart, charts

EXPECTED = {
    *("amd-gpu-operator", "aws-efa-k8s-device-plugin", "cluster-autoscaler", "dcgm-exporter", "envoy-gateway", "gateway-api-crds"),
    *("gpu-operator", "jobset", "karpenter", "keda", "kueue", "leader-worker-set", "metrics-server", "neuron", "node-local-dns"),
    "nvidia-device-plugin",
}


def test_what_a_cluster_may_get_is_pinned():
    assert set(charts()) == EXPECTED
    assert list(charts()) == sorted(charts())


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_version_is_exact(name):
    assert re.fullmatch(r"v?\d+\.\d+\.\d+", chart(name).version)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_chart_says_where_it_comes_from_in_one_way(name):
    found = chart(name)
    assert found.kind in ("helm", "manifest")
    if found.kind == "manifest":
        assert found.chart.startswith("https://")
        assert found.chart.endswith(".yaml")
        assert found.version in found.chart
        assert found.repository is None
    elif found.chart.startswith("oci://"):
        assert found.repository is None
        assert not found.chart.endswith(found.version)
    else:
        assert found.repository is not None
        assert found.repository.startswith("https://")
        assert "/" not in found.chart


# go.mod of Envoy Gateway 1.9.1 (gateway-api v1.6.1) and of Kueue 0.19.2 (jobset v0.12.0, lws v0.9.0).
@pytest.mark.parametrize(
    ("name", "version", "user", "user_version"),
    [
        ("gateway-api-crds", "1.6.1", "envoy-gateway", "v1.9.1"),
        ("jobset", "0.12.0", "kueue", "0.19.2"),
        ("leader-worker-set", "0.9.0", "kueue", "0.19.2"),
    ],
)
def test_what_brings_resource_definitions_has_the_version_that_its_user_is_built_with(name, version, user, user_version):
    assert (chart(name).version, chart(user).version) == (version, user_version)


def test_an_unknown_chart_is_an_error():
    with pytest.raises(KeyError):
        chart("no-such-chart")


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_chart_is_dated_sourced_and_licensed(name):
    found = chart(name)
    assert found.as_of
    assert found.source
    assert found.licence == "Apache-2.0"
    assert bool(found.namespace) == (name != "gateway-api-crds")
