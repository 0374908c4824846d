"""EKS clusters. Expected values: the Amazon EKS user guide and API reference."""

import json

import pytest

from components.aws.cluster import Cluster
from components.aws.cluster_add_ons import NodeAddOns
from components.aws.network import Network
from plan.model import EncryptionPlan, ExistingClusterPlan, PrivateEndpointPlan
from tests.components.aws_place import place
from tests.components.plans import LABELS, cluster_plan, network_plan

CLUSTER, ADD_ON, ROLE = "aws:eks/cluster:Cluster", "aws:eks/addon:Addon", "aws:iam/role:Role"
ATTACHMENT, LOGS, KEY = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:kms/key:Key",
)
PROVIDER = "pulumi:providers:kubernetes"
ADD_ONS = ("vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent", "aws-ebs-csi-driver")
OWNERS = "arn:aws:iam::123456789012:role/platform"
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/theirs"


@pytest.fixture
def cluster(registered):
    def build(*, alone=False, preview=False, **choices):
        plan = cluster_plan("aws", **choices)

        def program():
            s3 = PrivateEndpointPlan(name="s3", service="com.amazonaws.eu-west-1.s3", kind="gateway")
            network = None if alone else Network("network", network_plan("aws", private_endpoints=(s3,)), place=place())
            return Cluster("cluster", plan, network=network, place=place())

        return registered(program, preview=preview)

    return build


@pytest.fixture
def node_add_ons(registered):
    def program():
        arn = "arn:aws:eks:eu-west-1:123456789012:cluster/c"
        plan = cluster_plan("aws", cloud_add_ons=ADD_ONS)
        return NodeAddOns("add-ons", plan, cluster_name="c", cluster_arn=arn, nodes=[], place=place())

    return registered(program)


def config(cluster, **choices):
    return cluster(**choices).one(CLUSTER).inputs


def trust(deployment, role):
    (statement,) = json.loads(deployment.one(ROLE, role).inputs["assumeRolePolicy"])["Statement"]
    return statement


def attached(deployment, role):
    return {r.inputs["policyArn"] for r in deployment.of_type(ATTACHMENT) if r.inputs["role"] == f"{role}-1a2b3c4"}


def test_a_private_api_has_no_public_address(cluster):
    api = config(cluster)["vpcConfig"]
    assert (api["endpointPrivateAccess"], api["endpointPublicAccess"]) == (True, False)
    assert "publicAccessCidrs" not in api


def test_a_public_api_answers_authorised_ranges_only_and_nodes_in_private(cluster):
    api = config(cluster, private_api=False, authorized_ranges=("203.0.113.0/24",))["vpcConfig"]
    assert (api["endpointPrivateAccess"], api["endpointPublicAccess"]) == (True, True)
    assert api["publicAccessCidrs"] == ["203.0.113.0/24"]


def test_the_control_plane_stands_in_the_private_subnets(cluster):
    assert config(cluster)["vpcConfig"]["subnetIds"] == ["network-private-0-1a2b3c4", "network-private-1-1a2b3c4"]


# Amazon EKS User Guide, "Grant IAM users access to Kubernetes": API takes no aws-auth ConfigMap any more.
def test_access_is_by_entries_and_who_deploys_gets_in(cluster):
    assert config(cluster)["accessConfig"] == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True}


def test_add_ons_come_managed_or_not_at_all(cluster):
    assert config(cluster)["bootstrapSelfManagedAddons"] is False


def test_version_support_protection_and_addresses_are_the_plans(cluster):
    found = config(cluster, version="1.35", upgrade_channel="EXTENDED", deletion_protection=True)
    assert found["version"] == "1.35"
    assert found["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert found["deletionProtection"] is True
    assert found["kubernetesNetworkConfig"] == {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/20"}


# Amazon EKS User Guide, "Default envelope encryption": from 1.28 EKS encrypts everything with a key of its own.
def test_secrets_are_encrypted_with_the_clouds_key_a_new_one_or_theirs(cluster):
    assert "encryptionConfig" not in config(cluster)
    ours = cluster(encryption=EncryptionPlan(customer_key=True, rotation_days=180))
    arn = "arn:aws:kms:eu-west-1:123456789012:key/cluster-key-1a2b3c4"
    assert ours.one(CLUSTER).inputs["encryptionConfig"] == {"provider": {"keyArn": arn}, "resources": ["secrets"]}
    key = ours.one(KEY).inputs
    assert (key["enableKeyRotation"], key["rotationPeriodInDays"]) == (True, 180)
    theirs = cluster(encryption=EncryptionPlan(existing_key=KEY_ARN))
    assert theirs.one(CLUSTER).inputs["encryptionConfig"]["provider"] == {"keyArn": KEY_ARN}
    assert theirs.of_type(KEY) == []


# Amazon EKS User Guide, "Send control plane logs": EKS writes to /aws/eks/CLUSTER/cluster, and makes that group if it is not there.
def test_logs_go_to_a_group_that_is_there_first_and_forgets(cluster):
    deployment = cluster(audit_logs=("api", "audit", "authenticator"), log_retention_days=365)
    built, group = deployment.one(CLUSTER), deployment.one(LOGS)
    assert built.inputs["enabledClusterLogTypes"] == ["api", "audit", "authenticator"]
    assert group.inputs["name"] == f"/aws/eks/{built.inputs['name']}/cluster"
    assert group.inputs["retentionInDays"] == 365
    assert group.urn in built.depends_on


def test_without_logs_there_is_no_group(cluster):
    assert cluster().of_type(LOGS) == []


def test_the_control_plane_has_a_role_of_its_own_with_eks_policy_first(cluster):
    deployment = cluster()
    built = deployment.one(CLUSTER)
    assert built.inputs["roleArn"] == "arn:aws:iam::123456789012:role/cluster-1a2b3c4"
    assert trust(deployment, "cluster")["Principal"] == {"Service": "eks.amazonaws.com"}
    assert attached(deployment, "cluster") == {"arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"}
    assert deployment.one(ATTACHMENT, "cluster-amazoneksclusterpolicy").urn in built.depends_on


def test_the_cluster_waits_for_ways_out_of_its_subnets_and_so_outlives_none(cluster):
    deployment = cluster()
    after = deployment.one(CLUSTER).depends_on
    assert {deployment.one("aws:ec2/route:Route", f"network-private-{i}-route").urn for i in (0, 1)} <= set(after)
    assert deployment.one("aws:ec2/vpcEndpoint:VpcEndpoint").urn in after


def test_the_owner_group_administers_the_whole_cluster(cluster):
    deployment = cluster(owner_group=OWNERS)
    entry = deployment.one("aws:eks/accessEntry:AccessEntry").inputs
    assert (entry["principalArn"], entry["type"]) == (OWNERS, "STANDARD")
    granted = deployment.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").inputs
    assert granted["policyArn"] == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    assert granted["accessScope"] == {"type": "cluster"}


def test_without_an_owner_group_nobody_else_gets_in(cluster):
    assert cluster().of_type("aws:eks/accessEntry:AccessEntry") == []


def test_what_nodes_need_comes_with_the_cluster_and_the_rest_waits_for_them(cluster, node_add_ons):
    before = {r.inputs["addonName"] for r in cluster(cloud_add_ons=ADD_ONS).of_type(ADD_ON)}
    after = {r.inputs["addonName"] for r in node_add_ons.of_type(ADD_ON)}
    assert before == {"vpc-cni", "kube-proxy", "eks-pod-identity-agent"}
    assert after == {"coredns", "aws-ebs-csi-driver"}


def test_network_policies_are_enforced(cluster):
    found = cluster(cloud_add_ons=ADD_ONS).one(ADD_ON, "cluster-vpc-cni").inputs
    assert json.loads(found["configurationValues"]) == {"enableNetworkPolicy": "true"}


# Amazon EKS User Guide, "Assign an IAM role to a Kubernetes service account": what the agent tags the session with.
def test_add_ons_have_roles_of_their_own_that_no_other_pod_takes(cluster, node_add_ons):
    deployment = cluster(cloud_add_ons=ADD_ONS)
    cni = deployment.one(ADD_ON, "cluster-vpc-cni")
    role = {"roleArn": "arn:aws:iam::123456789012:role/cluster-vpc-cni-role-1a2b3c4", "serviceAccount": "aws-node"}
    assert cni.inputs["podIdentityAssociations"] == [role]
    assert deployment.one(ADD_ON, "cluster-eks-pod-identity-agent").urn in cni.depends_on
    assert attached(deployment, "cluster-vpc-cni-role") == {"arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"}
    statement = trust(deployment, "cluster-vpc-cni-role")
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Condition"]["StringEquals"] == {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:123456789012:cluster/cluster-1a2b3c4",
        "aws:RequestTag/kubernetes-namespace": "kube-system",
        "aws:RequestTag/kubernetes-service-account": "aws-node",
    }
    assert attached(node_add_ons, "add-ons-aws-ebs-csi-driver-role") == {"arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"}
    assert "podIdentityAssociations" not in node_add_ons.one(ADD_ON, "add-ons-coredns").inputs


def test_pulumi_logs_in_through_the_aws_cli_and_no_secret_is_written(cluster):
    deployment = cluster()
    document = json.loads(deployment.one(PROVIDER).inputs["kubeconfig"])
    login = document["users"][0]["user"]["exec"]
    assert [login["command"], *login["args"][:6]] == [
        "aws",
        "eks",
        "get-token",
        "--cluster-name",
        "cluster-1a2b3c4",
        "--region",
        "eu-west-1",
    ]
    assert set(document["users"][0]["user"]) == {"exec"}
    api = document["clusters"][0]["cluster"]
    assert api == {"server": "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com", "certificate-authority-data": "Y2VydGlmaWNhdGU="}


def test_what_is_put_into_the_cluster_waits_for_all_that_lets_nodes_join(cluster):
    deployment = cluster(cloud_add_ons=ADD_ONS, owner_group=OWNERS)
    after = set(deployment.one(PROVIDER).depends_on)
    assert {r.urn for r in deployment.of_type(ADD_ON)} <= after
    assert deployment.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").urn in after


def test_outputs_tell_how_to_get_in(cluster):
    deployment = cluster()
    outputs = deployment.outputs_of(deployment.one("drydock:aws:Cluster"))
    assert outputs["name"] == "cluster-1a2b3c4"
    assert outputs["version"] == "1.34"
    assert outputs["identityIssuer"] == "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
    assert outputs["endpoint"] == "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com"


def test_every_taggable_resource_of_a_cluster_carries_the_labels(cluster):
    deployment = cluster(cloud_add_ons=ADD_ONS, owner_group=OWNERS, audit_logs=("audit",), encryption=EncryptionPlan(customer_key=True))
    (component,) = deployment.of_type("drydock:aws:Cluster")
    kinds = {CLUSTER, ADD_ON, ROLE, LOGS, KEY, "aws:eks/accessEntry:AccessEntry"}
    taggable = [r for r in deployment.resources if r.type in kinds and r.parent == component.urn]
    assert {r.type for r in taggable} == kinds
    assert [r.name for r in taggable if r.inputs.get("tags") != LABELS] == []


def test_an_existing_cluster_is_looked_up_and_only_the_way_in_is_made(cluster):
    deployment = cluster(alone=True, existing=ExistingClusterPlan(name="theirs"))
    assert [r.type for r in deployment.resources] == ["drydock:aws:Cluster", PROVIDER]
    (asked,) = [call.args for call in deployment.asked if "getCluster" in call.token]
    assert asked == {"name": "theirs", "region": "eu-west-1"}
    outputs = deployment.outputs_of(deployment.one("drydock:aws:Cluster"))
    assert (outputs["name"], outputs["version"]) == ("theirs", "1.33")


def test_a_preview_registers_the_same_resources(cluster):
    def names(deployment):
        return {(r.type, r.name) for r in deployment.resources}

    assert names(cluster(cloud_add_ons=ADD_ONS, preview=True)) == names(cluster(cloud_add_ons=ADD_ONS))
