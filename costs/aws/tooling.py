"""What runs around the platform: managed Airflow, queries, builds, transfers."""

from typing import Final

from costs.aws.parts import hourly, metered, monthly, together, unlisted
from costs.capacity import scaled
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count

# An environment holds one worker and two schedulers; AWS's defaults where they are left out.
# Source: Amazon Managed Workflows for Apache Airflow pricing, and its API reference, "CreateEnvironment".
_WORKERS_INCLUDED: Final = 1
_SCHEDULERS_INCLUDED: Final = 2
_MOST_WORKERS: Final = 10


def _airflow(pricing: Pricing) -> None:
    """The environment, what it has more of workers and schedulers, and its database."""
    if pricing.unreadable("environmentClass"):
        pricing.unpriced("Airflow environment", "its environmentClass is known only after `up`")
        return
    size = pricing.text("environmentClass", "mw1.small").removeprefix("mw1.")
    hours = pricing.hours()
    pricing.line(f"Airflow environment ({size})", pricing.service("mwaa", f"environment-{size}", "Airflow environment"), hours)
    _workers(pricing, size)
    schedulers = pricing.number("schedulers", _SCHEDULERS_INCLUDED)
    if schedulers is None:
        pricing.unpriced("additional schedulers", "their number is known only after `up`")
    elif schedulers > _SCHEDULERS_INCLUDED:
        more = count(f"schedulers over {_SCHEDULERS_INCLUDED}", schedulers - _SCHEDULERS_INCLUDED)
        pricing.line("additional schedulers", pricing.service("mwaa", f"scheduler-{size}", "additional schedulers"), more, hours)
    price = pricing.service("mwaa", "meta-database", "Airflow database")
    pricing.line("Airflow database", price, pricing.usage_or("storedGib"), usage_based=True)


def _workers(pricing: Pricing, size: str) -> None:
    least, most = pricing.number("minWorkers", _WORKERS_INCLUDED), pricing.number("maxWorkers", _MOST_WORKERS)
    if least is None or most is None:
        pricing.unpriced("additional workers", "their limits are known only after `up`")
        return
    running = scaled(pricing, "nodes", least, least, most)
    more = (running.amount - Band.exactly(_WORKERS_INCLUDED)).clamped(0)
    if more.high:
        words = Factor(f"workers over {_WORKERS_INCLUDED} ({running.words})", more, running.confidence)
        pricing.line("additional workers", pricing.service("mwaa", f"worker-{size}", "additional workers"), words, pricing.hours())


def _build(pricing: Pricing) -> None:
    kind = pricing.text("environment.computeType")
    pricing.unpriced(
        f"build minutes ({kind or 'compute type not told'})", "how long builds take is not known, nor is their price list on record"
    )


def _namespace(pricing: Pricing) -> None:
    # Its hosted zone is made by Cloud Map and billed by Route 53. Source: AWS Cloud Map pricing.
    price = pricing.catalogue.service(pricing.provider, "route53", "hosted-zone", "us-east-1")
    if price is None:
        pricing.unpriced("hosted zone", "no price of route53 hosted-zone is on record")
    pricing.line("hosted zone", price, count("zone", 1))


def _storage_lens(pricing: Pricing) -> None:
    if pricing.resource.get("storageLensConfiguration.accountLevel.advancedCostOptimizationMetrics.enabled") is True:
        pricing.unpriced("advanced metrics", "they are billed per object, and no price is on record")


_SATELLITES: Final = {
    "appconfig": ("Application", "ConfigurationProfile", "DeploymentStrategy", "Environment", "Extension", "ExtensionAssociation"),
    "athena": ("Database", "DataCatalog", "NamedQuery", "PreparedStatement"),
    "codeartifact": ("DomainPermissions", "RepositoryPermissionsPolicy"),
    "codebuild": ("ResourcePolicy", "SourceCredential", "Webhook"),
    "codepipeline": ("CustomActionType", "Webhook"),
    "datasync": ("Agent", "EfsLocation", "LocationFsxLustre", "LocationObjectStorage", "NfsLocation", "S3Location"),
    "identitystore": ("Group", "GroupMembership", "User"),
    "imagebuilder": (
        "Component",
        "ContainerRecipe",
        "DistributionConfiguration",
        "ImageRecipe",
        "InfrastructureConfiguration",
        "LifecyclePolicy",
        "Workflow",
    ),
    "lakeformation": (
        "DataCellsFilter",
        "DataLakeSettings",
        "IdentityCenterConfiguration",
        "LfTag",
        "LfTagExpression",
        "OptIn",
        "Permissions",
        "Resource",
        "ResourceLfTag",
        "ResourceLfTags",
    ),
    "oam": ("Link", "Sink", "SinkPolicy"),
    "s3control": ("AccessPointPolicy", "MultiRegionAccessPointPolicy", "ObjectLambdaAccessPointPolicy"),
    "servicediscovery": ("HttpNamespace", "Service"),
    "signer": ("SigningProfile", "SigningProfilePermission"),
    "transfer": ("Access", "Agreement", "Certificate", "HostKey", "Profile", "SshKey", "Tag", "User", "Workflow"),
}

PRICERS: dict[str, Pricer] = {
    "aws:mwaa/environment:Environment": _airflow,
    "aws:athena/workgroup:Workgroup": metered("athena", "data-scanned", "data scanned by queries", "scannedGibPerMonth"),
    "aws:athena/capacityReservation:CapacityReservation": unlisted("reserved processing units"),
    "aws:codeartifact/domain:Domain": metered("codeartifact", "storage", "package storage", "storedGib"),
    "aws:codeartifact/repository:Repository": metered("codeartifact", "requests", "package requests", "requestsPerMonth"),
    "aws:codebuild/project:Project": _build,
    "aws:codebuild/fleet:Fleet": unlisted("reserved build machines"),
    "aws:codepipeline/pipeline:Pipeline": monthly("codepipeline", "active-pipeline", "active pipeline"),
    "aws:datasync/task:Task": metered("datasync", "data-copied", "data copied", "processedGibPerMonth"),
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": unlisted("snapshots that the policy makes", "how much they hold is not known"),
    "aws:imagebuilder/image:Image": unlisted("the machine that builds and the snapshots of the image", "how long it runs is not known"),
    "aws:imagebuilder/imagePipeline:ImagePipeline": unlisted(
        "machines that build and snapshots of its images", "how often and how long it runs is not known"
    ),
    "aws:kendra/index:Index": unlisted("index hours"),
    "aws:s3/filesFileSystem:FilesFileSystem": unlisted("file storage and access"),
    "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": unlisted("data routed (per GB)"),
    "aws:s3control/objectLambdaAccessPoint:ObjectLambdaAccessPoint": unlisted("data returned (per GB)"),
    "aws:s3control/storageLensConfiguration:StorageLensConfiguration": _storage_lens,
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": _namespace,
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": _namespace,
    "aws:transfer/server:Server": together(
        hourly("transfer", "protocol-hour", "transfer protocol"),
        metered("transfer", "data", "data transferred", "processedGibPerMonth"),
    ),
    "aws:transfer/connector:Connector": unlisted("connector calls and data"),
}
FREE: set[str] = {f"aws:{module}/{name[0].lower()}{name[1:]}:{name}" for module, names in _SATELLITES.items() for name in names} | {
    "aws:ec2/allowedImagesSettings:AllowedImagesSettings",
    "aws:ec2/networkInsightsAccessScope:NetworkInsightsAccessScope",
    "aws:ec2/vpcIpamPool:VpcIpamPool",
    "aws:ec2/vpcIpamPoolCidr:VpcIpamPoolCidr",
    "aws:ec2/vpcIpamPoolCidrAllocation:VpcIpamPoolCidrAllocation",
    "aws:ec2/vpcIpamResourceDiscovery:VpcIpamResourceDiscovery",
    "aws:ec2/vpcIpamResourceDiscoveryAssociation:VpcIpamResourceDiscoveryAssociation",
    "aws:ec2/vpcIpamScope:VpcIpamScope",
}
