"""The accelerators by the words of environment files, and the machines that carry them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from catalogue.accelerators import TpuSlice, accelerators, tpu_slices
from catalogue.catalogue import Catalogue
from catalogue.index import family
from catalogue.model import Machine, Offer, Price
from catalogue.rows import rows
from catalogue.zones import accelerator_zones

_DATA = Path(__file__).parent / "data"
# Google attaches GPUs to smaller N1 machines too, but a node of one or two vCPUs has no room for a GPU's own pods beside Kubernetes'.
# The clouds' own machines with a whole GPU have at least four. N1 highcpu has less than 1 GiB of memory for a vCPU: too little for a model.
_N1_FAMILIES = ("n1-standard", "n1-highmem")
_LEAST_VCPUS = 4


@dataclass(frozen=True, kw_only=True)
class PoolAccelerator:
    """One word, such as nvidia-a100-80gb.

    names: what `accelerators` and the machines' shapes call it. memory_gib: nominal, of one accelerator; it tells words apart that share a
    name. resource_name: what a pod asks for. gke_name: GKE's accelerator type, or its value of gke-tpu-accelerator for a TPU; None where
    GKE does not offer it. tpu_generation: the key of `tpu_slices`, None for what is no TPU. time_slicing, mps, mig: the ways in which
    Kubernetes can share one.
    """

    word: str
    vendor: str
    kind: str
    names: tuple[str, ...]
    memory_gib: float
    precisions: tuple[str, ...]
    resource_name: str
    gke_name: str | None
    tpu_generation: str | None
    time_slicing: bool
    mps: bool
    mig: bool
    as_of: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Attachable:
    """A GPU that Google attaches to N1 machines: how many, and the most vCPUs and memory that a machine with so many may have."""

    word: str
    count: int
    max_vcpus: float
    max_memory_gib: float
    as_of: str
    source: str


def accelerator_words() -> tuple[str, ...]:
    """Every word for an accelerator, in alphabetical order."""
    return tuple(_words())


def pool_accelerator(word: str) -> PoolAccelerator | None:
    """What a word means, None for an unknown one."""
    return _words().get(word)


def word_of(machine: Machine) -> str | None:
    """The word for a machine's accelerators, None for a machine without any or with one that has no word.

    Where words share a name (A100), the one whose memory is nearest to that of the machine's shape.
    """
    sharing = _sharing().get(machine.accelerator)
    if not sharing:
        return None
    gib = machine.accelerator_memory_gib or accelerators()[machine.accelerator].memory_gib
    return min(sharing, key=lambda each: abs(each.memory_gib - gib)).word


@cache
def gke_attachable(word: str) -> tuple[int, ...]:
    """How many of these GPUs Google attaches to one N1 machine, smallest first; empty where it attaches none."""
    return tuple(each.count for each in _attachable() if each.word == word)


def machines_with(
    provider: str, region: str, word: str, per_node: float | None = None, *, catalogue: Catalogue | None = None
) -> list[Offer]:
    """The machines of a region with this accelerator, cheapest on demand first, those without a known price last.

    per_node: exactly so many on one machine (a fraction asks for a part of one); left out, every machine with a whole number of them.
    Google's T4, V100, P100 and P4 come as N1 machines with the GPUs in their shape and price; TPUs as the hosts of GKE's slices, at the
    price of their chips. Where Google is known to hold an accelerator in none of a region's zones nothing is found, whatever its price
    list says. A machine whose number of accelerators is not on record is left out. catalogue: the one to ask, with an account's own
    prices; left out, the list prices. Raises OSError, sqlite3.Error where that one cannot be opened.
    """
    wanted = pool_accelerator(word)
    if wanted is None or accelerator_zones(provider, region, word) == ():
        return []
    asked = catalogue or _list_prices()
    found = (offer for offer in _offers(asked, provider, region, wanted) if _counts(offer.machine.accelerator_count, per_node))
    return sorted(found, key=_order)


@cache
def _list_prices() -> Catalogue:
    return Catalogue.open()


def _offers(catalogue: Catalogue, provider: str, region: str, wanted: PoolAccelerator) -> Iterator[Offer]:
    for offer in catalogue.with_accelerator(provider, region, wanted.names):
        if word_of(offer.machine) != wanted.word:
            continue
        if offer.machine.vcpus is not None:
            yield offer
        elif offer.machine.instance_type.startswith("gpu-"):
            yield from _attached(catalogue, offer, wanted)
        elif wanted.tpu_generation is not None:
            yield from (_host(offer, host) for host in _hosts(wanted.tpu_generation))


def _counts(count: float, per_node: float | None) -> bool:
    if per_node is None:
        return count >= 1 and float(count).is_integer()
    return abs(count - per_node) < 0.01


def _order(offer: Offer) -> tuple[Decimal, float, str]:
    usd = offer.on_demand.usd if offer.on_demand else Decimal("inf")
    return usd, offer.machine.accelerator_count, offer.machine.instance_type


def _attached(catalogue: Catalogue, gpu: Offer, wanted: PoolAccelerator) -> Iterator[Offer]:
    """N1 machines with one to eight of a GPU that is sold by itself, at both prices together."""
    for each in (rule for rule in _attachable() if rule.word == wanted.word):
        for name in _N1_FAMILIES:
            for base in catalogue.family("gcp", gpu.region, name):
                if _may_carry(base.machine, each):
                    yield _together(base, gpu, each.count)


def _may_carry(machine: Machine, rule: Attachable) -> bool:
    return _LEAST_VCPUS <= (machine.vcpus or 0) <= rule.max_vcpus and (machine.memory_gib or 0) <= rule.max_memory_gib


def _together(base: Offer, gpu: Offer, count: int) -> Offer:
    part = gpu.machine
    shape = {"accelerator": part.accelerator, "accelerator_count": float(count), "accelerator_memory_gib": part.accelerator_memory_gib}
    return replace(
        base,
        machine=replace(base.machine, **shape),
        on_demand=_sum(base.on_demand, gpu.on_demand, count),
        spot=_sum(base.spot, gpu.spot, count),
    )


def _sum(base: Price | None, gpu: Price | None, count: int) -> Price | None:
    """The two prices together, trusted as far as the less certain one; None where either is not known."""
    if base is None or gpu is None:
        return None
    return replace(
        base,
        usd=base.usd + gpu.usd * count,
        low=base.low + gpu.low * count,
        high=base.high + gpu.high * count,
        source=min(base.source, gpu.source, key=lambda source: source.confidence),
    )


def _hosts(generation: str) -> list[TpuSlice]:
    return list({each.gke_machine_type: each for each in tpu_slices(generation)}.values())


def _host(chip: Offer, host: TpuSlice) -> Offer:
    machine = replace(
        chip.machine,
        instance_type=host.gke_machine_type,
        family=family("gcp", host.gke_machine_type),
        vcpus=host.vcpus_per_host,
        memory_gib=host.memory_gib_per_host,
        accelerator_count=float(host.chips_per_host),
        source=host.source,
    )
    return replace(chip, machine=machine, on_demand=_times(chip.on_demand, host), spot=_times(chip.spot, host))


def _times(price: Price | None, host: TpuSlice) -> Price | None:
    chips = host.chips_per_host
    return None if price is None else replace(price, usd=price.usd * chips, low=price.low * chips, high=price.high * chips)


@cache
def _words() -> Mapping[str, PoolAccelerator]:
    return {row["word"]: _accelerator(row) for row in rows(_DATA / "pool_accelerators.csv")}


@cache
def _sharing() -> Mapping[str, tuple[PoolAccelerator, ...]]:
    """The words that share a name."""
    names = {name for each in _words().values() for name in each.names}
    return {name: tuple(each for each in _words().values() if name in each.names) for name in names}


@cache
def _attachable() -> tuple[Attachable, ...]:
    return tuple(
        Attachable(
            word=row["word"],
            count=int(row["count"]),
            max_vcpus=float(row["max_vcpus"]),
            max_memory_gib=float(row["max_memory_gib"]),
            as_of=row["as_of"],
            source=row["source"],
        )
        for row in rows(_DATA / "attachable_gpus.csv")
    )


def _accelerator(row: Mapping[str, str]) -> PoolAccelerator:
    names = tuple(row["names"].split("; "))
    return PoolAccelerator(
        word=row["word"],
        vendor=row["vendor"],
        kind=row["kind"],
        names=names,
        memory_gib=float(row["memory_gib"]),
        precisions=accelerators()[names[0]].precisions,
        resource_name=row["resource_name"],
        gke_name=row["gke_name"] or None,
        tpu_generation=row["tpu_generation"] or None,
        time_slicing=row["time_slicing"] == "yes",
        mps=row["mps"] == "yes",
        mig=row["mig"] == "yes",
        as_of=row["as_of"],
        source=row["source"],
    )
