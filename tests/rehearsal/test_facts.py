"""The tables of facts and how their conditions are read."""

import csv

from rehearsal.facts import FACTS_FOLDER, all_facts, facts


def rows(name: str) -> list[dict[str, str]]:
    with (FACTS_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_type_without_rows_is_unknown() -> None:
    assert facts("aws:chime/voiceConnector:VoiceConnector") is None


def test_of_any_kubernetes_object_name_and_namespace_are_known_to_stay() -> None:
    known = facts("kubernetes:example.com/v1:Thing")
    assert known.token == "kubernetes:example.com/v1:Thing"
    assert known.immutable == {"metadata.name": None, "metadata.namespace": None}
    deployment = facts("kubernetes:apps/v1:Deployment")
    assert deployment.immutable.keys() == {"metadata.name", "metadata.namespace", "spec.selector"}


def test_azure_rows_that_plan_no_replacement_are_not_immutable() -> None:
    listed = rows("azure_immutable.csv")
    replacing = [row for row in listed if row["source"].startswith("azure-native") or row["source"].startswith("create-only")]
    assert (len(replacing), len(listed) - len(replacing)) == (228, 94)
    tables = [known for known in all_facts() if known.token in {row["type"] for row in listed}]
    assert sum(len(known.immutable) for known in tables) == 228
    assert "location" not in facts("azure-native:keyvault:Vault").immutable


def test_a_condition_in_a_rows_source_is_kept() -> None:
    assert facts("aws:s3/bucket:Bucket").immutable["objectLockConfiguration"] == "block added"
    assert facts("aws:fsx/lustreFileSystem:LustreFileSystem").immutable["storageCapacity"] == "only when decreased"
    assert facts("gcp:container/nodePool:NodePool").immutable["nodeConfig"] == "block added or element added or removed"
    assert facts("aws:sagemaker/model:Model").immutable["vpcConfig.subnets"] is None  # "(not ForceNew in 5.100.0)": v6 replaces


def test_an_addition_fills_in_and_overrides_field_by_field() -> None:
    bucket = facts("gcp:storage/bucket:Bucket")
    assert bucket.name_pattern.startswith("^(?!goog)")  # added
    assert bucket.name_scope == "global"  # the table's
    assert bucket.computed["url"] == "gs://{name}"  # the table's
    assert bucket.computed["storageClass"] == "STANDARD"  # added


def test_nested_outputs_are_read_as_paths() -> None:
    cluster = facts("aws:eks/cluster:Cluster").computed
    assert cluster["certificateAuthority.data"] == "{base64}"
    assert cluster["identities[0].oidcs[0].issuer"] == "https://oidc.eks.{region}.amazonaws.com/id/{HEX32}"
    assert facts("azure-native:storage:StorageAccount").computed["primaryEndpoints.dfs"] == "https://{accountName}.dfs.core.windows.net/"


def test_remarks_are_no_part_of_a_format() -> None:
    assert (
        facts("gcp:artifactregistry/repository:Repository").computed["registryUri"] == "{location}-docker.pkg.dev/{project}/{repositoryId}"
    )


def test_a_tenant_is_the_clouds_and_no_guid_of_its_own() -> None:
    assert facts("azure-native:managedidentity:UserAssignedIdentity").computed["tenantId"] == "{tenant}"


def test_what_blocks_a_delete_is_split_into_types_and_words() -> None:
    assert facts("gcp:storage/bucket:Bucket").delete_blocked_by == (
        "objects",
        "gcp:storage/anywhereCache:AnywhereCache",
        "deletionPolicy=PREVENT",
    )


def test_every_addition_names_its_source() -> None:
    for name in ("additions.csv", "additions_immutable.csv"):
        assert all(row["source"] and None not in row for row in rows(name)), name
