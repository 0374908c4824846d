"""TPU VMs: the chips of a slice."""

from decimal import Decimal

import pytest

from costs.gcp.tpu import Chips, node_chips, slice_nodes, topology_chips, type_chips
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource, usd

D = Decimal
R = "us-central1"
VM = "gcp:tpu/v2Vm:V2Vm"
# TPU list prices us-central1 (SkyPilot catalogue).
LIST = prices(
    machines=[
        ("gcp", R, "tpu-v5e-chip", "1.2", "0.24493"),
        ("gcp", R, "tpu-v5p-chip", "4.2", "0.835701"),
        ("gcp", R, "tpu-v6e-chip", "2.7", None),
    ]
)


def vm(**properties: object) -> Resource:
    return resource(VM, properties={"zone": f"{R}-a", **properties})


def test_a_slice_is_paid_by_its_chips() -> None:
    assert usd(estimated(LIST, vm(acceleratorType="v5litepod-16")), "TPU chips") == (D("14016.0000"),) * 3  # 16 × 730 × 1.20
    # v5p counts TensorCores, two a chip: v5p-8 has 4 chips × 730 × 4.20
    assert usd(estimated(LIST, vm(acceleratorType="v5p-8")), "TPU chips") == (D("12264.0000"),) * 3


def test_a_topology_says_the_same() -> None:
    config = {"type": "V6E", "topology": "2x4"}
    assert usd(estimated(LIST, vm(acceleratorConfig=config)), "TPU chips") == (D("15768.0000"),) * 3  # 8 × 730 × 2.70


def test_spot_chips_fall_back_to_on_demand_in_the_worst_case() -> None:
    found = estimated(LIST, vm(acceleratorType="v5litepod-4", schedulingConfig={"spot": True}))
    # 4 × 730 × 0.24493 … × (0.9 × 0.24493 + 0.1 × 1.2) … × 1.2
    assert usd(found, "TPU chips") == (D("715.1956"), D("994.0760"), D("3504.0000"))


def test_a_queued_resource_is_paid_for_each_of_its_nodes() -> None:
    nodes = [{"parent": "p", "node": {"runtimeVersion": "r", "acceleratorType": "v5litepod-4"}}] * 2
    queued = resource("gcp:tpu/v2QueuedResource:V2QueuedResource", properties={"zone": f"{R}-a", "tpu": {"nodeSpecs": nodes}})
    assert sum(each.usd.expected for each in estimated(LIST, queued).lines) == 2 * 4 * 730 * D("1.2")


@pytest.mark.parametrize("accelerator", [UNKNOWN, "v99-8", "nonsense", ""])
def test_what_is_not_understood_or_has_no_price_is_named(accelerator: object) -> None:
    found = estimated(LIST, vm(acceleratorType=accelerator))
    assert not found.lines
    assert found.unpriced


@pytest.mark.parametrize(
    ("name", "chips"),
    [("v5litepod-256", Chips("v5e", 256)), ("v4-32", Chips("v4", 16)), ("v3-8", Chips("v3", 4)), ("v6e-8", Chips("v6e", 8)), ("x", None)],
)
def test_accelerator_types_count_chips_or_cores(name: str, chips: Chips | None) -> None:
    assert type_chips(name) == chips


@pytest.mark.parametrize(
    ("machine", "chips"),
    [
        ("ct5lp-hightpu-8t", Chips("v5e", 8)),
        ("ct5p-hightpu-4t", Chips("v5p", 4)),
        ("ct4p-hightpu-4t", Chips("v4", 4)),
        ("n1-standard-4", None),
    ],
)
def test_nodes_of_gke_have_as_many_chips_as_their_name_says(machine: str, chips: Chips | None) -> None:
    assert node_chips(machine) == chips


def test_a_topology_is_a_product() -> None:
    assert (topology_chips("4x4"), topology_chips("2x2x2"), topology_chips("big")) == (16, 8, None)
    assert slice_nodes("2x4", Chips("v5e", 8)) == 1
    assert slice_nodes("4x8", Chips("v5e", 4)) == 8
