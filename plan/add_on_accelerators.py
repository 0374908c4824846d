"""What makes accelerators visible to pods: device plugins or the GPU operator, each node's exactly once; and what measures them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from plan.add_on_values import add_on, affinity, resources, tolerations
from plan.contents_request import ContentsRequest
from plan.model import AddOnPlan, NodePoolPlan

_PLUGIN = "cluster.addOns.devicePlugin"
_OPERATOR = "cluster.addOns.gpuOperator"
_DCGM = "cluster.addOns.dcgmExporter"
_OPERATOR_SOURCE = "NVIDIA GPU Operator documentation, Getting Started, Chart customization: https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html"
_NEURON_SOURCE = (
    "AWS Neuron documentation, Neuron Helm chart: https://awsdocs-neuron.readthedocs-hosted.com/en/latest/deploy/eks/helm-chart.html"
)
_CONFIG_LABEL = "nvidia.com/device-plugin.config"
_CONFIG_WORDS: Mapping[str, str] = {"timeSlicing": "time-slicing", "mps": "mps"}
_WHOLE = "whole"


def plan_accelerator_add_ons(request: ContentsRequest) -> tuple[AddOnPlan, ...]:
    """Device plugins, GPU operator and metrics of accelerators, as the pools' drivers need them."""
    _check_owners(request)
    operator = _operated(request)
    plugins = _plugged(request)
    _check_plugin_off(request, plugins)
    _check_amd(request)
    _check_sharing(request, (*operator, *plugins))
    planned = [*_gpu_operator(request, operator), *_nvidia(request, plugins), *_neuron(plugins), *_efa(request), *_dcgm(request, operator)]
    return tuple(planned)


def _operated(request: ContentsRequest) -> tuple[NodePoolPlan, ...]:
    """The pools whose GPUs NVIDIA's operator brings up."""
    return tuple(pool for pool in request.of_vendor("nvidia") if pool.driver.device_plugin == "operator")


def _plugged(request: ContentsRequest) -> tuple[NodePoolPlan, ...]:
    """The pools that need a device plugin from a chart."""
    return tuple(pool for pool in request.pools if pool.resource and pool.driver.device_plugin == "helm")


def _check_owners(request: ContentsRequest) -> None:
    wishes = request.add_ons
    if wishes.device_plugin == "install" and wishes.gpu_operator == "install":
        problem = "is installed beside the GPU operator, which brings a device plugin of its own: two would hand out each GPU twice"
        fix = "remove devicePlugin, or gpuOperator"
        request.fault(_PLUGIN, "install", problem, allowed="one of the two", fix=fix, source=_OPERATOR_SOURCE)
        return
    for pool in request.of_vendor("nvidia"):
        owner = pool.driver.device_plugin
        if wishes.gpu_operator == "install" and owner in ("cloud", "helm") and not pool.existing:
            problem = f"would own the driver and device plugin of pool {pool.name} beside {'the cloud' if owner == 'cloud' else 'a chart'}"
            fix = f"write driver: {{owner: operator}} under nodePools.{pool.name}, or remove gpuOperator"
            request.fault(_OPERATOR, "install", problem, allowed="one owner for each node", fix=fix, source=_OPERATOR_SOURCE)
        if wishes.device_plugin == "install" and owner == "cloud" and not pool.existing:
            problem = f"is the cloud's own on the nodes of pool {pool.name}: two would hand out each GPU twice"
            request.fault(_PLUGIN, "install", problem, allowed="left out", fix="remove devicePlugin")
        if wishes.gpu_operator == "off" and owner == "operator":
            problem = f"leaves pool {pool.name} without a driver: its owner is the operator"
            fix = f"remove gpuOperator, or write driver: {{owner: cloud}} under nodePools.{pool.name}"
            request.fault(_OPERATOR, "off", problem, allowed="install | existing", fix=fix)


def _check_plugin_off(request: ContentsRequest, plugged: Sequence[NodePoolPlan]) -> None:
    if request.add_ons.device_plugin != "off":
        return
    for pool in plugged:
        problem = f"leaves the nodes of pool {pool.name} without {pool.resource}: nothing offers it, and pods that ask for it wait for ever"
        request.fault(_PLUGIN, "off", problem, allowed="install | existing", fix="remove devicePlugin, or write existing")


def _check_amd(request: ContentsRequest) -> None:
    for pool in request.of_vendor("amd"):
        if pool.driver.device_plugin not in ("helm", "operator") or request.add_ons.gpu_operator == "existing":
            continue
        problem = f"is not there for pool {pool.name}: AMD's operator stands on cert-manager, so Drydock takes one that exists"
        fix = "install AMD's GPU operator and write gpuOperator: existing, or choose an NVIDIA accelerator"
        source = "AMD GPU Operator documentation, Kubernetes (Helm), Prerequisites: https://instinct.docs.amd.com/projects/gpu-operator/"
        request.fault(_OPERATOR, request.add_ons.gpu_operator, problem, allowed="existing", fix=fix, source=source)


def _check_sharing(request: ContentsRequest, pools: Sequence[NodePoolPlan]) -> None:
    """Existing nodes are not labelled here, and the plugin reads from a label how it shares their GPUs."""
    for pool in pools:
        label = {_CONFIG_LABEL: _config_name(pool)}
        if pool.existing and pool.sharing.strategy != "none" and not label.items() <= dict(pool.selector).items():
            problem = f"is learnt by the device plugin from a label that the nodes of pool {pool.name} do not carry"
            written = f"{_CONFIG_LABEL}: {_config_name(pool)}"
            fix = f"label the nodes with {written}, and add it to labels"
            request.fault(f"nodePools.{pool.name}.sharing", pool.sharing.strategy, problem, allowed=written, fix=fix)


def _gpu_operator(request: ContentsRequest, pools: Sequence[NodePoolPlan]) -> Iterator[AddOnPlan]:
    if not pools or request.add_ons.gpu_operator in ("off", "existing"):
        return
    installs_driver = any(pool.driver.driver == "operator" for pool in pools)
    reason = f"it owns the device plugin of {_names(pools)}" + (
        " and installs the driver" if installs_driver else "; the node image brings the driver"
    )
    request.decide(_OPERATOR, "install", reason, _OPERATOR_SOURCE)
    tolerated = tolerations(pools)
    values: dict[str, Any] = {
        "driver": {"enabled": installs_driver},
        # What the image brings with its driver is not installed a second time.
        "toolkit": {"enabled": installs_driver},
        "daemonsets": {"tolerations": tolerated, "priorityClassName": "system-node-critical"},
        "migManager": {"enabled": any(pool.sharing.strategy == "mig" for pool in pools)},
        "mig": {"strategy": "single"},
        "dcgmExporter": {"enabled": _wants_dcgm(request)},
        "node-feature-discovery": {"worker": {"tolerations": tolerated}},
        **_operator_sharing(pools),
    }
    yield add_on("gpu-operator", values, pod_security="privileged", critical=request.cloud == "gcp")


def _operator_sharing(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    configs = _configs(pools)
    if len(configs) == 1:
        return {}
    return {"devicePlugin": {"config": {"create": True, "name": "device-plugin-sharing", "default": _WHOLE, "data": configs}}}


def _nvidia(request: ContentsRequest, plugged: Sequence[NodePoolPlan]) -> Iterator[AddOnPlan]:
    pools = [pool for pool in plugged if pool in request.of_vendor("nvidia")]
    if request.add_ons.device_plugin in ("off", "existing") or not pools:
        _decide_existing(request)
        return
    request.decide(_PLUGIN, "install", f"nothing else offers the GPUs of {_names(pools)} to pods")
    tolerated = tolerations(pools)
    values: dict[str, Any] = {
        "affinity": affinity(pools),
        "tolerations": tolerated,
        "resources": resources("20m", "64Mi", most_memory="256Mi"),
        "config": {"map": _configs(pools), "default": _WHOLE},
    }
    if any(pool.sharing.strategy == "mps" for pool in pools):
        # The control daemon of MPS starts where the feature discovery has found a GPU that can do it.
        values |= {"gfd": {"enabled": True}, "nfd": {"worker": {"tolerations": tolerated}}}
    yield add_on("nvidia-device-plugin", values, pod_security="privileged", critical=request.cloud == "gcp")


def _decide_existing(request: ContentsRequest) -> None:
    existing = [pool for pool in request.pools if pool.existing and pool.resource]
    if existing and request.add_ons.device_plugin is None:
        request.decide(_PLUGIN, "existing", f"{_names(existing)} stood before, and a second plugin would hand out each device twice")


def _configs(pools: Sequence[NodePoolPlan]) -> dict[str, str]:
    """The plugin's configurations by the value of the label with which nodes choose theirs; nodes without it hand out whole GPUs.

    Source: NVIDIA k8s-device-plugin, Shared access to GPUs, and Updating per-node configuration with a node label.
    """
    flags = {"version": "v1", "flags": {"migStrategy": "single" if any(pool.sharing.strategy == "mig" for pool in pools) else "none"}}
    shared = {
        _config_name(pool): {"version": "v1", "sharing": {pool.sharing.strategy: {"resources": [_replicas(pool)]}}}
        for pool in pools
        if pool.sharing.strategy in _CONFIG_WORDS
    }
    return {name: yaml.safe_dump(config, sort_keys=False) for name, config in {_WHOLE: flags, **shared}.items()}


def _replicas(pool: NodePoolPlan) -> dict[str, Any]:
    return {"name": pool.resource, "replicas": pool.sharing.clients}


def _config_name(pool: NodePoolPlan) -> str:
    return f"{_CONFIG_WORDS[pool.sharing.strategy]}-{pool.sharing.clients}" if pool.sharing.strategy in _CONFIG_WORDS else _WHOLE


def _neuron(plugged: Sequence[NodePoolPlan]) -> Iterator[AddOnPlan]:
    pools = [pool for pool in plugged if pool.resource.startswith("aws.amazon.com/neuron")]
    if pools:
        # The chart's problem detector replaces instances, which needs rights that nobody was asked for.
        values = {"npd": {"enabled": False}, "devicePlugin": {"tolerations": tolerations(pools), "affinity": affinity(pools)}}
        yield add_on("neuron", values)


def _efa(request: ContentsRequest) -> Iterator[AddOnPlan]:
    pools = [pool for pool in request.pools if pool.interconnect.kind == "efa" and not pool.existing]
    if pools:
        machines = sorted({pool.machine.instance_type for pool in pools})
        request.decide("cluster.addOns", "EFA device plugin", f"{_names(pools)} asks for EFA, which pods see as vpc.amazonaws.com/efa")
        values = {
            "tolerations": tolerations(pools),
            "supportedInstanceLabels": {"keys": ["node.kubernetes.io/instance-type"], "values": machines},
            "resources": resources("10m", "20Mi", most_memory="64Mi"),
        }
        yield add_on("aws-efa-k8s-device-plugin", values)


def _wants_dcgm(request: ContentsRequest) -> bool:
    wish = request.add_ons.dcgm_exporter
    return wish == "install" if wish is not None else any(not pool.existing for pool in request.of_vendor("nvidia"))


def _dcgm(request: ContentsRequest, operated: Sequence[NodePoolPlan]) -> Iterator[AddOnPlan]:
    pools = request.of_vendor("nvidia")
    if request.cluster is not None and "dcgmExporter" in request.cluster.cloud_add_ons:
        return
    if request.add_ons.dcgm_exporter == "install" and not pools:
        problem = "has no NVIDIA GPU to measure"
        request.fault(_DCGM, "install", problem, allowed="beside a pool with NVIDIA GPUs", fix="remove dcgmExporter, or add such a pool")
        return
    measured = [pool for pool in pools if pool not in operated]
    if not _wants_dcgm(request) or not measured:
        return
    if request.add_ons.dcgm_exporter is None:
        request.decide(_DCGM, "install", "GPUs that idle or overheat are seen in their metrics only")
    values = {
        "affinity": affinity(measured),
        "tolerations": tolerations(measured),
        "priorityClassName": "system-node-critical",
        "resources": resources("50m", "256Mi", most_memory="512Mi"),
        # Its custom resource belongs to Prometheus' operator, which need not be there.
        "serviceMonitor": {"enabled": False},
    }
    yield add_on("dcgm-exporter", values, pod_security="privileged", critical=request.cloud == "gcp")


def _names(pools: Sequence[NodePoolPlan]) -> str:
    return " and ".join(f"pool {pool.name}" for pool in pools)
