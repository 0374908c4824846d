"""Types that AWS does not bill by themselves, and the few of their kin that it does."""

from typing import Final

from costs.aws.parts import unlisted
from costs.money import DAYS_PER_MONTH
from costs.pricing import Pricer, Pricing, count

_FREE_BUDGETS: Final = 2
_IAM: Final = (
    "AccessKey",
    "AccountAlias",
    "AccountPasswordPolicy",
    "Group",
    "GroupMembership",
    "GroupPoliciesExclusive",
    "GroupPolicy",
    "GroupPolicyAttachment",
    "GroupPolicyAttachmentsExclusive",
    "InstanceProfile",
    "OpenIdConnectProvider",
    "OrganizationsFeatures",
    "OutboundWebIdentityFederation",
    "Policy",
    "PolicyAttachment",
    "Role",
    "RolePoliciesExclusive",
    "RolePolicy",
    "RolePolicyAttachment",
    "RolePolicyAttachmentsExclusive",
    "SamlProvider",
    "SecurityTokenServicePreferences",
    "ServerCertificate",
    "ServiceLinkedRole",
    "ServiceSpecificCredential",
    "SigningCertificate",
    "SshKey",
    "User",
    "UserGroupMembership",
    "UserLoginProfile",
    "UserPoliciesExclusive",
    "UserPolicy",
    "UserPolicyAttachment",
    "UserPolicyAttachmentsExclusive",
    "VirtualMfaDevice",
)
_SCALING: Final = (
    "appautoscaling/policy:Policy",
    "appautoscaling/scheduledAction:ScheduledAction",
    "appautoscaling/target:Target",
    "autoscaling/attachment:Attachment",
    "autoscaling/lifecycleHook:LifecycleHook",
    "autoscaling/notification:Notification",
    "autoscaling/policy:Policy",
    "autoscaling/schedule:Schedule",
    "autoscaling/tag:Tag",
    "autoscaling/trafficSourceAttachment:TrafficSourceAttachment",
    "ec2/availabilityZoneGroup:AvailabilityZoneGroup",
    "ec2/defaultCreditSpecification:DefaultCreditSpecification",
    "ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
    "ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    "ec2/keyPair:KeyPair",
    "ec2/launchConfiguration:LaunchConfiguration",
    "ec2/launchTemplate:LaunchTemplate",
    "ec2/placementGroup:PlacementGroup",
    "ec2/serialConsoleAccess:SerialConsoleAccess",
    "ec2/spotDatafeedSubscription:SpotDatafeedSubscription",
    "ec2/tag:Tag",
)
_ACCOUNT: Final = (
    "accessanalyzer/archiveRule:ArchiveRule",
    "account/alternativeContact:AlternativeContact",
    "account/primaryContact:PrimaryContact",
    "account/region:Region",
    "backup/selection:Selection",
    "backup/plan:Plan",
    "backup/vaultLockConfiguration:VaultLockConfiguration",
    "backup/vaultNotifications:VaultNotifications",
    "backup/vaultPolicy:VaultPolicy",
    "cfg/configurationAggregator:ConfigurationAggregator",
    "cfg/deliveryChannel:DeliveryChannel",
    "cfg/recorderStatus:RecorderStatus",
    "cognito/identityPool:IdentityPool",
    "cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment",
    "cognito/resourceServer:ResourceServer",
    "cognito/userPoolClient:UserPoolClient",
    "cognito/userPoolDomain:UserPoolDomain",
    "costexplorer/anomalyMonitor:AnomalyMonitor",
    "costexplorer/anomalySubscription:AnomalySubscription",
    "costexplorer/costAllocationTag:CostAllocationTag",
    "costexplorer/costCategory:CostCategory",
    "cur/reportDefinition:ReportDefinition",
    "organizations/account:Account",
    "organizations/organization:Organization",
    "organizations/organizationalUnit:OrganizationalUnit",
    "organizations/policy:Policy",
    "organizations/policyAttachment:PolicyAttachment",
    "ram/principalAssociation:PrincipalAssociation",
    "ram/resourceAssociation:ResourceAssociation",
    "ram/resourceShare:ResourceShare",
    "ram/resourceShareAccepter:ResourceShareAccepter",
    "resourcegroups/group:Group",
    "resourcegroups/resource:Resource",
    "servicequotas/serviceQuota:ServiceQuota",
    "ssoadmin/accountAssignment:AccountAssignment",
    "ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
    "ssoadmin/permissionSet:PermissionSet",
    "ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
)


def _budget(pricing: Pricing) -> None:
    """Monitoring is free, actions and reports are not. Source: AWS Budgets pricing."""
    pricing.note("budget reports", "none", "budgets are free, a report that is sent costs by itself")


def _budget_action(pricing: Pricing) -> None:
    """The first two budgets with actions of an account are free. Source: AWS Budgets pricing."""
    actions = pricing.program.of_type(pricing.resource.type)
    budgets = list(dict.fromkeys(str(each.get("budgetName")) for each in actions))
    if budgets.index(str(pricing.resource.get("budgetName"))) < _FREE_BUDGETS:
        reason = "the first two budgets with actions of an account are free, if it has no others"
        pricing.note("budget with actions", "free", reason)
    else:
        days = count("days a month", DAYS_PER_MONTH)
        pricing.line("budget with actions", pricing.service("budgets", "action-enabled-budget-day", "budget with actions"), days)


PRICERS: dict[str, Pricer] = {
    "aws:budgets/budget:Budget": _budget,
    "aws:budgets/budgetAction:BudgetAction": _budget_action,
    "aws:accessanalyzer/analyzer:Analyzer": unlisted("analysis of unused or internal access (external access is free)"),
    "aws:backup/vault:Vault": unlisted("backup storage", "how much its backups hold is not known, nor is their price list on record"),
    "aws:cfg/recorder:Recorder": unlisted("configuration items recorded"),
    "aws:cfg/rule:Rule": unlisted("rule evaluations"),
    "aws:cloudformation/stack:Stack": unlisted("the resources of its template", "what a template declares is not read"),
    "aws:cloudformation/stackSet:StackSet": unlisted("the resources of its template", "what a template declares is not read"),
    "aws:cognito/userPool:UserPool": unlisted("monthly active users"),
    "aws:guardduty/detector:Detector": unlisted("events and logs analysed"),
    "aws:securityhub/account:Account": unlisted("security checks and findings"),
    "aws:inspector2/enabler:Enabler": unlisted("scans"),
    "aws:macie2/account:Account": unlisted("buckets and data inspected"),
}
FREE: set[str] = {
    *(f"aws:iam/{name[0].lower()}{name[1:]}:{name}" for name in _IAM),
    *(f"aws:{each}" for each in (*_SCALING, *_ACCOUNT)),
}
