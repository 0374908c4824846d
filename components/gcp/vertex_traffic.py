"""How an endpoint of Vertex AI splits its traffic: set once the deployments are there, and before any of them goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from pulumi import Input, Output, ResourceOptions
from pulumi import Resource as PulumiResource
from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

from components.gcp.vertex_client import VertexClient, changed

_WHOLE: Final = 100


class TrafficProvider(ResourceProvider):
    """Sets and reads the split of one endpoint's traffic; deleted, it leaves an endpoint that takes none, so that all may be undeployed."""

    # Nothing of it is secret, and a state that shows it shows that.
    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse a split that the API refuses once everything is deployed.

        Source: Vertex AI API v1, Endpoint.trafficSplit: whole percents that add up to 100.
        """
        split = news["trafficSplit"]
        shares: list[Any] = [*cast(dict[str, Any], split).values()] if isinstance(split, dict) else [None]
        # What a preview does not know yet is no number.
        if any(not isinstance(share, int | float) for share in shares):
            return CheckResult(news, [])
        if any(share != int(share) for share in shares) or sum(shares) != _WHOLE:
            told = " + ".join(f"{share:g}" for share in shares)
            return CheckResult(news, [CheckFailure("trafficSplit", f"{told}: needs whole percents that add up to 100")])
        return CheckResult(news, [])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Set the split; the same again changes nothing. Raises VertexError where Google refuses."""
        return CreateResult(f"{props['endpoint']}/trafficSplit", {**props, "address": _set(props, props["trafficSplit"])})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Set another split, in one step. Raises VertexError where Google refuses."""
        return UpdateResult({**_news, "address": _set(_news, _news["trafficSplit"])})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The split as it is now; nothing where the endpoint is gone. Raises VertexError where Google does not answer."""
        client = VertexClient(props["region"])
        found = client.find(client.endpoints.get(name=props["endpoint"]))
        if found is None:
            return ReadResult("", {})
        return ReadResult(id_, {**props, "trafficSplit": found.get("trafficSplit", {})})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Take the traffic from every deployment; an endpoint that is gone is no error. Raises VertexError where Google refuses."""
        client = VertexClient(_props["region"])
        client.find(client.endpoints.patch(name=_props["endpoint"], updateMask="trafficSplit", body={"trafficSplit": {}}))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """What changed: another endpoint has a split of its own, which is set before this one goes."""
        replaces = changed(_olds, _news, ("region", "endpoint"))
        changes = bool(replaces or changed(_olds, _news, ("trafficSplit",)))
        return DiffResult(changes=changes, replaces=replaces, delete_before_replace=False)


class Traffic(Resource, module="vertex", name="Traffic"):
    """The split of one endpoint's traffic over its deployments. address: the private one, which Google gives with the first deployment."""

    address: Output[str]

    def __init__(
        self,
        name: str,
        *,
        region: str,
        endpoint: Input[str],
        shares: Sequence[tuple[Output[str], float]],
        depends_on: Sequence[PulumiResource],
        opts: ResourceOptions,
    ) -> None:
        """Declare the split. shares: deployed models' ids and the percent of each; depends_on: the deployments."""
        split = Output.all(*(Output.all(identifier, share) for identifier, share in shares)).apply(dict)
        properties = {"region": region, "endpoint": endpoint, "trafficSplit": split, "address": None}
        super().__init__(TrafficProvider(), name, properties, ResourceOptions.merge(opts, ResourceOptions(depends_on=list(depends_on))))


def _set(props: dict[str, Any], split: Mapping[str, Any]) -> str:
    client = VertexClient(props["region"])
    body = {"trafficSplit": {identifier: int(share) for identifier, share in split.items() if share}}
    endpoint = client.ask(client.endpoints.patch(name=props["endpoint"], updateMask="trafficSplit", body=body))
    made = endpoint.get("privateServiceConnectConfig", {}).get("pscAutomationConfigs", [])
    return next((each["ipAddress"] for each in made if each.get("ipAddress")), "")
