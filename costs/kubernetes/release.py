"""What a preview does not show the inside of: Helm releases; what is billed by what it takes in or has changed."""

from typing import Any, Final

from costs.kubernetes.cluster import cluster_of
from costs.kubernetes.tokens import tokens
from costs.pricing import Pricer, Pricing
from costs.resource import Missing

# Drivers, device plugins, metrics, queues and scalers: by their own values these charts make no load balancer and no volume.
# Source: each chart's values.yaml, of the releases in catalogue/data/charts.csv.
_ON_NODES: Final = frozenset(
    {
        *("aws-efa-k8s-device-plugin", "cluster-autoscaler", "dcgm-exporter", "gateway-helm", "gpu-operator", "gpu-operator-charts"),
        *("jobset", "karpenter", "keda", "kueue", "lws", "metrics-server", "neuron-helm-chart", "nvidia-device-plugin"),
    }
)
_PAID_VALUES: Final = ("LoadBalancer", "persist", "Persist", "storageClass", "volumeClaim")


def _release(pricing: Pricing) -> None:
    """A Release is one resource, whatever its chart makes; the components Chart, ConfigGroup and ConfigFile show their children."""
    chart = pricing.text("chart", "its chart")
    cluster = cluster_of(pricing.resource, pricing.program)
    by_pods = cluster is not None and (cluster.get("enableAutopilot") is True or cluster.get("computeConfig.enabled") is True)
    if chart.rpartition("/")[2] in _ON_NODES and not by_pods and not _changed(pricing.resource.get("values")):
        pricing.note(f"chart {chart.rpartition('/')[2]}", "nothing of its own", "its pods run on the cluster's nodes, which are paid for")
        return
    pricing.unpriced(f"chart {chart.rpartition('/')[2]}", "a chart's own load balancers, volumes and pods cannot be seen in a preview")


def _changed(values: Any) -> bool:
    """Whether its values may make what the chart by itself does not: a load balancer or a volume."""
    return isinstance(values, Missing) or any(word in str(values) for word in _PAID_VALUES)


def _scraped(pricing: Pricing) -> None:
    pricing.unpriced("samples ingested", "Managed Service for Prometheus bills what is scraped, which the resource does not tell")


def _snapshot(pricing: Pricing) -> None:
    pricing.unpriced("snapshot", "it is as large as what has changed on its volume, which the resource does not tell")


PRICERS: dict[str, Pricer] = {
    **dict.fromkeys(tokens("helm.sh", "Release"), _release),
    **dict.fromkeys(tokens("monitoring.googleapis.com", "PodMonitoring", "ClusterPodMonitoring"), _scraped),
    **dict.fromkeys(tokens("snapshot.storage.k8s.io", "VolumeSnapshot"), _snapshot),
}
# A policy pack does not tell components from other resources.
FREE: set[str] = {
    *tokens("helm.sh", "Chart"),
    "kubernetes:helm.sh/v4:Chart",
    *(f"kubernetes:{package}:{kind}" for package in ("yaml", "yaml/v2") for kind in ("ConfigFile", "ConfigGroup")),
    *(f"kubernetes:{package}:Directory" for package in ("kustomize", "kustomize/v2")),
}
