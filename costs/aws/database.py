"""Databases with servers: RDS and Aurora, ElastiCache, OpenSearch and their kin."""

from decimal import Decimal
from typing import Final

from catalogue.model import Confidence
from costs.aws.parts import metered, number_of, together, unlisted
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count

# Two half units each for indexing and search, so that a zone may fail; an account's default limit is ten each.
# Source: Amazon OpenSearch Service Developer Guide, "Managing capacity limits for Amazon OpenSearch Serverless".
_LEAST_ACU: Final = Decimal("0.5")
_OCUS: Final = {"ENABLED": Band.of(2, 2, 20), "DISABLED": Band.of(1, 1, 20)}


def _instance(pricing: Pricing) -> None:
    kind, engine = pricing.text("instanceClass"), pricing.text("engine")
    driver = f"database instance ({kind or 'type known only after `up`'})"
    if not kind or not engine:
        pricing.unpriced(driver, "its instanceClass or engine is left out or known only after `up`")
    else:
        zones = "multi-az" if pricing.flag("multiAz") else "single-az"
        pricing.line(driver, pricing.service("rds", f"{engine}-{kind}-{zones}", driver), pricing.hours())
    size, media = pricing.number("allocatedStorage"), pricing.text("storageType", "gp2")
    if size is None:
        pricing.unpriced("database storage", "allocatedStorage is left out or known only after `up`")
        return
    most = max(pricing.number("maxAllocatedStorage") or size, size)
    words = "GiB" if most == size else "GiB (storage grows by itself up to maxAllocatedStorage)"
    gib = Factor(words, Band(size, size, most), Confidence.HIGH if most == size else Confidence.MEDIUM)
    copies = count("copies", 2 if pricing.flag("multiAz") else 1)
    pricing.line("database storage", pricing.service("rds", f"{media}-storage", "database storage"), gib, copies)
    iops = pricing.number("iops")
    if media in ("io1", "io2") and iops:
        pricing.line("provisioned IOPS", pricing.service("rds", f"{media}-iops", "provisioned IOPS"), count("IOPS", iops), copies)
    elif media == "gp3" and pricing.resource.get("iops") is not None:
        pricing.unpriced("provisioned IOPS", "what gp3 has above its baseline, which depends on engine and size, has no price on record")


def _aurora(pricing: Pricing) -> None:
    if not pricing.text("engine").startswith("aurora"):
        pricing.unpriced("database cluster", "the instances and storage of a Multi-AZ cluster have no price on record")
        return
    stored = pricing.usage_or("storedGib")
    pricing.line("cluster storage", pricing.service("aurora", "storage", "cluster storage"), stored, usage_based=True)
    if pricing.text("storageType") != "aurora-iopt1":
        asked = pricing.usage_or("operationsPerMonth")
        pricing.line("I/O requests", pricing.service("aurora", "io-requests", "cluster I/O requests"), asked, usage_based=True)


def _aurora_instance(pricing: Pricing) -> None:
    kind = pricing.text("instanceClass")
    if kind != "db.serverless":
        driver = f"cluster instance ({kind or 'type known only after `up`'})"
        if kind:
            sku = f"{pricing.text('engine', 'aurora')}-{kind}"
            pricing.line(driver, pricing.service("aurora", sku, driver), pricing.hours())
        else:
            pricing.unpriced(driver, "its instanceClass is known only after `up`")
        return
    cluster = pricing.program.referred(pricing.resource, "clusterIdentifier")
    least, most = (number_of(pricing, cluster, f"serverlessv2ScalingConfiguration.{limit}Capacity") for limit in ("min", "max"))
    if least is None or most is None:
        pricing.unpriced("serverless capacity", "the cluster's scaling limits are not known")
        return
    # One that may pause is not expected to stay paused. The least while it runs is half a unit.
    # Source: Amazon Aurora User Guide, "Scaling to zero ACUs".
    expected = min(max(least, _LEAST_ACU), max(least, most))
    units = pricing.assume(
        "capacity units", Band(least, expected, max(least, most)), "between its limits; expected: the least while it runs"
    )
    pricing.line("serverless capacity", pricing.service("aurora", "serverless-v2-acu", "serverless capacity"), units, pricing.hours())


def _nodes(service: str, kind_path: str, count_path: str = "", default: int = 1) -> Pricer:
    """Nodes of a type by the hour; their number is in this property, else the default."""

    def price(pricing: Pricing) -> None:
        _node_lines(pricing, service, pricing.text(kind_path), pricing.number(count_path, default) if count_path else Decimal(default))

    return price


def _node_lines(pricing: Pricing, service: str, kind: str, many: Decimal | None) -> None:
    driver = f"nodes ({kind or 'type known only after `up`'})"
    if not kind or many is None:
        pricing.unpriced(driver, "their type or number is left out or known only after `up`")
        return
    pricing.line(driver, pricing.service(service, kind, driver), count("nodes", many), pricing.hours())


def _sharded(service: str, shards: str, replicas: str, replicas_default: int, plain: str = "") -> Pricer:
    """Shards, each of a primary and its replicas; `plain` is the number of nodes where there are no shards."""

    def price(pricing: Pricing) -> None:
        known = pricing.number(shards), pricing.number(replicas, replicas_default)
        sharded = pricing.resource.get(shards) is not None or pricing.resource.get(replicas) is not None or not plain
        primaries = known[0] if pricing.resource.get(shards) is not None else Decimal(1)
        many = pricing.number(plain, 1) if not sharded else None
        if sharded and primaries is not None and known[1] is not None:
            many = primaries * (known[1] + 1)
        _node_lines(pricing, service, pricing.text("nodeType"), many)

    return price


def _domain(pricing: Pricing) -> None:
    kind = pricing.text("clusterConfig.instanceType")
    driver = f"search nodes ({kind or 'type not told'})"
    many = pricing.number("clusterConfig.instanceCount", 1)
    if not kind or many is None:
        pricing.unpriced(driver, "its instance type or their number is left out or known only after `up`")
    else:
        pricing.line(driver, pricing.service("opensearch", kind, driver), count("nodes", many), pricing.hours())
    for words, path in (("dedicated masters", "dedicatedMasterEnabled"), ("warm nodes", "warmEnabled")):
        if pricing.flag(f"clusterConfig.{path}"):
            pricing.unpriced(words, "their price list is not on record")
    size = pricing.number("ebsOptions.volumeSize")
    if size is not None and many is not None:
        media = pricing.text("ebsOptions.volumeType", "gp2")
        price = pricing.service("opensearch", f"{media}-storage", "search storage")
        pricing.line("search storage", price, count("nodes", many), count("GiB each", size))


def _collection(pricing: Pricing) -> None:
    """Capacity units that all collections of an account with the same key share. Source: Amazon OpenSearch Service pricing."""
    standby = pricing.text("standbyReplicas", "ENABLED")
    reason = "from the least that a first collection needs to an account's default limit; collections with one key share them"
    units = pricing.assume("capacity units", _OCUS.get(standby, _OCUS["ENABLED"]), reason)
    price = pricing.service("opensearch-serverless", "ocu", "search capacity")
    pricing.line("search capacity", price, units, pricing.hours())
    driver = "search storage"
    pricing.line(driver, pricing.service("opensearch-serverless", "storage", driver), pricing.usage_or("storedGib"), usage_based=True)


PRICERS: dict[str, Pricer] = {
    "aws:rds/instance:Instance": _instance,
    "aws:rds/cluster:Cluster": _aurora,
    "aws:rds/clusterInstance:ClusterInstance": _aurora_instance,
    "aws:rds/proxy:Proxy": unlisted("proxy (by the vCPU of its database)"),
    "aws:rds/snapshot:Snapshot": metered("rds", "backup-storage", "snapshot storage", "storedGib"),
    "aws:rds/clusterSnapshot:ClusterSnapshot": metered("aurora", "backup-storage", "snapshot storage", "storedGib"),
    "aws:elasticache/cluster:Cluster": _nodes("elasticache", "nodeType", "numCacheNodes"),
    "aws:elasticache/replicationGroup:ReplicationGroup": _sharded(
        "elasticache", "numNodeGroups", "replicasPerNodeGroup", 0, "numCacheClusters"
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": together(unlisted("cached data"), unlisted("processing units")),
    "aws:memorydb/cluster:Cluster": _sharded("memorydb", "numShards", "numReplicasPerShard", 1),
    "aws:opensearch/domain:Domain": _domain,
    "aws:opensearch/serverlessCollection:ServerlessCollection": _collection,
    "aws:redshift/cluster:Cluster": together(_nodes("redshift", "nodeType", "numberOfNodes"), unlisted("managed storage")),
    "aws:redshiftserverless/workgroup:Workgroup": unlisted("processing units of the workgroup"),
    "aws:docdb/clusterInstance:ClusterInstance": _nodes("documentdb", "instanceClass"),
    "aws:docdb/cluster:Cluster": together(unlisted("cluster storage"), unlisted("cluster I/O requests")),
    "aws:neptune/clusterInstance:ClusterInstance": _nodes("neptune", "instanceClass"),
    "aws:neptune/cluster:Cluster": together(unlisted("cluster storage"), unlisted("cluster I/O requests")),
    "aws:msk/cluster:Cluster": together(
        _nodes("msk", "brokerNodeGroupInfo.instanceType", "numberOfBrokerNodes"), unlisted("broker storage")
    ),
    "aws:mq/broker:Broker": together(_nodes("mq", "hostInstanceType"), unlisted("broker storage")),
}
FREE: set[str] = {
    "aws:elasticache/parameterGroup:ParameterGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:elasticache/user:User",
    "aws:elasticache/userGroup:UserGroup",
    "aws:elasticache/userGroupAssociation:UserGroupAssociation",
    "aws:memorydb/acl:Acl",
    "aws:memorydb/parameterGroup:ParameterGroup",
    "aws:memorydb/subnetGroup:SubnetGroup",
    "aws:memorydb/user:User",
    "aws:opensearch/domainPolicy:DomainPolicy",
    "aws:opensearch/domainSamlOptions:DomainSamlOptions",
    "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy",
    "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy",
    "aws:opensearch/serverlessSecurityConfig:ServerlessSecurityConfig",
    "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy",
    "aws:rds/clusterEndpoint:ClusterEndpoint",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
    "aws:rds/clusterRoleAssociation:ClusterRoleAssociation",
    "aws:rds/eventSubscription:EventSubscription",
    "aws:rds/globalCluster:GlobalCluster",
    "aws:rds/optionGroup:OptionGroup",
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
    "aws:rds/proxyTarget:ProxyTarget",
    "aws:rds/roleAssociation:RoleAssociation",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:redshift/parameterGroup:ParameterGroup",
    "aws:redshift/subnetGroup:SubnetGroup",
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
    "aws:docdb/subnetGroup:SubnetGroup",
    "aws:neptune/clusterParameterGroup:ClusterParameterGroup",
    "aws:neptune/parameterGroup:ParameterGroup",
    "aws:neptune/subnetGroup:SubnetGroup",
    "aws:msk/configuration:Configuration",
    "aws:mq/configuration:Configuration",
}
