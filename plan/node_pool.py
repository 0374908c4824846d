"""Plans the node pools of an environment."""

from collections.abc import Mapping

from catalogue.regions import Region
from environment.model import Environment
from environment.node_pool import NodePool
from plan.driver_owner import plan_driver_owner
from plan.findings import Findings
from plan.ladder import check_ladder, ladder
from plan.model import NetworkPlan, NodePoolPlan
from plan.pool_cache import check_cache
from plan.pool_capacity import check_capacity, decide_reservation
from plan.pool_choice import Choice
from plan.pool_existing import plan_existing_pool
from plan.pool_interconnect import plan_interconnect, plan_placement
from plan.pool_labels import POOL_LABEL, check_labels, plan_labels, plan_taints, tolerations
from plan.pool_machine import choose_machine
from plan.pool_nodes import plan_nodes
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules
from plan.pool_sharing import plan_sharing
from plan.pool_upgrade import plan_repair, plan_upgrade
from plan.pool_usage import plan_pool_usage
from plan.pool_zones import plan_zones
from plan.provisioner import SYSTEM_POOL, system_pools
from plan.registry import has_networks, node_pool_rules
from plan.rungs import plan_rungs
from plan.scope import has_existing_cluster, wants_cluster

_SYSTEM_SOURCE = (
    "Microsoft Learn, Manage system node pools in AKS: every cluster needs one: https://learn.microsoft.com/azure/aks/use-system-pools"
)


def plan_node_pools(
    environment: Environment,
    region: Region | None,
    provisioner: str,
    network: NetworkPlan | None,
    labels: Mapping[str, str],
    findings: Findings,
) -> tuple[NodePoolPlan, ...]:
    """Every pool planned, the system pool first, then by name.

    A pool for which no machine can be chosen is left out: that is a fault already, here or of the region.
    """
    if not wants_cluster(environment):
        return ()
    systems = _system_pools(environment, findings)
    owner = plan_driver_owner(environment, findings)
    add_ons = environment.cluster.add_ons if environment.cluster else None
    switches = {word: value for word, value in (add_ons.model_dump() if add_ons else {}).items() if value is not None}
    plans: list[NodePoolPlan] = []
    for name, pool in _all_pools(environment, systems, findings).items():
        request = PoolRequest(
            cloud=environment.cloud,
            stage=environment.stage,
            region_name=environment.region,
            region=region,
            name=name,
            pool=pool,
            system=name in systems or name not in environment.node_pools,
            ladder=ladder(pool, environment.stage, system=name in systems or name not in environment.node_pools),
            provisioner=provisioner,
            network_zones=network.zones if network else (),
            driver_owner=owner,
            add_ons=switches,
            labels=labels,
            findings=findings,
        )
        planned = _plan(request, has_existing_cluster(environment))
        plans += [planned] if planned else []
    _check_names(plans, findings)
    return tuple(sorted(plans, key=lambda plan: (not plan.system, plan.name)))


def _system_pools(environment: Environment, findings: Findings) -> tuple[str, ...]:
    """The file's system pools; faults a second one, and a name that is kept for the one that is added."""
    systems = system_pools(environment)
    for name in systems[1:]:
        problem = f"makes a second system pool beside {systems[0]}"
        findings.fault(f"nodePools.{name}.system", True, problem, allowed="one system pool", fix="remove system from one of them")
    named = environment.node_pools.get(SYSTEM_POOL)
    if not systems and named is not None and _needs_system(environment):
        problem = "is the name of the pool that runs the cluster's own add-ons, and this one does not"
        fix = "rename the pool, or mark another one system: true"
        findings.fault(f"nodePools.{SYSTEM_POOL}.system", False, problem, allowed="system: true, or another name", fix=fix)
    return systems


def _needs_system(environment: Environment) -> bool:
    return has_networks(environment.cloud) and not has_existing_cluster(environment)


def _all_pools(environment: Environment, systems: tuple[str, ...], findings: Findings) -> Mapping[str, NodePool]:
    pools = dict(environment.node_pools)
    if not systems and _needs_system(environment) and SYSTEM_POOL not in pools:
        pools[SYSTEM_POOL] = NodePool()
        reason = "the cluster's own add-ons need a pool that stays, and the file names none"
        findings.decide(f"nodePools.{SYSTEM_POOL}", "added", reason, _SYSTEM_SOURCE)
    return dict(sorted(pools.items()))


def _plan(request: PoolRequest, existing_cluster: bool) -> NodePoolPlan | None:
    if request.pool.existing:
        if not existing_cluster:
            problem = "cannot be there before its cluster, which is made here"
            request.fault("existing", True, problem, allowed="in an existing cluster", fix="remove existing, or name cluster.existing")
        return plan_existing_pool(request)
    if not has_networks(request.cloud):
        problem = "cannot be made: the machines of such a cluster are its owners'"
        request.fault("existing", False, problem, allowed="existing: true", fix="write existing: true, with the nodes' labels")
        return None
    rules = node_pool_rules(request.cloud)
    check_ladder(request)
    check_capacity(request, rules)
    choice = choose_machine(request, rules)
    check_labels(request, rules, choice)
    nodes = plan_nodes(request, choice)
    return _plan_new(request, rules, choice, nodes) if choice else None


def _plan_new(request: PoolRequest, rules: NodePoolRules, choice: Choice, nodes: tuple[int, int]) -> NodePoolPlan:
    rules.check_ladder(request, choice)
    check_cache(request, rules, choice)
    _check_system(request, choice)
    zones = plan_zones(request, rules, choice)
    driver = rules.driver(request, choice)
    sharing = plan_sharing(request, rules, choice, driver)
    disk = rules.disk(request, choice)
    os_image = rules.os_image(choice, driver)
    compact = plan_placement(request, rules, choice, zones)
    kinds = dict.fromkeys(request.ladder)
    taints = {kind: plan_taints(request, rules, kind, choice) for kind in kinds}
    node_labels = {kind: plan_labels(request, rules, kind, driver, sharing) for kind in kinds}
    immutable = (
        choice.machine.instance_type,
        disk,
        os_image,
        driver.driver,
        sharing.cloud_profile,
        compact,
        request.pool.spot_max_usd_per_hour,
    )
    decide_reservation(request, choice.machine.usd_per_hour, nodes[0])
    resource = choice.accelerator.resource_name if choice.accelerator else ""
    return NodePoolPlan(
        name=request.name,
        labels=request.labels,
        system=request.system,
        machine=choice.machine,
        rungs=plan_rungs(request, rules, choice, zones, nodes, node_labels, taints, immutable),
        os_image=os_image,
        disk=disk,
        driver=driver,
        sharing=sharing,
        interconnect=plan_interconnect(request, rules, choice),
        compact_placement=compact,
        cache=rules.cache(request, choice, driver),
        auto_repair=plan_repair(request, rules),
        upgrade=plan_upgrade(request, rules, choice),
        resource=resource,
        resources_per_node=choice.machine.accelerator_count * sharing.clients,
        selector={POOL_LABEL: request.name, **rules.selector(request)},
        tolerations=tolerations(taint for kind in kinds for taint in taints[kind]),
        usage=plan_pool_usage(request, *nodes, whole=choice.tpu.hosts if choice.tpu else 1),
        tpu=choice.tpu,
    )


def _check_system(request: PoolRequest, choice: Choice) -> None:
    if request.system and choice.accelerator is not None:
        problem = f"spends {choice.accelerator.word} machines on the cluster's own add-ons, which use none"
        field = "accelerator" if request.pool.accelerator else "machine"
        request.fault(
            field, choice.machine.instance_type, problem, allowed="machines without accelerators", fix="remove system, or the accelerator"
        )


def _check_names(plans: list[NodePoolPlan], findings: Findings) -> None:
    """Faults two rungs of one name: a pool's name may be another pool's with a kind of capacity."""
    owners: dict[str, str] = {}
    for plan in sorted(plans, key=lambda plan: plan.name):
        for rung in plan.rungs:
            for name in {rung.name, rung.pool_name} - {None}:
                other = owners.setdefault(str(name), plan.name)
                if other != plan.name:
                    problem = f"is what a rung of pool {other} is called"
                    findings.fault(f"nodePools.{plan.name}", plan.name, problem, allowed="another name", fix=f"rename {plan.name}")
