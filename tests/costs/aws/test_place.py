"""Where an AWS resource is paid."""

from typing import Any

import pytest

from costs import aws
from costs.resource import UNKNOWN, Program, Resource
from tests.costs.building import resource

BUCKET = "aws:s3/bucket:Bucket"
PROVIDER = "pulumi:providers:aws"


def region(made: Resource, *others: Resource, config: dict[str, str] | None = None) -> str | None:
    place = aws.place(made, Program([made, *others], config))
    assert place.provider == "aws"
    return place.region


def under(provider: Resource, **properties: Any) -> Resource:
    urn = f"urn:pulumi:test::shop::{BUCKET}::it"
    return Resource(urn=urn, type=BUCKET, properties=properties, provider=provider.urn)


def test_its_own_region_goes_before_its_providers_and_the_stacks():
    provider = resource(PROVIDER, "far", {"region": "ap-south-1"})
    config = {"aws:region": "us-east-1"}
    assert region(under(provider, region="eu-west-1"), provider, config=config) == "eu-west-1"
    assert region(under(provider), provider, config=config) == "ap-south-1"
    assert region(resource(BUCKET), config=config) == "us-east-1"


def test_what_is_known_only_after_up_is_no_region():
    config = {"aws:region": "us-east-1"}
    assert region(resource(BUCKET, properties={"region": UNKNOWN}), config=config) is None
    provider = resource(PROVIDER, "far", {"region": UNKNOWN})
    assert region(under(provider), provider, config=config) is None


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"arn": "arn:aws:sqs:eu-north-1:123456789012:jobs"}, "eu-north-1"),
        ({"arn": "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:jobs"}, "us-gov-west-1"),
        ({"arn": "arn:aws:s3:::bucket"}, None),
        ({"availabilityZone": "us-east-1a"}, "us-east-1"),
        ({"availabilityZone": "us-gov-east-1b"}, "us-gov-east-1"),
        ({"availabilityZone": "us-east-1-bos-1a"}, "us-east-1"),
        ({"availabilityZone": "nonsense"}, None),
        ({"availabilityZone": UNKNOWN}, None),
        ({}, None),
    ],
)
def test_an_arn_or_a_zone_tells_the_region(properties: dict[str, Any], expected: str | None):
    assert region(resource("aws:sqs/queue:Queue", properties=properties)) == expected


def test_a_state_tells_the_region_by_its_default_provider():
    default = resource(PROVIDER, "default_7_51_1", {"region": "eu-west-3"})
    assert region(resource(BUCKET), default) == "eu-west-3"
    assert region(resource(BUCKET), resource(PROVIDER, "other", {"region": "eu-west-3"})) is None


def test_services_without_a_region_are_paid_by_the_list_of_n_virginia():
    assert region(resource("aws:route53/zone:Zone"), config={"aws:region": "eu-west-1"}) == "us-east-1"
    assert region(resource("aws:route53/resolverEndpoint:ResolverEndpoint"), config={"aws:region": "eu-west-1"}) == "eu-west-1"


def test_no_type_is_both_priced_and_free():
    assert not aws.FREE & aws.PRICERS.keys()


def test_what_holds_other_resources_or_data_is_not_called_free():
    billed = {"aws:cloudformation/stack:Stack", "aws:backup/vault:Vault", "aws:ec2/instance:Instance", "aws:s3/bucket:Bucket"}
    assert not aws.FREE & billed
