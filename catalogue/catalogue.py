"""Look-ups of prices and machines: exact, by need, by family; each answer says from when and where it is."""

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from catalogue.index import DATA, open_index
from catalogue.model import Commitment, Confidence, Machine, MachineNeed, Offer, Price, Source, counted

# The regions whose price lists the clouds themselves quote first: a price that is missing elsewhere is guessed from there.
HOME_REGIONS = {"aws": "us-east-1", "gcp": "us-central1", "azure": "eastus"}
_INSIDE = {
    ("gcp", "asia"): "asia-east1",
    ("gcp", "eu"): "europe-west4",
    ("gcp", "eur4"): "europe-west4",
    ("gcp", "europe"): "europe-west4",
    ("gcp", "nam4"): "us-central1",
    ("gcp", "us"): "us-central1",
}


class Adjustment(Protocol):
    """What an account pays instead of the list price: negotiated prices and discounts."""

    def offer(self, offer: Offer) -> Offer:
        """The offer with the account's own prices."""
        ...

    def service(self, provider: str, service: str, sku: str, region: str, price: Price | None) -> Price | None:
        """The service's price for the account; it may know one that the list does not."""
        ...


class Catalogue:
    """Prices and machines of every provider and region on record. Look-ups take microseconds and are remembered."""

    def __init__(self, connection: sqlite3.Connection, *, guesses: bool = True, adjustment: Adjustment | None = None) -> None:
        """guesses: whether a service's price that is missing in a region is guessed, with low confidence, from the home region."""
        self._connection = connection
        self._guesses = guesses
        self._adjustment = adjustment
        self._sources = _sources(connection)
        self.offer = lru_cache(maxsize=65_536)(self._offer)
        self.service = lru_cache(maxsize=65_536)(self._service)
        self.commitments = lru_cache(maxsize=65_536)(self._commitments)
        self.price_ratio = lru_cache(maxsize=1_024)(self._price_ratio)

    @classmethod
    def open(cls, data: Path = DATA, *, guesses: bool = True, adjustment: Adjustment | None = None) -> "Catalogue":
        """The catalogue of these CSV files; its index is built on first use. Raises OSError, sqlite3.Error."""
        return cls(open_index(data), guesses=guesses, adjustment=adjustment)

    def machine(self, provider: str, instance_type: str) -> Machine | None:
        """The shape of a machine type, wherever it is offered; None where it is not on record."""
        row = self._one("SELECT * FROM machine WHERE provider = ? AND instance_type = ?", provider, instance_type)
        return None if row is None else _machine(row)

    def _offer(self, provider: str, region: str, instance_type: str) -> Offer | None:
        """The machine with its prices in this region (USD an hour); None where the region is not known to offer it."""
        query = f"{_OFFERS} WHERE p.provider = ? AND p.region = ? AND p.instance_type = ?"
        row = self._one(query, provider, region, instance_type)
        return None if row is None else self._made(row)

    def cheapest(self, provider: str, region: str, need: MachineNeed, *, limit: int = 5) -> list[Offer]:
        """The machines of a region that have what is needed and a known on-demand price, cheapest first."""
        conditions, values = _conditions(need)
        query = " AND ".join([f"{_OFFERS} WHERE p.provider = ? AND p.region = ? AND p.on_demand IS NOT NULL", *conditions])
        # Own prices may change the order: with them nothing is cut off before they are known.
        ordered = f"{query} ORDER BY CAST(p.on_demand AS REAL), p.instance_type LIMIT ?"
        most = -1 if self._adjustment else limit
        found = [self._made(row) for row in self._connection.execute(ordered, (provider, region, *values, most))]
        usd = {offer.machine.instance_type: offer.on_demand.usd if offer.on_demand else Decimal("inf") for offer in found}
        return sorted(found, key=lambda offer: (usd[offer.machine.instance_type], offer.machine.instance_type))[:limit]

    def family(self, provider: str, region: str, family: str) -> list[Offer]:
        """Every size of a family in a region, smallest first."""
        query = f"{_OFFERS} WHERE p.provider = ? AND p.region = ? AND m.family = ? ORDER BY m.vcpus, m.memory_gib, m.instance_type"
        return [self._made(row) for row in self._connection.execute(query, (provider, region, family))]

    def with_accelerator(self, provider: str, region: str, names: tuple[str, ...]) -> list[Offer]:
        """Every machine of a region with one of these accelerators, partitions and those without a known price included, by name."""
        marks = ", ".join("?" * len(names))
        query = f"{_OFFERS} WHERE p.provider = ? AND p.region = ? AND m.accelerator IN ({marks}) ORDER BY m.instance_type"
        return [self._made(row) for row in self._connection.execute(query, (provider, region, *names))]

    def regions(self, provider: str, instance_type: str) -> list[str]:
        """The regions known to offer this machine type, in alphabetical order."""
        query = "SELECT region FROM machine_price WHERE provider = ? AND instance_type = ? ORDER BY region"
        return [region for (region,) in self._connection.execute(query, (provider, instance_type))]

    def _service(self, provider: str, service: str, sku: str, region: str) -> Price | None:
        """The price of a service's sku in a region, None where it is unknown.

        A sku with one price for all regions is on record as `global`. What has no price in a region is guessed from the provider's home
        region, in a band and with low confidence, unless the catalogue was opened without guesses. Machines are never guessed.
        """
        found = self._recorded(provider, service, sku, region) or self._recorded(provider, service, sku, "global")
        if found is None and self._guesses:
            found = self._guess(provider, service, sku, region)
        return self._adjustment.service(provider, service, sku, region, found) if self._adjustment else found

    def skus(self, provider: str, service: str, region: str) -> list[str]:
        """What is on record of a service in a region, in alphabetical order."""
        query = "SELECT sku FROM service_price WHERE provider = ? AND service = ? AND region = ? ORDER BY sku"
        return [sku for (sku,) in self._connection.execute(query, (provider, service, region))]

    def _commitments(self, provider: str, applies_to: str, region: str) -> tuple[Commitment, ...]:
        """What is on record for a machine type or family in a region: reservations, committed use, spot savings."""
        query = "SELECT * FROM commitment WHERE provider = ? AND applies_to = ? AND region = ? ORDER BY plan, term_years, payment"
        return tuple(self._commitment(row) for row in self._connection.execute(query, (provider, applies_to, region)))

    def plans(self, provider: str, plan: str) -> tuple[Commitment, ...]:
        """Every commitment on record under one of the provider's plans."""
        query = "SELECT * FROM commitment WHERE provider = ? AND plan = ? ORDER BY applies_to, region, term_years, payment"
        return tuple(self._commitment(row) for row in self._connection.execute(query, (provider, plan)))

    def _price_ratio(self, provider: str, region: str, home: str) -> tuple[Decimal, Decimal, Decimal] | None:
        """How machines' on-demand prices of a region relate to the home region's: 10th percentile, median, 90th; None where unknown."""
        query = """SELECT here.on_demand, there.on_demand FROM machine_price AS here JOIN machine_price AS there
            ON there.provider = here.provider AND there.instance_type = here.instance_type AND there.region = ?
            WHERE here.provider = ? AND here.region = ? AND here.on_demand IS NOT NULL AND there.on_demand IS NOT NULL"""
        pairs = self._connection.execute(query, (home, provider, region)).fetchall()
        ratios = sorted(Decimal(here) / Decimal(there) for here, there in pairs)
        if len(ratios) < 10:
            return None
        return ratios[len(ratios) // 10], ratios[len(ratios) // 2], ratios[len(ratios) * 9 // 10]

    def _recorded(self, provider: str, service: str, sku: str, region: str) -> Price | None:
        query = "SELECT unit, usd, source FROM service_price WHERE provider = ? AND service = ? AND sku = ? AND region = ?"
        row = self._one(query, provider, service, sku, region)
        if row is None:
            return None
        unit, usd, source = row
        return _price(usd, *counted(unit), region, self._sources[source])

    def _guess(self, provider: str, service: str, sku: str, region: str) -> Price | None:
        query = "SELECT region FROM service_price WHERE provider = ? AND service = ? AND sku = ? ORDER BY region != ?, region"
        row = self._one(query, provider, service, sku, HOME_REGIONS.get(provider, ""))
        home = row and self._recorded(provider, service, sku, row[0])
        # A location of several regions has no machines: it is taken to be as dear as one of its own.
        inside = _INSIDE.get((provider, region)) or region.partition("+")[0]
        ratio = row and self.price_ratio(provider, inside, _INSIDE.get((provider, row[0])) or row[0].partition("+")[0])
        if not home or not ratio:
            return None
        low, middle, high = ratio
        return Price(
            usd=_rounded(home.usd * middle),
            low=_rounded(home.usd * min(low, Decimal(1))),
            high=_rounded(home.usd * max(high, Decimal(1))),
            unit=home.unit,
            per=home.per,
            region=home.region,
            source=Source(text=home.source.text, as_of=home.source.as_of, confidence=Confidence.LOW),
            note=f"no price of {service} {sku} in {region} is on record: that of {home.region} ×{middle:.3f}, as machines' prices differ",
        )

    def _made(self, row: Sequence[Any]) -> Offer:
        machine, (region, on_demand, spot, source) = _machine(row[4:]), row[:4]
        known = self._sources[source]
        offer = Offer(
            machine=machine,
            region=region,
            on_demand=None if on_demand is None else _price(on_demand, Decimal(1), "hour", region, known),
            spot=None if spot is None else _price(spot, Decimal(1), "hour", region, known),
        )
        return self._adjustment.offer(offer) if self._adjustment else offer

    def _commitment(self, row: Sequence[Any]) -> Commitment:
        provider, plan, applies_to, region, term_years, payment, kind, value, source = row
        return Commitment(
            provider=provider,
            plan=plan,
            applies_to=applies_to,
            region=region,
            term_years=term_years,
            payment=payment,
            kind=kind,
            value=Decimal(value),
            source=self._sources[source],
        )

    def _one(self, query: str, *values: object) -> Any:
        return self._connection.execute(query, values).fetchone()


_OFFERS = """SELECT p.region, p.on_demand, p.spot, p.source, m.* FROM machine_price AS p
    JOIN machine AS m ON m.provider = p.provider AND m.instance_type = p.instance_type"""


def _sources(connection: sqlite3.Connection) -> dict[str, Source]:
    rows = connection.execute("SELECT id, as_of, confidence, text FROM source")
    return {name: Source(text=text, as_of=as_of, confidence=Confidence[level.upper()]) for name, as_of, level, text in rows}


def _machine(row: Sequence[Any]) -> Machine:
    provider, instance_type, family, vcpus, memory, accelerator, count, accelerator_memory, source = row
    return Machine(
        provider=provider,
        instance_type=instance_type,
        family=family,
        vcpus=vcpus,
        memory_gib=memory,
        accelerator=accelerator,
        accelerator_count=count or 0,
        accelerator_memory_gib=accelerator_memory,
        source=source,
    )


def _conditions(need: MachineNeed) -> tuple[list[str], list[object]]:
    asked: list[tuple[str, object]] = [
        ("m.vcpus >= ?", need.vcpus),
        ("m.memory_gib >= ?", need.memory_gib),
        ("m.accelerator_count >= ?", need.accelerator_count),
        ("m.accelerator_count * m.accelerator_memory_gib >= ?", need.accelerator_memory_gib),
    ]
    conditions = [(condition, value) for condition, value in asked if value is not None]
    names = [f"m.accelerator IN ({', '.join('?' * len(need.accelerators))})"] if need.accelerators else []
    return [condition for condition, _ in conditions] + names, [value for _, value in conditions] + [*need.accelerators]


def _price(usd: str, per: Decimal, unit: str, region: str, source: Source) -> Price:
    exact = Decimal(usd)
    return Price(usd=exact, low=exact, high=exact, unit=unit, per=per, region=region, source=source)


def _rounded(usd: Decimal) -> Decimal:
    return usd.quantize(Decimal("0.0000000001")).normalize()
