"""The load balancer of an endpoint on Cloud Run, which splits requests over the services of its versions."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions

from components.contract import NetworkOutputs
from components.gcp.run_spec import RunSpec
from plan.model import VariantPlan

compute = gcp.compute

_HTTPS = "443"
_OF_COMPUTE_ENGINE = "/sslCertificates/"
_CERTIFICATE_MANAGER = "//certificatemanager.googleapis.com/"
_TTL_SECONDS = 300
# Weights are whole numbers up to 1000, so that tenths of a percent can be told. Source: Compute Engine API, urlMaps.
_WEIGHT_OF_A_PERCENT = 10
_PRIVATE, _PUBLIC = "INTERNAL_MANAGED", "EXTERNAL_MANAGED"
_FIRST_PRIORITY, _LAST_PRIORITY = 1000, 2_147_483_647
_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Share:
    """A variant and the service that runs it."""

    variant: VariantPlan
    service: gcp.cloudrunv2.Service

    @property
    def weight(self) -> int:
        """Its weight among the endpoint's versions."""
        return round(self.variant.weight_percent * _WEIGHT_OF_A_PERCENT)


def balance(spec: RunSpec, shares: Sequence[Share]) -> None:
    """Let requests to the endpoint's host in, at an address in the network or, if it is public, on the internet.

    A service takes requests only once it is ready, and goes only when the balancer has left it.
    """
    if spec.plan.access.public:
        _public(spec, shares)
    elif spec.on.network:
        _private(spec, shares, spec.on.network)


def _private(spec: RunSpec, shares: Sequence[Share], network: NetworkOutputs) -> None:
    region = spec.on.region
    backends = [
        compute.RegionBackendService(
            f"{share.variant.name}-backend",
            region=region,
            protocol="HTTPS",
            load_balancing_scheme=_PRIVATE,
            backends=[compute.RegionBackendServiceBackendArgs(group=_group(spec, share).id, capacity_scaler=1)],
            opts=spec.opts,
        )
        for share in shares
    ]
    url_map = compute.RegionUrlMap(
        f"{spec.name}-split",
        region=region,
        default_route_action=compute.RegionUrlMapDefaultRouteActionArgs(
            weighted_backend_services=[
                compute.RegionUrlMapDefaultRouteActionWeightedBackendServiceArgs(backend_service=backend.id, weight=share.weight)
                for share, backend in zip(shares, backends, strict=True)
            ]
        ),
        opts=spec.opts,
    )
    certificate = spec.plan.access.certificate or ""
    of_compute_engine = _OF_COMPUTE_ENGINE in certificate
    proxy = compute.RegionTargetHttpsProxy(
        f"{spec.name}-tls",
        region=region,
        url_map=url_map.id,
        ssl_certificates=[certificate] if of_compute_engine else None,
        certificate_manager_certificates=None if of_compute_engine else [certificate],
        opts=spec.opts,
    )
    subnetwork = network["privateSubnets"].apply(lambda subnets: subnets[0])
    address = compute.Address(
        f"{spec.name}-address",
        region=region,
        address_type="INTERNAL",
        # Rules of several ports may stand on it, and a new rule beside the one that it replaces.
        purpose="SHARED_LOADBALANCER_VIP",
        subnetwork=subnetwork,
        labels=dict(spec.plan.labels),
        opts=spec.opts,
    )
    compute.ForwardingRule(
        f"{spec.name}-rule",
        region=region,
        load_balancing_scheme=_PRIVATE,
        network=network["id"],
        subnetwork=subnetwork,
        ip_address=address.address,
        ip_protocol="TCP",
        port_range=_HTTPS,
        target=proxy.id,
        labels=dict(spec.plan.labels),
        # Two rules cannot stand on the same port of an address.
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(delete_before_replace=True)),
    )
    _name_in_network(spec, network, address.address)


def _name_in_network(spec: RunSpec, network: NetworkOutputs, address: Output[str]) -> None:
    """The host, by a zone that the network alone sees."""
    host = f"{spec.plan.access.host}."
    zone = gcp.dns.ManagedZone(
        f"{spec.name}-host",
        dns_name=host,
        description=f"The endpoint {spec.name} by its private address",
        visibility="private",
        private_visibility_config=gcp.dns.ManagedZonePrivateVisibilityConfigArgs(
            networks=[gcp.dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network["id"])]
        ),
        labels=dict(spec.plan.labels),
        opts=spec.opts,
    )
    gcp.dns.RecordSet(
        f"{spec.name}-host-address",
        managed_zone=zone.name,
        name=host,
        type="A",
        ttl=_TTL_SECONDS,
        rrdatas=[address],
        opts=spec.opts,
    )


def _public(spec: RunSpec, shares: Sequence[Share]) -> None:
    guard = _guard(spec)
    backends = [
        compute.BackendService(
            f"{share.variant.name}-backend",
            protocol="HTTPS",
            load_balancing_scheme=_PUBLIC,
            security_policy=guard,
            backends=[compute.BackendServiceBackendArgs(group=_group(spec, share).id, capacity_scaler=1)],
            opts=spec.opts,
        )
        for share in shares
    ]
    url_map = compute.URLMap(
        f"{spec.name}-split",
        default_route_action=compute.URLMapDefaultRouteActionArgs(
            weighted_backend_services=[
                compute.URLMapDefaultRouteActionWeightedBackendServiceArgs(backend_service=backend.id, weight=share.weight)
                for share, backend in zip(shares, backends, strict=True)
            ]
        ),
        opts=spec.opts,
    )
    certificate = spec.plan.access.certificate or ""
    of_compute_engine = _OF_COMPUTE_ENGINE in certificate
    proxy = compute.TargetHttpsProxy(
        f"{spec.name}-tls",
        url_map=url_map.id,
        ssl_certificates=[certificate] if of_compute_engine else None,
        # Google's global front ends take no certificate of Certificate Manager by itself, only a map of some.
        # Source: Google Cloud, "Certificate Manager overview", supported load balancers.
        certificate_map=None if of_compute_engine else f"{_CERTIFICATE_MANAGER}{certificate.removeprefix(_CERTIFICATE_MANAGER)}",
        opts=spec.opts,
    )
    address = compute.GlobalAddress(f"{spec.name}-address", labels=dict(spec.plan.labels), opts=spec.opts)
    compute.GlobalForwardingRule(
        f"{spec.name}-rule",
        load_balancing_scheme=_PUBLIC,
        ip_address=address.address,
        ip_protocol="TCP",
        port_range=_HTTPS,
        target=proxy.id,
        labels=dict(spec.plan.labels),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(delete_before_replace=True)),
    )


def _guard(spec: RunSpec) -> Output[str] | str | None:
    """The Cloud Armor policy that is there already, or one that refuses a caller who asks too often."""
    access = spec.plan.access
    if access.web_application_firewall or access.rate_limit_per_second is None:
        return access.web_application_firewall
    rule = compute.SecurityPolicyRuleArgs
    rates = compute.SecurityPolicyRuleRateLimitOptionsArgs(
        conform_action="allow",
        exceed_action="deny(429)",
        enforce_on_key="ALL",
        rate_limit_threshold=compute.SecurityPolicyRuleRateLimitOptionsRateLimitThresholdArgs(
            count=access.rate_limit_per_second * _SECONDS, interval_sec=_SECONDS
        ),
    )
    anybody = compute.SecurityPolicyRuleMatchArgs(
        versioned_expr="SRC_IPS_V1", config=compute.SecurityPolicyRuleMatchConfigArgs(src_ip_ranges=["*"])
    )
    policy = compute.SecurityPolicy(
        f"{spec.name}-guard",
        type="CLOUD_ARMOR",
        rules=[
            rule(action="throttle", priority=_FIRST_PRIORITY, match=anybody, rate_limit_options=rates),
            # Every policy has it, or Google makes it.
            rule(action="allow", priority=_LAST_PRIORITY, match=anybody),
        ],
        opts=spec.opts,
    )
    return policy.self_link


def _group(spec: RunSpec, share: Share) -> gcp.compute.RegionNetworkEndpointGroup:
    return compute.RegionNetworkEndpointGroup(
        f"{share.variant.name}-group",
        region=spec.on.region,
        network_endpoint_type="SERVERLESS",
        cloud_run=compute.RegionNetworkEndpointGroupCloudRunArgs(service=share.service.name),
        opts=spec.opts,
    )
