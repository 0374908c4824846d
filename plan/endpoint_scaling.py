"""What an endpoint's replicas follow: a metric, the clock, and how fast."""

from collections.abc import Iterator, Mapping
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from environment.endpoint import Autoscaling, Schedule
from plan.contents_request import nearest
from plan.endpoint_capabilities import ability, metrics
from plan.endpoint_refusals import allows, has_add_on, within
from plan.endpoint_request import EndpointRequest
from plan.model import ScalingPlan, ScheduledScalePlan, VariantPlan
from plan.pool_request import written

_SCALE_OUT_SECONDS = 60
_SCALE_IN_SECONDS = 300
_MAX_STEP_PERCENT = 100
_IN_CLUSTERS = ("kubernetes", "gke")
_PERCENT_METRICS = ("gpuUtilization", "cpuUtilization")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES = 24 * 60
# What each runtime counts of itself; the rest is counted by Envoy Gateway, for the route.
_COUNTED: Mapping[str, tuple[str, ...]] = {
    "vllm": ("requests", "concurrency", "queueDepth", "latency"),
    "triton": ("requests", "concurrency", "queueDepth"),
    "onnx": ("requests", "concurrency", "queueDepth"),
}
_AMOUNTS = ("requests", "concurrency", "queueDepth", "latency")
_ENVOY = "Envoy Gateway, Proxy metrics: https://gateway.envoyproxy.io/docs/tasks/observability/proxy-metric/"
_KEDA_CPU = "KEDA documentation, CPU scaler: alone it does not scale to zero: https://keda.sh/docs/latest/scalers/cpu/"
_ZONES = "IANA, Time Zone Database: https://www.iana.org/time-zones"
# A platform's first choice and why, in the order in which they are tried.
_PREFERRED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "sageMaker": (("requests", "requests a machine are counted by SageMaker itself, and rise before latency does"),),
    "vertexAi": (("requests", "requests a replica are counted by Vertex AI itself, and rise before latency does"),),
    "cloudRun": (("concurrency", "Cloud Run follows requests at once, and nothing else can be chosen"),),
    "azureMl": (("requests", "requests a machine are counted by Azure Monitor, and rise before latency does"),),
    "kubernetes": (
        ("requests", "requests a replica rise before latency does, and KEDA reads them"),
        ("cpuUtilization", "nothing else is counted there: requests are, with the add-ons keda and gateway or by vLLM and Triton"),
    ),
}


def scaling_metric(request: EndpointRequest, column: str) -> str:
    """The metric that replicas follow: what the file says, or the platform's best. Faults one that the platform cannot follow."""
    wish = request.endpoint.autoscaling
    asked = wish.metric if wish else None
    if asked is not None:
        _check_metric(request, column, asked)
        return asked
    metric, reason, source = _default_metric(request, column)
    request.decide("autoscaling.metric", metric, reason, source)
    return metric


def plan_scaling(request: EndpointRequest, column: str, metric: str, stable: VariantPlan | None) -> ScalingPlan:
    """How replicas come and go; stable: the variant whose bounds schedules change, None where it is faulty.

    Faults what the platform cannot do.
    """
    wish = request.endpoint.autoscaling or Autoscaling()
    _check_zero(request, column, metric, "replicas.min", request.endpoint.replicas.min if request.endpoint.replicas else None)
    _check_target(request, wish, metric, stable)
    _check_speed(request, column, wish)
    return ScalingPlan(
        metric=metric,
        scale_out_seconds=_SCALE_OUT_SECONDS if wish.scale_out_seconds is None else wish.scale_out_seconds,
        scale_in_seconds=_SCALE_IN_SECONDS if wish.scale_in_seconds is None else wish.scale_in_seconds,
        max_step_percent=_MAX_STEP_PERCENT if wish.max_step_percent is None else wish.max_step_percent,
        scale_to_zero=stable is not None and stable.min_replicas == 0,
        schedules=_schedules(request, column, metric, stable),
    )


def _check_metric(request: EndpointRequest, column: str, asked: str) -> None:
    others = [word for word in metrics(column) if word != "queueDepth"]
    if not allows(request, column, asked, "autoscaling.metric", asked, fix=f"write metric: {others[0]}, or remove it"):
        return
    if not _is_counted(request, column, asked):
        problem = "is counted by nobody: the runtime does not count it, and no Envoy Gateway routes to the endpoint"
        fix = "write metric: cpuUtilization" + (", or cluster.addOns.gateway: install" if column != "gke" else "")
        request.fault("autoscaling.metric", asked, problem, allowed="what the runtime counts", fix=fix, source=_ENVOY)
    if request.endpoint.asynchronous is not None and asked != "queueDepth":
        problem = "says nothing of an asynchronous endpoint, whose requests wait in a queue"
        source = ability(column, "queueDepth").source
        request.fault("autoscaling.metric", asked, problem, allowed="queueDepth", fix="write metric: queueDepth", source=source)


def _default_metric(request: EndpointRequest, column: str) -> tuple[str, str, str]:
    if request.endpoint.asynchronous is not None:
        return "queueDepth", "what waits in the queue says how many replicas are missing", ability("sageMaker", "queueDepth").source
    platform = "kubernetes" if column == "gke" else column
    for metric, reason in _PREFERRED[platform]:
        found = ability(column, metric)
        if (found.needs is None or has_add_on(request, found.needs)) and _is_counted(request, column, metric):
            return metric, reason, found.source
    raise AssertionError(f"no metric of {platform} can be followed without an add-on")


def _is_counted(request: EndpointRequest, column: str, metric: str) -> bool:
    """Whether anybody counts a metric: on managed platforms they do, in a cluster the version's runtime or Envoy Gateway."""
    if column not in _IN_CLUSTERS or metric not in _AMOUNTS:
        return True
    version = request.environment.models.get(request.endpoint.model)
    if version is None or metric in _COUNTED.get(version.runtime, ()):
        return True
    return column == "kubernetes" and has_add_on(request, "gateway")


def _check_zero(request: EndpointRequest, column: str, metric: str, fields: str, least: int | None) -> None:
    if least != 0 or not allows(request, column, "scaleToZero", fields, 0, fix="write min: 1") or column not in _IN_CLUSTERS:
        return
    if not has_add_on(request, "gateway"):
        problem = "leaves nobody to see a request: while no replica runs, the gateway alone does"
        fix = "write min: 1, or cluster.addOns.gateway: install"
        request.fault(fields, 0, problem, allowed="1 or more, or with the add-on gateway", fix=fix, source=_ENVOY)
    elif metric in _PERCENT_METRICS:
        problem = f"is for ever: no replica is there whose {metric} would rise"
        fix = "write min: 1, or metric: requests"
        request.fault(fields, 0, problem, allowed="1 or more, or another metric", fix=fix, source=_KEDA_CPU)


def _check_target(request: EndpointRequest, wish: Autoscaling, metric: str, stable: VariantPlan | None) -> None:
    if metric == "gpuUtilization" and stable is not None and not stable.accelerators:
        problem = "is not there: a replica has no accelerator"
        fix = "write metric: cpuUtilization, or ask for an accelerator"
        request.fault("autoscaling.metric", metric, problem, allowed="metrics of machines without accelerators", fix=fix)
    if wish.target is None:
        return
    if metric in _PERCENT_METRICS and wish.target > 100:
        problem = "percent of a replica's own is never reached, and no replica would be added"
        request.fault("autoscaling.target", written(wish.target), problem, allowed="more than 0, 100 or less", fix="write target: 70")
    if wish.metric is None:
        problem = "does not say what it is a target of"
        request.fault(
            "autoscaling.target", written(wish.target), problem, allowed="with metric", fix=f"add metric: {metric}, or remove target"
        )


def _check_speed(request: EndpointRequest, column: str, wish: Autoscaling) -> None:
    for field, value in (("scaleOutSeconds", wish.scale_out_seconds), ("scaleInSeconds", wish.scale_in_seconds)):
        if value is not None and allows(request, column, "cooldowns", f"autoscaling.{field}", value, fix=f"remove {field}"):
            within(request, column, "cooldowns", f"autoscaling.{field}", value, unit="seconds")
    if wish.max_step_percent is not None:
        fields = "autoscaling.maxStepPercent"
        allows(request, column, "scalingSteps", fields, wish.max_step_percent, fix="remove maxStepPercent")


def _schedules(request: EndpointRequest, column: str, metric: str, stable: VariantPlan | None) -> tuple[ScheduledScalePlan, ...]:
    wish = request.endpoint.autoscaling
    if wish is None or not wish.schedules:
        return ()
    asked = wish.schedules
    fix = "remove schedules"
    if not allows(request, column, "scheduledScaling", "autoscaling.schedules", sorted(asked), fix=fix):
        return ()
    within(request, column, "scheduledScaling", "autoscaling.schedules", len(asked), unit="schedules")
    planned = tuple(_schedule(request, column, metric, name, schedule, stable) for name, schedule in sorted(asked.items()))
    _check_overlap(request, planned)
    _check_lowering(request, column, planned, stable)
    return planned


def _schedule(
    request: EndpointRequest, column: str, metric: str, name: str, schedule: Schedule, stable: VariantPlan | None
) -> ScheduledScalePlan:
    path = f"autoscaling.schedules.{name}"
    usual = stable.max_replicas if stable else schedule.min
    most = usual if schedule.max is None else schedule.max
    start, end = schedule.hours.split("-")
    if start == end:
        problem = "ends when it begins, which is never or always"
        request.fault(f"{path}.hours", schedule.hours, problem, allowed="FROM-TO that differ, such as 08:00-18:00", fix="write another end")
    if not schedule.days:
        request.fault(f"{path}.days", [], "is no day", allowed=", ".join(_DAYS), fix="remove days, which means Monday to Friday")
    if schedule.min > most:
        problem = f"is more than the {most} that there may be then"
        fix = f"write min: {most}, or max: {schedule.min}"
        request.fault(f"{path}.min", schedule.min, problem, allowed=f"{most} or fewer", fix=fix)
    if schedule.max is not None:
        allows(request, column, "scheduledMaximum", f"{path}.max", schedule.max, fix="remove max")
    _check_zero(request, column, metric, f"{path}.min", schedule.min)
    _check_zone(request, f"{path}.timeZone", schedule.time_zone)
    return ScheduledScalePlan(
        name=name,
        days=tuple(day for day in _DAYS if day in schedule.days),
        start_hour=int(start[:2]),
        start_minute=int(start[3:]),
        end_hour=int(end[:2]),
        end_minute=int(end[3:]),
        time_zone=schedule.time_zone,
        min_replicas=schedule.min,
        max_replicas=most,
    )


def _check_zone(request: EndpointRequest, fields: str, zone: str) -> None:
    if _is_zone(zone):
        return
    near = nearest(zone, available_timezones())
    request.fault(fields, zone, "is no time zone", allowed="names such as Europe/Berlin", fix=f"write timeZone: {near}", source=_ZONES)


@cache
def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _check_overlap(request: EndpointRequest, planned: tuple[ScheduledScalePlan, ...]) -> None:
    """Faults schedules that hold at the same time; those of different time zones are not compared, as their distance changes."""
    taken: dict[tuple[str, int], str] = {}
    told: set[tuple[str, str]] = set()
    for schedule in planned:
        for minute in _minutes(schedule):
            other = taken.setdefault((schedule.time_zone, minute), schedule.name)
            if other != schedule.name and (other, schedule.name) not in told:
                told.add((other, schedule.name))
                problem = f"holds at a time when {other} does, and the two say different bounds"
                path = f"autoscaling.schedules.{schedule.name}"
                request.fault(path, schedule.name, problem, allowed="schedules one after another", fix="write other hours or days")


def _check_lowering(request: EndpointRequest, column: str, planned: tuple[ScheduledScalePlan, ...], stable: VariantPlan | None) -> None:
    """Faults a second schedule with fewer replicas in a cluster: each would keep the usual ones there while the other holds."""
    usual = stable.min_replicas if stable else 0
    lowering = [schedule.name for schedule in planned if schedule.min_replicas < usual]
    if column in _IN_CLUSTERS and len(lowering) > 1:
        problem = (
            f"asks for fewer replicas than usual, as {lowering[0]} does: outside of one the usual ones run, also while the other holds"
        )
        path = f"autoscaling.schedules.{lowering[1]}"
        fix = "write one schedule for both, or replicas.min low and a schedule with more for the rest of the week"
        source = ability(column, "scheduledMaximum").source
        request.fault(path, lowering[1], problem, allowed="one schedule with fewer replicas", fix=fix, source=source)


def _minutes(schedule: ScheduledScalePlan) -> Iterator[int]:
    """The minutes of a week in which a schedule holds; one that passes midnight ends on the next day."""
    start = schedule.start_hour * 60 + schedule.start_minute
    end = schedule.end_hour * 60 + schedule.end_minute
    length = (end - start) % _DAY_MINUTES
    for day in schedule.days:
        first = _DAYS.index(day) * _DAY_MINUTES + start
        yield from (minute % (7 * _DAY_MINUTES) for minute in range(first, first + length))
