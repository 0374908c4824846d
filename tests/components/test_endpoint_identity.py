"""As whom the pods of an endpoint read their models, on each cloud. Expected values: the clouds' documents on workload identity."""

import json

import pulumi
import pytest

from components.aws.cluster import ClusterFacts
from components.aws.endpoint_identity import endpoint_identity as on_aws
from components.aws.place import Place
from components.azure.endpoint_identity import endpoint_identity as on_azure
from components.contract import DeploymentOutputs
from components.gcp.endpoint_identity import endpoint_identity as on_gcp
from plan.model import ArtifactPlan
from tests.components.conftest import ACCOUNT
from tests.components.endpoint_plans import endpoint_plan
from tests.components.test_endpoint_kubernetes import version

ROLE, ROLE_POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
TRUST = "azure-native:managedidentity:FederatedIdentityCredential"
GRANT = "azure-native:authorization:RoleAssignment"


def endpoint(**choices):
    return endpoint_plan("kubernetes", canary=("fraud-2", 10), namespace="search-ns", **choices)


def built(key=None):
    bucket = {
        "url": pulumi.Output.from_input("s3://models-1a2b"),
        "name": pulumi.Output.from_input("models-1a2b"),
        "resourceId": pulumi.Output.from_input("/accounts/acme/containers/models"),
        "encryptionKey": pulumi.Output.from_input(key),
    }
    return DeploymentOutputs(storage={"models": bucket})


@pytest.fixture
def aws_pods(registered):
    def build(plan, key=None):
        def program():
            known = pulumi.Output.from_input
            facts = ClusterFacts(
                name=known("cluster-1a2b"),
                arn=known("arn:aws:eks:eu-west-1:123456789012:cluster/cluster-1a2b"),
                endpoint=known(""),
                certificate=known(""),
                version=known("1.34"),
                issuer=known(""),
                security_group=known(""),
                vpc=known("vpc-1"),
                subnets=known([]),
                ready=(),
            )
            caller = known(type("Caller", (), {"arn": f"arn:aws:iam::{ACCOUNT}:user/someone", "account_id": ACCOUNT}))
            on_aws(plan, built(key), cluster=facts, place=Place(caller=caller, region="eu-west-1"))

        return registered(program)

    return build


def policy(deployment, name):
    return json.loads(deployment.one(ROLE_POLICY, name).inputs["policy"])["Statement"]


def test_on_eks_the_endpoints_pods_alone_take_a_role_that_reads_each_versions_files(aws_pods):
    deployment = aws_pods(endpoint())
    (trust,) = json.loads(deployment.one(ROLE).inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert trust["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-service-account"] == "fraud-endpoint"
    assert trust["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-namespace"] == "search-ns"
    association = deployment.one(ASSOCIATION).inputs
    assert (association["namespace"], association["serviceAccount"]) == ("search-ns", "fraud-endpoint")
    listing, objects = policy(deployment, "fraud-fraud-2-pods")
    assert listing["Action"] == ["s3:ListBucket"]
    assert listing["Resource"] == ["arn:aws:s3:::models-1a2b"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["models/fraud-2", "models/fraud-2/*"]}}
    assert objects["Action"] == ["s3:GetObject"]
    assert objects["Resource"] == ["arn:aws:s3:::models-1a2b/models/fraud-2", "arn:aws:s3:::models-1a2b/models/fraud-2/*"]


def test_on_eks_the_key_of_the_bucket_may_be_used_to_decrypt(aws_pods):
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/one"
    *_, decrypting = policy(aws_pods(endpoint(), key), "fraud-fraud-1-pods")
    assert (decrypting["Action"], decrypting["Resource"]) == (["kms:Decrypt"], [key])


def test_on_eks_a_version_that_reads_nothing_of_aws_gets_nothing(aws_pods):
    plan = version(endpoint(), artifact=ArtifactPlan(bucket=None, path="hf://acme/fraud"))
    assert [each.name for each in aws_pods(plan).of_type(ROLE_POLICY)] == ["fraud-fraud-2-pods"]
    alone = version(endpoint_plan("kubernetes"), artifact=None)
    assert aws_pods(alone).resources == []


def test_on_gke_the_service_account_itself_reads_the_bucket_once(registered):
    deployment = registered(lambda: on_gcp(endpoint(), built(), workload_pool="acme-ml.svc.id.goog"))
    grant = deployment.one(MEMBER).inputs
    assert grant["role"] == "roles/storage.objectViewer"
    assert grant["bucket"] == "models-1a2b"
    assert grant["member"] == (
        "principal://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/acme-ml.svc.id.goog"
        "/subject/ns/search-ns/sa/fraud-endpoint"
    )


def test_on_aks_an_identity_trusts_the_service_account_and_reads_the_container(registered):
    seen = {}

    def program():
        identity = on_azure(
            endpoint(), built(), issuer=pulumi.Output.from_input("https://issuer/"), resource_group_name="group", location="westeurope"
        )
        seen.update(identity.pod_labels)
        assert set(identity.annotations) == {"azure.workload.identity/client-id"}

    deployment = registered(program)
    trust = deployment.one(TRUST).inputs
    assert trust["subject"] == "system:serviceaccount:search-ns:fraud-endpoint"
    assert (trust["issuer"], trust["audiences"]) == ("https://issuer/", ["api://AzureADTokenExchange"])
    grant = deployment.one(GRANT).inputs
    assert grant["scope"] == "/accounts/acme/containers/models"
    assert grant["roleDefinitionId"].endswith("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
    assert seen == {"azure.workload.identity/use": "true"}


def test_on_gke_and_aks_an_image_that_holds_its_model_needs_nobody(registered):
    plan = version(endpoint_plan("kubernetes"), artifact=None)
    nobody = pulumi.Output.from_input("")
    assert registered(lambda: on_gcp(plan, built(), workload_pool="pool")).resources == []
    assert registered(lambda: on_azure(plan, built(), issuer=nobody, resource_group_name="group", location="x")).resources == []
