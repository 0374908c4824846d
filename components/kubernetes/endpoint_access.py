"""Who reaches an endpoint: its gateway alone, with the tokens and the rate that the plan says."""

import re
from collections.abc import Sequence
from typing import Any

from pulumi import Resource
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components.kubernetes.endpoint_metrics import metrics_port
from components.kubernetes.endpoint_spec import ENDPOINT_LABEL, EndpointSpec
from components.kubernetes.gateway import GROUP
from components.kubernetes.namespace import NAME_LABEL
from plan.model import OidcPlan

_ENVOY_API = "gateway.envoyproxy.io/v1alpha1"
_ENVOY_ADD_ON = "envoy-gateway"
# Envoy Gateway marks the pods of its proxies so (Envoy Gateway, "Customize EnvoyProxy").
_PROXIES = {"app.kubernetes.io/managed-by": "envoy-gateway", "app.kubernetes.io/component": "proxy"}
_RETRIES = 2
# Where issuers publish the keys of their tokens, as their own discovery documents say; the rest is what most others do.
_KEYS = (
    (re.compile(r"^https://accounts\.google\.com/?$"), "https://www.googleapis.com/oauth2/v3/certs"),
    (re.compile(r"^(https://login\.microsoftonline\.com/[^/]+)/v2\.0/?$"), r"\1/discovery/v2.0/keys"),
    (re.compile(r"^(https://[^/]+\.okta\.com/oauth2/[^/]+)/?$"), r"\1/v1/keys"),
    (re.compile(r"^(https://.+/realms/[^/]+)/?$"), r"\1/protocol/openid-connect/certs"),
    (re.compile(r"^(https://.*[^/])/?$"), r"\1/.well-known/jwks.json"),
)


def callers(spec: EndpointSpec) -> NetworkPolicy | None:
    """Lets the gateway and Prometheus reach the endpoint's pods, each at its port; its team's own rules let in whom the team names.

    None where neither is there: the namespace is closed already.
    """
    rules = [*_gateway(spec), *_prometheus(spec)]
    if not rules:
        return None
    return NetworkPolicy(
        f"{spec.name}-callers",
        metadata=spec.metadata(spec.name),
        spec=NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(match_labels={ENDPOINT_LABEL: spec.name}), policy_types=["Ingress"], ingress=rules
        ),
        opts=spec.opts,
    )


def guard(spec: EndpointSpec) -> list[Resource]:
    """What Envoy Gateway does with the endpoint's requests before they reach it; made before the route, which would be open until then."""
    return [_traffic(spec), *([_tokens(spec, spec.plan.access.oidc)] if spec.plan.access.oidc else [])] if spec.envoy else []


def _gateway(spec: EndpointSpec) -> list[NetworkPolicyIngressRuleArgs]:
    if spec.on.gateway is None:
        return []
    ports = sorted({variant.model.port for variant in spec.plan.variants})
    return [NetworkPolicyIngressRuleArgs(from_=_proxies(spec), ports=_ports(ports))]


def _proxies(spec: EndpointSpec) -> list[NetworkPolicyPeerArgs]:
    if not spec.envoy:
        return [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in spec.on.inside.gateway_ranges]
    namespace = next(add_on.namespace for add_on in spec.on.inside.add_ons if add_on.name == _ENVOY_ADD_ON)
    return [
        NetworkPolicyPeerArgs(
            namespace_selector=LabelSelectorArgs(match_labels={NAME_LABEL: namespace}),
            pod_selector=LabelSelectorArgs(match_labels=_PROXIES),
        )
    ]


def _prometheus(spec: EndpointSpec) -> list[NetworkPolicyIngressRuleArgs]:
    found = {metrics_port(variant.model) for variant in spec.plan.variants} - {None}
    prometheus = spec.on.inside.prometheus
    if prometheus is None or not found:
        return []
    peer = NetworkPolicyPeerArgs(namespace_selector=LabelSelectorArgs(match_labels={NAME_LABEL: prometheus.namespace}))
    return [NetworkPolicyIngressRuleArgs(from_=[peer], ports=_ports(sorted(port for port in found if port)))]


def _ports(numbers: Sequence[int]) -> list[NetworkPolicyPortArgs]:
    return [NetworkPolicyPortArgs(protocol="TCP", port=number) for number in numbers]


def _traffic(spec: EndpointSpec) -> CustomResource:
    """A request that no pod has begun is tried elsewhere; each proxy lets in so many a second. Source: Envoy Gateway API reference."""
    rate = spec.plan.access.rate_limit_per_second
    limit = {"type": "Local", "local": {"rules": [{"limit": {"requests": rate, "unit": "Second"}}]}}
    return _policy(
        spec,
        "BackendTrafficPolicy",
        "traffic",
        {
            "retry": {"numRetries": _RETRIES, "retryOn": {"triggers": ["connect-failure", "refused-stream"]}},
            **({"rateLimit": limit} if rate else {}),
        },
    )


def _tokens(spec: EndpointSpec, oidc: OidcPlan) -> CustomResource:
    """Only requests with a token of this issuer, for one of these audiences, get through."""
    provider = {
        "name": "oidc",
        "issuer": oidc.issuer,
        "audiences": list(oidc.audiences),
        "remoteJWKS": {"uri": keys_address(oidc.issuer)},
    }
    return _policy(spec, "SecurityPolicy", "tokens", {"jwt": {"providers": [provider]}})


def keys_address(issuer: str) -> str:
    """Where an issuer publishes its keys, by what is known of it."""
    return next(pattern.sub(keys, issuer) for pattern, keys in _KEYS if pattern.match(issuer))


def _policy(spec: EndpointSpec, kind: str, role: str, settings: dict[str, Any]) -> CustomResource:
    return CustomResource(
        f"{spec.name}-{role}",
        api_version=_ENVOY_API,
        kind=kind,
        metadata=spec.metadata(spec.name),
        spec={"targetRefs": [{"group": GROUP, "kind": "HTTPRoute", "name": spec.name}], **settings},
        opts=spec.opts,
    )
