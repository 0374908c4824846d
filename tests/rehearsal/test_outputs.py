"""Ids and outputs in the clouds' real formats, as their documentation shows them."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.context import CloudContext
from rehearsal.facts import all_facts, facts
from rehearsal.naming import auto_name, name_path
from rehearsal.outputs import outputs, resource_id
from rehearsal.schema import resource_schema
from rehearsal.values import UNKNOWN, Secret, has_unknown, leaves

CONTEXT = CloudContext()
GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
GROUP = f"/subscriptions/{CONTEXT.azure_subscription}/resourceGroups/ml"


def made(token: str, seed: bytes = b"seed", config: dict | None = None, **inputs) -> tuple[str, dict]:
    schema, known = resource_schema(token), facts(token)
    identifier = resource_id(schema, known, inputs, CONTEXT, seed)
    return identifier, outputs(schema, known, inputs, CONTEXT, identifier, seed, provider_config=config or {})


def planned(token: str, **inputs) -> dict:
    return outputs(resource_schema(token), facts(token), inputs, CONTEXT, "", b"", preview=True)


def sample_inputs(token: str) -> dict:
    schema = resource_schema(token)
    samples = {"string": "sample", "integer": 3, "number": 3, "boolean": True}
    inputs = {name: samples[schema.inputs[name].kind] for name in schema.required if schema.inputs[name].kind in samples}
    path, name = name_path(token, schema), auto_name(token, schema, "models", b"seed")
    if path and name:
        inputs[path[0]] = name if len(path) == 1 else {path[1]: name}
    return inputs


@pytest.mark.parametrize("known", all_facts(), ids=lambda known: known.token)
def test_every_format_is_filled_and_every_output_has_its_type(known) -> None:
    identifier, found = made(known.token, **sample_inputs(known.token))
    assert identifier
    assert "{" not in identifier
    schema = resource_schema(known.token)
    assert found.keys() <= schema.outputs.keys()
    assert not [leaf for _, leaf in leaves(found) if isinstance(leaf, str) and "{" in leaf]
    for name, value in found.items():
        kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "list": list, "map": dict, "object": dict}
        expected = kinds.get(schema.outputs[name].kind)
        assert expected is None or isinstance(value, expected), (name, value)


@pytest.mark.parametrize("known", all_facts(), ids=lambda known: known.token)
def test_the_same_seed_gives_the_same_answer(known) -> None:
    inputs = sample_inputs(known.token)
    assert json.dumps(made(known.token, **inputs)) == json.dumps(made(known.token, **inputs))


def test_an_s3_bucket_answers_as_the_registry_shows() -> None:
    identifier, found = made("aws:s3/bucket:Bucket", bucket="models")
    assert identifier == found["bucket"] == "models"
    assert found["arn"] == "arn:aws:s3:::models"
    assert found["bucketRegionalDomainName"] == "models.s3.eu-west-1.amazonaws.com"
    assert found["region"] == found["bucketRegion"] == "eu-west-1"


def test_a_resources_own_region_is_in_its_arn() -> None:
    _, found = made("aws:sqs/queue:Queue", name="jobs", region="us-east-1")
    assert found["arn"] == "arn:aws:sqs:us-east-1:123456789012:jobs"
    assert found["url"] == "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"


def test_ids_of_one_resource_agree_and_of_two_differ() -> None:
    identifier, key = made("aws:kms/key:Key")
    assert re.fullmatch(GUID, identifier)
    assert key["keyId"] == identifier
    assert key["arn"] == f"arn:aws:kms:eu-west-1:123456789012:key/{identifier}"
    assert made("aws:kms/key:Key", seed=b"other")[0] != identifier
    address, eip = made("aws:ec2/eip:Eip")
    assert eip["allocationId"] == address
    assert eip["publicDns"] == f"ec2-{eip['publicIp'].replace('.', '-')}.eu-west-1.compute.amazonaws.com"


def test_ids_of_different_kinds_in_one_resource_differ() -> None:
    identifier, vpc = made("aws:ec2/vpc:Vpc", cidrBlock="10.0.0.0/16")
    assert re.fullmatch(r"vpc-[0-9a-f]{17}", identifier)
    assert vpc["defaultSecurityGroupId"].removeprefix("sg-") != identifier.removeprefix("vpc-")


def test_a_role_lies_under_its_path() -> None:
    assert made("aws:iam/role:Role", name="a", assumeRolePolicy="{}")[1]["arn"] == "arn:aws:iam::123456789012:role/a"
    assert made("aws:iam/role:Role", name="a", path="/ml/", assumeRolePolicy="{}")[1]["arn"] == "arn:aws:iam::123456789012:role/ml/a"


def test_an_eks_clusters_issuer_ends_as_its_endpoint_begins() -> None:
    _, found = made("aws:eks/cluster:Cluster", name="ml", roleArn="r", vpcConfig={"subnetIds": ["a"]})
    unique = re.fullmatch(r"https://([0-9A-F]{32})\.gr7\.eu-west-1\.eks\.amazonaws\.com", found["endpoint"])[1]
    assert found["identities"] == [{"oidcs": [{"issuer": f"https://oidc.eks.eu-west-1.amazonaws.com/id/{unique}"}]}]
    assert set(found["certificateAuthority"]) == {"data"}


def test_a_route_is_named_by_the_checksum_of_its_destination() -> None:
    # terraform-provider-aws: 1080289494 is the CRC-32 of 0.0.0.0/0, well known from public states
    identifier, _ = made("aws:ec2/route:Route", routeTableId="rtb-1", destinationCidrBlock="0.0.0.0/0")
    assert identifier == "r-rtb-11080289494"


def test_an_access_entry_holds_the_parts_of_its_principal() -> None:
    _, found = made("aws:eks/accessEntry:AccessEntry", clusterName="ml", principalArn="arn:aws:iam::123456789012:role/ops/admin")
    assert re.fullmatch(rf"arn:aws:eks:eu-west-1:123456789012:access-entry/ml/role/123456789012/admin/{GUID}", found["accessEntryArn"])


def test_a_listener_lies_under_its_load_balancer() -> None:
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/ml/0123456789abcdef"
    identifier, _ = made("aws:lb/listener:Listener", loadBalancerArn=balancer)
    assert re.fullmatch(r"arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/ml/0123456789abcdef/[0-9a-f]{16}", identifier)


@pytest.mark.parametrize(("owner", "identifier"), [({}, "models"), ({"expectedBucketOwner": "210987654321"}, "models,210987654321")])
def test_of_two_id_forms_the_inputs_choose(owner: dict, identifier: str) -> None:
    token = "aws:s3/bucketVersioning:BucketVersioning"
    assert made(token, bucket="models", versioningConfiguration={"status": "Enabled"}, **owner)[0] == identifier


@pytest.mark.parametrize(
    ("condition", "end"), [({}, ""), ({"condition": {"title": "t", "description": "d", "expression": "true"}}, "/t/d/true")]
)
def test_an_optional_part_of_an_id_is_left_out_when_it_is_missing(condition: dict, end: str) -> None:
    grant = {"bucket": "models", "role": "roles/storage.objectViewer", "member": "user:a@example.com"}
    identifier, _ = made("gcp:storage/bucketIAMMember:BucketIAMMember", **grant, **condition)
    assert identifier == f"b/models/roles/storage.objectViewer/user:a@example.com{end}"


def test_a_google_id_holds_the_short_name_of_what_is_named_in_full() -> None:
    identifier, _ = made("gcp:container/nodePool:NodePool", name="gpu", cluster="projects/p/locations/l/clusters/ml", location="us-east1")
    assert identifier == "projects/rehearsal-project/locations/us-east1/clusters/ml/nodePools/gpu"
    assert (
        made("gcp:kms/cryptoKey:CryptoKey", name="k", keyRing="projects/p/locations/l/keyRings/r")[0]
        == "projects/p/locations/l/keyRings/r/cryptoKeys/k"
    )


def test_a_network_answers_with_its_self_link() -> None:
    _, found = made("gcp:compute/network:Network", name="ml", project="p1")
    assert found["selfLink"] == "https://www.googleapis.com/compute/v1/projects/p1/global/networks/ml"


def test_a_storage_account_answers_with_its_endpoints() -> None:
    inputs = {
        "accountName": "models",
        "resourceGroupName": "ml",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "location": "West Europe",
    }
    identifier, found = made("azure-native:storage:StorageAccount", **inputs)
    assert identifier == f"{GROUP}/providers/Microsoft.Storage/storageAccounts/models"
    assert found["primaryEndpoints"]["blob"] == "https://models.blob.core.windows.net/"
    assert found["name"] == "models"
    assert found["primaryLocation"] == "westeurope"


def test_a_scope_keeps_its_own_slash() -> None:
    name = "11111111-2222-4333-8444-555555555555"
    inputs = {"scope": GROUP, "roleAssignmentName": name, "principalId": "p", "roleDefinitionId": "r"}
    assert (
        made("azure-native:authorization:RoleAssignment", **inputs)[0]
        == f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name}"
    )


def test_a_system_identity_gets_a_principal_of_its_own_in_the_clouds_tenant() -> None:
    inputs = {"workspaceName": "ml", "resourceGroupName": "ml", "identity": {"type": "SystemAssigned"}}
    _, found = made("azure-native:machinelearningservices:Workspace", **inputs)
    assert found["identity"]["type"] == "SystemAssigned"
    assert re.fullmatch(GUID, found["identity"]["principalId"])
    assert found["identity"]["tenantId"] == CONTEXT.azure_tenant


def test_guids_of_one_identity_differ() -> None:
    _, found = made("azure-native:managedidentity:UserAssignedIdentity", resourceName="a", resourceGroupName="ml")
    assert re.fullmatch(GUID, found["clientId"])
    assert found["clientId"] != found["principalId"]


def test_a_name_prefix_is_completed_by_the_cloud() -> None:
    identifier, found = made("aws:s3/bucket:Bucket", bucketPrefix="models-")
    assert re.fullmatch(r"models-\d{26}", identifier)
    assert found["bucket"] == identifier


def test_tags_are_merged_with_the_providers_and_the_resources_own_win() -> None:
    config = {"defaultTags": {"tags": {"owner": "ml", "stage": "dev"}}}
    _, found = made("aws:s3/bucket:Bucket", config=config, bucket="a", tags={"stage": "prod"})
    assert found["tagsAll"] == {"owner": "ml", "stage": "prod"}
    assert found["tags"] == {"stage": "prod"}


def test_labels_are_merged_with_the_providers_and_pulumis_own() -> None:
    config = {"defaultLabels": {"owner": "ml"}}
    _, found = made("gcp:storage/bucket:Bucket", config=config, name="a", location="EU", labels={"stage": "prod"})
    assert found["effectiveLabels"] == found["pulumiLabels"] == {"owner": "ml", "stage": "prod", "goog-pulumi-provisioned": "true"}
    _, without = made("gcp:storage/bucket:Bucket", config={"addPulumiAttributionLabel": False}, name="a", location="EU")
    assert without["effectiveLabels"] == {}


def test_an_input_that_was_left_out_and_may_be_absent_stays_absent() -> None:
    _, found = made("aws:s3/bucket:Bucket", bucket="a")
    assert not {"tags", "forceDestroy", "website", "replicationConfiguration"} & found.keys()


def test_in_a_preview_inputs_are_known_and_what_the_cloud_computes_is_not() -> None:
    found = planned("aws:s3/bucket:Bucket", bucket="models", tags={"a": "b"})
    assert (found["bucket"], found["tags"], found["tagsAll"]) == ("models", {"a": "b"}, {"a": "b"})
    assert found["arn"] is UNKNOWN
    assert found["region"] is UNKNOWN


@pytest.mark.parametrize("known", all_facts(), ids=lambda known: known.token)
def test_a_preview_promises_no_output_that_the_update_does_not_give(known) -> None:
    inputs = sample_inputs(known.token)
    promised, (_, given_) = planned(known.token, **inputs), made(known.token, **inputs)
    assert promised.keys() <= given_.keys()
    for name, value in promised.items():
        assert has_unknown(value) or value == given_[name], name


def test_what_depends_on_an_unknown_input_is_unknown() -> None:
    schema, known = resource_schema("aws:sqs/queue:Queue"), facts("aws:sqs/queue:Queue")
    found = outputs(schema, known, {"name": UNKNOWN}, CONTEXT, "", b"seed")
    assert found["arn"] is UNKNOWN


def test_a_secret_input_stays_secret() -> None:
    _, found = made("aws:secretsmanager/secretVersion:SecretVersion", secretId="s", secretString=Secret("geheim"))
    assert found["secretString"] == Secret("geheim")


def test_the_engines_own_keys_are_no_outputs() -> None:
    _, found = made("aws:s3/bucket:Bucket", bucket="a", __defaults=["bucket"])
    assert "__defaults" not in found
    _, thing = made("kubernetes:apps/v1:Deployment", metadata={"name": "a"}, __defaults=["metadata.name"])
    assert "__defaults" not in thing


@given(st.binary(min_size=1))
def test_no_made_up_address_belongs_to_anybody(seed: bytes) -> None:
    # RFC 5737 keeps 203.0.113.0/24 for documentation
    assert made("aws:ec2/eip:Eip", seed=seed)[1]["publicIp"].startswith("203.0.113.")


def test_an_object_is_known_by_namespace_and_name() -> None:
    identifier, found = made("kubernetes:apps/v1:Deployment", metadata={"name": "scorer"}, spec={"replicas": 3})
    assert identifier == "default/scorer"
    assert found["metadata"]["namespace"] == "default"
    assert re.fullmatch(GUID, found["metadata"]["uid"])
    assert found["status"]["readyReplicas"] == 3


@pytest.mark.parametrize(
    "token", ["kubernetes:core/v1:Namespace", "kubernetes:scheduling.k8s.io/v1:PriorityClass", "kubernetes:karpenter.sh/v1:NodePool"]
)
def test_an_object_outside_any_namespace_is_known_by_its_name(token: str) -> None:
    identifier, found = made(token, metadata={"name": "gpu"})
    assert identifier == "gpu"
    assert "namespace" not in found["metadata"]


def test_a_custom_resource_in_a_namespace_keeps_what_was_sent() -> None:
    token = "kubernetes:keda.sh/v1alpha1:ScaledObject"
    identifier, found = made(token, metadata={"name": "a", "namespace": "ml"}, spec={"maxReplicaCount": 4}, extra=1)
    assert identifier == "ml/a"
    assert (found["spec"], found["extra"]) == ({"maxReplicaCount": 4}, 1)


def test_a_balanced_service_gets_an_address_and_an_inner_one_does_not() -> None:
    _, outer = made("kubernetes:core/v1:Service", metadata={"name": "a"}, spec={"type": "LoadBalancer"})
    _, inner = made("kubernetes:core/v1:Service", metadata={"name": "a"}, spec={})
    assert outer["status"]["loadBalancer"]["ingress"][0]["ip"].startswith("203.0.113.")
    assert inner["status"] == {"loadBalancer": {}}
    assert inner["spec"]["clusterIP"].startswith("10.96.")


def test_a_type_without_facts_is_answered_by_its_schema() -> None:
    token = "aws:chime/voiceConnector:VoiceConnector"
    identifier, found = made(token, name="calls", requireEncryption=True)
    assert identifier == "calls"
    assert found["outboundHostName"]
    group = made("azure-native:batch:BatchAccount", resourceGroupName="ml")[0]
    assert group.startswith(f"{GROUP}/providers/Microsoft.Batch/batchAccounts/")


def test_a_certificate_names_the_record_that_proves_its_domain() -> None:
    # The ACM User Guide's example: _a79865eb….example.com. CNAME _424c7224….acm-validations.aws.
    identifier, found = made("aws:acm/certificate:Certificate", domainName="models.example.com", validationMethod="DNS")
    assert re.fullmatch(rf"arn:aws:acm:{CONTEXT.aws_region}:{CONTEXT.aws_account}:certificate/{GUID}", identifier)
    (record,) = found["domainValidationOptions"]
    assert re.fullmatch(r"_[0-9a-f]{32}\.models\.example\.com\.", record["resourceRecordName"])
    assert re.fullmatch(r"_[0-9a-f]{32}\.\w+\.acm-validations\.aws\.", record["resourceRecordValue"])
    assert record["resourceRecordType"] == "CNAME"
