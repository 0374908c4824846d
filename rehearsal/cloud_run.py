"""Cloud Run's services: which templates make a revision, which revisions take traffic, and what GPUs a region gives them.

Sources: Google Cloud, "GPU support for services" (sizes, billing, quotas), "Configure container health checks for services",
"Rollbacks, gradual rollouts, and traffic migration"; wordings from public reports of each error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from grpc import StatusCode

from rehearsal.capacity.quotas import MachineQuota
from rehearsal.errors import CloudError, invalid
from rehearsal.scenario import Scenario
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Value, Values, as_map, as_text, lookup

SERVICE: Final = "gcp:cloudrunv2/service:Service"
# Its documents in the rehearsal's state; revisions are no resources, and go with their service.
REVISION: Final = "run.googleapis.com/Revision"
_GPU: Final = "nvidia.com/gpu"
_BY_REVISION: Final = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
# The longest that a container may take to start, in seconds, without and with a GPU.
_START_SECONDS: Final = (600, 1800)
_WHOLE: Final = 100
_SUFFIX: Final = "abc"
_CPU: Final = re.compile(r"^(?P<number>\d+(\.\d+)?)(?P<milli>m?)$")
_MEMORY: Final = re.compile(r"^(?P<number>\d+)(?P<unit>[KMG]i?|)$")
_GIB_OF: Final = {"": 2**-30, "K": 1e3 * 2**-30, "M": 1e6 * 2**-30, "G": 1e9 * 2**-30, "Ki": 2**-20, "Mi": 2**-10, "Gi": 1.0}


@dataclass(frozen=True)
class _Accelerator:
    """A GPU's fewest vCPUs and GiB beside it, and its name in the names of quotas."""

    vcpus: float
    memory_gib: float
    quota: str


_ACCELERATORS: Final = {
    "nvidia-l4": _Accelerator(4, 16, "NvidiaL4"),
    "nvidia-rtx-pro-6000": _Accelerator(20, 80, "NvidiaRtxPro6000"),
}
# A project's first deployment of a GPU in a region brings it three, without zonal redundancy; more are asked for.
_FIRST_GPUS: Final = 3


@dataclass(frozen=True)
class Revision:
    """What a template made: its name, the template as text, and whether it came to serve."""

    name: str
    template: str
    ready: bool


def check_service(cloud: SimulatedCloud, scenario: Scenario, token: str, identifier: str, inputs: Values, region: str) -> None:
    """Raises CloudError where Cloud Run refuses a service, new or changed; it then stays as it was."""
    if token != SERVICE:
        return
    template = as_map(inputs.get("template"))
    _check_sizes(template)
    _check_start(template)
    _check_most(scenario, template, region)
    _check_traffic(inputs, {each.name for each in revisions(cloud, identifier)} | {_next(cloud, identifier, inputs).name})


def revisions(cloud: SimulatedCloud, service: str) -> list[Revision]:
    """Give the revisions that a service keeps, oldest first."""
    prefix = f"{service}/revisions/"
    sql = "SELECT body FROM documents WHERE kind = ? AND substr(name, 1, ?) = ? ORDER BY rowid"
    return [Revision(**json.loads(row[0])) for row in cloud.query(sql, (REVISION, len(prefix), prefix))]


def service_outputs(cloud: SimulatedCloud, identifier: str, inputs: Values, made: Values) -> Values:
    """Give a service's outputs with its newest revision, and who takes which share of the traffic once that is ready."""
    newest = _next(cloud, identifier, inputs)
    return {**made, **_status(identifier, newest.name, newest.name, inputs)}


def revise(cloud: SimulatedCloud, scenario: Scenario, resource: Resource) -> list[str]:
    """Make the revision of a service that was made or changed. Give the reasons why it does not serve: then the one before still does."""
    newest = _next(cloud, resource.id, resource.inputs)
    before = [each for each in revisions(cloud, resource.id) if each.ready and each.name != newest.name]
    short = None if newest.ready else _too_few(cloud, scenario, resource, before)
    made = Revision(newest.name, newest.template, short is None)
    sql = "INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body"
    cloud.query(sql, (REVISION, f"{resource.id}/revisions/{made.name}", json.dumps(vars(made))))
    if short is None:
        return []
    old = before[-1].name if before else ""
    cloud.update(replace(resource, outputs={**resource.outputs, **_status(resource.id, newest.name, old, resource.inputs)}))
    said = f"Revision {made.name!r} is not ready and {short}"
    return [f'{SERVICE} {resource.id!r}: resource is in failed state "Ready:False", message: {said}']


def serving(cloud: SimulatedCloud, service: Resource) -> dict[str, int]:
    """Give the percent of the traffic that each revision of a service takes, by its name: a revision that is not ready takes none."""
    ready = [each.name for each in revisions(cloud, service.id) if each.ready]
    return _shares(service.inputs, ready[-1]) if ready else {}


def forget(cloud: SimulatedCloud, resource: Resource) -> None:
    """Let the revisions of a service that is deleted go with it; of other types nothing is held."""
    if resource.type == SERVICE:
        prefix = f"{resource.id}/revisions/"
        cloud.query("DELETE FROM documents WHERE kind = ? AND substr(name, 1, ?) = ?", (REVISION, len(prefix), prefix))


def _next(cloud: SimulatedCloud, service: str, inputs: Values) -> Revision:
    """Give the revision that a template stands for: the newest while the template is the same, else one that is not made yet."""
    template = as_map(inputs.get("template"))
    text = json.dumps({name: value for name, value in template.items() if name != "revision"}, sort_keys=True, default=str)
    kept, named = revisions(cloud, service), as_text(template.get("revision"))
    if named is not None:
        return _named(service.rpartition("/")[2], named, text, kept)
    if kept and kept[-1].template == text:
        return kept[-1]
    return Revision(f"{service.rpartition('/')[2]}-{len(kept) + 1:05d}-{_SUFFIX}", text, ready=False)


def _named(service: str, named: str, text: str, kept: list[Revision]) -> Revision:
    if not named.startswith(f"{service}-"):
        raise invalid(f"googleapi: Error 400: template.revision: {named!r} must begin with {service + '-'!r}; rename the revision")
    same = next((each for each in kept if each.name == named), None)
    if same and same.template != text:
        said = f"googleapi: Error 409: Revision named '{named}' with different configuration already exists."
        raise CloudError(StatusCode.ALREADY_EXISTS, f"{said} Give the changed template another revision name, or none")
    return same or Revision(named, text, ready=False)


def _check_traffic(inputs: Values, known: set[str]) -> None:
    targets = [as_map(each) for each in _items(inputs.get("traffics"))]
    total = sum(_number(each.get("percent")) for each in targets)
    if targets and total != _WHOLE:
        raise invalid(f"googleapi: Error 400: traffic: the percents must add up to 100, and they add up to {total:g}; mend the shares")
    for target in targets:
        name = as_text(target.get("revision"))
        if target.get("type") == _BY_REVISION and name not in known:
            said = f"Error code 13, message: Revision '{name}' does not exist or is deleted."
            raise invalid(f"{SERVICE}: {said} Update all traffic to route to currently available revisions.")


def _check_sizes(template: Values) -> None:
    for path, resources in _resources(template):
        limits = as_map(resources.get("limits"))
        gpus = _number(limits.get(_GPU))
        if not gpus:
            continue
        accelerator = as_text(lookup(template, ("nodeSelector", "accelerator"))) or ""
        known = _ACCELERATORS.get(accelerator)
        if known is None:
            allowed = ", ".join(_ACCELERATORS)
            raise invalid(
                f"googleapi: Error 400: template.node_selector.accelerator: {accelerator!r} is no GPU of Cloud Run; use {allowed}"
            )
        if gpus != 1:
            raise invalid(f"googleapi: Error 400: {path}.limits: an instance has 1 GPU, not {gpus:g}; ask for 1")
        cpus, memory = _cpus(limits.get("cpu")), _gib(limits.get("memory"))
        if cpus < known.vcpus or memory < known.memory_gib:
            least = f"at least {known.vcpus:g} CPU and {known.memory_gib:g}Gi memory"
            raise invalid(f"googleapi: Error 400: {path}.limits: {accelerator} needs {least}, not {cpus:g} and {memory:g}Gi; raise them")
        if resources.get("cpuIdle") is not False:
            raise invalid(f"googleapi: Error 400: {path}.cpu_idle: a GPU needs CPU that is always allocated; set it to false")


def _check_start(template: Values) -> None:
    for position, container in enumerate(map(as_map, _items(template.get("containers")))):
        probe = as_map(container.get("startupProbe"))
        has_gpu = _number(lookup(container, ("resources", "limits", _GPU))) > 0
        longest = _START_SECONDS[has_gpu]
        seconds = _number(probe.get("failureThreshold"), 3) * _number(probe.get("periodSeconds"), 10)
        if probe and seconds > longest:
            path = f"template.containers[{position}].startup_probe"
            said = f"failure_threshold times period_seconds must not be more than {longest} s, and is {seconds:g} s; lower one"
            raise invalid(f"googleapi: Error 400: {path}: {said}")


def _check_most(scenario: Scenario, template: Values, region: str) -> None:
    quota = _quota(template)
    limit = quota.limit(scenario, region) if quota else None
    if quota is None or limit is None:
        return
    most = _number(lookup(template, ("scaling", "maxInstanceCount")), 100)
    if most > limit:
        said = f"Max instances must be set to {limit:g} or fewer to set the requested total GPU count."
        mend = "request an increase of the quota, or lower it"
        violated = f"Quota violated: {quota.name} requested: {most:g} allowed: {limit:g}; {mend}"
        raise CloudError(StatusCode.RESOURCE_EXHAUSTED, f"googleapi: Error 400: template.scaling.max_instance_count: {said} {violated}")


def _too_few(cloud: SimulatedCloud, scenario: Scenario, resource: Resource, before: list[Revision]) -> str | None:
    """Instances of the revision before serve until the new one is ready, so that both count for a while."""
    template = as_map(resource.inputs.get("template"))
    quota = _quota(template)
    region = _region(resource)
    limit = quota.limit(scenario, region) if quota else None
    if quota is None or limit is None:
        return None
    services = [each for each in cloud.of_types([SERVICE]) if each.id != resource.id and _region(each) == region]
    others = [as_map(each.inputs.get("template")) for each in services]
    running = sum(_least(each) for each in others if _quota(each) == quota)
    running += max((_least(json.loads(each.template)) for each in before[-1:]), default=0)
    if running + max(1, _least(template)) <= limit:
        return None
    return f"cannot serve traffic. Quota exceeded for total allowable count of GPUs per project per region. ({quota.name}: {limit:g})"


def _quota(template: Values) -> MachineQuota | None:
    """Give the quota that a template's GPUs count against, None where it has none."""
    known = _ACCELERATORS.get(as_text(lookup(template, ("nodeSelector", "accelerator"))) or "")
    if known is None or not any(_number(as_map(each.get("limits")).get(_GPU)) for _, each in _resources(template)):
        return None
    alone = template.get("gpuZonalRedundancyDisabled") is True
    name = f"{known.quota}GpuAlloc{'NoZonalRedundancy' if alone else ''}PerProjectRegion"
    return MachineQuota("gcp", "onDemand", (), name, name, "GPU", _FIRST_GPUS if alone else 0, is_global=False)


def _status(identifier: str, created: str, ready: str, inputs: Values) -> Values:
    shares: list[Value] = [{"revision": name, "percent": share} for name, share in _shares(inputs, ready).items()]
    names = {key: f"{identifier}/revisions/{name}" for key, name in (("latestCreatedRevision", created), ("latestReadyRevision", ready))}
    return {**names, "trafficStatuses": shares}


def _shares(inputs: Values, latest: str) -> dict[str, int]:
    targets = [as_map(each) for each in _items(inputs.get("traffics"))] or [{"percent": _WHOLE}]
    shares: dict[str, int] = {}
    for target in targets:
        name = as_text(target.get("revision")) or latest
        shares[name] = shares.get(name, 0) + int(_number(target.get("percent")))
    return shares


def _resources(template: Values) -> Iterator[tuple[str, Values]]:
    for position, container in enumerate(map(as_map, _items(template.get("containers")))):
        yield f"template.containers[{position}].resources", as_map(container.get("resources"))


def _region(service: Resource) -> str:
    return as_text(service.outputs.get("location")) or ""


def _least(template: Values) -> float:
    return _number(lookup(template, ("scaling", "minInstanceCount")))


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _number(value: Value, otherwise: float = 0) -> float:
    return otherwise if value is None else float(as_text(value) or otherwise)


def _cpus(value: Value) -> float:
    match = _CPU.match(as_text(value) or "1")
    return float(match["number"]) / (1000 if match["milli"] else 1) if match else 0


def _gib(value: Value) -> float:
    match = _MEMORY.match(as_text(value) or "512Mi")
    return float(match["number"]) * _GIB_OF[match["unit"]] if match else 0
