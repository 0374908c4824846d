"""A SageMaker endpoint: model versions behind one name, with what watches and scales them."""

from collections.abc import Sequence

import pulumi_aws as aws
from pulumi import ComponentResource, Output, Resource, ResourceOptions, RunError

from components.aws.endpoint_access import caller_policy, let_members_call
from components.aws.endpoint_alarms import build_alarms, build_canary_alarms
from components.aws.endpoint_configuration import configuration
from components.aws.endpoint_deployment import deployment
from components.aws.endpoint_model import model, security_group
from components.aws.endpoint_rollout import roll_out
from components.aws.endpoint_scaling import scale, scaled_machines
from components.aws.endpoint_spec import EndpointInputs, EndpointSpec
from components.contract import EndpointOutputs, endpoint_outputs, endpoint_usage
from plan.model import EndpointPlan


class Endpoint(ComponentResource):
    """One endpoint of the environment on SageMaker.

    Owns its model versions with their roles, its configuration, its alarms, what takes its canary through its shares, the endpoint, its
    variants' scaling, and the policy of those who may call it. caller_policy: that policy's ARN, for callers that are not the plan's.
    """

    outputs: EndpointOutputs
    caller_policy: Output[str]

    def __init__(self, name: str, plan: EndpointPlan, *, on: EndpointInputs, opts: ResourceOptions | None = None) -> None:
        """Build the endpoint that the plan describes on what is there."""
        super().__init__("drydock:aws:Endpoint", name, {"usage": endpoint_usage(plan)}, opts)
        spec = EndpointSpec(name=name, plan=plan, on=on, opts=ResourceOptions(parent=self))
        rollout = plan.rollout.canary
        alarms = build_alarms(spec)
        canary = build_canary_alarms(spec, rollout) if rollout else {}
        group = security_group(spec)
        configured = configuration(spec, {variant.name: model(spec, variant, group) for variant in plan.variants})
        endpoint = _endpoint(spec, configured, alarms, roll_out(spec, rollout, canary) if rollout else [])
        callers = caller_policy(spec, endpoint)
        let_members_call(spec, callers)
        self.caller_policy = callers.arn
        self.outputs = endpoint_outputs(
            plan,
            url=_url(spec, endpoint),
            name=_name(spec, endpoint, configured),
            alarms={kind: alarm.arn for kind, alarm in {**alarms, **_of_canary(canary)}.items()},
        )
        self.register_outputs({**self.outputs})


def _of_canary(alarms: dict[str, aws.cloudwatch.MetricAlarm]) -> dict[str, aws.cloudwatch.MetricAlarm]:
    return {f"canary{kind[0].upper()}{kind[1:]}": alarm for kind, alarm in alarms.items()}


def _endpoint(
    spec: EndpointSpec,
    configured: aws.sagemaker.EndpointConfiguration,
    alarms: dict[str, aws.cloudwatch.MetricAlarm],
    before: Sequence[Resource],
) -> aws.sagemaker.Endpoint:
    machines = scaled_machines(spec, configured)
    rolling_back = [alarms[alarm.kind] for alarm in spec.plan.alarms if alarm.rollback]
    endpoint = aws.sagemaker.Endpoint(
        f"{spec.name}-endpoint",
        name=spec.endpoint_name,
        endpoint_config_name=configured.name,
        deployment_config=deployment(spec, rolling_back),
        region=spec.on.place.region,
        tags=spec.tags("endpoint"),
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[machines, *before])),
    )
    scale(spec, endpoint, machines)
    return endpoint


def _name(spec: EndpointSpec, endpoint: aws.sagemaker.Endpoint, configured: aws.sagemaker.EndpointConfiguration) -> Output[str]:
    """The endpoint's name, once it has the new configuration.

    An update that an alarm rolled back ends in service, which the provider takes for success; the program then has to fail, or the engine
    would delete the old configuration, which is in use. Source: terraform-provider-aws, aws_sagemaker_endpoint: the wait after an update.
    """

    def checked(name: str, used: str, wanted: str) -> str:
        if used != wanted:
            told = f"SageMaker went back to the configuration {used} when an alarm went off, and the old version serves"
            raise RunError(f"endpoints.{spec.name}: {told}; look at the endpoint's alarms, then mend the new version or revert the change")
        return name

    return Output.all(endpoint.name, endpoint.endpoint_config_name, configured.name).apply(lambda found: checked(*found))


def _url(spec: EndpointSpec, endpoint: aws.sagemaker.Endpoint) -> Output[str]:
    """Where requests are signed for and sent. Source: Amazon SageMaker Runtime API, InvokeEndpoint and InvokeEndpointAsync."""
    place, call = spec.on.place, "async-invocations" if spec.plan.asynchronous else "invocations"
    return Output.concat("https://runtime.sagemaker.", place.region, ".", place.domain, "/endpoints/", endpoint.name, "/", call)
