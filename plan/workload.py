"""Plans the workloads: each must land on a pool of this environment, or it would wait for ever without a word."""

from collections.abc import Mapping, Sequence

from environment.workload import Workload
from plan.contents_request import ContentsRequest, nearest
from plan.model import NodePoolPlan, TeamPlan, Toleration, WorkloadPlan
from plan.team import NO_TEAM
from plan.workload_image import check_image
from plan.workload_match import Ask, Near, matches, obstacles
from plan.workload_size import plan_requests

_SCHEDULING = "Kubernetes documentation, Assigning Pods to Nodes, and Taints and Tolerations: https://kubernetes.io/docs/concepts/scheduling-eviction/"
_TPU = "Google Cloud, TPUs in GKE: a pod asks for all chips of its node: https://cloud.google.com/kubernetes-engine/docs/concepts/tpus"


def plan_workloads(request: ContentsRequest, teams: Sequence[TeamPlan]) -> tuple[WorkloadPlan, ...]:
    """Every workload that has no fault, ordered by name."""
    by_name = {team.name: team for team in teams}
    asked = sorted(request.environment.workloads.items())
    planned = (_plan(request, by_name, name, workload) for name, workload in asked)
    return tuple(workload for workload in planned if workload is not None)


def _plan(request: ContentsRequest, teams: Mapping[str, TeamPlan], name: str, workload: Workload) -> WorkloadPlan | None:
    check_image(request, name, workload.image)
    team = _team(request, teams, name, workload)
    landing = _landing(request, name, workload)
    if team is None or landing is None:
        return None
    pool, ask = landing
    requests = plan_requests(request, name, workload, pool, ask.amount)
    _check_capacity(request, name, workload, pool, ask.amount)
    _check_slice(request, name, workload, pool, ask.amount)
    _check_quota(request, name, workload, team, pool, ask.amount)
    return WorkloadPlan(
        name=name,
        kind=workload.kind,
        namespace=team.namespace,
        labels={**request.labels, "drydock/team": team.name},
        image=workload.image,
        command=workload.command,
        replicas=workload.replicas,
        requests=requests,
        selector=ask.selector,
        tolerations=ask.tolerations,
        pool=pool.name,
        queue=team.queue if ask.amount else None,
    )


def _team(request: ContentsRequest, teams: Mapping[str, TeamPlan], name: str, workload: Workload) -> TeamPlan | None:
    path = f"workloads.{name}.team"
    if workload.team is None:
        if len(teams) == 1:
            (only,) = teams.values()
            if only.name != NO_TEAM:
                request.decide(path, only.name, "it is the environment's only team")
            return only
        request.fault(path, None, "does not say whose it is", allowed=" | ".join(sorted(teams)), fix=f"add team: {min(teams)}")
        return None
    if workload.team not in teams:
        near = nearest(workload.team, teams)
        fix = f"write team: {near}" if near != NO_TEAM else f"add {workload.team} under teams"
        request.fault(path, workload.team, "is no team of this environment", allowed=" | ".join(sorted(teams)), fix=fix)
        return None
    return teams[workload.team]


def _landing(request: ContentsRequest, name: str, workload: Workload) -> tuple[NodePoolPlan, Ask] | None:
    """The pool that the workload lands on, and what its pods say to get there; None where there is none, which is a fault."""
    if workload.pool is not None:
        return _named_pool(request, name, workload, workload.pool)
    ask = _written_ask(request, name, workload)
    if ask is None or not request.knows_all_pools:
        return None
    if not request.pools:
        problem = "has no node to run on: this environment names no pool"
        request.fault(
            f"workloads.{name}.pool", None, problem, allowed="a pool under nodePools", fix="add the pool, existing: true where it is there"
        )
        return None
    best = matches(request, ask)[0]
    if best.obstacles:
        _fault_match(request, name, workload, best)
        return None
    request.decide(f"workloads.{name}.pool", best.pool.name, "its selector, tolerations and resource fit there", _SCHEDULING)
    return best.pool, ask


def _named_pool(request: ContentsRequest, name: str, workload: Workload, asked: str) -> tuple[NodePoolPlan, Ask] | None:
    pool = next((each for each in request.pools if each.name == asked), None)
    if pool is None:
        if asked not in request.environment.node_pools:
            known = sorted({*request.environment.node_pools, *(each.name for each in request.pools)})
            near = nearest(asked, known)
            fix = f"write pool: {near}" if near else f"add {asked} under nodePools"
            allowed = " | ".join(known) or "a pool under nodePools"
            request.fault(f"workloads.{name}.pool", asked, "is no pool of this environment", allowed=allowed, fix=fix)
        return None
    ask = Ask(
        selector={**pool.selector, **workload.node_selector},
        tolerations=tuple(dict.fromkeys([*pool.tolerations, *_tolerations(workload)])),
        resource=workload.resource or (pool.resource if workload.accelerators or _takes_all(pool) else ""),
        amount=_amount(request, name, workload, pool),
    )
    if workload.accelerators and not pool.resource:
        problem = f"asks for accelerators, and pool {pool.name} has none"
        allowed = " | ".join(each.name for each in request.pools if each.resource) or "no accelerators"
        request.fault(
            f"workloads.{name}.accelerators",
            workload.accelerators,
            problem,
            allowed=allowed,
            fix="name another pool, or remove accelerators",
        )
        return None
    found = obstacles(request, pool, ask)
    if found:
        _fault_match(request, name, workload, Near(pool=pool, obstacles=found))
        return None
    return pool, ask


def _takes_all(pool: NodePoolPlan) -> bool:
    """Whether a workload that names the pool and no accelerators means its accelerators."""
    return bool(pool.resource)


def _amount(request: ContentsRequest, name: str, workload: Workload, pool: NodePoolPlan) -> int:
    if workload.accelerators is not None or not pool.resource:
        return workload.accelerators or 0
    # Whoever names a pool of accelerators wants one; a TPU's chips are not divided.
    amount = pool.resources_per_node if pool.tpu else 1
    request.decide(f"workloads.{name}.accelerators", amount, f"it names pool {pool.name}, whose nodes are there for {pool.resource}")
    return amount


def _written_ask(request: ContentsRequest, name: str, workload: Workload) -> Ask | None:
    resource, amount = workload.resource or "", workload.accelerators or 0
    if amount and not resource:
        offered = sorted({pool.resource for pool in request.pools if pool.resource})
        if len(offered) > 1:
            problem = "does not say which of the environment's accelerators it means"
            request.fault(f"workloads.{name}.resource", None, problem, allowed=" | ".join(offered), fix="add resource, or pool")
            return None
        resource = next(iter(offered), "nvidia.com/gpu")
    if resource and not amount:
        amount = 1
        request.decide(f"workloads.{name}.accelerators", amount, f"it asks for {resource}, and the file does not say how many")
    return Ask(selector=workload.node_selector, tolerations=_tolerations(workload), resource=resource, amount=amount)


def _tolerations(workload: Workload) -> tuple[Toleration, ...]:
    return tuple(Toleration(key=each.key, operator=each.operator, value=each.value, effect=each.effect) for each in workload.tolerations)


def _fault_match(request: ContentsRequest, name: str, workload: Workload, near: Near) -> None:
    """Each thing that keeps the workload off the pool that it comes nearest to, at the field that says it."""
    told = {
        "nodeSelector": dict(workload.node_selector),
        "tolerations": [each.key for each in workload.tolerations],
        "resource": workload.resource,
        "accelerators": workload.accelerators,
    }
    pool = near.pool
    for obstacle in near.obstacles:
        problem = f"fits no pool of this environment; the nearest, {pool.name}, has {obstacle.offer}"
        if workload.pool is not None:
            problem = f"does not fit pool {pool.name}, which has {obstacle.offer}"
        fix = (
            f"write pool: {pool.name} and no {obstacle.field}"
            if workload.pool is None
            else f"remove {obstacle.field}, or name another pool"
        )
        if obstacle.field == "accelerators":
            fix = f"write accelerators: {pool.resources_per_node} or less, or add a pool with larger nodes"
        path = f"workloads.{name}.{obstacle.field}"
        request.fault(path, told[obstacle.field], problem, allowed=obstacle.offer, fix=fix, source=_SCHEDULING)


def _check_capacity(request: ContentsRequest, name: str, workload: Workload, pool: NodePoolPlan, amount: int) -> None:
    wanted, most = workload.replicas * amount, request.most_of(pool)
    if wanted > most:
        problem = f"replicas with {amount} {pool.resource} each are {wanted}, and pool {pool.name} has {most} with all its nodes"
        fix = f"write replicas: {most // amount or 1}, or raise nodes.max of {pool.name}"
        request.fault(f"workloads.{name}.replicas", workload.replicas, problem, allowed=f"{most // amount} or fewer", fix=fix)


def _check_slice(request: ContentsRequest, name: str, workload: Workload, pool: NodePoolPlan, amount: int) -> None:
    if pool.tpu is None:
        return
    if amount != pool.resources_per_node:
        problem = f"is a part of a TPU host's {pool.resources_per_node} chips, which are not divided"
        fix = f"write accelerators: {pool.resources_per_node}"
        request.fault(f"workloads.{name}.accelerators", amount, problem, allowed=str(pool.resources_per_node), fix=fix, source=_TPU)
    if workload.replicas % pool.tpu.hosts:
        problem = f"pods do not fill the slices of pool {pool.name}, which have {pool.tpu.hosts} hosts each"
        fix = f"write replicas: {pool.tpu.hosts}"
        request.fault(
            f"workloads.{name}.replicas", workload.replicas, problem, allowed=f"{pool.tpu.hosts} or a multiple", fix=fix, source=_TPU
        )


def _check_quota(request: ContentsRequest, name: str, workload: Workload, team: TeamPlan, pool: NodePoolPlan, amount: int) -> None:
    hard = team.quota.hard.get(f"requests.{pool.resource}") if team.quota and amount else None
    wanted = workload.replicas * amount
    if hard is not None and wanted > int(hard):
        problem = f"replicas with {amount} {pool.resource} each are {wanted}, and team {team.name} may have {hard}"
        fix = f"write replicas: {int(hard) // amount or 1}, or raise the quota of teams.{team.name}"
        request.fault(f"workloads.{name}.replicas", workload.replicas, problem, allowed=f"{int(hard) // amount} or fewer", fix=fix)
