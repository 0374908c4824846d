"""Pods: free on declared nodes, by request without nodes, a share of someone else's nodes."""

from decimal import Decimal
from typing import Any

import pytest

from costs.kubernetes.autopilot import size as autopilot_size
from costs.kubernetes.fargate import size as fargate_size
from costs.kubernetes.requests import Requests, requests
from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource, told, usd
from tests.costs.kubernetes.clusters import AKS, AUTOPILOT, AWS_PRICES, EKS, GCP_PRICES, GKE, deployment, pod

NODES = resource("aws:eks/nodeGroup:NodeGroup", "nodes", {"scalingConfig": {"minSize": 1, "maxSize": 1, "desiredSize": 1}})
PROFILE = resource("aws:eks/fargateProfile:FargateProfile", "fp", {"selectors": [{"namespace": "ml-*"}]}, refers={"clusterName": EKS.urn})


def priced(*resources: Resource, **usage: Any) -> Estimate:
    return estimated(prices(*AWS_PRICES, *GCP_PRICES), *resources, usage=told(**usage))


def reasons(found: Estimate, urn: str) -> list[str]:
    return [each.reason for each in found.unpriced if each.urn == urn]


def in_namespace(name: Any, one: Resource) -> Resource:
    metadata = {**one.properties["metadata"], "namespace": name}
    return Resource(urn=one.urn, type=one.type, properties={**one.properties, "metadata": metadata})


# ── on nodes


@pytest.mark.parametrize(("cluster", "nodes"), [(EKS, [NODES]), (GKE, []), (AKS, [])])
def test_pods_on_declared_nodes_cost_nothing_by_themselves(cluster: Resource, nodes: list[Resource]) -> None:
    app = deployment(replicas=3)
    found = priced(app, cluster, *nodes)
    assert not [each for each in (*found.lines, *found.unpriced) if each.urn == app.urn]
    assert app.urn not in found.unsupported


def test_pods_on_a_cluster_of_someone_else_name_what_they_ask_for() -> None:
    app = deployment(replicas=3, spec=pod("4", "16Gi", gpus=1))
    assert reasons(priced(app), app.urn) == [
        "3 replicas × 4 vCPU, 16 GiB, 1 nvidia.com/gpu run on nodes that this program does not declare"
    ]


def test_a_cluster_without_nodes_is_named() -> None:
    app = deployment()
    assert reasons(priced(app, EKS), app.urn) == ["1 replicas × 1 vCPU, 2 GiB need nodes, and this program declares none for its cluster"]


@pytest.mark.parametrize(
    ("kind", "spec", "reason"),
    [
        ("batch/v1:Job", {"parallelism": 4, "template": {"spec": pod()}}, "4 parallel pods × 1 vCPU, 2 GiB"),
        ("batch/v1:CronJob", {"jobTemplate": {"spec": {"template": {"spec": pod()}}}}, "1 parallel pods × 1 vCPU, 2 GiB"),
        ("apps/v1:DaemonSet", {"template": {"spec": pod()}}, "one pod on each node × 1 vCPU, 2 GiB"),
        ("core/v1:Pod", pod("500m", "1Gi"), "1 pods × 0.5 vCPU, 1 GiB"),
        (
            "serving.kserve.io/v1beta1:InferenceService",
            {"predictor": {"minReplicas": 2, "maxReplicas": 5, "model": {"resources": {"limits": {"cpu": 2, "nvidia.com/gpu": 1}}}}},
            "2 … 5 predictor replicas × 2 vCPU, 1 nvidia.com/gpu",
        ),
        (
            "serving.kserve.io/v1beta1:InferenceService",
            {"predictor": {"model": {"modelFormat": {"name": "onnx"}}}},
            "1 … unlimited predictor replicas × requests that cannot be read",
        ),
        (
            "jobset.x-k8s.io/v1alpha2:JobSet",
            {"replicatedJobs": [{"replicas": 2, "template": {"spec": {"parallelism": 4, "template": {"spec": pod()}}}}]},
            "8 parallel pods × 1 vCPU, 2 GiB",
        ),
        (
            "kubeflow.org/v1:PyTorchJob",
            {"pytorchReplicaSpecs": {"Worker": {"replicas": 4, "template": {"spec": pod(gpus=8)}}}},
            "4 worker pods × 1 vCPU, 2 GiB, 8 nvidia.com/gpu",
        ),
        ("keda.sh/v1alpha1:ScaledJob", {"jobTargetRef": {"template": {"spec": pod()}}}, "0 … 100 jobs × 1 vCPU, 2 GiB"),
    ],
)
def test_every_kind_of_workload_tells_its_pods(kind: str, spec: dict[str, Any], reason: str) -> None:
    one = resource(f"kubernetes:{kind}", properties={"spec": spec})
    assert reasons(priced(one), one.urn) == [f"{reason} run on nodes that this program does not declare"]


def test_a_group_of_a_leader_worker_set_is_a_leader_and_its_workers() -> None:
    sets = {"replicas": 2, "leaderWorkerTemplate": {"size": 4, "workerTemplate": {"spec": pod(gpus=8)}}}
    one = resource("kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet", properties={"spec": sets})
    # 2 groups × 1 leader, 2 × (4 - 1) workers
    assert [each.split(" run")[0] for each in reasons(priced(one), one.urn)] == [
        "2 leaders × 1 vCPU, 2 GiB, 8 nvidia.com/gpu",
        "6 workers × 1 vCPU, 2 GiB, 8 nvidia.com/gpu",
    ]


def test_a_ray_service_is_its_head_and_its_worker_groups() -> None:
    group = {"minReplicas": 1, "maxReplicas": 3, "replicas": 2, "numOfHosts": 2, "template": {"spec": pod()}}
    cluster = {"enableInTreeAutoscaling": True, "headGroupSpec": {"template": {"spec": pod("2")}}, "workerGroupSpecs": [group]}
    one = resource("kubernetes:ray.io/v1:RayService", properties={"spec": {"rayClusterConfig": cluster}})
    assert [each.split(" run")[0] for each in reasons(priced(one), one.urn)] == [
        "1 head pods × 2 vCPU, 2 GiB",
        "2 … 6 workers × 1 vCPU, 2 GiB",
    ]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("jobset.x-k8s.io/v1alpha2:JobSet", {"replicatedJobs": UNKNOWN}),
        ("ray.io/v1:RayCluster", {"headGroupSpec": {"template": {"spec": pod()}}, "workerGroupSpecs": UNKNOWN}),
        ("kubeflow.org/v1:PyTorchJob", {"pytorchReplicaSpecs": UNKNOWN}),
        ("kubeflow.org/v1:PyTorchJob", UNKNOWN),
        ("serving.kserve.io/v1beta1:InferenceService", UNKNOWN),
    ],
)
def test_pods_that_cannot_be_read_are_not_left_out(kind: str, spec: Any) -> None:
    one = resource(f"kubernetes:{kind}", properties={"spec": spec})
    assert "requests that cannot be read" in reasons(priced(one), one.urn)[-1]


def test_volume_templates_that_cannot_be_read_are_not_left_out() -> None:
    one = deployment(kind="apps/v1:StatefulSet", volumeClaimTemplates=UNKNOWN)
    assert reasons(priced(one, GKE), one.urn) == ["its storage request is known only after `up`"]


# ── requests


def test_init_containers_run_before_and_sidecars_beside() -> None:
    def asks(cpu: str, **more: str) -> dict[str, Any]:
        return {"resources": {"requests": {"cpu": cpu}}, **more}

    spec = {
        "initContainers": [asks("3"), asks("500m", restartPolicy="Always")],
        "containers": [asks("1"), asks("1")],
        "overhead": {"cpu": "250m"},
    }
    # max(3, 1 + 1 + 0.5) + 0.25
    assert requests(spec) == Requests(Decimal("3.25"), Decimal(0))


def test_a_limit_without_a_request_is_one() -> None:
    assert requests({"containers": [{"resources": {"limits": {"memory": "4Gi", "cpu": "2"}, "requests": {"cpu": "1"}}}]}) == Requests(
        Decimal(1), Decimal(4)
    )


@pytest.mark.parametrize("spec", [pod(UNKNOWN), pod("a lot"), {"containers": UNKNOWN}, UNKNOWN, None])
def test_requests_that_cannot_be_read_are_unknown(spec: Any) -> None:
    assert requests(spec) is None


# ── Autopilot


def test_autopilot_bills_what_pods_request() -> None:
    app = deployment(replicas=3, spec=pod("2", "8Gi"))
    found = priced(app, AUTOPILOT)
    # 3 pods × 2 vCPU × 730 h × 0.0445 USD/vCPU-hour (GKE pricing, Autopilot, us-central1)
    assert usd(found, "replicas: vCPU") == (Decimal("194.9100"),) * 3
    # 3 × 8 GiB × 730 h × 0.0049225 USD
    assert usd(found, "replicas: GiB of memory") == (Decimal("86.2422"),) * 3
    # 3 × 1 GiB (the default) × 730 h × 0.0000548 USD
    assert usd(found, "replicas: GiB of ephemeral") == (Decimal("0.1200"),) * 3


def test_an_autoscaler_gives_the_limits_and_traffic_what_is_between() -> None:
    app = deployment(replicas=2, spec=pod("1", "2Gi"))
    scaler = resource(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        properties={"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "app"}, "minReplicas": 2, "maxReplicas": 10}},
    )
    found = priced(app, AUTOPILOT, scaler, requestsPerSecond=40, requestsPerSecondPerReplica=8)
    # 2, ceil(40 ÷ 8) = 5, 10 pods × 1 vCPU × 730 h × 0.0445 USD
    assert usd(found, "replicas: vCPU") == (Decimal("64.9700"), Decimal("162.4250"), Decimal("324.8500"))


def test_a_keda_scaled_object_finds_its_target_by_reference_too() -> None:
    app = deployment(replicas=1, spec=pod("1", "2Gi"))
    scaled = resource(
        "kubernetes:keda.sh/v1alpha1:ScaledObject",
        properties={"spec": {"scaleTargetRef": {"name": UNKNOWN}, "maxReplicaCount": 4}},
        refers={"spec": app.urn},
    )
    low, _, high = usd(priced(app, AUTOPILOT, scaled), "replicas: vCPU")
    # 0 (KEDA's default) and 4 pods × 730 h × 0.0445 USD
    assert (low, high) == (Decimal(0), Decimal("129.9400"))


@pytest.mark.parametrize(
    ("asked", "billed"),
    [
        (("1", "1"), ("1", "1")),
        # at least 1 GiB for each vCPU
        (("4", "2"), ("4", "4")),
        # at most 6.5 GiB for each vCPU: 13 ÷ 6.5
        (("1", "13"), ("2", "13")),
        # the least pod
        (("0.01", "0.01"), ("0.05", str(Decimal(52) / 1024))),
    ],
)
def test_autopilot_keeps_memory_in_proportion(asked: tuple[str, str], billed: tuple[str, str]) -> None:
    found = autopilot_size(Requests(Decimal(asked[0]), Decimal(asked[1])))
    assert (found.cpu, found.memory_gib) == (Decimal(billed[0]), max(Decimal(billed[1]), Decimal(billed[0])))


def test_accelerators_on_autopilot_are_named_not_guessed() -> None:
    app = deployment(spec=pod(gpus=1))
    assert "compute class Accelerator" in reasons(priced(app, AUTOPILOT), app.urn)[0]


def test_a_job_runs_no_longer_than_its_deadline() -> None:
    spec = {"activeDeadlineSeconds": 7200, "template": {"spec": pod("1", "1Gi")}}
    one = resource("kubernetes:batch/v1:Job", properties={"spec": spec})
    found = priced(one, AUTOPILOT)
    # at most 7,200 s = 2 h × 1 vCPU × 0.0445 USD; how long it really runs nobody says
    assert usd(found, "parallel pods: vCPU") == (Decimal(0), Decimal("0.0890"), Decimal("0.0890"))
    assert [each.quantity for each in found.assumptions if each.urn == one.urn] == ["hoursPerMonth"]


@pytest.mark.parametrize("replicas", [UNKNOWN, -1, "many", 1.5, True])
def test_a_number_of_replicas_that_is_none_is_unpriced(replicas: Any) -> None:
    app = deployment(replicas=replicas)
    assert "number of replicas" in reasons(priced(app, AUTOPILOT), app.urn)[0]


# ── Fargate


def test_fargate_bills_the_next_larger_size_of_selected_pods() -> None:
    app = in_namespace("ml-serving", deployment(replicas=2, spec=pod("1", "2Gi")))
    found = priced(app, EKS, PROFILE)
    # 2 GiB + 0.25 GiB of Kubernetes' own is 3 GiB of the 1 vCPU sizes.
    # 2 pods × 1 vCPU × 730 h × 0.04048 USD (AWS Fargate pricing, us-east-1)
    assert usd(found, "replicas on Fargate: vcpu") == (Decimal("59.1008"),) * 3
    # 2 pods × 3 GiB × 730 h × 0.00444 USD
    assert usd(found, "replicas on Fargate: memory") == (Decimal("19.4472"),) * 3


@pytest.mark.parametrize(
    ("cpu", "gib", "billed"),
    [
        ("0", "0", ("0.25", "0.5")),
        ("0.25", "1", ("0.25", "2")),
        ("0.25", "2", ("0.5", "3")),
        ("3", "7.75", ("4", "8")),
        ("4", "30", ("8", "32")),
        ("16", "100", ("16", "104")),
    ],
)
def test_fargate_sizes(cpu: str, gib: str, billed: tuple[str, str]) -> None:
    found = fargate_size(Requests(Decimal(cpu), Decimal(gib)))
    assert found is not None
    assert (found.cpu, found.memory_gib) == (Decimal(billed[0]), Decimal(billed[1]))


def test_what_fits_no_fargate_size_has_none() -> None:
    assert fargate_size(Requests(Decimal(17), Decimal(1))) is None
    assert fargate_size(Requests(Decimal(1), Decimal(120))) is None
    assert fargate_size(Requests(Decimal(1), Decimal(1), accelerators={"nvidia.com/gpu": Decimal(1)})) is None


def test_an_unknown_namespace_leaves_fargate_open() -> None:
    app = in_namespace(UNKNOWN, deployment())
    assert "whether it runs on Fargate" in reasons(priced(app, EKS, NODES, PROFILE), app.urn)[0]


def test_a_profile_of_another_namespace_selects_nothing() -> None:
    app = in_namespace("web", deployment())
    assert not [each for each in priced(app, EKS, NODES, PROFILE).lines if each.urn == app.urn]


def test_pods_that_the_program_declares_are_not_counted_with_autopilot_again() -> None:
    pods = [each for each in estimated(prices(*GCP_PRICES), AUTOPILOT, deployment(replicas=2)).lines if "pods'" in each.driver]
    assert not pods
    alone = estimated(prices(*GCP_PRICES), AUTOPILOT)
    assert [each for each in alone.lines if "pods'" in each.driver]


def test_pods_that_the_program_declares_are_not_counted_with_their_fargate_profile_again() -> None:
    profile = resource("aws:eks/fargateProfile:FargateProfile", "all", {"region": "us-east-1", "selectors": [{"namespace": "default"}]})
    with_pods = estimated(prices(*AWS_PRICES), EKS, profile, deployment())
    assert not [each for each in with_pods.lines if each.urn == profile.urn]
    assert [each for each in estimated(prices(*AWS_PRICES), EKS, profile).lines if each.urn == profile.urn]
