"""Google Kubernetes Engine control planes."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

GKE = "gcp:container/cluster:Cluster"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
AMAZON = made("aws:eks/cluster:Cluster")
BARE = made(GKE, {"location": "europe-west4"}, "bare")
AUTOPILOT = made(GKE, {"location": "europe-west4", "enableAutopilot": True}, "autopilot")
LABELLED = made(GKE, {"effectiveLabels": UNKNOWN}, "labelled-later")
SILENT = made(SUBNET, {"ipCidrRange": "10.0.0.0/16"}, "silent")
LOGGING = made(SUBNET, {"logConfig": {"flowSampling": 0.5}}, "logging")


def cluster(**properties: Any) -> Resource:
    return made(GKE, properties, "ml")


def private(**config: object) -> Resource:
    return cluster(privateClusterConfig=config)


def networks(*blocks: object, **config: object) -> Resource:
    return cluster(masterAuthorizedNetworksConfig={"cidrBlocks": [{"cidrBlock": block} for block in blocks], **config})


def secrets(state: object, key: object = "") -> Resource:
    return cluster(databaseEncryption={"state": state, "keyName": key})


def by_name(allowed: object) -> dict[str, Any]:
    return {"dnsEndpointConfig": {"allowExternalTraffic": allowed}}


NO_ADDRESS = {"ipEndpointsConfig": {"enabled": False}}

CASES = {
    "DD-CLUSTER-101": Case(
        violating=(BARE, private(enablePrivateNodes=False)),
        at=("privateClusterConfig.enablePrivateNodes", "privateClusterConfig.enablePrivateNodes"),
        passing=(private(enablePrivateNodes=True),),
        unknown=(private(enablePrivateNodes=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-102": Case(
        violating=(BARE, cluster(privateClusterConfig={"enablePrivateEndpoint": True}, controlPlaneEndpointsConfig=by_name(allowed=True))),
        at=("privateClusterConfig.enablePrivateEndpoint", "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic"),
        passing=(
            cluster(privateClusterConfig={"enablePrivateEndpoint": True}, controlPlaneEndpointsConfig=by_name(allowed=False)),
            made(GKE, {"controlPlaneEndpointsConfig": NO_ADDRESS}, "by-name"),
        ),
        unknown=(private(enablePrivateEndpoint=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-103": Case(
        violating=(BARE, networks("192.0.2.0/24", "0.0.0.0/0", "::/0", gcpPublicCidrsAccessEnabled=True)),
        at=(
            "masterAuthorizedNetworksConfig",
            "masterAuthorizedNetworksConfig.cidrBlocks.1.cidrBlock",
            "masterAuthorizedNetworksConfig.cidrBlocks.2.cidrBlock",
            "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled",
        ),
        passing=(networks("192.0.2.0/24", gcpPublicCidrsAccessEnabled=False), made(GKE, {"masterAuthorizedNetworksConfig": {}}, "nobody")),
        unknown=(networks("192.0.2.0/24", UNKNOWN),),
        elsewhere=(private(enablePrivateEndpoint=True), made(GKE, {"controlPlaneEndpointsConfig": NO_ADDRESS}, "by-name")),
    ),
    "DD-CLUSTER-104": Case(
        violating=(BARE, cluster(datapathProvider="LEGACY_DATAPATH", networkPolicy={"enabled": False})),
        at=("datapathProvider", "datapathProvider"),
        passing=(cluster(datapathProvider="ADVANCED_DATAPATH"), made(GKE, {"networkPolicy": {"enabled": True}}, "calico")),
        unknown=(cluster(datapathProvider=UNKNOWN),),
        elsewhere=(AUTOPILOT, AMAZON),
    ),
    "DD-CLUSTER-105": Case(
        violating=(cluster(networkingMode="ROUTES"),),
        at=("networkingMode",),
        passing=(BARE, cluster(networkingMode="VPC_NATIVE")),
        unknown=(cluster(networkingMode=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-106": Case(
        violating=(
            BARE,
            cluster(enableIntranodeVisibility=False),
            made(GKE, {"enableAutopilot": True, "enableIntranodeVisibility": False}, "off"),
        ),
        at=("enableIntranodeVisibility",) * 3,
        passing=(cluster(enableIntranodeVisibility=True), AUTOPILOT),
        unknown=(cluster(enableIntranodeVisibility=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-107": Case(
        violating=(SILENT, made(GKE, {"subnetwork": UNKNOWN}, subnetwork=SILENT)),
        at=("subnetwork",),
        passing=(LOGGING, made(GKE, {"subnetwork": UNKNOWN}, subnetwork=LOGGING)),
        unknown=(
            made(SUBNET, {"logConfig": UNKNOWN}, "later"),
            made(GKE, {"subnetwork": UNKNOWN}, subnetwork=made(SUBNET, {}, "later")),
        ),
        elsewhere=(SILENT, cluster(subnetwork="default")),
    ),
    "DD-CLUSTER-108": Case(
        violating=(BARE, cluster(releaseChannel={"channel": "UNSPECIFIED"})),
        at=("releaseChannel.channel", "releaseChannel.channel"),
        passing=(cluster(releaseChannel={"channel": "STABLE"}),),
        unknown=(cluster(releaseChannel={"channel": UNKNOWN}),),
        elsewhere=(AUTOPILOT,),
    ),
    # GKE's release schedule: 1.33 ended its standard support on 3 August 2026, 1.34 has 1 October as its last day.
    "DD-CLUSTER-109": Case(
        violating=(cluster(minMasterVersion="1.33.5-gke.1080000"), made(GKE, {"minMasterVersion": "1.20"}, "old")),
        at=("minMasterVersion", "minMasterVersion"),
        passing=(cluster(minMasterVersion="1.34"), made(GKE, {"minMasterVersion": "1.99.1-gke.100"}, "new")),
        unknown=(cluster(minMasterVersion=UNKNOWN),),
        elsewhere=(BARE,),
        parameters={"asOf": "2026-10-01"},
    ),
    # 1.29, the oldest that is listed, had 12 April 2025 as its last day.
    "DD-CLUSTER-109 oldest": Case(
        violating=(cluster(minMasterVersion="1.28"),),
        at=("minMasterVersion",),
        passing=(cluster(minMasterVersion="1.29"),),
        unknown=(cluster(minMasterVersion=UNKNOWN),),
        elsewhere=(BARE,),
        parameters={"asOf": "2025-04-12"},
    ),
    "DD-CLUSTER-109 today": Case(
        violating=(cluster(minMasterVersion="1.33"),),
        at=("minMasterVersion",),
        passing=(cluster(minMasterVersion="1.99"),),
        unknown=(cluster(minMasterVersion=UNKNOWN),),
        elsewhere=(BARE,),
    ),
    "DD-CLUSTER-110": Case(
        violating=(cluster(enableShieldedNodes=False),),
        at=("enableShieldedNodes",),
        passing=(BARE, cluster(enableShieldedNodes=True)),
        unknown=(cluster(enableShieldedNodes=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-111": Case(
        violating=(BARE, cluster(workloadIdentityConfig={})),
        at=("workloadIdentityConfig.workloadPool", "workloadIdentityConfig.workloadPool"),
        passing=(cluster(workloadIdentityConfig={"workloadPool": UNKNOWN}),),
        unknown=(cluster(enableAutopilot=UNKNOWN),),
        elsewhere=(AUTOPILOT,),
    ),
    "DD-CLUSTER-112": Case(
        violating=(BARE, cluster(binaryAuthorization={"evaluationMode": "DISABLED", "enabled": False})),
        at=("binaryAuthorization.evaluationMode", "binaryAuthorization.evaluationMode"),
        passing=(
            cluster(binaryAuthorization={"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}),
            made(GKE, {"binaryAuthorization": {"enabled": True}}, "older"),
        ),
        unknown=(cluster(binaryAuthorization={"evaluationMode": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-113": Case(
        violating=(cluster(enableLegacyAbac=True),),
        at=("enableLegacyAbac",),
        passing=(BARE, cluster(enableLegacyAbac=False)),
        unknown=(cluster(enableLegacyAbac=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-114": Case(
        violating=(cluster(masterAuth={"clientCertificateConfig": {"issueClientCertificate": True}, "password": UNKNOWN}),),
        at=("masterAuth.clientCertificateConfig.issueClientCertificate", "masterAuth.password"),
        passing=(BARE, cluster(masterAuth={"clientCertificateConfig": {"issueClientCertificate": False}, "username": "", "password": ""})),
        unknown=(cluster(masterAuth={"clientCertificateConfig": {"issueClientCertificate": UNKNOWN}}),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-115": Case(
        violating=(BARE,),
        at=("authenticatorGroupsConfig.securityGroup",),
        passing=(cluster(authenticatorGroupsConfig={"securityGroup": UNKNOWN}),),
        unknown=None,
        why_known="that a group is named is enough, whatever its name will be",
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-116": Case(
        violating=(cluster(enableKubernetesAlpha=True),),
        at=("enableKubernetesAlpha",),
        passing=(BARE, cluster(enableKubernetesAlpha=False)),
        unknown=(cluster(enableKubernetesAlpha=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-117": Case(
        violating=(
            cluster(loggingService="none"),
            made(GKE, {"loggingConfig": {"enableComponents": []}}, "none"),
            made(GKE, {"loggingConfig": {"enableComponents": ["WORKLOADS"]}}, "pods"),
        ),
        at=("loggingService", "loggingConfig.enableComponents", "loggingConfig.enableComponents"),
        passing=(BARE, cluster(loggingConfig={"enableComponents": ["SYSTEM_COMPONENTS"]})),
        unknown=(cluster(loggingConfig={"enableComponents": [UNKNOWN]}),),
        elsewhere=(AMAZON, cluster(monitoringService="none")),
    ),
    "DD-CLUSTER-118": Case(
        violating=(cluster(monitoringService="none"), made(GKE, {"monitoringConfig": {"enableComponents": ["POD"]}}, "pods")),
        at=("monitoringService", "monitoringConfig.enableComponents"),
        passing=(BARE, cluster(monitoringConfig={"enableComponents": ["POD", "SYSTEM_COMPONENTS"]})),
        unknown=(cluster(monitoringService=UNKNOWN),),
        elsewhere=(AMAZON, cluster(loggingService="none")),
    ),
    "DD-CLUSTER-119": Case(
        violating=(BARE, cluster(resourceLabels={}), made(GKE, {"effectiveLabels": {"goog-pulumi-provisioned": "true"}}, "marked")),
        at=("resourceLabels", "resourceLabels", "resourceLabels"),
        passing=(cluster(resourceLabels={"owner": "ml"}), made(GKE, {"effectiveLabels": {"owner": "ml"}}, "by-provider"), LABELLED),
        unknown=None,
        why_known="that labels stand there is enough, whatever they will say",
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-120": Case(
        violating=(BARE, cluster(removeDefaultNodePool=False)),
        at=("removeDefaultNodePool", "removeDefaultNodePool"),
        passing=(cluster(removeDefaultNodePool=True),),
        unknown=(cluster(removeDefaultNodePool=UNKNOWN),),
        elsewhere=(AUTOPILOT, cluster(nodePools=[{"name": "gpu"}])),
    ),
    "DD-CLUSTER-121": Case(
        violating=(cluster(nodePools=[{"name": "gpu"}]),),
        at=("nodePools",),
        passing=(BARE, cluster(nodePools=[])),
        unknown=(cluster(nodePools=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-122": Case(
        violating=(BARE, secrets("DECRYPTED"), made(GKE, {"databaseEncryption": {"state": "ENCRYPTED"}}, "no-key")),
        at=("databaseEncryption.state", "databaseEncryption.state", "databaseEncryption.keyName"),
        passing=(
            secrets("ENCRYPTED", UNKNOWN),
            made(GKE, {"databaseEncryption": {"state": "ALL_OBJECTS_ENCRYPTION_ENABLED", "keyName": "k"}}, "all"),
        ),
        unknown=(secrets(UNKNOWN, "k"),),
        elsewhere=(AMAZON,),
    ),
    "DD-CLUSTER-123": Case(
        violating=(cluster(location="europe-west4-a", resourceLabels={"stage": "prod"}),),
        at=("location",),
        passing=(cluster(location="europe-west4", resourceLabels={"stage": "prod"}),),
        unknown=(cluster(location=UNKNOWN, resourceLabels={"stage": "prod"}),),
        elsewhere=(cluster(location="europe-west4-a", resourceLabels={"stage": "dev"}),),
    ),
}
