"""TPU slices: a topology of chips on hosts, and what it makes of a pool."""

from dataclasses import dataclass

from catalogue.accelerators import TpuSlice, tpu_slices
from catalogue.model import Offer
from catalogue.pool_accelerators import pool_accelerator
from plan.model import TpuSlicePlan
from plan.pool_request import PoolRequest

_TOPOLOGIES = "Google Cloud, Plan TPUs in GKE: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus"
_NAMED = 8


@dataclass(frozen=True, kw_only=True)
class SliceChoice:
    """The slice of a TPU pool, and the machine type of its hosts. fault: what was asked for is none, and that is noted already."""

    plan: TpuSlicePlan | None
    machine_type: str
    fault: bool = False

    def holds(self, offer: Offer) -> bool:
        """Whether a machine is the slice's host."""
        return offer.machine.instance_type == self.machine_type


def plan_slice(request: PoolRequest) -> SliceChoice | None:
    """The slice that was asked for; None for what is no TPU. Faults a topology that does not exist or does not fit its hosts."""
    generation = _generation(request)
    if generation is None:
        if request.pool.topology is not None:
            problem = "is a shape of TPU slices, and this pool has no TPU"
            request.fault("topology", request.pool.topology, problem, allowed="beside a TPU", fix="remove topology", source=_TOPOLOGIES)
        return None
    slices = tpu_slices(generation)
    fitting = [each for each in slices if _fits(request, each)]
    if not fitting:
        _fault_topology(request, slices)
        return SliceChoice(plan=None, machine_type="", fault=True)
    chosen = min(fitting, key=lambda each: (each.hosts, each.chips))
    if request.pool.topology is None:
        request.decide("topology", chosen.topology, "the smallest slice on one host: it needs no other machine", _TOPOLOGIES)
    policy = "HIGH_THROUGHPUT" if generation == "tpu7x" and chosen.hosts > 1 else None
    plan = TpuSlicePlan(
        topology=chosen.topology, chips=chosen.chips, chips_per_host=chosen.chips_per_host, hosts=chosen.hosts, policy=policy
    )
    return SliceChoice(plan=plan, machine_type=chosen.gke_machine_type)


def slice_problem(slice_plan: TpuSlicePlan) -> str:
    """The slice's arithmetic, for a message."""
    return f"{slice_plan.topology} is {slice_plan.chips} chips, {slice_plan.chips_per_host} a host, so {slice_plan.hosts} hosts"


def _generation(request: PoolRequest) -> str | None:
    pool = request.pool
    if pool.accelerator is not None:
        known = pool_accelerator(pool.accelerator)
        return known.tpu_generation if known else None
    if pool.machine is None:
        return None
    generations = ("v4", "v5e", "v5p", "v6e", "tpu7x")
    hosts = {each.gke_machine_type: generation for generation in generations for each in tpu_slices(generation)}
    return hosts.get(pool.machine)


def _fits(request: PoolRequest, each: TpuSlice) -> bool:
    pool = request.pool
    wanted = (
        pool.topology == each.topology if pool.topology is not None else each.hosts == 1,
        pool.per_node in (None, each.chips_per_host),
        pool.machine in (None, each.gke_machine_type),
    )
    return all(wanted)


def _fault_topology(request: PoolRequest, slices: tuple[TpuSlice, ...]) -> None:
    pool = request.pool
    same = sorted({(each.gke_machine_type, each.chips_per_host) for each in slices if each.topology == pool.topology})
    if pool.topology is not None and same:
        hosts = ", ".join(f"{chips} chips on {machine}" for machine, chips in same)
        field, value = ("perNode", pool.per_node) if pool.per_node is not None else ("machine", pool.machine)
        problem = f"is not what {pool.topology} consists of"
        request.fault(field, value, problem, allowed=hosts, fix=f"write perNode: {same[0][1]}, or leave it out", source=_TOPOLOGIES)
        return
    if pool.topology is None:
        single = sorted({each.chips_per_host for each in slices if each.hosts == 1})
        allowed = ", ".join(str(count) for count in single)
        problem = "chips are on no single host"
        request.fault("perNode", pool.per_node, problem, allowed=allowed, fix=f"write perNode: {single[0]}", source=_TOPOLOGIES)
        return
    known = list(dict.fromkeys(each.topology for each in slices))
    allowed = ", ".join(known[:_NAMED]) + (f" and {len(known) - _NAMED} larger ones" if len(known) > _NAMED else "")
    problem = f"is no slice of {pool.accelerator or pool.machine}"
    request.fault("topology", pool.topology, problem, allowed=allowed, fix=f"write topology: {known[0]}", source=_TOPOLOGIES)
