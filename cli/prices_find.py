"""`drydock prices find`: the cheapest machines by need."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from catalogue.model import MachineNeed, Offer
from cli.output import print_json, print_whole
from cli.prices_open import checked_provider, failed, opened, own_prices

_ALL = 100_000  # More machines than any region has: an own price may put any of them first.
_DEAR = Decimal("Infinity")


def find(
    provider: str, region: str, need: MachineNeed, limit: int, account: str | None, own: Path | None, data: Path | None, as_json: bool
) -> int:
    """Prints the machines, cheapest first, and gives the exit status: 1 where there is none."""
    checked_provider(provider)
    catalogue = opened(data, own_prices(own, account, data))
    offers = sorted(catalogue.cheapest(provider, region, need, limit=_ALL), key=lambda offer: (_usd(offer), offer.machine.instance_type))
    if not offers:
        known = catalogue.cheapest(provider, region, MachineNeed(), limit=1)
        failed(
            f"{provider} {region}: no machine with a known price has all of this" if known else f"{provider} {region}: no machine on record"
        )
    if as_json:
        print_json([_as_dict(offer) for offer in offers[:limit]])
        return 0
    table = Table("machine", "vCPUs", "GiB", "accelerators", "their GiB", "USD an hour", "spot", "of", "confidence")
    for offer in offers[:limit]:
        table.add_row(*_cells(offer))
    print_whole(table)
    return 0


def _usd(offer: Offer) -> Decimal:
    return offer.on_demand.usd if offer.on_demand else _DEAR


def _cells(offer: Offer) -> tuple[str, ...]:
    machine, price = offer.machine, offer.on_demand
    gpus = f"{machine.accelerator_count:g} × {machine.accelerator}" if machine.accelerator_count else ""
    gib = f"{machine.total_accelerator_memory_gib:g}" if machine.accelerator_count else ""
    shape = (escape(machine.instance_type), _shown(machine.vcpus), _shown(machine.memory_gib), escape(gpus), gib)
    prices = (f"{price.usd:f}" if price else "unknown", f"{offer.spot.usd:f}" if offer.spot else "unknown")
    return (*shape, *prices, price.source.as_of or "undated" if price else "", str(price.source.confidence) if price else "")


def _shown(amount: float | None) -> str:
    return "unknown" if amount is None else f"{amount:g}"


def _as_dict(offer: Offer) -> dict[str, Any]:
    machine, price, spot = offer.machine, offer.on_demand, offer.spot
    return {
        "machine": machine.instance_type,
        "vcpus": machine.vcpus,
        "memoryGib": machine.memory_gib,
        "accelerator": machine.accelerator or None,
        "accelerators": machine.accelerator_count,
        "acceleratorMemoryGib": machine.total_accelerator_memory_gib,
        "onDemandUsdHour": f"{price.usd:f}" if price else None,
        "spotUsdHour": f"{spot.usd:f}" if spot else None,
        "asOf": price.source.as_of if price else None,
        "confidence": str(price.source.confidence) if price else None,
        "source": price.source.text if price else None,
    }
