"""Requests and answers that are kept, answers that nobody waits for, and how much both are."""

from collections.abc import Sequence

from plan.contents_request import nearest
from plan.endpoint_refusals import allows, within
from plan.endpoint_request import EndpointRequest
from plan.model import AsynchronousPlan, Band, BucketPlan, CapturePlan, EndpointUsage
from plan.pool_request import written

_SECONDS_A_MONTH = 730 * 3600
_KIB_A_GIB = 1024 * 1024
# In and out together, where the file does not say: a row of numbers, or a short text.
_PAYLOAD_KIB = 4.0
_TOKEN_BYTES = 4
_CAPTURES = ("captures",)
_ANSWERS = ("captures", "datasets")


def plan_capture(request: EndpointRequest, column: str, buckets: Sequence[BucketPlan]) -> CapturePlan | None:
    """What is kept of requests and answers, None where nothing is; faults what the platform cannot keep, or where it cannot lie."""
    wish = request.endpoint.capture
    if wish is None:
        return None
    if not allows(request, column, "captureToBucket", "capture", wish.bucket, fix="remove capture"):
        return None
    if wish.percent == 0:
        request.fault("capture.percent", 0, "keeps no request", allowed="more than 0", fix="remove capture")
    elif within(request, column, "captureToBucket", "capture.percent", wish.percent, unit="percent") and wish.percent % 1:
        whole = round(wish.percent)
        allows(request, column, "captureFractions", "capture.percent", wish.percent, fix=f"write percent: {whole}")
    if wish.redact:
        fix = "remove redact, and leave the fields out in the model's own container or after capture"
        allows(request, column, "redaction", "capture.redact", list(wish.redact), fix=fix)
    if not _known_bucket(request, "capture.bucket", wish.bucket, buckets, _CAPTURES):
        return None
    return CapturePlan(bucket=wish.bucket, prefix=f"endpoints/{request.name}", percent=wish.percent, redact=wish.redact)


def plan_asynchronous(request: EndpointRequest, column: str, buckets: Sequence[BucketPlan]) -> AsynchronousPlan | None:
    """Where answers go that nobody waits for, None where callers wait; faults platforms and buckets that cannot take them."""
    wish = request.endpoint.asynchronous
    if wish is None:
        return None
    if not allows(request, column, "asynchronous", "asynchronous", wish.bucket, fix="remove asynchronous"):
        return None
    objective = request.endpoint.objective
    if objective is not None and objective.p95_ms is not None:
        problem = "is an objective of callers who wait, and nobody waits for an asynchronous answer"
        request.fault("objective.p95Ms", written(objective.p95_ms), problem, allowed="left out", fix="remove p95Ms, or asynchronous")
    if not _known_bucket(request, "asynchronous.bucket", wish.bucket, buckets, _ANSWERS):
        return None
    prefix = f"answers/{request.name}"
    return AsynchronousPlan(bucket=wish.bucket, prefix=prefix, max_concurrent_per_replica=wish.max_concurrent_per_replica)


def plan_endpoint_usage(request: EndpointRequest) -> EndpointUsage:
    """The endpoint's traffic, as a month of it: GiB in and out, and GiB that are kept."""
    traffic = request.endpoint.traffic
    rate = traffic.requests_per_second
    payload = _payload_kib(request)
    share = request.endpoint.capture.percent / 100 if request.endpoint.capture else 0.0
    months = [each * payload * _SECONDS_A_MONTH / _KIB_A_GIB for each in (rate.low, rate.expected, rate.high)]
    low, expected, high = months
    return EndpointUsage(
        requests_per_second=Band(low=rate.low, expected=rate.expected, high=rate.high),
        processed_gib_per_month=Band(low=low, expected=expected, high=high),
        captured_gib_per_month=Band(low=low * share, expected=expected * share, high=high * share),
    )


def _payload_kib(request: EndpointRequest) -> float:
    traffic = request.endpoint.traffic
    if traffic.payload_kib is not None:
        return traffic.payload_kib
    tokens = (traffic.prompt_tokens or 0) + (traffic.output_tokens or 0)
    if tokens:
        kib = tokens * _TOKEN_BYTES / 1024
        request.decide("traffic.payloadKib", f"{kib:g}", f"{tokens} tokens of about {_TOKEN_BYTES} bytes")
        return kib
    request.decide("traffic.payloadKib", f"{_PAYLOAD_KIB:g}", "a row of numbers in and an answer out; data that leaves is billed by it")
    return _PAYLOAD_KIB


def _known_bucket(request: EndpointRequest, fields: str, asked: str, buckets: Sequence[BucketPlan], purposes: tuple[str, ...]) -> bool:
    """Whether a bucket of the plan has one of these purposes; where it has not, that is a fault, unless the bucket itself has one."""
    storage = request.environment.storage
    fitting = sorted(name for name, bucket in storage.items() if bucket.purpose in purposes)
    allowed = " | ".join(fitting) or f"a bucket under storage with purpose {' or '.join(purposes)}"
    if asked not in storage:
        near = nearest(asked, fitting)
        fix = f"write bucket: {near}" if near else f"add {asked} under storage, purpose: {purposes[0]}"
        request.fault(fields, asked, "is no bucket of this environment", allowed=allowed, fix=fix)
        return False
    if storage[asked].purpose not in purposes:
        problem = f"is for {storage[asked].purpose}, whose tiers and retention are not for what callers send"
        fix = f"write bucket: {fitting[0]}" if fitting else f"add a bucket under storage, purpose: {purposes[0]}"
        request.fault(fields, asked, problem, allowed=allowed, fix=fix)
        return False
    return any(bucket.name == asked for bucket in buckets)
