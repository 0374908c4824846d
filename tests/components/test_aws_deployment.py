"""A whole environment on AWS: what stands on what, and what Karpenter and the cluster autoscaler may do.

Expected values: Karpenter's documentation, the cluster autoscaler's for AWS, the Amazon EKS user guide.
"""

import json

import pytest

from components import deploy
from plan.model import AddOnPlan, DiskPlan, InterconnectPlan, KubernetesPlan, Plan, QuotaNeed, ReservationPlan, Taint, WorkloadPlan
from tests.components.plans import LABELS, cluster_plan, network_plan, pool_plan, rung_plan

GROUP, ADD_ON, RELEASE = "aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon", "kubernetes:helm.sh/v3:Release"
POLICY, ASSOCIATION = "aws:iam/rolePolicy:RolePolicy", "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ENTRY, QUEUE = "aws:eks/accessEntry:AccessEntry", "aws:sqs/queue:Queue"
NODE_CLASS, NODE_POOL = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "kubernetes:karpenter.sh/v1:NodePool"
TAINT = Taint(key="nvidia.com/gpu", value="present", effect="NoSchedule")
SYSTEM = pool_plan("aws", "system")
NAME = "cluster-1a2b3c4"


def ladder(provisioner):
    """Reserved, on demand, spot: each by whoever adds nodes."""
    kinds = {"reserved": "reserved", "on-demand": "onDemand", "spot": "spot"}
    rungs = tuple(
        rung_plan(
            "aws",
            f"gpu-{name}",
            kind,
            provisioner=provisioner,
            priority=index,
            taints=(TAINT,),
            zones=("eu-west-1a",),
            reservation=ReservationPlan(count=1, zones=("eu-west-1a",)) if kind == "reserved" else None,
        )
        for index, (name, kind) in enumerate(kinds.items())
    )
    return pool_plan("aws", "gpu", gpu=True, rungs=rungs, disk=DiskPlan(size_gib=200, type="gp3", iops=4000))


def environment(provisioner="karpenter", *, pools=None, workloads=(), quotas=()):
    add_on = {"karpenter": "karpenter", "clusterAutoscaler": "cluster-autoscaler"}[provisioner]
    chart = AddOnPlan(name=add_on, chart=add_on, repository="https://charts.example.org", version="1.0.0", namespace="kube-system")
    return Plan(
        cloud="aws",
        region="eu-west-1",
        stage="prod",
        labels=LABELS,
        buckets=(),
        decisions=(),
        network=network_plan("aws"),
        cluster=cluster_plan("aws", node_provisioner=provisioner, cloud_add_ons=("vpc-cni", "eks-pod-identity-agent", "coredns")),
        node_pools=pools or (SYSTEM, ladder("karpenter" if provisioner == "karpenter" else "group")),
        kubernetes=KubernetesPlan(add_ons=(chart,), teams=(), flavors=(), workloads=workloads),
        quotas=quotas,
    )


@pytest.fixture(scope="module")
def with_karpenter(registered):
    return registered(lambda: deploy(environment()))


@pytest.fixture(scope="module")
def with_autoscaler(registered):
    return registered(lambda: deploy(environment("clusterAutoscaler")))


def statements(deployment, policy):
    return json.loads(deployment.one(POLICY, policy).inputs["policy"])["Statement"]


def spec(deployment, type_, name):
    return deployment.one(type_, name).inputs["spec"]


def test_the_first_nodes_come_before_what_runs_on_them(with_karpenter):
    system = with_karpenter.one(GROUP, "system").urn
    assert system in with_karpenter.one(ADD_ON, "add-ons-coredns").depends_on
    assert system in before_add_on(with_karpenter, "karpenter")


def before_add_on(deployment, add_on):
    # The release stands under the add-on, and so comes after what that waits for and goes before it.
    return deployment.one("drydock:kubernetes:AddOn", add_on).depends_on


def test_nodes_come_after_what_lets_them_join(with_karpenter):
    after = with_karpenter.one(GROUP, "system").depends_on
    assert {with_karpenter.one(ADD_ON, f"cluster-{name}").urn for name in ("vpc-cni", "eks-pod-identity-agent")} <= set(after)
    attachments = with_karpenter.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert {r.urn for r in attachments if r.name.startswith("nodes-")} <= set(after)


# Amazon EKS User Guide, "Amazon EKS node IAM role": join and pull; the network add-on has a role of its own.
def test_nodes_may_join_and_pull_images_and_nothing_else(with_karpenter):
    attachments = with_karpenter.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    for role in ("nodes", "karpenter-node-role"):
        policies = {r.inputs["policyArn"].rpartition("/")[2] for r in attachments if r.inputs["role"] == f"{role}-1a2b3c4"}
        assert policies == {"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"}


def test_karpenter_gets_its_cluster_its_queue_and_its_identity(with_karpenter):
    values = with_karpenter.one(RELEASE, "karpenter-release").inputs["values"]
    assert values["settings"] == {"clusterName": NAME, "interruptionQueue": "karpenter-interruptions-1a2b3c4"}
    association = with_karpenter.one(ASSOCIATION).inputs
    assert (association["namespace"], association["serviceAccount"]) == ("kube-system", values["serviceAccount"]["name"])
    assert with_karpenter.one(ASSOCIATION).urn in before_add_on(with_karpenter, "karpenter")


def test_karpenters_nodes_are_let_in(with_karpenter):
    entry = with_karpenter.one(ENTRY).inputs
    assert (entry["type"], entry["principalArn"]) == ("EC2_LINUX", "arn:aws:iam::123456789012:role/karpenter-node-role-1a2b3c4")


def test_karpenter_ends_and_tags_only_what_is_its_clusters(with_karpenter):
    found = {each["Sid"]: each for each in statements(with_karpenter, "karpenter-policy")}
    owned = {f"aws:ResourceTag/kubernetes.io/cluster/{NAME}": "owned"}
    assert found["EndOwnNodes"]["Condition"]["StringEquals"] == owned
    assert found["TagOwnNodes"]["Condition"]["StringEquals"] == owned
    assert found["LaunchFromOwnTemplates"]["Condition"]["StringEquals"] == owned
    assert found["LaunchOwnNodes"]["Condition"]["StringEquals"] == {
        f"aws:RequestTag/kubernetes.io/cluster/{NAME}": "owned",
        "aws:RequestTag/eks:eks-cluster-name": NAME,
    }
    unbounded = {each["Sid"] for each in found.values() if each["Resource"] == ["*"] and "Condition" not in each}
    assert unbounded == {"ReadPrices", "ListInstanceProfiles"}


def test_karpenter_gives_machines_its_nodes_role_and_no_other(with_karpenter):
    found = {each["Sid"]: each for each in statements(with_karpenter, "karpenter-policy")}
    assert found["GiveNodesTheirRole"]["Resource"] == ["arn:aws:iam::123456789012:role/karpenter-node-role-1a2b3c4"]
    actions = {action for each in found.values() for action in each["Action"]}
    assert not {action for action in actions if action.startswith("iam:") and action.split(":")[1].startswith(("Create", "Add", "Delete"))}
    assert found["HearOfInterruptions"]["Resource"] == ["arn:aws:sqs:eu-west-1:123456789012:karpenter-interruptions-1a2b3c4"]


# Karpenter documentation, "Disruption", Interruption: the five kinds of news.
def test_karpenter_hears_of_everything_that_ends_a_node(with_karpenter):
    patterns = [json.loads(r.inputs["eventPattern"]) for r in with_karpenter.of_type("aws:cloudwatch/eventRule:EventRule")]
    assert {(each["source"][0], each["detail-type"][0]) for each in patterns} == {
        ("aws.health", "AWS Health Event"),
        ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
        ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
        ("aws.ec2", "EC2 Instance State-change Notification"),
        ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
    }
    targets = with_karpenter.of_type("aws:cloudwatch/eventTarget:EventTarget")
    assert {r.inputs["arn"] for r in targets} == {"arn:aws:sqs:eu-west-1:123456789012:karpenter-interruptions-1a2b3c4"}
    assert len(targets) == 5


def test_the_queue_is_encrypted_and_only_eventbridge_writes(with_karpenter):
    assert with_karpenter.one(QUEUE).inputs["sqsManagedSseEnabled"] is True
    policy = json.loads(with_karpenter.one("aws:sqs/queuePolicy:QueuePolicy").inputs["policy"])["Statement"]
    allowed, denied = policy
    assert (allowed["Effect"], allowed["Principal"], allowed["Action"]) == (
        "Allow",
        {"Service": "events.amazonaws.com"},
        "sqs:SendMessage",
    )
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_pool_of_karpenters_is_one_node_class_and_a_weighted_pool_for_each_rung(with_karpenter):
    assert [r.name for r in with_karpenter.of_type(NODE_CLASS)] == ["gpu-node-class"]
    weights = {r.name: r.inputs["spec"]["weight"] for r in with_karpenter.of_type(NODE_POOL)}
    assert sorted(weights, key=weights.get, reverse=True) == ["gpu-reserved-node-pool", "gpu-on-demand-node-pool", "gpu-spot-node-pool"]
    reference = spec(with_karpenter, NODE_POOL, "gpu-spot-node-pool")["template"]["spec"]["nodeClassRef"]
    assert reference == {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "gpu"}


def test_a_node_class_launches_private_encrypted_machines_that_keep_their_credentials(with_karpenter):
    found = spec(with_karpenter, NODE_CLASS, "gpu-node-class")
    assert found["metadataOptions"] == {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}
    assert found["associatePublicIPAddress"] is False
    assert found["subnetSelectorTerms"] == [{"id": "network-private-0-1a2b3c4"}]
    assert found["securityGroupSelectorTerms"] == [{"id": "sg-of-cluster"}]
    assert found["instanceProfile"] == "karpenter-node-profile-1a2b3c4"
    assert "role" not in found
    (disk,) = found["blockDeviceMappings"]
    assert disk["ebs"] == {"volumeType": "gp3", "encrypted": True, "deleteOnTermination": True, "volumeSize": "200Gi", "iops": 4000}
    assert LABELS.items() <= found["tags"].items()


def test_what_is_reserved_is_made_for_karpenter_too(with_karpenter):
    assert with_karpenter.one("aws:ec2/capacityReservation:CapacityReservation").inputs["instanceCount"] == 1
    assert spec(with_karpenter, NODE_CLASS, "gpu-node-class")["capacityReservationSelectorTerms"] == [
        {"id": "gpu-reserved-reservation-1a2b3c4"}
    ]


def test_karpenters_nodes_on_efa_have_the_pools_security_group(registered):
    pool = pool_plan(
        "aws",
        "gpu",
        gpu=True,
        rungs=(rung_plan("aws", "gpu", provisioner="karpenter", zones=("eu-west-1a",)),),
        interconnect=InterconnectPlan(kind="efa", interfaces=4),
    )
    deployment = registered(lambda: deploy(environment(pools=(SYSTEM, pool))))
    groups = spec(deployment, NODE_CLASS, "gpu-node-class")["securityGroupSelectorTerms"]
    assert groups == [{"id": "sg-of-cluster"}, {"id": "gpu-fabric-1a2b3c4"}]


def test_the_class_outlives_its_pools_and_karpenter_outlives_both(with_karpenter):
    node_class = with_karpenter.one(NODE_CLASS)
    assert node_class.urn in with_karpenter.one(NODE_POOL, "gpu-spot-node-pool").depends_on
    assert with_karpenter.one(RELEASE, "karpenter-release").urn in node_class.depends_on


def test_what_the_pool_tells_of_its_use_is_told_of_karpenters_nodes(with_karpenter):
    pool = with_karpenter.one("drydock:aws:NodePool", "gpu")
    assert {r.parent for r in with_karpenter.resources if r.type in (NODE_CLASS, NODE_POOL)} == {pool.urn}


def test_workloads_wait_for_nodes_of_every_pool(registered):
    workload = WorkloadPlan(
        name="smoke",
        kind="job",
        namespace="default",
        labels={},
        image="registry.example/smoke:1",
        command=(),
        replicas=1,
        requests={"nvidia.com/gpu": "1"},
        selector={"drydock/pool": "gpu"},
        tolerations=(),
        pool="gpu",
        queue=None,
    )
    karpenter = registered(lambda: deploy(environment(workloads=(workload,))))
    assert karpenter.one(NODE_POOL, "gpu-spot-node-pool").urn in karpenter.one("drydock:kubernetes:Workload").depends_on
    groups = registered(lambda: deploy(environment("clusterAutoscaler", workloads=(workload,))))
    assert groups.one(GROUP, "gpu-spot").urn in groups.one("drydock:kubernetes:Workload").depends_on


# kubernetes/autoscaler, cloudprovider/aws/README.md, "Minimal IAM Permissions": by the tag of auto-discovery.
def test_the_autoscaler_resizes_only_its_clusters_groups(with_autoscaler):
    found = statements(with_autoscaler, "cluster-autoscaler-policy")
    (resizing,) = [each for each in found if "autoscaling:SetDesiredCapacity" in each["Action"]]
    assert resizing["Condition"] == {"StringEquals": {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{NAME}": "owned"}}
    assert "autoscaling:TerminateInstanceInAutoScalingGroup" in resizing["Action"]
    (describing,) = [each for each in found if each["Action"] == "eks:DescribeNodegroup"]
    assert describing["Resource"] == f"arn:aws:eks:eu-west-1:123456789012:nodegroup/{NAME}/*"


def test_the_autoscaler_finds_its_cluster_and_has_its_identity(with_autoscaler):
    values = with_autoscaler.one(RELEASE, "cluster-autoscaler-release").inputs["values"]
    assert (values["cloudProvider"], values["awsRegion"]) == ("aws", "eu-west-1")
    assert values["autoDiscovery"] == {"clusterName": NAME}
    association = with_autoscaler.one(ASSOCIATION).inputs
    assert association["serviceAccount"] == values["rbac"]["serviceAccount"]["name"]
    assert with_autoscaler.of_type(QUEUE) == []


def test_the_autoscalers_ladder_is_a_node_group_for_each_rung(with_autoscaler):
    assert {r.name for r in with_autoscaler.of_type(GROUP)} == {"system", "gpu-reserved", "gpu-on-demand", "gpu-spot"}
    assert with_autoscaler.one(GROUP, "gpu-spot").ignored == ("scalingConfig.desiredSize",)


def test_adding_a_pool_touches_nothing_else(registered):
    def inputs(deployment, without=()):
        return {
            (r.type, r.name): r.inputs for r in deployment.resources if not r.type.startswith("pulumi:") and not r.name.startswith(without)
        }

    before = registered(lambda: deploy(environment("clusterAutoscaler", pools=(SYSTEM,))))
    after = registered(lambda: deploy(environment("clusterAutoscaler")))
    assert inputs(after, without=("gpu",)) == inputs(before)


def quota(minimum, amount, service="ec2"):
    return QuotaNeed(
        code="L-DB2E81BA",
        name="Running On-Demand G and VT instances",
        unit="vCPU",
        minimum=minimum,
        amount=amount,
        drivers=("gpu",),
        default=0,
        request="aws service-quotas request-service-quota-increase",
        source="",
        service=service,
    )


def test_the_account_is_asked_for_its_quotas_in_a_preview(registered):
    deployment = registered(lambda: deploy(environment(quotas=(quota(8, 32),))), preview=True)
    (asked,) = [call.args for call in deployment.asked if "getServiceQuota" in call.token]
    assert asked == {"serviceCode": "ec2", "quotaCode": "L-DB2E81BA"}


def test_a_pool_that_the_account_cannot_hold_stops_the_preview(registered):
    with pytest.raises(Exception, match="needs 96 vCPU of Running On-Demand G and VT instances in eu-west-1, the account has 64"):
        registered(lambda: deploy(environment(quotas=(quota(96, 96),))), preview=True)


def test_an_environment_without_a_cluster_gives_no_cluster(registered):
    plan = Plan(cloud="aws", region="eu-west-1", stage="dev", labels=LABELS, buckets=(), decisions=())
    given = []
    registered(lambda: given.append(deploy(plan)))
    assert set(given[0]) == {"storage"}
