"""What stands in every cluster, and the deployment into a cluster that is there already."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pulumi import Input, ProviderResource, Resource, ResourceOptions

from components.contract import DeploymentOutputs, KubernetesOutputs, NodePoolOutputs, node_pool_outputs
from components.kubernetes.add_on import AddOn
from components.kubernetes.compute_class import compute_class
from components.kubernetes.expander import expander_priorities
from components.kubernetes.gateway import gateway_class
from components.kubernetes.inside import Inside
from components.kubernetes.karpenter import NodeClassRef, karpenter_node_pool
from components.kubernetes.node_local_dns import NodeLocalDns
from components.kubernetes.provider import existing_cluster
from components.kubernetes.queue import provisioning_check, queue_flavors, team_queue
from components.kubernetes.team import Team
from components.kubernetes.workload import Workload
from components.serving import add_endpoints
from plan.model import KubernetesPlan, Plan

__all__ = ["Inside", "NodeClassRef", "compute_class", "deploy", "deploy_kubernetes", "karpenter_node_pool"]

BuildNodes = Callable[[Mapping[str, AddOn], ResourceOptions], Sequence[Resource]]


def deploy(plan: Plan) -> DeploymentOutputs:
    """Build everything that the plan puts into a cluster that is there already; its nodes stay as they are."""
    outputs = DeploymentOutputs()
    if plan.cluster is None:
        return outputs
    pools: dict[str, NodePoolOutputs] = {pool.name: node_pool_outputs(pool, {}) for pool in plan.node_pools}
    if pools:
        outputs["nodePools"] = pools
    if plan.kubernetes is not None:
        inside = deploy_kubernetes(plan, provider=existing_cluster(plan.cluster))
        outputs["kubernetes"] = inside.outputs
        add_endpoints(outputs, lambda built: inside.deploy_endpoints(plan, built))
    return outputs


def deploy_kubernetes(
    plan: Plan,
    *,
    provider: ProviderResource | None = None,
    nodes: Sequence[Resource] = (),
    chart_values: Mapping[str, Mapping[str, Any]] | None = None,
    service_ranges: Input[Sequence[str]] = (),
    build_nodes: BuildNodes | None = None,
) -> Inside:
    """Put add-ons, teams and workloads into the cluster; nothing where the plan has none.

    provider: the cluster's. nodes: what must be up before charts are waited for, and must outlive them. chart_values: per add-on, what
    the cloud alone knows; it wins over the plan's values. service_ranges: addresses of the cloud's own services (CIDR) that teams' pods
    may reach at port 443, beside those of the plan. build_nodes: builds what add-ons make into nodes (Karpenter's node pools), with the
    add-ons by name and the options to build with; workloads wait for it, and go before it.
    """
    inside = plan.kubernetes
    if inside is None:
        return Inside(outputs=KubernetesOutputs(addOns={}, namespaces={}, workloads={}), opts=ResourceOptions(provider=provider))
    there = ResourceOptions(provider=provider)
    add_ons = _add_ons(inside, ResourceOptions.merge(there, ResourceOptions(depends_on=[*nodes])), chart_values or {})
    after_add_ons = ResourceOptions.merge(there, ResourceOptions(depends_on=[*nodes, *add_ons.values()]))
    more_nodes = build_nodes(add_ons, after_add_ons) if build_nodes else ()
    teams = {team.name: Team(team.name, team, egress=inside.egress, service_ranges=service_ranges, opts=there) for team in inside.teams}
    queues = _queues(inside, teams, after_add_ons)
    ready = [*nodes, *more_nodes, *add_ons.values(), *_gateway_class(inside, after_add_ons), *teams.values(), *queues]
    after_all = ResourceOptions.merge(there, ResourceOptions(depends_on=ready))
    for workload in inside.workloads:
        Workload(workload.name, workload, opts=after_all)
    outputs = KubernetesOutputs(
        addOns={add_on.name: add_on.version for add_on in inside.add_ons},
        namespaces={name: team.namespace for name, team in teams.items()},
        workloads={workload.name: workload.pool for workload in inside.workloads},
    )
    return Inside(outputs=outputs, opts=after_all)


def _add_ons(plan: KubernetesPlan, opts: ResourceOptions, values: Mapping[str, Mapping[str, Any]]) -> dict[str, AddOn]:
    built: dict[str, AddOn] = {}
    for add_on in plan.add_ons:
        # The plan puts an add-on after those that it needs.
        after = ResourceOptions(depends_on=[built[name] for name in add_on.after])
        built[add_on.name] = AddOn(add_on.name, add_on, values=values.get(add_on.name), opts=ResourceOptions.merge(opts, after))
    if plan.node_local_dns:
        NodeLocalDns("node-local-dns", plan.node_local_dns, opts=opts)
    if plan.expander_priorities:
        expander_priorities(plan.expander_priorities, opts)
    return built


def _gateway_class(plan: KubernetesPlan, opts: ResourceOptions) -> list[Resource]:
    return [gateway_class(plan.gateway_class, plan.gateway_controller, opts)] if plan.gateway_class and plan.gateway_controller else []


def _queues(plan: KubernetesPlan, teams: Mapping[str, Team], opts: ResourceOptions) -> list[Resource]:
    needed = [*queue_flavors(plan.flavors, opts), *provisioning_check(plan.flavors, opts)]
    after = ResourceOptions.merge(opts, ResourceOptions(depends_on=[*needed, *teams.values()]))
    return [*needed, *(team_queue(queue, plan.flavors, after) for queue in plan.queues)]
