"""Azure Blob Storage: each setting of the plan in its words. Expected values: the Storage and Key Vault REST references."""

import re

import pytest

from plan.model import EncryptionPlan, ExistingBucketPlan, RetentionPlan, TieringPlan, Transition, VersioningPlan

ACCOUNT = "azure-native:storage:StorageAccount"
BLOB_SERVICE = "azure-native:storage:BlobServiceProperties"
POLICY = "azure-native:storage:ManagementPolicy"
VAULT = "azure-native:keyvault:Vault"
GROUP = "azure-native:resources:ResourceGroup"
# Key Vault Crypto Service Encryption User, by its id in Microsoft's list of built-in roles.
CRYPTO_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
OTHER_SUBSCRIPTION = "66666666-7777-8888-9999-000000000000"
THEIRS = ExistingBucketPlan(name="theirs", account="theiraccount", resource_group="theirs-rg")
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
        return deployed("azure", *buckets).one(GROUP)

    assert group(bucket("azure"), bucket("azure", "models", keep=True, delete_objects_on_destroy=False)).retained
    assert not group(bucket("azure")).retained
    # A container that exists is in a group of its own.
    assert not group(bucket("azure"), bucket("azure", "theirs", keep=True, existing=THEIRS)).retained


def test_without_anything_of_ours_there_is_no_resource_group(deployed, bucket):
    assert deployed("azure", bucket("azure", "theirs", keep=True, existing=THEIRS)).of_type(GROUP) == []


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


# Microsoft Learn, "Lifecycle management policy structure": versions of append blobs can be deleted too, and cost what they hold.
def test_old_versions_of_append_blobs_are_deleted_too(deployed_azure):
    found = definitions(deployed_azure(versioning=VersioningPlan(enabled=True, delete_old_after_days=60)))
    assert found["old-versions"]["filters"]["blobTypes"] == ["blockBlob", "appendBlob"]


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
    subscription = "/subscriptions/11111111-2222-3333-4444-555555555555"
    assert grant.inputs["roleDefinitionId"] == f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{CRYPTO_USER}"
    account = deployment.one(ACCOUNT)
    assert grant.urn in account.depends_on
    assert account.inputs["encryption"]["keySource"] == "Microsoft.Keyvault"
    assert account.inputs["encryption"]["keyVaultProperties"]["keyName"] == "captures-key-1a2b3c4"
    # Without a version, the account follows the rotation.
    assert "keyVersion" not in account.inputs["encryption"]["keyVaultProperties"]


@pytest.mark.parametrize("group", ["resourceGroups", "resourcegroups"])
def test_an_existing_key_is_used_without_a_version_in_its_own_vault(deployed_azure, group):
    vault = f"/subscriptions/{OTHER_SUBSCRIPTION}/{group}/keys-rg/providers/Microsoft.KeyVault/vaults/theirs"
    deployment = deployed_azure(encryption=EncryptionPlan(existing_key=f"{vault}/keys/ours"))
    account = deployment.one(ACCOUNT)
    assert account.inputs["encryption"]["keyVaultProperties"] == {"keyVaultUri": "https://theirs.vault.azure.net", "keyName": "ours"}
    assert account.inputs["identity"]["userAssignedIdentities"] == ["captures-identity-1a2b3c4"]
    outputs = deployment.outputs_of(deployment.one("drydock:azure:Bucket"))
    assert outputs["encryptionKey"] == "https://theirs.vault.azure.net/keys/ours"
    assert deployment.of_type(VAULT) == []


def test_the_identity_gets_its_role_in_the_existing_keys_vault_before_the_account_needs_it(deployed_azure):
    vault = f"/subscriptions/{OTHER_SUBSCRIPTION}/resourceGroups/keys-rg/providers/Microsoft.KeyVault/vaults/theirs"
    deployment = deployed_azure(encryption=EncryptionPlan(existing_key=f"{vault}/keys/ours"))
    grant = deployment.one("azure-native:authorization:RoleAssignment")
    assert grant.inputs == {
        "scope": vault,
        "principalId": "principal-of-captures-identity-1a2b3c4",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"/subscriptions/{OTHER_SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{CRYPTO_USER}",
    }
    assert grant.urn in deployment.one(ACCOUNT).depends_on
