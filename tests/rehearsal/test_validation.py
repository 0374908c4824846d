"""What the providers refuse. Expected outcomes are from the providers' documentation and the Terraform bridge's rules."""

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.schema import function_schema, provider_schema, resource_schema
from rehearsal.validation import decode_settings, validate
from rehearsal.values import UNKNOWN, Secret

BUCKET = resource_schema("aws:s3/bucket:Bucket")
ACCOUNT = resource_schema("azure-native:storage:StorageAccount")
DEPLOYMENT = resource_schema("kubernetes:apps/v1:Deployment")
ACCOUNT_INPUTS = {"kind": "StorageV2", "resourceGroupName": "ml", "sku": {"name": "Standard_LRS"}}


def failures(schema, inputs) -> dict[str, str]:
    return {failure.property: failure.reason for failure in validate(schema, inputs)}


def deployment(container: dict) -> dict:
    spec = {"selector": {"matchLabels": {"app": "a"}}, "template": {"spec": {"containers": [{"name": "a", **container}]}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec}


def test_an_unknown_property_fails_with_the_nearest_name() -> None:
    assert failures(BUCKET, {"bukcet": "a"}) == {"bukcet": "unknown property 'bukcet'; did you mean 'bucket'?"}


def test_a_python_spelling_is_answered_with_the_real_one() -> None:
    assert "did you mean 'forceDestroy'?" in failures(BUCKET, {"force_destroy": True})["force_destroy"]


def test_an_unknown_property_like_no_other_lists_what_is_allowed() -> None:
    reason = failures(resource_schema("aws:s3/bucketPolicy:BucketPolicy"), {"bucket": "a", "policy": "{}", "zzz": 1})["zzz"]
    assert reason == "unknown property 'zzz'; remove it or use one of: bucket, policy, region"


def test_an_unknown_property_fails_at_any_depth() -> None:
    rules = [{"id": "a", "status": "Enabled", "transitions": [{"dais": 3, "storageClass": "GLACIER"}]}]
    schema = resource_schema("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    assert list(failures(schema, {"bucket": "a", "rules": rules})) == ["rules[0].transitions[0].dais"]


def test_a_missing_required_property_fails_at_any_depth() -> None:
    assert list(failures(ACCOUNT, {"kind": "StorageV2", "sku": {}})) == ["resourceGroupName", "sku.name"]


def test_a_null_counts_as_missing() -> None:
    assert list(failures(ACCOUNT, {**ACCOUNT_INPUTS, "kind": None})) == ["kind"]


@pytest.mark.parametrize("days", [30, 30.0, "30"])
def test_bridged_providers_read_numbers_from_text(days) -> None:
    queue = resource_schema("aws:sqs/queue:Queue")
    assert failures(queue, {"delaySeconds": days}) == {}


@pytest.mark.parametrize("days", ["abc", "", "30s", 1.5, True, [30], {"days": 30}])
def test_what_is_no_whole_number_is_none_for_a_bridged_provider_either(days) -> None:
    queue = resource_schema("aws:sqs/queue:Queue")
    assert "must be a whole number" in failures(queue, {"delaySeconds": days})["delaySeconds"]


def test_bridged_providers_read_booleans_from_text_and_text_from_numbers() -> None:
    assert failures(BUCKET, {"forceDestroy": "true", "tags": {"costCenter": 4211}}) == {}
    assert "true or false" in failures(BUCKET, {"forceDestroy": "yes"})["forceDestroy"]


def test_azure_native_and_kubernetes_convert_nothing() -> None:
    assert list(failures(ACCOUNT, {**ACCOUNT_INPUTS, "isHnsEnabled": "true"})) == ["isHnsEnabled"]
    environment = [{"name": "WORKERS", "value": 4}]
    assert list(failures(DEPLOYMENT, deployment({"env": environment}))) == ["spec.template.spec.containers[0].env[0].value"]


def test_kubernetes_reads_a_bare_number_as_a_quantity() -> None:
    assert failures(DEPLOYMENT, deployment({"resources": {"limits": {"nvidia.com/gpu": 1}}})) == {}


def test_kubernetes_takes_a_port_by_number_or_by_name() -> None:
    for port in (8080, "http"):
        assert failures(DEPLOYMENT, deployment({"livenessProbe": {"httpGet": {"port": port}}})) == {}


def test_a_strict_enum_takes_its_values_only() -> None:
    assert failures(ACCOUNT, {**ACCOUNT_INPUTS, "accessTier": "Cold"}) == {}
    reason = failures(ACCOUNT, {**ACCOUNT_INPUTS, "accessTier": "Warm"})["accessTier"]
    assert reason == "\"Warm\" is not one of the allowed values; use one of 'Hot', 'Cool', 'Premium', 'Cold'"


def test_a_suggested_value_is_no_limit() -> None:
    assert failures(ACCOUNT, {**ACCOUNT_INPUTS, "kind": "StorageV3"}) == {}


def test_a_union_is_reported_against_the_alternative_that_fits_best() -> None:
    schema = resource_schema("azure-native:machinelearningservices:OnlineDeployment")
    properties = {"endpointComputeType": "Managed", "egressPublicNetworkAccess": "Enabled", "instanceTyp": "Standard_DS3_v2"}
    inputs = {"endpointName": "e", "resourceGroupName": "g", "workspaceName": "w", "properties": properties}
    assert list(failures(schema, inputs)) == ["properties.instanceTyp"]


def test_a_list_where_an_object_belongs_fails() -> None:
    assert "must be an object, but it is a list" in failures(ACCOUNT, {**ACCOUNT_INPUTS, "sku": ["Standard_LRS"]})["sku"]


def test_an_asset_is_taken_where_the_schema_wants_one_and_nothing_else_is() -> None:
    schema = resource_schema("aws:s3/bucketObjectv2:BucketObjectv2")
    inputs = {"bucket": "models", "source": pulumi.StringAsset("weights")}
    assert failures(schema, inputs) == {}
    assert "an asset or archive" in failures(schema, {**inputs, "source": "weights"})["source"]


@given(st.sampled_from(sorted(ACCOUNT.inputs)), st.booleans())
def test_an_unknown_value_passes_anywhere(name: str, secret: bool) -> None:
    value = Secret(UNKNOWN) if secret else UNKNOWN
    assert failures(ACCOUNT, {**ACCOUNT_INPUTS, name: value}) == {}


@given(st.text(min_size=6).filter(lambda text: not text.isspace()))
def test_a_secret_is_checked_but_never_shown(value: str) -> None:
    schema = resource_schema("aws:rds/instance:Instance")
    for inner in (value + "x", [value]):
        found = failures(schema, {"instanceClass": "db.t4g.micro", "allocatedStorage": Secret(inner)})
        assert list(found) == ["allocatedStorage"]
        assert value not in found["allocatedStorage"].replace("a whole number", "").replace("a secret value of another type", "")


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(failures(BUCKET, {"forceDestroy": "x" * 500})["forceDestroy"]) < 150


def test_the_engines_own_keys_are_left_alone() -> None:
    assert failures(BUCKET, {"__defaults": ["bucket"], "tags": {"__defaults": []}}) == {}


def test_a_custom_resource_takes_any_property_but_checks_its_metadata() -> None:
    schema = resource_schema("kubernetes:karpenter.sh/v1:NodePool")
    assert failures(schema, {"metadata": {"name": "gpu"}, "spec": {"weight": 10}, "extra": {"a": [1]}}) == {}
    assert list(failures(schema, {"metadata": {"nmae": "gpu"}})) == ["metadata.nmae"]


def test_functions_are_checked_like_resources() -> None:
    assert list(failures(function_schema("aws:eks/getClusterAuth:getClusterAuth"), {"nam": "a"})) == ["name", "nam"]


def test_provider_settings_arrive_as_json_text_and_are_read_back() -> None:
    schema = provider_schema("aws")
    settings = {"region": "eu-west-1", "defaultTags": '{"tags": {"owner": "ml"}}', "skipMetadataApiCheck": "true", "maxRetries": "oops"}
    decoded = decode_settings(schema, settings)
    assert decoded == {"region": "eu-west-1", "defaultTags": {"tags": {"owner": "ml"}}, "skipMetadataApiCheck": True, "maxRetries": "oops"}
    assert list(failures(schema, decoded)) == ["maxRetries"]
