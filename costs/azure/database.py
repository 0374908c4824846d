"""Databases, caches and analytics: by name where no price is on record, so that they are never taken for free."""

from typing import Final

from costs.pricing import Pricer, Pricing, count

_SQL: Final = "sql-database"


def _sql(pricing: Pricing) -> None:
    """vCores of a provisioned General Purpose database and its storage. Source: Azure SQL Database pricing."""
    name, cores = pricing.text("sku.name").lower(), pricing.number("sku.capacity")
    if name in ("gp_gen5", "gp_gen5_1") or (name.startswith("gp_gen5_") and name.removeprefix("gp_gen5_").isdigit()):
        cores = cores if cores is not None else pricing.number("sku.capacity", int(name.rpartition("_")[2]) if name[-1].isdigit() else None)
    else:
        pricing.unpriced("database", f"the sku '{name or 'left out'}' has no price list here")
        return
    size = pricing.number("maxSizeBytes", 32 * 2**30)
    if cores is None or size is None:
        pricing.unpriced("database", "sku.capacity or maxSizeBytes is not known before `up`")
        return
    pricing.line("vCores", pricing.service(_SQL, "gp-gen5-vcore", "vCores"), count("vCores", cores), pricing.hours())
    # The list's price of a vCore is without the licence, as with Azure Hybrid Benefit. Source: Azure SQL Database pricing.
    if pricing.text("licenseType", "LicenseIncluded").lower() != "baseprice":
        pricing.unpriced(
            "SQL Server licence", "each vCore pays for it on top unless licenseType is BasePrice, and it has no price list here"
        )
    gib = count("GiB at most", size / 2**30)
    pricing.line("storage", pricing.service(_SQL, "gp-storage", "storage"), gib)


def _by_name(driver: str) -> Pricer:
    def price(pricing: Pricing) -> None:
        pricing.unpriced(driver, "it has no price list here")

    return price


_NAMED: Final = {
    "cache:Redis": "cache",
    "redis:Redis": "cache",
    "redisenterprise:RedisEnterprise": "cache",
    "cosmosdb:DatabaseAccount": "database throughput and storage",
    "documentdb:DatabaseAccount": "database throughput and storage",
    "mongocluster:MongoCluster": "database",
    "databricks:Workspace": "Databricks units",
    "datafactory:Factory": "pipeline runs",
    "dbformysql:Server": "database",
    "dbforpostgresql:Server": "database",
    "dbforpostgresql:ServerGroupCluster": "database",
    "kusto:Cluster": "Data Explorer machines",
    "netapp:CapacityPool": "provisioned capacity",
    "sql:ElasticPool": "elastic pool",
    "sql:ManagedInstance": "managed instance",
    "streamanalytics:StreamingJob": "streaming units",
    "synapse:SqlPool": "SQL pool",
    "synapse:BigDataPool": "Spark pool",
    "apimanagement:ApiManagementService": "gateway units",
    "appconfiguration:ConfigurationStore": "configuration store",
    "automation:AutomationAccount": "job minutes",
    "batch:Pool": "batch nodes",
    "compute:GalleryApplicationVersion": "stored replicas",
    "compute:GalleryImageVersion": "stored replicas",
    "compute:Image": "stored image",
    "compute:RestorePoint": "stored restore point",
    "containerinstance:NGroup": "container groups",
    "eventgrid:Namespace": "throughput units",
    "app:ContainerAppsSessionPool": "sessions",
    "app:JavaComponent": "managed Java component",
    "storage:BlobInventoryPolicy": "inventoried blobs",
    "web:AppServiceEnvironment": "App Service environment",
    "web:StaticSite": "static site",
    "containerservice:Fleet": "fleet",
    "compute:DedicatedHost": "dedicated host",
    "logic:Workflow": "workflow runs",
    "security:Pricing": "Microsoft Defender plan",
    "securityinsights:SentinelOnboardingState": "Microsoft Sentinel ingestion",
    "dataprotection:BackupInstance": "backups",
    "recoveryservices:ProtectedItem": "backups",
    "storagecache:AmlFilesystem": "Lustre file system",
    "elasticsan:ElasticSan": "SAN capacity",
    "signalrservice:SignalR": "SignalR units",
    "relay:Namespace": "relay hours",
    "resources:Deployment": "the resources of its template",
}
PRICERS: dict[str, Pricer] = {
    "azure-native:sql:Database": _sql,
    **{f"azure-native:{kind}": _by_name(driver) for kind, driver in _NAMED.items()},
}
FREE: set[str] = {
    "azure-native:sql:FirewallRule",
    "azure-native:sql:Server",
    "azure-native:sql:ServerAzureADAdministrator",
    "azure-native:sql:TransparentDataEncryption",
    "azure-native:sql:VirtualNetworkRule",
    "azure-native:dbforpostgresql:Configuration",
    "azure-native:dbforpostgresql:Database",
    "azure-native:dbforpostgresql:FirewallRule",
    "azure-native:dbformysql:Configuration",
    "azure-native:dbformysql:Database",
    "azure-native:dbformysql:FirewallRule",
}
