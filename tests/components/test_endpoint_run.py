"""Endpoints on Cloud Run and Artifact Registry. Expected values: Google Cloud's documentation of these services, balancers and alarms."""

from dataclasses import replace

import pulumi
import pytest

from components.contract import BucketOutputs, NetworkOutputs
from components.gcp.container_registry import ContainerRegistry
from components.gcp.run_endpoint import RunEndpoint
from components.gcp.run_spec import RunInputs
from components.gcp.serving import deploy_serving
from plan.model import AccessPlan, AlarmPlan, ArtifactPlan, Plan
from tests.components.endpoint_plans import DIGEST, endpoint_plan, registry_plan
from tests.components.plans import LABELS

SERVICE, INVOKER = "gcp:cloudrunv2/service:Service", "gcp:cloudrunv2/serviceIamMember:ServiceIamMember"
ACCOUNT, READER = "gcp:serviceaccount/account:Account", "gcp:storage/bucketIAMMember:BucketIAMMember"
GROUP = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup"
BACKEND, URL_MAP = "gcp:compute/regionBackendService:RegionBackendService", "gcp:compute/regionUrlMap:RegionUrlMap"
PROXY, RULE = "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", "gcp:compute/forwardingRule:ForwardingRule"
GLOBAL_BACKEND, GLOBAL_MAP = "gcp:compute/backendService:BackendService", "gcp:compute/uRLMap:URLMap"
GLOBAL_PROXY, GLOBAL_RULE = "gcp:compute/targetHttpsProxy:TargetHttpsProxy", "gcp:compute/globalForwardingRule:GlobalForwardingRule"
ZONE, RECORD, ALARM = "gcp:dns/managedZone:ManagedZone", "gcp:dns/recordSet:RecordSet", "gcp:monitoring/alertPolicy:AlertPolicy"
GUARD, REPOSITORY = "gcp:compute/securityPolicy:SecurityPolicy", "gcp:artifactregistry/repository:Repository"
CERTIFICATE = "projects/acme-ml/locations/europe-west4/certificates/fraud"
HOSTED = AccessPlan(public=False, authentication="iam", host="fraud.example.com", certificate=CERTIFICATE)
PUBLIC = AccessPlan(
    public=True, authentication="iam", host="fraud.example.com", certificate="projects/acme-ml/global/sslCertificates/fraud"
)
SATURATION = AlarmPlan(kind="saturation", threshold=80, period_seconds=60, periods=5, rollback=False)
NO_TRAFFIC = AlarmPlan(kind="noTraffic", threshold=1, period_seconds=60, periods=15, rollback=False)


def bucket(name):
    told = {word: pulumi.Output.from_input(f"{name}-1a2b3c4") for word in ("name", "url", "resourceId", "location", "encryptionKey")}
    return BucketOutputs(**told, compression="none", keep=False, usage={})


def network():
    subnets = pulumi.Output.from_input(["subnetworks/nodes"])
    return NetworkOutputs(id=pulumi.Output.from_input("networks/network"), privateSubnets=subnets, zones=["europe-west4-a"], usage={})


@pytest.fixture
def endpoint(registered):
    def build(stable="fraud-1", *, registry=False, preview=False, changed=None, **choices):
        def program():
            own = ContainerRegistry("registry", registry_plan(), region="europe-west4").outputs if registry else None
            on = RunInputs(region="europe-west4", buckets={"models": bucket("models")}, network=network(), registry=own)
            plan = endpoint_plan("cloudRun", stable, **choices)
            RunEndpoint(plan.name, changed(plan) if changed else plan, on=on)

        return registered(program, preview=preview)

    return build


def stable(**changes):
    """Changes a plan's stable variant."""

    def change(plan):
        return replace(plan, variants=(replace(plan.stable, **changes), *plan.variants[1:]))

    return change


def model(**changes):
    def change(plan):
        return replace(plan, variants=(replace(plan.stable, model=replace(plan.stable.model, **changes)),))

    return change


def test_a_gpu_stands_with_its_size_one_zone_and_billing_by_the_instance(endpoint):
    service = endpoint().one(SERVICE).inputs
    template = service["template"]
    (container,) = template["containers"]
    assert container["resources"] == {"limits": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}, "cpuIdle": False}
    assert template["nodeSelector"] == {"accelerator": "nvidia-l4"}
    assert template["gpuZonalRedundancyDisabled"] is True
    assert template["scaling"] == {"minInstanceCount": 1, "maxInstanceCount": 4}
    assert template["maxInstanceRequestConcurrency"] == 8
    assert template["timeout"] == "60s"
    assert (service["location"], service["deletionProtection"], service["labels"]) == ("europe-west4", False, LABELS)


def test_without_a_gpu_there_is_none_to_select(endpoint):
    template = endpoint(changed=stable(accelerators=0, vcpus=0.5, memory_gib=0.5)).one(SERVICE).inputs["template"]
    assert "nodeSelector" not in template
    assert "gpuZonalRedundancyDisabled" not in template
    assert template["containers"][0]["resources"]["limits"] == {"cpu": "0.5", "memory": "0.5Gi"}


def test_the_container_is_the_models_and_is_asked_until_it_is_loaded(endpoint):
    loaded = model(command=("serve",), env={"LOG": "1"}, load_seconds=125)
    (container,) = endpoint(changed=loaded).one(SERVICE).inputs["template"]["containers"]
    assert container["image"] == f"registry.example/serving@{DIGEST}"
    assert (container["commands"], container["args"]) == (["serve"], ["--model-repository=/models"])
    assert container["envs"] == [{"name": "LOG", "value": "1"}]
    assert container["ports"] == {"containerPort": 8000}
    # Thirteen times ten seconds are the first whole number of them that are 125 or more.
    assert container["startupProbe"] == {
        "httpGet": {"path": "/v2/health/ready", "port": 8000},
        "periodSeconds": 10,
        "timeoutSeconds": 10,
        "failureThreshold": 13,
    }


def test_an_image_of_ours_lies_in_our_registry(endpoint):
    made = endpoint(registry=True, changed=model(image=f"fraud@{DIGEST}"))
    (container,) = made.one(SERVICE).inputs["template"]["containers"]
    assert container["image"].endswith(f"-registry/fraud@{DIGEST}")
    assert container["image"].startswith("europe-west4-docker.pkg.dev/")


def test_a_model_is_a_folder_that_is_read_and_that_this_endpoint_alone_may_read(endpoint):
    made = endpoint()
    template = made.one(SERVICE).inputs["template"]
    (volume,) = template["volumes"]
    assert volume["gcs"] == {"bucket": "models-1a2b3c4", "readOnly": True, "mountOptions": ["only-dir=models/fraud-1"]}
    assert template["containers"][0]["volumeMounts"] == [{"name": volume["name"], "mountPath": "/models"}]
    assert template["executionEnvironment"] == "EXECUTION_ENVIRONMENT_GEN2"
    reader = made.one(READER)
    email = f"{made.one(ACCOUNT).name}-1a2b3c4@acme-ml.iam.gserviceaccount.com"
    assert (reader.inputs["bucket"], reader.inputs["role"]) == ("models-1a2b3c4", "roles/storage.objectViewer")
    assert reader.inputs["member"] == f"serviceAccount:{email}"
    assert template["serviceAccount"] == email
    assert reader.urn in made.one(SERVICE).depends_on


def test_a_bucket_that_is_nobodys_here_is_mounted_too_and_a_hub_is_not(endpoint):
    elsewhere = endpoint(changed=model(artifact=ArtifactPlan(bucket=None, path="gs://theirs/models/fraud-1/")))
    (volume,) = elsewhere.one(SERVICE).inputs["template"]["volumes"]
    assert volume["gcs"] == {"bucket": "theirs", "readOnly": True, "mountOptions": ["only-dir=models/fraud-1"]}
    assert elsewhere.one(READER).inputs["bucket"] == "theirs"
    hub = endpoint(changed=model(artifact=ArtifactPlan(bucket=None, path="hf://acme/fraud")))
    assert "volumes" not in hub.one(SERVICE).inputs["template"]
    assert hub.of_type(READER) == []


def test_it_is_reached_from_within_unless_it_is_public_and_called_by_members_alone(endpoint):
    caller = "serviceAccount:shop@acme-ml.iam.gserviceaccount.com"
    private = endpoint(access=AccessPlan(public=False, authentication="iam", members=(caller,)))
    assert private.one(SERVICE).inputs["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    invoker = private.one(INVOKER).inputs
    assert (invoker["role"], invoker["member"]) == ("roles/run.invoker", caller)
    public = endpoint(access=AccessPlan(public=True, authentication="iam"))
    assert public.one(SERVICE).inputs["ingress"] == "INGRESS_TRAFFIC_ALL"
    assert public.of_type(INVOKER) == []


def test_without_a_host_it_is_one_service_whose_newest_revision_gets_all(endpoint):
    one, two = endpoint("fraud-1").one(SERVICE), endpoint("fraud-2").one(SERVICE)
    assert one.name == two.name == "fraud-run"
    assert one.inputs["traffics"] == [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}]
    assert endpoint().of_type(URL_MAP) == []


def test_behind_a_host_each_version_is_a_service_and_the_balancer_splits(endpoint):
    made = endpoint(canary=("fraud-2", 12.5), access=HOSTED)
    assert {each.name for each in made.of_type(SERVICE)} == {"fraud-fraud-1-run", "fraud-fraud-2-run"}
    for service in made.of_type(SERVICE):
        assert service.inputs["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"
        assert service.inputs["customAudiences"] == ["https://fraud.example.com"]
    split = made.one(URL_MAP).inputs["defaultRouteAction"]["weightedBackendServices"]
    assert split == [
        {"backendService": "fraud-fraud-1-backend-1a2b3c4", "weight": 875},
        {"backendService": "fraud-fraud-2-backend-1a2b3c4", "weight": 125},
    ]
    assert {each.inputs["networkEndpointType"] for each in made.of_type(GROUP)} == {"SERVERLESS"}
    assert {each.name: each.inputs["backends"][0]["group"] for each in made.of_type(BACKEND)} == {
        f"fraud-fraud-{number}-backend": f"fraud-fraud-{number}-group-1a2b3c4" for number in (1, 2)
    }


def test_a_promoted_canary_keeps_what_it_is_made_of(endpoint):
    def named(made):
        versions = [SERVICE, GROUP, BACKEND]
        return {(each.type, each.name): each.inputs for each in made.resources if each.type in versions and "fraud-2" in each.name}

    assert named(endpoint(canary=("fraud-2", 50), access=HOSTED)) == named(endpoint("fraud-2", access=HOSTED))
    before = endpoint(canary=("fraud-2", 10), access=HOSTED)
    after = endpoint(canary=("fraud-2", 50), access=HOSTED)
    assert named(before) == named(after)


def test_a_private_host_answers_by_tls_at_an_address_that_the_network_alone_knows(endpoint):
    made = endpoint(access=HOSTED)
    rule = made.one(RULE).inputs
    assert (rule["loadBalancingScheme"], rule["portRange"]) == ("INTERNAL_MANAGED", "443")
    assert (rule["network"], rule["subnetwork"]) == ("networks/network", "subnetworks/nodes")
    assert made.one(BACKEND).inputs["loadBalancingScheme"] == "INTERNAL_MANAGED"
    assert made.one(PROXY).inputs["certificateManagerCertificates"] == [CERTIFICATE]
    zone = made.one(ZONE).inputs
    assert (zone["dnsName"], zone["visibility"]) == ("fraud.example.com.", "private")
    assert zone["privateVisibilityConfig"]["networks"] == [{"networkUrl": "networks/network"}]
    record = made.one(RECORD).inputs
    assert (record["name"], record["type"], record["rrdatas"]) == ("fraud.example.com.", "A", ["10.40.0.7"])


def test_a_public_host_lets_nobody_past_the_balancer_and_nobody_ask_too_often(endpoint):
    made = endpoint(access=replace(PUBLIC, rate_limit_per_second=50), canary=("fraud-2", 10))
    assert {each.inputs["ingress"] for each in made.of_type(SERVICE)} == {"INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"}
    assert made.one(GLOBAL_PROXY).inputs["sslCertificates"] == [PUBLIC.certificate]
    assert made.one(GLOBAL_RULE).inputs["loadBalancingScheme"] == "EXTERNAL_MANAGED"
    weights = made.one(GLOBAL_MAP).inputs["defaultRouteAction"]["weightedBackendServices"]
    assert [each["weight"] for each in weights] == [900, 100]
    throttle, rest = made.one(GUARD).inputs["rules"]
    # 50 a second are 500 in the shortest interval that Cloud Armor counts.
    assert throttle["rateLimitOptions"]["rateLimitThreshold"] == {"count": 500, "intervalSec": 10}
    assert (throttle["rateLimitOptions"]["exceedAction"], rest["priority"]) == ("deny(429)", 2147483647)
    assert {each.inputs["securityPolicy"] for each in made.of_type(GLOBAL_BACKEND)} == {"securityPolicies/fraud-guard-1a2b3c4"}
    assert made.of_type(RULE) == made.of_type(ZONE) == []


def test_a_policy_of_cloud_armor_that_is_there_stands_in_front(endpoint):
    theirs = "projects/acme-ml/global/securityPolicies/theirs"
    made = endpoint(access=replace(PUBLIC, web_application_firewall=theirs))
    assert made.of_type(GUARD) == []
    assert made.one(GLOBAL_BACKEND).inputs["securityPolicy"] == theirs


def test_a_map_of_certificates_is_named_by_its_service(endpoint):
    mapped = replace(PUBLIC, certificate="projects/acme-ml/locations/global/certificateMaps/fraud")
    proxy = endpoint(access=mapped).one(GLOBAL_PROXY).inputs
    assert proxy["certificateMap"] == f"//certificatemanager.googleapis.com/{mapped.certificate}"
    assert "sslCertificates" not in proxy


def test_alarms_look_at_each_version_and_tell_those_who_are_to_know(endpoint):
    channel = "projects/acme-ml/notificationChannels/1"
    alarms = (*endpoint_plan("cloudRun").alarms, SATURATION, NO_TRAFFIC)
    made = endpoint(alarms=alarms, notify=(channel,), canary=("fraud-2", 10), access=HOSTED)
    found = {each.name: each.inputs for each in made.of_type(ALARM)}
    assert set(found) == {"fraud-errorRate", "fraud-p95", "fraud-saturation", "fraud-noTraffic"}
    assert all(each["notificationChannels"] == [channel] for each in found.values())
    both = 'resource.labels.service_name=one_of("fraud-fraud-1-run-1a2b3c4", "fraud-fraud-2-run-1a2b3c4")'
    (errors,) = (each["conditionThreshold"] for each in found["fraud-errorRate"]["conditions"])
    assert errors["filter"] == (
        f'resource.type="cloud_run_revision" AND {both} AND metric.type="run.googleapis.com/request_count"'
        ' AND metric.labels.response_code_class="5xx"'
    )
    assert errors["denominatorFilter"].endswith('metric.type="run.googleapis.com/request_count"')
    assert (errors["thresholdValue"], errors["comparison"], errors["duration"]) == (0.01, "COMPARISON_GT", "180s")
    assert errors["aggregations"][0]["groupByFields"] == ["resource.labels.service_name", "resource.labels.revision_name"]
    (p95,) = (each["conditionThreshold"] for each in found["fraud-p95"]["conditions"])
    assert p95["aggregations"][0]["crossSeriesReducer"] == "REDUCE_PERCENTILE_95"
    assert p95["thresholdValue"] == 80
    (silence,) = (each["conditionThreshold"] for each in found["fraud-noTraffic"]["conditions"])
    assert (silence["comparison"], silence["evaluationMissingData"]) == ("COMPARISON_LT", "EVALUATION_MISSING_DATA_ACTIVE")
    assert "groupByFields" not in silence["aggregations"][0]


# Of four instances 80 % are more than three, of ten they are eight.
@pytest.mark.parametrize(("most", "percent", "above"), [(4, 80, 3.5), (10, 80, 7.5), (4, 100, 3.5)])
def test_saturation_is_counted_in_whole_instances_of_the_most_that_there_may_be(endpoint, most, percent, above):
    made = endpoint(alarms=(replace(SATURATION, threshold=percent),), changed=stable(max_replicas=most))
    (condition,) = made.one(ALARM).inputs["conditions"]
    assert condition["conditionThreshold"]["thresholdValue"] == above
    assert 'metric.type="run.googleapis.com/container/instance_count"' in condition["conditionThreshold"]["filter"]


def test_names_that_cloud_run_finds_too_long_keep_their_end(endpoint):
    long = "a-long-endpoint-name-that-says-what-it-does"
    made = endpoint("v-1", name=long, canary=("v-2", 10), access=HOSTED)
    names = [each.name for each in made.of_type(SERVICE)]
    # 49 characters less a hyphen and seven of Pulumi's own.
    assert all(len(name) <= 41 for name in names)
    assert len(made.one(ACCOUNT).name) <= 22
    assert {name[-8:] for name in names} == {"-v-1-run", "-v-2-run"}


def test_it_tells_where_it_answers_and_who_takes_which_share(endpoint):
    direct = endpoint()
    (component,) = [each for each in direct.resources if each.type == "drydock:gcp:Endpoint"]
    told = direct.outputs_of(component)
    assert told["url"] == "https://fraud-run-1a2b3c4-42.europe-west4.run.app"
    assert told["weights"] == {"fraud-1": 100}
    hosted = endpoint(canary=("fraud-2", 10), access=HOSTED)
    (component,) = [each for each in hosted.resources if each.type == "drydock:gcp:Endpoint"]
    told = hosted.outputs_of(component)
    assert told["url"] == "https://fraud.example.com"
    assert told["weights"] == {"fraud-1": 90, "fraud-2": 10}
    assert set(component.inputs["usage"]["of"]) == {"fraud-fraud-1", "fraud-fraud-2"}


def test_a_preview_knows_everything_that_it_needs(endpoint):
    assert endpoint(preview=True, canary=("fraud-2", 10), access=HOSTED).one(URL_MAP)
    assert endpoint(preview=True, access=PUBLIC).one(GLOBAL_MAP)


@pytest.fixture
def registry(registered):
    def build(**choices):
        return registered(lambda: ContainerRegistry("registry", registry_plan(**choices), region="europe-west4"))

    return build


def test_images_keep_their_tags_are_scanned_and_cleaned_up(registry):
    made = registry(repositories=("fraud", "team/ranking"))
    repository = made.one(REPOSITORY).inputs
    assert (repository["format"], repository["location"]) == ("DOCKER", "europe-west4")
    assert repository["dockerConfig"] == {"immutableTags": True}
    assert repository["vulnerabilityScanningConfig"] == {"enablementConfig": "INHERITED"}
    assert repository["cleanupPolicyDryRun"] is False
    policies = {each["id"]: each for each in repository["cleanupPolicies"]}
    # Seven days.
    assert policies["untagged"]["condition"] == {"tagState": "UNTAGGED", "olderThan": "604800s"}
    assert (policies["newest"]["action"], policies["newest"]["mostRecentVersions"]) == ("KEEP", {"keepCount": 20})
    assert "kmsKeyName" not in repository
    told = made.outputs_of(made.one("drydock:gcp:ContainerRegistry"))
    assert told["repositories"] == {name: f"{told['address']}/{name}" for name in ("fraud", "team/ranking")}
    assert told["address"].startswith("europe-west4-docker.pkg.dev/")


def test_images_have_a_key_that_the_registrys_agent_may_use(registry):
    made = registry(customer_key=True)
    grant = made.one("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
    assert grant.inputs["member"] == "serviceAccount:service-42@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    assert made.one("gcp:projects/serviceIdentity:ServiceIdentity").inputs["service"] == "artifactregistry.googleapis.com"
    assert grant.urn in made.one(REPOSITORY).depends_on
    assert made.one(REPOSITORY).inputs["kmsKeyName"]


def test_a_registry_that_is_there_stays_as_it_is_and_one_that_is_kept_outlives_the_stack(registry):
    theirs = registry(existing="europe-docker.pkg.dev/acme/ml")
    assert theirs.of_type(REPOSITORY) == []
    told = theirs.outputs_of(theirs.one("drydock:gcp:ContainerRegistry"))
    assert told["repositories"] == {"fraud": "europe-docker.pkg.dev/acme/ml/fraud"}
    assert registry(retain=True).one("drydock:gcp:ContainerRegistry").retained


def test_a_plan_has_its_registry_and_each_endpoint_on_its_platform(registered):
    def build():
        fraud, ranking = endpoint_plan("cloudRun", name="fraud"), endpoint_plan("vertexAi", name="ranking")
        plan = Plan(
            cloud="gcp",
            region="europe-west4",
            stage="dev",
            labels=LABELS,
            buckets=(),
            decisions=(),
            registry=registry_plan(),
            endpoints=(fraud, ranking, endpoint_plan("kubernetes", name="inside")),
        )
        outputs.update(deploy_serving(plan, {"storage": {"models": bucket("models")}, "network": network()}))

    outputs = {}
    made = registered(build)
    assert set(outputs) == {"registry", "endpoints"}
    assert set(outputs["endpoints"]) == {"fraud", "ranking"}
    assert made.one(SERVICE).name == "fraud-run"
    assert made.one("gcp:vertex/aiEndpoint:AiEndpoint").name == "ranking-endpoint"
