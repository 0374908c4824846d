"""Azure Kubernetes Service control planes: who reaches them, what they keep, and how long they are supported."""

from collections.abc import Iterator

from policies.azure_machines import CLUSTER, has_add_on, is_automatic
from policies.azure_network import public, whole_world
from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
_POLICIES = ("azure", "calico", "cilium")


@CHECKS.add(
    "DD-CLUSTER-201",
    "What people and pods may do in a cluster is bounded",
    CLUSTER,
    severity="critical",
    rationale="Without Kubernetes' roles everybody who gets in may do everything, every pod with a token included.",
    fix="set enableRBAC to true; it cannot be turned on later",
    equivalents=("CKV_AZURE_5", "AZU-0042"),
)
def has_roles(view: View) -> Iterator[Problem]:
    """enableRBAC; AKS Automatic has it always (AKS REST API, ManagedClusterProperties, which promises no default)."""
    if not is_automatic(view) and not view.flag("enableRBAC"):
        yield Problem(path="enableRBAC", what="is not on")


@CHECKS.add(
    "DD-CLUSTER-202",
    "Nobody gets into a cluster with a certificate that is nobody's",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="The admin certificate of AKS names no person, goes past every role, and is valid until all certificates are changed.",
    fix="set disableLocalAccounts to true, with aadProfile",
    equivalents=("CKV_AZURE_141",),
)
def no_local_accounts(view: View) -> Iterator[Problem]:
    """disableLocalAccounts, off where it is left out (AKS REST API, ManagedClusterProperties)."""
    if not is_automatic(view) and not view.flag("disableLocalAccounts"):
        yield Problem(path="disableLocalAccounts", what="is off")


@CHECKS.add(
    "DD-CLUSTER-203",
    "People sign in to a cluster with the directory",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Who leaves the team keeps a certificate; in Microsoft Entra they lose everything at once.",
    fix="set aadProfile with managed and enableAzureRBAC true",
    key="cluster.ownerGroup",
)
def signs_in_with_directory(view: View) -> Iterator[Problem]:
    """aadProfile.managed (Microsoft Learn, "AKS-managed Microsoft Entra integration"); AKS Automatic has it always."""
    if not is_automatic(view) and not view.flag("aadProfile.managed"):
        yield Problem(path="aadProfile.managed", what="is off")


@CHECKS.add(
    "DD-CLUSTER-204",
    "The API is not reachable from the internet",
    CLUSTER,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="A leaked credential or a hole in the API server is then one request from anybody.",
    fix="set apiServerAccessProfile.enablePrivateCluster to true; it cannot be changed later",
    key="cluster.privateApi",
    equivalents=("CKV_AZURE_115", "AZU-0065"),
)
def api_not_public(view: View) -> Iterator[Problem]:
    """enablePrivateCluster, off where it is left out, or publicNetworkAccess (AKS REST API, ManagedClusterAPIServerAccessProfile)."""
    if not view.flag("apiServerAccessProfile.enablePrivateCluster") and public(view):
        yield Problem(path="apiServerAccessProfile.enablePrivateCluster", what="is off")


@CHECKS.add(
    "DD-CLUSTER-205",
    "A public API lets only named networks in",
    CLUSTER,
    severity="critical",
    rationale="Open to the world, the API server is found and tried within hours.",
    fix="name your networks in apiServerAccessProfile.authorizedIPRanges",
    key="cluster.authorizedRanges",
    equivalents=("CKV_AZURE_6", "AZU-0041"),
)
def api_names_networks(view: View) -> Iterator[Problem]:
    """authorizedIPRanges, everybody where it is empty (Microsoft Learn, "API server authorized IP ranges")."""
    if view.flag("apiServerAccessProfile.enablePrivateCluster") or not public(view):
        return
    named = [network.text("") for _, network in view.each("apiServerAccessProfile.authorizedIPRanges")]
    if not named or any(map(whole_world, named)):
        yield Problem(path="apiServerAccessProfile.authorizedIPRanges", what="lets the whole world in")


@CHECKS.add(
    "DD-CLUSTER-206",
    "Network policies hold in a cluster",
    CLUSTER,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Without an engine a NetworkPolicy is taken and does nothing: every pod reaches every other, and the metadata service.",
    fix="set networkProfile.networkPolicy to cilium",
    equivalents=("CKV_AZURE_7", "AZU-0043"),
)
def has_network_policy(view: View) -> Iterator[Problem]:
    """networkPolicy, none where it is left out (Microsoft Learn, "Secure traffic between pods by using network policies in AKS")."""
    policy = view.text("networkProfile.networkPolicy", "none")
    if not is_automatic(view) and policy not in _POLICIES:
        yield Problem(path="networkProfile.networkPolicy", what=f"is {policy}")


@CHECKS.add(
    "DD-CLUSTER-207",
    "Pods have addresses by Azure CNI",
    CLUSTER,
    profiles={"dev": "advisory"},
    rationale="kubenet ends on 31 March 2028, takes 400 nodes at most, and adds a route table that has to be watched.",
    fix="set networkProfile.networkPlugin to azure, with networkPluginMode overlay",
    equivalents=("CKV2_AZURE_29",),
)
def not_kubenet(view: View) -> Iterator[Problem]:
    """networkPlugin, which was kubenet for long where it is left out (Microsoft Learn, "Use kubenet networking", retirement)."""
    plugin = view.text("networkProfile.networkPlugin", "kubenet")
    if not is_automatic(view) and plugin == "kubenet":
        yield Problem(path="networkProfile.networkPlugin", what="is kubenet")


@CHECKS.add(
    "DD-CLUSTER-208",
    "Azure Policy watches what is put into a cluster",
    CLUSTER,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Rules that hold for every cluster of a company cannot be left to each cluster's owners.",
    fix="set addonProfiles.azurepolicy.enabled to true",
    equivalents=("CKV_AZURE_116", "AZU-0066"),
)
def has_policy_add_on(view: View) -> Iterator[Problem]:
    """The add-on azurepolicy, off where it is left out (Microsoft Learn, "Understand Azure Policy for Kubernetes clusters")."""
    if not has_add_on(view, "azurepolicy"):
        yield Problem(path="addonProfiles.azurepolicy", what="is off")


@CHECKS.add(
    "DD-CLUSTER-211",
    "Disks of nodes and pods are encrypted with a key of one's own",
    CLUSTER,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Microsoft's key nobody can watch who decrypts the disks, nor take the key away.",
    fix="set diskEncryptionSetID; it cannot be changed later",
    equivalents=("CKV_AZURE_117", "AZU-0067"),
)
def disks_have_key(view: View) -> Iterator[Problem]:
    """diskEncryptionSetID (Microsoft Learn, "Bring your own keys with Azure disks in AKS")."""
    if not view.present("diskEncryptionSetID"):
        yield Problem(path="diskEncryptionSetID", what="is not set")


@CHECKS.add(
    "DD-CLUSTER-212",
    "Secrets are encrypted with a key of one's own",
    CLUSTER,
    severity="high",
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="With Microsoft's key nobody can watch who decrypts the cluster's secrets, nor take the key away.",
    fix="set securityProfile.azureKeyVaultKms with enabled true and keyId",
    key="cluster.encryption.customerKey",
)
def encrypts_secrets(view: View) -> Iterator[Problem]:
    """azureKeyVaultKms, off where it is left out (Microsoft Learn, "Add KMS etcd encryption to an AKS cluster")."""
    if not view.flag("securityProfile.azureKeyVaultKms.enabled"):
        yield Problem(path="securityProfile.azureKeyVaultKms.enabled", what="is off")


@CHECKS.add(
    "DD-CLUSTER-215",
    "Secrets from a vault are fetched again when they change",
    CLUSTER,
    rationale="A secret that was rotated in the vault stays the old one in every pod until somebody restarts it.",
    fix='set addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation to "true"',
    equivalents=("CKV_AZURE_172",),
)
def secrets_fetched_again(view: View) -> Iterator[Problem]:
    """enableSecretRotation of the add-on, off where it is left out (Microsoft Learn, "Azure Key Vault provider for Secrets Store CSI")."""
    add_on = "azureKeyvaultSecretsProvider"
    if has_add_on(view, add_on) and view.text(f"addonProfiles.{add_on}.config.enableSecretRotation").lower() != "true":
        yield Problem(path=f"addonProfiles.{add_on}.config.enableSecretRotation", what="is off")


@CHECKS.add(
    "DD-CLUSTER-219",
    "No ingress is there that was made for trying out",
    CLUSTER,
    severity="high",
    rationale="The add-on opens every ingress under a public name of Azure's, unencrypted, and is no longer supported.",
    fix="leave addonProfiles.httpApplicationRouting out",
    equivalents=("CKV_AZURE_246",),
)
def no_http_routing(view: View) -> Iterator[Problem]:
    """The add-on httpApplicationRouting (Microsoft Learn, "HTTP application routing add-on", retired)."""
    if has_add_on(view, "httpApplicationRouting"):
        yield Problem(path="addonProfiles.httpApplicationRouting", what="is on")


@CHECKS.add(
    "DD-CLUSTER-220",
    "No dashboard runs in a cluster",
    CLUSTER,
    severity="high",
    rationale="The dashboard acts with its own account: whoever reaches it may do what that may.",
    fix="leave addonProfiles.kubeDashboard out",
    equivalents=("CKV_AZURE_8",),
)
def no_dashboard(view: View) -> Iterator[Problem]:
    """The add-on kubeDashboard, of older clusters (AKS REST API, ManagedClusterAddonProfile)."""
    if has_add_on(view, "kubeDashboard"):
        yield Problem(path="addonProfiles.kubeDashboard", what="is on")


@CHECKS.add(
    "DD-CLUSTER-221",
    "Pods have identities of their own",
    CLUSTER,
    severity="high",
    level="advisory",
    rationale="Without them every pod that calls Azure does so with its node's identity, and may do what all of them may.",
    fix="set securityProfile.workloadIdentity.enabled and oidcIssuerProfile.enabled to true",
)
def pods_have_identities(view: View) -> Iterator[Problem]:
    """Workload identity and the issuer that it needs, off where they are left out (Microsoft Learn, "Workload identity on AKS")."""
    for path in ("securityProfile.workloadIdentity.enabled", "oidcIssuerProfile.enabled"):
        if not is_automatic(view) and not view.flag(path):
            yield Problem(path=path, what="is off")


@CHECKS.add(
    "DD-CLUSTER-222",
    "Pods get identities the way that is supported",
    CLUSTER,
    rationale="Pod-managed identity is no longer supported and gets no fixes, though it hands out tokens on every node.",
    fix="leave podIdentityProfile out and use workload identity",
)
def no_pod_managed_identity(view: View) -> Iterator[Problem]:
    """podIdentityProfile (Microsoft Learn, "Use Microsoft Entra pod-managed identities in AKS", retired)."""
    if view.flag("podIdentityProfile.enabled"):
        yield Problem(path="podIdentityProfile.enabled", what="is on")


@CHECKS.add(
    "DD-CLUSTER-224",
    "A cluster acts with an identity that has no secret",
    CLUSTER,
    severity="high",
    rationale="A service principal's secret lies readable in the stack's state, and the cluster stops scaling on the day when it expires.",
    fix="set identity.type to SystemAssigned or UserAssigned and leave servicePrincipalProfile out",
)
def managed_identity(view: View) -> Iterator[Problem]:
    """servicePrincipalProfile, which clusters with a managed identity do not need (Microsoft Learn, "Use a managed identity in AKS")."""
    named = view.text("servicePrincipalProfile.clientId", "msi") != "msi"
    if named and view.text("identity.type", "None") == "None":
        yield Problem(path="servicePrincipalProfile", what="is a principal with a secret")


@CHECKS.add(
    "DD-CLUSTER-225",
    "Nobody runs commands in a cluster past its closed network",
    CLUSTER,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Commands through Azure's own API reach a private cluster from anywhere.",
    fix="set apiServerAccessProfile.disableRunCommand to true",
)
def no_run_command(view: View) -> Iterator[Problem]:
    """disableRunCommand, off where it is left out (Microsoft Learn, "Use command invoke to access a private AKS cluster")."""
    if not view.flag("apiServerAccessProfile.disableRunCommand"):
        yield Problem(path="apiServerAccessProfile.disableRunCommand", what="is off")


@CHECKS.add(
    "DD-CLUSTER-226",
    "Microsoft Defender watches a cluster",
    CLUSTER,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Nobody else looks for a miner or a shell in a GPU pod at night.",
    fix="set securityProfile.defender.securityMonitoring.enabled to true",
    equivalents=("CKV_AZURE_85",),
)
def defender_watches(view: View) -> Iterator[Problem]:
    """Defender's sensor, off where it is left out (AKS REST API, ManagedClusterSecurityProfileDefender)."""
    if not view.flag("securityProfile.defender.securityMonitoring.enabled"):
        yield Problem(path="securityProfile.defender.securityMonitoring.enabled", what="is off")
