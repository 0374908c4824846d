"""Chooses a pool's machine: the cheapest that has what was asked for, and says why."""

from collections.abc import Sequence

from catalogue.machine_facts import MachineFacts, machine_facts
from catalogue.model import Offer
from catalogue.pool_accelerators import PoolAccelerator, gke_attachable, pool_accelerator, word_of
from plan.model import MachinePlan, TpuSlicePlan
from plan.pool_choice import Choice
from plan.pool_machine_faults import fault_nothing_fits, fault_unknown_accelerator, fault_unknown_machine
from plan.pool_offers import accelerators_of, fewest, named, price_text, with_accelerator, without_accelerator
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules
from plan.pool_tpu import plan_slice

_SOURCE = "catalogue/data/machines"
_DEFAULT_VCPUS, _DEFAULT_MEMORY_GIB = 4.0, 16.0
_SMALL_VCPUS, _SMALL_MEMORY_GIB = 2.0, 8.0
# Beside an accelerator: drivers, device plugin and data loading want this much.
_BESIDE_VCPUS, _BESIDE_MEMORY_GIB = 4.0, 8.0


def choose_machine(request: PoolRequest, rules: NodePoolRules) -> Choice | None:
    """The pool's machine, or None and a fault that says what there is instead; None without one where the region is unknown."""
    if request.region is None or not _words_fit(request):
        return None
    tpu = plan_slice(request)
    if tpu is not None and tpu.fault:
        return None
    offers = _candidates(request, is_slice=tpu is not None)
    if offers is None:
        return None
    fitting = fewest(offer for offer in offers if _fits(request, rules, offer) and (tpu is None or tpu.holds(offer)))
    if not fitting:
        fault_nothing_fits(request, offers)
        return None
    fitting = _connected(request, rules, fitting)
    if request.pool.machine is not None:
        _check_named(request, rules, fitting[0])
    return _chosen(request, fitting, tpu.plan if tpu else None)


def _words_fit(request: PoolRequest) -> bool:
    """Whether the words that name the machine can be read together; faults those that cannot."""
    pool = request.pool
    known = pool_accelerator(pool.accelerator) if pool.accelerator else None
    if pool.accelerator is not None and known is None:
        fault_unknown_accelerator(request)
        return False
    if known is not None and pool.precision is not None and pool.precision not in known.precisions:
        problem = f"is nothing that {pool.accelerator} computes in"
        allowed, fix = ", ".join(known.precisions), "write one of these, or leave accelerator out and keep precision"
        request.fault("precision", pool.precision, problem, allowed=allowed, fix=fix, source="catalogue/data/accelerators.csv")
        return False
    return True


def _candidates(request: PoolRequest, *, is_slice: bool) -> Sequence[Offer] | None:
    pool, cloud, region = request.pool, request.cloud, request.region_name
    if pool.machine is not None and pool.accelerator is None:
        found = named(cloud, region, pool.machine)
        if not found:
            fault_unknown_machine(request)
        return found or None
    if pool.accelerator is not None:
        return with_accelerator(cloud, region, pool.accelerator, _per_node(request, is_slice=is_slice))
    if request.wants_accelerator:
        words = [each.word for each in accelerators_of(cloud, region, "gpu") if each.vendor == "nvidia"]
        return [offer for word in words for offer in with_accelerator(cloud, region, word, pool.per_node)]
    vcpus, memory_gib = _floor(request)
    return without_accelerator(cloud, region, vcpus, memory_gib)


def _per_node(request: PoolRequest, *, is_slice: bool) -> int | None:
    """Accelerators a machine: exactly so many; one where nothing says otherwise. A slice has its own number of chips a host."""
    pool = request.pool
    if pool.per_node is not None:
        return pool.per_node
    open_ended = is_slice or pool.machine or pool.accelerator_memory_gib
    return None if open_ended else 1


def _floor(request: PoolRequest) -> tuple[float, float]:
    """The least vCPUs and GiB of a general machine: as asked, else enough for what runs there."""
    pool = request.pool
    if pool.vcpus is None and pool.memory_gib is None:
        small = request.system and request.stage != "prod"
        return (_SMALL_VCPUS, _SMALL_MEMORY_GIB) if small else (_DEFAULT_VCPUS, _DEFAULT_MEMORY_GIB)
    return max(pool.vcpus or 0, _SMALL_VCPUS), pool.memory_gib or _SMALL_VCPUS


def _fits(request: PoolRequest, rules: NodePoolRules, offer: Offer) -> bool:
    pool, machine = request.pool, offer.machine
    facts = machine_facts(request.cloud, machine.instance_type)
    if pool.machine is not None and machine.instance_type != pool.machine:
        return False
    by_name = pool.machine is not None
    wanted = (
        (machine.vcpus or 0) >= (pool.vcpus or (_BESIDE_VCPUS if machine.accelerator and not by_name else 0)),
        (machine.memory_gib or 0) >= (pool.memory_gib or (_BESIDE_MEMORY_GIB if machine.accelerator and not by_name else 0)),
        _accelerator_memory_gib(offer) >= (pool.accelerator_memory_gib or 0),
        _computes(request, offer),
        _architecture_fits(request, facts),
        by_name or rules.node_obstacle(machine) is None,
        by_name or facts is None or not facts.burstable or _may_burst(request),
    )
    return all(wanted)


def _connected(request: PoolRequest, rules: NodePoolRules, fitting: list[Offer]) -> list[Offer]:
    """Of machines that fit, those that can be packed together and have the fast network where the file asks for it; all where none can."""
    known = [(offer, machine_facts(request.cloud, offer.machine.instance_type)) for offer in fitting]
    if request.pool.placement == "compact":
        known = [(offer, facts) for offer, facts in known if facts is None or facts.compact_placement] or known
    if request.pool.interconnect == rules.LIMITS.interconnect:
        known = [(offer, facts) for offer, facts in known if facts is not None and facts.fabric in rules.LIMITS.fabrics] or known
    return [offer for offer, _ in known]


def _may_burst(request: PoolRequest) -> bool:
    return request.stage != "prod" and not request.system


def _check_named(request: PoolRequest, rules: NodePoolRules, offer: Offer) -> None:
    """Faults a machine that the file names and that must not be a node of this pool."""
    name = offer.machine.instance_type
    facts = machine_facts(request.cloud, name)
    obstacle = rules.node_obstacle(offer.machine)
    if obstacle is not None:
        fix = "name a larger machine, or leave machine out"
        request.fault("machine", name, obstacle.reason, allowed="machines that can be nodes", fix=fix, source=obstacle.source)
    elif facts is not None and facts.burstable and not _may_burst(request):
        where = "the system pool" if request.system else request.stage
        problem = f"is slowed down once its CPU credits are spent, which {where} cannot wait for"
        fix = "leave machine out, or name one that is not burstable"
        request.fault("machine", name, problem, allowed="machines that are not burstable", fix=fix, source=facts.source)


def _accelerator_memory_gib(offer: Offer) -> float:
    """What a machine's accelerators have by their makers' word: what the clouds list of one GPU differs by up to 7 %."""
    word = word_of(offer.machine)
    known = pool_accelerator(word) if word else None
    return known.memory_gib * offer.machine.accelerator_count if known else offer.machine.total_accelerator_memory_gib


def _computes(request: PoolRequest, offer: Offer) -> bool:
    precision = request.pool.precision
    if precision is None:
        return True
    word = word_of(offer.machine)
    known = pool_accelerator(word) if word else None
    return known is not None and precision in known.precisions


def _architecture_fits(request: PoolRequest, facts: MachineFacts | None) -> bool:
    """As asked; a general machine that nobody asked otherwise for is amd64, since most images are."""
    asked = request.pool.architecture
    if asked is None:
        by_name = request.pool.machine is not None or request.wants_accelerator
        return by_name or facts is None or facts.architecture == "amd64"
    return facts is not None and facts.architecture == asked


def _chosen(request: PoolRequest, fitting: Sequence[Offer], tpu: TpuSlicePlan | None) -> Choice:
    offer = fitting[0]
    word = word_of(offer.machine)
    accelerator = pool_accelerator(word) if word else None
    facts = machine_facts(request.cloud, offer.machine.instance_type)
    _decide_machine(request, fitting, accelerator)
    count = round(offer.machine.accelerator_count)
    machine = MachinePlan(
        instance_type=offer.machine.instance_type,
        architecture=facts.architecture if facts else request.pool.architecture or "amd64",
        vcpus=offer.machine.vcpus or 0,
        memory_gib=offer.machine.memory_gib or 0,
        accelerator=word or "",
        accelerator_kind=accelerator.kind if accelerator else "",
        accelerator_count=count,
        gke_accelerator=accelerator.gke_name if accelerator and request.cloud == "gcp" else None,
        attached=request.cloud == "gcp" and bool(word) and offer.machine.family.startswith("n1") and bool(gke_attachable(word or "")),
        usd_per_hour=float(offer.on_demand.usd) if offer.on_demand else None,
        spot_usd_per_hour=float(offer.spot.usd) if offer.spot else None,
    )
    return Choice(machine=machine, offer=offer, facts=facts, accelerator=accelerator, tpu=tpu)


def _decide_machine(request: PoolRequest, fitting: Sequence[Offer], accelerator: PoolAccelerator | None) -> None:
    offer = fitting[0]
    price = price_text(offer.on_demand)
    source = offer.on_demand.source.text if offer.on_demand else _SOURCE
    if request.pool.machine is not None:
        request.decide("machine", offer.machine.instance_type, f"the file names it; {price} in {request.region_name}", source)
        return
    what = ", ".join([_what(request, offer, accelerator), *_wishes(request)])
    if offer.on_demand is None:
        reason = f"has {what}; no machine that fits has a known price in {request.region_name}, so the smallest was taken"
    else:
        reason = f"cheapest in {request.region_name} with {what}: {price}{_runner_up(fitting)}"
    request.decide("machine", offer.machine.instance_type, reason, source)


def _runner_up(fitting: Sequence[Offer]) -> str:
    if len(fitting) == 1:
        return "; no other fits"
    next_one = fitting[1]
    price = f"${next_one.on_demand.usd:,.4g}" if next_one.on_demand else "price unknown"
    return f"; next {next_one.machine.instance_type}, {price}"


def _wishes(request: PoolRequest) -> list[str]:
    pool = request.pool
    packed = ["compact placement"] if pool.placement == "compact" else []
    return packed + ([pool.interconnect] if pool.interconnect not in (None, "none") else [])


def _what(request: PoolRequest, offer: Offer, accelerator: PoolAccelerator | None) -> str:
    pool = request.pool
    if accelerator is None:
        vcpus, memory_gib = _floor(request)
        least = "" if pool.vcpus or pool.memory_gib else ", enough for what nobody sized"
        return f"{vcpus:g} vCPUs and {memory_gib:g} GiB ({pool.architecture or 'amd64'}{least})"
    needs = [f"{offer.machine.accelerator_count:g} × {accelerator.word}"]
    if pool.accelerator_memory_gib:
        needs.append(f"{pool.accelerator_memory_gib:g} GiB of accelerator memory")
    if pool.precision:
        needs.append(pool.precision)
    if pool.accelerator is None:
        needs.append("an NVIDIA GPU, since TPUs, Neuron and AMD want programs of their own")
    return ", ".join(needs)
