"""Amazon EKS control planes."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

EKS = "aws:eks/cluster:Cluster"
ALL_LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
GOOGLE = made("gcp:container/cluster:Cluster")
BARE = made(EKS, {"roleArn": "arn:aws:iam::1:role/eks"}, "bare")


def cluster(**properties: Any) -> Resource:
    return made(EKS, properties, "ml")


def logging(*kinds: object) -> Resource:
    return cluster(enabledClusterLogTypes=list(kinds))


def reached(**api: object) -> Resource:
    return cluster(vpcConfig=api)


def secrets(resources: object, key: object) -> Resource:
    return cluster(encryptionConfig={"resources": resources, "provider": {"keyArn": key}})


CASES = {
    "DD-CLUSTER-001": Case(
        violating=(BARE, logging("api", "audit")),
        at=("enabledClusterLogTypes", "enabledClusterLogTypes", "enabledClusterLogTypes"),
        passing=(logging("audit", "authenticator"),),
        unknown=(logging("audit", UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-CLUSTER-002": Case(
        violating=(BARE, logging("audit", "authenticator")),
        at=("enabledClusterLogTypes", "enabledClusterLogTypes"),
        words=("lacks api, audit, authenticator, controllerManager, scheduler", "lacks api, controllerManager, scheduler"),
        passing=(logging(*ALL_LOGS),),
        unknown=(cluster(enabledClusterLogTypes=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-CLUSTER-003": Case(
        violating=(BARE, secrets(["secrets"], ""), made(EKS, {"encryptionConfig": {"provider": {"keyArn": "k"}}}, "nothing")),
        at=("encryptionConfig", "encryptionConfig", "encryptionConfig"),
        passing=(secrets(["secrets"], UNKNOWN),),
        unknown=(secrets(UNKNOWN, "arn:aws:kms:eu-west-1:1:key/k"),),
        elsewhere=(GOOGLE,),
    ),
    "DD-CLUSTER-004": Case(
        violating=(BARE, reached(endpointPublicAccess=True)),
        at=("vpcConfig.endpointPublicAccess", "vpcConfig.endpointPublicAccess"),
        passing=(reached(endpointPublicAccess=False),),
        unknown=(reached(endpointPublicAccess=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-CLUSTER-005": Case(
        violating=(
            BARE,
            reached(publicAccessCidrs=["192.0.2.0/24", "0.0.0.0/0"]),
            made(EKS, {"vpcConfig": {"publicAccessCidrs": ["::/0"]}}, "six"),
        ),
        at=("vpcConfig.publicAccessCidrs",) * 3,
        passing=(reached(publicAccessCidrs=["192.0.2.0/24"]),),
        unknown=(reached(publicAccessCidrs=["192.0.2.0/24", UNKNOWN]),),
        elsewhere=(GOOGLE, reached(endpointPublicAccess=False, publicAccessCidrs=["0.0.0.0/0"])),
    ),
    "DD-CLUSTER-006": Case(
        violating=(BARE,),
        at=("vpcConfig.endpointPrivateAccess",),
        passing=(reached(endpointPrivateAccess=True),),
        unknown=(reached(endpointPrivateAccess=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    # Amazon EKS release calendar: standard support of 1.30 ended on 2025-07-23, of 1.31 on 2025-11-26; 1.21 is long gone.
    "DD-CLUSTER-007": Case(
        violating=(cluster(version="1.30"), made(EKS, {"version": "1.21"}, "ancient")),
        at=("version", "version"),
        passing=(cluster(version="1.31"), BARE),
        unknown=(cluster(version=UNKNOWN),),
        elsewhere=(GOOGLE, cluster(version="1.99")),
        parameters={"asOf": "2025-11-26"},
    ),
    # 1.29, the oldest that is listed, had 23 March 2025 as its last day.
    "DD-CLUSTER-007 oldest": Case(
        violating=(cluster(version="1.28"),),
        at=("version",),
        passing=(cluster(version="1.29"),),
        unknown=(cluster(version=UNKNOWN),),
        elsewhere=(GOOGLE,),
        parameters={"asOf": "2025-03-23"},
    ),
    "DD-CLUSTER-007 today": Case(
        violating=(cluster(version="1.30"),),
        at=("version",),
        passing=(cluster(version="1.99"),),
        unknown=(cluster(version=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-CLUSTER-008": Case(
        violating=(BARE, cluster(upgradePolicy={"supportType": "EXTENDED"})),
        at=("upgradePolicy.supportType", "upgradePolicy.supportType"),
        passing=(cluster(upgradePolicy={"supportType": "STANDARD"}),),
        unknown=(cluster(upgradePolicy={"supportType": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-CLUSTER-009": Case(
        violating=(BARE, made("aws:eks/addon:Addon", {"addonName": "coredns"}, clusterName=BARE)),
        passing=(
            BARE,
            made("aws:eks/addon:Addon", {"addonName": "eks-pod-identity-agent"}, clusterName=BARE),
            made("aws:eks/addon:Addon", {"addonName": "coredns"}, "dns", clusterName=BARE),
            cluster(computeConfig={"enabled": True}),
            made(EKS, {}, "associated"),
            made("aws:eks/podIdentityAssociation:PodIdentityAssociation", {}, clusterName=made(EKS, {}, "associated")),
            made(EKS, {}, "irsa"),
            made("aws:iam/openIdConnectProvider:OpenIdConnectProvider", {"url": UNKNOWN}, url=made(EKS, {}, "irsa")),
        ),
        unknown=(BARE, made("aws:eks/addon:Addon", {"addonName": UNKNOWN}, clusterName=BARE)),
        elsewhere=(GOOGLE,),
    ),
}
