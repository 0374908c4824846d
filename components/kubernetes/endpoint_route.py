"""How requests get to the versions of an endpoint: a Service of each, and one route with their weights and the shadow's copies."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import Output, Resource
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Service, ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components.kubernetes.endpoint_spec import PORT_NAME, SERVICE_PORT, VARIANT_LABEL, EndpointSpec
from components.kubernetes.gateway import API, Gateway
from plan.model import VariantPlan

_GKE_API = "networking.gke.io/v1"
_CONNECTIONS_END_SECONDS = 60


def variant_service(spec: EndpointSpec, variant: VariantPlan) -> Service:
    """The address of one model version, which the route names."""
    return Service(f"{variant.name}-service", metadata=_at_once(spec.of(variant)), spec=_to(variant), opts=spec.opts)


def stable_service(spec: EndpointSpec, ready: Resource) -> Service:
    """The endpoint's address where no gateway stands before it: it leads to the stable version, once that is ready."""
    metadata = _at_once(spec.metadata(spec.name))
    return Service(f"{spec.name}-service", metadata=metadata, spec=_to(spec.plan.stable), opts=spec.after(ready))


def route(spec: EndpointSpec, gateway: Gateway, services: Mapping[str, Service], ready: Sequence[Resource]) -> CustomResource:
    """The endpoint's route. It waits for every version that it names, so that none has traffic before it answers.

    A version that it names no more is taken away after it: the engine deletes what is left over at the end.
    """
    host = spec.plan.access.host
    return CustomResource(
        f"{spec.name}-route",
        api_version=API,
        kind="HTTPRoute",
        metadata=spec.metadata(spec.name),
        spec={
            "parentRefs": [gateway.parent(host)],
            **({"hostnames": [host]} if host else {}),
            "rules": [_rule(spec, services)],
        },
        opts=spec.after(gateway.resource, *services.values(), *ready),
    )


def tell_google(spec: EndpointSpec, variant: VariantPlan, service: Service) -> list[Resource]:
    """What Google's load balancer must know of a version: how long a request may take, and which path says that it is well.

    Source: Google Cloud, "Configure Gateway resources using Policies".
    """
    target = {"group": "", "kind": "Service", "name": _name(service)}
    settings = {
        "timeoutSec": spec.plan.timeout_seconds,
        "connectionDraining": {"drainingTimeoutSec": max(_CONNECTIONS_END_SECONDS, spec.plan.timeout_seconds)},
    }
    check = {"type": "HTTP", "httpHealthCheck": {"port": variant.model.port, "requestPath": variant.model.health_path}}
    policies = {"GCPBackendPolicy": ("backend-policy", settings), "HealthCheckPolicy": ("health-check", {"config": check})}
    return [
        CustomResource(
            f"{variant.name}-{role}",
            api_version=_GKE_API,
            kind=kind,
            metadata=spec.of(variant),
            spec={"default": default, "targetRef": target},
            opts=spec.opts,
        )
        for kind, (role, default) in policies.items()
    ]


def url(spec: EndpointSpec, gateway: Gateway | None, service: Service) -> Output[str]:
    """Where the endpoint answers: under its host, under its name at the gateway's address, or at its Service."""
    host, path = spec.plan.access.host, spec.plan.stable.model.predict_path
    if gateway is None:
        return Output.concat("http://", _name(service), ".", spec.plan.namespace, ".svc", path)
    if host:
        return Output.from_input(f"https://{host}{path}")
    return Output.concat("http://", gateway.address, f"/{spec.name}{path}")


def _at_once(metadata: ObjectMetaArgs) -> ObjectMetaArgs:
    # The engine would wait ten minutes for pods behind it, which may take longer and be none at night; their Deployment is waited for.
    metadata.annotations = {"pulumi.com/skipAwait": "true"}
    return metadata


def _to(variant: VariantPlan) -> ServiceSpecArgs:
    port = ServicePortArgs(name=PORT_NAME, port=SERVICE_PORT, target_port=PORT_NAME)
    return ServiceSpecArgs(type="ClusterIP", selector={VARIANT_LABEL: variant.name}, ports=[port])


def _rule(spec: EndpointSpec, services: Mapping[str, Service]) -> dict[str, Any]:
    # Endpoints without a host of their own share the gateway's, and each has the path of its name there.
    path = "/" if spec.plan.access.host else f"/{spec.name}"
    rewrite = {"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}}
    copies = [_mirror(variant, services[variant.name]) for variant in spec.plan.variants if variant.role == "shadow"]
    filters = [*([] if spec.plan.access.host else [rewrite]), *copies]
    return {
        "matches": [{"path": {"type": "PathPrefix", "value": path}}],
        **({"filters": filters} if filters else {}),
        "backendRefs": [
            {**_backend(services[variant.name]), "weight": round(variant.weight_percent)}
            for variant in spec.plan.variants
            if variant.role != "shadow"
        ],
        # Google's controller knows no time-outs of routes: there the backend's policy has them.
        **({"timeouts": {"request": f"{spec.plan.timeout_seconds}s"}} if spec.envoy else {}),
    }


def _mirror(variant: VariantPlan, service: Service) -> dict[str, Any]:
    # All requests is what a mirror copies by itself, and the one share that every controller knows.
    part = {} if variant.mirror_percent == 100 else {"percent": round(variant.mirror_percent)}
    return {"type": "RequestMirror", "requestMirror": {"backendRef": _backend(service), **part}}


def _backend(service: Service) -> dict[str, Any]:
    return {"kind": "Service", "name": _name(service), "port": SERVICE_PORT}


def _name(service: Service) -> Output[str]:
    return service.metadata.apply(lambda made: str(made.name))
