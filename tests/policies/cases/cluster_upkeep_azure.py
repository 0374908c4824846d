"""How Azure Kubernetes Service control planes are watched, upgraded and supported."""

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


def cluster(name: str = "ml", **properties: Any) -> Resource:
    return made(AKS, properties, name)


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
            cluster("once"),
            made("azure-native:insights:DataCollectionRuleAssociation", {}, resourceUri=cluster("once")),
        ),
        unknown=(BARE, made(RELEASE, {"chart": UNKNOWN})),
        elsewhere=(AMAZON, BARE, made(RELEASE, {"chart": "oci://a.example/Kube-Prometheus-Stack"})),
    ),
    "DD-CLUSTER-210 by another chart": Case(
        violating=(BARE,),
        passing=(BARE, made("kubernetes:helm.sh/v4:Chart", {"chart": "opentelemetry-collector"})),
        unknown=(BARE, made("kubernetes:helm.sh/v4:Chart", {"chart": UNKNOWN})),
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
    "DD-CLUSTER-216": Case(
        violating=(stage("bare", "prod"), stage("free", "prod", tier="Free")),
        at=("sku.tier", "sku.tier"),
        passing=(stage("paid", "prod", tier="Standard"), stage("long", "prod", tier="Premium"), AUTOMATIC),
        unknown=(stage("later", "prod", tier=UNKNOWN),),
        elsewhere=(AMAZON, stage("dev", "dev", tier="Free")),
    ),
    # AKS release calendar: 1.31 ended on 2025-11-01, with long-term support on 2026-11-30, 1.32 on 2026-03-31; 1.21 is long gone.
    "DD-CLUSTER-217": Case(
        violating=(cluster(kubernetesVersion="1.31.4"), cluster("ancient", kubernetesVersion="1.21")),
        at=("kubernetesVersion", "kubernetesVersion"),
        passing=(cluster(kubernetesVersion="1.32"), BARE, cluster("long", kubernetesVersion="1.31", supportPlan="AKSLongTermSupport")),
        unknown=(cluster(kubernetesVersion=UNKNOWN),),
        elsewhere=(AMAZON, cluster(kubernetesVersion="1.99")),
        parameters={"asOf": "2026-03-31"},
    ),
    # 1.29, the oldest that is listed, had 31 March 2025 as its last day.
    "DD-CLUSTER-217 oldest": Case(
        violating=(cluster(kubernetesVersion="1.28"),),
        at=("kubernetesVersion",),
        passing=(cluster(kubernetesVersion="1.29"),),
        unknown=(cluster(kubernetesVersion=UNKNOWN),),
        elsewhere=(AMAZON,),
        parameters={"asOf": "2025-03-31"},
    ),
    "DD-CLUSTER-217 today": Case(
        violating=(cluster(kubernetesVersion="1.31"),),
        at=("kubernetesVersion",),
        passing=(cluster(kubernetesVersion="1.99"),),
        unknown=(cluster(kubernetesVersion=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-218": Case(
        violating=(cluster(kubernetesVersion="1.32.1", supportPlan="AKSLongTermSupport"),),
        at=("supportPlan",),
        passing=(
            cluster("old", kubernetesVersion="1.31", supportPlan="AKSLongTermSupport"),
            cluster(kubernetesVersion="1.32", supportPlan="KubernetesOfficial"),
            cluster("new", kubernetesVersion="1.99", supportPlan="AKSLongTermSupport"),
        ),
        unknown=(cluster(kubernetesVersion="1.32", supportPlan=UNKNOWN),),
        elsewhere=(AMAZON, BARE),
        parameters={"asOf": "2026-03-31"},
    ),
    "DD-CLUSTER-223": Case(
        violating=(BARE,),
        at=("securityProfile.imageCleaner.enabled",),
        passing=(security(imageCleaner={"enabled": True}), AUTOMATIC),
        unknown=(security(imageCleaner={"enabled": UNKNOWN}),),
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
