"""Chooses a replica's machine: of those that hold the model and meet the objective, the one whose fleet costs least."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from environment.model_version import ModelVersion
from plan.endpoint_machine import Candidate, platform_candidates, pool_candidates
from plan.endpoint_machine_faults import fault_asked, fault_latency, fault_too_small, fault_wants_gpu
from plan.endpoint_memory import Memory
from plan.endpoint_replicas import Fleet, fleet
from plan.endpoint_request import EndpointRequest
from plan.endpoint_throughput import Speed, speed, with_measurement

# vLLM shares a device with nothing and takes this part of it. Source: vLLM documentation, Engine arguments, gpu-memory-utilization.
VLLM_SHARE = 0.9
# vLLM and Triton are built for compute capability 7.5 and later. Source: NVIDIA, Triton Inference Server Release 26.10, GPU
# Requirements; CUDA 13 Release Notes, which vLLM's images are built with.
_TOO_OLD = ("pascal", "volta")
# Formats of weights alone: they are computed in 16 bits, on Turing and later. Source: vLLM documentation, Quantization, Supported hardware.
_WEIGHTS_ONLY = ("int4", "int8", "fp8")
# Larger models answer too slowly on processors: Drydock's own rule.
_CPU_GIB = 1.0
# A process a device: 2 + devices vCPUs. Source: vLLM documentation, Optimization, CPU resources; its memory: Drydock's own estimate.
_VCPUS_BESIDE, _HOST_GIB_A_DEVICE = 2, 5.0


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The machine of a replica, how fast it is there, and how many replicas there are. next_one: the second best, if there is one."""

    candidate: Candidate
    requests_at_once: int
    speed: Speed
    fleet: Fleet
    next_one: "Choice | None" = None

    @property
    def usd_per_hour(self) -> float:
        """USD an hour of the fleet at the expected traffic; without a known price it stands behind every other."""
        price = self.candidate.usd_per_hour
        return float("inf") if price is None else price * self.fleet.cost.expected


def choose(request: EndpointRequest, role: str, name: str, version: ModelVersion, memory: Memory, share: float) -> Choice | None:
    """The best machine of the platform for a version, or None and a fault that says what is missing and what has it."""
    every = _candidates(request)
    if every is None:
        return None
    asked = _asked(request, every)
    if not asked:
        fault_asked(request, every)
        return None
    kind = [candidate for candidate in asked if _is_of_kind(request, version, memory, candidate)]
    if not kind:
        fault_wants_gpu(request, version, every)
        return None
    holding = [candidate for candidate in kind if holds(request, version, memory, candidate)]
    if not holding:
        others = [candidate for candidate in every if _is_of_kind(request, version, memory, candidate)]
        able = [candidate for candidate in others if holds(request, version, memory, candidate)]
        fault_too_small(request, name, memory, [(each, room_gib(version, each)) for each in kind], able)
        return None
    return _best(request, role, name, version, memory, holding, share)


def room_gib(version: ModelVersion, candidate: Candidate) -> float:
    """GiB that a replica may fill on a machine: of its devices, or of its memory where it has none."""
    if not candidate.devices:
        return candidate.host_gib
    if version.runtime == "vllm":
        return candidate.device_gib * VLLM_SHARE * candidate.devices
    # An image of one's own may spread a model over devices; ONNX Runtime and Triton load it into one.
    return candidate.device_gib * (candidate.devices if version.runtime == "custom" else 1)


def holds(request: EndpointRequest, version: ModelVersion, memory: Memory, candidate: Candidate) -> bool:
    """Whether a machine has room for a replica, and computes in its precision. A pool whose machine nobody knows has room."""
    if request.pool is not None and not (candidate.device_gib if candidate.devices else candidate.machine.memory_gib):
        return True
    if not candidate.devices:
        return room_gib(version, candidate) >= memory.needs_gib(1)
    spread = candidate.devices if version.runtime in ("vllm", "custom") else 1
    enough = request.pool is not None or not memory.language_model or _has_beside(candidate)
    return enough and _computes(version, memory, candidate) and room_gib(version, candidate) >= memory.needs_gib(spread)


def _has_beside(candidate: Candidate) -> bool:
    """Whether processors and memory beside the devices are enough for the processes that drive them."""
    devices = candidate.devices
    return candidate.vcpus >= _VCPUS_BESIDE + devices and candidate.host_gib >= _HOST_GIB_A_DEVICE * devices


def _computes(version: ModelVersion, memory: Memory, candidate: Candidate) -> bool:
    if version.runtime != "custom" and (candidate.generation in _TOO_OLD or not candidate.is_nvidia):
        return False
    precision = memory.precision
    return precision is None or not candidate.precisions or precision in candidate.precisions or precision in _WEIGHTS_ONLY


def _candidates(request: EndpointRequest) -> Sequence[Candidate] | None:
    if request.pool is not None:
        return pool_candidates(request.cloud, request.pool)
    if request.platform == "kubernetes" or request.region is None:
        return None
    return platform_candidates(request.platform, request.region.name)


def _asked(request: EndpointRequest, every: Sequence[Candidate]) -> list[Candidate]:
    """The machines that are what the file asks for; all that may be taken unasked where it asks for nothing."""
    endpoint = request.endpoint
    found = [each for each in every if each.chosen or endpoint.machine is not None]
    if endpoint.machine is not None:
        found = [each for each in found if each.name.lower() == endpoint.machine.lower()]
    if endpoint.accelerator is not None:
        found = [each for each in found if each.machine.accelerator == endpoint.accelerator]
    if endpoint.accelerators is not None:
        found = [each for each in found if each.devices == endpoint.accelerators]
    return found


def _is_of_kind(request: EndpointRequest, version: ModelVersion, memory: Memory, candidate: Candidate) -> bool:
    """Whether a machine has GPUs where the version wants them, and none where it does not; what the file names it gets."""
    if version.runtime == "vllm":
        return candidate.devices > 0
    endpoint = request.endpoint
    if request.pool is not None or endpoint.machine or endpoint.accelerator or endpoint.accelerators is not None:
        return True
    if with_measurement(version, [candidate]):
        return True
    return (candidate.devices == 0) == (memory.weights_gib <= _CPU_GIB and not memory.language_model)


def _best(
    request: EndpointRequest, role: str, name: str, version: ModelVersion, memory: Memory, holding: Sequence[Candidate], share: float
) -> Choice | None:
    # What was measured is known: it goes before every estimate.
    known = with_measurement(version, holding) or holding
    choices = [_choice(request, role, version, memory, candidate, share) for candidate in known]
    objective = request.endpoint.objective
    p95 = objective.p95_ms if objective else None
    meeting = [each for each in choices if p95 is None or each.speed.p95_ms is None or each.speed.p95_ms <= p95]
    if not meeting and p95 is not None:
        fastest = min(choices, key=lambda each: each.speed.p95_ms or 0)
        fault_latency(request, name, fastest.candidate, fastest.speed, p95)
        return None
    ordered = sorted(meeting, key=_order)
    return replace(ordered[0], next_one=ordered[1] if len(ordered) > 1 else None)


def _choice(request: EndpointRequest, role: str, version: ModelVersion, memory: Memory, candidate: Candidate, share: float) -> Choice:
    at_once = _requests_at_once(version, memory, candidate)
    found = speed(version, request.endpoint.traffic, memory, candidate, at_once)
    return Choice(candidate=candidate, requests_at_once=at_once, speed=found, fleet=fleet(request, role, found, share))


def _requests_at_once(version: ModelVersion, memory: Memory, candidate: Candidate) -> int:
    """As told or sized; else two a vCPU, one at work and one that waits, or eight on a device."""
    told = version.max_concurrent_requests or memory.requests_at_once
    return told or (8 if candidate.devices else max(2, round(2 * candidate.vcpus)))


def _order(choice: Choice) -> tuple[float, float, int, str]:
    return choice.usd_per_hour, choice.candidate.machine.vcpus, choice.candidate.devices, choice.candidate.name
