"""Azure Kubernetes Service control planes."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

AKS = "azure-native:containerservice:ManagedCluster"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"
WINDOW = "azure-native:containerservice:MaintenanceConfiguration"
RELEASE = "kubernetes:helm.sh/v3:Release"
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


def upgrading(name: str, channel: object) -> Resource:
    return cluster(name, autoUpgradeProfile={"upgradeChannel": channel})


def added(add_on: str, **profile: object) -> Resource:
    return cluster(add_on, addonProfiles={add_on: profile})


def logged(name: str, **log: object) -> tuple[Resource, Resource]:
    of = cluster(name)
    return of, made(DIAGNOSTICS, {"logs": [log]}, f"{name}-logs", resourceUri=of)


def stage(name: str, value: str, **sku: object) -> Resource:
    return cluster(name, sku=sku, tags={"stage": value})


WORKING = upgrading("working", "patch")

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
        passing=(network(networkPolicy="cilium"), cluster("calico", networkProfile={"networkPolicy": "calico"}), AUTOMATIC),
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
    "DD-CLUSTER-209": Case(
        violating=(BARE, *logged("other", category="kube-scheduler", enabled=True), *logged("off", category="kube-audit", enabled=False)),
        at=("", "", ""),
        passing=(
            *logged("admin", category="kube-audit-admin", enabled=True),
            *logged("every", category="kube-audit", enabled=True),
            *logged("group", categoryGroup="audit", enabled=True),
            *logged("whole", categoryGroup="allLogs", enabled=True),
        ),
        unknown=logged("later", category="kube-audit", enabled=UNKNOWN),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-210": Case(
        violating=(BARE, made(RELEASE, {"chart": "ingress-nginx"})),
        passing=(
            added("omsagent", enabled=True),
            cluster(azureMonitorProfile={"metrics": {"enabled": True}}),
            cluster("collected"),
            made("azure-native:monitor:DataCollectionRuleAssociation", {}, resourceUri=cluster("collected")),
        ),
        unknown=(BARE, made(RELEASE, {"chart": UNKNOWN})),
        elsewhere=(AMAZON, BARE, made(RELEASE, {"chart": "oci://a.example/kube-prometheus-stack"})),
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
    "DD-CLUSTER-213": Case(
        violating=(BARE, upgrading("none", "none")),
        at=("autoUpgradeProfile.upgradeChannel", "autoUpgradeProfile.upgradeChannel"),
        passing=(upgrading("patch", "patch"), AUTOMATIC),
        unknown=(upgrading("later", UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-214": Case(
        violating=(
            cluster("none", autoUpgradeProfile={"nodeOSUpgradeChannel": "None"}),
            cluster("unmanaged", autoUpgradeProfile={"nodeOSUpgradeChannel": "Unmanaged"}),
        ),
        at=("autoUpgradeProfile.nodeOSUpgradeChannel", "autoUpgradeProfile.nodeOSUpgradeChannel"),
        passing=(BARE, cluster(autoUpgradeProfile={"nodeOSUpgradeChannel": "SecurityPatch"})),
        unknown=(cluster(autoUpgradeProfile={"nodeOSUpgradeChannel": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-215": Case(
        violating=(added("azureKeyvaultSecretsProvider", enabled=True),),
        at=("addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation",),
        passing=(added("azureKeyvaultSecretsProvider", enabled=True, config={"enableSecretRotation": "true"}),),
        unknown=(added("azureKeyvaultSecretsProvider", enabled=True, config={"enableSecretRotation": UNKNOWN}),),
        elsewhere=(AMAZON, BARE, added("azureKeyvaultSecretsProvider", enabled=False)),
    ),
    "DD-CLUSTER-216": Case(
        violating=(stage("bare", "prod"), stage("free", "prod", tier="Free")),
        at=("sku.tier", "sku.tier"),
        passing=(stage("paid", "prod", tier="Standard"), stage("long", "prod", tier="Premium"), AUTOMATIC),
        unknown=(stage("later", "prod", tier=UNKNOWN),),
        elsewhere=(AMAZON, stage("dev", "dev", tier="Free")),
    ),
    # AKS release calendar: support of 1.31 ended on 2025-11-01, with long-term support on 2026-11-30; 1.21 is long gone.
    "DD-CLUSTER-217": Case(
        violating=(cluster(kubernetesVersion="1.31.4"), cluster("ancient", kubernetesVersion="1.21")),
        at=("kubernetesVersion", "kubernetesVersion"),
        passing=(cluster(kubernetesVersion="1.32"), BARE, cluster("long", kubernetesVersion="1.31", supportPlan="AKSLongTermSupport")),
        unknown=(cluster(kubernetesVersion=UNKNOWN),),
        elsewhere=(AMAZON, cluster(kubernetesVersion="1.99")),
        parameters={"asOf": "2026-02-01"},
    ),
    "DD-CLUSTER-218": Case(
        violating=(cluster(kubernetesVersion="1.32.1", supportPlan="AKSLongTermSupport"),),
        at=("supportPlan",),
        passing=(
            cluster("old", kubernetesVersion="1.31", supportPlan="AKSLongTermSupport"),
            cluster(kubernetesVersion="1.32", supportPlan="KubernetesOfficial"),
        ),
        unknown=(cluster(kubernetesVersion="1.32", supportPlan=UNKNOWN),),
        elsewhere=(AMAZON, BARE),
        parameters={"asOf": "2026-02-01"},
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
    "DD-CLUSTER-223": Case(
        violating=(BARE,),
        at=("securityProfile.imageCleaner.enabled",),
        passing=(security(imageCleaner={"enabled": True}), AUTOMATIC),
        unknown=(security(imageCleaner={"enabled": UNKNOWN}),),
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
    "DD-CLUSTER-227": Case(
        violating=(WORKING,),
        passing=(WORKING, made(WINDOW, {"configName": UNKNOWN}, resourceName=WORKING)),
        unknown=(upgrading("later", UNKNOWN),),
        elsewhere=(AMAZON, BARE),
    ),
    "DD-CLUSTER-228": Case(
        violating=(network(loadBalancerSku="Basic"),),
        at=("networkProfile.loadBalancerSku",),
        passing=(BARE, network(loadBalancerSku="standard")),
        unknown=(network(loadBalancerSku=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
}
