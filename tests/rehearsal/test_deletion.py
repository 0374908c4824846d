"""What keeps a resource from being deleted, and what goes along with it."""

from __future__ import annotations

import grpc

from tests.rehearsal.simulated import Client, Clouds, refusal, state

BUCKET = "aws:s3/bucket:Bucket"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "azure-native:resources:ResourceGroup"
ACCOUNT = "azure-native:storage:StorageAccount"
CONTAINER = "azure-native:storage:BlobContainer"


def test_a_delete_of_something_that_is_gone_succeeds(aws: Client) -> None:
    aws.delete(BUCKET, "absent")


def test_a_bucket_with_objects_is_deleted_only_by_force(aws: Client, clouds: Clouds) -> None:
    aws.create(BUCKET, "kept", {"bucket": "acme-kept"})
    aws.create(BUCKET, "forced", {"bucket": "acme-forced", "forceDestroy": True})
    for bucket in ("acme-kept", "acme-forced"):
        state(clouds).put_object(bucket, "fraud/3/model.onnx")
    error = refusal(lambda: aws.delete(BUCKET, "acme-kept"))
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "BucketNotEmpty" in error.details()
    assert "fraud/3/model.onnx" in error.details()
    aws.delete(BUCKET, "acme-forced")
    assert [resource.id for resource in state(clouds).all()] == ["acme-kept"]


def test_objects_that_the_program_puts_into_a_bucket_count(aws: Client) -> None:
    aws.create(BUCKET, "models", {"bucket": "acme-models"})
    aws.create("aws:s3/bucketObjectv2:BucketObjectv2", "card", {"bucket": "acme-models", "key": "card.md", "content": "x"})
    assert "BucketNotEmpty" in refusal(lambda: aws.delete(BUCKET, "acme-models")).details()
    aws.delete("aws:s3/bucketObjectv2:BucketObjectv2", "acme-models/card.md")
    aws.delete(BUCKET, "acme-models")


def test_a_vpc_is_not_deleted_under_its_subnets(aws: Client) -> None:
    vpc, _ = aws.create(VPC, "main", {"cidrBlock": "10.0.0.0/16"})
    subnet, _ = aws.create(SUBNET, "a", {"vpcId": vpc, "cidrBlock": "10.0.0.0/24"})
    error = refusal(lambda: aws.delete(VPC, vpc))
    assert "DependencyViolation" in error.details()
    assert subnet in error.details()
    aws.delete(SUBNET, subnet)
    aws.delete(VPC, vpc)


def test_a_security_group_takes_its_own_rules_along_but_not_another_groups(aws: Client, clouds: Clouds) -> None:
    vpc, _ = aws.create(VPC, "main", {"cidrBlock": "10.0.0.0/16"})
    group, _ = aws.create("aws:ec2/securityGroup:SecurityGroup", "a", {"name": "a", "vpcId": vpc})
    other, _ = aws.create("aws:ec2/securityGroup:SecurityGroup", "b", {"name": "b", "vpcId": vpc})
    rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    aws.create(rule, "own", {"securityGroupId": group, "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/8"})
    foreign, _ = aws.create(rule, "foreign", {"securityGroupId": other, "ipProtocol": "-1", "referencedSecurityGroupId": group})
    assert foreign in refusal(lambda: aws.delete("aws:ec2/securityGroup:SecurityGroup", group)).details()
    aws.delete(rule, foreign)
    aws.delete("aws:ec2/securityGroup:SecurityGroup", group)
    assert {resource.id for resource in state(clouds).all()} == {vpc, other}


def test_google_clusters_are_protected_until_the_program_says_otherwise(clouds: Clouds) -> None:
    gcp = clouds.connect("gcp")
    inputs = {"name": "ml", "location": "europe-west4", "initialNodeCount": 1}
    identifier, _ = gcp.create("gcp:container/cluster:Cluster", "ml", inputs)
    assert "deletionProtection" in refusal(lambda: gcp.delete("gcp:container/cluster:Cluster", identifier)).details()
    gcp.update("gcp:container/cluster:Cluster", identifier, inputs, {**inputs, "deletionProtection": False})
    gcp.delete("gcp:container/cluster:Cluster", identifier)
    assert state(clouds).all() == []


def test_a_deletion_policy_prevents_or_abandons(clouds: Clouds) -> None:
    gcp = clouds.connect("gcp")
    topic = "gcp:pubsub/topic:Topic"
    kept, _ = gcp.create(topic, "kept", {"name": "kept", "deletionPolicy": "PREVENT"})
    left, _ = gcp.create(topic, "left", {"name": "left", "deletionPolicy": "ABANDON"})
    assert "PREVENT" in refusal(lambda: gcp.delete(topic, kept)).details()
    gcp.delete(topic, left)
    assert {resource.id for resource in state(clouds).all()} == {kept, left}
    assert [resource.id for resource in state(clouds).owned()] == [kept]


def test_a_key_ring_outlives_its_stack(clouds: Clouds) -> None:
    gcp = clouds.connect("gcp")
    ring, _ = gcp.create("gcp:kms/keyRing:KeyRing", "ml", {"name": "ml", "location": "europe-west4"})
    gcp.delete("gcp:kms/keyRing:KeyRing", ring)
    error = refusal(lambda: gcp.create("gcp:kms/keyRing:KeyRing", "ml", {"name": "ml", "location": "europe-west4"}))
    assert error.code() is grpc.StatusCode.ALREADY_EXISTS


def test_a_resource_group_takes_everything_in_it_along(azure: Client, clouds: Clouds) -> None:
    group, _ = azure.create(GROUP, "rg", {"resourceGroupName": "ml"})
    azure.create(GROUP, "rg2", {"resourceGroupName": "ml2"})
    account = {"resourceGroupName": "ml", "accountName": "acmemodels", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    azure.create(ACCOUNT, "models", account)
    azure.create(CONTAINER, "models", {"resourceGroupName": "ml", "accountName": "acmemodels", "containerName": "models"})
    azure.delete(GROUP, group)
    assert [resource.name for resource in state(clouds).all()] == ["ml2"]


def test_a_namespace_takes_its_objects_along_in_its_own_cluster(clouds: Clouds) -> None:
    here, there = clouds.connect("kubernetes"), clouds.connect("kubernetes", context="there")
    for client in (here, there):
        client.create("kubernetes:core/v1:Namespace", "ml", {"metadata": {"name": "ml"}})
        client.create("kubernetes:core/v1:ConfigMap", "settings", {"metadata": {"name": "settings", "namespace": "ml"}})
    here.delete("kubernetes:core/v1:Namespace", "ml")
    assert {resource.place for resource in state(clouds).all()} == {"cluster/there"}
    assert len(state(clouds).all()) == 2
