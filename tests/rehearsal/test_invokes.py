"""Functions: what they compute and what they find. Expected values come from the providers' documentation."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable

import grpc
import pytest
import yaml

from rehearsal.values import Secret
from tests.rehearsal.simulated import Client, Clouds, refusal, state

POLICY = "aws:iam/getPolicyDocument:getPolicyDocument"


def test_a_policy_document_has_the_form_of_the_aws_provider(aws: Client) -> None:
    # Written out by hand after the provider's documentation of aws_iam_policy_document: members in a fixed order,
    # one-element lists as a string, longer lists sorted backwards, principals grouped by type.
    statement = {
        "sid": "Read",
        "actions": ["s3:GetObject", "s3:ListBucket"],
        "resources": ["arn:aws:s3:::models/&{aws:username}/*"],
        "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}],
        "conditions": [{"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o-1", "o-2"]}],
    }
    expected = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetObject"],
                "Resource": "arn:aws:s3:::models/${aws:username}/*",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1", "o-2"]}},
            }
        ],
    }
    result = aws.invoke(POLICY, statements=[statement])
    assert result["json"] == json.dumps(expected, indent=2)
    assert result["minifiedJson"] == json.dumps(expected, separators=(",", ":"))


def test_everybody_is_a_star_and_not_a_map(aws: Client) -> None:
    statement = {"effect": "Deny", "actions": ["*"], "resources": ["*"], "principals": [{"type": "*", "identifiers": ["*"]}]}
    document = json.loads(str(aws.invoke(POLICY, statements=[statement])["json"]))
    assert document["Statement"] == [{"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"}]


def test_own_statements_override_the_sources_and_are_overridden_by_overrides(aws: Client) -> None:
    def document(sid: str, action: str) -> str:
        return str(aws.invoke(POLICY, statements=[{"sid": sid, "actions": [action], "resources": ["*"]}])["json"])

    result = aws.invoke(
        POLICY,
        sourcePolicyDocuments=[document("A", "s3:Source"), document("B", "s3:Source")],
        statements=[{"sid": "A", "actions": ["s3:Own"], "resources": ["*"]}],
        overridePolicyDocuments=[document("B", "s3:Override"), document("C", "s3:Override")],
    )
    found = {item["Sid"]: item["Action"] for item in json.loads(str(result["json"]))["Statement"]}
    assert found == {"A": "s3:Own", "B": "s3:Override", "C": "s3:Override"}


def test_two_sources_must_not_share_a_sid(aws: Client) -> None:
    source = str(aws.invoke(POLICY, statements=[{"sid": "A", "actions": ["s3:*"], "resources": ["*"]}])["json"])
    error = refusal(lambda: aws.invoke(POLICY, sourcePolicyDocuments=[source, source]))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "duplicate Sid 'A'" in error.details()


def test_the_caller_is_in_the_account_whose_role_the_provider_assumes(clouds: Clouds) -> None:
    role = json.dumps([{"roleArn": "arn:aws:iam::999988887777:role/deploy"}])
    assert clouds.connect("aws").invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert clouds.connect("aws", assumeRoles=role).invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "999988887777"


# From the EC2 user guide, "Regions and Zones": zone letters and the ids' abbreviations.
@pytest.mark.parametrize(
    ("region", "names", "first_id"),
    [
        ("eu-west-1", ["eu-west-1a", "eu-west-1b", "eu-west-1c"], "euw1-az1"),
        ("us-east-1", [f"us-east-1{letter}" for letter in "abcdef"], "use1-az1"),
        ("ap-southeast-2", ["ap-southeast-2a", "ap-southeast-2b", "ap-southeast-2c"], "apse2-az1"),
    ],
)
def test_a_region_has_its_own_zones(clouds: Clouds, region: str, names: list[str], first_id: str) -> None:
    found = clouds.connect("aws", region=region).invoke("aws:index/getAvailabilityZones:getAvailabilityZones", state="available")
    assert found["names"] == names
    assert found["zoneIds"][0] == first_id


def test_the_partition_follows_the_region(clouds: Clouds) -> None:
    found = clouds.connect("aws", region="cn-north-1").invoke("aws:index/getPartition:getPartition")
    assert (found["partition"], found["dnsSuffix"]) == ("aws-cn", "amazonaws.com.cn")


def test_default_tags_are_those_of_the_provider(clouds: Clouds) -> None:
    client = clouds.connect("aws", defaultTags=json.dumps({"tags": {"team": "ml"}}))
    assert client.invoke("aws:index/getDefaultTags:getDefaultTags")["tags"] == {"team": "ml"}


def test_a_bucket_that_exists_is_found_and_another_is_not(aws: Client) -> None:
    aws.create("aws:s3/bucket:Bucket", "models", {"bucket": "acme-models"})
    assert aws.invoke("aws:s3/getBucket:getBucket", bucket="acme-models")["arn"] == "arn:aws:s3:::acme-models"
    error = refusal(lambda: aws.invoke("aws:s3/getBucket:getBucket", bucket="acme-absent"))
    assert error.code() is grpc.StatusCode.NOT_FOUND
    assert "acme-absent" in error.details()


def test_vpcs_and_subnets_are_found_by_id_filter_and_tag(aws: Client) -> None:
    vpc, _ = aws.create("aws:ec2/vpc:Vpc", "main", {"cidrBlock": "10.0.0.0/16", "tags": {"Name": "main"}})
    other, _ = aws.create("aws:ec2/vpc:Vpc", "other", {"cidrBlock": "10.1.0.0/16", "tags": {"Name": "other"}})
    subnets = [aws.create("aws:ec2/subnet:Subnet", f"s{n}", {"vpcId": vpc, "cidrBlock": f"10.0.{n}.0/24"})[0] for n in range(2)]
    aws.create("aws:ec2/subnet:Subnet", "elsewhere", {"vpcId": other, "cidrBlock": "10.1.0.0/24"})
    assert aws.invoke("aws:ec2/getVpc:getVpc", id=vpc)["cidrBlock"] == "10.0.0.0/16"
    for name, identifier in (("main", vpc), ("other", other)):
        assert aws.invoke("aws:ec2/getVpc:getVpc", tags={"Name": name})["id"] == identifier
    filters = [{"name": "vpc-id", "values": [vpc]}]
    assert aws.invoke("aws:ec2/getSubnets:getSubnets", filters=filters)["ids"] == subnets


def test_a_regional_resource_is_not_seen_from_another_region(clouds: Clouds) -> None:
    vpc, _ = clouds.connect("aws").create("aws:ec2/vpc:Vpc", "main", {"cidrBlock": "10.0.0.0/16"})
    assert (
        refusal(lambda: clouds.connect("aws", region="us-east-1").invoke("aws:ec2/getVpc:getVpc", id=vpc)).code()
        is grpc.StatusCode.NOT_FOUND
    )


def test_what_the_scenario_has_in_the_cloud_is_found(start: Callable[..., Clouds]) -> None:
    existing = [{"type": "aws:ec2/vpc:Vpc", "id": "vpc-0123456789abcdef0", "properties": {"cidrBlock": "10.9.0.0/16"}}]
    clouds = start(existing=existing)
    aws = clouds.connect("aws")
    assert aws.invoke("aws:ec2/getVpc:getVpc", id="vpc-0123456789abcdef0")["cidrBlock"] == "10.9.0.0/16"
    assert state(clouds).owned() == []


def test_the_same_question_gives_the_same_image_and_another_region_another(clouds: Clouds) -> None:
    question = {"owners": ["amazon"], "filters": [{"name": "name", "values": ["al2023-ami-*-x86_64"]}]}
    here, there = clouds.connect("aws"), clouds.connect("aws", region="us-east-1")
    first = here.invoke("aws:ec2/getAmi:getAmi", **question)["id"]
    assert first == here.invoke("aws:ec2/getAmi:getAmi", **question)["id"]
    assert first != there.invoke("aws:ec2/getAmi:getAmi", **question)["id"]
    assert re.fullmatch(r"ami-[0-9a-f]{17}", str(first))


def test_a_public_image_parameter_is_an_image_and_an_unknown_parameter_is_not_found(aws: Client) -> None:
    token = "aws:ssm/getParameter:getParameter"
    name = "/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/image_id"
    assert re.fullmatch(r"ami-[0-9a-f]{17}", str(aws.invoke(token, name=name)["value"]))
    assert "ParameterNotFound" in refusal(lambda: aws.invoke(token, name="/acme/absent")).details()


def test_a_sold_out_machine_is_not_offered_where_it_is_sold_out(start: Callable[..., Clouds]) -> None:
    aws = start(shortages=[{"machine": "p5.48xlarge", "zone": "eu-west-1b"}]).connect("aws")
    offers = aws.invoke(
        "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
        locationType="availability-zone",
        filters=[{"name": "instance-type", "values": ["p5.48xlarge"]}],
    )
    assert offers["locations"] == ["eu-west-1a", "eu-west-1c"]


def test_a_function_that_cannot_be_rehearsed_is_named_with_those_that_can(aws: Client) -> None:
    error = refusal(lambda: aws.invoke("aws:ec2/getSpotPrice:getSpotPrice", instanceType="p5.48xlarge"))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "getSpotPrice cannot be rehearsed" in error.details()
    assert "getPolicyDocument" in error.details()


def test_an_unknown_argument_is_refused(aws: Client) -> None:
    result, failures = aws.ask("aws:s3/getBucket:getBucket", bucket="acme-models", bukcet="acme-models")
    assert result == {}
    assert list(failures) == ["bukcet"]
    assert "did you mean 'bucket'" in failures["bukcet"]


def test_gcp_knows_its_project_and_zones(clouds: Clouds) -> None:
    gcp = clouds.connect("gcp")
    assert gcp.invoke("gcp:organizations/getProject:getProject")["projectId"] == "acme-ml"
    # "Regions and zones" of the Compute Engine documentation.
    zones = gcp.invoke("gcp:compute/getZones:getZones", region="us-central1")["names"]
    assert zones == ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"]
    assert isinstance(gcp.invoke("gcp:organizations/getClientConfig:getClientConfig")["accessToken"], Secret)


def test_gcp_service_agents_carry_the_project_number(clouds: Clouds) -> None:
    gcp = clouds.connect("gcp")
    number = gcp.invoke("gcp:organizations/getProject:getProject")["number"]
    storage = gcp.invoke("gcp:storage/getProjectServiceAccount:getProjectServiceAccount")["emailAddress"]
    assert storage == f"service-{number}@gs-project-accounts.iam.gserviceaccount.com"
    compute = gcp.invoke("gcp:compute/getDefaultServiceAccount:getDefaultServiceAccount")["email"]
    assert compute == f"{number}-compute@developer.gserviceaccount.com"


def test_gke_versions_can_be_asked_for_by_prefix(clouds: Clouds) -> None:
    found = clouds.connect("gcp").invoke("gcp:container/getEngineVersions:getEngineVersions", versionPrefix="1.33.")
    assert found["validMasterVersions"]
    assert all(str(version).startswith("1.33.") for version in found["validMasterVersions"])


def test_a_storage_account_has_two_lasting_secret_keys_of_64_bytes(clouds: Clouds) -> None:
    azure = clouds.connect("azure-native")
    azure.create("azure-native:resources:ResourceGroup", "rg", {"resourceGroupName": "ml"})
    account = {"resourceGroupName": "ml", "accountName": "acmemodels", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure.create("azure-native:storage:StorageAccount", "models", account)
    arguments = {"resourceGroupName": "ml", "accountName": "acmemodels"}
    keys = azure.invoke("azure-native:storage:listStorageAccountKeys", **arguments)["keys"]
    assert [key["keyName"] for key in keys] == ["key1", "key2"]
    assert [len(base64.b64decode(key["value"].value)) for key in keys] == [64, 64]
    assert keys == azure.invoke("azure-native:storage:listStorageAccountKeys", **arguments)["keys"]
    assert azure.invoke("azure-native:resources:getResourceGroup", resourceGroupName="ml")["location"] == "westeurope"
    assert (
        refusal(lambda: azure.invoke("azure-native:keyvault:getVault", resourceGroupName="ml", vaultName="absent")).code()
        is grpc.StatusCode.NOT_FOUND
    )


def test_a_log_analytics_workspace_gives_two_secret_keys_to_its_writers(clouds: Clouds) -> None:
    azure = clouds.connect("azure-native")
    arguments = {"resourceGroupName": "ml", "workspaceName": "ml-logs"}
    missing = refusal(lambda: azure.invoke("azure-native:operationalinsights:getSharedKeys", **arguments))
    assert missing.code() is grpc.StatusCode.NOT_FOUND
    azure.create("azure-native:resources:ResourceGroup", "rg", {"resourceGroupName": "ml"})
    azure.create("azure-native:operationalinsights:Workspace", "logs", dict(arguments))
    keys = azure.invoke("azure-native:operationalinsights:getSharedKeys", **arguments)
    assert set(keys) == {"primarySharedKey", "secondarySharedKey"}
    assert {len(base64.b64decode(key.value)) for key in keys.values()} == {64}
    assert keys["primarySharedKey"] != keys["secondarySharedKey"]


def test_a_registry_gives_credentials_only_of_an_enabled_admin_user(clouds: Clouds) -> None:
    azure = clouds.connect("azure-native")
    azure.create("azure-native:resources:ResourceGroup", "rg", {"resourceGroupName": "ml"})
    for name, enabled in (("acmeopen", True), ("acmeclosed", False)):
        registry = {"resourceGroupName": "ml", "registryName": name, "sku": {"name": "Basic"}, "adminUserEnabled": enabled}
        azure.create("azure-native:containerregistry:Registry", name, registry)
    listing = "azure-native:containerregistry:listRegistryCredentials"
    found = azure.invoke(listing, resourceGroupName="ml", registryName="acmeopen")
    assert found["username"] == "acmeopen"
    assert [password["name"] for password in found["passwords"]] == ["password", "password2"]
    assert all(isinstance(password["value"], Secret) for password in found["passwords"])
    closed = refusal(lambda: azure.invoke(listing, resourceGroupName="ml", registryName="acmeclosed"))
    assert "set adminUserEnabled to true" in closed.details()


@pytest.mark.parametrize(("kind", "user"), [("User", "clusterUser"), ("Admin", "clusterAdmin")])
def test_a_kubernetes_service_gives_a_secret_kubeconfig_of_its_own_server(kind: str, user: str, clouds: Clouds) -> None:
    azure = clouds.connect("azure-native")
    azure.create("azure-native:resources:ResourceGroup", "rg", {"resourceGroupName": "ml"})
    cluster = {"resourceGroupName": "ml", "resourceName": "serving", "dnsPrefix": "srv", "identity": {"type": "SystemAssigned"}}
    pools = [{"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D4s_v5"}]
    _, outputs = azure.create("azure-native:containerservice:ManagedCluster", "c", {**cluster, "agentPoolProfiles": pools})
    listing = f"azure-native:containerservice:listManagedCluster{kind}Credentials"
    (found,) = azure.invoke(listing, resourceGroupName="ml", resourceName="serving")["kubeconfigs"]
    assert found["name"] == user
    kubeconfig = yaml.safe_load(base64.b64decode(found["value"].value))
    assert kubeconfig["clusters"][0]["cluster"]["server"] == f"https://{outputs['fqdn']}:443"
    assert kubeconfig["contexts"][0] == {"name": "serving", "context": {"cluster": "serving", "user": kubeconfig["users"][0]["name"]}}
    assert kubeconfig["current-context"] == "serving"


def test_a_manifest_is_taken_apart_and_placed_in_a_namespace(clouds: Clouds) -> None:
    manifest = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: trainer}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: ml}}
"""
    result = clouds.connect("kubernetes").invoke("kubernetes:yaml:decode", text=manifest, defaultNamespace="ml")["result"]
    assert result == [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"namespace": "ml", "name": "trainer"}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ml"}},
    ]


def test_a_scenario_may_assume_that_what_is_looked_up_is_there(start: Callable[..., Clouds]) -> None:
    clouds = start(assumeExisting=True)
    aws = clouds.connect("aws")
    found = aws.invoke("aws:s3/getBucket:getBucket", bucket="company-data")
    assert (found["bucket"], found["arn"]) == ("company-data", "arn:aws:s3:::company-data")
    assert aws.invoke("aws:s3/getBucket:getBucket", bucket="company-data") == found
    identifier, _, _ = aws.read("aws:ec2/vpc:Vpc", "vpc-0123456789abcdef0")
    assert identifier == "vpc-0123456789abcdef0"
    assert state(clouds).all() == []


def test_what_is_looked_up_and_not_there_is_refused_without_that(aws: Client) -> None:
    assert "company-data" in refusal(lambda: aws.invoke("aws:s3/getBucket:getBucket", bucket="company-data")).details()
