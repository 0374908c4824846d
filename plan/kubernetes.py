"""Plans everything that is put into the cluster: add-ons, teams, queues, workloads."""

from collections.abc import Mapping, Sequence

from environment.model import Environment
from plan.add_on_services import uses_kueue
from plan.add_ons import plan_add_ons
from plan.contents_request import ContentsRequest
from plan.egress import plan_egress
from plan.findings import Findings
from plan.model import ClusterPlan, KubernetesPlan, NetworkPlan, NodePoolPlan
from plan.queues import plan_flavors, plan_queues
from plan.scope import wants_cluster
from plan.team import asked_teams, plan_teams
from plan.workload import plan_workloads


def plan_kubernetes(
    environment: Environment,
    cluster: ClusterPlan | None,
    network: NetworkPlan | None,
    node_pools: Sequence[NodePoolPlan],
    labels: Mapping[str, str],
    findings: Findings,
) -> KubernetesPlan | None:
    """What stands in the cluster, None where the environment has none.

    cluster and network are None, and pools missing, where they are faulty: that is said already, and nothing is added that follows from it.
    """
    if not wants_cluster(environment):
        return None
    request = ContentsRequest(
        environment=environment, cluster=cluster, network=network, pools=tuple(node_pools), labels=labels, findings=findings
    )
    add_ons = plan_add_ons(request)
    teams = plan_teams(request, asked_teams(request), add_ons.charts)
    flavors = plan_flavors(request) if uses_kueue(request) else ()
    return KubernetesPlan(
        add_ons=add_ons.charts,
        teams=teams,
        flavors=flavors,
        workloads=plan_workloads(request, teams),
        queues=plan_queues(request, teams, flavors),
        egress=plan_egress(request),
        node_local_dns=add_ons.node_local_dns,
        gateway_class=add_ons.gateway.name,
        gateway_controller=add_ons.gateway.controller,
        expander_priorities=add_ons.expander_priorities,
    )
