"""The machines that a pool could stand on, from the catalogue at list prices, and what is there instead where none fits."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import cache

from catalogue.catalogue import Catalogue
from catalogue.locations import nearest
from catalogue.machine_facts import machine_facts
from catalogue.model import MachineNeed, Offer, Price
from catalogue.pool_accelerators import PoolAccelerator, accelerator_words, machines_with, pool_accelerator
from catalogue.regions import regions
from catalogue.zones import accelerator_zones

_ENOUGH = 400  # Machines of a region that are looked at for a pool without accelerators, cheapest first.
_ALL = 100_000
_NAMED = 3


@cache
def prices() -> Catalogue:
    """The list prices, opened once."""
    return Catalogue.open()


def usd(offer: Offer) -> Decimal:
    """What it costs an hour on demand; without a known price it stands behind every other."""
    return offer.on_demand.usd if offer.on_demand else Decimal("inf")


def with_accelerator(cloud: str, region: str, word: str, per_node: int | None) -> list[Offer]:
    """The machines of a region with so many of an accelerator (left out: with any whole number), cheapest first.

    Empty where the cloud says that the region has none of it, whatever the price lists hold.
    """
    if accelerator_zones(cloud, region, word) == ():
        return []
    return machines_with(cloud, region, word, per_node, catalogue=prices())


@cache
def without_accelerator(cloud: str, region: str, vcpus: float, memory_gib: float) -> tuple[Offer, ...]:
    """The general machines of a region with at least so much, cheapest first; only those whose processor is known."""
    need = MachineNeed(vcpus=vcpus, memory_gib=memory_gib)
    found = prices().cheapest(cloud, region, need, limit=_ENOUGH)
    return tuple(offer for offer in found if not offer.machine.accelerator and machine_facts(cloud, offer.machine.instance_type))


def named(cloud: str, region: str, machine: str) -> list[Offer]:
    """A machine by its name, as it comes: what is attached to it is asked for by the accelerator's word."""
    offer = prices().offer(cloud, region, machine)
    if offer is not None and offer.machine.vcpus is not None:
        return [offer]
    hosts = (offer for word in _tpu_words(cloud) for offer in with_accelerator(cloud, region, word, None))
    return [offer for offer in hosts if offer.machine.instance_type == machine]


def machine_names(cloud: str, region: str) -> tuple[str, ...]:
    """The names of all machines of a region with a known price."""
    found = prices().cheapest(cloud, region, MachineNeed(), limit=_ALL)
    return tuple(sorted(offer.machine.instance_type for offer in found if offer.machine.vcpus is not None))


def near_words(word: str) -> Sequence[str]:
    """The accelerator words that were probably meant: those that hold what was written, else those that look like it."""
    holding = [each for each in accelerator_words() if word.lower() in each]
    return holding[:_NAMED] or get_close_matches(word.lower(), accelerator_words(), n=_NAMED, cutoff=0.5)


def near_machines(cloud: str, region: str, machine: str) -> Sequence[str]:
    """The machines of a region that were probably meant."""
    lower = {name.lower(): name for name in machine_names(cloud, region)}
    exact = [lower[form] for form in (machine.lower(), f"standard_{machine.lower()}") if form in lower]
    return exact or [lower[name] for name in get_close_matches(machine.lower(), lower, n=_NAMED, cutoff=0.6)]


def regions_where(cloud: str, region: str, offered: Callable[[str], object]) -> list[str]:
    """The nearest other regions of a cloud in which something is offered."""
    # Some regions, such as the one of TPU v4, are nowhere on the map.
    near = dict.fromkeys([*(name for name, _ in nearest(cloud, region, cloud)), *sorted(regions(cloud))])
    found: list[str] = []
    for name in near:
        if name != region and offered(name):
            found.append(name)
        if len(found) == _NAMED:
            break
    return found


def accelerators_of(cloud: str, region: str, kind: str | None = None) -> list[PoolAccelerator]:
    """The accelerators that a region offers, smallest memory first. kind: gpu, tpu or neuron only."""
    known = (accelerator for word in accelerator_words() if (accelerator := pool_accelerator(word)))
    fitting = (each for each in known if kind in (None, each.kind) and with_accelerator(cloud, region, each.word, None))
    return sorted(fitting, key=lambda each: (each.memory_gib, each.word))


def price_text(price: Price | None) -> str:
    """A price an hour with its date and how far to trust it, for a reason."""
    if price is None:
        return "a price that is not on record"
    return f"${price.usd:,.4g} an hour (list price of {price.source.as_of or 'an unknown day'}, confidence {price.source.confidence})"


def fewest(offers: Iterable[Offer]) -> list[Offer]:
    """Offers in the order in which they are chosen: known prices first, then cheapest, then by name."""
    return sorted(offers, key=lambda offer: (usd(offer), offer.machine.vcpus or 0, offer.machine.instance_type))


def _tpu_words(cloud: str) -> list[str]:
    if cloud != "gcp":
        return []
    return [word for word in accelerator_words() if (each := pool_accelerator(word)) and each.kind == "tpu"]
