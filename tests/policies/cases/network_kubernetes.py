"""Networks of clusters."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import NAMESPACE, SERVICE, here

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway"
CHART = made("kubernetes:helm.sh/v3:Release", {"chart": "keda", "namespace": "charts"}, "chart")
SPACE = made(NAMESPACE, {"metadata": {"name": "search"}}, "space")
CHARTS = (made(NAMESPACE, {"metadata": {"name": "charts"}}, "charts"), CHART)
ALL: dict[str, Any] = {"podSelector": {}}
AWS = "service.beta.kubernetes.io/aws-load-balancer"


def policy(spec: Any, name: str = "it", namespace: object = "search") -> Resource:
    return here(POLICY, name, namespace, spec=spec)


def inward(*rules: Any) -> Resource:
    return policy({**ALL, "ingress": list(rules)})


def outward(*rules: Any, name: str = "it") -> Resource:
    return policy({**ALL, "egress": list(rules)}, name)


def block(cidr: Any, *excepted: Any) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr, "except": list(excepted)}}


def balancer(annotations: Any = None, name: str = "it", kind: str = SERVICE, **spec: Any) -> Resource:
    return here(kind, name, metadata={"annotations": annotations}, spec={"type": "LoadBalancer", **spec})


def entrance(annotations: Any = None, name: str = "it", **spec: Any) -> Resource:
    return here(INGRESS, name, metadata={"annotations": annotations}, spec=spec)


def gateway(*protocols: Any, name: str = "it") -> Resource:
    return here(GATEWAY, name, spec={"listeners": [{"protocol": protocol} for protocol in protocols]})


INTERNAL = (
    balancer({f"{AWS}-scheme": "internal"}, "aws"),
    balancer({f"{AWS}-internal": "true"}, "aws-old"),
    balancer({f"{AWS}-internal": "0.0.0.0/0"}, "aws-oldest"),
    balancer({"networking.gke.io/load-balancer-type": "Internal"}, "gcp"),
    balancer({"cloud.google.com/load-balancer-type": "Internal"}, "gcp-old"),
    balancer({"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}, "azure"),
    balancer({}, "class", loadBalancerClass="service.k8s.aws/nlb"),
    here(SERVICE, "inside", spec={"type": "ClusterIP"}),
)
FACING = balancer({f"{AWS}-scheme": "internet-facing"}, "facing", loadBalancerClass="service.k8s.aws/nlb")

CASES = {
    "DD-NETWORK-301": Case(
        violating=(
            SPACE,
            policy({"podSelector": {"matchLabels": {"app": "web"}}}, "some"),
            policy({"podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}}, "others"),
            policy({**ALL, "policyTypes": ["Egress"]}, "out"),
            policy(ALL, "theirs", "vision"),
        ),
        passing=(
            SPACE,
            policy(ALL),
            made(NAMESPACE, {"metadata": {"name": "old"}}, "old"),
            here("kubernetes:extensions/v1beta1:NetworkPolicy", "old", "old", spec=ALL),
        ),
        unknown=(SPACE, policy({"podSelector": UNKNOWN})),
        elsewhere=CHARTS,
    ),
    "DD-NETWORK-302": Case(
        violating=(SPACE, policy(ALL)),
        passing=(SPACE, policy({**ALL, "policyTypes": ["Ingress", "Egress"]})),
        unknown=(SPACE, policy({**ALL, "policyTypes": [UNKNOWN]})),
        elsewhere=(*CHARTS, SPACE, outward({"to": [block("10.0.0.0/8")]})),
    ),
    "DD-NETWORK-303": Case(
        violating=(inward({"from": [{"podSelector": {}}]}, {"ports": [{"port": 80}]}, {"from": [block("10.0.0.0/8"), block("::/0")]}),),
        at=("spec.ingress.1.from", "spec.ingress.2.from.1.ipBlock.cidr"),
        passing=(inward({"from": [{"namespaceSelector": {}}]}, {"from": [block("0.0.0.0/1")]}),),
        unknown=(inward({"from": [block(UNKNOWN)]}),),
        elsewhere=(CHART, outward({}), policy({**ALL, "ingress": [{}]}, "system", "kube-system")),
    ),
    "DD-NETWORK-304": Case(
        violating=(
            outward({"to": [block("10.0.0.0/8"), block("0.0.0.0/0", "10.0.0.0/8")], "ports": [{"port": 443}, {"port": 80}]}),
            outward({}, name="open"),
            outward({"to": [block("169.254.169.254/16")], "ports": [{"protocol": "TCP"}]}, name="local"),
            outward({"to": [block("169.254.169.252/32")]}, {"to": [block("169.254.169.254/31")]}, name="more-than-gke"),
            outward({"to": [block("169.254.169.254/32")]}, name="one"),
            outward({"to": [block("0.0.0.0/0")], "ports": [{"port": 53, "endPort": 80}]}, name="range"),
        ),
        at=(
            "spec.egress.0.to.1.ipBlock",
            "spec.egress.0.to.0.ipBlock",
            "spec.egress.1.to.0.ipBlock",
            "spec.egress.0.to.0.ipBlock",
            "spec.egress.0.to",
            "spec.egress.0.to.0.ipBlock",
        ),
        passing=(
            outward({"to": [block("0.0.0.0/0", "10.0.0.0/8", "169.254.0.0/16")]}),
            outward({"to": [block("169.254.169.254/32")]}, {"to": [block("169.254.169.252/32")]}, name="gke"),
            outward({"to": [block("0.0.0.0/0")], "ports": [{"port": 443}]}, {"ports": [{"port": 53.0, "endPort": 79}]}, name="https"),
            outward({"ports": [{"port": 53}, {"port": 81, "endPort": 90}, {"port": "metrics", "endPort": 90}]}, name="ports"),
            outward({"to": [{"podSelector": {}}]}, name="pods"),
        ),
        unknown=(outward({"to": [block("0.0.0.0/0", UNKNOWN)]}),),
        elsewhere=(CHART, inward({})),
    ),
    "DD-NETWORK-305": Case(
        violating=(balancer(), FACING, balancer({"networking.gke.io/load-balancer-type": "External"}, "external")),
        at=("spec.type",) * 3,
        passing=INTERNAL,
        unknown=(balancer({f"{AWS}-scheme": UNKNOWN}),),
        elsewhere=(CHART, here(SERVICE, "it", "kube-system", spec={"type": "LoadBalancer"})),
    ),
    "DD-NETWORK-306": Case(
        violating=(balancer(loadBalancerSourceRanges=["10.0.0.0/8", "0.0.0.0/0"]), FACING),
        at=("spec.loadBalancerSourceRanges",) * 2,
        passing=(balancer(loadBalancerSourceRanges=["198.51.100.0/24"]), *INTERNAL),
        unknown=(balancer(loadBalancerSourceRanges=[UNKNOWN]),),
        elsewhere=(CHART,),
    ),
    "DD-NETWORK-307": Case(
        violating=(here(SERVICE, "it", spec={"externalIPs": ["198.51.100.1"]}),),
        at=("spec.externalIPs",),
        passing=(here(SERVICE, "it", spec={"externalIPs": []}),),
        unknown=(here(SERVICE, "it", UNKNOWN, spec={"externalIPs": [UNKNOWN]}),),
        elsewhere=(CHART,),
    ),
    "DD-NETWORK-308": Case(
        violating=(here(SERVICE, "it", spec={"type": "NodePort"}),),
        at=("spec.type",),
        passing=(balancer(),),
        unknown=(here(SERVICE, "it", spec={"type": UNKNOWN}),),
        elsewhere=(CHART,),
    ),
    "DD-NETWORK-309": Case(
        violating=(entrance(rules=[{"host": "api.example.com"}]),),
        at=("spec.tls",),
        passing=(
            entrance(tls=[{"secretName": UNKNOWN}]),
            entrance({"alb.ingress.kubernetes.io/certificate-arn": UNKNOWN}, "aws"),
            entrance({"ingress.gcp.kubernetes.io/pre-shared-cert": "search"}, "gcp"),
            entrance({"networking.gke.io/managed-certificates": "search"}, "gcp-managed"),
            entrance({"appgw.ingress.kubernetes.io/appgw-ssl-certificate": "search"}, "azure"),
        ),
        unknown=(entrance(UNKNOWN),),
        elsewhere=(CHART, gateway("HTTP")),
    ),
    "DD-NETWORK-310": Case(
        violating=(entrance({"nginx.ingress.kubernetes.io/server-snippet": UNKNOWN, "nginx.ingress.kubernetes.io/rewrite-target": "/"}),),
        at=("metadata.annotations",),
        passing=(entrance({"nginx.ingress.kubernetes.io/rewrite-target": "/", "example.com/server-snippet": "a"}),),
        unknown=(entrance(UNKNOWN),),
        elsewhere=(CHART,),
    ),
    "DD-NETWORK-311": Case(
        violating=(gateway("HTTP"),),
        at=("spec.listeners",),
        passing=(gateway("HTTP", "HTTPS"), gateway("TLS", name="tls"), gateway("TCP", name="tcp"), gateway("HTTP", "TLS", name="both")),
        unknown=(gateway(UNKNOWN),),
        elsewhere=(CHART, entrance()),
    ),
}
