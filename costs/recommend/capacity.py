"""Cheaper hours: spot where interruptions can be borne, and nothing at night where nobody works."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from catalogue.catalogue import Catalogue
from costs.model import Estimate
from costs.money import Band
from costs.recommend.model import Change
from costs.recommend.rewrite import with_path, with_resource
from costs.resource import Program, Resource
from costs.usage import Usage

# The property that makes a pool's machines spot. Source: the Pulumi registry's page of each type.
_SPOT: Final[dict[str, tuple[str, object]]] = {
    "aws:eks/nodeGroup:NodeGroup": ("capacityType", "SPOT"),
    "gcp:container/nodePool:NodePool": ("nodeConfig.spot", True),
    "azure-native:containerservice:AgentPool": ("scaleSetPriority", "Spot"),
}
# What starts and stops by a schedule. Source: each cloud's documentation of scheduled scaling, and of starting and stopping machines.
_STOPPED: Final = frozenset(
    {
        "aws:autoscaling/group:Group",
        "aws:ec2/instance:Instance",
        "aws:eks/nodeGroup:NodeGroup",
        "gcp:compute/instance:Instance",
        "gcp:compute/instanceGroupManager:InstanceGroupManager",
        "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager",
        "azure-native:compute:VirtualMachine",
        "azure-native:compute:VirtualMachineScaleSet",
    }
)
OFFICE_HOURS: Final = Decimal(220)
"""10 hours on 22 working days of a month."""
_ALWAYS: Final = Decimal(730)


def capacity_changes(program: Program, found: Estimate, catalogue: Catalogue) -> Iterator[Change]:
    """Spot for node pools that are not, and office hours for machines outside prod."""
    pools = {line.urn: line.machine for line in found.lines if line.machine}
    for urn, use in pools.items():
        resource = program.resources[urn]
        if not use.spot and resource.type in _SPOT and not _chosen(program, resource):
            yield _spot(program, resource)
        always = use.hours.expected >= _ALWAYS and use.count.expected > 0
        if always and is_outside_prod(program, resource) and _can_be_stopped(resource):
            yield _schedule(program, resource)


def _chosen(program: Program, resource: Resource) -> bool:
    """Whether its kind of capacity is a choice made above it: a pool that tells its ladder, or AKS's system pool, which is never spot."""
    return resource.get("mode") == "System" or any(each.items("capacity") for each in program.ancestors(resource) if not each.custom)


def _spot(program: Program, resource: Resource) -> Change:
    path, value = _SPOT[resource.type]
    single = "a single replica is gone with its node; " if _stage(program, resource) == "prod" else ""
    return Change(
        urn=resource.urn,
        aspect="spot",
        title=f"spot capacity: {path}: {value}",
        program=with_resource(program, with_path(resource, path, value)),
        risk=f"high: {single}nodes may be taken away at any time; keep an on-demand pool for what must run",
        effort="medium: the pool is replaced, workloads must bear interruptions",
    )


def _schedule(program: Program, resource: Resource) -> Change:
    def office(usage: Usage) -> Usage:
        told = dict(usage.entries.get(resource.urn, {}))
        return Usage({**usage.entries, resource.urn: {**told, "hoursPerMonth": Band.exactly(OFFICE_HOURS)}}, usage.name, usage.traffic)

    return Change(
        urn=resource.urn,
        aspect="schedule",
        title=f"run in office hours only: {OFFICE_HOURS} of {_ALWAYS} hours a month",
        program=program,
        risk="medium: nothing is there at night and at weekends; not for what others rely on",
        effort="low: a schedule that stops it or scales it to zero",
        usage=office,
    )


def _can_be_stopped(resource: Resource) -> bool:
    """Whether a schedule can take it to nothing: not a managed endpoint, nor AKS's system pool, nor a slice of TPUs."""
    if resource.type == "azure-native:containerservice:AgentPool":
        return resource.get("mode") not in (None, "System")
    if resource.type == "gcp:container/nodePool:NodePool":
        return not str(resource.get("nodeConfig.machineType") or "").startswith(("ct", "tpu"))
    return resource.type in _STOPPED


def is_outside_prod(program: Program, resource: Resource) -> bool:
    """Whether the tags, or else the stack's name, say that this is no production."""
    return _stage(program, resource) in ("dev", "test", "development", "staging", "sandbox")


def _stage(program: Program, resource: Resource) -> str:
    """What the tags say, else the stack's name in the URN."""
    for key in ("stage", "environment", "env"):
        for tags in ("tags", "labels", "resourceLabels"):
            told = resource.get(f"{tags}.{key}")
            if isinstance(told, str):
                return told.lower()
    stack = resource.urn.split("::")[0].rpartition(":")[2].lower()
    words = stack.replace("_", "-").split("-")
    return next((word for word in words if word in ("dev", "test", "development", "staging", "sandbox", "prod")), "")
