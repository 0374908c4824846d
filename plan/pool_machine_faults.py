"""What to say when no machine is what was asked for: what is there instead, and where it is."""

from collections.abc import Sequence

from catalogue.machine_facts import machine_facts
from catalogue.model import Offer
from catalogue.pool_accelerators import PoolAccelerator, accelerator_words, pool_accelerator, word_of
from catalogue.zones import accelerator_zones
from plan.pool_offers import accelerators_of, machine_names, named, near_machines, near_words, prices, regions_where, with_accelerator
from plan.pool_request import PoolRequest, written

_WORDS = "catalogue/data/pool_accelerators.csv"
_MACHINES = "catalogue/data/machines"
_ZONES = "Google Cloud, TPU regions and zones: https://cloud.google.com/tpu/docs/regions-zones"


def fault_unknown_accelerator(request: PoolRequest) -> None:
    """An accelerator that no cloud has under this word."""
    word = request.pool.accelerator or ""
    near = near_words(word)
    allowed = f"one of {len(accelerator_words())} words" + (f", the nearest: {', '.join(near)}" if near else "")
    fix = f"write {near[0]}" if near else f"write a word such as {', '.join(accelerator_words()[-3:])}"
    request.fault("accelerator", word, "is no known accelerator", allowed=allowed, fix=fix, source=_WORDS)


def fault_unknown_machine(request: PoolRequest) -> None:
    """A machine that the region does not offer, or that is none."""
    name, cloud, region = request.pool.machine or "", request.cloud, request.region_name
    elsewhere = prices().regions(cloud, name) or regions_where(cloud, region, lambda other: named(cloud, other, name))
    if elsewhere:
        there = regions_where(cloud, region, lambda other: other in elsewhere) or elsewhere[:3]
        problem = f"is not offered in {region}"
        fix = f"name another machine, or move to {there[0]}"
        request.fault("machine", name, problem, allowed=f"machines of {region}; {name} is in {', '.join(there)}", fix=fix, source=_MACHINES)
        return
    near = near_machines(cloud, region, name)
    known = len(machine_names(cloud, region))
    allowed = f"{known} machines of {region}" + (f", the nearest: {', '.join(near)}" if near else "")
    fix = f"write {near[0]}" if near else "leave machine out and write vcpus and memoryGib"
    request.fault("machine", name, f"is no known machine of {cloud}", allowed=allowed, fix=fix, source=_MACHINES)


def fault_nothing_fits(request: PoolRequest, offers: Sequence[Offer]) -> None:
    """No machine of the region is what was asked for; `offers`: those with the accelerator, before the rest of the need is looked at."""
    word = request.pool.accelerator
    known = pool_accelerator(word) if word else None
    if known is not None and not with_accelerator(request.cloud, request.region_name, known.word, None):
        _fault_not_offered(request, known)
    elif known is not None and not offers:
        _fault_count(request, known)
    else:
        _fault_need(request, offers)


def instead_of(cloud: str, region: str, wanted: PoolAccelerator) -> list[str]:
    """The words of a region's accelerators of the same kind and at least the same memory, those that come nearest first."""
    fitting = [each for each in accelerators_of(cloud, region) if each.memory_gib >= wanted.memory_gib and each.kind == wanted.kind]
    return [each.word for each in sorted(fitting, key=lambda each: each.memory_gib)]


def _fault_not_offered(request: PoolRequest, wanted: PoolAccelerator) -> None:
    cloud, region = request.cloud, request.region_name
    there = regions_where(cloud, region, lambda other: with_accelerator(cloud, other, wanted.word, None))
    instead = instead_of(cloud, region, wanted)
    where = f"it is in {', '.join(there)}" if there else f"{cloud} has it nowhere"
    nearest = f"nearest with as much memory here: {', '.join(instead[:3])}" if instead else f"nothing of its kind and memory in {region}"
    fix = f"write accelerator: {instead[0]}" if instead else (f"move to {there[0]}" if there else "name another accelerator")
    by_zones = accelerator_zones(cloud, region, wanted.word) == ()
    source = _ZONES if by_zones else _MACHINES
    problem = f"is not offered in {region}" if there else f"is not offered by {cloud}"
    request.fault("accelerator", wanted.word, problem, allowed=f"{where}; {nearest}", fix=fix, source=source)


def _fault_count(request: PoolRequest, wanted: PoolAccelerator) -> None:
    cloud, region = request.cloud, request.region_name
    counts = sorted({round(offer.machine.accelerator_count) for offer in with_accelerator(cloud, region, wanted.word, None)})
    asked = request.pool.per_node or 1
    allowed = ", ".join(str(count) for count in counts)
    nearest = min(counts, key=lambda count: (abs(count - asked), -count))
    problem = f"{wanted.word} on one machine is what {cloud} does not offer in {region}"
    request.fault("perNode", asked, problem, allowed=allowed, fix=f"write perNode: {nearest}", source=_MACHINES)


def _fault_need(request: PoolRequest, offers: Sequence[Offer]) -> None:
    pool = request.pool
    asked = {
        "machine": pool.machine,
        "accelerator": pool.accelerator,
        "perNode": pool.per_node,
        "acceleratorMemoryGib": pool.accelerator_memory_gib,
        "precision": pool.precision,
        "vcpus": pool.vcpus,
        "memoryGib": pool.memory_gib,
        "architecture": pool.architecture,
    }
    needs = {field: written(value) for field, value in asked.items() if value is not None}
    # What was asked for last in this order is the easiest to give up.
    field = next(reversed(needs), "machine")
    together = ", ".join(f"{name}: {value}" for name, value in needs.items())
    largest = max(offers, key=lambda offer: (offer.machine.total_accelerator_memory_gib, offer.machine.vcpus or 0), default=None)
    allowed = _shape(largest) if largest else f"machines that {request.cloud} offers in {request.region_name}"
    if not needs:
        problem, fix = f"is on record in {request.region_name} that pods without an accelerator could run on", "move to another region"
    elif isinstance(needs[field], str):
        problem, fix = f"is what no machine of {request.region_name} has ({together})", f"remove {field}, or what stands beside it"
        allowed = ", ".join(_words_of(request, field, offers)) or allowed
    else:
        problem, fix = f"is more than any machine of {request.region_name} has ({together})", f"ask for less, or remove {field}"
    request.fault(field, needs.get(field), problem, allowed=allowed, fix=fix, source=_MACHINES)


def _words_of(request: PoolRequest, field: str, offers: Sequence[Offer]) -> list[str]:
    """What machines have in a field that is a word: their processors, or what their accelerators compute in."""
    if field == "architecture":
        facts = (machine_facts(request.cloud, offer.machine.instance_type) for offer in offers)
        return sorted({each.architecture for each in facts if each})
    words = {word for offer in offers if (word := word_of(offer.machine))}
    return sorted({precision for word in words if (known := pool_accelerator(word)) for precision in known.precisions})


def _shape(offer: Offer) -> str:
    machine = offer.machine
    gpus = f", {machine.accelerator_count:g} × {machine.accelerator}" if machine.accelerator else ""
    return f"up to {machine.instance_type}: {machine.vcpus or 0:g} vCPUs, {machine.memory_gib or 0:g} GiB{gpus}"
