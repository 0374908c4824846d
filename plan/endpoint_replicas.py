"""How many replicas there are: for the traffic at their speed, for availability, and within what the file says."""

from dataclasses import dataclass
from math import ceil

from environment.endpoint import Replicas
from plan.endpoint_request import EndpointRequest
from plan.endpoint_throughput import Speed
from plan.model import Band

# Replicas are filled to this part: the rest is for the minutes until the next one is ready. Drydock's own rule.
HEADROOM = 0.7
AVAILABLE_PERCENT = 99.9
# One machine of three clouds is promised 99.5 % or less, so that 99.9 % needs a second one. Source: Amazon Compute Service Level Agreement,
# instance-level 99.5 %; Azure ML, Managed online endpoints SKU list, which recommends three in production.
_AVAILABLE_REPLICAS = 2
_SLA = "Amazon Compute Service Level Agreement, instance level: https://aws.amazon.com/compute/sla/"


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Bounds of the autoscaler, what it starts with, and how many run on average at low, expected and high traffic. needed: unbounded."""

    least: int
    initial: int
    most: int
    cost: Band
    needed: Band


def fleet(request: EndpointRequest, role: str, speed: Speed, share: float) -> Fleet:
    """The replicas of a version that gets this share of the traffic; the file's bounds are of the stable version alone."""
    rates = request.endpoint.traffic.requests_per_second
    needed = [replicas_for(rate * share, speed) for rate in (rates.low, rates.expected, rates.high)]
    told = (request.endpoint.replicas or Replicas()) if role == "stable" else Replicas()
    # An estimate may be far too low: the autoscaler finds out, and a minimum would keep its error.
    floor = max(needed[0] if speed.measured else 0, least_available(request, role))
    most = told.max if told.max is not None else max(needed[2], floor, told.min or 0)
    least = told.min if told.min is not None else min(floor, most)
    low, expected, high = (float(min(max(count, least), max(most, least))) for count in needed)
    return Fleet(
        least=least,
        initial=max(1, int(expected)),
        most=most,
        cost=Band(low=low, expected=expected, high=high),
        needed=Band(low=needed[0], expected=needed[1], high=needed[2]),
    )


def replicas_for(requests_per_second: float, speed: Speed) -> int:
    """How many replicas answer so many requests a second, each filled to the headroom."""
    return ceil(requests_per_second / (speed.requests_per_second * HEADROOM) - 1e-9)


def least_available(request: EndpointRequest, role: str) -> int:
    """The fewest replicas that availability allows: one, and two in production where it is promised."""
    return _AVAILABLE_REPLICAS if role == "stable" and _promises(request) else 1


def check_replicas(request: EndpointRequest, role: str, found: Fleet, speed: Speed) -> None:
    """Faults bounds of the file that contradict each other, the promise, or the traffic at a measured speed; decides the rest."""
    told = request.endpoint.replicas or Replicas()
    if role != "stable":
        return
    if told.max is not None and found.least > found.most:
        problem = f"is more than the {found.most} that there may be"
        fix = f"write min: {found.most}, or max: {found.least}"
        request.fault("replicas.min", found.least, problem, allowed=f"{found.most} or fewer", fix=fix)
        return
    if told.max == 0:
        request.fault("replicas.max", 0, "lets no replica run", allowed="1 or more", fix="write max: 1")
        return
    _check_availability(request, told, found)
    _check_most(request, told, found, speed)


def _promises(request: EndpointRequest) -> bool:
    objective = request.endpoint.objective
    asked = objective.availability_percent if objective else None
    return request.stage == "prod" and asked is not None and asked >= AVAILABLE_PERCENT


def _check_availability(request: EndpointRequest, told: Replicas, found: Fleet) -> None:
    if not _promises(request):
        return
    objective = request.endpoint.objective
    assert objective is not None
    for field, value in (("replicas.min", told.min), ("replicas.max", told.max)):
        if value is not None and value < _AVAILABLE_REPLICAS:
            problem = f"replica does not keep {objective.availability_percent:g} % when its machine or zone fails"
            fix = f"write {field.rpartition('.')[2]}: {_AVAILABLE_REPLICAS}, or a lower availabilityPercent"
            request.fault(field, value, problem, allowed=f"{_AVAILABLE_REPLICAS} or more", fix=fix, source=_SLA)


def _check_most(request: EndpointRequest, told: Replicas, found: Fleet, speed: Speed) -> None:
    if told.max is None or told.max >= found.needed.high:
        return
    rate = request.endpoint.traffic.requests_per_second.high
    needed = int(found.needed.high)
    problem = f"replicas do not answer the high traffic: {rate:g} requests a second need {needed} at {speed.words}"
    if speed.measured:
        request.fault("replicas.max", told.max, problem, allowed=f"{needed} or more", fix=f"write max: {needed}, or less traffic")
    else:
        request.decide("replicas.max", told.max, f"the file says so; these {problem}")


def decide_replicas(request: EndpointRequest, prefix: str, role: str, found: Fleet, speed: Speed) -> None:
    """Says why there are so many replicas."""
    told = (request.endpoint.replicas or Replicas()) if role == "stable" else Replicas()
    rates = request.endpoint.traffic.requests_per_second
    at = f"{speed.words}, each filled to {HEADROOM:.0%}"
    if told.min is None:
        reason = f"the low traffic needs {found.needed.low:g} at {at}"
        if found.least == _AVAILABLE_REPLICAS and found.needed.low < found.least and _promises(request):
            reason = "a second one answers while a machine or its zone fails, as availabilityPercent asks for"
        elif not speed.measured or found.least > found.needed.low:
            reason = "one is always there to answer, and more come with the traffic"
        source = _SLA if found.least == _AVAILABLE_REPLICAS and _promises(request) else ""
        request.decide(f"{prefix}replicas.min", found.least, reason, source)
    if told.max is None and found.most >= found.needed.high:
        reason = f"the high traffic ({rates.high:g} requests a second over all versions) needs {found.needed.high:g} at {at}"
        request.decide(f"{prefix}replicas.max", found.most, reason, speed.source)
