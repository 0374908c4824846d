"""A model deployed to an endpoint of Vertex AI, which Pulumi's provider has no class for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pulumi import Input, Output, ResourceOptions
from pulumi import Resource as PulumiResource
from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

from components.gcp.vertex_client import Answer, VertexClient, changed

# Machines are found and the image is pulled before the container's own time begins.
MACHINES_SECONDS: Final = 1800
# Replicas drain before they go.
UNDEPLOY_SECONDS: Final = 1800
# Source: Vertex AI API v1, MutateDeployedModelRequest: the only fields that can be changed in place.
_FIXED: Final = ("region", "endpoint", "deployedModelId", "model", "displayName", "machineSpec", "serviceAccount")
_CHANGEABLE: Final = ("minReplicaCount", "maxReplicaCount", "autoscalingMetricSpecs")
_MASK: Final = ",".join(f"dedicatedResources.{field}" for field in ("min_replica_count", "max_replica_count", "autoscaling_metric_specs"))


class DeploymentProvider(ResourceProvider):
    """Deploys, scales, reads and undeploys one model on one endpoint, and never touches the endpoint's traffic.

    Its id is made from what it is, so that a deployment that was interrupted after Google had it is found and taken over.
    """

    # Nothing of it is secret, and a state that shows it shows that.
    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse what the API refuses after the machines have been looked for.

        Source: Vertex AI API v1, DedicatedResources.minReplicaCount.
        """
        fewest = news["minReplicaCount"]
        if isinstance(fewest, int | float) and fewest < 1:
            return CheckResult(news, [CheckFailure("minReplicaCount", f"{fewest:g}: Vertex AI keeps at least 1 replica; ask for more")])
        return CheckResult(news, [])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Deploy the model, or take over the deployment that has its id. Raises VertexError where Google refuses or the time is over."""
        client = VertexClient(props["region"])
        if find_deployed(client, props["endpoint"], props["deployedModelId"]) is None:
            self._deploy(client, props)
        return CreateResult(f"{props['endpoint']}/deployedModels/{props['deployedModelId']}", props)

    def _deploy(self, client: VertexClient, props: dict[str, Any]) -> None:
        # Without a split in it the call leaves the endpoint's traffic as it is.
        body = {"deployedModel": _deployed_model(props)}
        client.persist(
            lambda: client.endpoints.deployModel(endpoint=props["endpoint"], body=body),
            MACHINES_SECONDS + float(props["startSeconds"]),
            of=props["endpoint"],
            is_done=lambda: find_deployed(client, props["endpoint"], props["deployedModelId"]) is not None,
        )

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the bounds of replicas and what they follow, in place. Raises VertexError as `create` does."""
        client = VertexClient(_news["region"])
        if changed(_olds, _news, _CHANGEABLE):
            deployed = {"id": _news["deployedModelId"], "dedicatedResources": _resources(_news)}
            body = {"deployedModel": deployed, "updateMask": _MASK}
            client.persist(
                lambda: client.endpoints.mutateDeployedModel(endpoint=_news["endpoint"], body=body),
                MACHINES_SECONDS,
                of=_news["endpoint"],
                is_done=lambda: False,
            )
        return UpdateResult(_news)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The deployment as Google has it now; nothing where it is gone. Raises VertexError where Google does not answer."""
        found = find_deployed(VertexClient(props["region"]), props["endpoint"], props["deployedModelId"])
        if found is None:
            return ReadResult("", {})
        resources = found.get("dedicatedResources", {})
        return ReadResult(id_, {**props, **{key: resources.get(key) for key in _CHANGEABLE}})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Undeploy the model; what is gone is no error. Raises VertexError while any traffic goes to it."""
        client = VertexClient(_props["region"])
        endpoint, identifier = _props["endpoint"], _props["deployedModelId"]
        if find_deployed(client, endpoint, identifier) is None:
            return
        body = {"deployedModelId": identifier}
        client.persist(
            lambda: client.endpoints.undeployModel(endpoint=endpoint, body=body),
            UNDEPLOY_SECONDS,
            of=endpoint,
            is_done=lambda: find_deployed(client, endpoint, identifier) is None,
        )

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """What changed: another machine or model is another deployment, which is there before this one goes."""
        replaces = changed(_olds, _news, _FIXED)
        changes = bool(replaces or changed(_olds, _news, (*_CHANGEABLE, "startSeconds")))
        return DiffResult(changes=changes, replaces=replaces, delete_before_replace=False)


class DeployedModel(Resource, module="vertex", name="DeployedModel"):
    """One model on one endpoint, on machines of its own. deployed_model_id: what traffic is sent to, known before it is deployed."""

    deployed_model_id: Output[str]

    def __init__(
        self,
        name: str,
        *,
        region: str,
        endpoint: Input[str],
        deployed_model_id: Input[str],
        model: Input[str],
        machine_spec: Mapping[str, Any],
        replicas: tuple[int, int],
        metrics: Sequence[Mapping[str, Any]],
        service_account: Input[str],
        start_seconds: int,
        depends_on: Sequence[PulumiResource],
        opts: ResourceOptions,
    ) -> None:
        """Declare the deployment. deployed_model_id: up to 10 digits; replicas: fewest and most; start_seconds: until one is ready."""
        properties = {
            "region": region,
            "endpoint": endpoint,
            "deployedModelId": deployed_model_id,
            "model": model,
            "displayName": name,
            "machineSpec": dict(machine_spec),
            "minReplicaCount": replicas[0],
            "maxReplicaCount": replicas[1],
            "autoscalingMetricSpecs": [dict(metric) for metric in metrics],
            "serviceAccount": service_account,
            "startSeconds": start_seconds,
        }
        super().__init__(DeploymentProvider(), name, properties, ResourceOptions.merge(opts, ResourceOptions(depends_on=list(depends_on))))
        self.deployed_model_id = Output.from_input(deployed_model_id)


def find_deployed(client: VertexClient, endpoint: str, identifier: str) -> Answer | None:
    """The deployment with this id on an endpoint; None where either is not there. Raises VertexError where Google does not answer."""
    found = client.find(client.endpoints.get(name=endpoint)) or {}
    return next((each for each in found.get("deployedModels", ()) if each["id"] == identifier), None)


def _deployed_model(props: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": props["deployedModelId"],
        "model": props["model"],
        "displayName": props["displayName"],
        "serviceAccount": props["serviceAccount"],
        "dedicatedResources": {"machineSpec": _machine(props["machineSpec"]), **_resources(props)},
    }


def _machine(spec: Mapping[str, Any]) -> dict[str, Any]:
    # The engine knows one kind of number, the API wants whole ones.
    return {key: int(value) if isinstance(value, float) else value for key, value in spec.items()}


def _resources(props: dict[str, Any]) -> dict[str, Any]:
    return {
        "minReplicaCount": int(props["minReplicaCount"]),
        "maxReplicaCount": int(props["maxReplicaCount"]),
        "autoscalingMetricSpecs": [{**each, "target": int(each["target"])} for each in props["autoscalingMetricSpecs"]],
    }
