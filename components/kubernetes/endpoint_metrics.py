"""What an endpoint's replicas follow, as questions to Prometheus; the whole endpoint's or variant's amount, not one replica's.

The runtimes count for each pod; what a runtime does not count is asked of Envoy, which counts for the route. Sources: vLLM, "Production
Metrics"; Triton Inference Server, "Metrics"; Envoy, "Cluster manager statistics"; NVIDIA DCGM Exporter, counters.
"""

from collections.abc import Mapping

from components.kubernetes.endpoint_spec import EndpointSpec
from plan.model import ModelVersionPlan, VariantPlan

_TRITON_PORT = 8002
# Metric → question; {pods} selects the variant's pods by the labels that Prometheus takes over from them.
_VLLM: Mapping[str, str] = {
    "requests": "sum(rate(vllm:request_success_total{pods}[1m]))",
    "concurrency": "sum(vllm:num_requests_running{pods}) + sum(vllm:num_requests_waiting{pods})",
    "queueDepth": "sum(vllm:num_requests_waiting{pods})",
    "latency": "1000 * histogram_quantile(0.95, sum by (le) (rate(vllm:time_to_first_token_seconds_bucket{pods}[5m])))",
}
_TRITON: Mapping[str, str] = {
    "requests": "sum(rate(nv_inference_request_success{pods}[1m]))",
    # Seconds of work that are begun in each second are how many requests there are at once (Little's law).
    "concurrency": "sum(rate(nv_inference_request_duration_us{pods}[1m])) / 1e6",
    "queueDepth": "sum(nv_inference_pending_request_count{pods})",
}
# Triton runs models of ONNX too.
_RUNTIMES: Mapping[str, Mapping[str, str]] = {"vllm": _VLLM, "triton": _TRITON, "onnx": _TRITON}
# {route} selects the route's clusters, {share} is the variant's part of its requests.
_ENVOY: Mapping[str, str] = {
    "requests": "{share} * sum(rate(envoy_cluster_upstream_rq_total{route}[1m]))",
    "concurrency": "{share} * sum(envoy_cluster_upstream_rq_active{route})",
    "queueDepth": "{share} * sum(envoy_cluster_upstream_rq_pending_active{route})",
    "latency": "histogram_quantile(0.95, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{route}[5m])))",
}
# Labels that a scrape takes from the exporter itself push those of the GPU's pod aside.
_GPU = "sum(DCGM_FI_DEV_GPU_UTIL{exported} or DCGM_FI_DEV_GPU_UTIL{plain}) / {devices}"


def scrape_annotations(model: ModelVersionPlan) -> dict[str, str]:
    """By which Prometheus finds what a runtime counts (annotations of its Helm chart's scrape configuration)."""
    port = metrics_port(model)
    if port is None:
        return {}
    return {"prometheus.io/scrape": "true", "prometheus.io/port": str(port), "prometheus.io/path": "/metrics"}


def metrics_port(model: ModelVersionPlan) -> int | None:
    """Where a runtime tells what it counts; None for one that is not known to count."""
    if model.runtime not in _RUNTIMES:
        return None
    return _TRITON_PORT if _RUNTIMES[model.runtime] is _TRITON else model.port


def question(spec: EndpointSpec, variant: VariantPlan) -> str:
    """The PromQL of the endpoint's metric for one variant."""
    metric, namespace = spec.plan.scaling.metric, spec.plan.namespace
    if metric == "gpuUtilization":
        pods = f"{variant.name}-[a-z0-9]+-[a-z0-9]+"
        exported = f'{{exported_namespace="{namespace}",exported_pod=~"{pods}"}}'
        plain = f'{{namespace="{namespace}",pod=~"{pods}"}}'
        return _filled(_GPU, exported=exported, plain=plain, devices=str(max(1, variant.accelerators)))
    known = _RUNTIMES.get(variant.model.runtime, {}).get(metric)
    # Nobody counts in pods that are not there: from zero, requests are seen at the gateway alone.
    if known and not (spec.plan.scaling.scale_to_zero and spec.plan.gateway):
        return _filled(known, pods=f'{{namespace="{namespace}",drydock_variant="{variant.name}"}}')
    share = variant.mirror_percent if variant.role == "shadow" else variant.weight_percent
    clusters = f"httproute/{namespace}/{spec.name}/rule/.+"
    return _filled(_ENVOY[metric], route=f'{{envoy_cluster_name=~"{clusters}"}}', share=f"{share / 100:g}")


def _filled(text: str, **parts: str) -> str:
    # PromQL has braces of its own, so that str.format would trip over them.
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text
