"""An endpoint in a cluster: model versions as Deployments behind one route, on EKS, GKE, AKS or any other cluster alike."""

from pulumi import ComponentResource, Resource, ResourceOptions
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.core.v1 import Service

from components.contract import EndpointOutputs, endpoint_outputs, endpoint_usage
from components.kubernetes.endpoint_access import callers, guard
from components.kubernetes.endpoint_pod import account, deployment, disruption_budget
from components.kubernetes.endpoint_route import route, stable_service, tell_google, url, variant_service
from components.kubernetes.endpoint_scaling import scale
from components.kubernetes.endpoint_spec import EndpointInputs, EndpointSpec
from components.kubernetes.gateway import Gateway
from plan.model import EndpointPlan


class Endpoint(ComponentResource):
    """One endpoint of the environment on a node pool.

    Owns the service account of its pods; for each model version the Deployment with its Service, autoscaler and disruption budget; the
    route with its policies; and the rule of the network that lets the gateway in. Owns neither namespace nor Gateway.
    """

    outputs: EndpointOutputs

    def __init__(self, name: str, plan: EndpointPlan, *, on: EndpointInputs, opts: ResourceOptions | None = None) -> None:
        """Build the endpoint that the plan describes on what is there."""
        super().__init__("drydock:kubernetes:Endpoint", name, {"pool": plan.pool, "usage": endpoint_usage(plan)}, opts)
        spec = EndpointSpec(name=name, plan=plan, on=on, opts=ResourceOptions(parent=self))
        deployments = _deployments(spec)
        reached = [each for each in [callers(spec)] if each]
        if on.gateway:
            services = _routed(spec, on.gateway, [*deployments.values(), *reached])
            address = url(spec, on.gateway, services)
        else:
            address = url(spec, None, stable_service(spec, deployments[plan.stable.name]))
        self.outputs = endpoint_outputs(plan, url=address, name=f"{plan.namespace}/{name}", alarms={})
        self.register_outputs({**self.outputs})


def _deployments(spec: EndpointSpec) -> dict[str, Deployment]:
    """Each version's pods, with what keeps enough of them: those of another version are not touched."""
    one = account(spec)
    built: dict[str, Deployment] = {}
    for variant in spec.plan.variants:
        made = deployment(spec, variant, one)
        disruption_budget(spec, variant, made)
        scale(spec, variant, made)
        built[variant.name] = made
    return built


def _routed(spec: EndpointSpec, gateway: Gateway, ready: list[Resource]) -> Service:
    """The route with all that it names; gives the stable version's Service."""
    services = {variant.name: variant_service(spec, variant) for variant in spec.plan.variants}
    told = [] if spec.envoy else [each for variant in spec.plan.variants for each in tell_google(spec, variant, services[variant.name])]
    route(spec, gateway, services, [*ready, *told, *guard(spec)])
    return services[spec.plan.stable.name]
