"""Azure OpenAI and other AI services, their deployments of models, and AI Search."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

ACCOUNT = "azure-native:cognitiveservices:Account"
DEPLOYMENT = "azure-native:cognitiveservices:Deployment"
SEARCH = "azure-native:search:Service"
AMAZON = made("aws:bedrock/agentAgent:AgentAgent")
BARE = made(ACCOUNT, {}, "bare")
BARE_SEARCH = made(SEARCH, {}, "bare-search")
CLOSED = made(ACCOUNT, {"properties": {"publicNetworkAccess": "Disabled"}}, "closed")
CLOSED_SEARCH = made(SEARCH, {"publicNetworkAccess": "Disabled"}, "closed-search")


def account(name: str = "it", **properties: Any) -> Resource:
    return made(ACCOUNT, {"properties": properties}, name)


def outside(name: str = "it", **properties: Any) -> Resource:
    return made(ACCOUNT, properties, name)


def search(name: str = "it", **properties: Any) -> Resource:
    return made(SEARCH, properties, name)


def model(name: str, stage: str = "prod", sku: object = "Standard", version: object = "2024-11-20", option: object = None) -> Resource:
    inside = {"model": {"name": "gpt-4o", "version": version}, "versionUpgradeOption": option}
    return made(DEPLOYMENT, {"properties": inside, "sku": {"name": sku}, "tags": {"stage": stage}}, name)


def logged(name: str, **log: object) -> tuple[Resource, Resource]:
    of = account(name)
    return of, made("azure-native:monitor:DiagnosticSetting", {"logs": [log]}, f"{name}-logs", resourceUri=of)


def ruled(*addresses: object) -> Resource:
    return search(networkRuleSet={"ipRules": [{"value": address} for address in addresses]})


def replicas(name: str, stage: str, count: object) -> Resource:
    return search(name, replicaCount=count, tags={"stage": stage})


OPTION, EXPIRED = "properties.versionUpgradeOption", "OnceCurrentVersionExpired"

CASES = {
    "DD-ML-241": Case(
        violating=(BARE, account(disableLocalAuth=False)),
        at=("properties.disableLocalAuth", "properties.disableLocalAuth"),
        passing=(account(disableLocalAuth=True),),
        unknown=(account(disableLocalAuth=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-242": Case(
        violating=(account(disableLocalAuth=True),),
        at=("properties.customSubDomainName",),
        passing=(account(disableLocalAuth=True, customSubDomainName=UNKNOWN),),
        unknown=(account(disableLocalAuth=UNKNOWN),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-ML-243": Case(
        violating=(BARE, account(publicNetworkAccess="Enabled")),
        at=("properties.publicNetworkAccess", "properties.publicNetworkAccess"),
        passing=(CLOSED,),
        unknown=(account(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-244": Case(
        violating=(BARE, account(networkAcls={"defaultAction": "Allow"})),
        at=("properties.networkAcls.defaultAction", "properties.networkAcls.defaultAction"),
        passing=(account(networkAcls={"defaultAction": "Deny"}),),
        unknown=(account(networkAcls=UNKNOWN),),
        elsewhere=(AMAZON, CLOSED),
    ),
    "DD-ML-245": Case(
        violating=(CLOSED,),
        passing=(CLOSED, made("azure-native:network:PrivateEndpoint", {}, privateLinkServiceConnections=CLOSED)),
        unknown=(account(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-ML-246": Case(
        violating=(BARE, outside(identity={"type": "None"})),
        at=("identity.type", "identity.type"),
        passing=(outside(identity={"type": "SystemAssigned"}),),
        unknown=(outside(identity={"type": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-247": Case(
        violating=(BARE,),
        at=("properties.restrictOutboundNetworkAccess",),
        passing=(account(restrictOutboundNetworkAccess=True, allowedFqdnList=["a.example"]),),
        unknown=(account(restrictOutboundNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-248": Case(
        violating=(BARE, account(encryption={"keySource": "Microsoft.CognitiveServices"})),
        at=("properties.encryption.keySource", "properties.encryption.keySource"),
        passing=(account(encryption={"keySource": "Microsoft.KeyVault"}),),
        unknown=(account(encryption=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-249": Case(
        violating=(BARE, *logged("off", category="Audit", enabled=False)),
        at=("", ""),
        passing=(*logged("on", category="RequestResponse", enabled=True), *logged("group", categoryGroup="audit", enabled=True)),
        unknown=logged("later", category="Audit", enabled=UNKNOWN),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-250": Case(
        violating=(
            model("newest"),
            model("stops", option="NoAutoUpgrade"),
            model("unnamed", option=EXPIRED, version=None),
        ),
        at=(OPTION, OPTION, "properties.model.version"),
        passing=(model("fixed", option=EXPIRED),),
        unknown=(model("later", option=UNKNOWN),),
        elsewhere=(AMAZON, model("dev", "dev")),
    ),
    "DD-ML-251": Case(
        violating=tuple(model(sku, "dev", sku) for sku in ("DataZoneProvisionedManaged", "GlobalProvisionedManaged", "ProvisionedManaged")),
        at=("sku.name",) * 3,
        passing=(model("tokens", "dev"), model("batch", "dev", "GlobalBatch")),
        unknown=(model("later", "dev", UNKNOWN),),
        elsewhere=(AMAZON, model("prod", "prod", "ProvisionedManaged")),
    ),
    "DD-ML-252": Case(
        violating=(outside(kind="TextAnalytics", sku={"name": "F0"}, tags={"stage": "prod"}),),
        at=("sku.name",),
        passing=(outside(kind="TextAnalytics", sku={"name": "S"}, tags={"stage": "prod"}),),
        unknown=(outside(sku={"name": UNKNOWN}, tags={"stage": "prod"}),),
        elsewhere=(AMAZON, outside(kind="TextAnalytics", sku={"name": "F0"}, tags={"stage": "dev"})),
    ),
    "DD-ML-261": Case(
        violating=(BARE_SEARCH,),
        at=("disableLocalAuth",),
        passing=(search(disableLocalAuth=True),),
        unknown=(search(disableLocalAuth=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-262": Case(
        violating=(BARE_SEARCH, search(publicNetworkAccess="enabled")),
        at=("publicNetworkAccess", "publicNetworkAccess"),
        passing=(CLOSED_SEARCH, search(publicNetworkAccess="disabled"), search("perimeter", publicNetworkAccess="securedByPerimeter")),
        unknown=(search(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-ML-263": Case(
        violating=(BARE_SEARCH, ruled("192.0.2.1", "0.0.0.0/0")),
        at=("networkRuleSet.ipRules", "networkRuleSet.ipRules.1.value"),
        passing=(ruled("192.0.2.1", "198.51.100.0/24"),),
        unknown=(ruled(UNKNOWN),),
        elsewhere=(AMAZON, CLOSED_SEARCH),
    ),
    "DD-ML-264": Case(
        violating=(BARE_SEARCH,),
        at=("identity.type",),
        passing=(search(identity={"type": "UserAssigned"}),),
        unknown=(search(identity=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    # Microsoft Learn, "Reliability in Azure AI Search": two replicas for the SLA of queries, three for that of indexing.
    "DD-ML-265": Case(
        violating=(search("silent", tags={"stage": "prod"}), replicas("one", "prod", 1)),
        at=("replicaCount", "replicaCount"),
        words=("is 1", "is 1"),
        passing=(replicas("two", "prod", 2),),
        unknown=(replicas("later", "prod", UNKNOWN),),
        elsewhere=(AMAZON, replicas("dev", "dev", 1)),
    ),
    "DD-ML-266": Case(
        violating=(replicas("two", "prod", 2), search("silent", tags={"stage": "prod"})),
        at=("replicaCount", "replicaCount"),
        words=("is 1", "is 2"),
        passing=(replicas("three", "prod", 3),),
        unknown=(replicas("later", "prod", UNKNOWN),),
        elsewhere=(AMAZON, replicas("dev", "dev", 1)),
    ),
    "DD-ML-267": Case(
        violating=(BARE_SEARCH, search(encryptionWithCmk={"enforcement": "Disabled"})),
        at=("encryptionWithCmk.enforcement", "encryptionWithCmk.enforcement"),
        passing=(search(encryptionWithCmk={"enforcement": "Enabled"}),),
        unknown=(search(encryptionWithCmk=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
}
