"""A DNS cache on every node: names resolve without a hop to another node, and many pods at once do not drown the DNS service.

Source: Kubernetes documentation, Using NodeLocal DNSCache in Kubernetes clusters (its manifest, for kube-proxy in iptables mode).
"""

from pulumi import ComponentResource, Output, ResourceOptions
from pulumi_kubernetes.apps.v1 import DaemonSet, DaemonSetSpecArgs, DaemonSetUpdateStrategyArgs, RollingUpdateDaemonSetArgs
from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    ConfigMap,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    HostPathVolumeSourceArgs,
    HTTPGetActionArgs,
    KeyToPathArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    ResourceRequirementsArgs,
    SecurityContextArgs,
    Service,
    ServiceAccount,
    ServicePortArgs,
    ServiceSpecArgs,
    TolerationArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from components.kubernetes.namespace import SYSTEM
from plan.model import NodeLocalDnsPlan

_LABELS = {"k8s-app": "node-local-dns"}
_UPSTREAM = "kube-dns-upstream"
_HEALTH_PORT = 8080
# The cache finds its upstream by this placeholder, which it fills in itself with the address of the service above.
_COREFILE = """{zones}:53 {{
    errors
    cache {{
        success 9984 30
        denial 9984 5
    }}
    reload
    loop
    bind {address} {dns}
    forward . __PILLAR__CLUSTER__DNS__ {{
        force_tcp
    }}
    prometheus :9253
    health {address}:8080
}}
.:53 {{
    errors
    cache 30
    reload
    loop
    bind {address} {dns}
    forward . __PILLAR__UPSTREAM__SERVERS__
    prometheus :9253
}}
"""
_ZONES = "cluster.local:53 in-addr.arpa:53 ip6.arpa"


class NodeLocalDns(ComponentResource):
    """The cache. Owns its daemon set, its settings, its account and the service by which it reaches the cluster's DNS pods."""

    def __init__(self, name: str, plan: NodeLocalDnsPlan, *, opts: ResourceOptions | None = None) -> None:
        """Build the cache for the cluster's DNS address."""
        super().__init__("drydock:kubernetes:NodeLocalDns", name, {"dnsAddress": plan.dns_address}, opts)
        own = ResourceOptions(parent=self)
        account = ServiceAccount(f"{name}-account", metadata=ObjectMetaArgs(namespace=SYSTEM), opts=own)
        upstream = _upstream(name, own)
        corefile = _COREFILE.format(zones=_ZONES, address=plan.address, dns=plan.dns_address)
        settings = ConfigMap(f"{name}-settings", metadata=ObjectMetaArgs(namespace=SYSTEM), data={"Corefile.base": corefile}, opts=own)
        DaemonSet(
            f"{name}-cache",
            metadata=ObjectMetaArgs(namespace=SYSTEM, labels=_LABELS),
            spec=DaemonSetSpecArgs(
                selector=LabelSelectorArgs(match_labels=_LABELS),
                update_strategy=DaemonSetUpdateStrategyArgs(rolling_update=RollingUpdateDaemonSetArgs(max_unavailable="10%")),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels=_LABELS),
                    spec=_pod(plan, account.metadata["name"], settings.metadata["name"], upstream.metadata["name"]),
                ),
            ),
            opts=own,
        )
        self.register_outputs({})


def _upstream(name: str, opts: ResourceOptions) -> Service:
    ports = [ServicePortArgs(name=f"dns-{protocol.lower()}", port=53, target_port=53, protocol=protocol) for protocol in ("UDP", "TCP")]
    return Service(
        f"{name}-upstream",
        metadata=ObjectMetaArgs(name=_UPSTREAM, namespace=SYSTEM),
        spec=ServiceSpecArgs(selector={"k8s-app": "kube-dns"}, ports=ports),
        opts=opts,
    )


def _pod(plan: NodeLocalDnsPlan, account: Output[str], settings: Output[str], upstream: Output[str]) -> PodSpecArgs:
    arguments = ["-localip", f"{plan.address},{plan.dns_address}", "-conf", "/etc/Corefile", "-upstreamsvc", upstream]
    return PodSpecArgs(
        priority_class_name="system-node-critical",
        service_account_name=account,
        host_network=True,
        dns_policy="Default",
        # It serves nodes of every kind, the tainted ones too.
        tolerations=[TolerationArgs(operator="Exists")],
        containers=[
            ContainerArgs(
                name="node-cache",
                image=plan.image,
                args=arguments,
                resources=ResourceRequirementsArgs(requests={"cpu": "25m", "memory": "30Mi"}, limits={"memory": "128Mi"}),
                security_context=SecurityContextArgs(capabilities=CapabilitiesArgs(add=["NET_ADMIN"])),
                ports=[ContainerPortArgs(container_port=53, name="dns", protocol="UDP")],
                liveness_probe=ProbeArgs(
                    http_get=HTTPGetActionArgs(host=plan.address, path="/health", port=_HEALTH_PORT),
                    initial_delay_seconds=60,
                    timeout_seconds=5,
                ),
                volume_mounts=[
                    VolumeMountArgs(name="xtables-lock", mount_path="/run/xtables.lock"),
                    VolumeMountArgs(name="settings", mount_path="/etc/coredns"),
                ],
            )
        ],
        volumes=[
            VolumeArgs(name="xtables-lock", host_path=HostPathVolumeSourceArgs(path="/run/xtables.lock", type="FileOrCreate")),
            VolumeArgs(
                name="settings",
                config_map=ConfigMapVolumeSourceArgs(name=settings, items=[KeyToPathArgs(key="Corefile.base", path="Corefile.base")]),
            ),
        ],
    )
