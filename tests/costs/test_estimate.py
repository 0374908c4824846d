"""What holds of every estimate, whatever the program."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.catalogue import Catalogue
from catalogue.model import Confidence
from costs.estimate import estimate
from costs.model import total
from costs.money import Band
from costs.resource import SECRET, UNKNOWN, Program
from costs.usage import Usage
from tests.costs.building import component, estimated, prices, resource, told

REAL = Catalogue.open()
REGIONS = {"aws:region": "us-east-1", "gcp:region": "us-central1", "azure-native:location": "eastus"}


def pool(least, extra):
    return {"minSize": least, "desiredSize": least, "maxSize": least + extra}


NODES = st.builds(pool, st.integers(0, 20), st.integers(0, 20))
RESOURCES = st.lists(
    st.one_of(
        st.builds(
            lambda scaling, kind, capacity: (
                "aws:eks/nodeGroup:NodeGroup",
                {"scalingConfig": scaling, "instanceTypes": kind, "capacityType": capacity},
            ),
            NODES,
            st.lists(st.sampled_from(["m6i.large", "g5.xlarge", "p4d.24xlarge", "no.such", UNKNOWN]), min_size=1, max_size=3),
            st.sampled_from(["ON_DEMAND", "SPOT", UNKNOWN, None]),
        ),
        st.builds(
            lambda size, kind: ("aws:ebs/volume:Volume", {"size": size, "type": kind}),
            st.integers(1, 16_000),
            st.sampled_from(["gp2", "gp3", "io2", "?", None]),
        ),
        st.builds(
            lambda memory: ("aws:lambda/function:Function", {"memorySize": memory}), st.sampled_from([128, 1024, 10_240, UNKNOWN, None])
        ),
        st.builds(
            lambda it: ("gcp:storage/bucket:Bucket", {"location": it}),
            st.sampled_from(["us-central1", "US", "EUROPE-WEST4", UNKNOWN, "mars"]),
        ),
        st.builds(
            lambda least, extra, kind: (
                "gcp:container/nodePool:NodePool",
                {
                    "location": "us-central1",
                    "autoscaling": {"minNodeCount": least, "maxNodeCount": least + extra},
                    "nodeConfig": {"machineType": kind},
                },
            ),
            st.integers(0, 9),
            st.integers(0, 9),
            st.sampled_from(["e2-standard-4", "g2-standard-4", "ct5lp-hightpu-4t", "nothing", UNKNOWN]),
        ),
        st.builds(
            lambda least, extra, kind: (
                "azure-native:containerservice:AgentPool",
                {"minCount": least, "maxCount": least + extra, "enableAutoScaling": True, "vmSize": kind, "location": "eastus"},
            ),
            st.integers(0, 9),
            st.integers(0, 9),
            st.sampled_from(["Standard_D4s_v5", "Standard_NC24ads_A100_v4", "Standard_X", SECRET]),
        ),
        st.builds(
            lambda sku: ("azure-native:storage:StorageAccount", {"sku": {"name": sku}, "location": "eastus"}),
            st.sampled_from(["Standard_LRS", "Standard_ZRS", UNKNOWN]),
        ),
        st.sampled_from(
            [("aws:iam/role:Role", {}), ("aws:new/thing:Thing", {}), ("gcp:kms/cryptoKey:CryptoKey", {}), ("random:index:Id", {})]
        ),
    ),
    max_size=12,
)
USAGE = st.dictionaries(
    st.sampled_from(["storedGib", "requestsPerSecond", "readGibPerMonth", "writtenGibPerMonth", "nodes", "processedGibPerMonth"]),
    st.lists(st.integers(0, 1_000_000), min_size=3, max_size=3).map(sorted),
)


def program(listed, usage):
    around = component(**{name: tuple(levels) for name, levels in usage.items()})
    return Program([around, *(resource(kind, f"r{i}", given, parent=around.urn) for i, (kind, given) in enumerate(listed))], REGIONS)


@given(RESOURCES, USAGE)
def test_low_is_at_most_expected_and_expected_at_most_high_on_every_line(listed, usage):
    for line in estimate(program(listed, usage), REAL).lines:
        assert 0 <= line.usd.low <= line.usd.expected <= line.usd.high, line


@given(RESOURCES, USAGE)
def test_the_total_is_the_sum_of_the_lines_of_components_and_of_resources(listed, usage):
    found = estimate(program(listed, usage), REAL)
    for parts in (found.of_component(), found.of_resource()):
        assert sum((part.expected for part in parts.values()), Decimal(0)) == found.total.expected == total(found.lines).expected


@given(RESOURCES, USAGE)
def test_every_resource_is_priced_unpriced_unsupported_or_free(listed, usage):
    found = estimate(program(listed, usage), REAL)
    named = {line.urn for line in found.lines} | {each.urn for each in found.unpriced} | set(found.unsupported)
    assert len(named) + found.free == len(listed)


@given(RESOURCES, USAGE, st.decimals(1, 100, places=2))
def test_more_traffic_never_costs_less(listed, usage, factor):
    now = estimate(program(listed, usage), REAL)
    then = estimate(program(listed, usage), REAL, Usage({}, traffic=factor))
    for level in ("low", "expected", "high"):
        assert getattr(then.total, level) >= getattr(now.total, level) * (1 - Decimal("1e-20"))


@given(RESOURCES, USAGE)
def test_equal_programs_have_equal_estimates(listed, usage):
    assert estimate(program(listed, usage), REAL) == estimate(program(listed, usage), REAL)


@given(RESOURCES, USAGE, st.randoms())
def test_the_order_of_the_resources_does_not_matter(listed, usage, random):
    ordered = program(listed, usage)
    shuffled = list(ordered.resources.values())
    random.shuffle(shuffled)
    assert estimate(Program(shuffled, REGIONS), REAL) == estimate(ordered, REAL)


def test_a_type_that_nobody_prices_is_named_and_makes_the_total_at_least():
    found = estimated(REAL, resource("aws:new/thing:Thing", "it"), config=REGIONS)
    assert [urn.rpartition("::")[2] for urn in found.unsupported] == ["it"]
    assert found.at_least


def test_a_package_that_nobody_prices_is_named_too():
    found = estimated(REAL, resource("snowflake:index/warehouse:Warehouse", "it"), config=REGIONS)
    assert len(found.unsupported) == 1


def test_what_the_input_leaves_out_makes_the_total_at_least():
    found = estimate(Program([], REGIONS, ["7 unchanged resources are missing"]), REAL)
    assert found.at_least
    assert found.notes == ("7 unchanged resources are missing",)


def test_a_price_that_is_removed_makes_the_total_at_least_and_names_the_resource():
    nat = resource("aws:ec2/natGateway:NatGateway", "way-out")
    hour = ("aws", "nat-gateway", "gateway", "us-east-1", "hour", "0.045")
    data = ("aws", "nat-gateway", "data-processed", "us-east-1", "GB", "0.045")
    edges = ("first-10TB", "next-40TB", "next-100TB", "over-150TB")
    egress = [("aws", "data-transfer", f"internet-egress-{edge}", "us-east-1", "GB", "0.09") for edge in edges]
    usage = told(egressGibPerMonth=0, processedGibPerMonth=50)
    whole = estimated(prices(hour, data, *egress), nat, config=REGIONS, usage=usage)
    assert not whole.at_least
    # 730 h × 0.045 = 32.85; 50 GiB × 0.045 = 2.25
    assert whole.total.expected == Decimal("35.10")
    less = estimated(prices(hour, *egress), nat, config=REGIONS, usage=usage)
    assert less.at_least
    assert [(each.urn.rpartition("::")[2], "data-processed" in each.reason) for each in less.unpriced] == [("way-out", True)]
    assert less.total.expected == Decimal("32.85")


def test_the_total_is_as_sure_as_the_lines_of_a_tenth_of_it():
    catalogue = prices(
        ("aws", "nat-gateway", "gateway", "us-east-1", "hour", "1"), ("aws", "nat-gateway", "data-processed", "us-east-1", "GB", "0.01")
    )
    nat = resource("aws:ec2/natGateway:NatGateway")
    # 730 USD sure; 50 GiB assumed × 0.01 = 0.50 USD, less than a tenth
    assert estimated(catalogue, nat, config=REGIONS).confidence is Confidence.HIGH
    # told: 100,000 GiB × 0.01 = 1,000 USD of 1,730
    assert estimated(catalogue, nat, config=REGIONS, usage=told(processedGibPerMonth=100_000)).confidence is Confidence.MEDIUM


def test_a_usage_entry_that_means_nothing_is_noted():
    usage = Usage({"nobody": {"storedGib": Band.exactly(1)}})
    assert "'nobody' means no resource" in estimated(REAL, resource("aws:iam/role:Role"), usage=usage).notes[0]


@pytest.mark.parametrize(
    "inputs", [{"size": "many"}, {"size": -5}, {"size": float("nan")}, {"size": UNKNOWN}, {"size": SECRET}, {"size": []}]
)
def test_a_number_that_makes_no_sense_is_unpriced_and_not_nothing(inputs):
    found = estimated(REAL, resource("aws:ebs/volume:Volume", "disk", {"type": "gp3", **inputs}), config=REGIONS)
    assert [each.urn.rpartition("::")[2] for each in found.unpriced]
    assert not [line for line in found.lines if "storage" in line.driver]
