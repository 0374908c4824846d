"""Sizes one version behind an endpoint: machine, requests at once, replicas and the target that they follow, each with its reason."""

from environment.endpoint import Autoscaling
from environment.model_version import ModelVersion
from plan.endpoint_choice import Choice, choose, room_gib
from plan.endpoint_machine import Candidate
from plan.endpoint_memory import Memory, model_memory
from plan.endpoint_replicas import check_replicas, decide_replicas
from plan.endpoint_request import EndpointRequest
from plan.endpoint_room import replica_size, within_pool
from plan.endpoint_target import scaling_target
from plan.model import VariantPlan
from plan.model_version import Sized, plan_model_version

_MIB_PER_GIB = 1_024


def size(request: EndpointRequest, role: str, version_name: str, version: ModelVersion, share: float) -> VariantPlan | None:
    """One version (stable, canary or shadow) with its machine and replicas; None and faults where it cannot be served as asked.

    share: of the endpoint's requests that it answers or gets copies of, 0 to 1. The caller fills weight and mirror in.
    """
    memory = model_memory(request, version_name, version)
    if memory is None:
        return None
    choice = choose(request, role, version_name, version, memory, share)
    if choice is None:
        return None
    # The stable version's decisions stand at the endpoint itself.
    at = "" if role == "stable" else f"{role}."
    candidate = choice.candidate
    _decide_machine(request, at, version, memory, choice)
    _decide_requests_at_once(request, at, version, memory, choice)
    check_replicas(request, role, choice.fleet, choice.speed)
    model = plan_model_version(
        request, version_name, version, accelerated=candidate.devices > 0, sized=_sized(version, memory, choice), prefix=at
    )
    vcpus, memory_gib = replica_size(request, at, version, memory, choice)
    fleet = within_pool(request, at, role, choice, vcpus, memory_gib)
    decide_replicas(request, at, role, fleet, choice.speed)
    wish = request.endpoint.autoscaling or Autoscaling()
    return VariantPlan(
        name=f"{request.name}-{version_name}",
        role=role,
        model=model,
        weight_percent=0.0,
        mirror_percent=0.0,
        machine=candidate.machine,
        vcpus=vcpus,
        memory_gib=memory_gib,
        accelerators=candidate.devices,
        concurrency=choice.requests_at_once,
        min_replicas=fleet.least,
        initial_replicas=fleet.initial,
        max_replicas=fleet.most,
        target=scaling_target(request, at, role, wish, choice),
        cost_replicas=fleet.cost,
    )


def _sized(version: ModelVersion, memory: Memory, choice: Choice) -> Sized:
    spread = choice.candidate.devices if version.runtime in ("vllm", "custom") else 1
    return Sized(
        devices=choice.candidate.devices,
        requests_at_once=choice.requests_at_once,
        context_tokens=memory.context_tokens,
        memory_gib=memory.needs_gib(spread),
        weights_mib=memory.weights_gib * _MIB_PER_GIB,
        precision=memory.precision,
    )


def _decide_machine(request: EndpointRequest, at: str, version: ModelVersion, memory: Memory, choice: Choice) -> None:
    candidate = choice.candidate
    spread = candidate.devices if version.runtime in ("vllm", "custom") else 1
    lower = f"; {memory.lower}" if memory.lower else ""
    room = room_gib(version, candidate)
    holds = f"holds {memory.needs_gib(spread):,.1f} GiB ({memory.words}) in {room:,.1f} GiB" if room else f"holds {memory.words}"
    chosen = candidate.name if not candidate.devices else f"{candidate.name} ({candidate.devices} × {candidate.machine.accelerator})"
    if request.pool is not None:
        reason = f"pool {request.pool.name} has it: {holds}{lower}"
    elif request.endpoint.machine is not None:
        reason = f"the file names it: {holds}; {_price(candidate)}{lower}"
    else:
        reason = f"{holds}; {_cheapest(choice)}{lower}"
    request.decide(f"{at}machine", chosen, reason, memory.source)


def _decide_requests_at_once(request: EndpointRequest, at: str, version: ModelVersion, memory: Memory, choice: Choice) -> None:
    if version.max_concurrent_requests is not None:
        return
    reason = "two a vCPU: one at work, one that waits"
    if choice.candidate.devices:
        reason = "enough to keep a GPU busy"
    if memory.language_model:
        reason = "more raise latency faster than throughput, by a sweep of one model"
    request.decide(f"{at}model.maxConcurrentRequests", choice.requests_at_once, reason, memory.source)


def _cheapest(choice: Choice) -> str:
    price = _price(choice.candidate)
    if choice.next_one is None:
        return f"{price}; no other machine that holds it meets the objective"
    other = choice.next_one
    usd = other.candidate.usd_per_hour
    after = f"next {other.fleet.cost.expected:g} × {other.candidate.name}, {'price unknown' if usd is None else f'${usd:,.4g} an hour'}"
    if choice.candidate.usd_per_hour is None:
        return f"no machine that holds it has a known price here, so the smallest was taken; {after}"
    return f"the cheapest for the expected traffic: {choice.fleet.cost.expected:g} × {price}; {after}"


def _price(candidate: Candidate) -> str:
    price = candidate.price
    return "a price that is not on record" if price is None else f"${price.usd:,.4g} an hour ({price.words})"
