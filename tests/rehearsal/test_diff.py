"""Changes and replacements. Which change replaces is from the providers' documentation of each property."""

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.diff import Change, delete_before_replace, diff
from rehearsal.facts import facts
from rehearsal.schema import resource_schema
from rehearsal.values import UNKNOWN, Secret

POOL = "gcp:container/nodePool:NodePool"
BUCKET = "aws:s3/bucket:Bucket"


def changes(token: str, old: dict, new: dict, ignore: tuple[str, ...] = ()) -> list[Change]:
    return diff(resource_schema(token), facts(token), old, new, ignore)


def replacing(token: str, old: dict, new: dict) -> list[str]:
    return [change.path for change in changes(token, old, new) if change.replaces]


def test_each_change_has_its_full_path_and_kind() -> None:
    old = {"rules": [{"id": "a", "status": "Enabled", "transitions": [{"days": 30}, {"days": 90}]}], "tags": {"a.b": "1", "c": "2"}}
    new = {"rules": [{"id": "a", "status": "Enabled", "transitions": [{"days": 30}, {"days": 120}]}, {"id": "b"}], "tags": {"a.b": "3"}}
    found = changes("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", old, new)
    assert [(change.path, change.kind) for change in found] == [
        ("rules[0].transitions[1].days", "update"),
        ("rules[1]", "add"),
        ('tags["a.b"]', "update"),
        ("tags.c", "delete"),
    ]


keys = st.text("ab", min_size=1, max_size=2)
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
json_values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8)


@given(st.dictionaries(keys, json_values, max_size=4))
def test_equal_inputs_have_no_changes(inputs: dict) -> None:
    assert changes(BUCKET, inputs, {**inputs}) == []


def test_a_secret_and_its_plain_value_are_the_same() -> None:
    assert changes(BUCKET, {"bucket": Secret("a")}, {"bucket": "a"}) == []


def test_nothing_and_an_empty_list_or_map_of_tags_are_the_same() -> None:
    assert changes(BUCKET, {"tags": {}, "corsRules": []}, {}) == []


def test_an_empty_object_is_something() -> None:
    volumes = [{"name": "cache", "emptyDir": {}}]
    found = changes("kubernetes:core/v1:Pod", {"spec": {"volumes": [{"name": "cache"}]}}, {"spec": {"volumes": volumes}})
    assert [change.path for change in found] == ["spec.volumes[0].emptyDir"]


def test_true_and_one_differ() -> None:
    assert [change.path for change in changes(BUCKET, {"forceDestroy": True}, {"forceDestroy": 1})] == ["forceDestroy"]


def test_the_engines_own_keys_are_no_inputs() -> None:
    assert changes(BUCKET, {"__defaults": ["bucket"]}, {"__defaults": []}) == []


def test_an_asset_changes_with_its_content() -> None:
    def source(text: str) -> dict:
        return {"source": pulumi.StringAsset(text)}

    token = "aws:s3/bucketObjectv2:BucketObjectv2"
    assert changes(token, source("a"), source("a")) == []
    assert [change.path for change in changes(token, source("a"), source("b"))] == ["source"]


def test_aws_compares_json_documents_by_meaning_and_google_does_not() -> None:
    old, new = '{"Version": "2012-10-17", "Statement": []}', '{"Statement":[],"Version":"2012-10-17"}'
    assert changes("aws:s3/bucketPolicy:BucketPolicy", {"policy": old}, {"policy": new}) == []
    assert changes("aws:s3/bucketPolicy:BucketPolicy", {"policy": old}, {"policy": new[:-1] + ',"Id":"a"}'}) != []
    assert changes("gcp:monitoring/dashboard:Dashboard", {"dashboardJson": old}, {"dashboardJson": new}) != []


def test_an_unknown_value_is_a_change_and_replaces_where_a_known_one_would() -> None:
    found = changes(BUCKET, {"bucket": "a", "acl": "private"}, {"bucket": UNKNOWN, "acl": UNKNOWN})
    assert [(change.path, change.replaces) for change in found] == [("bucket", True), ("acl", False)]


@pytest.mark.parametrize(
    ("ignored", "left"),
    [
        ("tags.owner", ["tags.team", "grants[0].type", "grants[1].type"]),
        ("tags", ["grants[0].type", "grants[1].type"]),
        ("grants[*].type", ["tags.owner", "tags.team"]),
        ("grants[0]", ["tags.owner", "tags.team", "grants[1].type"]),
        ('tags["owner"]', ["tags.team", "grants[0].type", "grants[1].type"]),
        ("tag", ["tags.owner", "tags.team", "grants[0].type", "grants[1].type"]),
    ],
)
def test_ignored_changes_are_left_out(ignored: str, left: list[str]) -> None:
    old = {"tags": {"owner": "a", "team": "a"}, "grants": [{"type": "a"}, {"type": "a"}]}
    new = {"tags": {"owner": "b", "team": "b"}, "grants": [{"type": "b"}, {"type": "b"}]}
    assert [change.path for change in changes(BUCKET, old, new, (ignored,))] == left


def test_a_malformed_ignored_path_is_an_error_that_shows_the_form() -> None:
    with pytest.raises(ValueError, match=r"rules\[0\]\.id"):
        changes(BUCKET, {}, {}, ("tags[",))


def test_a_label_of_a_node_pools_nodes_is_updated_in_place_but_its_machine_type_is_not() -> None:
    assert replacing(POOL, {"nodeConfig": {"labels": {"a": "1"}}}, {"nodeConfig": {"labels": {"a": "2"}}}) == []
    disk = {"nodeConfig": {"localSsdCount": 0}}, {"nodeConfig": {"localSsdCount": 1}}
    assert replacing(POOL, *disk) == ["nodeConfig.localSsdCount"]


def test_a_google_block_replaces_when_it_comes_or_goes_only() -> None:
    token = "gcp:container/cluster:Cluster"
    block = {"ipAllocationPolicy": {"stackType": "IPV4"}}
    assert replacing(token, {}, block) == ["ipAllocationPolicy"]
    assert replacing(token, block, {}) == ["ipAllocationPolicy"]
    automatic, managed = {"auto": {}}, {"userManaged": {"replicas": [{"location": "europe-west4"}]}}
    found = replacing("gcp:secretmanager/secret:Secret", {"replication": automatic}, {"replication": managed})
    assert found == ["replication.auto", "replication.userManaged"]


def test_a_member_of_a_google_block_replaces_by_its_own_row_only() -> None:
    def networks(**member: str) -> dict:
        return {"networkConfig": {"additionalNodeNetworkConfigs": [{"network": "n", **member}]}}

    assert replacing(POOL, networks(stackType="IPV4"), networks(stackType="IPV4_IPV6")) == []
    changed = replacing(POOL, networks(subnetwork="a"), networks(subnetwork="b"))
    assert changed == ["networkConfig.additionalNodeNetworkConfigs[0].subnetwork"]


def test_a_member_of_an_amazon_block_that_is_set_at_creation_replaces() -> None:
    old, new = {"tenancyConfig": {"tenantIsolationMode": "a"}}, {"tenancyConfig": {"tenantIsolationMode": "b"}}
    assert replacing("aws:lambda/function:Function", old, new) == ["tenancyConfig.tenantIsolationMode"]


def test_an_immutable_property_within_an_added_block_replaces() -> None:
    accelerator = [{"type": "nvidia-l4", "count": 1}]
    assert replacing(POOL, {"nodeConfig": {}}, {"nodeConfig": {"guestAccelerators": accelerator}}) == ["nodeConfig.guestAccelerators"]


def test_object_lock_replaces_when_it_is_added_but_not_when_its_rule_changes() -> None:
    locked = {"objectLockConfiguration": {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}}}
    longer = {"objectLockConfiguration": {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 9}}}}
    assert replacing(BUCKET, {}, locked) == ["objectLockConfiguration"]
    assert replacing(BUCKET, locked, longer) == []
    assert replacing(BUCKET, locked, {}) == []


def test_a_file_system_is_replaced_when_it_shrinks_and_not_when_it_grows() -> None:
    token = "aws:fsx/lustreFileSystem:LustreFileSystem"
    assert replacing(token, {"storageCapacity": 2400}, {"storageCapacity": 1200}) == ["storageCapacity"]
    assert replacing(token, {"storageCapacity": 1200}, {"storageCapacity": 2400}) == []
    assert replacing(token, {"storageCapacity": 1200}, {"storageCapacity": UNKNOWN}) == ["storageCapacity"]


def test_a_claim_is_replaced_when_it_shrinks_whatever_the_unit() -> None:
    def claim(size: str) -> dict:
        return {"spec": {"resources": {"requests": {"storage": size}}}}

    token = "kubernetes:core/v1:PersistentVolumeClaim"
    assert replacing(token, claim("1Ti"), claim("512Gi")) == ["spec.resources.requests.storage"]
    assert replacing(token, claim("512Gi"), claim("1Ti")) == []


def test_a_security_group_rule_is_replaced_when_its_source_changes_kind() -> None:
    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    assert replacing(token, {"cidrIpv4": "10.0.0.0/8"}, {"cidrIpv4": "10.0.0.0/16"}) == []
    assert replacing(token, {"cidrIpv4": "10.0.0.0/8"}, {"prefixListId": "pl-1"}) == ["cidrIpv4", "prefixListId"]


def test_an_endpoint_configuration_is_replaced_for_any_change_of_its_variants() -> None:
    token = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
    one = {"variantName": "a", "modelName": "m", "instanceType": "ml.g5.xlarge"}
    two, larger = {**one, "variantName": "b"}, {**one, "instanceType": "ml.g5.2xlarge"}
    assert replacing(token, {"productionVariants": [one]}, {"productionVariants": [one, two]}) == ["productionVariants[1]"]
    changed = replacing(token, {"productionVariants": [one]}, {"productionVariants": [larger]})
    assert changed == ["productionVariants[0].instanceType"]


@pytest.mark.parametrize(
    ("strategy", "kind", "replaced"),
    [("BEST_FIT_PROGRESSIVE", "EC2", []), ("BEST_FIT", "EC2", ["computeResources.subnets[0]"]), ("BEST_FIT", "FARGATE", [])],
)
def test_a_batch_environment_changes_in_place_for_the_progressive_strategy_or_fargate(
    strategy: str, kind: str, replaced: list[str]
) -> None:
    def environment(subnet: str) -> dict:
        return {"computeResources": {"allocationStrategy": strategy, "type": kind, "subnets": [subnet]}}

    assert replacing("aws:batch/computeEnvironment:ComputeEnvironment", environment("a"), environment("b")) == replaced


@pytest.mark.parametrize(("kind", "replaced"), [("network", ["subnets[1]"]), ("application", [])])
def test_a_network_load_balancer_is_replaced_when_it_loses_a_subnet(kind: str, replaced: list[str]) -> None:
    old, new = {"loadBalancerType": kind, "subnets": ["a", "b"]}, {"loadBalancerType": kind, "subnets": ["a"]}
    assert replacing("aws:lb/loadBalancer:LoadBalancer", old, new) == replaced


def test_azure_replaces_for_create_only_properties_and_their_members() -> None:
    token = "azure-native:network:PrivateEndpoint"
    assert replacing(token, {"subnet": {"id": "a"}}, {"subnet": {"id": "b"}}) == ["subnet.id"]
    assert replacing(token, {"location": "a"}, {"location": "b"}) == []  # azure-native does not plan it
    assert replacing("azure-native:storage:StorageAccount", {"isHnsEnabled": False}, {"isHnsEnabled": True}) == ["isHnsEnabled"]


def test_kubernetes_selectors_and_names_cannot_change() -> None:
    def labelled(app: str, replicas: int = 1) -> dict:
        return {"spec": {"replicas": replicas, "selector": {"matchLabels": {"app": app}}}}

    token = "kubernetes:apps/v1:Deployment"
    assert replacing(token, labelled("a"), labelled("b", 2)) == ["spec.selector.matchLabels.app"]
    assert replacing(token, {"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}) == ["metadata.name"]


def test_of_an_unknown_type_the_name_alone_replaces() -> None:
    token = "aws:chime/voiceConnector:VoiceConnector"
    old, new = {"name": "a", "awsRegion": "us-east-1"}, {"name": "b", "awsRegion": "us-west-2"}
    assert replacing(token, old, new) == ["name"]


def test_a_fixed_name_that_stays_makes_the_old_one_go_first() -> None:
    account = "azure-native:storage:StorageAccount"
    old, new = {"accountName": "models", "isHnsEnabled": False}, {"accountName": "models", "isHnsEnabled": True}
    assert delete_before_replace(account, facts(account), old, new)
    assert not delete_before_replace(account, facts(account), old, {**new, "accountName": "models2"})
    assert not delete_before_replace(account, facts(account), old, {**new, "__defaults": ["accountName"]})


def test_a_fixed_name_in_another_place_needs_no_deletion_first_unless_names_are_global() -> None:
    cases = [
        ("aws:sqs/queue:Queue", "name", {"region": "a"}, {"region": "b"}, False),
        ("aws:s3/bucket:Bucket", "bucket", {"region": "a"}, {"region": "b"}, True),
        ("azure-native:resources:ResourceGroup", "resourceGroupName", {"location": "a"}, {"location": "b"}, True),
        ("azure-native:storage:BlobContainer", "containerName", {"accountName": "a"}, {"accountName": "b"}, False),
    ]
    for token, name, old, new, first in cases:
        assert delete_before_replace(token, facts(token), {**old, name: "models"}, {**new, name: "models"}) is first, token


def test_what_has_no_unique_name_can_be_made_beside_the_old_one() -> None:
    token = "aws:s3/bucketVersioning:BucketVersioning"
    assert not delete_before_replace(token, facts(token), {"bucket": "a"}, {"bucket": "a"})
    assert not delete_before_replace("aws:chime/voiceConnector:VoiceConnector", None, {"name": "a"}, {"name": "a"})


def test_a_value_that_the_cloud_fills_in_may_be_left_out_again_without_a_new_resource() -> None:
    # Both are Optional and Computed in terraform-provider-aws and -google, so that an import without them plans no change.
    bucket = {"bucket": "there", "region": "eu-west-1"}
    assert replacing("aws:s3/bucket:Bucket", bucket, {"bucket": "there"}) == []
    assert replacing("aws:s3/bucket:Bucket", bucket, {"bucket": "there", "region": "eu-central-1"}) == ["region"]
    network = {"name": "net", "project": "acme-ml"}
    assert replacing("gcp:compute/network:Network", network, {"name": "net"}) == []
    assert replacing("gcp:compute/network:Network", network, {"name": "net", "project": "other"}) == ["project"]
