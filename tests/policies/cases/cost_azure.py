"""What Azure bills for nothing."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

AKS = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
MACHINE = "azure-native:compute:VirtualMachine"
SCALE_SET = "azure-native:compute:VirtualMachineScaleSet"
DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
COMPUTE = "azure-native:machinelearningservices:Compute"
WORKSPACE = "azure-native:machinelearningservices:Workspace"
LOGS = "azure-native:operationalinsights:Workspace"
INSIGHTS = "azure-native:applicationinsights:Component"
ACCOUNT = "azure-native:storage:StorageAccount"
DISK = "azure-native:compute:Disk"
PLAN = "azure-native:web:AppServicePlan"
WARM = ("ElasticPremium", "Isolated", "IsolatedV2", "Premium", "PremiumV2", "PremiumV3")
AMAZON = made("aws:ec2/instance:Instance")
# Microsoft Learn: NC6 (K80) was retired in 2023, NCs v3 (V100) in 2025; Dv2 and Fs are announced; these are sold.
NEW = (
    "Standard_D8s_v5",
    "Standard_NC24ads_A100_v4",
    "Standard_NC4as_T4_v3",
    "Standard_F8s_v2",
    "Standard_ND96isr_H100_v5",
    "Standard_L8s_v3",
)
OLD = (
    *("Standard_NC6", "Standard_NC12", "Standard_NC24", "Standard_NC24r", "Standard_NC6_Promo", "Standard_NC6s_v2", "Standard_NC6s_v3"),
    *("Standard_ND6s", "Standard_ND24s", "Standard_ND40rs_v2", "Standard_NV6", "Standard_NV12", "Standard_NV24", "Standard_NV12s_v3"),
    *("Standard_NV4as_v4", "Standard_A4_v2", "Standard_D4", "Standard_D14", "Standard_DS4", "Standard_DS14", "Standard_D4_v2"),
    *("Standard_D14_v2", "Standard_DS4_v2", "Standard_DS14_v2", "Standard_F4", "Standard_F16", "Standard_F4s", "Standard_F16s"),
    *("Standard_G4", "Standard_GS4", "Standard_L8s", "Standard_L16s", "Standard_L8s_v2"),
)


def pool(size: object, name: str = "pool") -> Resource:
    return made(POOL, {"vmSize": size}, name)


def staged(kind: str, stage: str, **properties: Any) -> Resource:
    return made(kind, {"tags": {"stage": stage}, **properties}, f"a-{stage}")


def bounded(stage: str, mode: object = "AllowOnlyApprovedOutbound", **network: object) -> Resource:
    return staged(WORKSPACE, stage, managedNetwork={"isolationMode": mode, **network})


CASES = {
    "DD-COST-201": Case(
        violating=(
            *(pool(size, size) for size in OLD),
            made(AKS, {"agentPoolProfiles": [{"vmSize": "Standard_D8s_v5"}, {"vmSize": "Standard_DS3_v2"}]}),
            made(MACHINE, {"hardwareProfile": {"vmSize": "Standard_F4s"}}),
            made(SCALE_SET, {"sku": {"name": "Standard_L8s_v2"}}),
            made(DEPLOYMENT, {"properties": {"instanceType": "Standard_NC12s_v3"}}),
            made(COMPUTE, {"properties": {"properties": {"vmSize": "Standard_NV12"}}}),
        ),
        at=(
            "hardwareProfile.vmSize",
            "sku.name",
            *["vmSize"] * len(OLD),
            "agentPoolProfiles.1.vmSize",
            "properties.properties.vmSize",
            "properties.instanceType",
        ),
        passing=tuple(pool(size, size) for size in NEW),
        unknown=(pool(UNKNOWN),),
        elsewhere=(AMAZON, made(COMPUTE, {"properties": {"computeType": "Kubernetes"}})),
    ),
    "DD-COST-202": Case(
        violating=(pool("Standard_D8s_v5"),),
        at=("vmSize",),
        passing=(pool("Standard_D8ps_v6"), pool("Standard_NC24ads_A100_v4", "gpu")),
        unknown=(pool(UNKNOWN),),
        elsewhere=(AMAZON, pool("Standard_X1")),
    ),
    "DD-COST-203": Case(
        violating=(made(LOGS, {"retentionInDays": 366}), made(INSIGHTS, {"retentionInDays": 730})),
        at=("retentionInDays", "retentionInDays"),
        passing=(made(LOGS, {"retentionInDays": 365}), made(INSIGHTS)),
        unknown=(made(LOGS, {"retentionInDays": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-COST-204": Case(
        violating=(staged(LOGS, "dev"), staged(LOGS, "staging", workspaceCapping={"dailyQuotaGb": -1})),
        at=("workspaceCapping.dailyQuotaGb",) * 2,
        passing=(
            staged(LOGS, "dev", workspaceCapping={"dailyQuotaGb": 0.5}),
            staged(LOGS, "staging", workspaceCapping={"dailyQuotaGb": 0}),
        ),
        unknown=(staged(LOGS, "dev", workspaceCapping={"dailyQuotaGb": UNKNOWN}),),
        elsewhere=(AMAZON, staged(LOGS, "prod")),
    ),
    "DD-COST-205": Case(
        violating=(bounded("dev"), bounded("staging", firewallSku="Standard")),
        at=("managedNetwork.firewallSku",) * 2,
        passing=(bounded("dev", firewallSku="Basic"),),
        unknown=(bounded("dev", firewallSku=UNKNOWN),),
        elsewhere=(AMAZON, bounded("prod"), bounded("dev", "AllowInternetOutbound")),
    ),
    "DD-COST-206": Case(
        violating=(staged(AKS, "dev", sku={"tier": "Standard"}),),
        at=("sku.tier",),
        passing=(staged(AKS, "dev"),),
        unknown=(staged(AKS, "dev", sku={"tier": UNKNOWN}),),
        elsewhere=(
            AMAZON,
            staged(AKS, "prod", sku={"tier": "Standard"}),
            staged(AKS, "dev", sku={"name": "Automatic", "tier": "Standard"}),
        ),
    ),
    "DD-COST-207": Case(
        violating=(*(made(ACCOUNT, {"tags": {"stage": "dev"}, "sku": {"name": sku}}, sku) for sku in ("Standard_GZRS", "Standard_RAGRS")),),
        at=("sku.name",) * 2,
        passing=(staged(ACCOUNT, "dev", sku={"name": "Standard_ZRS"}),),
        unknown=(staged(ACCOUNT, "dev", sku={"name": UNKNOWN}),),
        elsewhere=(AMAZON, staged(ACCOUNT, "prod", sku={"name": "Standard_GRS"})),
    ),
    "DD-COST-208": Case(
        violating=(made(DISK, {"sku": {"name": "Premium_LRS"}}),),
        at=("sku.name",),
        passing=(made(DISK, {"sku": {"name": "PremiumV2_LRS"}}), made(DISK, {"sku": {"name": "StandardSSD_LRS"}}, "standard")),
        unknown=(made(DISK, {"sku": {"name": UNKNOWN}}),),
        elsewhere=(AMAZON, made(DISK, {"sku": {"name": "Premium_LRS"}, "osType": "Linux"})),
    ),
    "DD-COST-209": Case(
        violating=tuple(made(PLAN, {"tags": {"stage": "dev"}, "sku": {"tier": tier}}, tier) for tier in WARM),
        at=("sku.tier",) * len(WARM),
        passing=(staged(PLAN, "dev", sku={"tier": "FlexConsumption"}),),
        unknown=(staged(PLAN, "dev", sku={"tier": UNKNOWN}),),
        elsewhere=(AMAZON, staged(PLAN, "prod", sku={"tier": "PremiumV3"})),
    ),
}
