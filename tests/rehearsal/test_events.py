"""Quotas and faults of a scenario, as the engine meets them."""

from __future__ import annotations

from collections.abc import Callable

import grpc

from tests.rehearsal.simulated import Clouds, refusal, state

BUCKET = "aws:s3/bucket:Bucket"
VPC = "aws:ec2/vpc:Vpc"


def test_a_quota_stops_the_resource_that_is_one_too_many(start: Callable[..., Clouds]) -> None:
    clouds = start(quotas=[{"type": VPC, "region": "eu-west-1", "limit": 1}])
    aws, elsewhere = clouds.connect("aws"), clouds.connect("aws", region="us-east-1")
    elsewhere.create(VPC, "elsewhere", {"cidrBlock": "10.1.0.0/16"})
    aws.create(VPC, "first", {"cidrBlock": "10.0.0.0/16"})
    error = refusal(lambda: aws.create(VPC, "second", {"cidrBlock": "10.1.0.0/16"}))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "of 1 is used up" in error.details()
    elsewhere.create(VPC, "another", {"cidrBlock": "10.2.0.0/16"})


def test_a_resource_that_is_late_exists_and_the_engine_gets_it_with_the_reason(start: Callable[..., Clouds]) -> None:
    clouds = start(faults=[{"on": "create", "type": BUCKET, "kind": "timeoutAfterCreate", "message": "still pending"}])
    aws = clouds.connect("aws")
    error = refusal(lambda: aws.create(BUCKET, "models", {"bucket": "acme-models"}))
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    assert b"ErrorResourceInitFailed" in details
    assert b"still pending" in details
    assert [resource.id for resource in state(clouds).all()] == ["acme-models"]


def test_a_lost_answer_leaves_a_resource_that_the_next_create_finds(start: Callable[..., Clouds]) -> None:
    clouds = start(faults=[{"on": "create", "type": BUCKET, "kind": "lostAnswer"}])
    aws = clouds.connect("aws")
    assert refusal(lambda: aws.create(BUCKET, "models", {"bucket": "acme-models"})).code() is grpc.StatusCode.UNAVAILABLE
    assert refusal(lambda: aws.create(BUCKET, "models", {"bucket": "acme-models"})).code() is grpc.StatusCode.ALREADY_EXISTS


def test_a_lost_connection_leaves_nothing(start: Callable[..., Clouds]) -> None:
    clouds = start(faults=[{"on": "create", "type": BUCKET, "kind": "lostConnection"}])
    aws = clouds.connect("aws")
    assert refusal(lambda: aws.create(BUCKET, "models", {"bucket": "acme-models"})).code() is grpc.StatusCode.UNAVAILABLE
    assert state(clouds).all() == []
    aws.create(BUCKET, "models", {"bucket": "acme-models"})
