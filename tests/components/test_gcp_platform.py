"""How an environment's quotas, network, cluster, pools and workloads come together on Google Cloud."""

from dataclasses import replace

import pulumi
import pytest

from components import deploy
from components.gcp.quotas import quota_limit
from plan.model import ExistingClusterPlan, ExistingNetworkPlan, KubernetesPlan, Plan, PrivateEndpointPlan, QuotaNeed, WorkloadPlan
from tests.components.plans import LABELS, cluster_plan, network_plan, pool_plan, rung_plan

CLUSTER, POOL, JOB = "gcp:container/cluster:Cluster", "gcp:container/nodePool:NodePool", "kubernetes:batch/v1:Job"
COMPUTE_CLASS = "kubernetes:cloud.google.com/v1:ComputeClass"
ZONE = PrivateEndpointPlan(name="pkg-dev", service="all-apis", kind="private-dns", dns_zone="pkg.dev.")
SMOKE_TEST = WorkloadPlan(
    name="smoke-test",
    kind="job",
    namespace="research",
    labels=LABELS,
    image="cuda",
    command=("nvidia-smi",),
    replicas=1,
    requests={"nvidia.com/gpu": "1"},
    selector={"cloud.google.com/compute-class": "gpu"},
    tolerations=(),
    pool="gpu",
    queue=None,
)
L4 = QuotaNeed(
    code="NVIDIA_L4_GPUS",
    name="NVIDIA L4 GPUs",
    unit="GPU",
    minimum=0,
    amount=8,
    drivers=("gpu",),
    default=None,
    request="gcloud …",
    source="",
    service="compute.googleapis.com",
    quota_id="NVIDIA-L4-GPUS-per-project-region",
)


def ladder():
    rungs = (rung_plan("gcp", "gpu-on-demand", "onDemand"), rung_plan("gcp", "gpu-spot", "spot", priority=1))
    return replace(pool_plan("gcp", "gpu", gpu=True), rungs=rungs)


@pytest.fixture
def platform(registered):
    def build(*, preview=False, **choices):
        plain = Plan(
            cloud="gcp",
            region="europe-west4",
            stage="prod",
            labels=LABELS,
            buckets=(),
            decisions=(),
            network=network_plan("gcp", private_endpoints=(ZONE,)),
            cluster=cluster_plan("gcp"),
            node_pools=(pool_plan("gcp", "system"), ladder()),
            kubernetes=KubernetesPlan(add_ons=(), teams=(), flavors=(), workloads=(SMOKE_TEST,)),
        )
        return registered(lambda: deploy(replace(plain, **choices)), preview=preview)

    return build


def test_a_ladders_class_names_its_node_pools_as_gke_knows_them_in_their_order(platform):
    (made,) = platform().of_type(COMPUTE_CLASS)
    assert made.inputs["metadata"]["name"] == "gpu"
    assert made.inputs["spec"]["priorities"] == [{"nodepools": ["gpu-on-demand-1a2b3c4"]}, {"nodepools": ["gpu-spot-1a2b3c4"]}]


def test_what_runs_comes_after_its_nodes_and_goes_before_them(platform):
    deployment = platform()
    before = set(deployment.one("drydock:kubernetes:Workload").depends_on) | set(deployment.one(JOB).depends_on)
    assert {pool.urn for pool in deployment.of_type(POOL)} | {deployment.one(COMPUTE_CLASS).urn} <= before


def test_nodes_come_after_their_cluster_and_that_after_a_way_out(platform):
    deployment = platform()
    cluster = deployment.one(CLUSTER)
    ways = [*deployment.of_type("gcp:compute/routerNat:RouterNat"), *deployment.of_type("gcp:dns/recordSet:RecordSet")]
    assert len(ways) == 3
    assert {way.urn for way in ways} <= set(cluster.depends_on)
    grants = {grant.urn for grant in deployment.of_type("gcp:projects/iAMMember:IAMMember")}
    for pool in deployment.of_type(POOL):
        assert {cluster.urn, *grants} <= set(pool.depends_on)


def test_nodes_join_an_existing_cluster_and_nothing_else_is_made_for_it(platform):
    existing = ExistingNetworkPlan(identifier="theirs", private_subnets=("nodes",), pod_range="p", service_range="s")
    deployment = platform(
        network=network_plan("gcp", existing=existing, private_subnets=()),
        cluster=cluster_plan("gcp", existing=ExistingClusterPlan(name="theirs")),
    )
    assert {pool.inputs["cluster"] for pool in deployment.of_type(POOL)} == {"theirs"}
    google = {each.type for each in deployment.resources if each.type.startswith("gcp:")}
    assert google == {POOL, "gcp:serviceaccount/account:Account", "gcp:projects/iAMMember:IAMMember"}


def test_a_quota_that_the_least_does_not_fit_into_stops_the_preview(platform):
    with pytest.raises(pulumi.RunError, match=r"gpu: needs 5 GPU of NVIDIA L4 GPUs in europe-west4, the account has 4"):
        platform(preview=True, quotas=(replace(L4, minimum=5),))


@pytest.mark.parametrize(
    ("dimensions", "region", "limit"),
    [({}, "europe-west4", 4), ({"gpu_family": "NVIDIA_H100"}, "europe-west4", 8), ({}, "us-east1", -1), ({}, "asia-east1", None)],
)
def test_a_quotas_limit_is_that_of_the_entry_which_says_most_about_the_place(registered, dimensions, region, limit):
    # Of entries for a family other than the one that is meant, none holds.
    found = []
    deployment = registered(lambda: found.append(quota_limit(replace(L4, dimensions=dimensions), region)))
    assert found == [limit]
    asked = deployment.asked[-1]
    assert dict(asked.args) == {
        "parent": "projects/acme-ml",
        "service": "compute.googleapis.com",
        "quotaId": "NVIDIA-L4-GPUS-per-project-region",
    }


def test_a_quota_without_a_look_up_is_not_asked_for(registered):
    deployment = registered(lambda: quota_limit(replace(L4, service=""), "europe-west4"))
    assert deployment.asked == []
