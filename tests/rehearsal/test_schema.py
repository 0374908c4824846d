"""Schemas read from the installed SDKs. Expected values are from the providers' registry documentation."""

from importlib.metadata import version

import pytest

from rehearsal.facts import all_facts
from rehearsal.paths import parse_path
from rehearsal.schema import function_schema, package_version, provider_schema, resource_schema
from rehearsal.sdk import azure_api_version


@pytest.mark.parametrize("known", all_facts(), ids=lambda known: known.token)
def test_every_type_of_the_facts_exists_in_the_installed_sdk(known) -> None:
    schema = resource_schema(known.token)
    assert schema is not None
    if known.name_property:
        assert parse_path(known.name_property)[0] in schema.inputs
    assert {parse_path(path)[0] for path in known.computed} <= schema.outputs.keys()
    assert {parse_path(path)[0] for path in known.immutable} <= schema.inputs.keys() | {"metadata"}


def test_required_inputs_are_those_the_registry_marks_required() -> None:
    assert resource_schema("aws:s3/bucketVersioning:BucketVersioning").required == {"bucket", "versioningConfiguration"}
    assert resource_schema("azure-native:storage:StorageAccount").required == {"kind", "resourceGroupName", "sku"}
    assert resource_schema("gcp:storage/bucket:Bucket").required == {"location"}
    assert resource_schema("aws:s3/bucket:Bucket").required == frozenset()


def test_computed_outputs_are_those_no_input_sets() -> None:
    computed = resource_schema("aws:kms/key:Key").computed
    assert {"arn", "keyId", "tagsAll"} <= computed
    assert not {"description", "id", "urn"} & computed


def test_a_colliding_args_class_is_the_resources_own() -> None:
    # pulumi_azure_native.network.VirtualNetworkArgs describes a reference of another type and has only an id
    schema = resource_schema("azure-native:network:VirtualNetwork")
    assert {"addressSpace", "resourceGroupName", "virtualNetworkName"} <= schema.inputs.keys()


def test_nested_types_are_read_through_inputs_and_lists() -> None:
    rules = resource_schema("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    assert rules.kind == "list"
    assert rules.element.required == {"id", "status"}
    assert rules.element.properties["transitions"].element.properties["days"].kind == "integer"


def test_a_string_with_suggested_values_is_no_strict_enum() -> None:
    acl = resource_schema("aws:s3/bucket:Bucket").inputs["acl"]
    assert (acl.kind, acl.strict) == ("string", False)
    assert "private" in acl.allowed


def test_a_plain_enum_is_strict() -> None:
    tier = resource_schema("azure-native:storage:StorageAccount").inputs["accessTier"]
    assert tier.strict
    assert set(tier.allowed) == {"Hot", "Cool", "Cold", "Premium"}


def test_an_api_versioned_token_is_answered_by_the_default_version() -> None:
    versioned = resource_schema("azure-native:storage/v20240101:StorageAccount")
    assert versioned.inputs == resource_schema("azure-native:storage:StorageAccount").inputs


def test_a_kind_of_an_unknown_group_is_a_custom_resource_and_of_a_known_one_is_not() -> None:
    assert resource_schema("kubernetes:karpenter.sh/v1:NodePool").open
    assert resource_schema("kubernetes:apps/v1:Deploymnt") is None


@pytest.mark.parametrize("token", ["aws:s3/buckets:Buckets", "nocloud:index/thing:Thing", "gcp:storage/bucket:Buckets"])
def test_a_type_the_sdk_lacks_has_no_schema(token: str) -> None:
    assert resource_schema(token) is None


def test_a_malformed_token_is_an_error_that_shows_the_form() -> None:
    with pytest.raises(ValueError, match="package:module:Name"):
        resource_schema("aws:Bucket")


def test_functions_tell_required_arguments_from_optional_ones() -> None:
    assert function_schema("aws:eks/getClusterAuth:getClusterAuth").required == {"name"}
    zones = function_schema("aws:index/getAvailabilityZones:getAvailabilityZones")
    assert zones.required == frozenset()
    assert {"allAvailabilityZones", "filters"} <= zones.inputs.keys()
    assert {"names", "zoneIds"} <= zones.outputs.keys()


@pytest.mark.parametrize(
    "token",
    [
        "aws:lambda/getFunction:getFunction",
        "gcp:organizations/getProject:getProject",
        "azure-native:authorization:getClientConfig",
        "azure-native:storage:listStorageAccountKeys",
    ],
)
def test_functions_are_found_in_modules_of_every_spelling(token: str) -> None:
    assert function_schema(token).token == token


def test_a_function_the_sdk_lacks_has_no_schema() -> None:
    assert function_schema("aws:s3/getNothing:getNothing") is None


def test_provider_settings_are_those_of_the_provider_class() -> None:
    assert {"region", "defaultTags", "allowedAccountIds"} <= provider_schema("aws").inputs.keys()
    assert provider_schema("gcp").inputs["defaultLabels"].kind == "map"
    assert provider_schema("nocloud") is None


def test_the_version_is_the_installed_packages() -> None:
    assert package_version("azure-native") == version("pulumi-azure-native")


def test_a_missing_sdk_names_the_extra_to_install() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"drydock\[nocloud\]"):
        package_version("nocloud")


def test_the_azure_api_version_is_the_documented_one() -> None:
    assert azure_api_version("azure-native:network:VirtualNetwork") == "2024-05-01"
