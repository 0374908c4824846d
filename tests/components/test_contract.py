"""What every cloud's bucket component promises."""

from dataclasses import replace

import pytest
from pulumi.runtime.rpc import UNKNOWN

from plan.model import (
    Band,
    BucketUsage,
    EncryptionPlan,
    ExistingBucketPlan,
    PlacementPlan,
    RetentionPlan,
    TieringPlan,
    Transition,
    VersioningPlan,
)

CLOUDS = ["aws", "gcp", "azure"]
TAG_PROPERTY = {"aws": "tags", "gcp": "labels", "azure": "tags"}
# Every type with tags or labels that a bucket may consist of, from the providers' references.
TAGGABLE = {
    "aws": {"aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:iam/role:Role"},
    "gcp": {"gcp:storage/bucket:Bucket", "gcp:kms/cryptoKey:CryptoKey"},
    "azure": {
        "azure-native:storage:StorageAccount",
        "azure-native:keyvault:Vault",
        "azure-native:keyvault:Key",
        "azure-native:managedidentity:UserAssignedIdentity",
    },
}
BUCKET = {"aws": "aws:s3/bucket:Bucket", "gcp": "gcp:storage/bucket:Bucket", "azure": "azure-native:storage:StorageAccount"}
CLASSES = {"aws": "STANDARD_IA", "gcp": "NEARLINE", "azure": "Cool"}
URLS = {
    "aws": "s3://captures-1a2b3c4",
    "gcp": "gs://captures-1a2b3c4",
    "azure": "https://captures-1a2b3c4.blob.core.windows.net/captures-container-1a2b3c4",
}
OUTPUTS = {"name", "url", "resourceId", "location", "encryptionKey", "compression", "keep", "usage"}


@pytest.fixture(params=CLOUDS, scope="module")
def cloud(request):
    return request.param


@pytest.fixture
def full(bucket, cloud):
    """Buckets with everything that a component may have to build, logs first."""
    placement = PlacementPlan(
        location=bucket(cloud).placement.location,
        sku="Standard_GZRS" if cloud == "azure" else None,
        replica_region="eu-central-1" if cloud == "aws" else None,
    )
    logs = bucket(cloud, "logs", purpose="logs")
    captures = bucket(
        cloud,
        placement=placement,
        tiering=TieringPlan(mode="ages", transitions=(Transition(after_days=30, storage_class=CLASSES[cloud]),), delete_after_days=400),
        versioning=VersioningPlan(enabled=True, delete_old_after_days=60),
        retention=RetentionPlan(days=10, locked=False),
        encryption=EncryptionPlan(customer_key=True),
        access_logs="logs",
        soft_delete_days=7,
    )
    return logs, captures


def component_of(deployment, cloud, name="captures"):
    return deployment.one(f"drydock:{cloud}:Bucket", name)


def test_every_bucket_is_one_component_under_its_name(deployed, full, cloud):
    deployment = deployed(cloud, *full)
    assert sorted(resource.name for resource in deployment.of_type(f"drydock:{cloud}:Bucket")) == ["captures", "logs"]


def test_every_resource_of_a_bucket_stands_under_its_component(deployed, full, cloud):
    deployment = deployed(cloud, *full)
    components = {resource.urn for resource in deployment.resources if resource.type.startswith("drydock:")}
    strays = [r.name for r in deployment.resources if not r.type.startswith("drydock:") and r.parent not in components]
    assert strays == (["drydock"] if cloud == "azure" else [])


def test_every_child_is_named_after_its_bucket(deployed, full, cloud):
    deployment = deployed(cloud, *full)
    names = {"aws": {"captures"}, "gcp": {"captures"}, "azure": {"captures", "drydock"}}[cloud] | {"logs"}
    assert [r.name for r in deployment.resources if r.name not in names and not r.name.startswith(("captures-", "logs-"))] == []


def test_every_taggable_resource_carries_the_labels(deployed, full, cloud):
    deployment = deployed(cloud, *full)
    taggable = [resource for resource in deployment.resources if resource.type in TAGGABLE[cloud]]
    assert {resource.type for resource in taggable} == TAGGABLE[cloud]
    assert [r.name for r in taggable if r.inputs[TAG_PROPERTY[cloud]] != {"stage": "dev", "purpose": "captures"}] == []


def test_outputs_are_the_same_on_every_cloud_and_registered_once(deployed, full, cloud):
    deployment = deployed(cloud, *full)
    outputs = deployment.outputs_of(component_of(deployment, cloud))
    assert set(outputs) == OUTPUTS
    assert outputs["url"] == URLS[cloud]
    assert outputs["compression"] == "zstd"
    assert outputs["keep"] is False


def test_usage_keeps_what_is_known_and_leaves_the_rest_unknown(deployed, bucket, cloud):
    stored = BucketUsage(stored_gib=Band(low=200, expected=900, high=3000))
    deployment = deployed(cloud, bucket(cloud, usage=stored))
    usage = deployment.outputs_of(component_of(deployment, cloud))["usage"]
    assert usage == {
        "storedGib": {"low": 200, "expected": 900, "high": 3000},
        "writtenGibPerMonth": None,
        "readGibPerMonth": None,
        "requestsPerSecond": None,
    }


def test_usage_is_an_input_of_the_component_since_a_preview_shows_no_outputs(deployed, bucket, cloud):
    stored = BucketUsage(stored_gib=Band(low=200, expected=900, high=3000))
    component = component_of(deployed(cloud, bucket(cloud, usage=stored)), cloud)
    assert component.inputs["usage"]["storedGib"] == {"low": 200, "expected": 900, "high": 3000}


def test_a_customer_key_is_put_out_and_the_clouds_own_is_not(deployed, bucket, full, cloud):
    with_key = deployed(cloud, *full)
    assert with_key.outputs_of(component_of(with_key, cloud))["encryptionKey"]
    without = deployed(cloud, bucket(cloud))
    assert without.outputs_of(component_of(without, cloud)).get("encryptionKey") is None


def test_no_bucket_is_named_by_us(deployed, full, cloud):
    deployment = deployed(cloud, *full)
    names = {"aws": ("bucket", "bucketPrefix"), "gcp": ("name",), "azure": ("accountName",)}[cloud]
    for resource in deployment.of_type(BUCKET[cloud]):
        assert not set(names) & set(resource.inputs)


def test_a_bucket_that_is_kept_stays_on_destroy_and_any_other_goes(deployed, bucket, cloud):
    kept = deployed(cloud, bucket(cloud, keep=True, delete_objects_on_destroy=False))
    assert component_of(kept, cloud).retained
    gone = deployed(cloud, bucket(cloud))
    assert not component_of(gone, cloud).retained


@pytest.mark.parametrize("delete", [False, True])
@pytest.mark.parametrize("cloud", ["aws", "gcp"], indirect=True)
def test_objects_are_deleted_on_destroy_only_when_the_plan_says_so(deployed, bucket, cloud, delete):
    # Azure has no such switch: there the plan keeps every bucket whose objects may not be deleted.
    assert deployed(cloud, bucket(cloud, delete_objects_on_destroy=delete)).one(BUCKET[cloud]).inputs["forceDestroy"] is delete


@pytest.mark.parametrize("keep", [False, True])
def test_no_resource_stops_a_destroy(deployed, full, cloud, keep):
    buckets = [replace(plan, keep=keep, delete_objects_on_destroy=not keep) for plan in full]
    assert [resource.name for resource in deployed(cloud, *buckets).resources if resource.protected] == []


def test_a_second_bucket_collides_with_nothing(deployed, full, bucket, cloud):
    logs, captures = full
    # Names that would meet if a role could be taken for a bucket's name.
    others = [bucket(cloud, name, encryption=EncryptionPlan(customer_key=True)) for name in ("captures-replica", "captures-key")]
    urns = [resource.urn for resource in deployed(cloud, logs, captures, *others).resources]
    assert len(urns) == len(set(urns))


def test_a_preview_with_unknowns_registers_the_same_resources(deployed, full, cloud):
    def registered(deployment):
        return {(resource.type, resource.name) for resource in deployment.resources}

    preview = deployed(cloud, *full, preview=True)
    assert registered(preview) == registered(deployed(cloud, *full))
    assert preview.outputs_of(component_of(preview, cloud))["url"] == UNKNOWN


def test_an_existing_bucket_is_looked_up_and_changed_by_nothing(deployed, bucket, cloud):
    existing = ExistingBucketPlan(name="theirs", account="theiraccount", resource_group="theirs-rg")
    deployment = deployed(cloud, bucket(cloud, existing=existing))
    assert [r.type for r in deployment.resources if r.type.startswith(f"drydock:{cloud}")] == [f"drydock:{cloud}:Bucket"]
    assert deployment.of_type(BUCKET[cloud]) == []
    outputs = deployment.outputs_of(component_of(deployment, cloud))
    assert outputs["name"] == "theirs"
    assert (
        outputs["url"] == {"aws": "s3://theirs", "gcp": "gs://theirs", "azure": "https://theiraccount.blob.core.windows.net/theirs"}[cloud]
    )
    assert outputs["location"] == {"aws": "us-east-2", "gcp": "US", "azure": "northeurope"}[cloud]


def test_a_bucket_moves_with_its_location(deployed, bucket, cloud):
    deployment = deployed(cloud, bucket(cloud))
    word = {"aws": "region", "gcp": "location", "azure": "location"}[cloud]
    assert deployment.one(BUCKET[cloud]).inputs[word] == {"aws": "eu-west-1", "gcp": "europe-west1", "azure": "westeurope"}[cloud]
