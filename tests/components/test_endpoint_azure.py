"""Endpoints of Azure Machine Learning: each decision of the plan in its words.

Expected values: the REST references of Azure Machine Learning, Azure Monitor and Container Registry, and Microsoft Learn's pages on
online endpoints; figures by hand.
"""

import base64
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from pulumi import Output

from components.azure.container_registry import ContainerRegistry
from components.azure.endpoint import Endpoint
from components.azure.endpoint_home import EndpointHome, Store
from components.azure.endpoint_names import told_apart
from components.azure.network import PrivateAccess
from components.azure.serving import outside_hosts, used_buckets
from components.azure.windows_time_zones import windows_time_zone
from components.azure.workspace import Workspace
from plan.model import AccessPlan, AlarmPlan, ArtifactPlan, CapturePlan, ScalingPlan, ScheduledScalePlan
from tests.components.endpoint_plans import DIGEST, endpoint_plan, model_version_plan, registry_plan, variant_plan

ML = "azure-native:machinelearningservices:"
ENDPOINT, DEPLOYMENT = f"{ML}OnlineEndpoint", f"{ML}OnlineDeployment"
TRAFFIC = "azure-native:resources:Deployment"
AUTOSCALER = "azure-native:monitor:AutoscaleSetting"
ROLE = "azure-native:authorization:RoleAssignment"
GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop"
CONTAINER = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmemodels/blobServices/default/containers/models"
CAPTURES = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmecaptures/blobServices/default/containers/captures"
STORE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws/datastores"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/acme"
LOGS = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs"
# Source: Microsoft Learn, "Azure built-in roles".
READER, WRITER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
PULL, APPROVER = "7f951dda-4ed3-4680-a7ca-43fe172d538d", "b556d68e-0be0-4f35-a333-ad7ee1ce17ea"
SCALING = ScalingPlan(metric="requests", scale_out_seconds=90, scale_in_seconds=300, max_step_percent=50, scale_to_zero=False)


def home(**given: Any) -> EndpointHome:
    stores = {
        "models": Store(container_id=CONTAINER, datastore_id=f"{STORE}/models"),
        "captures": Store(container_id=CAPTURES, datastore_id=f"{STORE}/captures"),
    }
    plain = EndpointHome(
        location="westeurope",
        resource_group_name="shop",
        workspace_name=Output.from_input("ws"),
        logs_id=LOGS,
        stores=stores,
        registry_id=REGISTRY,
    )
    return replace(plain, **given)


@pytest.fixture
def built(registered):
    def run(plan=None, **given):
        plan = plan or endpoint_plan("azureMl")
        return registered(lambda: Endpoint(plan.name, plan, home=home(**given)))

    return run


def template(deployment):
    (only,) = deployment.one(TRAFFIC).inputs["properties"]["template"]["resources"]
    return only


def by_version(shares):
    return {name.rsplit("-", 1)[0]: share for name, share in shares.items()}


def roles(deployment):
    return {(grant.inputs["scope"], grant.inputs["roleDefinitionId"].rpartition("/")[2]) for grant in deployment.of_type(ROLE)}


def test_an_endpoint_is_private_and_asks_for_tokens_unless_the_plan_says_otherwise(built):
    for resource in (built().one(ENDPOINT).inputs["properties"], template(built())["properties"]):
        assert (resource["authMode"], resource["publicNetworkAccess"]) == ("AADToken", "Disabled")
    opened = built(endpoint_plan("azureMl", access=AccessPlan(public=True, authentication="keys")))
    assert opened.one(ENDPOINT).inputs["properties"] == {"authMode": "Key", "publicNetworkAccess": "Enabled"}


def test_traffic_is_given_in_a_second_step_once_every_deployment_is_there(built):
    deployment = built(endpoint_plan("azureMl", canary=("fraud-2", 10), shadow=("fraud-3", 20)))
    assert "traffic" not in deployment.one(ENDPOINT).inputs["properties"]
    assert {each.urn for each in deployment.of_type(DEPLOYMENT)} <= set(deployment.one(TRAFFIC).depends_on)
    assert deployment.one(TRAFFIC).inputs["properties"]["mode"] == "Incremental"
    properties = template(deployment)["properties"]
    assert by_version(properties["traffic"]) == {"fraud-1": 90, "fraud-2": 10}
    assert by_version(properties["mirrorTraffic"]) == {"fraud-3": 20}
    names = {each.inputs["deploymentName"] for each in deployment.of_type(DEPLOYMENT)}
    assert names == {*properties["traffic"], *properties["mirrorTraffic"]}


def test_what_changes_of_an_endpoint_changes_with_its_traffic_since_an_update_without_takes_it_away(built):
    deployment = built()
    made, put = deployment.one(ENDPOINT), template(deployment)
    assert set(made.ignored) == {"properties", "identity", "tags"}
    assert (put["type"], put["name"]) == ("Microsoft.MachineLearningServices/workspaces/onlineEndpoints", "ws/fraud-1a2b3c4")
    assert (put["location"], put["tags"]) == (made.inputs["location"], made.inputs["tags"])
    assert list(put["identity"]["userAssignedIdentities"]) == made.inputs["identity"]["userAssignedIdentities"]


def test_a_label_in_brackets_is_no_expression_of_the_template(built):
    assert template(built(endpoint_plan("azureMl", labels={"note": "[draft]"})))["tags"] == {"note": "[[draft]"}


def test_a_canary_keeps_its_deployment_when_it_is_promoted(built):
    canary = built(endpoint_plan("azureMl", canary=("fraud-2", 10)))
    promoted = built(endpoint_plan("azureMl", "fraud-2"))
    name = "fraud-fraud-2-deployment"
    assert canary.one(DEPLOYMENT, name).inputs == promoted.one(DEPLOYMENT, name).inputs


def test_a_deployment_goes_with_its_endpoint_and_is_scaled_by_nobody_else(built):
    deployment = built()
    found = deployment.one(DEPLOYMENT)
    assert found.deleted_with == deployment.one(ENDPOINT).urn
    assert found.ignored == ("sku.capacity",)
    assert found.inputs["sku"] == {"name": "Default", "capacity": 1}
    assert found.inputs["properties"]["scaleSettings"] == {"scaleType": "Default"}
    others = [each for each in deployment.resources if each.deleted_with and each.type != DEPLOYMENT]
    assert others == []


def test_another_machine_is_another_deployment_since_azure_changes_none(built):
    plan = endpoint_plan("azureMl")
    larger = replace(plan.stable.machine, instance_type="Standard_NC8as_T4_v3")
    moved = replace(plan, variants=(replace(plan.stable, machine=larger),))
    more = replace(plan, variants=(replace(plan.stable, max_replicas=9),))
    first, second, third = (built(each).one(DEPLOYMENT).inputs["deploymentName"] for each in (plan, moved, more))
    assert first == third
    assert first != second


@pytest.mark.parametrize("name", ["f", "7b", "fraud-detection-of-the-whole-company-2026", "Fraud_v1.2", "a-" * 20])
def test_names_are_ones_that_azure_takes(name):
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,30}[a-z0-9]", told_apart(name))
    assert "--" not in told_apart(name)


def test_endpoints_of_two_workspaces_have_different_names(built):
    names = {built(workspace_name=Output.from_input(workspace)).one(ENDPOINT).inputs["endpointName"] for workspace in ("ws", "other")}
    assert len(names) == 2


def test_probes_wait_as_long_as_the_model_loads(built):
    plan = endpoint_plan("azureMl")
    slow = replace(plan, variants=(replace(plan.stable, model=model_version_plan(load_seconds=645)),))
    properties = built(slow).one(DEPLOYMENT).inputs["properties"]
    assert properties["livenessProbe"]["initialDelay"] == "PT645S"
    readiness = properties["readinessProbe"]
    assert (readiness["period"], readiness["failureThreshold"]) == ("PT10S", 65)


def test_requests_end_and_queue_as_planned(built):
    settings = built(endpoint_plan("azureMl", timeout_seconds=45)).one(DEPLOYMENT).inputs["properties"]["requestSettings"]
    assert (settings["maxConcurrentRequestsPerInstance"], settings["requestTimeout"]) == (8, "PT45S")


def test_the_container_is_the_plans_image_and_finds_its_files_where_azure_puts_them(built):
    deployment = built()
    environment = deployment.one(f"{ML}EnvironmentVersion").inputs["properties"]
    assert environment["image"] == f"registry.example/serving@{DIGEST}"
    assert environment["inferenceConfig"]["scoringRoute"] == {"path": "/v2/models/model/infer", "port": 8000}
    assert environment["inferenceConfig"]["livenessRoute"] == {"path": "/v2/health/ready", "port": 8000}
    model, properties = deployment.one(f"{ML}ModelVersion").inputs, deployment.one(DEPLOYMENT).inputs["properties"]
    where = f"/models/azureml-models/{model['name']}/{model['version']}"
    assert properties["modelMountPath"] == "/models"
    assert properties["environmentVariables"] == {"SERVING_ARGS": f"--model-repository={where}"}
    address = "azureml://subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/shop/workspaces/ws/datastores/models"
    assert model["properties"]["modelUri"] == f"{address}/paths/models/fraud-1"


def test_other_files_or_another_image_are_another_version(built):
    def versions(**choices):
        plan = endpoint_plan("azureMl")
        deployment = built(replace(plan, variants=(replace(plan.stable, model=model_version_plan(**choices)),)))
        return [deployment.one(f"{ML}{kind}").inputs["version"] for kind in ("ModelVersion", "EnvironmentVersion")]

    plain = versions()
    moved = versions(artifact=ArtifactPlan(bucket="models", path="models/elsewhere"))
    rebuilt = versions(image=f"registry.example/other@{DIGEST}")
    assert (moved[0] != plain[0], moved[1]) == (True, plain[1])
    assert (rebuilt[0], rebuilt[1] != plain[1]) == (plain[0], True)


def test_a_model_in_its_image_needs_no_files(built):
    plan = endpoint_plan("azureMl")
    deployment = built(replace(plan, variants=(replace(plan.stable, model=model_version_plan(artifact=None)),)))
    assert deployment.of_type(f"{ML}ModelVersion") == []
    assert "model" not in deployment.one(DEPLOYMENT).inputs["properties"]
    assert roles(deployment) == {(REGISTRY, PULL)}


def test_the_identity_reads_its_models_pulls_its_images_and_writes_only_what_is_captured(built):
    assert roles(built()) == {(CONTAINER, READER), (REGISTRY, PULL)}
    capturing = built(endpoint_plan("azureMl", capture=CapturePlan(bucket="captures", prefix="fraud", percent=25)))
    assert roles(capturing) == {(CONTAINER, READER), (REGISTRY, PULL), (CAPTURES, WRITER)}
    assert roles(built(registry_id=None)) == {(CONTAINER, READER)}


def test_a_container_starts_after_what_it_needs_may_be_reached(built):
    deployment = built()
    assert {grant.urn for grant in deployment.of_type(ROLE)} <= set(deployment.one(DEPLOYMENT).depends_on)


def test_requests_and_answers_are_captured_by_share(built):
    plan = endpoint_plan("azureMl", capture=CapturePlan(bucket="captures", prefix="fraud/", percent=25))
    deployment = built(plan)
    collector = deployment.one(DEPLOYMENT).inputs["properties"]["dataCollector"]
    assert set(collector["collections"]) == {"request", "response"}
    assert {(each["dataCollectionMode"], each["samplingRate"]) for each in collector["collections"].values()} == {("Enabled", 0.25)}
    data = deployment.one(f"{ML}DataVersion").inputs["properties"]
    assert data["dataUri"].endswith("/datastores/captures/paths/fraud/")
    assert "dataCollector" not in built().one(DEPLOYMENT).inputs["properties"]


def test_replicas_follow_requests_between_the_plans_bounds(built):
    inputs = built(endpoint_plan("azureMl", scaling=SCALING)).one(AUTOSCALER).inputs
    (profile,) = inputs["profiles"]
    assert profile["capacity"] == {"minimum": "1", "maximum": "4", "default": "1"}
    out, back = profile["rules"]
    trigger = out["metricTrigger"]
    # 20 requests a second are 1200 a minute.
    assert (trigger["metricName"], trigger["operator"], trigger["threshold"]) == ("RequestsPerMinute", "GreaterThan", 1200)
    assert trigger["dividePerInstance"] is True
    assert out["scaleAction"] == {"direction": "Increase", "type": "PercentChangeCount", "value": "50", "cooldown": "PT2M"}
    assert (back["scaleAction"]["direction"], back["scaleAction"]["cooldown"]) == ("Decrease", "PT5M")
    assert back["metricTrigger"]["threshold"] < trigger["threshold"]


@pytest.mark.parametrize(
    ("metric", "name"),
    [("cpuUtilization", "CpuUtilizationPercentage"), ("gpuUtilization", "GpuUtilizationPercentage"), ("latency", "RequestLatency_P95")],
)
def test_other_metrics_are_taken_as_they_are(built, metric, name):
    deployment = built(endpoint_plan("azureMl", scaling=replace(SCALING, metric=metric)))
    trigger = deployment.one(AUTOSCALER).inputs["profiles"][0]["rules"][0]["metricTrigger"]
    assert (trigger["metricName"], trigger["threshold"], trigger["dividePerInstance"]) == (name, 20, False)


def test_a_schedule_begins_and_the_usual_bounds_begin_again_when_it_ends(built):
    nights = ScheduledScalePlan(
        name="night",
        days=("fri", "sun"),
        start_hour=22,
        start_minute=30,
        end_hour=6,
        end_minute=0,
        time_zone="Europe/Amsterdam",
        min_replicas=2,
        max_replicas=3,
    )
    deployment = built(endpoint_plan("azureMl", scaling=replace(SCALING, schedules=(nights,))))
    _, begins, ends = deployment.one(AUTOSCALER).inputs["profiles"]
    assert begins["capacity"] == {"minimum": "2", "maximum": "3", "default": "2"}
    schedule = {"days": ["Friday", "Sunday"], "hours": [22], "minutes": [30], "timeZone": "W. Europe Standard Time"}
    assert begins["recurrence"] == {"frequency": "Week", "schedule": schedule}
    assert json.loads(ends["name"]) == {"name": "Auto created default scale condition", "for": "night"}
    assert ends["capacity"]["minimum"] == "1"
    # Past midnight it is the next day.
    assert (ends["recurrence"]["schedule"]["days"], ends["recurrence"]["schedule"]["hours"]) == (["Saturday", "Monday"], [6])


@pytest.mark.parametrize(
    ("iana", "windows"),
    [
        ("UTC", "UTC"),
        ("Europe/London", "GMT Standard Time"),
        ("Europe/Paris", "W. Europe Standard Time"),
        ("America/Toronto", "Eastern Standard Time"),
        ("America/Phoenix", "US Mountain Standard Time"),
        ("Asia/Kolkata", "India Standard Time"),
        ("Australia/Melbourne", "AUS Eastern Standard Time"),
    ],
)
def test_a_time_zone_has_the_name_that_windows_gives_its_clocks(iana, windows):
    assert windows_time_zone(iana) == windows


def test_a_time_zone_that_windows_has_not_is_refused():
    with pytest.raises(LookupError, match="Australia/Eucla"):
        windows_time_zone("Australia/Eucla")


def alarm(kind, threshold, periods=3, **given):
    return AlarmPlan(kind=kind, threshold=threshold, period_seconds=60, periods=periods, **{"rollback": True, **given})


def test_latency_rings_for_each_version_that_callers_see(built):
    plan = endpoint_plan("azureMl", canary=("fraud-2", 10), shadow=("fraud-3", 20), alarms=(alarm("p95", 80),))
    inputs = built(plan).one("azure-native:monitor:MetricAlert").inputs
    (criterion,) = inputs["criteria"]["allOf"]
    assert (criterion["metricName"], criterion["operator"], criterion["threshold"]) == ("RequestLatency_P95", "GreaterThan", 80)
    (dimension,) = criterion["dimensions"]
    assert dimension["name"] == "deployment"
    assert [name.rsplit("-", 1)[0] for name in dimension["values"]] == ["fraud-1", "fraud-2"]
    # Three periods of a minute: the next window that Azure has is five.
    assert (inputs["evaluationFrequency"], inputs["windowSize"], inputs["severity"]) == ("PT1M", "PT5M", 1)


def test_errors_ring_by_their_share_and_silence_rings_at_all(built):
    alarms = (alarm("errorRate", 1), alarm("noTraffic", 1, periods=20, rollback=False))
    deployment = built(endpoint_plan("azureMl", alarms=alarms))
    errors, silence = (
        deployment.one("azure-native:monitor:ScheduledQueryRule", f"fraud-{name}").inputs for name in ("errors", "no-traffic")
    )
    (condition,) = errors["criteria"]["allOf"]
    assert "100.0 * failed / asked" in condition["query"]
    assert (condition["operator"], condition["threshold"]) == ("GreaterThan", 1)
    assert condition["failingPeriods"] == {"numberOfEvaluationPeriods": 3, "minFailingPeriodsToAlert": 3}
    (condition,) = silence["criteria"]["allOf"]
    assert (condition["timeAggregation"], condition["operator"], condition["threshold"]) == ("Count", "LessThan", 1)
    # Twenty minutes without a request; Azure counts at most six periods, and the next window that it has is thirty.
    assert (silence["evaluationFrequency"], silence["windowSize"]) == ("PT1M", "PT30M")
    assert condition["failingPeriods"] == {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1}
    log = deployment.one("azure-native:monitor:DiagnosticSetting").inputs
    assert (log["workspaceId"], log["logs"]) == (LOGS, [{"category": "AmlOnlineEndpointTrafficLog", "enabled": True}])


def test_saturation_is_of_each_deployments_gpus(built):
    deployment = built(endpoint_plan("azureMl", canary=("fraud-2", 10), alarms=(alarm("saturation", 90, rollback=False),)))
    alerts = deployment.of_type("azure-native:monitor:MetricAlert")
    assert sorted(each.name for each in alerts) == ["fraud-fraud-1-saturation", "fraud-fraud-2-saturation"]
    assert {each.inputs["criteria"]["allOf"][0]["metricName"] for each in alerts} == {"GpuUtilizationPercentage"}
    assert {each.inputs["severity"] for each in alerts} == {2}


def test_alarms_are_sent_where_the_plan_says(built):
    group = f"{GROUP}/providers/Microsoft.Insights/actionGroups/on-call"
    deployment = built(endpoint_plan("azureMl", notify=(group,)))
    assert deployment.one("azure-native:monitor:MetricAlert").inputs["actions"] == [{"actionGroupId": group}]
    assert deployment.one("azure-native:monitor:ScheduledQueryRule").inputs["actions"] == {"actionGroups": [group]}


def test_members_may_call_this_endpoint_and_nothing_else(built):
    member = "7d3f1c1e-0000-4444-8888-abcdefabcdef"
    deployment = built(endpoint_plan("azureMl", access=AccessPlan(public=False, authentication="iam", members=(member,))))
    (permission,) = deployment.one("azure-native:authorization:RoleDefinition").inputs["permissions"]
    assert permission == {"actions": ["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"]}
    grant = deployment.one(ROLE, f"fraud-caller-{member}").inputs
    assert (grant["principalId"], grant["scope"]) == (member, "fraud-1a2b3c4")


def test_an_endpoint_tells_where_it_answers_and_who_serves(built):
    deployment = built(endpoint_plan("azureMl", canary=("fraud-2", 10)))
    outputs = deployment.outputs_of(deployment.one("drydock:azure:Endpoint"))
    assert outputs["url"] == "https://fraud-1a2b3c4.westeurope.inference.ml.azure.com/v2/models/model/infer"
    assert (outputs["stable"], outputs["canary"], outputs.get("shadow")) == ("fraud-1", "fraud-2", None)
    assert outputs["weights"] == {"fraud-1": 90, "fraud-2": 10}
    assert set(outputs["alarms"]) == {"errorRate", "p95"}
    assert set(deployment.one("drydock:azure:Endpoint").inputs["usage"]["of"]) == {"fraud-fraud-1", "fraud-fraud-2"}


@pytest.fixture
def workspace(registered):
    def run(**given):
        bucket = {"name": Output.from_input("models"), "resourceId": Output.from_input(CONTAINER)}
        return registered(
            lambda: Workspace(
                "workspace", location="westeurope", resource_group_name="shop", labels={}, buckets={"models": bucket}, **given
            )
        )

    return run


def test_a_workspace_is_closed_and_its_network_lets_out_only_what_was_approved(workspace):
    inputs = workspace().one(f"{ML}Workspace").inputs
    assert inputs["publicNetworkAccess"] == "Disabled"
    assert inputs["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
    assert inputs["systemDatastoresAuthMode"] == "Identity"
    assert workspace(public=True).one(f"{ML}Workspace").inputs["publicNetworkAccess"] == "Enabled"


def test_what_belongs_to_a_workspace_is_closed_as_well(workspace):
    deployment = workspace()
    account = deployment.one("azure-native:storage:StorageAccount").inputs
    assert (account["publicNetworkAccess"], account["allowSharedKeyAccess"]) == ("Disabled", False)
    assert deployment.one("azure-native:keyvault:Vault").inputs["properties"]["publicNetworkAccess"] == "Disabled"


def test_a_workspace_reaches_a_bucket_once_it_may_approve_the_way_there(workspace):
    deployment = workspace(hosts=("nvcr.io",))
    account = CONTAINER.partition("/blobServices/")[0]
    rule = deployment.one(f"{ML}ManagedNetworkSettingsRule", "workspace-reaches-models")
    assert rule.inputs["properties"]["destination"]["serviceResourceId"] == account
    assert (account, APPROVER) in roles(deployment)
    approved = deployment.one(ROLE, "workspace-models-bucket-connection")
    assert approved.urn in rule.depends_on
    host = deployment.one(f"{ML}ManagedNetworkSettingsRule", "workspace-reaches-nvcr.io").inputs["properties"]
    assert (host["type"], host["destination"]) == ("FQDN", "nvcr.io")


def test_a_bucket_is_read_by_whoever_asks_with_no_key_kept(workspace):
    store = workspace().one(f"{ML}Datastore").inputs["properties"]
    assert (store["accountName"], store["containerName"]) == ("acmemodels", "models")
    assert store["credentials"] == {"credentialsType": "None"}


def test_a_workspace_has_an_address_in_the_environments_network(workspace):
    access = PrivateAccess(subnet_id=Output.from_input("subnet"), dns_zone_id=Output.from_input("zone"))
    (connection,) = workspace(private_access=access).one("azure-native:network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["amlworkspace"]


def test_only_hosts_outside_of_azure_are_let_through():
    def plan(**choices):
        base = endpoint_plan("azureMl")
        return replace(base, variants=(variant_plan("azureMl", model_version_plan(**choices), "stable"),))

    own = plan(image=f"acme.azurecr.io/serving@{DIGEST}")
    assert (outside_hosts([own]), used_buckets([own])) == ([], ["models"])
    hub = plan(image=f"vllm/vllm-openai@{DIGEST}", artifact=ArtifactPlan(bucket=None, path="hf://meta-llama/Llama-3-8B"))
    assert outside_hosts([hub]) == ["*.docker.com", "*.docker.io", "*.hf.co", "*.huggingface.co", "huggingface.co"]
    assert used_buckets([hub]) == []
    assert outside_hosts([plan(image=f"nvcr.io/nvidia/tritonserver@{DIGEST}")]) == ["nvcr.io"]


def test_an_image_of_ours_lies_in_our_registry_and_opens_no_door_to_another() -> None:
    ours = registry_plan(repositories=("triton",))
    plan = endpoint_plan("azureMl")
    plan = replace(plan, variants=(replace(plan.stable, model=model_version_plan(image=f"triton@{DIGEST}")),))
    assert outside_hosts([plan], ours) == []
    assert outside_hosts([plan], replace(ours, existing="registry.example:5000/ml")) == ["registry.example"]
    assert outside_hosts([plan]) == ["*.docker.com", "*.docker.io"]


def test_the_environment_of_an_image_of_ours_names_our_registry(built) -> None:
    at = Output.from_input("acmeml.azurecr.io/triton")
    plan = endpoint_plan("azureMl")
    plan = replace(plan, variants=(replace(plan.stable, model=model_version_plan(image=f"triton@{DIGEST}")),))
    made = built(plan, registry={"address": Output.from_input("acmeml.azurecr.io"), "repositories": {"triton": at}})
    (environment,) = made.of_type("azure-native:machinelearningservices:EnvironmentVersion")
    assert environment.inputs["properties"]["image"] == f"acmeml.azurecr.io/triton@{DIGEST}"


@pytest.fixture
def registry(registered):
    def run(private_access=None, **choices):
        plan = registry_plan(**choices)
        return registered(
            lambda: ContainerRegistry(plan.name, plan, location="westeurope", resource_group_name="shop", private_access=private_access)
        )

    return run


def test_a_registry_lets_nobody_in_without_a_role(registry):
    inputs = registry().one("azure-native:containerregistry:Registry").inputs
    assert (inputs["adminUserEnabled"], inputs["anonymousPullEnabled"], inputs["sku"]) == (False, False, {"name": "Premium"})
    assert inputs["publicNetworkAccess"] == "Enabled"
    access = PrivateAccess(subnet_id=Output.from_input("subnet"), dns_zone_id=Output.from_input("zone"))
    closed = registry(access)
    assert closed.one("azure-native:containerregistry:Registry").inputs["publicNetworkAccess"] == "Disabled"
    (connection,) = closed.one("azure-native:network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["registry"]


def test_a_registry_is_cleaned_up(registry):
    deployment = registry(delete_untagged_after_days=7, keep_newest=20)
    policies = deployment.one("azure-native:containerregistry:Registry").inputs["policies"]
    assert policies["retentionPolicy"] == {"status": "enabled", "days": 7}
    task = deployment.one("azure-native:containerregistry:Task").inputs
    steps = json.loads(base64.b64decode(task["step"]["encodedTaskContent"]))["steps"]
    assert [step["cmd"] for step in steps] == ["acr purge --filter 'fraud:.*' --ago 0d --keep 20"]


def test_a_registry_has_a_key_of_its_own_where_the_plan_wants_one(registry):
    deployment = registry(customer_key=True)
    inputs = deployment.one("azure-native:containerregistry:Registry").inputs
    assert inputs["encryption"]["status"] == "enabled"
    assert deployment.one(ROLE, "registry-key-access").urn in deployment.one("azure-native:containerregistry:Registry").depends_on
    assert "encryption" not in registry().one("azure-native:containerregistry:Registry").inputs


def test_a_registry_that_exists_is_left_as_it_is(registry):
    deployment = registry(existing="acme.azurecr.io")
    assert [each.type for each in deployment.resources] == ["drydock:azure:ContainerRegistry"]
    outputs = deployment.outputs_of(deployment.one("drydock:azure:ContainerRegistry"))
    assert outputs == {"address": "acme.azurecr.io", "repositories": {"fraud": "acme.azurecr.io/fraud"}}


def test_a_registry_outlives_its_stack_where_the_plan_says_so(registry):
    kept = {retain: registry(retain=retain).one("drydock:azure:ContainerRegistry").retained for retain in (True, False)}
    assert kept == {True: True, False: False}
