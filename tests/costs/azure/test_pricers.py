"""What holds for every pricer, whatever a program writes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.catalogue import Catalogue
from costs.azure import FREE, PRICERS
from costs.money import Band
from costs.resource import SECRET, UNKNOWN, Resource
from costs.usage import Usage
from tests.costs.building import estimated, resource, told

LIST = Catalogue.open()
# Words that the pricers look for, with values that they know and values that make no sense.
WORDS = (
    "sku", "name", "tier", "capacity", "properties", "vmSize", "count", "minCount", "maxCount", "enableAutoScaling", "scaleSetPriority",
    "kind", "kty", "keySize", "template", "containers", "scale", "minReplicas", "maxReplicas", "agentPoolProfiles", "hardwareProfile",
    "storageProfile", "osDisk", "dataDisks", "diskSizeGB", "priority", "computeType", "scaleSettings", "maxNodeCount", "model",
    "accessTier", "criteria", "allOf", "dimensions", "values", "logs", "workloadProfiles", "workloadProfileType", "retentionInDays",
    "loadBalancingRules", "networkProfile", "outboundType", "autoscaleConfiguration", "minCapacity", "prefixLength", "resources",
    "requests", "cpu", "memory", "skuProfile", "vmSizes", "priorityMixPolicy", "location", "osDiskType", "kind", "workspaceCapping",
)  # fmt: skip
VALUES = (
    UNKNOWN, SECRET, None, True, False, 0, 1, 3, 128, -1, 2.5, "2", "", "nonsense", "Standard", "Premium", "Basic", "Standard_LRS",
    "Premium_ZRS", "Standard_D4s_v5", "Standard_NC24ads_A100_v4", "Spot", "AmlCompute", "ComputeInstance", "D4", "0.5Gi", "RSA-HSM",
    "Hot", "Cool", "WAF_v2", "GlobalStandard", "Y1", "EP1", "eastus", "westeurope",
)  # fmt: skip
TREES = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)),
    max_leaves=25,
)


def ordered(band: Band) -> bool:
    return 0 <= band.low <= band.expected <= band.high


@settings(max_examples=120, deadline=None)
@given(token=st.sampled_from(sorted(PRICERS)), properties=st.dictionaries(st.sampled_from(WORDS), TREES, max_size=10))
def test_no_properties_break_a_pricer_and_every_line_is_a_band(token: str, properties: dict[str, Any]) -> None:
    found = estimated(LIST, resource(token, properties={"location": "eastus", **properties}))
    assert all(ordered(line.usd) for line in found.lines)
    assert not found.unsupported
    # It is priced, or named, or free: never lost.
    assert bool(found.lines or found.unpriced) != bool(found.free)


TYPICAL: dict[str, dict[str, Any]] = {
    "app:ContainerApp": {"template": {"scale": {"minReplicas": 1, "maxReplicas": 5}}},
    "containerservice:AgentPool": {"vmSize": "Standard_D4s_v5", "enableAutoScaling": True, "minCount": 0, "maxCount": 9},
    "machinelearningservices:OnlineEndpoint": {},
    "network:LoadBalancer": {"sku": {"name": "Standard"}, "loadBalancingRules": [{}]},
    "network:NatGateway": {},
    "operationalinsights:Workspace": {"retentionInDays": 90},
    "servicebus:Namespace": {"sku": {"name": "Standard"}},
    "eventhub:Namespace": {"sku": {"name": "Standard"}, "isAutoInflateEnabled": True, "maximumThroughputUnits": 9},
    "storage:StorageAccount": {"sku": {"name": "Standard_LRS"}},
    "containerregistry:Registry": {"sku": {"name": "Premium"}},
    "keyvault:Vault": {},
}


def usage(level: float) -> Usage:
    names = (
        "storedGib", "writtenGibPerMonth", "readGibPerMonth", "requestsPerSecond", "processedGibPerMonth", "egressGibPerMonth",
        "ingestedGibPerMonth", "operationsPerMonth",
    )  # fmt: skip
    return told(**dict.fromkeys(names, level), requestsPerSecondPerReplica=5, durationMs=200, concurrency=1)


@pytest.mark.parametrize("token", sorted(TYPICAL))
def test_more_use_never_costs_less(token: str) -> None:
    it = resource(f"azure-native:{token}", properties={"location": "eastus", **TYPICAL[token]})
    totals = [estimated(LIST, it, usage=usage(level)).total for level in (0, 0.5, 1, 10, 99, 100, 101, 10_000, 51_200, 60_000)]
    for name in ("low", "expected", "high"):
        levels = [getattr(total, name) for total in totals]
        assert levels == sorted(levels)


def test_a_type_is_either_priced_or_free() -> None:
    assert not FREE & set(PRICERS)


def test_free_types_are_counted_as_free() -> None:
    every: list[Resource] = [resource(kind, kind.rpartition(":")[2]) for kind in sorted(FREE)]
    found = estimated(LIST, *{each.urn: each for each in every}.values())
    assert found.free == len(every)
    assert not found.unsupported
