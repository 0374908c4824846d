"""A model version as a person describes it: where its files lie, what runs it, and what is known of its size and speed."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Listed, Part, Quantity, Whole
from environment.node_pool import Precision

Runtime = Literal["onnx", "vllm", "triton", "custom"]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Tokens = Annotated[int, Whole, Field(ge=1, le=10_000_000)]
Text = Annotated[str, StringConstraints(min_length=1)]


class Measured(Part):
    """What one replica did in a load test on one machine of it: requests a second at this 95th percentile of latency."""

    machine: Text
    requests_per_second: Positive
    p95_ms: Positive | None = None


class ModelVersion(Part):
    """One version of a model, which never changes: a new version has a new name.

    artifact: `<bucket of storage>/<path>`, s3://, gs://, https:// or hf://organisation/name; none where the image holds the model.
    sha256: of the artifact, checked after download. command, port, healthPath: of a `custom` image. sizeMib: of the artifact's files.
    kvCacheKibPerToken: of one token's keys and values over all layers. maxConcurrentRequests: how many one replica works on at once.
    """

    artifact: Text | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    runtime: Runtime
    image: Text | None = None
    command: Annotated[tuple[str, ...], Listed] = ()
    port: Annotated[int, Whole, Field(ge=1024, le=65_535)] | None = None
    health_path: Annotated[str, StringConstraints(pattern=r"^/\S*$")] | None = None
    size_mib: Positive | None = None
    parameters_billion: Positive | None = None
    precision: Precision | None = None
    context_tokens: Tokens | None = None
    kv_cache_kib_per_token: Positive | None = None
    max_concurrent_requests: Annotated[int, Whole, Field(ge=1, le=10_000)] | None = None
    startup_seconds: Quantity | None = None
    measured: Annotated[tuple[Measured, ...], Listed] = ()
