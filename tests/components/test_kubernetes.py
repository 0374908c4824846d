"""What stands in every cluster, as Kubernetes objects. Expected values: the Kubernetes API reference and the charts' own documents."""

from dataclasses import replace

import pulumi_kubernetes as kubernetes
import pytest

from components.kubernetes import NodeClassRef, compute_class, deploy, deploy_kubernetes, karpenter_node_pool
from plan.model import (
    AddOnPlan,
    ClusterPlan,
    EgressPlan,
    EncryptionPlan,
    ExistingClusterPlan,
    KubernetesPlan,
    MaintenancePlan,
    NodeLocalDnsPlan,
    Plan,
    QueueFlavorPlan,
    QueuePlan,
    QuotaPlan,
    ShareQuotaPlan,
    TeamPlan,
    Toleration,
    WorkloadPlan,
)
from tests.components.plans import pool_plan, rung_plan

RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
QUOTA = "kubernetes:core/v1:ResourceQuota"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
JOB = "kubernetes:batch/v1:Job"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
GPU_TOLERATION = Toleration(key="nvidia.com/gpu", operator="Equal", value="present", effect="NoSchedule")

CHART = AddOnPlan(
    name="keda",
    chart="keda",
    repository="https://kedacore.github.io/charts",
    version="2.21.0",
    namespace="keda",
    values={"operator": {"replicaCount": 1}},
    pod_security="restricted",
)
TEAM = TeamPlan(
    name="search",
    namespace="search-ns",
    labels={"stage": "dev"},
    quota=QuotaPlan(hard={"requests.nvidia.com/gpu": "4"}),
    group="search-engineers",
    pod_security="restricted",
    allow_from=(),
    internet_egress=False,
    queue=None,
    container_requests={"cpu": "100m"},
    container_limits={"memory": "1Gi"},
)
WORK = WorkloadPlan(
    name="train",
    kind="job",
    namespace="search-ns",
    labels={"stage": "dev"},
    image="ghcr.io/acme/train:1",
    command=("train",),
    replicas=1,
    requests={"cpu": "2000m", "memory": "4096Mi", "nvidia.com/gpu": "1"},
    selector={"drydock/pool": "gpu"},
    tolerations=(GPU_TOLERATION,),
    pool="gpu",
    queue=None,
)
CLUSTER = ClusterPlan(
    name="cluster",
    labels={},
    version="",
    upgrade_channel="",
    tier=None,
    private_api=True,
    authorized_ranges=(),
    audit_logs=(),
    log_retention_days=0,
    encryption=EncryptionPlan(),
    owner_group=None,
    cloud_add_ons=(),
    node_provisioner="none",
    maintenance=MaintenancePlan(days=(), start_hour_utc=0, hours=0),
    deletion_protection=False,
    zones=(),
    existing=ExistingClusterPlan(context="lab"),
)


def whole(**parts):
    inside = KubernetesPlan(**{"add_ons": (), "teams": (), "flavors": (), "workloads": (), **parts})
    return Plan(
        cloud="kubernetes",
        region="berlin",
        stage="dev",
        labels={},
        buckets=(),
        decisions=(),
        cluster=CLUSTER,
        node_pools=(pool_plan("aws", "gpu", gpu=True),),
        kubernetes=inside,
    )


@pytest.fixture
def built(registered):
    def build(options=None, **parts):
        return registered(lambda: deploy_kubernetes(whole(**parts), **(options or {})))

    return build


def names(deployment, type_):
    return {resource.name for resource in deployment.of_type(type_)}


def pod_of(deployment, type_):
    return deployment.one(type_).inputs["spec"]["template"]["spec"]


def test_a_chart_is_pinned_and_taken_back_where_it_fails(built):
    inputs = built(add_ons=(CHART,)).one(RELEASE, "keda-release").inputs
    assert (inputs["chart"], inputs["version"], inputs["repositoryOpts"]) == (
        "keda",
        "2.21.0",
        {"repo": "https://kedacore.github.io/charts"},
    )
    assert (inputs["atomic"], inputs["cleanupOnFail"], inputs["skipAwait"]) == (True, True, False)
    assert inputs["timeout"] == 900


def test_a_chart_in_a_registry_is_named_by_its_whole_reference(built):
    chart = replace(CHART, chart="kueue", repository="oci://registry.k8s.io/kueue/charts")
    inputs = built(add_ons=(chart,)).one(RELEASE).inputs
    assert inputs["chart"] == "oci://registry.k8s.io/kueue/charts/kueue"
    assert "repositoryOpts" not in inputs


def test_what_the_cloud_knows_wins_over_the_plan_and_leaves_the_rest(built):
    values = {"keda": {"operator": {"replicaCount": 3, "name": "x"}}}
    merged = built({"chart_values": values}, add_ons=(replace(CHART, values={"operator": {"replicaCount": 1, "a": 1}, "b": 2}),))
    assert merged.one(RELEASE).inputs["values"] == {"operator": {"replicaCount": 3, "name": "x", "a": 1}, "b": 2}


def test_an_add_on_has_a_namespace_with_its_pod_security_that_goes_with_it(built):
    deployment = built(add_ons=(CHART,))
    namespace = deployment.one(NAMESPACE, "keda-namespace")
    assert namespace.inputs["metadata"]["name"] == "keda"
    assert namespace.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert namespace.urn in deployment.one(RELEASE).depends_on


def test_kube_system_is_never_made(built):
    deployment = built(add_ons=(replace(CHART, namespace="kube-system"),))
    assert deployment.of_type(NAMESPACE) == []
    assert deployment.one(RELEASE).inputs["namespace"] == "kube-system"


def test_gke_is_told_which_namespace_may_have_critical_pods(built):
    # GKE: pods of system-node-critical run outside kube-system only under a quota that names the priority class.
    spec = built(add_ons=(replace(CHART, critical=True),)).one(QUOTA).inputs["spec"]
    (scope,) = spec["scopeSelector"]["matchExpressions"]
    assert (scope["scopeName"], scope["operator"]) == ("PriorityClass", "In")
    assert "system-node-critical" in scope["values"]
    assert built(add_ons=(CHART,)).of_type(QUOTA) == []


def test_charts_wait_for_nodes_and_for_one_another(registered):
    second = replace(CHART, name="kueue", namespace="kueue-system", after=("keda",))

    def program():
        node = kubernetes.core.v1.ConfigMap("node")
        deploy_kubernetes(whole(add_ons=(CHART, second)), nodes=[node])

    deployment = registered(program)
    node = deployment.one("kubernetes:core/v1:ConfigMap", "node").urn
    components = {each.name: each for each in deployment.of_type("drydock:kubernetes:AddOn")}
    assert node in components["keda"].depends_on
    assert deployment.one(RELEASE, "keda-release").urn in components["kueue"].depends_on


def test_nodes_of_an_add_on_stand_between_it_and_the_workloads(registered):
    # Destroyed in reverse: workloads, then Karpenter's pools, then Karpenter, then the nodes that it runs on.
    def build_nodes(add_ons, opts):
        assert set(add_ons) == {"keda"}
        return [kubernetes.core.v1.ConfigMap("pool", opts=opts)]

    deployment = registered(lambda: deploy_kubernetes(whole(add_ons=(CHART,), teams=(TEAM,), workloads=(WORK,)), build_nodes=build_nodes))
    pool = deployment.one("kubernetes:core/v1:ConfigMap", "pool")
    assert deployment.one(RELEASE).urn in pool.depends_on
    workload = deployment.one("drydock:kubernetes:Workload")
    assert {pool.urn, deployment.one(RELEASE).urn, deployment.one(NAMESPACE, "search-namespace").urn} <= set(workload.depends_on)


def test_a_teams_namespace_enforces_its_pod_security(built):
    labels = built(teams=(replace(TEAM, pod_security="baseline"),)).one(NAMESPACE).inputs["metadata"]["labels"]
    prefix = "pod-security.kubernetes.io"
    assert {key: value for key, value in labels.items() if key.startswith(prefix)} == {
        f"{prefix}/enforce": "baseline",
        f"{prefix}/audit": "restricted",
        f"{prefix}/warn": "restricted",
    }
    assert (labels["drydock/team"], labels["stage"]) == ("search", "dev")


def test_a_team_has_its_quota_its_defaults_and_the_right_to_edit(built):
    deployment = built(teams=(TEAM,))
    assert deployment.one(QUOTA).inputs["spec"] == {"hard": {"requests.nvidia.com/gpu": "4"}}
    (item,) = deployment.one("kubernetes:core/v1:LimitRange").inputs["spec"]["limits"]
    assert item == {"type": "Container", "defaultRequest": {"cpu": "100m"}, "default": {"memory": "1Gi"}}
    binding = deployment.one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding").inputs
    assert (binding["roleRef"]["kind"], binding["roleRef"]["name"]) == ("ClusterRole", "edit")
    assert binding["subjects"] == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "search-engineers"}]
    bare = built(teams=(replace(TEAM, quota=None, group=None),))
    assert bare.of_type(QUOTA) == []
    assert bare.of_type("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding") == []


def test_a_namespace_is_closed_in_both_directions(built):
    deployment = built(teams=(TEAM,))
    # An empty selector means every pod; a direction without a rule lets nothing through.
    assert deployment.one(POLICY, "search-deny").inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert names(deployment, POLICY) == {"search-deny", "search-dns", "search-within"}


def test_pods_may_ask_for_names_and_speak_among_themselves(built):
    deployment = built(teams=(TEAM,))
    (dns,) = deployment.one(POLICY, "search-dns").inputs["spec"]["egress"]
    assert dns["ports"] == [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    assert dns["to"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "kube-system"}
    assert {"ipBlock": {"cidr": "169.254.20.10/32"}} in dns["to"]
    within = deployment.one(POLICY, "search-within").inputs["spec"]
    assert within["ingress"] == [{"from": [{"podSelector": {}}]}]
    assert within["egress"] == [{"to": [{"podSelector": {}}]}]


def test_other_teams_are_let_in_and_called_by_their_namespace(built):
    deployment = built(teams=(replace(TEAM, allow_from=("vision",), allow_to=("ranking",)),))
    (inward,) = deployment.one(POLICY, "search-allow-from").inputs["spec"]["ingress"]
    assert inward == {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "vision"}}}]}
    (outward,) = deployment.one(POLICY, "search-allow-to").inputs["spec"]["egress"]
    assert outward == {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ranking"}}}]}


def test_the_internet_is_public_addresses_only(built):
    deployment = built(teams=(replace(TEAM, internet_egress=True),))
    (rule,) = deployment.one(POLICY, "search-internet").inputs["spec"]["egress"]
    block = rule["to"][0]["ipBlock"]
    assert block["cidr"] == "0.0.0.0/0"
    # RFC 1918, and 169.254.0.0/16 with the machine's credentials.
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"} <= set(block["except"])


def test_services_of_the_cloud_are_reached_at_their_ports(built):
    deployment = built({"service_ranges": ["52.218.0.0/17"]}, teams=(TEAM,), egress=(EgressPlan(cidr="199.36.153.8/30", ports=(443,)),))
    (rule,) = deployment.one(POLICY, "search-services").inputs["spec"]["egress"]
    assert rule == {"to": [{"ipBlock": {"cidr": "199.36.153.8/30"}}], "ports": [{"protocol": "TCP", "port": 443}]}
    (cloud,) = deployment.one(POLICY, "search-cloud").inputs["spec"]["egress"]
    assert cloud == {"to": [{"ipBlock": {"cidr": "52.218.0.0/17"}}], "ports": [{"protocol": "TCP", "port": 443}]}


def test_a_pod_keeps_to_the_restricted_standard(built):
    # Kubernetes documentation, Pod Security Standards, Restricted.
    pod = pod_of(built(teams=(TEAM,), workloads=(WORK,)), JOB)
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] != 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False


def test_a_pod_lands_on_its_pool_and_takes_what_it_asks_for(built):
    pod = pod_of(built(teams=(TEAM,), workloads=(WORK,)), JOB)
    assert pod["nodeSelector"] == {"drydock/pool": "gpu"}
    assert pod["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Equal", "value": "present", "effect": "NoSchedule"}]
    resources = pod["containers"][0]["resources"]
    # Extended resources take no requests without equal limits.
    assert resources["requests"]["nvidia.com/gpu"] == resources["limits"]["nvidia.com/gpu"] == "1"
    assert resources["limits"]["memory"] == "4096Mi"
    assert "cpu" not in resources["limits"]


def test_nobody_waits_for_a_job_to_end(built):
    deployment = built(teams=(TEAM,), workloads=(replace(WORK, replicas=3),))
    inputs = deployment.one(JOB).inputs
    assert inputs["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert "name" not in inputs["metadata"]
    assert (inputs["spec"]["parallelism"], inputs["spec"]["completions"]) == (3, 3)
    assert inputs["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    # What deletes itself would be missing at the next preview.
    assert "ttlSecondsAfterFinished" not in inputs["spec"]


def test_a_queued_workload_names_its_queue(built):
    queued = built(teams=(TEAM,), workloads=(replace(WORK, queue="search"),)).one(JOB).inputs
    assert queued["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "search"
    # Kueue suspends it and lets it go; a value here would be set back at each update.
    assert "suspend" not in queued["spec"]
    free = built(teams=(TEAM,), workloads=(WORK,)).one(JOB).inputs
    assert "kueue.x-k8s.io/queue-name" not in free["metadata"]["labels"]


def test_replicas_of_a_deployment_stand_apart_and_go_one_by_one(built):
    deployment = built(teams=(TEAM,), workloads=(replace(WORK, kind="deployment", replicas=3),))
    spec = deployment.one(DEPLOYMENT).inputs["spec"]
    assert spec["selector"]["matchLabels"] == {"drydock/workload": "train"}
    assert spec["template"]["metadata"]["labels"]["drydock/workload"] == "train"
    spread = spec["template"]["spec"]["topologySpreadConstraints"]
    assert [each["topologyKey"] for each in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    assert deployment.one(BUDGET).inputs["spec"]["maxUnavailable"] == 1
    alone = built(teams=(TEAM,), workloads=(replace(WORK, kind="deployment"),))
    assert alone.of_type(BUDGET) == []
    assert "topologySpreadConstraints" not in pod_of(alone, DEPLOYMENT)


def custom(deployment, kind):
    return [resource for resource in deployment.resources if resource.inputs.get("kind") == kind]


FLAVOR = QueueFlavorPlan(name="gpu", node_labels={"drydock/pool": "gpu"}, tolerations=(GPU_TOLERATION,), quota={"nvidia.com/gpu": "4"})
QUEUE = QueuePlan(
    name="search", cohort="teams", namespace="search-ns", shares={"nvidia.com/gpu": {"gpu": ShareQuotaPlan(nominal="3", borrowing="1")}}
)


def test_queues_are_kueues(built):
    # Kueue 0.19, v1beta2: ResourceFlavor, ClusterQueue, LocalQueue.
    deployment = built(add_ons=(CHART,), teams=(TEAM,), flavors=(FLAVOR,), queues=(QUEUE,))
    (flavor,), (queue,), (local,) = (custom(deployment, kind) for kind in ("ResourceFlavor", "ClusterQueue", "LocalQueue"))
    assert flavor.inputs["apiVersion"] == queue.inputs["apiVersion"] == "kueue.x-k8s.io/v1beta2"
    assert flavor.inputs["spec"]["nodeLabels"] == {"drydock/pool": "gpu"}
    assert queue.inputs["spec"]["cohortName"] == "teams"
    assert queue.inputs["spec"]["resourceGroups"] == [
        {
            "coveredResources": ["nvidia.com/gpu"],
            "flavors": [{"name": "gpu", "resources": [{"name": "nvidia.com/gpu", "nominalQuota": "3", "borrowingLimit": "1"}]}],
        }
    ]
    assert queue.inputs["spec"]["namespaceSelector"] == {"matchLabels": {"kubernetes.io/metadata.name": "search-ns"}}
    assert "admissionChecksStrategy" not in queue.inputs["spec"]
    assert local.inputs["metadata"]["namespace"] == "search-ns"
    assert local.inputs["spec"] == {"clusterQueue": "search"}


def test_queues_go_before_what_they_lead_to_and_before_kueue(built):
    # A flavor and a queue in use are kept by Kueue's finalizers, which nobody takes off once Kueue is gone.
    deployment = built(add_ons=(CHART,), teams=(TEAM,), flavors=(FLAVOR,), queues=(QUEUE,))
    (flavor,), (queue,), (local,) = (custom(deployment, kind) for kind in ("ResourceFlavor", "ClusterQueue", "LocalQueue"))
    assert deployment.one(RELEASE).urn in flavor.depends_on
    assert flavor.urn in queue.depends_on
    assert queue.urn in local.depends_on


def test_nodes_of_a_queued_pool_are_asked_for_before_a_job_starts(built):
    # Google Cloud, flex-start with queued provisioning and Kueue.
    deployment = built(teams=(TEAM,), flavors=(replace(FLAVOR, queued=True),), queues=(QUEUE,))
    (config,), (check,), (queue,) = (custom(deployment, kind) for kind in ("ProvisioningRequestConfig", "AdmissionCheck", "ClusterQueue"))
    assert config.inputs["spec"] == {"provisioningClassName": "queued-provisioning.gke.io", "managedResources": ["nvidia.com/gpu"]}
    assert check.inputs["spec"]["controllerName"] == "kueue.x-k8s.io/provisioning-request"
    (rule,) = queue.inputs["spec"]["admissionChecksStrategy"]["admissionChecks"]
    assert rule == {"name": check.inputs["metadata"]["name"], "onFlavors": ["gpu"]}


def test_the_class_of_gateways_waits_for_its_controller(built):
    deployment = built(add_ons=(CHART,), gateway_class="drydock", gateway_controller="gateway.envoyproxy.io/gatewayclass-controller")
    (gateway,) = custom(deployment, "GatewayClass")
    assert gateway.inputs["spec"] == {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"}
    assert deployment.one(RELEASE).urn in gateway.depends_on
    assert custom(built(gateway_class="gke-l7-rilb"), "GatewayClass") == []


def test_the_dns_cache_takes_over_the_address_of_the_dns_service(built):
    plan = NodeLocalDnsPlan(address="169.254.20.10", dns_address="172.20.0.10", image="registry.k8s.io/dns/k8s-dns-node-cache:1.26.4")
    deployment = built(node_local_dns=plan)
    pod = pod_of(deployment, "kubernetes:apps/v1:DaemonSet")
    arguments = pod["containers"][0]["args"]
    assert arguments[:4] == ["-localip", "169.254.20.10,172.20.0.10", "-conf", "/etc/Corefile"]
    assert pod["hostNetwork"] is True
    assert pod["tolerations"] == [{"operator": "Exists"}]
    settings = deployment.one("kubernetes:core/v1:ConfigMap").inputs["data"]["Corefile.base"]
    assert settings.count("bind 169.254.20.10 172.20.0.10") == settings.count("53 {") == 2
    assert settings.count("{") == settings.count("}")


def test_an_autoscaler_of_the_clouds_own_reads_its_order_where_it_looks(built):
    inputs = built(expander_priorities={100: ("^a$",), 1: (".*",)}).one("kubernetes:core/v1:ConfigMap").inputs
    assert inputs["metadata"] == {"name": "cluster-autoscaler-priority-expander", "namespace": "kube-system"}
    assert inputs["data"]["priorities"].splitlines() == ["100:", "- ^a$", "1:", "- .*"]


def test_karpenter_tries_rungs_by_weight(registered):
    # Karpenter v1, NodePool: the highest weight is tried first; limits count what nodes offer.
    rung = rung_plan("aws", "gpu-spot", "spot", priority=1, max_nodes=3, provisioner="karpenter")
    pool = pool_plan("aws", "gpu", gpu=True)
    ref = NodeClassRef(group="karpenter.k8s.aws", kind="EC2NodeClass", name="gpu")
    deployment = registered(lambda: karpenter_node_pool(pool, rung, node_class=ref))
    inputs = deployment.one("kubernetes:karpenter.sh/v1:NodePool").inputs
    spec = inputs["spec"]
    assert spec["weight"] == 99
    assert spec["limits"] == {"cpu": "12", "nvidia.com/gpu": "3"}
    wanted = {each["key"]: each["values"] for each in spec["template"]["spec"]["requirements"]}
    assert wanted["karpenter.sh/capacity-type"] == ["spot"]
    assert wanted["node.kubernetes.io/instance-type"] == ["g6.xlarge"]
    assert wanted["topology.kubernetes.io/zone"] == ["eu-west-1a", "eu-west-1b"]
    assert spec["template"]["spec"]["nodeClassRef"] == {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "gpu"}


def test_a_run_on_an_accelerator_is_not_moved_to_save_a_part_of_a_node(registered):
    ref = NodeClassRef(group="karpenter.k8s.aws", kind="EC2NodeClass", name="x")

    def spec(pool):
        deployment = registered(lambda: karpenter_node_pool(pool, pool.rungs[0], node_class=ref))
        return deployment.one("kubernetes:karpenter.sh/v1:NodePool").inputs["spec"]

    gpu, cpu = spec(pool_plan("aws", "gpu", gpu=True)), spec(pool_plan("aws"))
    assert (gpu["disruption"]["consolidationPolicy"], gpu["template"]["spec"]["expireAfter"]) == ("WhenEmpty", "Never")
    assert (cpu["disruption"]["consolidationPolicy"], cpu["template"]["spec"]["expireAfter"]) == ("WhenEmptyOrUnderutilized", "720h")
    assert gpu["template"]["spec"]["taints"] == [{"key": "nvidia.com/gpu", "effect": "NoSchedule", "value": "present"}]


def test_a_compute_class_names_node_pools_in_order(registered):
    deployment = registered(lambda: compute_class(pool_plan("gcp", "gpu", gpu=True), ["gpu-spot-1a", "gpu-2b"]))
    inputs = deployment.one("kubernetes:cloud.google.com/v1:ComputeClass").inputs
    assert inputs["metadata"]["name"] == "gpu"
    assert inputs["spec"]["priorities"] == [{"nodepools": ["gpu-spot-1a"]}, {"nodepools": ["gpu-2b"]}]
    assert inputs["spec"]["whenUnsatisfiable"] == "DoNotScaleUp"


def test_everything_goes_to_the_clusters_own_provider(registered):
    seen = {}

    def program():
        provider = kubernetes.Provider("theirs", context="lab")
        seen.update(deploy_kubernetes(whole(teams=(TEAM,), add_ons=(CHART,)), provider=provider).outputs)

    registered(program)
    assert seen["addOns"] == {"keda": "2.21.0"}


def test_an_existing_cluster_is_reached_by_the_context_of_the_plan(registered):
    outputs = {}
    deployment = registered(lambda: outputs.update(deploy(whole(teams=(TEAM,), workloads=(WORK,)))))
    provider = deployment.one("pulumi:providers:kubernetes").inputs
    assert provider["context"] == "lab"
    assert provider["enableServerSideApply"] == "true"
    assert outputs["nodePools"]["gpu"]["selector"] == {"drydock/pool": "gpu"}
    assert outputs["kubernetes"]["workloads"] == {"train": "gpu"}


def test_without_a_plan_nothing_is_built(registered):
    deployment = registered(lambda: deploy_kubernetes(replace(whole(), kubernetes=None)))
    assert deployment.resources == []
