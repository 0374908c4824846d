"""A SageMaker endpoint: model versions behind one name, with what watches and scales them."""

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components.aws.endpoint_access import caller_policy, let_members_call
from components.aws.endpoint_alarms import build_alarms
from components.aws.endpoint_configuration import configuration
from components.aws.endpoint_deployment import deployment
from components.aws.endpoint_model import model, security_group
from components.aws.endpoint_scaling import scale, scaled_machines
from components.aws.endpoint_spec import EndpointInputs, EndpointSpec
from components.contract import EndpointOutputs, endpoint_outputs, endpoint_usage
from plan.model import EndpointPlan


class Endpoint(ComponentResource):
    """One endpoint of the environment on SageMaker.

    Owns its model versions with their roles, its configuration, its alarms, the endpoint, its variants' scaling, and the policy of those
    who may call it. caller_policy: that policy's ARN, for callers that are not the plan's.
    """

    outputs: EndpointOutputs
    caller_policy: Output[str]

    def __init__(self, name: str, plan: EndpointPlan, *, on: EndpointInputs, opts: ResourceOptions | None = None) -> None:
        """Build the endpoint that the plan describes on what is there."""
        super().__init__("drydock:aws:Endpoint", name, {"usage": endpoint_usage(plan)}, opts)
        spec = EndpointSpec(name=name, plan=plan, on=on, opts=ResourceOptions(parent=self))
        alarms = build_alarms(spec)
        endpoint = _endpoint(spec, alarms)
        callers = caller_policy(spec, endpoint)
        let_members_call(spec, callers)
        self.caller_policy = callers.arn
        self.outputs = endpoint_outputs(
            plan, url=_url(spec, endpoint), name=endpoint.name, alarms={kind: alarm.arn for kind, alarm in alarms.items()}
        )
        self.register_outputs({**self.outputs})


def _endpoint(spec: EndpointSpec, alarms: dict[str, aws.cloudwatch.MetricAlarm]) -> aws.sagemaker.Endpoint:
    group = security_group(spec)
    models = {variant.name: model(spec, variant, group) for variant in spec.plan.variants}
    configured = configuration(spec, models)
    machines = scaled_machines(spec, configured)
    rolling_back = [alarms[alarm.kind] for alarm in spec.plan.alarms if alarm.rollback]
    endpoint = aws.sagemaker.Endpoint(
        f"{spec.name}-endpoint",
        name=spec.endpoint_name,
        endpoint_config_name=configured.name,
        deployment_config=deployment(spec, rolling_back),
        region=spec.on.place.region,
        tags=spec.tags("endpoint"),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[machines])),
    )
    scale(spec, endpoint, machines)
    return endpoint


def _url(spec: EndpointSpec, endpoint: aws.sagemaker.Endpoint) -> Output[str]:
    """Where requests are signed for and sent. Source: Amazon SageMaker Runtime API, InvokeEndpoint and InvokeEndpointAsync."""
    place, call = spec.on.place, "async-invocations" if spec.plan.asynchronous else "invocations"
    return Output.concat("https://runtime.sagemaker.", place.region, ".", place.domain, "/endpoints/", endpoint.name, "/", call)
