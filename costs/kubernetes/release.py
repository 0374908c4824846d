"""What a preview does not show the inside of: Helm releases; what is billed by what it takes in or has changed."""

from costs.kubernetes.tokens import tokens
from costs.pricing import Pricer, Pricing


def _release(pricing: Pricing) -> None:
    """A Release is one resource, whatever its chart makes; the components Chart, ConfigGroup and ConfigFile show their children."""
    chart = pricing.text("chart", "its chart")
    pricing.unpriced(f"chart {chart.rpartition('/')[2]}", "a chart's own load balancers, volumes and pods cannot be seen in a preview")


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
