"""How many requests a second one replica answers on a machine: as measured, else an estimate that says that it is one."""

from collections.abc import Sequence
from dataclasses import dataclass

from environment.endpoint import Traffic
from environment.model_version import Measured, ModelVersion
from plan.endpoint_machine import Candidate
from plan.endpoint_memory import Memory

_SWEEP = "https://johnmusgrave.com/p/vllm-throughput-latency-sweep-on"
# One request at a time reads all weights for each token, at 0.77 of an A100's bandwidth; eight at once give 6.6 times as much, and more
# only raise latency. Source: vLLM throughput-latency sweep on NVIDIA A100 (Llama 3.1 8B, vLLM 0.23). Both taken lower: 0.6 and 0.8 × 8.
_OF_BANDWIDTH, _OF_BATCH, _LARGEST_BATCH = 0.6, 0.8, 8
# The prompt is computed at 2 operations a parameter and token. Source: Kaplan et al. 2020, Scaling Laws, section 2.1; of the peak 0.4
# are reached: Drydock's own estimate.
_OF_PEAK = 0.4
_OUTPUT_TOKENS, _PROMPT_TOKENS = 256, 512
# Any other model: one vCPU reads 1,000 MiB of its weights in a second of work, a GPU 20,000, and no request takes less than 20 and 5 ms.
# ResNet-50 (98 MiB) is known to take about 100 ms of one core. Drydock's own estimate, low on purpose.
_CPU_MIB_A_SECOND, _CPU_SECONDS = 1_000.0, 0.02
_CPU_GBPS, _LEAST_GBPS = 1.0, 300.0
_GPU_MIB_A_SECOND, _GPU_SECONDS = 20_000.0, 0.005


@dataclass(frozen=True, kw_only=True)
class Speed:
    """What one replica does. p95_ms: measured, or the estimate of a language model's first token; None where nothing is known of it.

    words: how it is known; source: of the rule, empty for a measurement.
    """

    requests_per_second: float
    p95_ms: float | None
    measured: bool
    words: str
    source: str = ""


def speed(version: ModelVersion, traffic: Traffic, memory: Memory, candidate: Candidate, requests_at_once: int) -> Speed:
    """The speed of one replica on a machine, with so many requests at once."""
    told = measured_on(version, candidate.name)
    if told is not None:
        words = f"{told.requests_per_second:g} requests a second, measured on {told.machine}"
        return Speed(requests_per_second=told.requests_per_second, p95_ms=told.p95_ms, measured=True, words=words)
    if memory.language_model:
        return _language(version, traffic, memory, candidate, requests_at_once)
    return _other(memory, candidate)


def measured_on(version: ModelVersion, machine: str) -> Measured | None:
    """The load test of a version on this machine, the fastest where there are several; ml. and Standard_ and case do not tell apart."""
    found = [each for each in version.measured if _plain(each.machine) == _plain(machine)]
    return max(found, key=lambda each: each.requests_per_second, default=None)


def with_measurement(version: ModelVersion, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those machines that the version was measured on."""
    return [candidate for candidate in candidates if measured_on(version, candidate.name) is not None]


def _plain(machine: str) -> str:
    return machine.lower().removeprefix("ml.").removeprefix("standard_")


def _language(version: ModelVersion, traffic: Traffic, memory: Memory, candidate: Candidate, requests_at_once: int) -> Speed:
    bandwidth = _bandwidth_gbps(candidate) * 1e9
    batch = min(requests_at_once, _LARGEST_BATCH) if candidate.devices else 1
    tokens = _OF_BANDWIDTH * bandwidth / (memory.weights_gib * 2**30) * (batch * _OF_BATCH if batch > 1 else 1)
    output = traffic.output_tokens or _OUTPUT_TOKENS
    prompt = traffic.prompt_tokens or _PROMPT_TOKENS
    prefill = _prefill_seconds(memory, candidate, prompt)
    each = output / tokens + prefill
    assumed = "" if traffic.output_tokens else f" ({_OUTPUT_TOKENS} tokens an answer, as outputTokens is left out)"
    rate = f"{tokens:,.0f} tokens a second from the memory's bandwidth{assumed}"
    words = f"{1 / each:,.2f} requests a second, an estimate of low confidence: {rate}"
    return Speed(requests_per_second=1 / each, p95_ms=prefill * 1_000 or None, measured=False, words=words, source=_SWEEP)


def _bandwidth_gbps(candidate: Candidate) -> float:
    """Of all devices together; of an unknown one as little as any has that vLLM is used on (L4), of a vCPU 1 GB/s."""
    if not candidate.devices:
        return max(candidate.vcpus, 1.0) * _CPU_GBPS
    return (candidate.bandwidth_gbps or _LEAST_GBPS) * candidate.devices


def _prefill_seconds(memory: Memory, candidate: Candidate, prompt_tokens: int) -> float:
    if not candidate.tflops or not memory.parameters_billion:
        return 0.0
    return 2 * memory.parameters_billion * 1e9 * prompt_tokens / (candidate.tflops * candidate.devices * 1e12 * _OF_PEAK)


def _other(memory: Memory, candidate: Candidate) -> Speed:
    mib = memory.weights_gib * 1_024
    if candidate.devices:
        seconds = max(mib / _GPU_MIB_A_SECOND, _GPU_SECONDS)
        rate, what = 1 / seconds, f"{seconds * 1_000:,.0f} ms of a GPU each"
    else:
        seconds = max(mib / _CPU_MIB_A_SECOND, _CPU_SECONDS)
        rate, what = max(candidate.vcpus, 0.5) / seconds, f"{seconds * 1_000:,.0f} ms of a vCPU each, {max(candidate.vcpus, 0.5):g} vCPUs"
    words = f"{rate:,.4g} requests a second, an estimate of low confidence: {what}; measure it and write measured"
    return Speed(requests_per_second=rate, p95_ms=None, measured=False, words=words)
