from decimal import Decimal
from typing import Any

import pytest

from costs.azure.machine import has_premium_storage, size_name
from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import Machine, estimated, line, prices, resource, usd

VM = "azure-native:compute:VirtualMachine"
SET = "azure-native:compute:VirtualMachineScaleSet"
A100 = "Standard_NC24ads_A100_v4"
# USD an hour on demand, Linux, East US, 2026-06-18; managed disks East US, 2026.
MACHINES: tuple[Machine, ...] = (
    ("azure", "eastus", A100, "3.673", None),
    ("azure", "eastus", "Standard_D4s_v5", "0.192", None),
    ("azure", "eastus", "Standard_D4as_v5", "0.172", None),
)
LIST = prices(
    ("azure", "managed-disk", "premium-ssd-p4-lrs", "eastus", "disk-month", "5.28"),
    ("azure", "managed-disk", "premium-ssd-p10-lrs", "eastus", "disk-month", "19.71"),
    ("azure", "managed-disk", "premium-ssd-p30-lrs", "eastus", "disk-month", "135.17"),
    ("azure", "managed-disk", "standard-hdd-s4-lrs", "eastus", "disk-month", "1.54"),
    machines=MACHINES,
)
OS_DISK = {"managedDisk": {"storageAccountType": "Premium_LRS"}, "diskSizeGB": 128, "osType": "Linux"}


def vm(**properties: Any) -> Estimate:
    return estimated(LIST, resource(VM, properties={"location": "eastus", **properties}))


def scale_set(*others: Resource, **properties: Any) -> Estimate:
    profile: dict[str, Any] = {"storageProfile": {"osDisk": {"diffDiskSettings": {"option": "Local"}}}}
    profile |= properties.pop("virtualMachineProfile", {})
    it = resource(SET, properties={"location": "eastus", "virtualMachineProfile": profile, **properties})
    return estimated(LIST, it, *others)


def autoscale(*capacities: tuple[Any, Any, Any], enabled: bool = True) -> Resource:
    profiles = [{"capacity": {"minimum": low, "default": start, "maximum": high}} for low, start, high in capacities]
    properties = {"location": "eastus", "enabled": enabled, "profiles": profiles}
    return resource(
        "azure-native:monitor:AutoscaleSetting", "scale", properties, refers={"targetResourceUri": f"urn:pulumi:test::shop::{SET}::it"}
    )


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ("Standard_NC24ads_A100_v4", "Standard_NC24ads_A100_v4"),
        ("STANDARD_NC24ADS_A100_V4", "Standard_NC24ads_A100_v4"),
        ("standard_d4s_v5", "Standard_D4s_v5"),
        ("Standard_E32-8s_v5", "Standard_E32-8s_v5"),
        ("standard_f4s_v2", "Standard_F4s_v2"),
        ("Standard_DS3_v2", "Standard_DS3_v2"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_size_is_the_same_in_any_case(given: str, listed: str) -> None:
    assert size_name(given) == listed


def test_an_s_among_the_features_means_premium_storage() -> None:
    assert has_premium_storage("Standard_D4s_v5")
    assert has_premium_storage("Standard_NC24ads_A100_v4")
    assert has_premium_storage("Standard_DS3_v2")
    assert not has_premium_storage("Standard_D4_v5")
    assert not has_premium_storage("Standard_D4d_v5")


def test_a_machine_costs_its_hours_and_its_disks() -> None:
    data = [{"lun": 0, "createOption": "Empty", "diskSizeGB": 1024, "managedDisk": {"storageAccountType": "Premium_LRS"}}]
    found = vm(hardwareProfile={"vmSize": A100}, storageProfile={"osDisk": OS_DISK, "dataDisks": data})
    # 730 h × 3.673; P10 19.71; P30 135.17
    assert usd(found, "machine") == (Decimal("2681.2900"),) * 3
    assert usd(found, "OS disk") == (Decimal("19.7100"),) * 3
    assert usd(found, "data disk 0") == (Decimal("135.1700"),) * 3
    used = line(found, "machine").machine
    assert used
    assert used.offer.machine.instance_type == A100


def test_an_attached_or_ephemeral_disk_is_not_paid_with_the_machine() -> None:
    attached = [{"createOption": "Attach", "managedDisk": {"id": "/disks/one"}}]
    storage = {"osDisk": {"diffDiskSettings": {"option": "Local"}}, "dataDisks": attached}
    found = vm(hardwareProfile={"vmSize": A100}, storageProfile=storage)
    assert [each.driver for each in found.lines] == [f"machine ({A100})"]
    assert not found.unpriced


def test_an_os_disk_without_a_type_is_a_band_of_hdd_and_premium_and_as_large_as_the_image() -> None:
    found = vm(hardwareProfile={"vmSize": "Standard_D4s_v5"})
    # a Linux image has 30 GiB: S4 1.54 … P4 5.28
    assert usd(found, "OS disk") == (Decimal("1.5400"), Decimal("5.2800"), Decimal("5.2800"))


def test_a_spot_machine_is_never_priced_as_surely_pay_as_you_go() -> None:
    found = vm(hardwareProfile={"vmSize": A100}, priority="Spot", storageProfile={"osDisk": OS_DISK})
    # no spot price is on record: 10 % … 100 % … 100 % of 730 h × 3.673
    assert usd(found, "machine") == (Decimal("268.1290"), Decimal("2681.2900"), Decimal("2681.2900"))
    used = line(found, "machine").machine
    assert used
    assert used.spot


@pytest.mark.parametrize(("licence", "unpriced"), [("", ["Windows licence"]), ("Windows_Server", [])])
def test_a_windows_licence_is_named_unless_it_is_the_customers_own(licence: str, unpriced: list[str]) -> None:
    disk = {**OS_DISK, "osType": "Windows"}
    found = vm(hardwareProfile={"vmSize": "Standard_D4s_v5"}, storageProfile={"osDisk": disk}, licenseType=licence)
    assert [each.driver for each in found.unpriced] == unpriced


def test_a_size_that_is_not_known_or_not_listed_is_unpriced() -> None:
    assert "before `up`" in vm(hardwareProfile=UNKNOWN, storageProfile={"osDisk": OS_DISK}).unpriced[0].reason
    assert "Standard_X1_v9" in vm(hardwareProfile={"vmSize": "Standard_X1_v9"}, storageProfile={"osDisk": OS_DISK}).unpriced[0].reason


def test_a_scale_set_costs_its_capacity_unless_a_setting_scales_it() -> None:
    sku = {"name": "Standard_D4s_v5", "capacity": 3}
    # 3 × 730 h × 0.192
    assert usd(scale_set(sku=sku), "machines") == (Decimal("420.4800"),) * 3
    # 1 … 2 … 10 × 730 h × 0.192; the limits are text in Azure
    scaled = usd(scale_set(autoscale(("1", "2", "10")), sku=sku), "machines")
    assert scaled == (Decimal("140.1600"), Decimal("280.3200"), Decimal("1401.6000"))


def test_of_several_profiles_the_lowest_minimum_and_the_highest_maximum_count() -> None:
    found = scale_set(autoscale(("2", "2", "4"), ("0", "0", "1"), ("3", "3", "20")), sku={"name": "Standard_D4s_v5", "capacity": 2})
    # 0 … 2 … 20 × 730 h × 0.192
    assert usd(found, "machines") == (Decimal("0.0000"), Decimal("280.3200"), Decimal("2803.2000"))


def test_an_autoscale_setting_that_is_not_enabled_has_no_effect() -> None:
    found = scale_set(autoscale(("1", "2", "10"), enabled=False), sku={"name": "Standard_D4s_v5", "capacity": 3})
    assert usd(found, "machines") == (Decimal("420.4800"),) * 3


def test_a_limit_that_is_not_known_is_named() -> None:
    found = scale_set(autoscale((UNKNOWN, "2", "10")), sku={"name": "Standard_D4s_v5", "capacity": 3})
    assert "autoscaled capacity" in [each.driver for each in found.unpriced]


def test_of_several_sizes_a_band_is_taken_never_the_cheapest_alone() -> None:
    mix = {"vmSizes": [{"name": "Standard_D4s_v5"}, {"name": "Standard_D4as_v5"}]}
    found = scale_set(sku={"name": "Mix", "capacity": 2}, skuProfile=mix)
    # 2 × 730 h × 0.172 … 0.192 … 0.192
    assert usd(found, "machines") == (Decimal("251.1200"), Decimal("280.3200"), Decimal("280.3200"))


def test_a_mix_of_priorities_pays_its_base_and_share_on_demand() -> None:
    mix = {"baseRegularPriorityCount": 2, "regularPriorityPercentageAboveBase": 25}
    found = scale_set(sku={"name": "Standard_D4s_v5", "capacity": 10}, virtualMachineProfile={"priority": "Spot"}, priorityMixPolicy=mix)
    # 10 machines: 2 + 25 % of 8 = 4 regular × 730 × 0.192; 6 as spot, 10 % … 100 %
    assert usd(found, "regular machines") == (Decimal("560.6400"),) * 3
    assert usd(found, "machines") == (Decimal("84.0960"), Decimal("840.9600"), Decimal("840.9600"))


def test_pools_in_a_reservation_are_paid_with_it_each_place_once() -> None:
    group = resource("azure-native:compute:CapacityReservationGroup", "group")
    sku = {"name": A100, "capacity": 3}
    held = resource(
        "azure-native:compute:CapacityReservation",
        "r",
        {"location": "eastus", "sku": sku},
        refers={"capacityReservationGroupName": group.urn},
    )

    def pool(name: str, count: int, size: str = A100) -> Resource:
        told = {"location": "eastus", "vmSize": size, "count": count, "osDiskType": "Ephemeral"}
        kind = "azure-native:containerservice:AgentPool"
        return resource(kind, name, told, refers={"capacityReservationGroupID": group.urn})

    found = estimated(LIST, group, held, pool("a", 2), pool("b", 2))
    nodes = {each.urn.rpartition("::")[2]: each.usd.expected for each in found.lines if each.driver.startswith("nodes")}
    # 3 places: both of a and one of b; the other of b: 730 h × 3.673. The reservation itself: 3 × 730 × 3.673
    assert nodes == {"a": Decimal(0), "b": Decimal("2681.290")}
    assert usd(found, "reserved") == (Decimal("8043.8700"),) * 3


def test_reserved_capacity_is_paid_whether_it_is_used_or_not_and_once() -> None:
    group = resource("azure-native:compute:CapacityReservationGroup", "group")
    sku = {"name": A100, "capacity": 3}
    reserved = resource(
        "azure-native:compute:CapacityReservation",
        "r",
        {"location": "eastus", "sku": sku},
        refers={"capacityReservationGroupName": group.urn},
    )
    # 3 × 730 h × 3.673
    assert usd(estimated(LIST, group, reserved), "reserved") == (Decimal("8043.8700"),) * 3
    inside = resource(
        VM, "inside", {"location": "eastus", "hardwareProfile": {"vmSize": A100.lower()}}, refers={"capacityReservation": group.urn}
    )
    # one of them runs a machine of the program, which has its own line: 2 × 730 h × 3.673
    assert usd(estimated(LIST, group, reserved, inside), "reserved") == (Decimal("5362.5800"),) * 3
