"""An endpoint in a cluster, as Kubernetes objects. Expected values: the Kubernetes, Gateway API, KEDA and Envoy Gateway references."""

import re
from dataclasses import replace

import pulumi
import pytest

from components.contract import DeploymentOutputs
from components.kubernetes import Inside
from components.kubernetes.endpoint_access import keys_address
from components.kubernetes.endpoint_spec import CloudIdentity
from plan.model import (
    AccessPlan,
    AddOnPlan,
    ArtifactPlan,
    KubernetesPlan,
    OidcPlan,
    Plan,
    PrometheusPlan,
    ScalingPlan,
    ScheduledScalePlan,
    Toleration,
)
from tests.components.endpoint_plans import endpoint_plan, registry_plan

GATEWAY_API = "kubernetes:gateway.networking.k8s.io/v1"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ROUTE, GATEWAY = f"{GATEWAY_API}:HTTPRoute", f"{GATEWAY_API}:Gateway"
TRAFFIC = "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy"
TOKENS = "kubernetes:gateway.envoyproxy.io/v1alpha1:SecurityPolicy"
GKE = "kubernetes:networking.gke.io/v1"

ENVOY = AddOnPlan(
    name="envoy-gateway",
    chart="gateway-helm",
    repository="oci://docker.io/envoyproxy",
    version="v1.9.1",
    namespace="envoy-gateway-system",
)
WITH_ENVOY = {
    "add_ons": (ENVOY,),
    "gateway_class": "drydock",
    "gateway_controller": "gateway.envoyproxy.io/gatewayclass-controller",
    "prometheus": PrometheusPlan(address="http://prometheus-server.prometheus.svc", namespace="prometheus"),
}
ON_GKE = {
    "gateway_class": "gke-l7-rilb",
    "gateway_ranges": ("10.40.0.0/16", "35.191.0.0/16"),
    "prometheus": WITH_ENVOY["prometheus"],
}
CLUSTERS = '{envoy_cluster_name=~"httproute/search-ns/fraud/rule/.+"}'
SCALING = ScalingPlan(metric="requests", scale_out_seconds=60, scale_in_seconds=300, max_step_percent=100, scale_to_zero=False)
NIGHT = ScheduledScalePlan(
    name="night",
    days=("mon", "tue"),
    start_hour=20,
    start_minute=0,
    end_hour=6,
    end_minute=30,
    time_zone="Europe/Berlin",
    min_replicas=0,
    max_replicas=4,
)


def endpoint(*versions, **choices):
    given = {
        "team": "search",
        "namespace": "search-ns",
        "pool": "gpu",
        "selector": {"drydock/pool": "gpu"},
        "tolerations": (Toleration(key="nvidia.com/gpu", operator="Exists", value="", effect="NoSchedule"),),
        "resource": "nvidia.com/gpu",
        "gateway": True,
        "access": AccessPlan(public=False, authentication="network"),
    }
    return endpoint_plan("kubernetes", *versions, **(given | choices))


def changed(plan, **choices):
    """The endpoint with its stable version's variant changed."""
    return replace(plan, variants=(replace(plan.stable, **choices), *plan.variants[1:]))


def version(plan, **choices):
    """The endpoint with its stable model version changed."""
    return changed(plan, model=replace(plan.stable.model, **choices))


@pytest.fixture
def built(registered):
    def build(*endpoints, cloud="aws", inside=None, url="s3://models-1a2b", identity=None, registry=None, preview=False):
        given = WITH_ENVOY if inside is None else inside
        contents = KubernetesPlan(**{"add_ons": (), "teams": (), "flavors": (), "workloads": (), **given})
        plan = Plan(
            cloud=cloud,
            region="eu-west-1",
            stage="dev",
            labels={},
            buckets=(),
            decisions=(),
            kubernetes=contents,
            endpoints=endpoints,
            registry=registry_plan() if registry else None,
        )
        bucket = {"url": pulumi.Output.from_input(url), "name": pulumi.Output.from_input("models")}
        known = DeploymentOutputs(storage={"models": bucket}, **({"registry": registry} if registry else {}))
        identify = (lambda _plan, _built: identity) if identity else None
        standing = Inside(outputs={}, opts=pulumi.ResourceOptions())
        return registered(lambda: standing.deploy_endpoints(plan, known, identify), preview=preview)

    return build


def pod(deployment, name="fraud-fraud-1-deployment"):
    return deployment.one(DEPLOYMENT, name).inputs["spec"]["template"]["spec"]


def main(deployment, name="fraud-fraud-1-deployment"):
    (container,) = pod(deployment, name)["containers"]
    return container


def rule(deployment):
    (only,) = deployment.one(ROUTE).inputs["spec"]["rules"]
    return only


def env(container):
    return {each["name"]: each["value"] for each in container["env"]}


def test_pods_take_only_what_the_standard_restricted_allows_and_nothing_of_the_clusters_api(built):
    deployment = built(endpoint())
    spec = pod(deployment)
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*spec["initContainers"], *spec["containers"]):
        context = container["securityContext"]
        assert (context["allowPrivilegeEscalation"], context["readOnlyRootFilesystem"]) == (False, True)
        assert context["capabilities"] == {"drop": ["ALL"]}
    assert spec["automountServiceAccountToken"] is False
    account = deployment.one("kubernetes:core/v1:ServiceAccount").inputs
    assert account["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] == account["metadata"]["name"]


def test_pods_land_on_the_pool_and_ask_for_their_accelerators(built):
    spec = pod(built(changed(endpoint(), accelerators=2)))
    assert spec["nodeSelector"] == {"drydock/pool": "gpu"}
    assert spec["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]
    resources = spec["containers"][0]["resources"]
    assert resources["requests"] == {"cpu": "4000m", "memory": "16384Mi", "nvidia.com/gpu": "2", "ephemeral-storage": "2088Mi"}
    assert resources["limits"] == {"memory": "16384Mi", "nvidia.com/gpu": "2"}
    without = main(built(changed(endpoint(resource=""), accelerators=0)))["resources"]
    assert set(without["limits"]) == {"memory"}


def test_a_replica_has_as_long_to_start_as_its_model_takes_and_is_not_killed_before(built):
    deployment = built(version(endpoint(), load_seconds=605))
    probe = main(deployment)["startupProbe"]
    # Kubernetes: a container has failureThreshold × periodSeconds to start.
    assert 605 <= probe["failureThreshold"] * probe["periodSeconds"] <= 605 + 2 * probe["periodSeconds"]
    assert probe["httpGet"] == {"path": "/v2/health/ready", "port": "http"}
    assert deployment.one(DEPLOYMENT).inputs["spec"]["progressDeadlineSeconds"] >= 605 + 600


def test_a_pod_that_goes_answers_what_it_has_begun(built):
    spec = pod(built(endpoint(timeout_seconds=300)))
    drained = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert drained >= 10
    assert spec["terminationGracePeriodSeconds"] >= drained + 300


def test_an_update_takes_no_pod_before_another_answers(built):
    strategy = built(endpoint()).one(DEPLOYMENT).inputs["spec"]["strategy"]
    assert strategy["rollingUpdate"]["maxUnavailable"] == 0
    assert strategy["rollingUpdate"]["maxSurge"] == "25%"


def test_replicas_are_the_autoscalers_to_say_and_ours_where_there_is_none(built):
    scaled = built(changed(endpoint(), initial_replicas=2)).one(DEPLOYMENT)
    assert scaled.inputs["spec"]["replicas"] == 2
    assert scaled.ignored == ("spec.replicas",)
    fixed = built(changed(endpoint(), min_replicas=3, initial_replicas=3, max_replicas=3))
    assert fixed.one(DEPLOYMENT).inputs["spec"]["replicas"] == 3
    assert fixed.one(DEPLOYMENT).ignored == ()
    assert fixed.of_type(HPA) == fixed.of_type(SCALED) == []


def test_replicas_stand_apart_and_nodes_are_emptied_one_at_a_time(built):
    deployment = built(endpoint())
    spread = pod(deployment)["topologySpreadConstraints"]
    assert [each["topologyKey"] for each in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    assert all(each["labelSelector"] == {"matchLabels": {"drydock/variant": "fraud-fraud-1"}} for each in spread)
    assert deployment.one(BUDGET).inputs["spec"] == {"maxUnavailable": 1, "selector": {"matchLabels": {"drydock/variant": "fraud-fraud-1"}}}
    alone = changed(endpoint(), max_replicas=1)
    assert built(alone).of_type(BUDGET) == []


def test_the_processors_alone_are_followed_by_kubernetes_itself(built):
    scaling = replace(SCALING, metric="cpuUtilization", scale_in_seconds=4000, max_step_percent=200)
    deployment = built(changed(endpoint(scaling=scaling), target=65.0, min_replicas=2))
    spec = deployment.one(HPA).inputs["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "fraud-fraud-1"}
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 4)
    assert spec["metrics"] == [
        {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 65}}}
    ]
    up, down = spec["behavior"]["scaleUp"], spec["behavior"]["scaleDown"]
    assert up["policies"] == [{"type": "Percent", "value": 200, "periodSeconds": 60}]
    # The API takes windows of an hour and periods of half an hour at most, and nothing can lose more than all.
    assert down == {"stabilizationWindowSeconds": 3600, "policies": [{"type": "Percent", "value": 100, "periodSeconds": 1800}]}


@pytest.mark.parametrize(
    ("runtime", "metric", "query"),
    [
        ("triton", "requests", 'sum(rate(nv_inference_request_success{namespace="search-ns",drydock_variant="fraud-fraud-1"}[1m]))'),
        ("vllm", "queueDepth", 'sum(vllm:num_requests_waiting{namespace="search-ns",drydock_variant="fraud-fraud-1"})'),
        ("custom", "requests", f"1 * sum(rate(envoy_cluster_upstream_rq_total{CLUSTERS}[1m]))"),
        ("onnx", "queueDepth", 'sum(nv_inference_pending_request_count{namespace="search-ns",drydock_variant="fraud-fraud-1"})'),
        ("triton", "queueDepth", 'sum(nv_inference_pending_request_count{namespace="search-ns",drydock_variant="fraud-fraud-1"})'),
    ],
)
def test_other_metrics_are_asked_of_prometheus_by_keda(built, runtime, metric, query):
    plan = version(endpoint(scaling=replace(SCALING, metric=metric)), runtime=runtime)
    spec = built(plan).one(SCALED).inputs["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "fraud-fraud-1"}
    assert (spec["minReplicaCount"], spec["maxReplicaCount"], spec["cooldownPeriod"]) == (1, 4, 300)
    (trigger,) = spec["triggers"]
    assert (trigger["type"], trigger["metricType"]) == ("prometheus", "AverageValue")
    assert trigger["metadata"] == {
        "serverAddress": "http://prometheus-server.prometheus.svc",
        "query": query,
        "threshold": "20",
        "ignoreNullValues": "false",
    }
    assert spec["fallback"]["replicas"] == 1


def test_a_latency_is_no_sum_over_replicas(built):
    plan = version(endpoint(scaling=replace(SCALING, metric="latency")), runtime="vllm")
    (trigger,) = built(plan).one(SCALED).inputs["spec"]["triggers"]
    assert trigger["metricType"] == "Value"
    assert "vllm:time_to_first_token_seconds_bucket{namespace=" in trigger["metadata"]["query"]
    assert trigger["metadata"]["query"].startswith("1000 * histogram_quantile(0.95,")


def test_the_use_of_gpus_is_that_of_the_variants_own_pods_per_device(built):
    plan = changed(endpoint(scaling=replace(SCALING, metric="gpuUtilization")), accelerators=2)
    (trigger,) = built(plan).one(SCALED).inputs["spec"]["triggers"]
    query = trigger["metadata"]["query"]
    assert query.endswith("/ 2")
    own = re.search(r'exported_pod=~"([^"]+)"', query)[1]
    assert re.fullmatch(own, "fraud-fraud-1-6d5f7c9b8-x2v4q")
    assert not re.fullmatch(own, "fraud-fraud-1-b-6d5f7c9b8-x2v4q")


def test_a_variants_share_is_its_part_of_what_the_route_counts(built):
    plan = endpoint(canary=("fraud-2", 10), shadow=("fraud-3", 50))
    plan = replace(plan, variants=tuple(replace(each, model=replace(each.model, runtime="custom")) for each in plan.variants))
    scaled = {each.name: each.inputs["spec"]["triggers"][0]["metadata"]["query"] for each in built(plan).of_type(SCALED)}
    assert {name: query.split(" ")[0] for name, query in scaled.items()} == {
        "fraud-fraud-1-autoscaler": "0.9",
        "fraud-fraud-2-autoscaler": "0.1",
        "fraud-fraud-3-autoscaler": "0.5",
    }


def test_a_schedule_that_lowers_the_floor_holds_the_usual_one_outside_of_it(built):
    plan = changed(endpoint(canary=("fraud-2", 10), scaling=replace(SCALING, schedules=(NIGHT,))), min_replicas=2)
    deployment = built(plan)
    spec = deployment.one(SCALED, "fraud-fraud-1-autoscaler").inputs["spec"]
    assert spec["minReplicaCount"] == 0
    # Monday 20:00 to Tuesday 6:30, and so on: the clock raises from the end of the night to its start. 1 is Monday.
    assert spec["triggers"][1] == {
        "type": "cron",
        "metadata": {"timezone": "Europe/Berlin", "start": "30 6 * * 2,3", "end": "0 20 * * 1,2", "desiredReplicas": "2"},
    }
    assert len(deployment.one(SCALED, "fraud-fraud-2-autoscaler").inputs["spec"]["triggers"]) == 1


def test_a_schedule_that_raises_the_floor_holds_while_it_lasts(built):
    day = replace(NIGHT, start_hour=8, end_hour=18, end_minute=0, min_replicas=3, max_replicas=9)
    spec = built(endpoint(scaling=replace(SCALING, schedules=(day,), metric="cpuUtilization"))).one(SCALED).inputs["spec"]
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (1, 9)
    cpu, cron = spec["triggers"]
    assert cpu == {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "20"}}
    assert cron["metadata"] == {"timezone": "Europe/Berlin", "start": "0 8 * * 1,2", "end": "0 18 * * 1,2", "desiredReplicas": "3"}


def test_the_route_gives_each_version_its_weight_and_the_shadow_copies(built):
    deployment = built(endpoint(canary=("fraud-2", 10), shadow=("fraud-3", 25)))
    found = rule(deployment)
    assert found["backendRefs"] == [
        {"kind": "Service", "name": "fraud-fraud-1", "port": 80, "weight": 90},
        {"kind": "Service", "name": "fraud-fraud-2", "port": 80, "weight": 10},
    ]
    mirror = found["filters"][1]
    assert mirror == {
        "type": "RequestMirror",
        "requestMirror": {"backendRef": {"kind": "Service", "name": "fraud-fraud-3", "port": 80}, "percent": 25},
    }
    assert found["timeouts"] == {"request": "60s"}
    for variant in ("fraud-fraud-1", "fraud-fraud-2", "fraud-fraud-3"):
        service = deployment.one(SERVICE, f"{variant}-service").inputs["spec"]
        assert (service["type"], service["selector"]) == ("ClusterIP", {"drydock/variant": variant})
        labels = deployment.one(DEPLOYMENT, f"{variant}-deployment").inputs["spec"]["template"]["metadata"]["labels"]
        assert labels["drydock/variant"] == variant


def test_a_shadow_of_all_requests_says_no_share_which_not_every_gateway_knows(built):
    mirror = rule(built(endpoint(shadow=("fraud-3", 100))))["filters"][1]["requestMirror"]
    assert "percent" not in mirror


def test_the_route_waits_until_every_version_that_it_names_is_ready(built):
    deployment = built(endpoint(canary=("fraud-2", 10), shadow=("fraud-3", 100)))
    waits = set(deployment.one(ROUTE).depends_on)
    for kind in (DEPLOYMENT, SERVICE, POLICY, TRAFFIC):
        assert {each.urn for each in deployment.of_type(kind)} <= waits
    # The engine waits for a Deployment until it is available, unless it is told not to.
    assert all("annotations" not in each.inputs["metadata"] for each in deployment.of_type(DEPLOYMENT))
    # A Service would be waited for ten minutes, however long its pods may take.
    assert all(each.inputs["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"} for each in deployment.of_type(SERVICE))


def test_promotion_changes_weights_and_bounds_and_no_pod(built):
    before = built(endpoint(canary=("fraud-2", 10)))
    after = built(endpoint("fraud-2"))
    name = "fraud-fraud-2-deployment"
    assert before.one(DEPLOYMENT, name).inputs == after.one(DEPLOYMENT, name).inputs
    assert before.one(SERVICE, "fraud-fraud-2-service").inputs == after.one(SERVICE, "fraud-fraud-2-service").inputs
    assert [each["weight"] for each in rule(after)["backendRefs"]] == [100]


def test_endpoints_without_a_host_share_a_private_gateway_and_have_paths(built):
    deployment = built(endpoint(), endpoint("other-1", name="other"))
    gateway = deployment.one(GATEWAY, "private-gateway").inputs
    assert [(each["name"], each["port"], each["protocol"]) for each in gateway["spec"]["listeners"]] == [("http", 80, "HTTP")]
    assert gateway["spec"]["gatewayClassName"] == "drydock"
    assert gateway["metadata"]["annotations"] == {"pulumi.com/waitFor": "condition=Programmed"}
    routes = {each.name: each.inputs["spec"] for each in deployment.of_type(ROUTE)}
    assert routes["fraud-route"]["rules"][0]["matches"] == [{"path": {"type": "PathPrefix", "value": "/fraud"}}]
    assert routes["other-route"]["rules"][0]["filters"] == [
        {"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}}
    ]
    assert routes["fraud-route"]["parentRefs"] == [{"name": "private", "namespace": "drydock-gateways", "sectionName": "http"}]
    outputs = deployment.outputs_of(deployment.one("drydock:kubernetes:Endpoint", "fraud"))
    assert outputs["url"] == "http://10.40.0.9/fraud/v2/models/model/infer"
    assert (outputs["name"], outputs["platform"], outputs["stable"]) == ("search-ns/fraud", "kubernetes", "fraud-1")


@pytest.mark.parametrize(
    ("cloud", "annotation"),
    [
        ("aws", ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal")),
        ("azure", ("service.beta.kubernetes.io/azure-load-balancer-internal", "true")),
        ("kubernetes", ("networking.gke.io/load-balancer-type", "Internal")),
        ("kubernetes", ("service.beta.kubernetes.io/azure-load-balancer-internal", "true")),
    ],
)
def test_the_load_balancer_is_within_the_network_unless_an_endpoint_is_public(built, cloud, annotation):
    spec = endpoint()
    spec = version(spec, artifact=None)
    found = built(spec, cloud=cloud).one(GATEWAY, "private-gateway").inputs["spec"]["infrastructure"]["annotations"]
    assert annotation in found.items()
    # Gateway API: at most eight annotations.
    assert len(found) <= 8
    access = AccessPlan(public=True, authentication="oidc", host="fraud.example.com", certificate="fraud-tls")
    public = built(replace(spec, access=access), cloud=cloud).one(GATEWAY, "public-gateway").inputs["spec"]["infrastructure"]["annotations"]
    assert annotation not in public.items()


def test_a_host_has_a_listener_with_its_certificate_and_every_path(built):
    access = AccessPlan(public=True, authentication="network", host="fraud.example.com", certificate="fraud-tls", rate_limit_per_second=50)
    deployment = built(endpoint(access=access))
    (listener,) = deployment.one(GATEWAY, "public-gateway").inputs["spec"]["listeners"]
    assert (listener["name"], listener["hostname"], listener["port"]) == ("fraud.example.com", "fraud.example.com", 443)
    assert listener["tls"] == {"mode": "Terminate", "certificateRefs": [{"kind": "Secret", "name": "fraud-tls"}]}
    spec = deployment.one(ROUTE).inputs["spec"]
    assert spec["hostnames"] == ["fraud.example.com"]
    assert spec["rules"][0]["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]
    assert "filters" not in spec["rules"][0]
    assert spec["parentRefs"][0]["sectionName"] == "fraud.example.com"
    outputs = deployment.outputs_of(deployment.one("drydock:kubernetes:Endpoint"))
    assert outputs["url"] == "https://fraud.example.com/v2/models/model/infer"
    limits = deployment.one(TRAFFIC).inputs["spec"]["rateLimit"]
    assert limits == {"type": "Local", "local": {"rules": [{"limit": {"requests": 50, "unit": "Second"}}]}}


def test_tokens_are_checked_before_a_request_gets_through(built):
    oidc = OidcPlan(issuer="https://login.microsoftonline.com/acme/v2.0", audiences=("api://fraud",))
    deployment = built(endpoint(access=AccessPlan(public=False, authentication="oidc", oidc=oidc)))
    policy = deployment.one(TOKENS)
    assert policy.inputs["spec"] == {
        "targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "fraud"}],
        "jwt": {
            "providers": [
                {
                    "name": "oidc",
                    "issuer": "https://login.microsoftonline.com/acme/v2.0",
                    "audiences": ["api://fraud"],
                    "remoteJWKS": {"uri": "https://login.microsoftonline.com/acme/discovery/v2.0/keys"},
                }
            ]
        },
    }
    assert policy.urn in deployment.one(ROUTE).depends_on
    assert built(endpoint()).of_type(TOKENS) == []


@pytest.mark.parametrize(
    ("issuer", "keys"),
    [
        ("https://accounts.google.com", "https://www.googleapis.com/oauth2/v3/certs"),
        ("https://acme.okta.com/oauth2/default", "https://acme.okta.com/oauth2/default/v1/keys"),
        ("https://sso.example.com/realms/ml", "https://sso.example.com/realms/ml/protocol/openid-connect/certs"),
        ("https://acme.eu.auth0.com/", "https://acme.eu.auth0.com/.well-known/jwks.json"),
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC/.well-known/jwks.json",
        ),
    ],
)
def test_keys_are_where_the_issuers_discovery_document_says(issuer, keys):
    assert keys_address(issuer) == keys


def test_only_the_gateway_and_prometheus_reach_the_pods_each_at_its_port(built):
    spec = built(endpoint()).one(POLICY).inputs["spec"]
    assert spec["podSelector"] == {"matchLabels": {"drydock/endpoint": "fraud"}}
    assert spec["policyTypes"] == ["Ingress"]
    gateway, prometheus = spec["ingress"]
    assert gateway["ports"] == [{"protocol": "TCP", "port": 8000}]
    (peer,) = gateway["from"]
    assert peer["namespaceSelector"] == {"matchLabels": {"kubernetes.io/metadata.name": "envoy-gateway-system"}}
    assert peer["podSelector"]["matchLabels"]["app.kubernetes.io/managed-by"] == "envoy-gateway"
    # Triton tells its metrics at port 8002.
    assert prometheus["ports"] == [{"protocol": "TCP", "port": 8002}]
    assert prometheus["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "prometheus"}}}]


def test_on_gke_its_own_gateway_is_told_of_time_outs_and_health_and_let_in_by_address(built):
    deployment = built(version(endpoint(shadow=("fraud-2", 100)), runtime="custom"), cloud="gcp", inside=ON_GKE, url="gs://models-1a2b")
    assert "infrastructure" not in deployment.one(GATEWAY).inputs["spec"]
    assert "timeouts" not in rule(deployment)
    assert deployment.of_type(TRAFFIC) == []
    backend = deployment.one(f"{GKE}:GCPBackendPolicy", "fraud-fraud-1-backend-policy")
    assert backend.inputs["spec"]["targetRef"] == {"group": "", "kind": "Service", "name": "fraud-fraud-1"}
    assert backend.inputs["spec"]["default"]["timeoutSec"] == 60
    check = deployment.one(f"{GKE}:HealthCheckPolicy", "fraud-fraud-2-health-check").inputs["spec"]["default"]["config"]
    assert check == {"type": "HTTP", "httpHealthCheck": {"port": 8000, "requestPath": "/v2/health/ready"}}
    assert backend.urn in deployment.one(ROUTE).depends_on
    peers = deployment.one(POLICY).inputs["spec"]["ingress"][0]["from"]
    assert peers == [{"ipBlock": {"cidr": "10.40.0.0/16"}}, {"ipBlock": {"cidr": "35.191.0.0/16"}}]


def test_without_a_gateway_one_address_leads_to_the_stable_version_once_it_is_ready(built):
    plan = endpoint(gateway=False, scaling=replace(SCALING, metric="cpuUtilization"))
    first = built(plan, inside={})
    service = first.one(SERVICE)
    assert (service.name, service.inputs["metadata"]["name"]) == ("fraud-service", "fraud")
    assert service.inputs["spec"]["selector"] == {"drydock/variant": "fraud-fraud-1"}
    assert first.one(DEPLOYMENT).urn in service.depends_on
    assert first.of_type(ROUTE) == first.of_type(GATEWAY) == first.of_type(POLICY) == []
    outputs = first.outputs_of(first.one("drydock:kubernetes:Endpoint"))
    assert outputs["url"] == "http://fraud.search-ns.svc/v2/models/model/infer"


def fetcher(deployment):
    return pod(deployment)["initContainers"][0]


@pytest.mark.parametrize(
    ("cloud", "url", "settings"),
    [
        (
            "aws",
            "s3://models-1a2b",
            {"TYPE": "s3", "PROVIDER": "AWS", "ENV_AUTH": "true", "REGION": "eu-west-1"},
        ),
        ("gcp", "gs://models-1a2b", {"TYPE": "google cloud storage", "ENV_AUTH": "true"}),
        (
            "azure",
            "https://acme.blob.core.windows.net/models-1a2b",
            {"TYPE": "azureblob", "ACCOUNT": "acme", "ENV_AUTH": "true"},
        ),
    ],
)
def test_files_of_a_bucket_are_fetched_in_the_name_of_the_pod(built, cloud, url, settings):
    inside = ON_GKE if cloud == "gcp" else None
    container = fetcher(built(endpoint(), cloud=cloud, url=url, inside=inside))
    found = env(container)
    assert {key: found[f"RCLONE_CONFIG_MODEL_{key}"] for key in settings} == settings
    assert found["PATH_OF_MODEL"] == "models-1a2b/models/fraud-1"
    assert re.fullmatch(r"docker\.io/rclone/rclone:\d+\.\d+\.\d+", container["image"])
    assert {each["name"]: each["mountPath"] for each in container["volumeMounts"]} == {"model": "/models", "tmp": "/tmp"}
    assert not any(key.endswith(("KEY", "SECRET", "TOKEN")) for key in found)


def test_files_of_another_clouds_bucket_are_asked_for_in_nobodys_name(built):
    plan = version(endpoint(), artifact=ArtifactPlan(bucket=None, path="gs://public/model"))
    found = env(fetcher(built(plan)))
    assert (found["RCLONE_CONFIG_MODEL_ANONYMOUS"], found["PATH_OF_MODEL"]) == ("true", "public/model")
    assert "RCLONE_CONFIG_MODEL_ENV_AUTH" not in found


def test_the_digest_is_checked_where_it_is_told(built):
    artifact = ArtifactPlan(bucket="models", path="model.onnx", sha256="ab" * 32)
    container = fetcher(built(version(endpoint(), artifact=artifact)))
    assert env(container)["SHA256"] == "ab" * 32
    assert "sha256sum" in container["command"][2]
    assert "sha256sum" not in fetcher(built(endpoint()))["command"][2]


def test_a_model_hubs_repository_is_fetched_by_the_hubs_client_and_checked_too(built):
    artifact = ArtifactPlan(bucket=None, path="hf://acme/fraud@v2", sha256="cd" * 32)
    fetch, check = pod(built(version(endpoint(), artifact=artifact)))["initContainers"]
    assert re.fullmatch(r"docker\.io/kserve/storage-initializer:v\d+\.\d+\.\d+", fetch["image"])
    assert fetch["args"] == ["hf://acme/fraud:v2", "/models"]
    assert env(check)["SHA256"] == "cd" * 32


def test_an_image_that_holds_its_model_fetches_nothing(built):
    spec = pod(built(version(endpoint(), artifact=None)))
    assert "initContainers" not in spec
    assert [each["mountPath"] for each in spec["containers"][0]["volumeMounts"]] == ["/tmp", "/dev/shm"]


def test_the_model_is_read_only_to_its_container(built):
    mounts = {each["mountPath"]: each for each in main(built(endpoint()))["volumeMounts"]}
    assert mounts["/models"]["readOnly"] is True
    assert env(main(built(endpoint())))["HOME"] == "/tmp"


def test_the_cloud_knows_the_pods_before_they_start(built):
    identity = CloudIdentity(annotations={"azure.workload.identity/client-id": "one"}, pod_labels={"azure.workload.identity/use": "true"})
    deployment = built(endpoint(), identity=identity)
    account = deployment.one("kubernetes:core/v1:ServiceAccount").inputs["metadata"]
    assert account["annotations"] == {"azure.workload.identity/client-id": "one"}
    assert account["name"] == "fraud-endpoint"
    template = deployment.one(DEPLOYMENT).inputs["spec"]["template"]["metadata"]
    assert template["labels"]["azure.workload.identity/use"] == "true"


def test_an_image_of_our_registry_has_its_address_and_another_stays_as_it_is(built):
    ours_at = pulumi.Output.from_input("r.example/fraud-1a2b")
    registry = {"address": pulumi.Output.from_input("r.example"), "repositories": {"fraud": ours_at}}
    ours = version(endpoint(), image="fraud:7")
    assert main(built(ours, registry=registry))["image"] == "r.example/fraud-1a2b:7"
    assert main(built(endpoint(), registry=registry))["image"].startswith("registry.example/serving@sha256:")


def test_a_preview_of_a_first_deployment_knows_no_address_and_goes_on(built):
    deployment = built(endpoint(canary=("fraud-2", 10)), preview=True)
    assert len(deployment.of_type(DEPLOYMENT)) == 2
    assert deployment.one(ROUTE).inputs["spec"]["rules"]


def test_an_unchanged_endpoint_is_built_alike_when_another_changes(built):
    def of_other(deployment):
        return {(each.type, each.name): each.inputs for each in deployment.resources if each.name.startswith("other")}

    other = endpoint("other-1", name="other")
    assert of_other(built(endpoint(), other)) == of_other(built(endpoint("fraud-2", canary=("fraud-3", 5)), other))
