"""Names: generated, checked and unique. Rules from the clouds' naming documentation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.context import CloudContext
from rehearsal.facts import facts
from rehearsal.naming import auto_name, check_name, has_name_prefix, name_path, uniqueness_key
from rehearsal.schema import resource_schema

CONTEXT = CloudContext()


def named(token: str, logical: str = "models", seed: bytes = b"seed", autonaming=None) -> str | None:
    return auto_name(token, resource_schema(token), logical, seed, autonaming)


def key(token: str, context: CloudContext = CONTEXT, **inputs) -> tuple[str, ...] | None:
    return uniqueness_key(facts(token), token, inputs, context)


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("aws:s3/bucket:Bucket", r"models-[0-9a-f]{7}"),
        ("aws:iam/role:Role", r"models-[0-9a-f]{7}"),
        ("aws:kms/alias:Alias", r"alias/models-[0-9a-f]{7}"),
        ("gcp:storage/bucket:Bucket", r"models-[0-9a-f]{7}"),
        ("gcp:vertex/aiMetadataStore:AiMetadataStore", r"models_[0-9a-f]{7}"),
        ("azure-native:storage:StorageAccount", r"models[0-9a-f]{8}"),
        ("azure-native:storage:BlobContainer", r"models"),
        ("azure-native:resources:ResourceGroup", r"models[0-9a-f]{8}"),
        ("kubernetes:apps/v1:Deployment", r"models-[0-9a-f]{8}"),
        ("kubernetes:karpenter.sh/v1:NodePool", r"models-[0-9a-f]{8}"),
        ("aws:s3/bucketObjectv2:BucketObjectv2", r"models"),
    ],
)
def test_a_name_is_generated_in_the_providers_own_form(token: str, form: str) -> None:
    name = named(token)
    assert re.fullmatch(form, name)
    assert check_name(facts(token), name) is None


@pytest.mark.parametrize(
    "token",
    [
        "aws:kms/key:Key",  # has no name
        "gcp:artifactregistry/repository:Repository",  # repositoryId must be given
        "aws:route53/record:Record",  # so must a record's name
        "gcp:monitoring/slo:Slo",  # the cloud assigns it
        "aws:efs/fileSystem:FileSystem",  # the creation token is the cloud's
    ],
)
def test_no_name_is_generated_where_the_provider_generates_none(token: str) -> None:
    assert named(token) is None


def test_a_bridged_provider_lowers_a_name_only_where_the_cloud_insists() -> None:
    assert named("aws:s3/bucket:Bucket", "Fraud").startswith("fraud-")
    assert named("aws:iam/role:Role", "Fraud").startswith("Fraud-")


def test_azure_native_passes_on_what_azure_then_refuses() -> None:
    name = named("azure-native:storage:StorageAccount", "fraud-models")
    assert name.startswith("fraud-models")
    assert "lower-case letters, digits (pattern" in check_name(facts("azure-native:storage:StorageAccount"), name)


@given(st.binary(max_size=32), st.binary(max_size=32))
def test_the_same_seed_gives_the_same_name_and_another_another(first: bytes, second: bytes) -> None:
    names = {named("aws:iam/role:Role", seed=first), named("aws:iam/role:Role", seed=first), named("aws:iam/role:Role", seed=second)}
    assert len(names) == (1 if first == second else 2)


def test_a_role_assignment_is_named_by_a_guid() -> None:
    name = named("azure-native:authorization:RoleAssignment", autonaming=("models-x", "PROPOSE"))
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", name)


@pytest.mark.parametrize(("mode", "name"), [("PROPOSE", "ml-models"), ("ENFORCE", "ml-models"), ("DISABLE", None)])
def test_the_projects_own_naming_wins(mode: str, name: str | None) -> None:
    assert named("aws:s3/bucket:Bucket", autonaming=("ml-models", mode)) == name


def test_the_name_lies_where_the_type_has_it() -> None:
    for token, path in (
        ("aws:s3/bucket:Bucket", ("bucket",)),
        ("kubernetes:core/v1:Service", ("metadata", "name")),
        ("aws:chime/voiceConnector:VoiceConnector", ("name",)),
        ("aws:ec2/vpc:Vpc", None),
    ):
        assert name_path(token, resource_schema(token)) == path


def test_a_prefix_takes_the_place_of_a_name() -> None:
    schema = resource_schema("aws:s3/bucket:Bucket")
    assert has_name_prefix("aws:s3/bucket:Bucket", schema, {"bucketPrefix": "models-"})
    assert not has_name_prefix("aws:s3/bucket:Bucket", schema, {"bucketPrefix": "models-", "bucket": "models"})
    assert not has_name_prefix("aws:s3/bucket:Bucket", schema, {})


@pytest.mark.parametrize(
    "name", ["ab", "a" * 64, "Models", "models_a", "-models", "models-", "a..b", "192.168.5.4", "xn--models", "models-s3alias", "models\n"]
)
def test_s3_refuses_what_its_naming_rules_forbid(name: str) -> None:
    assert check_name(facts("aws:s3/bucket:Bucket"), name)


@pytest.mark.parametrize("name", ["googmodels", "my-google-models", "my-g00gle", "a", "Models", "192.168.5.4", "models-", "a..b"])
def test_cloud_storage_refuses_what_its_naming_rules_forbid(name: str) -> None:
    assert check_name(facts("gcp:storage/bucket:Bucket"), name)


@pytest.mark.parametrize("name", ["models", "models_a.b-c", "0models9"])
def test_cloud_storage_takes_what_its_naming_rules_allow(name: str) -> None:
    assert check_name(facts("gcp:storage/bucket:Bucket"), name) is None


def test_a_refusal_says_what_is_allowed() -> None:
    account = facts("azure-native:storage:StorageAccount")
    assert check_name(account, "a" * 25) == f"{'a' * 25!r} has 25 characters, but at most 24 are allowed; shorten it"
    assert check_name(account, "ab") == "'ab' has 2 characters, but at least 3 are needed; lengthen it"
    assert check_name(account, "My-Models") == (
        "'My-Models' is not an allowed name; "
        "use a name of at most 24 characters made of lower-case letters, digits (pattern ^[a-z0-9]{3,24}$)"
    )
    group = facts("aws:ec2/securityGroup:SecurityGroup")
    assert check_name(group, "sg-web") == "'sg-web' is not an allowed name; it must not begin with 'sg-'"
    assert check_name(facts("azure-native:storage:ManagementPolicy"), "tiering") == "'tiering' is not an allowed name; it must be 'default'"


def test_a_type_without_facts_takes_any_name() -> None:
    assert check_name(None, "anything at all") is None


def test_a_bucket_name_is_taken_in_every_account_and_region() -> None:
    elsewhere = CloudContext(aws_account="999999999999", aws_region="us-east-1")
    assert key("aws:s3/bucket:Bucket", bucket="models") == key("aws:s3/bucket:Bucket", elsewhere, bucket="models", region="us-west-2")
    assert key("gcp:storage/bucket:Bucket", name="m", project="a") == key("gcp:storage/bucket:Bucket", name="m", project="b")


def test_a_role_is_unique_in_its_account_and_a_queue_in_its_region() -> None:
    other_account, other_region = CloudContext(aws_account="999999999999"), CloudContext(aws_region="us-east-1")
    assert key("aws:iam/role:Role", name="a") == key("aws:iam/role:Role", other_region, name="a")
    assert key("aws:iam/role:Role", name="a") != key("aws:iam/role:Role", other_account, name="a")
    assert key("aws:sqs/queue:Queue", name="a") != key("aws:sqs/queue:Queue", other_region, name="a")
    assert key("aws:sqs/queue:Queue", other_region, name="a") == key("aws:sqs/queue:Queue", name="a", region="us-east-1")


def test_a_nested_name_is_unique_within_its_parent() -> None:
    def container(account: str, name: str = "captures") -> tuple[str, ...] | None:
        return key("azure-native:storage:BlobContainer", resourceGroupName="ml", accountName=account, containerName=name)

    assert container("models1") == container("models1")
    assert container("models1") != container("models2")
    assert container("models1") == container("MODELS1", "Captures")  # Azure ignores case


def test_a_rule_is_unique_on_its_event_bus_in_its_account_and_region() -> None:
    token, other = "aws:cloudwatch/eventRule:EventRule", CloudContext(aws_region="us-east-1")
    assert key(token, name="nightly") == key(token, name="nightly")
    assert key(token, name="nightly") != key(token, name="nightly", eventBusName="ml")
    assert key(token, name="nightly") != key(token, other, name="nightly")


def test_an_object_is_unique_in_its_namespace() -> None:
    def service(**metadata: str) -> tuple[str, ...] | None:
        return key("kubernetes:core/v1:Service", metadata=metadata)

    assert service(name="a") == service(name="a", namespace="default")
    assert service(name="a") != service(name="a", namespace="ml")


def test_what_has_no_unique_name_has_no_key() -> None:
    assert key("aws:s3/bucketVersioning:BucketVersioning", bucket="models") is None
    assert key("gcp:monitoring/alertPolicy:AlertPolicy", displayName="a") is None
    assert key("aws:iam/role:Role") is None
    assert key("azure-native:storage:BlobContainer", containerName="a") is None
