"""What one replica of a model holds in memory: weights, keys and values of the requests at work, and the runtime itself."""

from dataclasses import dataclass

from environment.endpoint import Traffic
from environment.model_version import ModelVersion
from plan.endpoint_request import EndpointRequest

_GIB = 2**30
_MIB_PER_GIB = 1024
# Bits of one parameter as it lies in memory. Four-bit formats keep a 16-bit scale for each group of weights, and embeddings at 16 bits:
# Llama 3.1 70B as AWQ takes 39.8 GB, which is 4.5 bits a parameter. Source: Hugging Face,
# hugging-quants/Meta-Llama-3.1-70B-Instruct-AWQ-INT4, from general knowledge.
_BITS = {"fp32": 32.0, "tf32": 32.0, "bf16": 16.0, "fp16": 16.0, "fp8": 8.0, "int8": 8.0, "fp4": 4.5, "int4": 4.5}
_LOWER = {"fp32": "bf16", "tf32": "bf16", "bf16": "fp8", "fp16": "int8", "fp8": "int4", "int8": "int4"}
_DEFAULT_PRECISION = "bf16"
# Keys and values of one token, at 16 bits: 2 × layers × 8 key heads × 128 × 2 bytes. Llama 3.1 8B has 32 layers (128 KiB) and 70B has 80
# (320 KiB); what lies between and beyond goes by the power of its parameters that joins the two.
_KV_KIB, _KV_AT_BILLION, _KV_POWER = 128.0, 8.0, 0.4224
_KV_SOURCE = "keys and values = 2 × layers × key heads × head size × bytes; Llama 3.1 8B and 70B, config.json (Hugging Face)"
_DEFAULT_CONTEXT_TOKENS = 4_096
# Beyond eight requests at once latency rises faster than throughput. Source: a sweep of Llama 3.1 8B in vLLM 0.23 on an A100 (one to 64
# at once), https://johnmusgrave.com/p/vllm-throughput-latency-sweep-on
_REQUESTS_AT_ONCE = 8
_SWEEP = "vLLM throughput-latency sweep on NVIDIA A100: https://johnmusgrave.com/p/vllm-throughput-latency-sweep-on"
# Activations, CUDA context and CUDA graphs of vLLM on each device; the server and its libraries elsewhere: Drydock's own estimates.
_VLLM_GIB, _SERVER_GIB = 2.0, 1.0
# A model that is no language model is there twice while it loads (file and session), and its work space is no larger: an estimate.
_COPIES = 2.0


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What a replica holds. weights_gib: once; copies: of them in memory at a time. kv_gib: keys and values of one request, 0 for none.

    runtime_gib: of the runtime on each device. requests_at_once: which one replica works on, None where the machine decides it.
    words: how it comes about; lower: what the next lower precision would make of it, empty where there is none.
    """

    language_model: bool
    weights_gib: float
    copies: float
    kv_gib: float
    runtime_gib: float
    context_tokens: int
    requests_at_once: int | None
    precision: str | None
    parameters_billion: float | None
    words: str
    lower: str
    source: str

    def needs_gib(self, devices: int) -> float:
        """GiB over all devices together, or in the machine's memory (1) where it has none."""
        return self.weights_gib * self.copies + self.kv_gib * (self.requests_at_once or 1) + self.runtime_gib * max(devices, 1)


def model_memory(request: EndpointRequest, name: str, version: ModelVersion) -> Memory | None:
    """What a replica of a version holds; None and a fault at `models.<name>` where its facts leave it open or contradict each other."""
    precision = version.precision or (_DEFAULT_PRECISION if version.runtime == "vllm" and version.size_mib is None else None)
    weights = _weights_gib(request, name, version, precision)
    if weights is None:
        return None
    language = is_language_model(version)
    parameters = version.parameters_billion or (weights * _GIB * 8 / _BITS[precision or _DEFAULT_PRECISION] / 1e9 if language else None)
    context, context_words = _context(version, request.endpoint.traffic)
    kv_kib, kv_words = _kv_kib(version, parameters) if language else (0.0, "")
    at_once = version.max_concurrent_requests or (_REQUESTS_AT_ONCE if language else None)
    kv_gib = kv_kib * context / _MIB_PER_GIB / _MIB_PER_GIB
    runtime_gib = _VLLM_GIB if version.runtime == "vllm" else _SERVER_GIB
    parts = [_weights_words(version, weights, precision)]
    if language:
        parts.append(f"{at_once} requests at once × {kv_gib:,.2f} GiB of keys and values ({context_words} × {kv_words})")
    else:
        parts.append("as much again while it loads and works (an estimate)")
    parts.append(f"{runtime_gib:g} GiB of runtime on each device (an estimate)")
    return Memory(
        language_model=language,
        weights_gib=weights,
        copies=1.0 if language else _COPIES,
        kv_gib=kv_gib,
        runtime_gib=runtime_gib,
        context_tokens=context,
        requests_at_once=at_once,
        precision=precision,
        parameters_billion=parameters,
        words=" + ".join(parts),
        lower=_lower_words(version, weights, precision),
        source=_SWEEP if language and version.max_concurrent_requests is None else _KV_SOURCE if language else "",
    )


def is_language_model(version: ModelVersion) -> bool:
    """Whether a version writes token by token: vLLM runs nothing else, and others say how long their context is."""
    return version.runtime == "vllm" or version.context_tokens is not None or version.kv_cache_kib_per_token is not None


def _weights_gib(request: EndpointRequest, name: str, version: ModelVersion, precision: str | None) -> float | None:
    told = version.size_mib / _MIB_PER_GIB if version.size_mib is not None else None
    derived = None
    if version.parameters_billion is not None:
        derived = version.parameters_billion * 1e9 * _BITS[precision or _DEFAULT_PRECISION] / 8 / _GIB
    if told is None and derived is None:
        problem = "says nothing of how large the model is, and nothing can be sized"
        fix = "write sizeMib, or parametersBillion and precision"
        request.findings.fault(f"models.{name}.sizeMib", None, problem, allowed="sizeMib or parametersBillion", fix=fix)
        return None
    if told is not None and derived is not None and precision is not None and not 0.5 <= told / derived <= 2:
        problem = (
            f"is not what {version.parameters_billion:g} billion parameters of {precision} take, which is {derived * _MIB_PER_GIB:,.0f}"
        )
        allowed = f"between half of {derived * _MIB_PER_GIB:,.0f} and twice that"
        fix = "write the size of the files that are loaded, or another precision"
        request.findings.fault(f"models.{name}.sizeMib", version.size_mib, problem, allowed=allowed, fix=fix)
        return None
    return told if told is not None else derived


def _weights_words(version: ModelVersion, weights: float, precision: str | None) -> str:
    if version.size_mib is not None:
        return f"{_gib(weights)} of weights (sizeMib)"
    assert version.parameters_billion is not None
    bits = _BITS[precision or _DEFAULT_PRECISION]
    default = "" if version.precision else ", which is what files mostly hold"
    return (
        f"{_gib(weights)} of weights ({version.parameters_billion:g} billion × {bits:g} bits, {precision or _DEFAULT_PRECISION}{default})"
    )


def _context(version: ModelVersion, traffic: Traffic) -> tuple[int, str]:
    if version.context_tokens is not None:
        return version.context_tokens, f"{version.context_tokens:,} tokens of context"
    if traffic.prompt_tokens is not None and traffic.output_tokens is not None:
        both = traffic.prompt_tokens + traffic.output_tokens
        return both, f"{both:,} tokens of prompt and answer"
    return _DEFAULT_CONTEXT_TOKENS, f"{_DEFAULT_CONTEXT_TOKENS:,} tokens, as contextTokens is left out,"


def _kv_kib(version: ModelVersion, parameters_billion: float | None) -> tuple[float, str]:
    if version.kv_cache_kib_per_token is not None:
        return version.kv_cache_kib_per_token, f"{version.kv_cache_kib_per_token:g} KiB a token"
    kib = _KV_KIB * ((parameters_billion or _KV_AT_BILLION) / _KV_AT_BILLION) ** _KV_POWER
    words = f"{kib:,.0f} KiB a token, an estimate for heads that share keys: others need four times that, which kvCacheKibPerToken says"
    return kib, words


def _lower_words(version: ModelVersion, weights: float, precision: str | None) -> str:
    lower = _LOWER.get(precision or "")
    if lower is None or precision is None:
        return ""
    return f"in {lower} its weights would be {_gib(weights * _BITS[lower] / _BITS[precision])}"


def _gib(amount: float) -> str:
    return f"{amount:,.1f} GiB" if amount >= 1 else f"{amount * _MIB_PER_GIB:,.0f} MiB"
