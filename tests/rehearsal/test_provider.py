"""The simulated clouds as the engine meets them: create, read, update and delete over the plugin protocol."""

from __future__ import annotations

import json
import re

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from rehearsal.drift import change, remove
from rehearsal.values import UNKNOWN, Secret
from rehearsal.wire import encode
from tests.rehearsal.simulated import Client, Clouds, refusal, state

BUCKET = "aws:s3/bucket:Bucket"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"


# Configuration and checks


def test_an_unknown_setting_of_a_provider_is_refused(aws: Client) -> None:
    answer = aws.stub.CheckConfig(provider_pb2.CheckRequest(news=encode({"region": "eu-west-1", "reigon": "x", "version": "7.0.0"})))
    assert [failure.property for failure in answer.failures] == ["reigon"]


def test_aws_without_a_region_stops_at_once(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert "aws:region" in refusal(lambda: clouds.connect("aws", region=None)).details()


def test_a_google_resource_needs_a_project_from_somewhere(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    gcp = clouds.connect("gcp", project=None)
    topic = "gcp:pubsub/topic:Topic"
    assert "gcp:project" in refusal(lambda: gcp.preview(topic, "jobs", {"name": "jobs"})).details()
    assert "gcp:project" in refusal(lambda: gcp.create(topic, "jobs", {"name": "jobs"})).details()
    assert gcp.create(topic, "jobs", {"name": "jobs", "project": "other"})[0] == "projects/other/topics/jobs"


def test_a_google_project_may_come_from_the_tools_environment(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "from-environment")
    gcp = clouds.connect("gcp", project=None)
    assert gcp.create("gcp:pubsub/topic:Topic", "jobs", {"name": "jobs"})[0] == "projects/from-environment/topics/jobs"


def test_only_another_cluster_replaces_a_kubernetes_provider(clouds: Clouds) -> None:
    def kubeconfig(server: str, token: str) -> dict[str, str]:
        return {
            "kubeconfig": json.dumps({"clusters": [{"name": "c", "cluster": {"server": server}}], "users": [{"user": {"token": token}}]})
        }

    def diff(old: dict[str, str], new: dict[str, str]) -> list[str]:
        request = provider_pb2.DiffRequest(old_inputs=encode(old), news=encode(new))
        return list(clouds.connect("kubernetes").stub.DiffConfig(request).replaces)

    assert diff(kubeconfig("https://one", "a"), kubeconfig("https://one", "b")) == []
    assert diff(kubeconfig("https://one", "a"), kubeconfig("https://two", "a")) == ["kubeconfig"]


def test_every_failure_of_a_resource_is_told_at_once_by_property(aws: Client) -> None:
    news = {"bukcet": "x", "forceDestroy": {"not": "a bool"}, "bucket": "Upper_Case"}
    _, failures = aws.check(BUCKET, "models", news)
    assert set(failures) == {"bukcet", "forceDestroy", "bucket"}
    assert "did you mean 'bucket'" in failures["bukcet"]


def test_a_type_that_the_sdk_lacks_is_named(aws: Client) -> None:
    _, failures = aws.check("aws:s3/bucket:Buckt", "models", {})
    assert "aws:s3/bucket:Buckt is not a type of the installed aws SDK" in failures[""]


def test_a_generated_name_is_kept_for_the_life_of_the_resource(aws: Client) -> None:
    first, _ = aws.check(BUCKET, "models", {})
    assert re.fullmatch(r"models-[0-9a-f]{7}", str(first["bucket"]))
    request = provider_pb2.CheckRequest(type=BUCKET, name="models", news=encode({}), olds=encode(first), randomSeed=b"another seed")
    again = aws.stub.Check(request)
    assert again.inputs["bucket"] == first["bucket"]


def test_a_name_that_the_program_no_longer_gives_is_generated_anew(aws: Client) -> None:
    again, _ = aws.check(BUCKET, "models", {}, olds={"bucket": "chosen-by-hand"})
    assert str(again["bucket"]).startswith("models-")


def test_the_projects_naming_rules_decide_the_name(aws: Client) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    named, _ = aws.check(BUCKET, "models", {}, autonaming=options(proposed_name="acme-models", mode=options.ENFORCE))
    assert named["bucket"] == "acme-models"
    _, failures = aws.check(BUCKET, "models", {}, autonaming=options(mode=options.DISABLE))
    assert "automatic naming" in failures["bucket"]


def test_an_unknown_value_passes_the_check_and_stays_unknown(aws: Client) -> None:
    checked, failures = aws.check(BUCKET, "models", {"bucket": UNKNOWN, "tags": {"owner": UNKNOWN}})
    assert failures == {}
    assert checked["bucket"] is UNKNOWN


def test_a_secret_that_is_refused_is_not_told(aws: Client) -> None:
    _, failures = aws.check(BUCKET, "models", {"forceDestroy": Secret("correct horse")})
    assert "forceDestroy" in failures
    assert "correct horse" not in failures["forceDestroy"]


# Create


def test_a_preview_makes_nothing_and_leaves_computed_outputs_unknown(aws: Client, clouds: Clouds) -> None:
    planned = aws.preview(BUCKET, "models", {"bucket": "acme-models"})
    assert planned["bucket"] == "acme-models"
    assert planned["hostedZoneId"] is UNKNOWN
    assert state(clouds).all() == []


def test_a_bucket_has_the_outputs_of_a_real_one(aws: Client) -> None:
    identifier, outputs = aws.create(BUCKET, "models", {"bucket": "acme-models"})
    assert identifier == "acme-models"
    # Amazon S3 user guide: ARN format and virtual-hosted-style host names.
    assert outputs["arn"] == "arn:aws:s3:::acme-models"
    assert outputs["bucketRegionalDomainName"] == "acme-models.s3.eu-west-1.amazonaws.com"


def test_a_global_name_is_taken_for_everybody(clouds: Clouds) -> None:
    clouds.connect("aws").create(BUCKET, "models", {"bucket": "acme-models"})
    stranger = clouds.connect("aws", region="us-east-1", assumeRoles=json.dumps([{"roleArn": "arn:aws:iam::999988887777:role/x"}]))
    error = refusal(lambda: stranger.create(BUCKET, "theirs", {"bucket": "acme-models"}))
    assert error.code() is grpc.StatusCode.ALREADY_EXISTS
    assert "BucketAlreadyExists" in error.details()
    assert "acme-models" in error.details()


def test_a_regional_name_may_exist_in_another_region(clouds: Clouds) -> None:
    for region in ("eu-west-1", "us-east-1"):
        aws = clouds.connect("aws", region=region)
        assert aws.create("aws:ecr/repository:Repository", "images", {"name": "images"})[0] == "images"
    again = clouds.connect("aws")
    assert (
        refusal(lambda: again.create("aws:ecr/repository:Repository", "twice", {"name": "images"})).code() is grpc.StatusCode.ALREADY_EXISTS
    )


def test_the_region_of_a_resource_goes_before_the_providers(aws: Client) -> None:
    _, outputs = aws.create("aws:sqs/queue:Queue", "jobs", {"name": "jobs", "region": "us-east-1"})
    assert outputs["arn"] == "arn:aws:sqs:us-east-1:123456789012:jobs"


def test_each_connection_is_a_provider_instance_of_its_own(clouds: Clouds) -> None:
    europe, america = clouds.connect("aws"), clouds.connect("aws", region="us-east-1")
    assert europe.create("aws:sqs/queue:Queue", "a", {"name": "a"})[1]["arn"] == "arn:aws:sqs:eu-west-1:123456789012:a"
    assert america.create("aws:sqs/queue:Queue", "b", {"name": "b"})[1]["arn"] == "arn:aws:sqs:us-east-1:123456789012:b"
    assert europe.create("aws:sqs/queue:Queue", "c", {"name": "c"})[1]["arn"] == "arn:aws:sqs:eu-west-1:123456789012:c"


@pytest.mark.parametrize(
    ("package", "token", "inputs", "code"),
    [
        ("aws", VERSIONING, {"bucket": "absent", "versioningConfiguration": {"status": "Enabled"}}, "NoSuchBucket"),
        ("aws", SUBNET, {"vpcId": "vpc-0000", "cidrBlock": "10.0.0.0/24"}, "InvalidVpcID.NotFound"),
        ("gcp", "gcp:storage/bucketIAMMember:BucketIAMMember", {"bucket": "absent", "role": "r", "member": "user:a"}, "404"),
        ("gcp", "gcp:kms/cryptoKey:CryptoKey", {"name": "k", "keyRing": "projects/p/locations/l/keyRings/absent"}, "KeyRing not found"),
        (
            "azure-native",
            ACCOUNT,
            {"resourceGroupName": "absent", "accountName": "acmemodels", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}},
            "ResourceGroupNotFound",
        ),
        ("kubernetes", "kubernetes:core/v1:ConfigMap", {"metadata": {"name": "c", "namespace": "absent"}}, "NotFound: namespaces"),
    ],
)
def test_what_a_resource_names_must_exist(clouds: Clouds, package: str, token: str, inputs: dict, code: str) -> None:
    client = clouds.connect(package)
    error = refusal(lambda: client.create(token, "child", inputs))
    assert error.code() is grpc.StatusCode.NOT_FOUND
    assert code in error.details()
    assert state(clouds).all() == []


def test_a_nested_azure_resource_needs_its_parent(azure: Client) -> None:
    azure.create(GROUP, "rg", {"resourceGroupName": "ml"})
    container = {"resourceGroupName": "ml", "accountName": "acmemodels", "containerName": "models"}
    assert "ParentResourceNotFound" in refusal(lambda: azure.create(CONTAINER, "models", container)).details()


def test_azure_itself_keeps_a_network_watcher_where_a_network_is(azure: Client) -> None:
    # Microsoft Learn, "Enable or disable Azure Network Watcher": NetworkWatcher_REGION in NetworkWatcherRG, made with the first network.
    target = "/subscriptions/s/resourceGroups/ml/providers/Microsoft.Network/virtualNetworks/ml"
    watcher = {"resourceGroupName": "NetworkWatcherRG", "networkWatcherName": "NetworkWatcher_westeurope", "flowLogName": "flows"}
    log = {**watcher, "targetResourceId": target, "storageId": "/accounts/a", "location": "westeurope"}
    assert "ResourceGroupNotFound" in refusal(lambda: azure.create("azure-native:network:FlowLog", "flows", log)).details()
    azure.create(GROUP, "rg", {"resourceGroupName": "ml", "location": "westeurope"})
    network = {"resourceGroupName": "ml", "virtualNetworkName": "ml", "location": "westeurope"}
    azure.create("azure-native:network:VirtualNetwork", "ml", {**network, "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}})
    account = {"resourceGroupName": "ml", "accountName": "flows", "location": "westeurope", "kind": "StorageV2"}
    account_id, _ = azure.create(ACCOUNT, "flows", {**account, "sku": {"name": "Standard_LRS"}})
    identifier, _ = azure.create("azure-native:network:FlowLog", "flows", {**log, "storageId": account_id})
    assert identifier.endswith("/networkWatchers/NetworkWatcher_westeurope/flowLogs/flows")


def test_the_default_network_and_managed_policies_need_not_be_made(clouds: Clouds) -> None:
    aws, gcp = clouds.connect("aws"), clouds.connect("gcp")
    aws.create("aws:iam/role:Role", "node", {"name": "node", "assumeRolePolicy": "{}"})
    attachment = {"role": "node", "policyArn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"}
    aws.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "node", attachment)
    gcp.create("gcp:compute/firewall:Firewall", "ssh", {"name": "ssh", "network": "default", "allows": [{"protocol": "tcp"}]})
    own = {**attachment, "policyArn": "arn:aws:iam::123456789012:policy/absent"}
    assert "NoSuchEntity" in refusal(lambda: aws.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "own", own)).details()


# Secrets


def test_a_secret_stays_a_secret_and_never_reaches_the_disk(aws: Client, clouds: Clouds) -> None:
    inputs = {"name": "db", "type": "SecureString", "value": Secret("correct horse battery")}
    identifier, outputs = aws.create("aws:ssm/parameter:Parameter", "db", inputs)
    assert outputs["value"] == Secret("correct horse battery")
    for path in clouds.database.parent.iterdir():
        assert b"correct horse" not in path.read_bytes()
    _, read_inputs, read_outputs = aws.read("aws:ssm/parameter:Parameter", identifier, inputs, outputs)
    assert read_inputs["value"] == Secret("correct horse battery")
    assert read_outputs == outputs


def test_what_gives_access_is_secret_although_nobody_marked_it(aws: Client) -> None:
    aws.create("aws:iam/user:User", "ci", {"name": "ci"})
    _, outputs = aws.create("aws:iam/accessKey:AccessKey", "ci", {"user": "ci"})
    assert isinstance(outputs["secret"], Secret)


# Diff


def test_a_new_bucket_name_replaces_and_a_new_tag_does_not(aws: Client) -> None:
    old = {"bucket": "acme-models", "tags": {"team": "ml"}, "__defaults": []}
    renamed = aws.diff(BUCKET, "models", old, {**old, "bucket": "acme-other"})
    assert list(renamed.replaces) == ["bucket"]
    assert renamed.detailedDiff["bucket"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE
    tagged = aws.diff(BUCKET, "models", old, {**old, "tags": {"team": "finance"}})
    assert list(tagged.replaces) == []
    assert tagged.detailedDiff["tags.team"].kind == provider_pb2.PropertyDiff.UPDATE
    assert tagged.changes == provider_pb2.DiffResponse.DIFF_SOME


def test_nothing_changed_is_no_difference(aws: Client) -> None:
    old = {"bucket": "acme-models", "__defaults": []}
    assert aws.diff(BUCKET, "models", old, {"bucket": "acme-models"}).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_replacement_under_the_same_fixed_name_is_deleted_first(aws: Client) -> None:
    old = {"name": "images", "encryptionConfigurations": [{"encryptionType": "AES256"}]}
    new = {"name": "images", "encryptionConfigurations": [{"encryptionType": "KMS"}]}
    answer = aws.diff("aws:ecr/repository:Repository", "images", old, new)
    assert answer.replaces
    assert answer.deleteBeforeReplace


# Read


def test_a_read_gives_what_create_gave(aws: Client) -> None:
    checked, _ = aws.check(BUCKET, "models", {"bucket": "acme-models", "tags": {"a": "b"}})
    identifier, outputs = aws.create(BUCKET, "models", {"bucket": "acme-models", "tags": {"a": "b"}})
    assert aws.read(BUCKET, identifier, checked, outputs) == (identifier, checked, outputs)


def test_a_read_of_something_that_is_gone_is_empty(aws: Client, clouds: Clouds) -> None:
    identifier, outputs = aws.create(BUCKET, "models", {"bucket": "acme-models"})
    remove(state(clouds), "acme-models")
    assert aws.read(BUCKET, identifier, {}, outputs) == ("", {}, {})


def test_a_read_shows_what_was_changed_behind_the_stack(aws: Client, clouds: Clouds) -> None:
    identifier, outputs = aws.create(BUCKET, "models", {"bucket": "acme-models", "tags": {"team": "ml"}})
    change(state(clouds), "acme-models", "tags.team", "finance")
    _, inputs, now = aws.read(BUCKET, identifier, {"bucket": "acme-models", "tags": {"team": "ml"}}, outputs)
    assert inputs["tags"] == {"team": "finance"}
    assert now["tags"] == {"team": "finance"}


def test_an_import_reads_by_id_and_may_name_the_region(clouds: Clouds) -> None:
    america = clouds.connect("aws", region="us-east-1")
    identifier, _ = america.create(VPC, "main", {"cidrBlock": "10.0.0.0/16"})
    europe = clouds.connect("aws")
    assert europe.read(VPC, identifier)[0] == ""
    assert europe.read(VPC, f"{identifier}@us-east-1")[1]["cidrBlock"] == "10.0.0.0/16"


# Update


def test_an_update_keeps_what_the_cloud_computed(aws: Client) -> None:
    checked, _ = aws.check(VPC, "main", {"cidrBlock": "10.0.0.0/16"})
    identifier, outputs = aws.create(VPC, "main", {"cidrBlock": "10.0.0.0/16"})
    new = {**checked, "tags": {"team": "ml"}}
    planned = aws.update(VPC, identifier, checked, new, preview=True, outputs=outputs)
    assert planned["mainRouteTableId"] == outputs["mainRouteTableId"]
    assert aws.read(VPC, identifier, checked, outputs)[2].get("tags") is None
    updated = aws.update(VPC, identifier, checked, new, outputs=outputs)
    assert updated["mainRouteTableId"] == outputs["mainRouteTableId"]
    assert updated["tags"] == {"team": "ml"}
    assert aws.read(VPC, identifier, new, updated)[2] == updated


def test_an_update_of_something_that_is_gone_says_so(aws: Client) -> None:
    error = refusal(lambda: aws.update(VPC, "vpc-absent", {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}}))
    assert error.code() is grpc.StatusCode.NOT_FOUND
    assert "vpc-absent" in error.details()


def test_methods_and_packaged_components_are_refused_by_name(aws: Client) -> None:
    assert "aws:x:Y/method" in refusal(lambda: aws.stub.Call(provider_pb2.CallRequest(tok="aws:x:Y/method"))).details()
    error = refusal(lambda: aws.stub.Construct(provider_pb2.ConstructRequest(type="aws:x:Component")))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_policy_given_as_an_object_becomes_the_json_text_that_aws_keeps(aws: Client) -> None:
    def checked(resource: object) -> object:
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}
        inputs, failures = aws.check("aws:iam/policy:Policy", "reads", {"policy": {"Version": "2012-10-17", "Statement": [statement]}})
        assert failures == {}
        return inputs["policy"]

    text = '{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}'
    assert checked("*") == text
    assert checked(Secret("*")) == Secret(text)
    assert checked(UNKNOWN) is UNKNOWN
