"""Network policies of a team: nothing in or out but what the plan names."""

from collections.abc import Sequence

from pulumi import Input, Output, ResourceOptions
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components.kubernetes.namespace import NAME_LABEL, SYSTEM
from plan.model import EgressPlan, TeamPlan

# RFC 1918, RFC 6598 and RFC 3927: what is no public address; the last of them holds the machines' metadata and credentials.
_NOT_PUBLIC = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
# Where caches of DNS on the node listen (Kubernetes: NodeLocal DNSCache, also GKE's; Azure: AKS LocalDNS).
_NODE_DNS = ["169.254.20.10/32", "169.254.10.10/31"]
_HTTPS = 443


def isolate(
    name: str,
    plan: TeamPlan,
    namespace: Output[str],
    *,
    egress: Sequence[EgressPlan],
    service_ranges: Input[Sequence[str]],
    opts: ResourceOptions,
) -> None:
    """Close the namespace, then open it for DNS, its own pods, the teams that the plan names, and addresses outside the cluster."""

    def allow(role: str, spec: NetworkPolicySpecArgs) -> None:
        NetworkPolicy(f"{name}-{role}", metadata=ObjectMetaArgs(namespace=namespace), spec=spec, opts=opts)

    allow("deny", NetworkPolicySpecArgs(pod_selector=LabelSelectorArgs(), policy_types=["Ingress", "Egress"]))
    allow("dns", _outward(_dns()))
    allow("within", _within())
    if plan.allow_from:
        allow("allow-from", _inward(_namespaces(plan.allow_from)))
    if plan.allow_to:
        allow("allow-to", _outward([NetworkPolicyEgressRuleArgs(to=_namespaces(plan.allow_to))]))
    if egress:
        allow("services", _outward([_to_service(each) for each in egress]))
    if service_ranges:
        allow("cloud", _outward([NetworkPolicyEgressRuleArgs(to=_blocks(service_ranges), ports=_ports("TCP", (_HTTPS,)))]))
    if plan.internet_egress:
        public = NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr="0.0.0.0/0", except_=_NOT_PUBLIC))
        allow("internet", _outward([NetworkPolicyEgressRuleArgs(to=[public])]))


def _outward(rules: Sequence[NetworkPolicyEgressRuleArgs]) -> NetworkPolicySpecArgs:
    return NetworkPolicySpecArgs(pod_selector=LabelSelectorArgs(), policy_types=["Egress"], egress=rules)


def _inward(peers: Sequence[NetworkPolicyPeerArgs]) -> NetworkPolicySpecArgs:
    rule = NetworkPolicyIngressRuleArgs(from_=peers)
    return NetworkPolicySpecArgs(pod_selector=LabelSelectorArgs(), policy_types=["Ingress"], ingress=[rule])


def _within() -> NetworkPolicySpecArgs:
    own = [NetworkPolicyPeerArgs(pod_selector=LabelSelectorArgs())]
    return NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(),
        policy_types=["Ingress", "Egress"],
        ingress=[NetworkPolicyIngressRuleArgs(from_=own)],
        egress=[NetworkPolicyEgressRuleArgs(to=own)],
    )


def _dns() -> list[NetworkPolicyEgressRuleArgs]:
    ports = [*_ports("UDP", (53,)), *_ports("TCP", (53,))]
    server = NetworkPolicyPeerArgs(
        namespace_selector=LabelSelectorArgs(match_labels={NAME_LABEL: SYSTEM}),
        pod_selector=LabelSelectorArgs(match_labels={"k8s-app": "kube-dns"}),
    )
    on_node = [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in _NODE_DNS]
    return [NetworkPolicyEgressRuleArgs(to=[server, *on_node], ports=ports)]


def _namespaces(names: Sequence[str]) -> list[NetworkPolicyPeerArgs]:
    return [NetworkPolicyPeerArgs(namespace_selector=LabelSelectorArgs(match_labels={NAME_LABEL: name})) for name in names]


def _to_service(plan: EgressPlan) -> NetworkPolicyEgressRuleArgs:
    peer = NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=plan.cidr))
    return NetworkPolicyEgressRuleArgs(to=[peer], ports=_ports("TCP", plan.ports))


def _blocks(ranges: Input[Sequence[str]]) -> Output[list[NetworkPolicyPeerArgs]]:
    return Output.from_input(ranges).apply(lambda known: [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in known])


def _ports(protocol: str, numbers: Sequence[int]) -> list[NetworkPolicyPortArgs]:
    return [NetworkPolicyPortArgs(protocol=protocol, port=number) for number in numbers]
