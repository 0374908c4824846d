"""Keys: whose, in which form, and where."""

import pytest

SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
VAULT = f"{SUBSCRIPTION}/resourceGroups/acme-data.rg/providers/Microsoft.KeyVault/vaults/acme-ml"
KEYS = {
    "aws": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "gcp": "projects/acme/locations/europe-west1/keyRings/ml/cryptoKeys/data",
    "azure": f"{VAULT}/keys/data",
}


def _bucket(encryption, **fields):
    return {"b": {"purpose": "captures", "encryption": encryption, **fields}}


def _paths(faults):
    return [fault.path for fault in faults]


@pytest.mark.parametrize("cloud", list(KEYS))
def test_a_key_of_the_clouds_form_is_taken(planned, cloud):
    assert planned(cloud, _bucket({"existingKey": KEYS[cloud]})).buckets[0].encryption.existing_key == KEYS[cloud]


@pytest.mark.parametrize(("cloud", "other"), [("aws", "gcp"), ("gcp", "azure"), ("azure", "aws")])
def test_a_key_of_another_form_is_refused_and_never_repeated(faulted, cloud, other):
    (fault,) = faulted(cloud, _bucket({"existingKey": KEYS[other]}))
    assert fault.path == "storage.b.encryption.existingKey"
    assert KEYS[other] not in fault.line()


# The vault's id says where the account's identity gets its role; a key's URI does not name the vault's resource group.
@pytest.mark.parametrize(
    "key",
    [
        "https://acme-ml.vault.azure.net/keys/data",
        "https://acme-ml.managedhsm.azure.net/keys/data",
        VAULT,
        f"{VAULT}/keys/data/versions/0123456789abcdef0123456789abcdef",
        f"{VAULT}/secrets/data",
        f"{VAULT.replace('11111111-', '')}/keys/data",
        f"{VAULT.replace('/vaults/acme-ml', '/vaults/a')}/keys/data",
        f"{VAULT}/keys/data\n",
    ],
)
def test_an_azure_key_is_named_by_its_resource_id(faulted, key):
    (fault,) = faulted("azure", _bucket({"existingKey": key}))
    assert fault.path == "storage.b.encryption.existingKey"
    assert fault.allowed == "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/keys/KEY"


def test_an_azure_resource_id_may_be_in_any_case(planned):
    key = KEYS["azure"].replace("resourceGroups", "resourcegroups").replace("Microsoft.KeyVault", "microsoft.keyvault")
    assert planned("azure", _bucket({"existingKey": key})).buckets[0].encryption.existing_key == key


def test_a_bucket_has_one_key(planned, faulted):
    assert _paths(faulted("aws", _bucket({"customerKey": True, "existingKey": KEYS["aws"]}))) == ["storage.b.encryption.existingKey"]
    assert planned("aws", _bucket({"customerKey": True})).buckets[0].encryption.customer_key


def test_s3_uses_keys_of_its_own_region(faulted):
    (fault,) = faulted("aws", _bucket({"existingKey": KEYS["aws"].replace("eu-west-1", "us-east-1")}))
    assert "us-east-1" in fault.problem


def test_an_existing_s3_key_cannot_encrypt_a_replica(planned, faulted):
    assert _paths(faulted("aws", _bucket({"existingKey": KEYS["aws"]}, replicaRegion="eu-central-1"))) == [
        "storage.b.encryption.existingKey"
    ]
    assert planned("aws", _bucket({"customerKey": True}, replicaRegion="eu-central-1")).buckets[0].encryption.customer_key


# Google: the key of a bucket in the multi-region EU lies in `europe`.
@pytest.mark.parametrize(("fields", "location"), [({}, "europe-west1"), ({"redundancy": "multiRegion"}, "europe")])
def test_a_cloud_kms_key_lies_where_the_bucket_lies(planned, faulted, fields, location):
    key = KEYS["gcp"].replace("europe-west1", location)
    assert planned("gcp", _bucket({"existingKey": key}, **fields)).buckets[0].encryption.existing_key == key
    other = KEYS["gcp"].replace("europe-west1", "europe-west4")
    (fault,) = faulted("gcp", _bucket({"existingKey": other}, **fields))
    assert fault.allowed == f"keys in {location}"


def test_rotation_needs_a_key_that_is_created(planned, faulted):
    assert _paths(faulted("aws", _bucket({"rotationDays": 100}))) == ["storage.b.encryption.rotationDays"]
    assert planned("aws", _bucket({"customerKey": True, "rotationDays": 100})).buckets[0].encryption.rotation_days == 100
    assert planned("aws", _bucket({"customerKey": True})).buckets[0].encryption.rotation_days == 365
