"""What to say when no machine serves a model: what is missing, and which machines have it."""

from collections.abc import Iterable, Sequence

from catalogue.pool_accelerators import accelerator_words, pool_accelerator
from environment.model_version import ModelVersion
from plan.contents_request import nearest
from plan.endpoint_machine import Candidate, machine_can_serve, machine_names_of
from plan.endpoint_memory import Memory
from plan.endpoint_request import EndpointRequest
from plan.endpoint_throughput import Speed
from plan.model import NodePoolPlan
from plan.pool_offers import near_words

_NAMED = 3
_WORDS = "catalogue/data/pool_accelerators.csv"
_MACHINES = "catalogue/data/serving_machines.csv"


def fault_asked(request: EndpointRequest, every: Sequence[Candidate]) -> None:
    """The machine or accelerator that the file names is none of the platform's, or none of the pool's."""
    endpoint = request.endpoint
    if endpoint.accelerator is not None and pool_accelerator(endpoint.accelerator) is None:
        near = near_words(endpoint.accelerator) or accelerator_words()[-_NAMED:]
        problem, fix = "is no known accelerator", f"write accelerator: {near[0]}"
        request.fault("accelerator", endpoint.accelerator, problem, allowed=", ".join(near), fix=fix, source=_WORDS)
    elif request.pool is not None:
        _fault_pool(request, request.pool, every)
    elif endpoint.machine is not None and endpoint.machine.lower() not in {each.name.lower() for each in every}:
        _fault_machine(request, endpoint.machine, every)
    elif endpoint.accelerators is not None and any(endpoint.accelerator in (None, each.machine.accelerator) for each in every):
        _fault_count(request, endpoint.accelerators, every)
    else:
        _fault_accelerator(request, every)


def fault_wants_gpu(request: EndpointRequest, version: ModelVersion, every: Sequence[Candidate]) -> None:
    """The runtime runs on GPUs, and what the file names has none."""
    endpoint = request.endpoint
    problem = f"has no GPU, and runtime {version.runtime} wants one"
    if request.pool is not None:
        pools = [pool.name for pool in request.pools if pool.resources_per_node]
        allowed = f"pools with GPUs: {', '.join(pools)}" if pools else "a pool with GPUs"
        fix = f"write on: {pools[0]}" if pools else "add a pool with an accelerator"
        request.fault("on", request.pool.name, problem, allowed=allowed, fix=fix)
        return
    field = "machine" if endpoint.machine else "accelerators" if endpoint.accelerators is not None else "on"
    value = endpoint.machine or endpoint.accelerators or (0 if endpoint.accelerators is not None else endpoint.on)
    machines = cheapest(each for each in every if each.devices)
    allowed = f"machines with GPUs: {', '.join(machines)}" if machines else "regions in which the platform has GPUs"
    fix = f"write machine: {machines[0]}" if machines else "write another region, or another platform under on"
    request.fault(field, value, problem, allowed=allowed, fix=fix, source=_MACHINES)


def fault_too_small(
    request: EndpointRequest, name: str, memory: Memory, rooms: Sequence[tuple[Candidate, float]], able: Sequence[Candidate]
) -> None:
    """No machine that may be taken holds the model: what it needs, what the largest has, and which machines hold it."""
    largest, room = max(rooms, key=lambda each: each[1])
    needs = memory.needs_gib(max(largest.devices, 1))
    where = "of GPU memory " if largest.devices else ""
    problem = f"does not hold {name}: it needs {needs:,.1f} GiB {where}({memory.words}), and {largest.name} has {room:,.1f} GiB for it"
    if room >= needs:
        problem = f"does not run {name}: {largest.name} does not compute in {memory.precision}, or is too old or too narrow for the runtime"
    lower = f"; {memory.lower}" if memory.lower else ""
    names = [pool.name for pool in _larger_pools(request, needs)] if request.pool is not None else cheapest(able)
    what, word = ("pools", "on") if request.pool is not None else ("machines", "machine")
    allowed = f"{what} that hold it: {', '.join(names)}{lower}" if names else f"less than that: nothing here holds it{lower}"
    fix = f"write {word}: {names[0]}" if names else "serve a lower precision or a smaller model, or write another platform under on"
    endpoint = request.endpoint
    field = "machine" if endpoint.machine else "accelerator" if endpoint.accelerator else "on"
    value = endpoint.machine or endpoint.accelerator or endpoint.on
    request.fault(field, value, problem, allowed=allowed, fix=fix, source=memory.source)


def fault_latency(request: EndpointRequest, name: str, candidate: Candidate, speed: Speed, p95_ms: float) -> None:
    """The objective is shorter than what the model itself takes."""
    itself = speed.p95_ms or 0.0
    how = "measured" if speed.measured else "estimated for its first token"
    problem = f"ms is less than what {name} itself takes on {candidate.name}: {itself:,.0f} ms, {how}"
    fix = f"write p95Ms: {int(-(-itself // 10) * 10)}, or measure a faster machine"
    request.fault("objective.p95Ms", p95_ms, problem, allowed=f"{itself:,.0f} or more", fix=fix, source=speed.source)


def cheapest(candidates: Iterable[Candidate]) -> list[str]:
    """The names of a few machines, cheapest first, each once."""
    ordered = sorted(candidates, key=lambda each: (each.usd_per_hour is None, each.usd_per_hour or 0, each.name))
    return list(dict.fromkeys(each.name for each in ordered))[:_NAMED]


def _fault_pool(request: EndpointRequest, pool: NodePoolPlan, every: Sequence[Candidate]) -> None:
    endpoint, machine = request.endpoint, pool.machine
    has = f"{machine.instance_type or 'a machine'} with {pool.resources_per_node or 'no'} {machine.accelerator or 'accelerator'}"
    if endpoint.machine is not None and endpoint.machine.lower() != machine.instance_type.lower():
        field, value = "machine", endpoint.machine
    elif endpoint.accelerator is not None and endpoint.accelerator != machine.accelerator:
        field, value = "accelerator", endpoint.accelerator
    else:
        field, value = "accelerators", endpoint.accelerators
        has += f", of which a replica takes {' or '.join(str(each.devices) for each in every)}"
    problem = f"is not what a node of pool {pool.name} has"
    request.fault(field, value, problem, allowed=has, fix=f"remove {field}, or write another pool under on")


def _fault_machine(request: EndpointRequest, machine: str, every: Sequence[Candidate]) -> None:
    region = request.region.name if request.region else ""
    names = sorted({each.name for each in every})
    near = nearest(machine, names or machine_names_of(request.platform))
    if request.platform == "sageMaker" and machine_can_serve("sageMaker", f"ml.{machine}"):
        problem, near = "is EC2's name, and SageMaker's machines begin with ml.", f"ml.{machine}"
    elif machine_can_serve(request.platform, machine):
        problem = f"is not known to be offered in {region}"
    else:
        problem = f"is no machine that {request.platform} serves on"
    allowed = f"{len(names)} machines in {region}, the nearest: {near}"
    request.fault("machine", machine, problem, allowed=allowed, fix=f"write machine: {near}, or remove it", source=_MACHINES)


def _fault_count(request: EndpointRequest, count: int, every: Sequence[Candidate]) -> None:
    endpoint = request.endpoint
    named = [each for each in every if endpoint.machine is None or each.name.lower() == endpoint.machine.lower()]
    counts = sorted({each.devices for each in named if endpoint.accelerator in (None, each.machine.accelerator)})
    who = endpoint.machine or f"no machine in {request.region.name if request.region else ''}"
    problem = f"accelerators are not what {who} has" if endpoint.machine else f"accelerators are what {who} has"
    fix = f"write accelerators: {counts[0]}" if counts else "remove accelerators"
    request.fault("accelerators", count, problem, allowed=", ".join(str(each) for each in counts), fix=fix, source=_MACHINES)


def _fault_accelerator(request: EndpointRequest, every: Sequence[Candidate]) -> None:
    endpoint = request.endpoint
    named = [each for each in every if endpoint.machine is None or each.name.lower() == endpoint.machine.lower()]
    there = sorted({each.machine.accelerator for each in named if each.machine.accelerator})
    problem = f"is in no machine that {request.platform} serves on in {request.region.name if request.region else ''}"
    if endpoint.machine is not None:
        problem = f"is not what {endpoint.machine} has"
    fix = f"write accelerator: {there[0]}, or remove it" if there else "remove accelerator"
    allowed = ", ".join(there) or "machines without accelerators"
    request.fault("accelerator", endpoint.accelerator, problem, allowed=allowed, fix=fix, source=_MACHINES)


def _larger_pools(request: EndpointRequest, needs_gib: float) -> list[NodePoolPlan]:
    """The pools whose nodes have room for so much, on their devices' memory as a driver shows it to vLLM."""
    found: list[NodePoolPlan] = []
    for pool in request.pools:
        known = pool_accelerator(pool.machine.accelerator) if pool.machine.accelerator else None
        if known is not None and known.memory_gib * pool.machine.accelerator_count * 0.93 * 0.9 >= needs_gib:
            found.append(pool)
    return found
