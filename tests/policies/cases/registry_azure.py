"""Azure container registries, their replications and webhooks."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

REGISTRY = "azure-native:containerregistry:Registry"
WEBHOOK = "azure-native:containerregistry:Webhook"
PRICING = "azure-native:security:Pricing"
AMAZON = made("aws:ecr/repository:Repository")
BARE = made(REGISTRY, {}, "bare")
CLOSED = made(REGISTRY, {"publicNetworkAccess": "Disabled"}, "closed")
LATER = made(REGISTRY, {"publicNetworkAccess": UNKNOWN}, "later")


def registry(name: str = "it", **properties: Any) -> Resource:
    return made(REGISTRY, properties, name)


def governed(**policies: object) -> Resource:
    return registry(policies=policies)


def walled(action: object, *addresses: object, **properties: Any) -> Resource:
    return registry(networkRuleSet={"defaultAction": action, "ipRules": [{"iPAddressOrRange": each} for each in addresses]}, **properties)


def defended(name: object, tier: object) -> Resource:
    return made(PRICING, {"pricingName": name, "pricingTier": tier})


CASES = {
    "DD-REGISTRY-201": Case(
        violating=(registry(adminUserEnabled=True),),
        at=("adminUserEnabled",),
        passing=(BARE, registry(adminUserEnabled=False)),
        unknown=(registry(adminUserEnabled=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-202": Case(
        violating=(registry(anonymousPullEnabled=True),),
        at=("anonymousPullEnabled",),
        passing=(BARE,),
        unknown=(registry(anonymousPullEnabled=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-203": Case(
        violating=(BARE, registry(publicNetworkAccess="Enabled")),
        at=("publicNetworkAccess", "publicNetworkAccess"),
        passing=(CLOSED,),
        unknown=(LATER,),
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-204": Case(
        violating=(walled("Allow", "192.0.2.0/24", "0.0.0.0/1"),),
        at=("networkRuleSet.defaultAction", "networkRuleSet.ipRules.1.iPAddressOrRange"),
        passing=(walled("Deny", "192.0.2.0/24"),),
        unknown=(walled("Deny", UNKNOWN),),
        elsewhere=(AMAZON, BARE, walled("Allow", publicNetworkAccess="Disabled")),
    ),
    "DD-REGISTRY-205": Case(
        violating=(CLOSED,),
        passing=(CLOSED, made("azure-native:network:PrivateEndpoint", {}, privateLinkServiceConnections=CLOSED)),
        unknown=(LATER,),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-REGISTRY-206": Case(
        violating=(BARE, governed(retentionPolicy={"status": "disabled", "days": 7})),
        at=("policies.retentionPolicy.status", "policies.retentionPolicy.status"),
        passing=(governed(retentionPolicy={"status": "Enabled", "days": 7}),),
        unknown=(governed(retentionPolicy={"status": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-207": Case(
        violating=(registry(zoneRedundancy="Disabled", tags={"stage": "prod"}),),
        at=("zoneRedundancy",),
        passing=(registry(zoneRedundancy="Enabled", tags={"stage": "prod"}), registry("silent", tags={"stage": "prod"})),
        unknown=(registry(zoneRedundancy=UNKNOWN, tags={"stage": "prod"}),),
        elsewhere=(AMAZON, registry(zoneRedundancy="Disabled", tags={"stage": "dev"})),
    ),
    "DD-REGISTRY-208": Case(
        violating=(BARE,),
        passing=(BARE, made("azure-native:containerregistry:Replication", {"location": UNKNOWN}, registryName=BARE)),
        unknown=None,
        why_known="it looks at which resources there are, not at what they say",
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-209": Case(
        violating=(BARE, registry(encryption={"status": "disabled"})),
        at=("encryption.status", "encryption.status"),
        passing=(registry(encryption={"status": "Enabled", "keyVaultProperties": UNKNOWN}),),
        unknown=(registry(encryption=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-210": Case(
        violating=(CLOSED,),
        at=("policies.exportPolicy.status",),
        passing=(registry(publicNetworkAccess="Disabled", policies={"exportPolicy": {"status": "Disabled"}}),),
        unknown=(registry(publicNetworkAccess="Disabled", policies={"exportPolicy": {"status": UNKNOWN}}),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-REGISTRY-211": Case(
        violating=(BARE,),
        at=("policies.quarantinePolicy.status",),
        passing=(governed(quarantinePolicy={"status": "Enabled"}),),
        unknown=(governed(quarantinePolicy=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-212": Case(
        violating=(
            BARE,
            defended("VirtualMachines", "Standard"),
            made(PRICING, {"pricingName": "Containers", "pricingTier": "Free"}, "free"),
        ),
        passing=(
            BARE,
            defended("ContainerRegistry", "Standard"),
            made(PRICING, {"pricingName": "Containers", "pricingTier": "Free"}, "free"),
        ),
        unknown=(BARE, defended("Containers", UNKNOWN)),
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-213": Case(
        violating=(registry(sku={"name": "Premium"}),),
        at=("dataEndpointEnabled",),
        passing=(registry(sku={"name": "Premium"}, dataEndpointEnabled=True),),
        unknown=(registry(sku={"name": "Premium"}, dataEndpointEnabled=UNKNOWN),),
        elsewhere=(AMAZON, registry(sku={"name": "Standard"})),
    ),
    "DD-REGISTRY-214": Case(
        violating=(made(WEBHOOK, {"serviceUri": "HTTP://a.example/hook"}),),
        at=("serviceUri",),
        passing=(made(WEBHOOK, {"serviceUri": "https://a.example/hook"}),),
        unknown=(made(WEBHOOK, {"serviceUri": UNKNOWN}),),
        elsewhere=(AMAZON, BARE),
    ),
}
