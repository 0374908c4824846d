"""Plans a whole environment."""

from environment.faults import EnvironmentInvalid
from environment.model import Environment
from plan.cluster import plan_cluster
from plan.container_registry import plan_container_registry
from plan.endpoint import plan_endpoints
from plan.findings import Findings
from plan.kubernetes import plan_kubernetes
from plan.labels import environment_labels
from plan.model import Plan
from plan.network import plan_network
from plan.node_pool import plan_node_pools
from plan.provisioner import plan_provisioner
from plan.quotas import decide_unchecked, plan_quotas
from plan.regions import known_region
from plan.registry import has_storage
from plan.storage import plan_buckets


def plan(environment: Environment) -> Plan:
    """Every decision of an environment; equal input gives an equal plan, whatever the order of keys.

    Raises EnvironmentInvalid with all faults at once when the environment asks for what its cloud cannot do.
    """
    findings = Findings()
    # Where a cluster on anybody's machines stands is for its owners to name.
    region = known_region(environment.cloud, environment.region, "region", findings) if has_storage(environment.cloud) else None
    labels = environment_labels(environment, findings)
    buckets = plan_buckets(environment, region, labels, findings)
    provisioner = plan_provisioner(environment, findings)
    network = plan_network(environment, region, labels, findings)
    cluster = plan_cluster(environment, provisioner, network, labels, findings)
    node_pools = plan_node_pools(environment, region, provisioner, network, labels, findings)
    registry = plan_container_registry(environment, labels, findings)
    endpoints = plan_endpoints(environment, region, buckets, node_pools, labels, findings)
    kubernetes = plan_kubernetes(environment, cluster, network, node_pools, labels, findings)
    quotas = plan_quotas(environment, network, node_pools, cluster)
    decide_unchecked(environment, quotas, findings)
    if findings.faults:
        raise EnvironmentInvalid(findings.faults)
    return Plan(
        cloud=environment.cloud,
        region=environment.region,
        stage=environment.stage,
        labels=labels,
        buckets=buckets,
        decisions=tuple(sorted(findings.decisions)),
        network=network,
        cluster=cluster,
        node_pools=node_pools,
        kubernetes=kubernetes,
        quotas=quotas,
        registry=registry,
        endpoints=endpoints,
    )
