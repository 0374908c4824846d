"""Types that cost nothing by themselves, or that are paid with what they belong to."""

from typing import Final

# Package → type names. Source: the provider's types, each checked against its service's pricing page.
_NAMES: Final = {
    "apigateway": "Api ApiConfig",
    "artifactregistry": "ProjectConfig Rule VpcscConfig",
    "bigquery": "AppProfile Connection DataTransferConfig DatasetAccess ReservationAssignment Routine RowAccessPolicy",
    "billing": "Budget ProjectInfo SubAccount",
    "certificatemanager": "CertificateMap CertificateMapEntry DnsAuthorization TrustConfig CertificateIssuanceConfig Certificate",
    "cloudrun": "DomainMapping",
    "compute": (
        "AttachedDisk BackendBucketSignedUrlKey BackendServiceSignedUrlKey BulkPerInstanceConfig "
        "CaExternalAccountKey DiskResourcePolicyAttachment ExternalVpnGateway Firewall FirewallPolicy "
        "FirewallPolicyAssociation FirewallPolicyRule GlobalNetworkEndpoint GlobalNetworkEndpointGroup HaVpnGateway HealthCheck "
        "HttpHealthCheck HttpsHealthCheck InstanceGroup InstanceGroupMembership InstanceGroupNamedPort InstanceSettings "
        "InterconnectAttachmentGroup InterconnectGroup ManagedSslCertificate MangedSslCertificate Network NetworkAttachment "
        "NetworkEndpoint NetworkEndpointGroup NetworkEndpointList NetworkFirewallPolicy NetworkFirewallPolicyAssociation "
        "NetworkFirewallPolicyRule NetworkFirewallPolicyWithRules FirewallPolicyWithRules NetworkPeering NetworkPeeringRoutesConfig "
        "PerInstanceConfig ProjectDefaultNetworkTier ProjectMetadata ProjectMetadataItem "
        "RegionDiskResourcePolicyAttachment RegionHealthCheck RegionNetworkEndpoint RegionNetworkEndpointGroup "
        "RegionNetworkFirewallPolicy RegionNetworkFirewallPolicyAssociation RegionNetworkFirewallPolicyRule "
        "RegionNetworkFirewallPolicyWithRules RegionPerInstanceConfig RegionSecurityPolicyRule RegionSslCertificate RegionSslPolicy "
        "RegionTargetHttpProxy RegionTargetHttpsProxy RegionTargetTcpProxy RegionUrlMap ResourcePolicyAttachment Route Router "
        "RouterInterface RouterNamedSet RouterNatAddress RouterPeer RouterRoutePolicy SecurityPolicyRule ServiceAttachment "
        "SharedVPCHostProject SharedVPCServiceProject SnapshotSettings SSLCertificate SSLPolicy TargetGrpcProxy TargetHttpProxy "
        "TargetHttpsProxy TargetInstance TargetPool TargetSSLProxy TargetTCPProxy URLMap VPNGateway"
    ),
    "dns": "Policy RecordSet ResponsePolicy ResponsePolicyRule",
    "eventarc": "Channel Enrollment GoogleApiSource GoogleChannelConfig",
    "filestore": "Snapshot",
    "firestore": "BackupSchedule Document Field Index UserCreds",
    "gkehub": "FeatureMembership Fleet Membership MembershipBinding Namespace Scope ScopeRbacRoleBinding",
    "iam": (
        "AccessBoundaryPolicy DenyPolicy FolderAccessPolicy FoldersPolicyBinding OauthClient OauthClientCredential "
        "OrganizationAccessPolicy OrganizationsPolicyBinding PrincipalAccessBoundaryPolicy ProjectAccessPolicy ProjectsPolicyBinding "
        "WorkforcePool WorkforcePoolProvider WorkforcePoolProviderKey WorkloadIdentityPool WorkloadIdentityPoolManagedIdentity "
        "WorkloadIdentityPoolNamespace WorkloadIdentityPoolProvider WorkloadIdentityServiceAgent"
    ),
    "kms": "AutokeyConfig EkmConnection KeyHandle KeyRing KeyRingImportJob ProjectAutokeyConfig SecretCiphertext",
    "logging": (
        "BillingAccountExclusion BillingAccountSink FolderExclusion FolderSettings FolderSink LinkedDataset LogScope LogView "
        "OrganizationExclusion OrganizationSettings OrganizationSink ProjectExclusion ProjectSink SavedQuery"
    ),
    "monitoring": "CustomService Dashboard GenericService Group MonitoredProject NotificationChannel Slo Snooze",
    "networkconnectivity": "Group Hub InternalRange PolicyBasedRoute RegionalEndpoint ServiceConnectionPolicy",
    "organizations": "AccessApprovalSettings Folder IamAuditConfig IAMCustomRole Policy Project ServiceIdentity",
    "orgpolicy": "CustomConstraint Policy",
    "projects": (
        "AccessApprovalSettings ApiKey DefaultServiceAccounts IAMAuditConfig IAMCustomRole IamMemberRemove OrganizationPolicy Service "
        "ServiceIdentity UsageExportBucket"
    ),
    "pubsub": "LiteSubscription Schema",
    "redis": "ClusterUserCreatedConnections",
    "serviceaccount": "Account Key",
    "servicenetworking": "Connection PeeredDnsDomain VpcServiceControls",
    "sql": "Database ProvisionScript SourceRepresentationInstance SslCert User",
    "storage": (
        "BucketACL BucketAccessControl BucketObject DefaultObjectACL DefaultObjectAccessControl Folder HmacKey ManagedFolder Notification "
        "ObjectACL ObjectAccessControl TransferAgentPool TransferJob"
    ),
    "tags": "LocationTagBinding TagBinding TagKey TagValue",
    "vertex": (
        "AiFeatureGroup AiFeatureGroupFeature AiFeatureOnlineStoreFeatureview AiFeatureStoreEntityType AiFeatureStoreEntityTypeFeature "
        "AiModelGardenEnableModel AiTensorboardExperiment AiTensorboardRun"
    ),
}
# Who may do what: package → what the policy is on.
_POLICIES: Final = {
    "apigateway": "Api ApiConfig Gateway",
    "artifactregistry": "Repository",
    "bigquery": "Connection Dataset Routine",
    "billing": "Account",
    "cloudfunctions": "Function",
    "cloudfunctionsv2": "Function",
    "cloudrunv2": "Job Service WorkerPool",
    "cloudtasks": "Queue",
    "compute": (
        "FirewallPolicy NetworkFirewallPolicy RegionNetworkFirewallPolicy RegionBackendBucket RegionInstantSnapshot "
        "BackendBucket BackendService Disk Image InstanceTemplate InstantSnapshot MachineImage RegionBackendService RegionDisk Snapshot "
        "StoragePool"
    ),
    "dns": "DnsManagedZone",
    "eventarc": "Pipeline",
    "iam": "WorkforcePool WorkloadIdentityPool",
    "kms": "EkmConnection",
    "logging": "LogView",
    "networkconnectivity": "Hub",
    "pubsub": "Schema",
    "secretmanager": "RegionalSecret Secret",
    "storage": "ManagedFolder",
    "vertex": (
        "AiEndpoint AiFeatureGroup AiFeatureOnlineStore AiFeatureOnlineStoreFeatureview AiFeatureStore AiFeatureStoreEntityType "
        "AiReasoningEngine"
    ),
    "workbench": "Instance",
}
# The older spelling of the same.
_OLDER_POLICIES: Final = {
    "compute": "Instance Subnetwork",
    "kms": "CryptoKey KeyRing",
    "organizations": "",
    "projects": "",
    "pubsub": "Subscription Topic",
    "serviceaccount": "",
    "spanner": "Database Instance",
    "storage": "Bucket",
}
_KINDS: Final = ("Binding", "Member", "Policy")


def token(package: str, name: str) -> str:
    """Pulumi's token of a type of the provider: gcp:kms/keyRing:KeyRing."""
    return f"gcp:{package}/{name[0].lower()}{name[1:]}:{name}"


def _policies(names: dict[str, str], infix: str) -> set[str]:
    targets = ((package, target) for package, listed in names.items() for target in (listed.split() or [""]))
    return {token(package, f"{target}{infix}{kind}") for package, target in targets for kind in _KINDS}


FREE: set[str] = {
    *(token(package, name) for package, names in _NAMES.items() for name in names.split()),
    *_policies(_POLICIES, "Iam"),
    *_policies(_OLDER_POLICIES, "IAM"),
    *(token("cloudrun", f"Iam{kind}") for kind in _KINDS),
    *(token("bigquery", f"Iam{kind}") for kind in _KINDS),
}
