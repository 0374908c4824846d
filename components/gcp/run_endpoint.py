"""An endpoint on Cloud Run: a service that replaces its revisions by itself, or one service for each version behind a load balancer."""

import pulumi_gcp as gcp
from pulumi import ComponentResource, ResourceOptions

from components.contract import EndpointOutputs, endpoint_outputs, endpoint_usage
from components.gcp.run_access import RunIdentity, admit_callers, run_identity
from components.gcp.run_alarms import Watched, run_alarms
from components.gcp.run_spec import LONGEST_SERVICE, RunInputs, RunSpec, fitting
from components.gcp.run_template import service_template
from plan.model import EndpointPlan, VariantPlan


class RunEndpoint(ComponentResource):
    """One endpoint of the environment on Cloud Run.

    Owns the service account of its containers with its right to read their models, its services with the right of members to call them,
    its alarms, and its load balancer where it has a host name of its own: the balancer splits requests over services, one for each model
    version. Without a host it is one service, whose newest revision takes over from the one before once it is ready.
    """

    outputs: EndpointOutputs

    def __init__(self, name: str, plan: EndpointPlan, *, on: RunInputs, opts: ResourceOptions | None = None) -> None:
        """Build the endpoint that the plan describes on what is there."""
        super().__init__("drydock:gcp:Endpoint", name, {"usage": endpoint_usage(plan)}, opts)
        spec = RunSpec(name=name, plan=plan, on=on, opts=ResourceOptions(parent=self))
        identity = run_identity(spec)
        if spec.balanced:
            # What load balancers are made of takes the better part of a second to load.
            from components.gcp.run_balancer import Share, balance

            services = {variant.name: _service(spec, variant.name, variant, identity) for variant in plan.variants}
            balance(spec, [Share(variant=variant, service=services[variant.name]) for variant in plan.variants])
        else:
            # One name for all versions, so that the address stays when a version is replaced.
            services = {plan.stable.name: _service(spec, name, plan.stable, identity)}
        watched = [Watched(variant=each, service=services[each.name].name) for each in plan.variants if each.name in services]
        stable = services[plan.stable.name]
        self.outputs = endpoint_outputs(
            plan, url=spec.host_url if spec.balanced else stable.uri, name=stable.name, alarms=run_alarms(spec, watched)
        )
        self.register_outputs({**self.outputs})


def _service(spec: RunSpec, name: str, variant: VariantPlan, identity: RunIdentity) -> gcp.cloudrunv2.Service:
    service = gcp.cloudrunv2.Service(
        fitting(f"{name}-run", LONGEST_SERVICE),
        location=spec.on.region,
        ingress=_ingress(spec),
        # Tokens are made for the address that callers know.
        custom_audiences=[spec.host_url] if spec.balanced else None,
        template=service_template(spec, variant, identity),
        traffics=[gcp.cloudrunv2.ServiceTrafficArgs(type="TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent=100)],
        # What the plan takes away goes; that nothing goes by mistake is the stack's protection.
        deletion_protection=False,
        labels=dict(spec.plan.labels),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=list(identity.grants))),
    )
    admit_callers(spec, name, service)
    return service


def _ingress(spec: RunSpec) -> str:
    """From where requests come in; an internal load balancer is of the network.

    Source: Google Cloud, "Restrict network endpoint ingress for Cloud Run services".
    """
    if not spec.plan.access.public:
        return "INGRESS_TRAFFIC_INTERNAL_ONLY"
    return "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" if spec.balanced else "INGRESS_TRAFFIC_ALL"
