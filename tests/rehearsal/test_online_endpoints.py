"""Azure Machine Learning's endpoints in the rehearsal. Expected: Microsoft Learn, "Perform safe rollout of new deployments"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from tests.rehearsal.simulated import Client, Clouds, refusal, state

GROUP = "azure-native:resources:ResourceGroup"
ML = "azure-native:machinelearningservices:"
TEMPLATE = "azure-native:resources:Deployment"
WITHIN = {"resourceGroupName": "rg", "workspaceName": "work"}
PLACE = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/work"


def surroundings(azure: Client) -> None:
    azure.create(GROUP, "rg", {"resourceGroupName": "rg", "location": "westeurope"})
    azure.create(f"{ML}Workspace", "work", {**WITHIN, "location": "westeurope"})


@pytest.fixture
def endpoint(azure: Client) -> str:
    """An endpoint with the deployments `blue` and `green`."""
    surroundings(azure)
    azure.create(f"{ML}OnlineEndpoint", "fraud", asked({}))
    for name in ("blue", "green"):
        azure.create(f"{ML}OnlineDeployment", name, deployment(name))
    return f"{PLACE}/onlineEndpoints/fraud"


def asked(properties: dict[str, Any], name: str = "fraud", **more: Any) -> dict[str, Any]:
    return {**WITHIN, "endpointName": name, "location": "westeurope", "properties": {"authMode": "AADToken", **properties}, **more}


def deployment(name: str, **properties: Any) -> dict[str, Any]:
    given = {"endpointComputeType": "Managed", "instanceType": "Standard_F4s_v2", **properties}
    capacity = {"name": "Default", "capacity": 1}
    return {**WITHIN, "endpointName": "fraud", "deploymentName": name, "location": "westeurope", "sku": capacity, "properties": given}


def template(properties: dict[str, Any], name: str = "work/fraud") -> dict[str, Any]:
    resource = {
        "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        "apiVersion": "2025-12-01",
        "name": name,
        "location": "westeurope",
        "properties": {"authMode": "AADToken", **properties},
    }
    return {
        "resourceGroupName": "rg",
        "deploymentName": "traffic",
        "properties": {"mode": "Incremental", "template": {"resources": [resource]}},
    }


def properties_of(clouds: Clouds, identifier: str) -> dict[str, Any]:
    found = state(clouds).get(f"{ML}OnlineEndpoint", identifier)
    assert found is not None
    return dict(found.outputs["properties"])


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({"traffic": {"red": 100}}, "Deployment 'red' was not found; there are: blue, green"),
        ({"mirrorTraffic": {"red": 10}}, "Deployment 'red' was not found"),
        ({"traffic": {"blue": 60}}, "must be 0 or 100, but it is 60"),
        ({"traffic": {"blue": 110, "green": -10}}, "must be from 0 to 100, but it is 110"),
        ({"traffic": {"blue": 100}, "mirrorTraffic": {"green": 51}}, "at most 50 percent"),
        ({"traffic": {}, "mirrorTraffic": {"green": 10, "blue": 10}}, "only one deployment can be mirrored to, not blue, green"),
        ({"traffic": {"blue": 100}, "mirrorTraffic": {"blue": 10}}, "live or mirrored traffic, not both"),
    ],
)
def test_traffic_that_azure_does_not_take_is_refused_of_an_endpoint_and_of_a_template(
    azure: Client, clouds: Clouds, endpoint: str, properties: dict[str, Any], told: str
) -> None:
    error = refusal(lambda: azure.update(f"{ML}OnlineEndpoint", endpoint, asked({}), asked(properties)))
    assert told in error.details()
    error = refusal(lambda: azure.create(TEMPLATE, "traffic", template(properties)))
    assert (error.code(), told in error.details()) == (grpc.StatusCode.INVALID_ARGUMENT, True)
    assert "traffic" not in properties_of(clouds, endpoint)
    assert not [each for each in state(clouds).all() if each.type == TEMPLATE]


def test_traffic_cannot_be_set_before_there_are_deployments(azure: Client) -> None:
    surroundings(azure)
    error = refusal(lambda: azure.create(f"{ML}OnlineEndpoint", "fraud", asked({"traffic": {"blue": 100}})))
    assert "Deployment 'blue' was not found; there are: none" in error.details()


def test_a_template_sets_traffic_and_an_update_that_says_nothing_of_it_takes_it_away(azure: Client, clouds: Clouds, endpoint: str) -> None:
    shares = {"traffic": {"blue": 90, "green": 10}, "publicNetworkAccess": "Disabled"}
    identifier, _ = azure.create(TEMPLATE, "traffic", template(shares))
    set_by_template = properties_of(clouds, endpoint)
    assert {name: set_by_template[name] for name in shares} == shares
    assert set_by_template["scoringUri"] == "https://fraud.westeurope.inference.ml.azure.com/score"
    azure.update(TEMPLATE, identifier, template(shares), template({"traffic": {"green": 100}}))
    assert properties_of(clouds, endpoint)["traffic"] == {"green": 100}
    assert "publicNetworkAccess" not in properties_of(clouds, endpoint)
    azure.update(f"{ML}OnlineEndpoint", endpoint, asked({}), asked({}, tags={"team": "risk"}))
    assert "traffic" not in properties_of(clouds, endpoint)


def test_a_template_of_something_else_is_only_recorded(azure: Client, clouds: Clouds, endpoint: str) -> None:
    before = properties_of(clouds, endpoint)
    azure.create(TEMPLATE, "traffic", template({"traffic": {"blue": 100}}, name="[parameters('endpoint')]"))
    azure.delete(TEMPLATE, "traffic")
    assert properties_of(clouds, endpoint) == before


def test_a_deployment_with_live_traffic_is_not_deleted_but_by_its_endpoint(azure: Client, clouds: Clouds, endpoint: str) -> None:
    azure.create(TEMPLATE, "traffic", template({"traffic": {"blue": 100, "green": 0}}))
    error = refusal(lambda: azure.delete(f"{ML}OnlineDeployment", f"{endpoint}/deployments/blue"))
    assert (error.code(), "live traffic" in error.details()) == (grpc.StatusCode.FAILED_PRECONDITION, True)
    azure.delete(f"{ML}OnlineDeployment", f"{endpoint}/deployments/green")
    azure.delete(f"{ML}OnlineEndpoint", endpoint)
    assert not [each for each in state(clouds).all() if each.type == f"{ML}OnlineDeployment"]


def test_an_endpoints_name_is_its_regions_whoever_has_it(azure: Client, endpoint: str) -> None:
    azure.create(f"{ML}Workspace", "second", {"resourceGroupName": "rg", "workspaceName": "second", "location": "westeurope"})
    taken = {**asked({}), "workspaceName": "second"}
    error = refusal(lambda: azure.create(f"{ML}OnlineEndpoint", "again", taken))
    assert error.code() is grpc.StatusCode.ALREADY_EXISTS
    azure.create(f"{ML}OnlineEndpoint", "elsewhere", {**taken, "location": "northeurope"})


def test_a_deployments_machine_stays_what_it_is(azure: Client, endpoint: str) -> None:
    blue = f"{endpoint}/deployments/blue"
    larger = deployment("blue", instanceType="Standard_F8s_v2")
    error = refusal(lambda: azure.update(f"{ML}OnlineDeployment", blue, deployment("blue"), larger))
    assert "PropertyChangeNotAllowed: Changing property 'properties.instanceType'" in error.details()


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        # Of one machine of 4 vCPUs a fifth more is kept, which is a whole one.
        ({"machineQuotas": [{"quota": "Standard NCASv3_T4 Family", "limit": 7}]}, "Additional needed: 8"),
        ({"newAccount": True}, 'Code="OutOfQuota"'),
        ({"shortages": [{"machine": "Standard_NC*_T4_v3"}]}, 'Code="OutOfCapacity"'),
    ],
)
def test_a_deployment_needs_machines_and_a_fifth_more_for_upgrades(
    start: Callable[..., Clouds], scenario: dict[str, Any], told: str
) -> None:
    azure = start(**scenario).connect("azure-native")
    surroundings(azure)
    azure.create(f"{ML}OnlineEndpoint", "fraud", asked({}))
    error = refusal(lambda: azure.create(f"{ML}OnlineDeployment", "blue", deployment("blue", instanceType="Standard_NC4as_T4_v3")))
    assert told in error.details()


def test_of_the_largest_machines_none_is_kept_for_upgrades(start: Callable[..., Clouds]) -> None:
    azure = start(machineQuotas=[{"quota": "StandardNCADSA100v4Family", "limit": 24}]).connect("azure-native")
    surroundings(azure)
    azure.create(f"{ML}OnlineEndpoint", "fraud", asked({}))
    azure.create(f"{ML}OnlineDeployment", "blue", deployment("blue", instanceType="Standard_NC24ads_A100_v4"))
