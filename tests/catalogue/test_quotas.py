"""The quotas of new machines, against the providers' documents."""

import csv
import shlex

import pytest

from catalogue.catalogue import Catalogue
from catalogue.index import DATA
from catalogue.quotas import amount, machine_quota, machine_quotas, network_quotas

REAL = Catalogue.open()
PROVIDERS = ("aws", "azure", "gcp")


def machines(provider):
    with (DATA / "machines" / f"{provider}.csv").open(encoding="utf-8", newline="") as file:
        return [row["instance_type"] for row in csv.DictReader(file) if not row["instance_type"].startswith(("gpu-", "tpu-"))]


def tpu_hosts():
    with (DATA / "tpu_slices.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row["gke_machine_type"] for row in csv.DictReader(file)})


# AWS documentation, Amazon EC2 instance type quotas: the codes stand in its links.
@pytest.mark.parametrize(
    ("instance_type", "on_demand", "spot"),
    [
        ("m7i.large", "L-1216C47A", "L-34B43A08"),
        ("t4g.medium", "L-1216C47A", "L-34B43A08"),
        ("g5.xlarge", "L-DB2E81BA", "L-3819A6DF"),
        ("gr6.4xlarge", "L-DB2E81BA", "L-3819A6DF"),
        ("vt1.3xlarge", "L-DB2E81BA", "L-3819A6DF"),
        ("p4d.24xlarge", "L-417A185B", "L-7212CCBC"),
        ("p5.48xlarge", "L-417A185B", "L-C4BD4855"),
        ("p5en.48xlarge", "L-417A185B", "L-C4BD4855"),
        ("inf2.xlarge", "L-1945791B", "L-B5D1601B"),
        ("trn1.32xlarge", "L-2C3B7624", "L-6B0D517C"),
        ("dl1.24xlarge", "L-6E869C2A", "L-85EED4F7"),
    ],
)
def test_an_aws_family_has_its_quota_in_each_market(instance_type, on_demand, spot):
    assert machine_quota("aws", instance_type, "onDemand").code == on_demand
    assert machine_quota("aws", instance_type, "spot").code == spot


@pytest.mark.parametrize(
    ("instance_type", "market", "codes"),
    [
        ("g2-standard-4", "onDemand", ["NVIDIA_L4_GPUS", "GPUS_ALL_REGIONS"]),
        ("g2-standard-4", "spot", ["PREEMPTIBLE_NVIDIA_L4_GPUS", "GPUS_ALL_REGIONS"]),
        ("a2-ultragpu-1g", "onDemand", ["NVIDIA_A100_80GB_GPUS", "GPUS_ALL_REGIONS"]),
        ("a3-megagpu-8g", "onDemand", ["NVIDIA_H100_MEGA_GPUS", "GPUS_ALL_REGIONS"]),
        ("ct5lp-hightpu-4t", "onDemand", ["TPU_LITE_PODSLICE_V5"]),
        ("ct6e-standard-4t", "spot", ["PREEMPTIBLE_TPU_V6E"]),
        ("e2-standard-4", "onDemand", ["CPUS"]),
        ("c3-standard-22-lssd", "onDemand", ["C3_CPUS"]),
        ("n2-standard-8", "spot", ["PREEMPTIBLE_CPUS"]),
    ],
)
def test_a_google_machine_meets_its_accelerators_quota_first(instance_type, market, codes):
    assert [each.code for each in machine_quotas("gcp", instance_type, market)] == codes


def test_gpus_attached_to_n1_have_a_quota_beside_that_of_its_vcpus():
    codes = [each.code for each in machine_quotas("gcp", "n1-standard-4", "onDemand", "nvidia-tesla-t4")]
    assert codes == ["NVIDIA_T4_GPUS", "GPUS_ALL_REGIONS", "CPUS"]
    assert machine_quota("gcp", "n1-standard-4", "onDemand").code == "CPUS"


def test_an_h100_is_asked_for_by_its_gpu_family():
    request = machine_quota("gcp", "a3-highgpu-8g", "onDemand").request
    assert "--quota-id=GPUS-PER-GPU-FAMILY-per-project-region" in request
    assert "gpu_family=NVIDIA_H100" in request


@pytest.mark.parametrize(
    ("instance_type", "family"),
    [
        ("Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family"),
        ("Standard_NC24ads_A100_v4", "StandardNCADSA100v4Family"),
        ("Standard_NC40ads_H100_v5", "StandardNCadsH100v5Family"),
        ("Standard_ND96isr_H100_v5", "standardNDSH100v5Family"),
        ("Standard_ND96isr_H200_v5", "standardNDISRH200V5Family"),
        ("Standard_NV36ads_A10_v5", "StandardNVADSA10v5Family"),
        ("Standard_D4s_v5", "standardDSv5Family"),
        ("Standard_E8ads_v5", "standardEADSv5Family"),
    ],
)
def test_an_azure_size_counts_in_its_family_and_in_the_regions_total(instance_type, family):
    assert [each.code for each in machine_quotas("azure", instance_type, "onDemand")] == [family, "cores"]
    assert [each.code for each in machine_quotas("azure", instance_type, "spot")] == ["lowPriorityCores"]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("market", ["onDemand", "spot"])
def test_every_machine_has_a_quota_that_can_be_counted(provider, market):
    for name in machines(provider):
        rules = machine_quotas(provider, name, market)
        assert rules, name
        machine = REAL.machine(provider, name)
        counted = [rule for rule in rules if not (rule.unit == "GPU" and not machine.accelerator_count)]
        assert all(amount(rule, machine, 2) > 0 for rule in counted), name


@pytest.mark.parametrize("market", ["onDemand", "spot"])
def test_every_tpu_host_has_a_quota_in_chips(market):
    assert len(tpu_hosts()) > 5
    assert all(machine_quota("gcp", name, market).unit == "chip" for name in tpu_hosts())


# p5.48xlarge: 192 vCPUs; a2-highgpu-4g: four GPUs.
def test_an_amount_is_what_each_node_uses_times_the_nodes():
    assert amount(machine_quota("aws", "p5.48xlarge", "onDemand"), REAL.machine("aws", "p5.48xlarge"), 2) == 384
    assert amount(machine_quota("gcp", "a2-highgpu-4g", "onDemand"), REAL.machine("gcp", "a2-highgpu-4g"), 3) == 12
    assert amount(machine_quota("aws", "p5.48xlarge", "onDemand"), REAL.machine("aws", "p5.48xlarge"), 0) == 0


def test_an_amount_of_a_machine_with_an_unknown_shape_is_an_error():
    with pytest.raises(ValueError, match="gpu-nvidia-tesla-t4: the vCPU count"):
        amount(machine_quota("gcp", "n1-standard-4", "onDemand"), REAL.machine("gcp", "gpu-nvidia-tesla-t4"), 1)


# AWS documentation: 5 vCPUs of standard machines, none of the others; 5 VPCs, 5 addresses, 100 clusters, 30 node groups in each.
def test_a_new_account_has_few_machines_and_networks():
    assert machine_quota("aws", "m5.large", "onDemand").default_limit == 5
    assert machine_quota("aws", "g5.xlarge", "onDemand").default_limit == machine_quota("aws", "p5.48xlarge", "spot").default_limit == 0
    limits = {each.name: each.default_limit for each in network_quotas("aws")}
    assert (limits["VPCs per Region"], limits["EC2-VPC Elastic IPs"], limits["NAT gateways per Availability Zone"]) == (5, 5, 5)
    assert (limits["Clusters"], limits["Managed node groups per cluster"]) == (100, 30)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_has_quotas_on_networks(provider):
    assert len(network_quotas(provider)) >= 4
    assert all(each.unit == "count" and each.default_limit for each in network_quotas(provider))


def test_what_is_unknown_has_no_quota():
    assert machine_quota("aws", "q9.large", "onDemand") is None
    assert machine_quotas("nobody", "m5.large", "spot") == network_quotas("nobody") == ()


def test_every_rule_is_dated_sourced_and_says_how_to_ask_for_more():
    with (DATA / "quotas.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({(row["provider"], row["market"], row["machines"], row["code"]) for row in rows}) == len(rows)
    tools = {"aws": "aws", "gcp": "gcloud", "azure": "az"}
    for row in rows:
        assert row["as_of"], row
        assert row["source"], row
        assert shlex.split(row["request"])[0] == tools[row["provider"]] or row["request"].startswith("open a support request"), row
        assert "VALUE" in row["request"], row
