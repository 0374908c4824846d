"""Machines' processor, fabric, placement and local disks, against the providers' documents."""

import csv

import pytest

from catalogue.catalogue import Catalogue
from catalogue.index import DATA
from catalogue.machine_facts import machine_facts
from catalogue.pool_accelerators import pool_accelerator, word_of

CATALOGUE = Catalogue.open()


def machines(provider):
    """Every machine type of a provider that is one: prices of single GPUs and chips are not."""
    with (DATA / "machines" / f"{provider}.csv").open(encoding="utf-8", newline="") as file:
        return [row["instance_type"] for row in csv.DictReader(file) if not row["instance_type"].startswith(("gpu-", "tpu-"))]


# EC2 User Guide, Elastic Fabric Adapter (interfaces); GKE documentation, Maximize GPU network bandwidth; Microsoft Learn, ND sizes.
@pytest.mark.parametrize(
    ("provider", "instance_type", "fabric", "interfaces", "first_card"),
    [
        ("aws", "p5.48xlarge", "efa", 32, 0),
        ("aws", "p5en.48xlarge", "efa", 16, 0),
        ("aws", "p4d.24xlarge", "efa", 4, 0),
        ("aws", "p6-b200.48xlarge", "efa", 8, 0),
        ("aws", "p6-b300.48xlarge", "efa", 16, 1),
        ("aws", "trn1.32xlarge", "efa", 8, 0),
        ("aws", "trn2.48xlarge", "efa", 16, 0),
        ("aws", "g6e.48xlarge", "efa", 4, 0),
        ("aws", "g5.8xlarge", "efa", 1, 0),
        ("aws", "g5.4xlarge", None, 0, 0),
        ("aws", "inf2.48xlarge", None, 0, 0),
        ("gcp", "a3-highgpu-8g", "gpudirect-tcpx", 4, 0),
        ("gcp", "a3-megagpu-8g", "gpudirect-tcpxo", 8, 0),
        ("gcp", "a3-ultragpu-8g", "gpudirect-rdma", 8, 0),
        ("gcp", "a4-highgpu-8g", "gpudirect-rdma", 8, 0),
        ("gcp", "a3-highgpu-4g", None, 0, 0),
        ("gcp", "g2-standard-96", None, 0, 0),
        ("azure", "Standard_ND96isr_H100_v5", "infiniband", 8, 0),
        ("azure", "Standard_ND96asr_v4", "infiniband", 8, 0),
        ("azure", "Standard_ND96is_H100_v5", None, 0, 0),
        ("azure", "Standard_NC24ads_A100_v4", None, 0, 0),
    ],
)
def test_a_machine_has_the_fabric_its_provider_documents(provider, instance_type, fabric, interfaces, first_card):
    found = machine_facts(provider, instance_type)
    assert (found.fabric, found.fabric_interfaces, found.fabric_first_card) == (fabric, interfaces, first_card)


@pytest.mark.parametrize(
    ("provider", "instance_type", "architecture"),
    [
        ("aws", "m7g.xlarge", "arm64"),
        ("aws", "g5g.xlarge", "arm64"),
        ("aws", "t4g.medium", "arm64"),
        ("aws", "c8gn.4xlarge", "arm64"),
        ("aws", "g5.xlarge", "amd64"),
        ("gcp", "c4a-standard-4", "arm64"),
        ("gcp", "c4a-standard-4-lssd", "arm64"),
        ("gcp", "c4-standard-4", "amd64"),
        ("gcp", "a4x-highgpu-4g", "arm64"),
        ("azure", "Standard_D4ps_v6", "arm64"),
        ("azure", "Standard_E8pds_v5", "arm64"),
        ("azure", "Standard_B2pls_v2", "arm64"),
        ("azure", "Standard_D4s_v6", "amd64"),
        ("azure", "Standard_ND128isr_NDR_GB200_v6", "arm64"),
    ],
)
def test_a_family_has_its_processors_architecture(provider, instance_type, architecture):
    assert machine_facts(provider, instance_type).architecture == architecture


# EC2 User Guide, Placement groups: burstable machines have no cluster strategy. Google Cloud, Compact placement: not E2, N1, N4 or T2D.
@pytest.mark.parametrize(
    ("provider", "instance_type", "compact"),
    [
        ("aws", "t3.large", False),
        ("aws", "m7i.large", True),
        ("gcp", "e2-standard-4", False),
        ("gcp", "n1-standard-4", False),
        ("gcp", "c3-standard-8", True),
        ("gcp", "a2-highgpu-1g", True),
        ("gcp", "g2-standard-4", True),
    ],
)
def test_compact_placement_is_for_the_families_that_have_it(provider, instance_type, compact):
    assert machine_facts(provider, instance_type).compact_placement is compact


@pytest.mark.parametrize(
    ("provider", "instance_type", "burstable"),
    [
        ("aws", "t3.micro", True),
        ("aws", "m5.large", False),
        ("gcp", "e2-medium", True),
        ("gcp", "e2-standard-2", False),
        ("azure", "Standard_B4as_v2", True),
        ("azure", "Standard_D4as_v5", False),
    ],
)
def test_burstable_machines_are_known(provider, instance_type, burstable):
    assert machine_facts(provider, instance_type).burstable is burstable


# awslabs/amazon-eks-ami, eni-max-pods.txt: interfaces x (addresses - 1) + 2.
@pytest.mark.parametrize(
    ("instance_type", "pods"), [("m5.large", 29), ("t3.micro", 4), ("g5.xlarge", 58), ("p4d.24xlarge", 737), ("p5.48xlarge", 100)]
)
def test_eks_puts_as_many_pods_on_a_node_as_its_interfaces_have_addresses(instance_type, pods):
    assert machine_facts("aws", instance_type).max_pods == pods


# 8 x 3.84 TB NVMe; one of 250 GB; 16 x 375 GiB; 32 x 375 GiB; none.
@pytest.mark.parametrize(
    ("provider", "instance_type", "count", "gib"),
    [
        ("aws", "p5.48xlarge", 8, 28312),
        ("aws", "g5.xlarge", 1, 233),
        ("aws", "m5.large", 0, 0),
        ("gcp", "a3-highgpu-8g", 16, 6000),
        ("gcp", "a2-ultragpu-4g", 4, 1500),
        ("gcp", "c3-standard-22-lssd", 4, 1500),
        ("gcp", "c3-standard-22", 0, 0),
    ],
)
def test_the_local_disks_that_come_with_a_machine_are_counted(provider, instance_type, count, gib):
    found = machine_facts(provider, instance_type)
    assert (found.local_ssd_count, found.local_ssd_gib) == (count, gib)


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_every_machine_on_record_has_facts(provider):
    assert [name for name in machines(provider) if machine_facts(provider, name) is None] == []


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_pods_ask_for_the_resource_of_the_machines_accelerator(provider):
    for name in machines(provider):
        machine, resource = CATALOGUE.machine(provider, name), machine_facts(provider, name).accelerator_resource
        assert bool(machine.accelerator) == bool(resource), name
        word = word_of(machine)
        assert word is None or pool_accelerator(word).resource_name == resource, name


def test_a_rows_own_type_goes_before_a_pattern_and_a_longer_pattern_before_a_shorter():
    assert machine_facts("gcp", "a3-highgpu-8g").pattern == "a3-highgpu-8g"
    assert machine_facts("azure", "Standard_NV8ads_V710_v5").accelerator_resource == "amd.com/gpu"
    assert machine_facts("azure", "Standard_NV8ads_A10_v5").accelerator_resource == "nvidia.com/gpu"


def test_what_is_not_on_record_has_no_facts():
    assert machine_facts("aws", "g99.xlarge") is machine_facts("gcp", "z9-standard-4") is machine_facts("nobody", "m5.large") is None


def test_every_row_is_dated_sourced_and_matches_a_known_form():
    with (DATA / "machine_facts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["provider"], row["pattern"]) for row in rows}) == len(rows) > 900
    for row in rows:
        assert row["as_of"], row
        assert row["source"], row
        assert row["architecture"] in ("amd64", "arm64"), row
        assert (row["fabric"] == "") == (row["fabric_interfaces"] in ("", "0")), row
        assert (row["local_ssd_count"] == "0") == (float(row["local_ssd_gib"]) == 0), row
