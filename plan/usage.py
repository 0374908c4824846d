"""How much a bucket will hold and be asked."""

from environment.base import Band as AskedBand
from plan.model import Band, BucketUsage
from plan.request import BucketRequest


def plan_usage(request: BucketRequest) -> BucketUsage:
    """The bucket's usage bands; what the file leaves out stays unknown. Faults a band that does not grow."""
    usage = request.bucket.usage
    if usage is None:
        return BucketUsage()
    return BucketUsage(
        stored_gib=_band(request, "storedGib", usage.stored_gib),
        written_gib_per_month=_band(request, "writtenGibPerMonth", usage.written_gib_per_month),
        read_gib_per_month=_band(request, "readGibPerMonth", usage.read_gib_per_month),
        requests_per_second=_band(request, "requestsPerSecond", usage.requests_per_second),
    )


def _band(request: BucketRequest, field: str, asked: AskedBand | None) -> Band | None:
    if asked is None:
        return None
    if not asked.low <= asked.expected <= asked.high:
        value = {"low": asked.low, "expected": asked.expected, "high": asked.high}
        low, expected, high = sorted(value.values())
        fix = f"write low: {low:g}, expected: {expected:g}, high: {high:g}"
        request.fault(f"usage.{field}", value, "does not grow", allowed="low ≤ expected ≤ high", fix=fix)
    return Band(low=asked.low, expected=asked.expected, high=asked.high)
