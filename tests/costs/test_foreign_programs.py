"""What holds for the estimate of any program, tried on the recorded previews of three that this project did not shape."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

import pytest

from catalogue.catalogue import Catalogue
from catalogue.index import open_index
from catalogue.model import Offer, Price
from costs.estimate import estimate
from costs.model import Estimate, Line
from costs.money import Band
from costs.read import read_file
from costs.registry import NOT_CLOUDS, pricers
from costs.resource import Program, name_of
from costs.tiers import fill
from costs.usage import Usage
from tests.costs.building import prices
from tests.costs.programs.record import NAMES, recording

# What a price is asked for by.
Key = tuple[str, ...]
# Services and SKUs whose price is also on record under another name, which is taken where this one is missing.
TWICE_ON_RECORD = {("s3", "standard-storage-first-50TB"), ("sagemaker", "serverless-inference-data-processed")}
# Types that are priced, but cost nothing as these programs declare them.
NOTHING_TO_PAY = {
    "azure-native:app:ManagedEnvironment",  # without workload profiles only its applications cost
    "azure-native:applicationinsights:Component",  # what it takes in is paid at its workspace
    "azure-native:keyvault:Vault",  # its operations are paid at its key
    "gcp:compute/subnetwork:Subnetwork",  # no flow logs
}


@dataclass
class Asked:
    """The prices that pricers got, by the key they asked with."""

    services: dict[Key, Price] = field(default_factory=dict[Key, Price])
    machines: dict[Key, Offer] = field(default_factory=dict[Key, Offer])


@cache
def _index() -> sqlite3.Connection:
    return open_index()


class Watched(Catalogue):
    """The real catalogue, which remembers what it was asked for and does not know one of the prices."""

    def __init__(self, without: Key = ()) -> None:
        super().__init__(_index())
        self.asked = Asked()
        self._without = without

    def _service(self, provider: str, service: str, sku: str, region: str) -> Price | None:
        key = (provider, service, sku, region)
        found = None if key == self._without else super()._service(*key)
        if found:
            self.asked.services[key] = found
        return found

    def _offer(self, provider: str, region: str, instance_type: str) -> Offer | None:
        key = (provider, region, instance_type)
        found = None if key == self._without else super()._offer(*key)
        if found:
            self.asked.machines[key] = found
        return found


@cache
def program(name: str) -> Program:
    return read_file(recording(name))


@cache
def estimated(name: str) -> tuple[Estimate, Asked]:
    """The estimate of a recorded program with the real catalogue, and the prices that it asked for."""
    watched = Watched()
    return estimate(program(name), watched), watched.asked


def quantity(line: Line, level: str = "expected") -> Decimal:
    product = Decimal(1)
    for factor in line.factors:
        product *= getattr(factor.amount, level)
    return product


def reached(line: Line, level: str) -> list[Price]:
    """The prices that the quantity reaches; the first steps of a tariff may cost nothing, and few reach its last ones."""
    if not isinstance(line.tariff, tuple):
        return [line.tariff]
    return [price for _, price in fill(quantity(line, level), line.tariff) if price]


def of_resource(lines: Iterable[Line]) -> dict[str, list[tuple[str, Band]]]:
    """What is paid for each resource: driver and amount."""
    found: dict[str, list[tuple[str, Band]]] = {}
    for line in lines:
        found.setdefault(line.urn, []).append((line.driver, line.usd))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_is_priced_or_named_or_of_a_type_that_is_free(name: str) -> None:
    found, _ = estimated(name)
    named = {each.urn for each in (*found.lines, *found.unpriced)} | set(found.unsupported)
    for resource in program(name).resources.values():
        module = pricers(resource.package)
        free = resource.package in NOT_CLOUDS or (module is not None and resource.type in module.FREE)
        assert free or not resource.custom or resource.urn in named or resource.type in NOTHING_TO_PAY, resource.urn


@pytest.mark.parametrize("name", NAMES)
def test_no_type_of_a_common_stack_is_unsupported(name: str) -> None:
    found, _ = estimated(name)
    assert found.unsupported == ()


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_used_costs_something(name: str) -> None:
    found, _ = estimated(name)
    free = [line for line in found.lines if quantity(line) > 0 and line.usd.expected == 0]
    assert [(line.urn, line.driver) for line in free if reached(line, "expected")] == []
    assert all(line.usd.high > 0 for line in found.lines if not isinstance(line.tariff, tuple))


@pytest.mark.parametrize("name", NAMES)
def test_low_is_no_more_than_expected_and_expected_no_more_than_high(name: str) -> None:
    found, _ = estimated(name)
    for line in found.lines:
        assert 0 <= line.usd.low <= line.usd.expected <= line.usd.high, (line.urn, line.driver)
        assert all(factor.amount.low <= factor.amount.expected <= factor.amount.high for factor in line.factors), (line.urn, line.driver)


@pytest.mark.parametrize("name", NAMES)
def test_the_total_is_the_sum_of_the_lines_by_resource_and_by_component(name: str) -> None:
    found, _ = estimated(name)
    for level in ("low", "expected", "high"):
        total = sum((getattr(line.usd, level) for line in found.lines), Decimal(0))
        assert getattr(found.total, level) == total
        assert sum((getattr(usd, level) for usd in found.of_resource().values()), Decimal(0)) == total
        assert sum((getattr(usd, level) for usd in found.of_component().values()), Decimal(0)) == total


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("times", [Decimal(2), Decimal(50)])
def test_more_traffic_costs_no_resource_less(name: str, times: Decimal) -> None:
    once, _ = estimated(name)
    more = estimate(program(name), Watched(), Usage({}, traffic=times))
    before, after = once.of_resource(), more.of_resource()
    assert set(before) == set(after)
    for urn, usd in before.items():
        assert (after[urn].low >= usd.low, after[urn].expected >= usd.expected, after[urn].high >= usd.high) == (True, True, True), urn
    assert more.total.expected > once.total.expected


@pytest.mark.parametrize("name", NAMES)
def test_traffic_does_not_change_what_is_missing(name: str) -> None:
    once, _ = estimated(name)
    more = estimate(program(name), Watched(), Usage({}, traffic=Decimal(2)))
    assert (more.unpriced, more.unsupported, more.free) == (once.unpriced, once.unsupported, once.free)


@pytest.mark.parametrize("name", NAMES)
def test_a_price_that_is_missing_makes_the_total_at_least_and_names_the_resource(name: str) -> None:
    found, asked = estimated(name)
    used = {id(price) for line in found.lines for price in reached(line, "high")}
    keys: list[Key] = [key for key, price in asked.services.items() if id(price) in used]
    keys += [key for key, offer in asked.machines.items() if id(offer.on_demand) in used]
    assert len(keys) >= 15
    for key in [*keys, *(set(asked.services) | set(asked.machines)) - set(keys)]:
        without = estimate(program(name), Watched(key))
        before, after = of_resource(found.lines), of_resource(without.lines)
        changed = [urn for urn, lines in before.items() if after.get(urn) != lines]
        if key[1:3] in TWICE_ON_RECORD:
            assert [(line.urn, line.driver) for line in without.lines] == [(line.urn, line.driver) for line in found.lines], key
            continue
        assert changed or key not in keys, key
        assert not changed or without.at_least, key
        assert [name_of(urn) for urn in changed if urn not in {each.urn for each in without.unpriced}] == [], key


HOURS = Decimal(730)
SECONDS = Decimal(730) * 3600

# List prices of us-east-1: EC2 2026-07-20; NAT, EKS, ALB, EBS and KMS 2026-05-03; public IPv4 2026-10-13; SageMaker 2025-01-26.
AWS = prices(
    ("aws", "nat-gateway", "gateway", "us-east-1", "hour", "0.045"),
    ("aws", "vpc", "public-ipv4-in-use", "us-east-1", "hour", "0.005"),
    ("aws", "eks", "cluster-extended-support", "us-east-1", "hour", "0.6"),
    ("aws", "elb", "alb-hour", "us-east-1", "hour", "0.0225"),
    ("aws", "ebs", "gp3-storage", "us-east-1", "GB-month", "0.08"),
    ("aws", "kms", "customer-key", "us-east-1", "key-month", "1"),
    ("aws", "sagemaker-instance", "ml.g5.xlarge", "us-east-1", "instance-hour", "1.4084"),
    machines=[("aws", "us-east-1", "m6i.large", "0.096", None), ("aws", "us-east-1", "g5.xlarge", "1.006", "0.5")],
)
# List prices of us-central1: machines, disks and NAT 2026-07-30; GKE 2026-07-01; Cloud Run 2026-08; TPU v5e undated.
GCP = prices(
    ("gcp", "gke", "cluster-management", "us-central1", "hour", "0.1"),
    ("gcp", "persistent-disk", "pd-ssd", "us-central1", "GiB-month", "0.17"),
    ("gcp", "persistent-disk", "pd-balanced", "us-central1", "GiB-month", "0.1"),
    ("gcp", "cloud-run", "cpu-instance-based-tier1", "us-central1", "vCPU-second", "0.000018"),
    ("gcp", "cloud-run", "memory-instance-based-tier1", "us-central1", "GiB-second", "0.000002"),
    ("gcp", "cloud-run", "gpu-nvidia-l4-no-zonal-redundancy", "us-central1", "GPU-second", "0.0001867"),
    machines=[
        ("gcp", "us-central1", "e2-standard-4", "0.134023", None),
        ("gcp", "us-central1", "g2-standard-8", "0.853624", "0.479872"),
        ("gcp", "us-central1", "a2-highgpu-1g", "3.673385", None),
        ("gcp", "us-central1", "tpu-v5e-chip", "1.2", "0.24493"),
    ],
)
# List prices of eastus: machines 2026-06-18; AKS, P30 and load balancer 2026-10; Container Registry 2026-07-01.
AZURE = prices(
    ("azure", "aks", "standard-tier-uptime-sla", "eastus", "hour", "0.1"),
    ("azure", "managed-disk", "premium-ssd-p30-lrs", "eastus", "disk-month", "135.17"),
    ("azure", "load-balancer", "standard-first-5-rules", "eastus", "hour", "0.025"),
    ("azure", "container-registry", "premium", "eastus", "day", "1.6667"),
    ("azure", "public-ip", "standard-static-regional", "eastus", "hour", "0.005"),
    machines=[
        ("azure", "eastus", "Standard_D4s_v5", "0.192", None),
        ("azure", "eastus", "Standard_E8s_v5", "0.504", None),
        ("azure", "eastus", "Standard_NC4as_T4_v3", "0.526", None),
        ("azure", "eastus", "Standard_NC24ads_A100_v4", "3.673", None),
    ],
)
LISTS = {"aws": AWS, "gcp": GCP, "azure": AZURE}

Worked = dict[tuple[str, str], tuple[Decimal, Decimal]]
"""Logical name and driver → USD a month, low and high."""


def exactly(usd: Decimal) -> tuple[Decimal, Decimal]:
    return usd, usd


BY_HAND: dict[str, Worked] = {
    "aws": {
        # One of the three NAT gateways, and its address.
        ("inference-a", "NAT gateway"): exactly(HOURS * Decimal("0.045")),
        ("inference-a-nat", "public IPv4 address"): exactly(HOURS * Decimal("0.005")),
        # Kubernetes 1.33 is in extended support.
        ("inference", "control plane"): exactly(HOURS * Decimal("0.6")),
        ("plain", "nodes"): (2 * HOURS * Decimal("0.096"), 10 * HOURS * Decimal("0.096")),
        # Spot: no node at least, and in the worst case eight at the price on demand.
        ("gpu", "nodes"): (Decimal(0), 8 * HOURS * Decimal("1.006")),
        ("gpu", "root volume"): (Decimal(0), 8 * 200 * Decimal("0.08")),
        ("ranker", "variant steady"): (2 * HOURS * Decimal("1.4084"), 6 * HOURS * Decimal("1.4084")),
        ("ranker", "variant canary"): exactly(HOURS * Decimal("1.4084")),
        ("entrance", "application load balancer"): exactly(HOURS * Decimal("0.0225")),
        # One address in each of three public subnets.
        ("entrance", "public IPv4 addresses"): exactly(3 * HOURS * Decimal("0.005")),
    },
    "gcp": {
        # 4 × 4 chips on four machines.
        ("chips", "nodes chips"): exactly(16 * HOURS * Decimal("1.2")),
        ("plain", "nodes"): (3 * HOURS * Decimal("0.134023"), 12 * HOURS * Decimal("0.134023")),
        ("gpus", "nodes"): (Decimal(0), 6 * HOURS * Decimal("0.853624")),
        ("gpus", "nodes' boot disks"): (Decimal(0), 6 * 200 * Decimal("0.1")),
        ("research", "cluster management"): exactly(HOURS * Decimal("0.1")),
        ("workstation", "machine"): exactly(HOURS * Decimal("3.673385")),
        ("scratch", "disk"): exactly(500 * Decimal("0.17")),
        # One to three instances of 8 vCPU, 32 GiB and one L4.
        ("summarizer", "instance cpu"): (8 * SECONDS * Decimal("0.000018"), 3 * 8 * SECONDS * Decimal("0.000018")),
        ("summarizer", "instance memory"): (32 * SECONDS * Decimal("0.000002"), 3 * 32 * SECONDS * Decimal("0.000002")),
        ("summarizer", "instance GPU"): (SECONDS * Decimal("0.0001867"), 3 * SECONDS * Decimal("0.0001867")),
    },
    "azure": {
        ("assistant", "control plane"): exactly(HOURS * Decimal("0.1")),
        ("assistant", "nodes system"): exactly(3 * HOURS * Decimal("0.192")),
        ("gpus", "nodes"): (Decimal(0), 4 * HOURS * Decimal("3.673")),
        ("first", "instances"): exactly(2 * HOURS * Decimal("0.526")),
        ("index", "machine"): exactly(HOURS * Decimal("0.504")),
        ("index", "disk"): exactly(Decimal("135.17")),
        ("entrance", "first five rules"): exactly(HOURS * Decimal("0.025")),
        ("entrance", "address"): exactly(HOURS * Decimal("0.005")),
        ("images", "registry"): exactly(HOURS / 24 * Decimal("1.6667")),
    },
}


def paid(found: Estimate, key: tuple[str, str]) -> Band:
    """What the one line of this name and driver costs; what stands in the brackets of a driver may change."""
    (only,) = [line for line in found.lines if (name_of(line.urn), line.driver.partition(" (")[0]) == key]
    return only.usd


@pytest.mark.parametrize("name", NAMES)
def test_what_is_dear_costs_what_a_calculation_by_hand_gives(name: str) -> None:
    found = estimate(program(name), LISTS[name])
    for key, (low, high) in BY_HAND[name].items():
        usd = paid(found, key)
        assert [round(usd.low, 4), round(usd.high, 4)] == [round(low, 4), round(high, 4)], key


@pytest.mark.parametrize("name", NAMES)
def test_the_prices_on_record_give_the_same_magnitude(name: str) -> None:
    found, _ = estimated(name)
    for key, (low, high) in BY_HAND[name].items():
        usd = paid(found, key)
        assert low / 2 <= usd.low <= low * 2, key
        assert high / 2 <= usd.high <= high * 2, key
