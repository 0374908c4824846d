"""Add-ons that workloads use: Kueue, KEDA, the Gateway API, DNS on the node."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import yaml

from plan.add_on_values import add_on, resources
from plan.contents_request import ContentsRequest
from plan.model import AddOnPlan, NodeLocalDnsPlan
from plan.nodes import most_nodes

_KUEUE = "cluster.addOns.kueue"
_DNS = "cluster.addOns.nodeLocalDns"
_KUEUE_SOURCE = (
    "Kueue documentation, Setup all-or-nothing with ready Pods: https://kueue.sigs.k8s.io/docs/tasks/manage/setup_wait_for_pods_ready/"
)
_DNS_SOURCE = "Kubernetes documentation, Using NodeLocal DNSCache: https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/"
_GKE_GATEWAY = "Google Cloud, GatewayClass capabilities: https://cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities"
_LOCAL_ADDRESS = "169.254.20.10"
_CACHE_IMAGE = "registry.k8s.io/dns/k8s-dns-node-cache:1.26.4"
_MANY_NODES = 10
# Nodes with accelerators take this long to come up, and another rung as long again.
_READY_TIMEOUT = "45m"
_FRAMEWORKS = [
    "batch/job",
    "pod",
    "deployment",
    "statefulset",
    "jobset.x-k8s.io/jobset",
    "leaderworkerset.x-k8s.io/leaderworkerset",
    "kubeflow.org/mpijob",
    "ray.io/rayjob",
    "ray.io/raycluster",
    "trainer.kubeflow.org/trainjob",
]


@dataclass(frozen=True, kw_only=True)
class GatewayChoice:
    """The class that Gateways name; controller: whose it is, None where the cloud makes the class. Both None without the Gateway API."""

    name: str | None = None
    controller: str | None = None


def uses_kueue(request: ContentsRequest) -> bool:
    """Whether jobs queue: Kueue is installed, or there already."""
    wish = request.add_ons.kueue
    return wish in ("install", "existing") or (wish is None and bool(_why_kueue(request)))


def plan_kueue(request: ContentsRequest) -> Iterator[AddOnPlan]:
    """Kueue's chart, where jobs share accelerators or a pool's nodes are asked for by the whole job."""
    wish, reason = request.add_ons.kueue, _why_kueue(request)
    queued = [pool.name for pool in request.pools if any(rung.queued for rung in pool.rungs)]
    if wish == "off" and queued:
        problem = f"leaves pool {queued[0]} without nodes: it is queued, and Kueue asks for them"
        fix = f"remove kueue, or queued under nodePools.{queued[0]}"
        request.fault(_KUEUE, "off", problem, allowed="install | existing", fix=fix, source=_KUEUE_SOURCE)
    if wish == "existing":
        request.decide(
            f"{_KUEUE}.resources", "accelerators only", "its own settings must say quotaCheckStrategy: IgnoreUndeclared for that"
        )
    if wish is None and reason:
        request.decide(_KUEUE, "install", reason, _KUEUE_SOURCE)
    if wish == "install" or (wish is None and reason):
        yield add_on("kueue", _kueue_values(request), pod_security="restricted", critical=request.cloud == "gcp")


def _why_kueue(request: ContentsRequest) -> str:
    queued = [pool.name for pool in request.pools if any(rung.queued for rung in pool.rungs)]
    if queued:
        return f"pool {queued[0]} is queued: its nodes are asked for by the whole job"
    if len(request.environment.teams) > 1 and any(pool.resource for pool in request.pools):
        return "teams share accelerators: a job waits for all of its part instead of holding some of it"
    return ""


def _kueue_values(request: ContentsRequest) -> dict[str, Any]:
    replicas = 2 if request.is_prod else 1
    manager = {"priorityClassName": "system-cluster-critical", "resources": resources("500m", "512Mi")}
    return {
        "controllerManager": {
            "replicas": replicas,
            "manager": manager,
            "podDisruptionBudget": {"enabled": request.is_prod, "minAvailable": 1},
        },
        "managerConfig": {"controllerManagerConfigYaml": yaml.safe_dump(_kueue_config(), sort_keys=False)},
    }


def _kueue_config() -> dict[str, Any]:
    """Kueue's own configuration: a job runs with all its pods or gives its place up; only accelerators are counted."""
    return {
        "apiVersion": "config.kueue.x-k8s.io/v1beta2",
        "kind": "Configuration",
        "health": {"healthProbeBindAddress": ":8081"},
        "metrics": {"bindAddress": ":8443"},
        "webhook": {"port": 9443},
        "leaderElection": {"leaderElect": True, "resourceName": "c1f6bfd2.kueue.x-k8s.io"},
        "waitForPodsReady": {
            "timeout": _READY_TIMEOUT,
            "blockAdmission": False,
            "requeuingStrategy": {"timestamp": "Eviction", "backoffBaseSeconds": 60, "backoffMaxSeconds": 3600},
        },
        "resources": {"quotaCheckStrategy": "IgnoreUndeclared"},
        "integrations": {"frameworks": _FRAMEWORKS},
    }


def plan_keda(request: ContentsRequest) -> Iterator[AddOnPlan]:
    """KEDA's chart where it is asked for and the cloud has none of its own."""
    own = request.cluster is not None and "keda" in request.cluster.cloud_add_ons
    if request.add_ons.keda != "install" or own:
        return
    replicas = 2 if request.is_prod else 1
    yield add_on(
        "keda", {part: {"replicaCount": replicas} for part in ("operator", "metricsServer", "webhooks")}, pod_security="restricted"
    )


def plan_gateway(request: ContentsRequest) -> tuple[GatewayChoice, tuple[AddOnPlan, ...]]:
    """The class of Gateways, and Envoy Gateway's chart where the cloud has no controller of its own."""
    if request.add_ons.gateway != "install":
        return GatewayChoice(), ()
    if request.cluster is not None and "gateway" in request.cluster.cloud_add_ons:
        reason = "GKE's own, reached from within the network alone"
        request.decide("cluster.addOns.gateway.class", "gke-l7-rilb", reason, _GKE_GATEWAY)
        return GatewayChoice(name="gke-l7-rilb"), ()
    values = {
        "deployment": {
            "replicas": 2 if request.is_prod else 1,
            "envoyGateway": {"resources": resources("100m", "256Mi", most_memory="1Gi")},
        },
        "podDisruptionBudget": {"minAvailable": 1 if request.is_prod else 0},
    }
    return GatewayChoice(name="drydock", controller="gateway.envoyproxy.io/gatewayclass-controller"), (add_on("envoy-gateway", values),)


def plan_node_local_dns(request: ContentsRequest) -> NodeLocalDnsPlan | None:
    """The DNS cache on every node where it is worth it and the cloud has none; faults one that could not know the DNS service."""
    wish, cluster = request.add_ons.node_local_dns, request.cluster
    if cluster is None or "nodeLocalDns" in cluster.cloud_add_ons or wish in ("off", "existing"):
        return None
    if request.cloud == "azure":
        _check_cilium(request)
        return None
    if cluster.service_cidr is None:
        if wish == "install":
            problem = "cannot answer for a DNS service whose address is not known: the cluster is not Drydock's"
            request.fault(_DNS, "install", problem, allowed="existing | off", fix="write existing, or off", source=_DNS_SOURCE)
        return None
    if wish is None and not _worth_dns(request):
        return None
    if wish is None:
        request.decide(_DNS, "install", "many pods at once ask for names: a cache on the node spares the DNS service", _DNS_SOURCE)
    # EKS gives its DNS service the tenth address of the service range.
    address = str(ip_network(cluster.service_cidr)[10])
    return NodeLocalDnsPlan(address=_LOCAL_ADDRESS, dns_address=address, image=_CACHE_IMAGE)


def _worth_dns(request: ContentsRequest) -> bool:
    nodes = sum(most_nodes(request.environment, pool) for pool in request.pools)
    return request.is_prod and (nodes > _MANY_NODES or any(pool.resource for pool in request.pools))


def _check_cilium(request: ContentsRequest) -> None:
    if request.add_ons.node_local_dns != "install":
        return
    problem = "takes over the DNS address by iptables, which Cilium on AKS passes by"
    source = "Microsoft Learn, Azure CNI Powered by Cilium, Limitations: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium"
    request.fault(_DNS, "install", problem, allowed="off on Azure", fix="remove nodeLocalDns", source=source)
