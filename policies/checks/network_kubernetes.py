"""Kubernetes networks: who reaches pods, what pods reach, and how traffic gets into the cluster."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from policies.check import Problem
from policies.namespaces import NAMESPACE, NamespacedChecks, beside, holds_chart
from policies.part import Part
from policies.view import View

CHECKS = NamespacedChecks()
_DEV: Mapping[str, Any] = {"dev": "advisory"}
POLICIES = ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:extensions/v1beta1:NetworkPolicy")
_SERVICES = ("kubernetes:core/v1:Service", "kubernetes:core/v1:ServicePatch")
_INGRESSES = tuple(f"kubernetes:{group}:Ingress" for group in ("networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"))
_GATEWAYS = ("kubernetes:gateway.networking.k8s.io/v1:Gateway", "kubernetes:gateway.networking.k8s.io/v1beta1:Gateway")
# Where AWS, Google Cloud and Azure alike hand a machine's credentials to whoever asks.
_METADATA = ip_address("169.254.169.254")
_GKE_METADATA = "169.254.169.252/32"
_HTTP = 80
# What tells a cloud's controller that a load balancer is for the inside. Sources: AWS Load Balancer Controller, "Annotations" (internal is
# its default) and cloud-provider-aws, "Service annotations"; Google Cloud, "LoadBalancer Service parameters"; Microsoft Learn, AKS, "Use
# an internal load balancer".
_INTERNAL = {
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "cloud.google.com/load-balancer-type": ("internal",),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
}
# Source: AWS Load Balancer Controller, "Ingress annotations"; Google Cloud, "GKE Ingress", pre-shared and managed certificates; Microsoft
# Learn, Application Gateway Ingress Controller, "Annotations".
_CERTIFICATES = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
)
_AWS_SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"
_AWS_CLASS = "service.k8s.aws/nlb"


@CHECKS.add(
    "DD-NETWORK-301",
    "A namespace lets nobody in who is not named",
    NAMESPACE,
    joined=True,
    severity="high",
    profiles=_DEV,
    rationale="Without a policy every pod of the cluster reaches every other: one that is taken over tries all of them.",
    fix="add a NetworkPolicy with an empty podSelector and policyTypes Ingress, and one for each who may come in",
    key="teams",
    equivalents=("CKV2_K8S_6", "KSV-0038", "CIS-EKS-4.3.2", "add-networkpolicy"),
)
def closed_inward(view: View) -> Iterator[Problem]:
    """Whether a policy of the namespace selects all pods for what comes in."""
    if not holds_chart(view) and not any(_for_all(policy, "Ingress") for policy in beside(view, POLICIES)):
        yield Problem(what="has no NetworkPolicy for all of its pods")


@CHECKS.add(
    "DD-NETWORK-302",
    "A namespace lets nothing out that is not named",
    NAMESPACE,
    joined=True,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A pod that is taken over sends away what it knows, and fetches what it needs for more.",
    fix="add Egress to the policyTypes of a NetworkPolicy with an empty podSelector",
    key="teams.<name>.internetEgress",
    equivalents=("CKV2_K8S_6", "CIS-EKS-4.3.2"),
)
def closed_outward(view: View) -> Iterator[Problem]:
    """Whether a policy of the namespace selects all pods for what goes out."""
    if not holds_chart(view) and not any(_for_all(policy, "Egress") for policy in beside(view, POLICIES)):
        yield Problem(what="has no NetworkPolicy for what goes out of its pods")


@CHECKS.add(
    "DD-NETWORK-303",
    "A policy does not let everybody in",
    *POLICIES,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A rule without a name, or for every address, takes back what the policy is for.",
    fix="name namespaces, pods or ranges in from",
    key="teams.<name>.allowFrom",
    equivalents=("KSV-0038",),
)
def not_open(view: View) -> Iterator[Problem]:
    """Rules for what comes in without from, or from every address (Kubernetes API reference, NetworkPolicyIngressRule)."""
    for rule in Part(view, "spec").each("ingress"):
        if not rule.present("from"):
            yield Problem(path=rule.at("from"), what="names nobody, which is everybody")
        for peer in rule.each("from"):
            cidr = peer.text("ipBlock.cidr")
            if _everything(cidr):
                yield Problem(path=peer.at("ipBlock.cidr"), what=f"is {cidr}")


@CHECKS.add(
    "DD-NETWORK-304",
    "A policy does not let pods reach their machine's credentials",
    *POLICIES,
    severity="high",
    profiles=_DEV,
    rationale="At 169.254.169.254 clouds hand a machine's credentials to whoever asks, a pod as well.",
    fix="add 169.254.0.0/16 to the except of the range",
)
def no_metadata(view: View) -> Iterator[Problem]:
    """Rules for what goes out whose ranges hold the address of the metadata service, or that name nobody and so mean all.

    With Workload Identity, GKE's own metadata server answers there and hands a pod nothing but its own account; a policy that lets
    pods to it names its other address too (Google Cloud, "Workload Identity Federation for GKE", network policies).
    """
    rules = list(Part(view, "spec").each("egress"))
    own = {f"{_METADATA}/32"} if any(_names_gke_metadata(rule) for rule in rules) else set[str]()
    for rule in rules:
        if not rule.present("to") and _any_port(rule):
            yield Problem(path=rule.at("to"), what="names nobody, which is every address")
        for peer in rule.each("to"):
            cidr = peer.text("ipBlock.cidr")
            if _holds_metadata(cidr) and cidr not in own and not _excepted(peer) and _any_port(rule):
                yield Problem(path=peer.at("ipBlock"), what=f"is {cidr}, with the metadata service")


@CHECKS.add(
    "DD-NETWORK-305",
    "No service has a load balancer of its own on the internet",
    *_SERVICES,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="It has no certificate, no limits and no tokens, and each costs as much as one for all.",
    fix="annotate it as internal, or route to it from a Gateway",
    key="endpoints.<name>.access.public",
    equivalents=("no-public-load-balancer", "restrict-service-type"),
)
def no_public_balancer(view: View) -> Iterator[Problem]:
    """Services of type LoadBalancer without an annotation that makes them internal."""
    if _public(view):
        yield Problem(path="spec.type", what="is LoadBalancer, open to the internet")


@CHECKS.add(
    "DD-NETWORK-306",
    "A load balancer on the internet says who may come",
    *_SERVICES,
    severity="high",
    profiles=_DEV,
    rationale="Ports without tokens are found within minutes by whoever looks for them.",
    fix="name ranges in spec.loadBalancerSourceRanges",
)
def bounded_balancer(view: View) -> Iterator[Problem]:
    """loadBalancerSourceRanges, every address where it is left out (Kubernetes API reference, ServiceSpec)."""
    if not _public(view):
        return
    ranges = Part(view, "spec").texts("loadBalancerSourceRanges")
    if not ranges or any(map(_everything, ranges)):
        yield Problem(path="spec.loadBalancerSourceRanges", what="lets in every address")


@CHECKS.add(
    "DD-NETWORK-307",
    "No service takes an address that is not its own",
    *_SERVICES,
    severity="high",
    rationale="externalIPs takes whatever address it names, and with it traffic meant for somebody else (CVE-2020-8554).",
    fix="leave spec.externalIPs out",
    equivalents=("KSV-0108", "restrict-external-ips"),
)
def no_external_addresses(view: View) -> Iterator[Problem]:
    """spec.externalIPs."""
    if view.present("spec.externalIPs"):
        yield Problem(path="spec.externalIPs", what="is set")


@CHECKS.add(
    "DD-NETWORK-308",
    "No service opens a port on every node",
    *_SERVICES,
    level="advisory",
    rationale="A port of the nodes is past every load balancer, and open wherever a node is reached.",
    fix="use ClusterIP and route to it from a Gateway or an Ingress",
    equivalents=("restrict-nodeport",),
)
def no_node_port(view: View) -> Iterator[Problem]:
    """Services of type NodePort."""
    if view.text("spec.type") == "NodePort":
        yield Problem(path="spec.type", what="is NodePort")


@CHECKS.add(
    "DD-NETWORK-309",
    "An Ingress is encrypted",
    *_INGRESSES,
    severity="high",
    profiles=_DEV,
    rationale="Without it whoever is on the way reads inputs and tokens.",
    fix="set spec.tls with the secret of a certificate",
    equivalents=("AKS_HttpsIngress", "require-ingress-https"),
)
def ingress_encrypted(view: View) -> Iterator[Problem]:
    """spec.tls; certificates that the cloud keeps are named in annotations."""
    annotations = Part(view, "metadata").fields("annotations")
    if not view.present("spec.tls") and not any(name in annotations for name in _CERTIFICATES):
        yield Problem(path="spec.tls", what="is not set")


@CHECKS.add(
    "DD-NETWORK-310",
    "An Ingress configures no proxy by hand",
    *_INGRESSES,
    severity="critical",
    rationale="Snippets run in the controller, which reads every secret of the cluster (CVE-2021-25742).",
    fix="leave annotations that end in -snippet out",
    equivalents=("CKV_K8S_152", "CKV_K8S_153", "CKV_K8S_154", "restrict-annotations"),
)
def no_snippets(view: View) -> Iterator[Problem]:
    """Annotations of ingress-nginx that end in -snippet."""
    for name in Part(view, "metadata").fields("annotations"):
        if name.startswith("nginx.ingress.kubernetes.io/") and name.endswith("-snippet"):
            yield Problem(path="metadata.annotations", what=f"have {name}")


@CHECKS.add(
    "DD-NETWORK-311",
    "A Gateway is encrypted",
    *_GATEWAYS,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Without it whoever is on the way reads inputs and tokens.",
    fix="give it a listener with protocol HTTPS",
    key="endpoints.<name>.access.tls",
)
def gateway_encrypted(view: View) -> Iterator[Problem]:
    """Gateways with listeners for HTTP and none for HTTPS or TLS, to which HTTP could lead."""
    listeners = list(Part(view, "spec").each("listeners"))
    spoken = {listener.text("protocol") for listener in listeners}
    if "HTTP" in spoken and not spoken & {"HTTPS", "TLS"}:
        yield Problem(path="spec.listeners", what="speak HTTP alone")


def _for_all(policy: View, direction: str) -> bool:
    """Whether a policy selects every pod of its namespace for this direction.

    Left out, policyTypes has Ingress, and Egress where there are such rules (Kubernetes API reference, NetworkPolicySpec).
    """
    spec = Part(policy, "spec")
    if spec.fields("podSelector").get("matchLabels") or spec.items("podSelector.matchExpressions"):
        return False
    types = spec.texts("policyTypes") or ["Ingress", *(["Egress"] if spec.present("egress") else [])]
    return direction in types


def _everything(cidr: str) -> bool:
    return cidr.partition("/")[2] == "0"


def _holds_metadata(cidr: str) -> bool:
    try:
        return _METADATA in ip_network(cidr, strict=False)
    except ValueError:
        # The API server refuses what is no range.
        return False


def _any_port(rule: Part) -> bool:
    """Whether a rule opens port 80, where the metadata service answers."""
    ports = [(port.get("port"), port.number("endPort")) for port in rule.each("ports")]
    return not ports or any(port is None or (isinstance(port, int | float) and port <= _HTTP <= (end or port)) for port, end in ports)


def _names_gke_metadata(rule: Part) -> bool:
    return any(peer.text("ipBlock.cidr") == _GKE_METADATA for peer in rule.each("to"))


def _excepted(peer: Part) -> bool:
    return any(map(_holds_metadata, peer.texts("ipBlock.except")))


def _public(view: View) -> bool:
    if view.text("spec.type") != "LoadBalancer":
        return False
    told = Part(view, "metadata").known("annotations")
    if any(told.get(name, "").lower() in values for name, values in _INTERNAL.items()):
        return False
    return view.text("spec.loadBalancerClass") != _AWS_CLASS or told.get(_AWS_SCHEME) == "internet-facing"
