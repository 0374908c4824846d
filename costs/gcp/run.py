"""Cloud Run services, jobs and worker pools. Free tiers are not applied.

Source: Google Cloud, "Cloud Run pricing"; defaults: the provider's documentation.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from costs.gcp.network import internet_egress
from costs.gcp.part import mapping
from costs.gcp.run_price import Scale, Size, always_on, by_request, limited, resource_lines
from costs.gcp.size import gib, vcpus
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing

# Source: Google Cloud, "Maximum concurrent requests", "Memory limits".
_CONCURRENCY: Final = 80
_MEMORY: Final = "512Mi"
_ANNOTATIONS: Final = "template.metadata.annotations"
_SCALE: Final = "autoscaling.knative.dev/{}Scale"


def service(pricing: Pricing) -> None:
    """A service: by request while CPU is given only during requests, else for as long as instances are there."""
    size = _size(pricing, "template.containers", "template")
    if size is None:
        return
    least, most = (_limit(pricing, name) for name in ("minInstanceCount", "maxInstanceCount"))
    if pricing.text("scaling.scalingMode") == "MANUAL":
        least = most = pricing.number("scaling.manualInstanceCount", 1)
    concurrency = pricing.number("template.maxInstanceRequestConcurrency") or (Decimal(_CONCURRENCY) if size.cpu >= 1 else Decimal(1))
    scale = limited(pricing, least, most, concurrency)
    request_based = not size.gpus and all(_idle(each) for each in pricing.resource.items("template.containers"))
    (by_request if request_based else always_on)(pricing, size, scale)
    internet_egress(pricing)


def _limit(pricing: Pricing, name: str) -> Decimal | None:
    """A limit of the service, else of its revision."""
    own = pricing.number(f"scaling.{name}")
    return own if own else pricing.number(f"template.scaling.{name}")


def _idle(container: Any) -> bool:
    """Whether CPU is given only during requests. Source: the provider's `cpuIdle`: true, but with `resources` only where it says so."""
    resources = mapping(container).get("resources")
    return not resources or mapping(resources).get("cpuIdle") is True


def _size(pricing: Pricing, path: str, template: str) -> Size | None:
    """All containers of an instance together; listed as unpriced where their limits are unreadable."""
    containers = [mapping(each) for each in pricing.resource.items(path)]
    limits = [mapping(mapping(each.get("resources")).get("limits")) for each in containers]
    cpus, memories = _limits(limits, "cpu", "1", vcpus), _limits(limits, "memory", _MEMORY, gib)
    gpus = _limits(limits, "nvidia.com/gpu", "0", vcpus)
    if not containers or cpus is None or memories is None or gpus is None:
        pricing.unpriced("instances", f"{path} or the limits in it are known only after `up`")
        return None
    kind = pricing.text(f"{template}.nodeSelector.accelerator", "nvidia-l4")
    redundant = not pricing.flag(f"{template}.gpuZonalRedundancyDisabled")
    return Size(cpu=cpus, memory_gib=memories, gpus=gpus, gpu=kind, redundant=redundant)


def _limits(limits: Sequence[Mapping[str, Any]], name: str, default: str, parse: Any) -> Decimal | None:
    found = [parse(each.get(name) if each.get(name) is not None else default) for each in limits]
    return None if None in found else sum(found, Decimal(0))


def job(pricing: Pricing) -> None:
    """Tasks are paid from start to stop. `hoursPerMonth`: how long each of them runs."""
    size = _size(pricing, "template.template.containers", "template.template")
    if size is None:
        return
    tasks = pricing.number("template.taskCount", 1)
    if tasks is None:
        pricing.unpriced("tasks", "template.taskCount is known only after `up`")
        return
    hours = pricing.usage_or("hoursPerMonth", Band.of(1, 10, 730), "how long each task runs in a month is not told")
    seconds = Factor(f"seconds ({hours.words} × 3600)", hours.amount * 3600, hours.confidence)
    resource_lines(pricing, "task", "instance-based", size, count("tasks", tasks or 1), seconds)


def worker_pool(pricing: Pricing) -> None:
    """Instances that wait for work, all the time; their number is set by hand unless it says otherwise."""
    size = _size(pricing, "template.containers", "template")
    if size is None:
        return
    if pricing.text("scaling.scalingMode", "MANUAL") != "MANUAL":
        least, most = (pricing.number(f"scaling.{name}") for name in ("minInstanceCount", "maxInstanceCount"))
        always_on(pricing, size, limited(pricing, least, most, Decimal(1)))
        return
    number = pricing.number("scaling.manualInstanceCount", 1)
    if number is None:
        pricing.unpriced("instances", "scaling.manualInstanceCount is known only after `up`")
        return
    always_on(pricing, size, Scale(least=number, most=number, concurrency=Decimal(1)))


def service_of_knative(pricing: Pricing) -> None:
    """A service of the first API, whose settings are annotations."""
    path = "template.spec.containers"
    size = _size(pricing, path, "template.spec")
    if size is None:
        return
    notes = mapping(pricing.resource.get(_ANNOTATIONS))
    least, most = (_whole(notes.get(_SCALE.format(limit))) for limit in ("min", "max"))
    concurrency = pricing.number("template.spec.containerConcurrency") or Decimal(_CONCURRENCY)
    scale = limited(pricing, least, most, concurrency)
    throttled = notes.get("run.googleapis.com/cpu-throttling") != "false"
    if isinstance(pricing.resource.get(_ANNOTATIONS), Missing):
        pricing.note("billing", "by request", "the annotations are known only after `up`")
    (by_request if throttled and not size.gpus else always_on)(pricing, size, scale)
    internet_egress(pricing)


def _whole(value: Any) -> Decimal | None:
    return Decimal(str(value)) if str(value).isdigit() else None


PRICERS: dict[str, Pricer] = {
    "gcp:cloudrunv2/service:Service": service,
    "gcp:cloudrunv2/job:Job": job,
    "gcp:cloudrunv2/workerPool:WorkerPool": worker_pool,
    "gcp:cloudrun/service:Service": service_of_knative,
}
FREE: set[str] = set()
