"""Azure Kubernetes Service control planes."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

AKS = "azure-native:containerservice:ManagedCluster"
AMAZON = made("aws:eks/cluster:Cluster")
BARE = made(AKS, {}, "bare")
# AKS Automatic: Azure sets these itself.
AUTOMATIC = made(AKS, {"sku": {"name": "Automatic"}}, "automatic")
PRIVATE = made(AKS, {"apiServerAccessProfile": {"enablePrivateCluster": True}}, "private")


def cluster(name: str = "ml", **properties: Any) -> Resource:
    return made(AKS, properties, name)


def api(**profile: object) -> Resource:
    return cluster(apiServerAccessProfile=profile)


def network(**profile: object) -> Resource:
    return cluster(networkProfile=profile)


def security(name: str = "ml", **profile: object) -> Resource:
    return cluster(name, securityProfile=profile)


def added(add_on: str, **profile: object) -> Resource:
    return cluster(add_on, addonProfiles={add_on: profile})


CASES = {
    "DD-CLUSTER-201": Case(
        violating=(BARE, cluster(enableRBAC=False)),
        at=("enableRBAC", "enableRBAC"),
        passing=(cluster(enableRBAC=True), AUTOMATIC),
        unknown=(cluster(enableRBAC=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-202": Case(
        violating=(BARE,),
        at=("disableLocalAccounts",),
        passing=(cluster(disableLocalAccounts=True), AUTOMATIC),
        unknown=(cluster(disableLocalAccounts=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-203": Case(
        violating=(BARE, cluster(aadProfile={"managed": False})),
        at=("aadProfile.managed", "aadProfile.managed"),
        passing=(cluster(aadProfile={"managed": True}), AUTOMATIC),
        unknown=(cluster(aadProfile={"managed": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-204": Case(
        violating=(BARE,),
        at=("apiServerAccessProfile.enablePrivateCluster",),
        passing=(PRIVATE, cluster(publicNetworkAccess="Disabled")),
        unknown=(api(enablePrivateCluster=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-205": Case(
        violating=(
            BARE,
            api(authorizedIPRanges=["192.0.2.0/24", "0.0.0.0/0"]),
            cluster("halves", apiServerAccessProfile={"authorizedIPRanges": ["128.0.0.0/1"]}),
        ),
        at=("apiServerAccessProfile.authorizedIPRanges",) * 3,
        passing=(api(authorizedIPRanges=["192.0.2.0/24", "198.51.100.7"]),),
        unknown=(api(authorizedIPRanges=["192.0.2.0/24", UNKNOWN]),),
        elsewhere=(AMAZON, PRIVATE, cluster(publicNetworkAccess="Disabled")),
    ),
    "DD-CLUSTER-206": Case(
        violating=(BARE, network(networkPolicy="none")),
        at=("networkProfile.networkPolicy", "networkProfile.networkPolicy"),
        passing=(*(cluster(each, networkProfile={"networkPolicy": each}) for each in ("cilium", "calico", "azure")), AUTOMATIC),
        unknown=(network(networkPolicy=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-207": Case(
        violating=(BARE, network(networkPlugin="kubenet")),
        at=("networkProfile.networkPlugin", "networkProfile.networkPlugin"),
        passing=(network(networkPlugin="azure"), AUTOMATIC),
        unknown=(network(networkPlugin=UNKNOWN),),
        elsewhere=(AMAZON, cluster(networkProfile={"networkPlugin": "none"})),
    ),
    "DD-CLUSTER-208": Case(
        violating=(BARE, added("azurepolicy", enabled=False)),
        at=("addonProfiles.azurepolicy", "addonProfiles.azurepolicy"),
        passing=(added("azurepolicy", enabled=True), added("azurePolicy", enabled=True)),
        unknown=(added("azurepolicy", enabled=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-211": Case(
        violating=(BARE,),
        at=("diskEncryptionSetID",),
        passing=(cluster(diskEncryptionSetID=UNKNOWN),),
        unknown=None,
        why_known="a key that is known only later is one",
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-212": Case(
        violating=(BARE, security(azureKeyVaultKms={"enabled": False})),
        at=("securityProfile.azureKeyVaultKms.enabled", "securityProfile.azureKeyVaultKms.enabled"),
        passing=(security(azureKeyVaultKms={"enabled": True, "keyId": UNKNOWN}),),
        unknown=(security(azureKeyVaultKms=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-215": Case(
        violating=(added("azureKeyvaultSecretsProvider", enabled=True),),
        at=("addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation",),
        passing=(added("azureKeyvaultSecretsProvider", enabled=True, config={"enableSecretRotation": "True"}),),
        unknown=(added("azureKeyvaultSecretsProvider", enabled=True, config={"enableSecretRotation": UNKNOWN}),),
        elsewhere=(AMAZON, BARE, added("azureKeyvaultSecretsProvider", enabled=False)),
    ),
    "DD-CLUSTER-219": Case(
        violating=(added("httpApplicationRouting", enabled=True),),
        at=("addonProfiles.httpApplicationRouting",),
        passing=(BARE, added("httpApplicationRouting", enabled=False)),
        unknown=(added("httpApplicationRouting", enabled=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-220": Case(
        violating=(added("kubeDashboard", enabled=True),),
        at=("addonProfiles.kubeDashboard",),
        passing=(BARE, added("kubeDashboard", enabled=False)),
        unknown=(cluster(addonProfiles=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-221": Case(
        violating=(BARE, security(workloadIdentity={"enabled": True})),
        at=("securityProfile.workloadIdentity.enabled", "oidcIssuerProfile.enabled", "oidcIssuerProfile.enabled"),
        passing=(
            cluster(securityProfile={"workloadIdentity": {"enabled": True}}, oidcIssuerProfile={"enabled": True}),
            AUTOMATIC,
        ),
        unknown=(security(workloadIdentity={"enabled": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-222": Case(
        violating=(cluster(podIdentityProfile={"enabled": True}),),
        at=("podIdentityProfile.enabled",),
        passing=(BARE, cluster(podIdentityProfile={"enabled": False})),
        unknown=(cluster(podIdentityProfile={"enabled": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-224": Case(
        violating=(cluster(servicePrincipalProfile={"clientId": "11111111-2222-3333-4444-555555555555"}),),
        at=("servicePrincipalProfile",),
        passing=(
            BARE,
            cluster(servicePrincipalProfile={"clientId": "msi"}),
            cluster("both", servicePrincipalProfile={"clientId": "1"}, identity={"type": "SystemAssigned"}),
        ),
        unknown=(cluster(servicePrincipalProfile={"clientId": "1"}, identity={"type": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-225": Case(
        violating=(PRIVATE,),
        at=("apiServerAccessProfile.disableRunCommand",),
        passing=(api(disableRunCommand=True),),
        unknown=(api(disableRunCommand=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-226": Case(
        violating=(BARE,),
        at=("securityProfile.defender.securityMonitoring.enabled",),
        passing=(security(defender={"securityMonitoring": {"enabled": True}}),),
        unknown=(security(defender=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
}
