"""Amazon EKS control planes: who reaches them, what they keep, and how long they are supported."""

from collections.abc import Iterator
from datetime import date

from catalogue.kubernetes_versions import kubernetes_versions
from policies.check import Checks, Problem
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
CLUSTER = "aws:eks/cluster:Cluster"
_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_IDENTITIES = ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws:eks/podIdentityAssociation:PodIdentityAssociation")
_ADD_ON = "aws:eks/addon:Addon"
_WORLD = ("0.0.0.0/0", "::/0")


@CHECKS.add(
    "DD-CLUSTER-001",
    "The control plane writes its audit logs",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Without them nobody can say who changed what in the cluster, or tried to.",
    fix="name them in enabledClusterLogTypes",
    key="cluster.auditLogs",
    equivalents=("CKV_AWS_37", "AWS-0038", "CIS-EKS-2.1.1", "eks-cluster-logging-enabled"),
    parameters={"logs": ("audit", "authenticator")},
)
def writes_audit_logs(view: View) -> Iterator[Problem]:
    """The logs of the parameter, of which none is on where nothing is said (Amazon EKS User Guide, "Control plane logs")."""
    enabled = [kind.text("") for _, kind in view.each("enabledClusterLogTypes")]
    for kind in view.parameters["logs"]:
        if kind not in enabled:
            yield Problem(path="enabledClusterLogTypes", what=f"lacks {kind}")


@CHECKS.add(
    "DD-CLUSTER-002",
    "The control plane writes all of its logs",
    CLUSTER,
    severity="low",
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="Why the scheduler or a controller did something is in no other place.",
    fix="set enabledClusterLogTypes to api, audit, authenticator, controllerManager and scheduler",
    key="cluster.auditLogs",
    equivalents=("CKV_AWS_37", "AWS-0038", "CIS-EKS-2.1.1"),
)
def writes_every_log(view: View) -> Iterator[Problem]:
    """All five kinds (Amazon EKS API, LogSetup)."""
    enabled = [kind.text("") for _, kind in view.each("enabledClusterLogTypes")]
    missing = [kind for kind in _LOGS if kind not in enabled]
    if missing:
        yield Problem(path="enabledClusterLogTypes", what=f"lacks {', '.join(missing)}")


@CHECKS.add(
    "DD-CLUSTER-003",
    "Secrets are encrypted with a key of one's own",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="With EKS's own key nobody can watch who decrypts the cluster's secrets, nor take the key away.",
    fix="set encryptionConfig with resources secrets and a KMS key; it cannot be taken back",
    key="cluster.encryption.customerKey",
    equivalents=("CKV_AWS_58", "AWS-0039", "CIS-EKS-5.3.1", "eks-secrets-encrypted"),
)
def encrypts_secrets(view: View) -> Iterator[Problem]:
    """encryptionConfig; without it EKS uses a key of its own (Amazon EKS User Guide, "Default envelope encryption")."""
    named = [kind.text("") for _, kind in view.each("encryptionConfig.resources")]
    if "secrets" not in named or not view.present("encryptionConfig.provider.keyArn"):
        yield Problem(path="encryptionConfig", what="names no key for secrets")


@CHECKS.add(
    "DD-CLUSTER-004",
    "The API is not reachable from the internet",
    CLUSTER,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A leaked credential or a hole in the API server is then one request from anybody.",
    fix="set vpcConfig.endpointPublicAccess to false and endpointPrivateAccess to true",
    key="cluster.privateApi",
    equivalents=("CKV_AWS_39", "AWS-0040", "CIS-EKS-5.4.2", "eks-endpoint-no-public-access"),
)
def api_not_public(view: View) -> Iterator[Problem]:
    """endpointPublicAccess, which is on where it is left out (Amazon EKS API, VpcConfigRequest)."""
    if view.flag("vpcConfig.endpointPublicAccess", default=True):
        yield Problem(path="vpcConfig.endpointPublicAccess", what="is on")


@CHECKS.add(
    "DD-CLUSTER-005",
    "A public API lets only named networks in",
    CLUSTER,
    severity="critical",
    rationale="Open to the world, the API server is found and tried within hours.",
    fix="name your networks in vpcConfig.publicAccessCidrs",
    key="cluster.authorizedRanges",
    equivalents=("CKV_AWS_38", "AWS-0041", "CIS-EKS-5.4.1"),
)
def api_names_networks(view: View) -> Iterator[Problem]:
    """publicAccessCidrs, which is 0.0.0.0/0 where it is left out (Amazon EKS API, VpcConfigRequest)."""
    if not view.flag("vpcConfig.endpointPublicAccess", default=True):
        return
    named = [network.text("") for _, network in view.each("vpcConfig.publicAccessCidrs")] or ["0.0.0.0/0"]
    if any(network in _WORLD for network in named):
        yield Problem(path="vpcConfig.publicAccessCidrs", what="lets the whole world in")


@CHECKS.add(
    "DD-CLUSTER-006",
    "Nodes reach the API inside the network",
    CLUSTER,
    rationale="Without a private endpoint nodes talk to the control plane over the internet, past NAT and its price.",
    fix="set vpcConfig.endpointPrivateAccess to true",
    equivalents=("CIS-EKS-5.4.2",),
)
def api_inside(view: View) -> Iterator[Problem]:
    """endpointPrivateAccess, which is off where it is left out (Amazon EKS API, VpcConfigRequest)."""
    if not view.flag("vpcConfig.endpointPrivateAccess"):
        yield Problem(path="vpcConfig.endpointPrivateAccess", what="is off")


@CHECKS.add(
    "DD-CLUSTER-007",
    "The Kubernetes version is in standard support",
    CLUSTER,
    severity="high",
    rationale="Past it EKS charges six times as much for each hour of the cluster, and past extended support it upgrades it unasked.",
    fix="set version to one in standard support, one minor version at a time",
    key="cluster.version",
    equivalents=("CKV_AWS_339", "eks-cluster-supported-version"),
    parameters={"asOf": ""},
)
def version_supported(view: View) -> Iterator[Problem]:
    """version against EKS's calendar in the catalogue, on the day asOf, today where it is empty; left out, EKS takes the newest."""
    version = view.text("version")
    if not version:
        return
    day, known = str(view.parameters["asOf"]) or date.today().isoformat(), kubernetes_versions("aws")
    found = next((each for each in known if each.version == version), None)
    if found and found.end_of_standard_support < day:
        yield Problem(path="version", what=f"is {version}, whose standard support ended on {found.end_of_standard_support}")
    elif _minor(version) < min(_minor(each.version) for each in known):
        yield Problem(path="version", what=f"is {version}, which EKS no longer supports")


@CHECKS.add(
    "DD-CLUSTER-008",
    "Extended support is chosen, not slipped into",
    CLUSTER,
    severity="low",
    level="advisory",
    rationale="A cluster that nobody upgrades costs six times as much from one day to the next.",
    fix="set upgradePolicy.supportType to STANDARD: EKS then upgrades it when standard support ends",
    key="cluster.upgradeChannel",
)
def no_extended_support(view: View) -> Iterator[Problem]:
    """upgradePolicy.supportType, which is EXTENDED where it is left out (Amazon EKS API, UpgradePolicyRequest)."""
    if view.text("upgradePolicy.supportType", "EXTENDED") == "EXTENDED":
        yield Problem(path="upgradePolicy.supportType", what="is EXTENDED")


@CHECKS.add(
    "DD-CLUSTER-009",
    "Pods have identities of their own",
    CLUSTER,
    severity="high",
    level="advisory",
    joined=True,
    rationale="Without them every pod that calls AWS does so with its node's role, and may do what all of them may.",
    fix="add the add-on eks-pod-identity-agent with PodIdentityAssociations, or an OpenIdConnectProvider of the cluster's issuer",
    equivalents=("CIS-EKS-5.2.1", "require-aws-node-irsa"),
)
def pods_have_identities(view: View) -> Iterator[Problem]:
    """Whether an identity provider, an association or the agent refers to it; EKS Auto Mode has the agent built in."""
    if view.flag("computeConfig.enabled") or beside(view, _IDENTITIES):
        return
    if not any(found.text("addonName") == "eks-pod-identity-agent" for found in beside(view, [_ADD_ON], "clusterName")):
        yield Problem(what="nothing gives pods roles of their own")


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
