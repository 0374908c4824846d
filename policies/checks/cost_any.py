"""What costs for nothing on any cloud, by the estimate: accelerators that never rest, ways between regions, promises above the need."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, cast

from costs.model import Line, MachineUse
from costs.money import HOURS_PER_MONTH
from costs.registry import pricers
from costs.resource import Missing, Program, Resource, name_of, once
from costs.words import number_text, usd_text
from policies.check import Checks, Problem
from policies.checks.cost_total import estimated
from policies.joins import sources
from policies.part import Part
from policies.pods import DECLARED
from policies.view import Undecided, View

CHECKS = Checks()
_STACK = "pulumi:pulumi:Stack"
_BUCKETS = (
    *("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "gcp:storage/bucket:Bucket"),
    "azure-native:storage:StorageAccount",
)
# What lies in a bucket, with the property that says in which.
_IN_BUCKETS = {
    "aws:s3/bucketObject:BucketObject": "bucket",
    "aws:s3/bucketObjectv2:BucketObjectv2": "bucket",
    "azure-native:storage:Blob": "accountName",
    "azure-native:storage:BlobContainer": "accountName",
    "gcp:storage/bucketObject:BucketObject": "bucket",
}
_SERVING = (
    *("aws:ec2/instance:Instance", "aws:lambda/function:Function", "aws:sagemaker/model:Model"),
    *("azure-native:app:ContainerApp", "azure-native:machinelearningservices:ModelVersion"),
    *("azure-native:machinelearningservices:OnlineDeployment", "gcp:cloudrun/service:Service", "gcp:cloudrunv2/service:Service"),
    "gcp:compute/instance:Instance",
    *DECLARED,
)


@CHECKS.add(
    "DD-COST-401",
    "No accelerator runs all day outside production",
    "*",
    joined=True,
    level="advisory",
    rationale="Nobody works at night: two thirds of what such an accelerator costs are for nothing.",
    fix="let it go to zero, stop it by a schedule, or tell the hours that it runs (hoursPerMonth)",
    key="endpoints.<name>.replicas.min, nodePools.<name>.nodes.min",
)
def accelerators_rest(view: View) -> Iterator[Problem]:
    """Machines with accelerators of which the estimate has some at all hours, in any stage but prod."""
    for line in _lines(view.program).get(view.resource.urn, ()):
        use = line.machine
        if use and use.offer.machine.accelerator and _always(use) > 0 and view.stage != "prod":
            machines = f"{number_text(use.count.low)} × {use.offer.machine.instance_type}"
            yield Problem(what=f"has {machines} at all hours, for {usd_text(line.usd.low)} USD a month")


@CHECKS.add(
    "DD-COST-402",
    "Accelerators that may stop are bought as spot outside production",
    "*",
    joined=True,
    level="advisory",
    rationale="Work that can begin again pays half of the price or less.",
    fix="take spot capacity, with on demand to fall back on",
    key="nodePools.<name>.capacity",
    parameters={"leastSavingPercent": 30.0},
)
def accelerators_as_spot(view: View) -> Iterator[Problem]:
    """Machines with accelerators on demand whose spot price is on record, and lower by the parameter, in any stage but prod."""
    for line in _lines(view.program).get(view.resource.urn, ()):
        use = line.machine
        if use is None or use.spot or not use.offer.machine.accelerator or view.stage == "prod":
            continue
        on_demand, spot = use.offer.on_demand, use.offer.spot
        if on_demand is None or spot is None:
            continue
        saved = 100 * (1 - spot.usd / on_demand.usd)
        if saved >= Decimal(str(view.parameters["leastSavingPercent"])):
            yield Problem(what=f"pays {use.offer.machine.instance_type} on demand, of which spot saves {saved:.0f} %")


@CHECKS.add(
    "DD-COST-403",
    "Whatever scales has a maximum",
    "*",
    joined=True,
    rationale="Without a maximum a mistake in a loop, or somebody who means it, spends what he likes.",
    fix="set its maximum: maxSize, maxReplicas, maxInstances, spec.limits",
    key="nodePools.<name>.nodes.max, endpoints.<name>.replicas.max",
    profiles={"dev": "advisory"},
)
def bounded(view: View) -> Iterator[Problem]:
    """What the estimate has no bound for: it says so where it takes one for granted, or has no price for that."""
    urn = view.resource.urn
    reason = _unbounded(view.program).get(urn)
    hidden = _hidden_maximum(view.resource.properties) if urn in _unpriced(view.program) else ""
    if hidden:
        raise Undecided(hidden)
    if reason:
        yield Problem(what=reason)


@CHECKS.add(
    "DD-COST-404",
    "What serves is in the region of the bucket that it reads",
    *_SERVING,
    joined=True,
    rationale="Each start fetches the model across regions, which costs by the gigabyte and takes longer.",
    fix="put both into one region, or copy the bucket there",
    key="models.<name>.artifact, region",
    profiles={"dev": "advisory"},
)
def in_one_region(view: View) -> Iterator[Problem]:
    """The region of each bucket that its properties come from against its own; a bucket of several regions is near to all of them."""
    for name in view.resource.references:
        for bucket in _buckets(view, name):
            here, there = _place(view.resource, view.program), _place(bucket, view.program)
            if bucket.provider == view.resource.provider and here == there:
                continue
            if None in (here[1], there[1]):
                raise Undecided("region")
            if here != there and not _of_several(there):
                yield Problem(path=name, what=f"is in {here[1]}, and reads {bucket.name} in {there[1]}")


@CHECKS.add(
    "DD-COST-405",
    "Nobody promises to pay for more than always runs",
    "gcp:compute/regionCommitment:RegionCommitment",
    joined=True,
    severity="high",
    level="advisory",
    rationale="A commitment is paid for every hour of years, used or not, and cannot be taken back.",
    fix="commit to what runs at all times, and pay the rest as it comes",
)
def within_base(view: View) -> Iterator[Problem]:
    """VCPU of a commitment against the vCPUs of its region that the estimate has at all hours (Compute Engine API, regionCommitments)."""
    region = _place(view.resource, view.program)[1]
    if region is None:
        raise Undecided("region")
    base = _base_vcpus(view.program, region)
    for resource in Part(view, "").each("resources"):
        # An amount is text, as whole numbers of 64 bits are in Google's APIs.
        amount = resource.get("amount")
        if amount and resource.text("type") == "VCPU" and Decimal(str(amount)) > base:
            what = f"commits to {number_text(Decimal(str(amount)))} vCPUs in {region}, where {number_text(base)} run at all hours"
            yield Problem(path=resource.at("amount"), what=what)


@CHECKS.add(
    "DD-COST-406",
    "What stands while nobody works costs little outside production",
    _STACK,
    joined=True,
    level="advisory",
    rationale="Outside production most hours are idle: what stands in them is most of the bill.",
    fix="take away what drives it, let it go to zero, or raise idleMonthlyUsd",
    parameters={"idleMonthlyUsd": 500.0},
)
def little_idle(view: View) -> Iterator[Problem]:
    """The low level of everything that is provisioned, not used, in the profile dev, against idleMonthlyUsd."""
    if view.stage == "prod":
        return
    found = estimated(view.program)
    standing = defaultdict[str, Decimal](Decimal)
    for line in found.lines:
        if not line.usage_based:
            standing[found.components.get(line.urn, line.urn)] += line.usd.low
    idle, bound = sum(standing.values(), Decimal(0)), Decimal(str(view.parameters["idleMonthlyUsd"]))
    if idle > bound:
        dearest = sorted(standing, key=lambda urn: (-standing[urn], urn))[:3]
        drivers = ", ".join(f"{name_of(urn)} {usd_text(standing[urn])}" for urn in dearest)
        yield Problem(
            what=f"{usd_text(idle)} USD a month stand idle, {usd_text(idle - bound)} over {usd_text(bound)}; most of it: {drivers}"
        )


@CHECKS.add(
    "DD-COST-407",
    "No component is most of the budget",
    _STACK,
    joined=True,
    level="advisory",
    rationale="Whatever is most of the budget decides whether it is kept, and should be looked at by itself.",
    fix="make it smaller, give it a budget of its own, or raise componentPercent",
    parameters={"componentPercent": 60.0},
)
def spread_budget(view: View) -> Iterator[Problem]:
    """Each outermost component's expected level against componentPercent of monthlyUsd, where that is set."""
    budget: Any = view.parameters.get("monthlyUsd")
    if budget is None:
        return
    percent = Decimal(str(view.parameters["componentPercent"]))
    bound = Decimal(str(budget)) * percent / 100
    for urn, band in estimated(view.program).of_component().items():
        if band.expected > bound:
            share = f"{number_text(percent)} % of monthlyUsd"
            yield Problem(what=f"{name_of(urn)} costs {usd_text(band.expected)} USD a month, more than {share}, {usd_text(bound)}")


@CHECKS.add(
    "DD-COST-408",
    "The worst case is not many times what is expected",
    _STACK,
    joined=True,
    level="advisory",
    rationale="Maximums that nobody means are how a mistake becomes a bill.",
    fix="lower the maximums of what drives it, or raise worstTimes",
    parameters={"worstTimes": 10.0},
)
def worst_near_expected(view: View) -> Iterator[Problem]:
    """The total's high level against worstTimes its expected one."""
    found = estimated(view.program)
    times, total = Decimal(str(view.parameters["worstTimes"])), found.total
    if total.expected and total.high > total.expected * times:
        grown = min(found.of_component().items(), key=lambda each: each[1].expected - each[1].high)[0]
        ratio = f"{total.high / total.expected:.0f} times what is expected"
        yield Problem(what=f"{usd_text(total.high)} USD a month are possible, {ratio}; most by {name_of(grown)}")


@CHECKS.add(
    "DD-COST-409",
    "A program has a budget",
    _STACK,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    joined=True,
    rationale="What nobody bounded nobody notices.",
    fix="set monthlyUsd among the settings",
)
def has_budget(view: View) -> Iterator[Problem]:
    """Whether monthlyUsd is set."""
    if view.parameters.get("monthlyUsd") is None:
        yield Problem(what="has no budget a month")


@once
def _lines(program: Program) -> Mapping[str, list[Line]]:
    """The estimate's lines by resource."""
    found: dict[str, list[Line]] = {}
    for line in estimated(program).lines:
        found.setdefault(line.urn, []).append(line)
    return found


@once
def _unbounded(program: Program) -> Mapping[str, str]:
    """Why the estimate has no bound, by resource."""
    found = estimated(program)
    assumed = {
        each.urn: each.reason.partition(":")[0] for each in found.assumptions if each.reason.startswith("no maximum is set: ten times")
    }
    unknown = {each.urn: each.reason for each in found.unpriced if each.reason.endswith("the worst case has no bound")}
    return {**assumed, **unknown}


@once
def _unpriced(program: Program) -> set[str]:
    return {each.urn for each in estimated(program).unpriced}


def _hidden_maximum(value: Any, path: str = "", meant: bool = False) -> str:
    """The path of a maximum that cannot be read, which the estimate takes for one that is not set; empty where there is none."""
    if isinstance(value, Missing):
        return path if meant else ""
    pairs = (
        cast(dict[str, Any], value).items()
        if isinstance(value, dict)
        else enumerate(cast(list[Any], value))
        if isinstance(value, list)
        else ()
    )
    inner = (_hidden_maximum(each, f"{path}.{key}".lstrip("."), meant or _bounds(str(key))) for key, each in pairs)
    return next(filter(None, inner), "")


def _bounds(key: str) -> bool:
    return key.lower().startswith(("max", "scaling", "autoscaling", "limits"))


def _always(use: MachineUse) -> Decimal:
    """How many machines run at all hours at least."""
    return use.count.low if use.hours.low >= HOURS_PER_MONTH else Decimal(0)


def _base_vcpus(program: Program, region: str) -> Decimal:
    uses = (line.machine for line in estimated(program).lines)
    here = [use for use in uses if use and not use.spot and (use.offer.machine.provider, use.offer.region) == ("gcp", region)]
    return sum((_always(use) * Decimal(str(use.offer.machine.vcpus or 0)) for use in here), Decimal(0))


def _buckets(view: View, name: str) -> Iterator[Resource]:
    """The buckets that a property comes from, by themselves or by what lies in them."""
    for found in sources(view, name, (*_BUCKETS, *_IN_BUCKETS)):
        inside = _IN_BUCKETS.get(found.resource.type)
        yield from (each.resource for each in (sources(found, inside, _BUCKETS) if inside else [found]))


def _place(resource: Resource, program: Program) -> tuple[str, str | None]:
    module = pricers(resource.package)
    place = module.place(resource, program) if module else None
    return (place.provider, place.region) if place else ("", None)


def _of_several(place: tuple[str, str | None]) -> bool:
    """Google's multi-regions (eu) and pairs of regions (eur4) have no dash. Source: Cloud Storage documentation, "Bucket locations"."""
    return place[0] == "gcp" and "-" not in cast(str, place[1])
