"""Google Kubernetes Engine control planes: who reaches them and as whom, what they keep, and how long they are supported."""

import re
from collections.abc import Iterator
from datetime import date

from catalogue.kubernetes_versions import kubernetes_versions
from costs.resource import Missing
from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
CLUSTER = "gcp:container/cluster:Cluster"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
_WORLD = ("0.0.0.0/0", "::/0")
_ZONE = re.compile(r"[a-z]+-[a-z]+\d+-[a-z]")
_NO_CHANNEL = ("", "UNSPECIFIED")


@CHECKS.add(
    "DD-CLUSTER-101",
    "Nodes have no public addresses",
    CLUSTER,
    severity="high",
    rationale="What has no public address cannot be tried from the internet, whatever its firewall says.",
    fix="set privateClusterConfig.enablePrivateNodes to true and send traffic out through Cloud NAT",
    equivalents=("CKV_GCP_64", "GCP-0059", "gcp_gke_private_cluster"),
)
def private_nodes(view: View) -> Iterator[Problem]:
    """enablePrivateNodes, which is off where it is left out (GKE API, PrivateClusterConfig)."""
    if not view.flag("privateClusterConfig.enablePrivateNodes"):
        yield Problem(path="privateClusterConfig.enablePrivateNodes", what="is off")


@CHECKS.add(
    "DD-CLUSTER-102",
    "The API is not reachable from the internet",
    CLUSTER,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A leaked credential or a hole in the API server is then one request from anybody.",
    fix="set privateClusterConfig.enablePrivateEndpoint to true and leave controlPlaneEndpointsConfig.dnsEndpointConfig off",
    key="cluster.privateApi",
    equivalents=("CKV_GCP_25", "GCP-0053", "gcp_gke_enable_private_endpoint"),
)
def api_not_public(view: View) -> Iterator[Problem]:
    """Its public address, unless addresses are off altogether, and its public name, which is off where it is left out (GKE API)."""
    by_address = view.flag("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled", default=True)
    if by_address and not view.flag("privateClusterConfig.enablePrivateEndpoint"):
        yield Problem(path="privateClusterConfig.enablePrivateEndpoint", what="is off")
    path = "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic"
    if view.flag(path):
        yield Problem(path=path, what="is on")


@CHECKS.add(
    "DD-CLUSTER-103",
    "A public API lets only named networks in",
    CLUSTER,
    severity="critical",
    rationale="Open to the world, the API server is found and tried within hours.",
    fix="name your networks in masterAuthorizedNetworksConfig.cidrBlocks and set gcpPublicCidrsAccessEnabled to false",
    key="cluster.authorizedRanges",
    equivalents=("CKV_GCP_20", "CKV_GCP_18", "GCP-0061", "GCP-0053", "gcp_gke_master_authorized_networks_enabled"),
)
def api_names_networks(view: View) -> Iterator[Problem]:
    """cidrBlocks, without which everybody may ask (GKE, "Authorized networks"), and all of Google Cloud's own addresses."""
    if view.flag("privateClusterConfig.enablePrivateEndpoint") or not view.flag(
        "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled", default=True
    ):
        return
    at = "masterAuthorizedNetworksConfig"
    if view.get(at) is None:
        yield Problem(path=at, what="is not set, which lets the whole world in")
    for path, block in view.each(f"{at}.cidrBlocks"):
        if block.text("cidrBlock") in _WORLD:
            yield Problem(path=f"{path}.cidrBlock", what="lets the whole world in")
    if view.flag(f"{at}.gcpPublicCidrsAccessEnabled"):
        yield Problem(path=f"{at}.gcpPublicCidrsAccessEnabled", what="lets every customer of Google Cloud in")


@CHECKS.add(
    "DD-CLUSTER-104",
    "Network policies are enforced",
    CLUSTER,
    severity="high",
    rationale="Without an enforcer policies are accepted and do nothing: every pod reaches every other.",
    fix="set datapathProvider to ADVANCED_DATAPATH, which only a new cluster takes, or networkPolicy.enabled to true",
    equivalents=("CKV_GCP_12", "GCP-0056", "gcp_gke_restrict_pod_traffic"),
)
def enforces_network_policies(view: View) -> Iterator[Problem]:
    """Dataplane V2, which Autopilot has by itself, or the older add-on (GKE, "Control communication using network policies")."""
    if view.flag("enableAutopilot") or view.text("datapathProvider") == "ADVANCED_DATAPATH":
        return
    if not view.flag("networkPolicy.enabled"):
        yield Problem(path="datapathProvider", what="is not ADVANCED_DATAPATH, and no other enforcer is on")


@CHECKS.add(
    "DD-CLUSTER-105",
    "Pods have addresses of the network",
    CLUSTER,
    severity="low",
    rationale="With routes a cluster ends at the network's quota of them, and can be neither private nor reach services privately.",
    fix="set networkingMode to VPC_NATIVE; only a new cluster takes it",
    equivalents=("CKV_GCP_23", "GCP-0049", "gcp_gke_enable_alias_ip_ranges"),
)
def vpc_native(view: View) -> Iterator[Problem]:
    """networkingMode, which is VPC_NATIVE where it is left out (Pulumi registry, gcp.container.Cluster)."""
    if view.text("networkingMode", "VPC_NATIVE") == "ROUTES":
        yield Problem(path="networkingMode", what="is ROUTES")


@CHECKS.add(
    "DD-CLUSTER-106",
    "Traffic within a node is seen by the network",
    CLUSTER,
    severity="low",
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="What two pods of one node say to each other is in no flow log otherwise, and passes no firewall.",
    fix="set enableIntranodeVisibility to true",
    equivalents=("CKV_GCP_61",),
)
def sees_within_nodes(view: View) -> Iterator[Problem]:
    """enableIntranodeVisibility, off where it is left out but on Autopilot (GKE, "Set up intranode visibility")."""
    if not view.flag("enableIntranodeVisibility", default=view.flag("enableAutopilot")):
        yield Problem(path="enableIntranodeVisibility", what="is off")


@CHECKS.add(
    "DD-CLUSTER-107",
    "The nodes' network writes flow logs",
    CLUSTER,
    level="advisory",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="After an attack nobody can say where data went.",
    fix="set logConfig on the subnetwork",
    key="network.flowLogs",
    equivalents=("CKV_GCP_61", "CKV_GCP_26", "GCP-0029", "GCP-0076", "gcp_network_enable_flow_logs"),
)
def writes_flow_logs(view: View) -> Iterator[Problem]:
    """logConfig of the subnetwork, off where it is left out; one that the program does not declare is not looked at (Compute API)."""
    subnet = view.referred("subnetwork", SUBNET)
    if subnet is not None and subnet.get("logConfig") is None:
        yield Problem(path="subnetwork", what=f"is {subnet.resource.name}, which writes no flow logs")


@CHECKS.add(
    "DD-CLUSTER-108",
    "A release channel keeps the version current",
    CLUSTER,
    rationale="Outside a channel versions end when somebody forgets them, and Google upgrades without your windows and exclusions.",
    fix="set releaseChannel.channel to STABLE, REGULAR or RAPID",
    key="cluster.upgradeChannel",
    equivalents=("CKV_GCP_70",),
)
def has_release_channel(view: View) -> Iterator[Problem]:
    """releaseChannel.channel; Autopilot cannot be without (GKE, "About release channels")."""
    if not view.flag("enableAutopilot") and view.text("releaseChannel.channel") in _NO_CHANNEL:
        yield Problem(path="releaseChannel.channel", what="is not set")


@CHECKS.add(
    "DD-CLUSTER-109",
    "The Kubernetes version is in standard support",
    CLUSTER,
    severity="high",
    rationale="Past it GKE charges several times as much for each hour of the cluster in the extended channel, or upgrades it unasked.",
    fix="set minMasterVersion to one in standard support, one minor version at a time",
    key="cluster.version",
    equivalents=("gcp_gke_cluster_version",),
    parameters={"asOf": ""},
)
def version_supported(view: View) -> Iterator[Problem]:
    """minMasterVersion against GKE's calendar in the catalogue, on the day asOf, today where it is empty; left out, the channel decides."""
    version = ".".join(view.text("minMasterVersion").split(".")[:2])
    if not version:
        return
    day, known = str(view.parameters["asOf"]) or date.today().isoformat(), kubernetes_versions("gcp")
    found = next((each for each in known if each.version == version), None)
    if found and found.end_of_standard_support < day:
        yield Problem(path="minMasterVersion", what=f"is {version}, whose standard support ended on {found.end_of_standard_support}")
    elif _minor(version) < min(_minor(each.version) for each in known):
        yield Problem(path="minMasterVersion", what=f"is {version}, which GKE no longer supports")


@CHECKS.add(
    "DD-CLUSTER-110",
    "Nodes prove who they are",
    CLUSTER,
    severity="high",
    rationale="Without shielded nodes a credential that leaks from one node can be used to pose as another.",
    fix="leave enableShieldedNodes out, or set it to true",
    equivalents=("CKV_GCP_71", "GCP-0055", "gcp_gke_enable_shielded_nodes"),
)
def shielded_nodes(view: View) -> Iterator[Problem]:
    """enableShieldedNodes, which is on where it is left out (Pulumi registry, gcp.container.Cluster)."""
    if not view.flag("enableShieldedNodes", default=True):
        yield Problem(path="enableShieldedNodes", what="is off")


@CHECKS.add(
    "DD-CLUSTER-111",
    "Pods have identities of their own",
    CLUSTER,
    severity="high",
    rationale="Without them every pod that calls Google does so as its node, and may do what all of them may.",
    fix="set workloadIdentityConfig.workloadPool to PROJECT.svc.id.goog",
    equivalents=("CKV_GCP_69", "GCP-0057", "gcp_gke_enable_workload_identity"),
)
def pods_have_identities(view: View) -> Iterator[Problem]:
    """workloadIdentityConfig.workloadPool, without which Workload Identity is off but on Autopilot (GKE API, WorkloadIdentityConfig)."""
    if not view.flag("enableAutopilot") and not view.present("workloadIdentityConfig.workloadPool"):
        yield Problem(path="workloadIdentityConfig.workloadPool", what="is not set")


@CHECKS.add(
    "DD-CLUSTER-112",
    "Only images that were vouched for run",
    CLUSTER,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="Whoever may start a pod may start any image there is.",
    fix="set binaryAuthorization.evaluationMode to PROJECT_SINGLETON_POLICY_ENFORCE",
    equivalents=("CKV_GCP_66", "gcp_gke_enable_binauthz"),
)
def authorises_images(view: View) -> Iterator[Problem]:
    """Binary Authorization, off where it is left out; `enabled` is the older switch (GKE API, BinaryAuthorization)."""
    if view.text("binaryAuthorization.evaluationMode", "DISABLED") == "DISABLED" and not view.flag("binaryAuthorization.enabled"):
        yield Problem(path="binaryAuthorization.evaluationMode", what="lets any image run")


@CHECKS.add(
    "DD-CLUSTER-113",
    "Rights are given by RBAC alone",
    CLUSTER,
    severity="high",
    rationale="The legacy authoriser gives every service account in the cluster all rights in it.",
    fix="leave enableLegacyAbac out",
    equivalents=("CKV_GCP_7", "GCP-0062", "gcp_gke_legacy_abac"),
)
def no_legacy_abac(view: View) -> Iterator[Problem]:
    """enableLegacyAbac, which is off where it is left out (Pulumi registry, gcp.container.Cluster)."""
    if view.flag("enableLegacyAbac"):
        yield Problem(path="enableLegacyAbac", what="is on")


@CHECKS.add(
    "DD-CLUSTER-114",
    "No password or client certificate opens the API",
    CLUSTER,
    severity="high",
    rationale="Neither can be taken back without replacing the cluster's credentials, and neither says who used it.",
    fix="leave masterAuth out",
    equivalents=("CKV_GCP_13", "CKV_GCP_19", "GCP-0064", "gcp_gke_restrict_client_auth_methods"),
)
def no_legacy_login(view: View) -> Iterator[Problem]:
    """issueClientCertificate, off where it is left out, and the password of earlier versions of the provider (GKE, hardening guide)."""
    if view.flag("masterAuth.clientCertificateConfig.issueClientCertificate"):
        yield Problem(path="masterAuth.clientCertificateConfig.issueClientCertificate", what="is on")
    # Whether there is one says enough: its value is a secret.
    if view.present("masterAuth.password"):
        yield Problem(path="masterAuth.password", what="is set")


@CHECKS.add(
    "DD-CLUSTER-115",
    "People's rights follow their groups",
    CLUSTER,
    severity="low",
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="Rights that are given to single people stay when they change teams.",
    fix="set authenticatorGroupsConfig.securityGroup to gke-security-groups@YOUR-DOMAIN",
    key="cluster.ownerGroup",
    equivalents=("CKV_GCP_65",),
)
def follows_groups(view: View) -> Iterator[Problem]:
    """authenticatorGroupsConfig.securityGroup (GKE, "Configure Google Groups for RBAC")."""
    if not view.present("authenticatorGroupsConfig.securityGroup"):
        yield Problem(path="authenticatorGroupsConfig.securityGroup", what="is not set")


@CHECKS.add(
    "DD-CLUSTER-116",
    "No alpha features are on",
    CLUSTER,
    severity="high",
    rationale="An alpha cluster is never upgraded, has no agreed availability, and is deleted after thirty days.",
    fix="leave enableKubernetesAlpha out",
    equivalents=("CKV2_GCP_19", "gcp_gke_disable_alpha"),
)
def no_alpha(view: View) -> Iterator[Problem]:
    """enableKubernetesAlpha, which is off where it is left out (GKE, "Alpha clusters")."""
    if view.flag("enableKubernetesAlpha"):
        yield Problem(path="enableKubernetesAlpha", what="is on")


@CHECKS.add(
    "DD-CLUSTER-117",
    "The cluster writes logs",
    CLUSTER,
    severity="high",
    rationale="Without them nobody can say why a node or a controller did what it did.",
    fix="set loggingConfig.enableComponents to SYSTEM_COMPONENTS and what else is to be kept",
    key="cluster.auditLogs",
    equivalents=("CKV_GCP_1", "GCP-0060", "gcp_gke_enable_stackdriver_logging"),
)
def writes_logs(view: View) -> Iterator[Problem]:
    """Logs of the system's components, which are written where nothing is said (Pulumi registry, gcp.container.Cluster)."""
    yield from _kept(view, "logging")


@CHECKS.add(
    "DD-CLUSTER-118",
    "The cluster is watched",
    CLUSTER,
    rationale="Without metrics of its components nobody is told that nodes or the control plane are in trouble.",
    fix="set monitoringConfig.enableComponents to SYSTEM_COMPONENTS and what else is to be watched",
    equivalents=("CKV_GCP_8", "GCP-0052", "gcp_gke_enable_stackdriver_monitoring"),
)
def is_watched(view: View) -> Iterator[Problem]:
    """Metrics of the system's components, which are kept where nothing is said (Pulumi registry, gcp.container.Cluster)."""
    yield from _kept(view, "monitoring")


@CHECKS.add(
    "DD-CLUSTER-119",
    "A cluster is labelled",
    CLUSTER,
    severity="low",
    level="advisory",
    rationale="Without labels the bill has one line for it that nobody answers for.",
    fix="set resourceLabels",
    key="labels",
    equivalents=("CKV_GCP_21", "GCP-0051"),
)
def is_labelled(view: View) -> Iterator[Problem]:
    """Whether any label stands there, its own or the provider's for all resources; Pulumi's own mark (goog-pulumi-provisioned) is none."""
    effective = view.resource.get("effectiveLabels")
    given = isinstance(effective, Missing) or any(not name.startswith("goog-") for name in view.resource.fields("effectiveLabels"))
    if not view.present("resourceLabels") and not given:
        yield Problem(path="resourceLabels", what="are none")


@CHECKS.add(
    "DD-CLUSTER-120",
    "The pool that a cluster is born with is gone",
    CLUSTER,
    level="advisory",
    rationale="Its nodes have GKE's defaults, and whatever is changed of them replaces the whole cluster.",
    fix="set removeDefaultNodePool to true and add NodePools",
)
def default_pool_removed(view: View) -> Iterator[Problem]:
    """removeDefaultNodePool, off where it is left out; Autopilot and clusters with pools of their own have no such pool."""
    if not view.flag("enableAutopilot") and not view.items("nodePools") and not view.flag("removeDefaultNodePool"):
        yield Problem(path="removeDefaultNodePool", what="is off")


@CHECKS.add(
    "DD-CLUSTER-121",
    "Node pools stand beside the cluster, not in it",
    CLUSTER,
    level="advisory",
    rationale="To take a pool away that stands in the cluster replaces the cluster.",
    fix="move each of nodePools to a NodePool of its own",
    equivalents=("CKV_GCP_123",),
)
def pools_beside(view: View) -> Iterator[Problem]:
    """nodePools in the cluster itself (Pulumi registry, gcp.container.Cluster)."""
    if view.items("nodePools"):
        yield Problem(path="nodePools", what="stand in the cluster")


@CHECKS.add(
    "DD-CLUSTER-122",
    "Secrets are encrypted with a key of one's own",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With Google's own key nobody can watch who decrypts the cluster's secrets, nor take the key away.",
    fix="set databaseEncryption.state to ENCRYPTED and keyName",
    key="cluster.encryption.customerKey",
)
def encrypts_secrets(view: View) -> Iterator[Problem]:
    """databaseEncryption, off where it is left out (GKE, "Encrypt secrets at the application layer")."""
    if view.text("databaseEncryption.state") not in ("ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED"):
        yield Problem(path="databaseEncryption.state", what="is not ENCRYPTED")
    elif not view.present("databaseEncryption.keyName"):
        yield Problem(path="databaseEncryption.keyName", what="is not set")


@CHECKS.add(
    "DD-CLUSTER-123",
    "A control plane in production is in more than one zone",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A zone that is down, or an upgrade, takes the API with it: nothing scales, nothing heals.",
    fix="set location to a region; only a new cluster takes it",
)
def regional(view: View) -> Iterator[Problem]:
    """In production, whether location is a zone (GKE, "About cluster configuration choices")."""
    if view.stage == "prod" and _ZONE.fullmatch(view.text("location")):
        yield Problem(path="location", what=f"is {view.text('location')}, one zone")


def _kept(view: View, what: str) -> Iterator[Problem]:
    config, service = f"{what}Config", f"{what}Service"
    if view.text(service) == "none":
        yield Problem(path=service, what="is none")
    elif view.get(f"{config}.enableComponents") is not None:
        named = [component.text("") for _, component in view.each(f"{config}.enableComponents")]
        if "SYSTEM_COMPONENTS" not in named:
            yield Problem(path=f"{config}.enableComponents", what="lacks SYSTEM_COMPONENTS")


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
