"""Azure Blob Storage: each setting of the plan in its words. Expected values: the Storage and Key Vault REST references."""

import re

import pytest

from plan.model import EncryptionPlan, RetentionPlan, TieringPlan, Transition, VersioningPlan

ACCOUNT = "azure-native:storage:StorageAccount"
BLOB_SERVICE = "azure-native:storage:BlobServiceProperties"
POLICY = "azure-native:storage:ManagementPolicy"
VAULT = "azure-native:keyvault:Vault"
COOL_AND_COLD = (Transition(after_days=30, storage_class="Cool"), Transition(after_days=90, storage_class="Cold"))


@pytest.fixture
def deployed_azure(deployed, bucket):
    def run(**choices):
        return deployed("azure", bucket("azure", **choices))

    return run


def definitions(deployment):
    return {rule["name"]: rule["definition"] for rule in deployment.one(POLICY).inputs["policy"]["rules"]}


def test_an_account_answers_only_to_identities_over_modern_tls(deployed_azure):
    inputs = deployed_azure().one(ACCOUNT).inputs
    safe = {
        "minimumTlsVersion": "TLS1_2",
        "enableHttpsTrafficOnly": True,
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": False,
        "allowCrossTenantReplication": False,
        "isLocalUserEnabled": False,
    }
    assert {name: inputs[name] for name in safe} == safe
    assert (inputs["kind"], inputs["sku"]) == ("StorageV2", {"name": "Standard_ZRS"})


def test_the_container_is_private(deployed_azure):
    assert deployed_azure().one("azure-native:storage:BlobContainer").inputs["publicAccess"] == "None"


@pytest.mark.parametrize("name", ["a", "models", "model-files-eu", "a-b-c-d-e-f-g-h", "sixteencharacter"])
def test_pulumis_names_of_accounts_and_vaults_are_ones_that_azure_takes(deployed_azure, name):
    deployment = deployed_azure(name=name, encryption=EncryptionPlan(customer_key=True))
    for type_ in (ACCOUNT, VAULT):
        named = deployment.one(type_).name + "1a2b3c4d"
        assert re.fullmatch(r"[a-z][a-z0-9]{2,23}", named), named


def test_the_resource_group_stays_when_anything_in_it_stays(deployed, bucket):
    def group(*buckets):
        return deployed("azure", *buckets).one("azure-native:resources:ResourceGroup")

    assert group(bucket("azure"), bucket("azure", "models", keep=True, delete_objects_on_destroy=False)).retained
    assert not group(bucket("azure")).retained


def test_a_kept_bucket_is_left_and_never_stops_a_destroy(deployed_azure):
    deployment = deployed_azure(keep=True, delete_objects_on_destroy=False)
    assert deployment.one("drydock:azure:Bucket").retained
    assert [resource.name for resource in deployment.resources if resource.protected] == []


def test_a_setting_can_be_taken_from_a_bucket_whose_objects_are_safe(deployed_azure):
    deployment = deployed_azure(delete_objects_on_destroy=False, tiering=TieringPlan(delete_after_days=400))
    protected = {resource.type for resource in deployment.resources if resource.protected}
    assert protected == {ACCOUNT, "azure-native:storage:BlobContainer"}


@pytest.mark.parametrize(("days", "policy"), [(0, {"enabled": False}), (14, {"enabled": True, "days": 14})])
def test_soft_delete_covers_blobs_and_containers(deployed_azure, days, policy):
    inputs = deployed_azure(soft_delete_days=days).one(BLOB_SERVICE).inputs
    assert (inputs["deleteRetentionPolicy"], inputs["containerDeleteRetentionPolicy"]) == (policy, policy)


def test_ages_count_from_the_last_change(deployed_azure):
    deployment = deployed_azure(tiering=TieringPlan(mode="ages", transitions=COOL_AND_COLD, delete_after_days=400))
    found = definitions(deployment)
    assert found["tiering"] == {
        "filters": {"blobTypes": ["blockBlob"]},
        "actions": {
            "baseBlob": {"tierToCool": {"daysAfterModificationGreaterThan": 30}, "tierToCold": {"daysAfterModificationGreaterThan": 90}}
        },
    }
    assert found["deletion"]["actions"] == {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 400}}}
    assert deployment.one(BLOB_SERVICE).inputs["lastAccessTimeTrackingPolicy"] == {"enable": False}


def test_days_without_access_are_tracked_and_a_read_brings_a_blob_back(deployed_azure):
    tiering = TieringPlan(mode="auto", basis="lastAccess", transitions=COOL_AND_COLD, return_to_hot=True)
    deployment = deployed_azure(tiering=tiering)
    assert definitions(deployment)["tiering"]["actions"]["baseBlob"] == {
        "tierToCool": {"daysAfterLastAccessTimeGreaterThan": 30},
        "tierToCold": {"daysAfterLastAccessTimeGreaterThan": 90},
        "enableAutoTierToHotFromCool": True,
    }
    blob_service = deployment.one(BLOB_SERVICE)
    assert blob_service.inputs["lastAccessTimeTrackingPolicy"] == {"enable": True}
    assert blob_service.urn in deployment.one(POLICY).depends_on


def test_archive_is_a_tier_of_its_own(deployed_azure):
    deployment = deployed_azure(tiering=TieringPlan(mode="ages", transitions=(Transition(after_days=180, storage_class="Archive"),)))
    assert definitions(deployment)["tiering"]["actions"] == {"baseBlob": {"tierToArchive": {"daysAfterModificationGreaterThan": 180}}}


def test_access_logs_which_are_append_blobs_are_deleted_too(deployed_azure):
    found = definitions(deployed_azure(purpose="logs", tiering=TieringPlan(delete_after_days=90)))
    assert found["deletion"]["filters"]["blobTypes"] == ["blockBlob", "appendBlob"]


def test_old_versions_are_deleted_by_age(deployed_azure):
    deployment = deployed_azure(versioning=VersioningPlan(enabled=True, delete_old_after_days=60))
    assert definitions(deployment)["old-versions"]["actions"]["version"] == {"delete": {"daysAfterCreationGreaterThan": 60}}
    assert deployment.one(BLOB_SERVICE).inputs["isVersioningEnabled"] is True


def test_without_a_rule_there_is_no_lifecycle_policy(deployed_azure):
    assert deployed_azure().of_type(POLICY) == []


def test_retention_is_the_containers_immutability_policy(deployed_azure):
    deployment = deployed_azure(retention=RetentionPlan(days=30, locked=False))
    policy = deployment.one("azure-native:storage:BlobContainerImmutabilityPolicy").inputs
    assert (policy["immutabilityPeriodSinceCreationInDays"], policy["containerName"]) == (30, "captures-container-1a2b3c4")


def test_reads_writes_and_deletions_are_logged_to_the_logs_account(deployed, bucket):
    deployment = deployed("azure", bucket("azure", "logs", purpose="logs"), bucket("azure", access_logs="logs"))
    inputs = deployment.one("azure-native:monitor:DiagnosticSetting").inputs
    assert inputs["resourceUri"] == "captures-1a2b3c4/blobServices/default"
    assert inputs["storageAccountId"] == "logs-1a2b3c4"
    assert [(log["category"], log["enabled"]) for log in inputs["logs"]] == [
        ("StorageRead", True),
        ("StorageWrite", True),
        ("StorageDelete", True),
    ]


def test_a_customer_key_is_in_a_vault_that_nobody_can_purge(deployed_azure):
    deployment = deployed_azure(encryption=EncryptionPlan(customer_key=True, rotation_days=180))
    vault = deployment.one(VAULT).inputs["properties"]
    assert (vault["enablePurgeProtection"], vault["enableSoftDelete"], vault["enableRbacAuthorization"]) == (True, True, True)
    assert vault["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
    rotation = deployment.one("azure-native:keyvault:Key").inputs["properties"]["rotationPolicy"]
    assert rotation == {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P180D"}}]}


def test_the_account_uses_its_key_through_an_identity_that_may_do_only_that(deployed_azure):
    deployment = deployed_azure(encryption=EncryptionPlan(customer_key=True))
    grant = deployment.one("azure-native:authorization:RoleAssignment")
    assert grant.inputs["scope"] == "captures-key-1a2b3c4"
    assert grant.inputs["principalId"] == "principal-of-captures-identity-1a2b3c4"
    # Key Vault Crypto Service Encryption User, by its id in Microsoft's list of built-in roles.
    assert grant.inputs["roleDefinitionId"].endswith("/roleDefinitions/e147488a-f6f5-4113-8e2d-b22465e65bf6")
    account = deployment.one(ACCOUNT)
    assert grant.urn in account.depends_on
    assert account.inputs["encryption"]["keySource"] == "Microsoft.Keyvault"
    assert account.inputs["encryption"]["keyVaultProperties"]["keyName"] == "captures-key-1a2b3c4"
    # Without a version, the account follows the rotation.
    assert "keyVersion" not in account.inputs["encryption"]["keyVaultProperties"]


@pytest.mark.parametrize(("suffix", "version"), [("", None), ("/0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef")])
def test_an_existing_key_is_used_as_its_uri_says(deployed_azure, suffix, version):
    deployment = deployed_azure(encryption=EncryptionPlan(existing_key=f"https://theirs.vault.azure.net/keys/ours{suffix}"))
    found = deployment.one(ACCOUNT).inputs["encryption"]["keyVaultProperties"]
    assert (found["keyVaultUri"], found["keyName"], found.get("keyVersion")) == ("https://theirs.vault.azure.net", "ours", version)
    assert deployment.of_type(VAULT) == []
