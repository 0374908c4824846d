"""Plans the teams: a namespace each, what they may ask for, and whom their pods may speak to."""

from collections.abc import Iterator, Mapping

from environment.team import Quota, Team
from plan.add_on_services import uses_kueue
from plan.contents_request import ContentsRequest, nearest
from plan.model import AddOnPlan, QuotaPlan, TeamPlan
from plan.scope import endpoints_on_pools

NO_TEAM = "workloads"
_STANDARDS = "Kubernetes documentation, Pod Security Standards: https://kubernetes.io/docs/concepts/security/pod-security-standards/"
_NAMESPACES = "Kubernetes documentation, Namespaces (kube- is reserved): https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"
_SUBJECTS = "Kubernetes documentation, RBAC, Referring to subjects (system: is reserved): https://kubernetes.io/docs/reference/access-authn-authz/rbac/"
_CONTAINER_REQUESTS = {"cpu": "100m", "memory": "256Mi"}
_CONTAINER_LIMITS = {"memory": "1Gi"}
# The quota's word → the vendors whose resources it counts.
_COUNTED: Mapping[str, tuple[str, ...]] = {"gpus": ("nvidia", "amd"), "tpu_chips": ("tpu",), "neuron_devices": ("neuron",)}
_WORDS: Mapping[str, str] = {"gpus": "gpus", "tpu_chips": "tpuChips", "neuron_devices": "neuronDevices"}


def asked_teams(request: ContentsRequest) -> Mapping[str, Team]:
    """The file's teams, ordered; one that workloads and endpoints share where the file has some in the cluster and no team."""
    teams = dict(sorted(request.environment.teams.items()))
    environment = request.environment
    if not teams and (environment.workloads or endpoints_on_pools(environment)):
        who = "workloads" if environment.workloads else "endpoints"
        request.decide(f"teams.{NO_TEAM}", "added", f"{who} need a namespace that is closed like a team's, and the file names no team")
        return {NO_TEAM: Team()}
    return teams


def plan_teams(request: ContentsRequest, teams: Mapping[str, Team], add_ons: tuple[AddOnPlan, ...]) -> tuple[TeamPlan, ...]:
    """Every team; faults names that are taken, quotas that nothing can give, and teams that are not there."""
    _check_namespaces(request, teams, add_ons)
    standard = "restricted" if request.is_prod else "baseline"
    if teams:
        reason = "in production no pod may have rights of its node" if request.is_prod else "what restricted would refuse is warned of here"
        request.decide("teams.podSecurity", standard, reason, _STANDARDS)
    return tuple(_plan(request, teams, name, standard) for name in teams)


def namespace_of(name: str, team: Team) -> str:
    """The namespace of a team: the one that it names, or its own name."""
    return team.namespace or name


def _plan(request: ContentsRequest, teams: Mapping[str, Team], name: str, standard: str) -> TeamPlan:
    team = teams[name]
    _check_group(request, name, team)
    allowed = _allowed(request, teams, name)
    return TeamPlan(
        name=name,
        namespace=namespace_of(name, team),
        labels=request.labels,
        quota=_quota(request, name, team.quota),
        group=team.group,
        pod_security=standard,
        allow_from=allowed,
        internet_egress=team.internet_egress,
        queue=name if uses_kueue(request) else None,
        allow_to=tuple(namespace_of(other, teams[other]) for other in teams if other != name and name in teams[other].allow_from),
        container_requests=_CONTAINER_REQUESTS,
        container_limits=_CONTAINER_LIMITS,
    )


def _allowed(request: ContentsRequest, teams: Mapping[str, Team], name: str) -> tuple[str, ...]:
    allowed: list[str] = []
    for other in teams[name].allow_from:
        if other == name:
            problem = "is the team itself, whose pods reach each other anyway"
            request.fault(f"teams.{name}.allowFrom", other, problem, allowed="other teams", fix=f"remove {other}")
        elif other not in teams:
            near = nearest(other, set(teams) - {name})
            fix = f"write {near}" if near else f"remove {other}"
            known = ", ".join(sorted(set(teams) - {name})) or "none, as there is no other team"
            request.fault(f"teams.{name}.allowFrom", other, "is no team of this environment", allowed=known, fix=fix)
        else:
            allowed.append(namespace_of(other, teams[other]))
    return tuple(dict.fromkeys(allowed))


def _check_group(request: ContentsRequest, name: str, team: Team) -> None:
    if team.group is not None and team.group.startswith("system:"):
        problem = "belongs to Kubernetes itself, and would give the team more than its namespace"
        fix = "name the group of the team's people"
        request.fault(f"teams.{name}.group", team.group, problem, allowed="a group of your own", fix=fix, source=_SUBJECTS)


def _check_namespaces(request: ContentsRequest, teams: Mapping[str, Team], add_ons: tuple[AddOnPlan, ...]) -> None:
    taken = {add_on.namespace: f"the add-on {add_on.name}" for add_on in add_ons} | {"default": "Kubernetes"}
    for name, team in teams.items():
        namespace = namespace_of(name, team)
        path = f"teams.{name}.namespace" if team.namespace else f"teams.{name}"
        owner = "Kubernetes" if namespace.startswith("kube-") else taken.get(namespace)
        if owner is not None:
            fix = f"write namespace: team-{namespace}" if len(namespace) <= 19 else "write another namespace"
            source = _NAMESPACES if owner == "Kubernetes" else ""
            request.fault(path, namespace, f"is the namespace of {owner}", allowed="a namespace of the team's own", fix=fix, source=source)
        taken.setdefault(namespace, f"team {name}")


def _quota(request: ContentsRequest, name: str, quota: Quota | None) -> QuotaPlan | None:
    if quota is None:
        return None
    hard = {key: amount for word in _COUNTED for key, amount in _devices(request, name, word, getattr(quota, word))}
    plain = {
        "requests.cpu": None if quota.vcpus is None else f"{quota.vcpus:g}",
        "requests.memory": None if quota.memory_gib is None else f"{round(quota.memory_gib * 1024)}Mi",
        "pods": None if quota.pods is None else str(quota.pods),
    }
    hard |= {key: amount for key, amount in plain.items() if amount is not None}
    return QuotaPlan(hard=hard) if hard else None


def _devices(request: ContentsRequest, name: str, word: str, amount: int | None) -> Iterator[tuple[str, str]]:
    """The quota on each resource that pools offer under this word."""
    if amount is None:
        return
    path = f"teams.{name}.quota.{_WORDS[word]}"
    pools = [pool for vendor in _COUNTED[word] for pool in request.of_vendor(vendor)]
    if not pools:
        if amount and request.knows_all_pools:
            problem = "asks for what no pool of this environment has"
            request.fault(path, amount, problem, allowed="0, or a pool that has them", fix=f"add such a pool, or remove {_WORDS[word]}")
        return
    most = sum(request.most_of(pool) for pool in pools)
    if amount > most:
        request.decide(path, amount, f"the pools have {most} at most, so the team reaches its quota only when they grow")
    if any(pool.sharing.strategy != "none" for pool in pools):
        request.decide(f"{path}.unit", "parts", "pods share GPUs here, and a quota counts the parts that they ask for")
    yield from ((f"requests.{resource}", str(amount)) for resource in sorted({pool.resource for pool in pools}))
