"""Plans everything that is put into the cluster: add-ons, teams, queues, workloads."""

from collections.abc import Mapping, Sequence

from environment.model import Environment
from plan.add_on_services import GatewayChoice, uses_kueue
from plan.add_ons import plan_add_ons
from plan.contents_request import ContentsRequest
from plan.egress import plan_egress
from plan.findings import Findings
from plan.model import ClusterPlan, KubernetesPlan, NetworkPlan, NodePoolPlan, PrometheusPlan
from plan.queues import plan_flavors, plan_queues
from plan.scope import endpoints_on_pools, wants_cluster
from plan.team import asked_teams, plan_teams
from plan.workload import plan_workloads

# Google Cloud, "Health checks overview", probe IP ranges.
_HEALTH_CHECKS = ("35.191.0.0/16", "130.211.0.0/22")
# RFC 1918: where the proxies of a network lie that is not ours to know.
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_PROMETHEUS = PrometheusPlan(address="http://prometheus-server.prometheus.svc", namespace="prometheus")
_PROMETHEUS_SOURCE = (
    "Amazon EKS User Guide, Deploy Prometheus using Helm: https://docs.aws.amazon.com/eks/latest/userguide/deploy-prometheus.html"
)


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
        gateway_ranges=_gateway_ranges(request, add_ons.gateway),
        prometheus=_prometheus(request),
    )


def _gateway_ranges(request: ContentsRequest, gateway: GatewayChoice) -> tuple[str, ...]:
    """From where Google's gateway calls pods: its proxies in the network, and its health checks. Envoy Gateway's calls from inside."""
    if gateway.name is None or gateway.controller is not None:
        return ()
    network = request.network
    within = (network.proxy_subnet.cidr,) if network and network.proxy_subnet else _PRIVATE
    return (*within, *_HEALTH_CHECKS)


def _prometheus(request: ContentsRequest) -> PrometheusPlan | None:
    """Which Prometheus KEDA asks for endpoints; None where there is no KEDA, or no endpoint on a pool."""
    if request.add_ons.keda not in ("install", "existing") or not endpoints_on_pools(request.environment):
        return None
    reason = "where its chart is put by most; it must read pods by their annotations, as that chart does"
    request.decide("cluster.prometheus", _PROMETHEUS.address, reason, _PROMETHEUS_SOURCE)
    return _PROMETHEUS
