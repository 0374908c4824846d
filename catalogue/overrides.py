"""Prices that an account really pays: `prices.yaml`, a person's own file beside the clouds' price lists."""

import fnmatch
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from catalogue.model import Confidence, Machine, Offer, Price, Source, counted
from catalogue.overrides_file import Discount, OwnMachinePrice, OwnPrice, OwnServicePrice, PricesFile, read_prices

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue

_Entry = TypeVar("_Entry", OwnMachinePrice, OwnServicePrice, Discount)


class Overrides:
    """An account's own prices and discounts; the catalogue asks it for each price (`catalogue.catalogue.Adjustment`).

    An own price goes before the list price, and no discount applies to it. Of several entries the most specific one applies, alone: the
    account's before everyone's, then the narrower thing, then the nearer region, then the newer, then the later in the file.
    """

    def __init__(self, file: PricesFile, name: str, *, account: str | None, today: date) -> None:
        """name: how the file is called in a price's source. account: whose section applies beside what holds for everyone."""
        sections = [(0, file), *((1, file.accounts[each]) for each in (account,) if each in file.accounts)]
        self._name = name
        self._today = today
        self._machines = [(level, entry) for level, section in sections for entry in section.machines]
        self._services = [(level, entry) for level, section in sections for entry in section.services]
        self._discounts = [(level, entry) for level, section in sections for entry in section.discounts]
        entries = [entry for _, entry in (*self._machines, *self._services, *self._discounts)]
        self.expired = tuple(f"{entry.said()}: expired on {entry.until}, not applied" for entry in entries if not self._holds(entry))
        """One line for each entry whose `until` is past: reported, never applied."""

    @classmethod
    def load(cls, file: Path, *, account: str | None = None, today: date | None = None) -> "Overrides":
        """The prices of this file. Raises OverridesInvalid with every fault, OSError where it cannot be read."""
        return cls(read_prices(file, account), file.name, account=account, today=today or date.today())

    def offer(self, offer: Offer) -> Offer:
        """The offer with the account's own prices; a discount applies on demand, and to spot only where it says so."""
        own = self._own_machine(offer.machine, offer.region)
        on_demand = self._machine_price(own.on_demand_usd_hour if own else None, own, offer, offer.on_demand, spot=False)
        spot = self._machine_price(own.spot_usd_hour if own else None, own, offer, offer.spot, spot=True)
        return replace(offer, on_demand=on_demand, spot=spot)

    def service(self, provider: str, service: str, sku: str, region: str, price: Price | None) -> Price | None:
        """The service's price for the account, also where the list has none."""

        def fits(entry: OwnServicePrice) -> bool:
            return (entry.provider, entry.service, entry.sku) == (provider, service, sku)

        own = self._best(self._services, fits, region)
        # Another unit than the list's would be multiplied with the wrong quantity: `faults` names it, and the list price stays.
        if own is not None and (price is None or price.unit == counted(own.unit)[1]):
            per, unit = counted(own.unit)
            return self._own(own, own.usd, unit, per, region)
        discount = self._best(self._discounts, lambda entry: entry.fits_service(provider, service, sku), region)
        return self._reduced(price, discount) if price is not None and discount else price

    def faults(self, catalogue: "Catalogue") -> list[str]:
        """What can only be told beside the price list (opened without this adjustment): names and units that differ. One line each."""
        return [*self._unknown_machines(catalogue), *self._wrong_units(catalogue)]

    def _unknown_machines(self, catalogue: "Catalogue") -> Iterator[str]:
        for _, entry in self._machines:
            where = known_elsewhere(catalogue, entry.provider, entry.machine, entry.region or "*")
            if where:
                yield f"{entry.said()}: the catalogue knows this machine type in {where}; the price is never used"

    def _wrong_units(self, catalogue: "Catalogue") -> Iterator[str]:
        for _, entry in self._services:
            listed = catalogue.service(entry.provider, entry.service, entry.sku, entry.region or "")
            unit = counted(entry.unit)[1]
            if listed is not None and listed.unit != unit:
                fix = f"the list price is used; fix: give USD per {listed.unit}"
                yield f"{entry.said()}: its unit is {unit}, the price list's {listed.unit}; {fix}"

    def _holds(self, entry: OwnPrice | Discount) -> bool:
        return entry.until is None or entry.until >= self._today

    def _own_machine(self, machine: Machine, region: str) -> OwnMachinePrice | None:
        def fits(entry: OwnMachinePrice) -> bool:
            return (entry.provider, entry.machine) == (machine.provider, machine.instance_type)

        return self._best(self._machines, fits, region)

    def _machine_price(
        self, usd: Decimal | None, own: OwnMachinePrice | None, offer: Offer, listed: Price | None, *, spot: bool
    ) -> Price | None:
        if own is not None and usd is not None:
            return self._own(own, usd, "hour", Decimal(1), offer.region)
        discount = self._best(self._discounts, lambda entry: entry.fits_machine(offer.machine, spot=spot), offer.region)
        return self._reduced(listed, discount) if listed is not None and discount else listed

    def _best(self, entries: Sequence[tuple[int, _Entry]], fits: Callable[[_Entry], bool], region: str) -> _Entry | None:
        found = [
            ((level, entry.precision(), _nearness(entry.region), entry.as_of, place), entry)
            for place, (level, entry) in enumerate(entries)
            if fits(entry) and fnmatch.fnmatchcase(region, entry.region or "*") and self._holds(entry)
        ]
        return max(found, key=lambda each: each[0])[1] if found else None

    def _own(self, entry: OwnPrice, usd: Decimal, unit: str, per: Decimal, region: str) -> Price:
        source = Source(text=f"{self._name}: {entry.source}", as_of=entry.as_of.isoformat(), confidence=Confidence.HIGH)
        return Price(usd=usd, low=usd, high=usd, unit=unit, per=per, region=region, source=source, note="own price")

    def _reduced(self, price: Price, discount: Discount) -> Price:
        share = 1 - discount.percent / 100
        said = f"{price.source.text}, less {discount.percent:f} % ({self._name}: {discount.source}, {discount.as_of})"
        reduced = {"usd": price.usd * share, "low": price.low * share, "high": price.high * share}
        note = "; ".join(part for part in (price.note, f"list price {price.usd:f}") if part)
        return replace(price, **reduced, source=replace(price.source, text=said), note=note)


def known_elsewhere(catalogue: "Catalogue", provider: str, machine: str, region: str) -> str:
    """Where alone a machine type is on record whose own price in a region (or a pattern) would never be used; empty where it would."""
    regions = catalogue.regions(provider, machine)
    if fnmatch.filter(regions, region):
        return ""
    return f"{len(regions)} other region{'' if len(regions) == 1 else 's'}" if regions else "no region"


def _nearness(region: str | None) -> tuple[int, int]:
    """A region's name before a pattern, a longer pattern before a shorter, any before none."""
    if region is None:
        return 0, 0
    return (1, len(region)) if set(region) & set("*?[") else (2, 0)
