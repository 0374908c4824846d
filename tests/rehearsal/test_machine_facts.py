"""What the rehearsal knows of machines and quotas, copied out of the catalogue."""

from __future__ import annotations

import pytest

from rehearsal.capacity.demand import Node
from rehearsal.capacity.machines import machine
from rehearsal.capacity.quotas import quotas_of
from tools import machine_facts


def test_the_copies_are_those_of_todays_catalogue() -> None:
    mend = "run `python tools/machine_facts.py`"
    machines, quotas = machine_facts.FACTS / "machines.csv", machine_facts.FACTS / "quotas.csv"
    assert machines.read_text() == machine_facts.table(machine_facts.MACHINES, machine_facts.machines()), mend
    assert quotas.read_text() == machine_facts.table(machine_facts.QUOTAS, machine_facts.quotas()), mend


# From the clouds' machine pages.
@pytest.mark.parametrize(
    ("cloud", "name", "vcpus", "accelerator", "count"),
    [
        ("aws", "g6.xlarge", 4, "L4", 1),
        ("aws", "p5.48xlarge", 192, "H100", 8),
        ("gcp", "g2-standard-96", 96, "L4", 8),
        ("gcp", "ct5lp-hightpu-4t", 112, "TPU v5e", 4),
        ("azure", "Standard_NC4as_T4_v3", 4, "T4", 1),
        ("azure", "Standard_D2s_v5", 2, "", 0),
    ],
)
def test_a_machine_has_its_vcpus_and_accelerators(cloud: str, name: str, vcpus: int, accelerator: str, count: int) -> None:
    found = machine(cloud, name)
    assert (found.vcpus, found.accelerator, found.accelerators) == (vcpus, accelerator, count)


# From the pages on quotas: EC2 instance type quotas, Compute Engine allocation quotas, Azure vCPU quotas.
@pytest.mark.parametrize(
    ("node", "quotas"),
    [
        (Node("aws", "eu-west-1", "eu-west-1a", "g6.xlarge", "onDemand"), {"Running On-Demand G and VT instances"}),
        (Node("aws", "eu-west-1", "eu-west-1a", "gr6.4xlarge", "spot"), {"All G and VT Spot Instance Requests"}),
        (Node("aws", "eu-west-1", "eu-west-1a", "g6.xlarge", "onDemand", reservation="cr-1"), set[str]()),
        (Node("aws", "eu-west-1", "eu-west-1a", "p5.48xlarge", "block"), set[str]()),
        (Node("gcp", "europe-west4", "europe-west4-a", "g2-standard-4", "onDemand"), {"NVIDIA_L4_GPUS", "GPUS_ALL_REGIONS"}),
        (Node("gcp", "europe-west4", "europe-west4-a", "g2-standard-4", "flexStart"), {"PREEMPTIBLE_NVIDIA_L4_GPUS", "GPUS_ALL_REGIONS"}),
        (
            Node("gcp", "europe-west4", "europe-west4-a", "n1-standard-4", "onDemand", "nvidia-tesla-t4", 1),
            {"CPUS", "NVIDIA_T4_GPUS", "GPUS_ALL_REGIONS"},
        ),
        (Node("azure", "westeurope", "", "Standard_NC4as_T4_v3", "onDemand"), {"Standard NCASv3_T4 Family", "cores"}),
        (Node("azure", "westeurope", "", "Standard_NC4as_T4_v3", "spot"), {"lowPriorityCores"}),
    ],
)
def test_a_node_counts_against_the_quotas_of_its_family_and_market(node: Node, quotas: set[str]) -> None:
    assert {quota.name for quota in quotas_of(node)} == quotas
