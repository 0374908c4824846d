"""`drydock prices find`: the cheapest machines by need."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.markup import escape

from catalogue.model import MachineNeed, Offer
from cli.output import out, plain_table, print_json, print_table
from cli.prices_open import checked_provider, failed, opened, own_prices

_ALL = 100_000  # More machines than any region has: an own price may put any of them first.
_DEAR = Decimal("Infinity")
_HEADS = ("vCPUs", "GiB", "accelerators", "USD/h", "spot", "sure")
_MORE = ("their GiB", "of")
_ROOMY = 110


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
    _print(offers[:limit])
    return 0


def _print(offers: Sequence[Offer]) -> None:
    """As many columns as the terminal has room for; where a price is from is told by `show` and by --json."""
    heads = [*_HEADS, *(_MORE if out.width >= _ROOMY else ())]
    table = plain_table("machine", whole=True)
    for head in heads:
        words = head in ("accelerators", "of", "sure")
        table.add_column(head, justify="left" if words else "right", no_wrap=head != "accelerators", overflow="fold")
    for offer in offers:
        cells = _cells(offer)
        table.add_row(escape(offer.machine.instance_type), *(escape(cells[head]) for head in heads))
    print_table(table)


def _usd(offer: Offer) -> Decimal:
    return offer.on_demand.usd if offer.on_demand else _DEAR


def _cells(offer: Offer) -> dict[str, str]:
    """The words under each heading."""
    machine, price = offer.machine, offer.on_demand
    gpus = f"{machine.accelerator_count:g} × {machine.accelerator}" if machine.accelerator_count else ""
    gib = f"{machine.total_accelerator_memory_gib:g}" if machine.accelerator_count else ""
    return {
        "vCPUs": _shown(machine.vcpus),
        "GiB": _shown(machine.memory_gib),
        "accelerators": gpus,
        "USD/h": f"{price.usd:f}" if price else "unknown",
        "spot": f"{offer.spot.usd:f}" if offer.spot else "unknown",
        "sure": str(price.source.confidence) if price else "",
        "their GiB": gib,
        "of": price.source.as_of or "undated" if price else "",
    }


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
