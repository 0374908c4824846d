"""Changes that save money: each is priced with the change made."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue.catalogue import Catalogue
from costs.estimate import estimate
from costs.recommend import recommend
from costs.recommend.machines import is_arm
from costs.resource import Program
from tests.costs.building import component, prices, resource, told

REGION = {"aws:region": "us-east-1"}
# provider, type, family, vCPUs, memory GiB, accelerator, count, GiB each, source
SHAPES = [
    ("aws", "m6i.xlarge", "m6i", 4, 16, "", 0, None, "list"),
    ("aws", "m6i.2xlarge", "m6i", 8, 32, "", 0, None, "list"),
    ("aws", "m7g.2xlarge", "m7g", 8, 32, "", 0, None, "list"),
    ("aws", "t4g.2xlarge", "t4g", 8, 32, "", 0, None, "list"),
    ("aws", "g5.2xlarge", "g5", 8, 32, "A10G", 1, 22.35, "list"),
    ("aws", "g6.2xlarge", "g6", 8, 32, "L4", 1, 22.35, "list"),
    ("aws", "inf2.xlarge", "inf2", 8, 32, "Inferentia2", 1, 32, "list"),
]
MACHINES = [
    ("aws", "us-east-1", "m6i.xlarge", "0.192", None),
    ("aws", "us-east-1", "m6i.2xlarge", "0.384", None),
    ("aws", "us-east-1", "m7g.2xlarge", "0.3264", None),
    ("aws", "us-east-1", "t4g.2xlarge", "0.2688", None),
    ("aws", "us-east-1", "g5.2xlarge", "1.212", None),
    ("aws", "us-east-1", "g6.2xlarge", "0.9776", None),
    ("aws", "us-east-1", "inf2.xlarge", "0.50", None),
]
SERVICES = [
    ("aws", "nat-gateway", "gateway", "us-east-1", "hour", "0.045"),
    ("aws", "nat-gateway", "data-processed", "us-east-1", "GB", "0.045"),
    ("aws", "ebs", "gp2-storage", "us-east-1", "GB-month", "0.1"),
    ("aws", "ebs", "gp3-storage", "us-east-1", "GB-month", "0.08"),
]
RESERVED = ("aws", "reserved-standard", "m6i.2xlarge", "us-east-1", "1", "no-upfront", "price_usd_hour", "0.24")
CATALOGUE = prices(*SERVICES, machines=MACHINES, shapes=SHAPES, commitments=[RESERVED])


def found(*resources, usage=None, catalogue=CATALOGUE, stack="test"):
    renamed = [replace(each, urn=each.urn.replace("pulumi:test", f"pulumi:{stack}")) for each in resources]
    program = Program(renamed, REGION)
    return {each.aspect: each for each in recommend(program, catalogue, *([usage] if usage else []))}


def group(kind, least=2, most=2, **more):
    scaling = {"minSize": least, "desiredSize": least, "maxSize": most}
    return resource("aws:eks/nodeGroup:NodeGroup", "pool", {"instanceTypes": [kind], "scalingConfig": scaling, "diskSize": 0, **more})


def test_a_size_smaller_saves_the_difference_of_the_two_prices():
    smaller = found(group("m6i.2xlarge"))["machine size"]
    assert smaller.title == "a size smaller: m6i.2xlarge → m6i.xlarge"
    assert smaller.saving.expected == Decimal("280.320")  # 2 × 730 × (0.384 - 0.192)


def test_arm_is_the_cheapest_steady_machine_with_as_much():
    arm = found(group("m6i.2xlarge"))["architecture"]
    assert arm.title == "Arm: m6i.2xlarge → m7g.2xlarge"  # t4g is cheaper, and for bursts
    assert arm.saving.expected == Decimal("84.0960")  # 2 × 730 × (0.384 - 0.3264)


def test_another_accelerator_has_as_much_memory_and_the_same_maker():
    other = found(group("g5.2xlarge"))["accelerator"]
    assert other.title == "1 × L4: g5.2xlarge → g6.2xlarge"  # inf2 is cheaper, and wants another build of the model
    assert other.saving.expected == Decimal("342.2240")  # 2 × 730 × (1.212 - 0.9776)


def test_office_hours_are_for_what_is_not_production():
    schedule = found(group("m6i.2xlarge"))["schedule"]
    assert schedule.saving.expected == Decimal("391.680")  # 2 × (730 - 220) × 0.384
    assert "schedule" not in found(group("m6i.2xlarge"), stack="prod")
    assert "schedule" not in found(group("m6i.2xlarge", tags={"stage": "prod"}))


def test_spot_is_not_recommended_for_what_is_spot():
    assert "spot" not in found(group("m6i.2xlarge", capacityType="SPOT"))


def test_spot_is_not_recommended_where_the_pool_around_has_chosen_its_ladder_or_may_not_be_spot():
    catalogue = prices(*SERVICES, machines=[("aws", "us-east-1", "m6i.2xlarge", "0.384", "0.10")], shapes=SHAPES)
    pool = resource("shop:index:NodePool", "pool", {"capacity": ["onDemand"]}, custom=False)
    inside = replace(group("m6i.2xlarge"), parent=pool.urn.replace("pulumi:test", "pulumi:prod"))
    assert "spot" not in found(pool, inside, catalogue=catalogue, stack="prod")
    assert "spot" in found(group("m6i.2xlarge"), catalogue=catalogue, stack="prod")
    assert "spot" not in found(group("m6i.2xlarge", mode="System"), catalogue=catalogue, stack="prod")


def test_spot_is_recommended_with_the_saving_of_the_spot_price():
    catalogue = prices(*SERVICES, machines=[("aws", "us-east-1", "m6i.2xlarge", "0.384", "0.10")], shapes=SHAPES)
    spot = found(group("m6i.2xlarge"), catalogue=catalogue)["spot"]
    assert spot.title == "spot capacity: capacityType: SPOT"
    # 2 × 730 × (0.384 - (0.10 × 90 % + 0.384 × 10 %))
    assert spot.saving.expected == Decimal("373.1760")
    assert "a single replica" not in spot.risk
    assert "a single replica" in found(group("m6i.2xlarge"), catalogue=catalogue, stack="prod")["spot"].risk


@pytest.mark.parametrize(
    ("kind", "properties", "title"),
    [
        (
            "gcp:container/nodePool:NodePool",
            {"nodeConfig": {"machineType": "n"}, "nodeCount": 1, "location": "us-central1-a"},
            "nodeConfig.spot: True",
        ),
        ("azure-native:containerservice:AgentPool", {"vmSize": "n", "count": 1, "location": "l-1"}, "scaleSetPriority: Spot"),
    ],
)
def test_a_pool_of_each_cloud_can_be_spot(kind, properties, title):
    provider = kind.partition("-")[0].partition(":")[0]
    catalogue = prices(machines=[(provider, region, "n", "1", "0.2") for region in ("l-1", "us-central1")])
    assert title in found(resource(kind, "pool", properties), catalogue=catalogue)["spot"].title


def test_a_machine_that_is_no_pool_is_not_made_spot():
    catalogue = prices(machines=[("aws", "us-east-1", "m6i.2xlarge", "0.384", "0.10")], shapes=SHAPES)
    assert "spot" not in found(resource("aws:ec2/instance:Instance", "vm", {"instanceType": "m6i.2xlarge"}), catalogue=catalogue)


def endpoint(kind, variants=1, **more):
    listed = [{"variantName": f"v{i}", "modelName": "m", "instanceType": kind, "initialInstanceCount": 1} for i in range(variants)]
    properties = {"productionVariants": listed, **more}
    configuration = resource("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "config", properties)
    return configuration, resource("aws:sagemaker/endpoint:Endpoint", "it", {}, refers={"endpointConfigName": configuration.urn})


SERVERLESS = prices(
    ("aws", "sagemaker-instance", "ml.m6i.xlarge", "us-east-1", "instance-hour", "0.23"),
    ("aws", "sagemaker-instance", "ml.g5.2xlarge", "us-east-1", "instance-hour", "1.5"),
    ("aws", "sagemaker", "serverless-inference-6gb", "us-east-1", "second", "0.00012"),
    machines=MACHINES,
    shapes=SHAPES,
)


def test_few_requests_are_cheaper_served_without_a_machine():
    few = told(requestsPerMonth=1000, requestsPerSecond=0, durationMs=100)
    serverless = found(*endpoint("ml.m5.xlarge"), usage=few, catalogue=Catalogue.open())["serverless"]
    assert serverless.title == "serverless inference with 6144 MB instead of ml.m5.xlarge"
    # the machine costs 730 h × 0.23 USD (SageMaker list of 2025-01-26) = 167.90; 1,000 requests of 0.1 s cost cents
    assert 166 < serverless.saving.expected < 180
    many = told(requestsPerSecond=200, durationMs=100)
    assert "serverless" not in found(*endpoint("ml.m5.xlarge"), usage=many, catalogue=Catalogue.open())


@pytest.mark.parametrize(
    "program",
    [endpoint("ml.g5.2xlarge"), endpoint("ml.m6i.xlarge", variants=2), endpoint("ml.unknown.xlarge")],
    ids=["a GPU", "two variants", "an unknown machine"],
)
def test_what_serverless_inference_cannot_do_is_not_recommended(program):
    assert "serverless" not in found(*program, catalogue=SERVERLESS)


def test_a_commitment_is_for_what_always_runs():
    committed = found(group("m6i.2xlarge", least=1, most=4))
    (only,) = [each for aspect, each in committed.items() if aspect.startswith("commitment")]
    assert only.saving.expected == Decimal("105.120")  # 1 × 730 × (0.384 - 0.24)
    assert not [aspect for aspect in found(group("m6i.2xlarge", least=0, most=4)) if aspect.startswith("commitment")]


def test_gp3_instead_of_gp2():
    disk = found(resource("aws:ebs/volume:Volume", "disk", {"size": 500, "type": "gp2"}))["disk"]
    assert disk.saving.expected == Decimal("10.00")  # 500 × (0.10 - 0.08)
    assert "disk" not in found(resource("aws:ebs/volume:Volume", "disk", {"size": 500, "type": "gp3"}))


def test_one_nat_gateway_is_enough_outside_production():
    nats = [resource("aws:ec2/natGateway:NatGateway", name) for name in ("a", "b")]
    usage = told(processedGibPerMonth=0)
    assert found(*nats, usage=usage)["nat"].saving.expected == Decimal("32.850")  # 730 × 0.045
    assert "nat" not in found(*nats, usage=usage, stack="prod")


def test_an_endpoint_takes_half_of_what_passes_the_gateway():
    nat = resource("aws:ec2/natGateway:NatGateway", "a")
    usage = told(processedGibPerMonth=1000)
    assert found(nat, usage=usage)["endpoint"].saving.expected == Decimal("22.5000")  # 500 × 0.045
    endpoint = resource("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", {"vpcEndpointType": "Gateway"})
    assert "endpoint" not in found(nat, endpoint, usage=usage)


def test_a_bucket_without_rules_saves_by_tiering_and_one_with_rules_does_not():
    skus = {"standard-storage": "0.023", "standard-ia-storage": "0.0125", "glacier-instant-retrieval-storage": "0.004"}
    free = ("standard-put-requests", "standard-get-requests", "standard-ia-lifecycle-transition", "standard-ia-retrieval")
    listed = [("aws", "s3", sku, "us-east-1", "GB-month", usd) for sku, usd in skus.items()]
    listed += [("aws", "s3", sku, "us-east-1", "1k requests", "0") for sku in free]
    around = component(storedGib=10_000, readGibPerMonth=0)
    bucket = resource("aws:s3/bucket:Bucket", "data", parent=around.urn)
    program = Program([around, bucket], REGION)
    catalogue = prices(*listed)
    before = estimate(program, catalogue)
    ruled = resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "r", {"rules": []}, refers={"bucket": bucket.urn})
    assert before.total.expected > 0
    assert not [each for each in recommend(Program([around, bucket, ruled], REGION), catalogue) if each.aspect == "tiering"]


def test_what_would_have_no_price_is_not_recommended():
    # The smaller size is on record without a price: a change to it is no saving.
    catalogue = prices(machines=[MACHINES[1], ("aws", "us-east-1", "m6i.xlarge", None, None)], shapes=SHAPES[:2])
    assert "machine size" not in found(group("m6i.2xlarge"), catalogue=catalogue)


def test_recommendations_save_and_the_most_comes_first():
    listed = list(found(group("m6i.2xlarge", least=1, most=4)).values())
    assert all(each.saving.expected > 0 for each in listed)
    assert [each.saving.expected for each in listed] == sorted((each.saving.expected for each in listed), reverse=True)


@pytest.mark.parametrize(
    ("provider", "kind", "arm"),
    [
        ("aws", "m7g.large", True),
        ("aws", "c6gn.large", True),
        ("aws", "t4g.small", True),
        ("aws", "g5.xlarge", False),
        ("aws", "g4dn.xlarge", False),
        ("aws", "m6i.large", False),
        ("aws", "g5g.xlarge", True),
        ("gcp", "t2a-standard-4", True),
        ("gcp", "c4a-standard-8", True),
        ("gcp", "n2-standard-8", False),
        ("azure", "Standard_D4ps_v5", True),
        ("azure", "Standard_D4s_v5", False),
        ("azure", "Standard_NC24ads_A100_v4", False),
    ],
)
def test_arm_is_known_by_the_familys_name(provider, kind, arm):
    catalogue = prices(machines=[(provider, "here", kind, "1", None)])
    assert is_arm(catalogue.machine(provider, kind)) is arm
