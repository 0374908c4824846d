"""Azure Key Vault's vaults, managed HSMs, keys and secrets."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

VAULT = "azure-native:keyvault:Vault"
HSM = "azure-native:keyvault:ManagedHsm"
KEY = "azure-native:keyvault:Key"
SECRET = "azure-native:keyvault:Secret"
AMAZON = made("aws:kms/key:Key")
BARE = made(VAULT, {}, "bare")
BARE_HSM = made(HSM, {}, "bare-hsm")
CLOSED = made(VAULT, {"properties": {"publicNetworkAccess": "disabled"}}, "closed")


def vault(name: str = "it", **properties: Any) -> Resource:
    return made(VAULT, {"properties": properties}, name)


def key(name: str = "it", **properties: Any) -> Resource:
    return made(KEY, {"properties": properties}, name)


def secret(name: str = "it", **properties: Any) -> Resource:
    return made(SECRET, {"properties": properties}, name)


def allowed(**permissions: object) -> dict[str, Any]:
    return {"objectId": "1", "permissions": permissions}


def walled(name: str, *addresses: str, action: object = "Deny") -> Resource:
    return vault(name, networkAcls={"defaultAction": action, "ipRules": [{"value": each} for each in addresses]})


def acting(name: str, *kinds: object) -> Resource:
    return key(name, rotationPolicy={"lifetimeActions": [{"action": {"type": each}} for each in kinds]})


def logged(name: str, **log: object) -> tuple[Resource, Resource]:
    of = vault(name)
    return of, made("azure-native:monitor:DiagnosticSetting", {"logs": [log]}, f"{name}-logs", resourceUri=of)


CASES = {
    "DD-KEY-201": Case(
        violating=(BARE, BARE_HSM, vault(enablePurgeProtection=False)),
        at=("properties.enablePurgeProtection",) * 3,
        passing=(vault(enablePurgeProtection=True),),
        unknown=(vault(enablePurgeProtection=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-202": Case(
        violating=(vault(enableSoftDelete=False),),
        at=("properties.enableSoftDelete",),
        passing=(BARE, BARE_HSM, vault(enableSoftDelete=True)),
        unknown=(vault(enableSoftDelete=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-203": Case(
        violating=(vault(softDeleteRetentionInDays=29),),
        at=("properties.softDeleteRetentionInDays",),
        passing=(BARE, vault(softDeleteRetentionInDays=30)),
        unknown=(vault(softDeleteRetentionInDays=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-204": Case(
        violating=(BARE,),
        at=("properties.enableRbacAuthorization",),
        passing=(vault(enableRbacAuthorization=True),),
        unknown=(vault(enableRbacAuthorization=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-205": Case(
        violating=(
            vault(
                accessPolicies=[
                    allowed(keys=["get"], secrets=["get", "list"]),
                    allowed(keys=["get"], secrets=["All"], certificates=["all"], storage=["all"]),
                ]
            ),
        ),
        at=tuple(f"properties.accessPolicies.1.permissions.{kind}" for kind in ("secrets", "certificates", "storage")),
        passing=(BARE, vault(accessPolicies=[allowed(keys=["get", "unwrapKey"])])),
        unknown=(vault(accessPolicies=[allowed(keys=["get", UNKNOWN])]),),
        elsewhere=(AMAZON, vault(enableRbacAuthorization=True, accessPolicies=[allowed(keys=["all"])])),
    ),
    "DD-KEY-206": Case(
        violating=(BARE, walled("open", action="Allow")),
        at=("properties.networkAcls.defaultAction",) * 2,
        passing=(walled("closed"),),
        unknown=(vault(networkAcls={"defaultAction": UNKNOWN}),),
        elsewhere=(AMAZON, CLOSED),
    ),
    "DD-KEY-207": Case(
        violating=(BARE, walled("named", "192.0.2.1")),
        at=("properties.publicNetworkAccess",) * 2,
        passing=(CLOSED, walled("services-only")),
        unknown=(vault(publicNetworkAccess=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-208": Case(
        violating=(BARE,),
        passing=(BARE, made("azure-native:network:PrivateEndpoint", {}, privateLinkServiceConnections=BARE)),
        unknown=None,
        why_known="it looks at which resources there are, not at what they say",
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-209": Case(
        violating=(BARE, *logged("other", category="AzurePolicyEvaluationDetails", enabled=True)),
        at=("", ""),
        passing=(*logged("one", category="AuditEvent", enabled=True), *logged("group", categoryGroup="audit", enabled=True)),
        unknown=logged("later", category=UNKNOWN, enabled=True),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-210": Case(
        violating=(key(), acting("notifies", "notify")),
        at=("properties.rotationPolicy.lifetimeActions",) * 2,
        passing=(acting("rotates", "notify", "rotate"), acting("case", "Rotate")),
        unknown=(acting("later", UNKNOWN),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-KEY-211": Case(
        violating=(key(), acting("rotates", "rotate")),
        at=("properties.attributes.expires",) * 2,
        passing=(key(attributes={"expires": UNKNOWN}), key("versions", rotationPolicy={"attributes": {"expiryTime": "P2Y"}})),
        unknown=None,
        why_known="a day that is known only later is one",
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-212": Case(
        violating=(key(attributes={"enabled": False}),),
        at=("properties.attributes.enabled",),
        passing=(key(), key("said", attributes={"enabled": True})),
        unknown=(key(attributes={"enabled": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-213": Case(
        violating=(key(attributes={"exportable": True}),),
        at=("properties.attributes.exportable",),
        passing=(key(), key("confidential", attributes={"exportable": True}, releasePolicy={"data": UNKNOWN})),
        unknown=(key(attributes={"exportable": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-214": Case(
        violating=(key(kty="RSA"), key("bare")),
        at=("properties.kty", "properties.kty"),
        passing=(key(kty="RSA-HSM"),),
        unknown=(key(kty=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-215": Case(
        violating=(key(kty="RSA"), key("hsm", kty="RSA-HSM", keySize=2048)),
        at=("properties.keySize", "properties.keySize"),
        words=("is 2048", "is 2048"),
        passing=(key(kty="RSA", keySize=3072),),
        unknown=(key(kty="RSA", keySize=UNKNOWN),),
        elsewhere=(AMAZON, key(kty="EC")),
    ),
    "DD-KEY-216": Case(
        violating=(secret(value="s"),),
        at=("properties.attributes.expires",),
        passing=(secret(attributes={"expires": UNKNOWN}),),
        unknown=None,
        why_known="a day that is known only later is one",
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-217": Case(
        violating=(secret(value="s"),),
        at=("properties.contentType",),
        passing=(secret(contentType="text/plain"),),
        unknown=None,
        why_known="a type that is known only later is one",
        elsewhere=(AMAZON,),
    ),
    "DD-KEY-218": Case(
        violating=(vault(enabledForDeployment=True, enabledForTemplateDeployment=True),),
        at=("properties.enabledForDeployment", "properties.enabledForTemplateDeployment"),
        passing=(BARE, vault(enabledForDiskEncryption=True)),
        unknown=(vault(enabledForDeployment=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
}
