"""The items of Azure's retail prices: virtual machines, their reservations, and known meters."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Generic, TypeVar

from catalogue.refresh.amount import amount, text
from catalogue.refresh.model import Fetched, MachinePrice, ServicePrice, Shape, Term, is_name
from catalogue.refresh.rules import AzureRule

_HOURS_A_YEAR = 8_760
_YEARS = {"1 Year": 1, "3 Years": 3}
_CENT_OF_CENT = Decimal("0.000001")
_Key = TypeVar("_Key")
_OTHER = ("Windows", "CloudServices", "Cloud Services")  # in product names: another price for the same size


class Latest(Generic[_Key]):
    """The price in force of each key: the one with the latest start that is not in the future, the primary meter before others."""

    def __init__(self, today: str) -> None:
        self._today = today
        self._found: defaultdict[_Key, dict[tuple[str, bool], set[Decimal]]] = defaultdict(dict)

    def add(self, key: _Key, price: Decimal, item: dict[str, Any], skipped: Counter[str]) -> None:
        """Remembers a price of the item."""
        start = str(item.get("effectiveStartDate") or "")[:10]
        if start > self._today:
            skipped["not yet in force"] += 1
            return
        self._found[key].setdefault((start, item.get("isPrimaryMeterRegion") is True), set()).add(price)

    def prices(self) -> dict[_Key, set[Decimal]]:
        """Key → its price; two where the interface contradicts itself."""
        return {key: starts[max(starts)] for key, starts in self._found.items()}


class Machines:
    """Takes the items of `Virtual Machines` in one region."""

    def __init__(self, today: str) -> None:
        self._on_demand, self._spot = Latest[str](today), Latest[str](today)
        self._reserved = Latest[Term](today)
        self._skipped: Counter[str] = Counter()

    def take(self, item: dict[str, Any]) -> None:
        """Looks at one item."""
        name, sku, product = (str(item.get(key) or "") for key in ("armSkuName", "skuName", "productName"))
        if any(word in product for word in _OTHER) or "Low Priority" in sku or sku.endswith(" Expired"):
            return
        if not name.startswith("Standard_") or not is_name(name) or item.get("currencyCode") != "USD":
            self._skipped["no machine type"] += 1
            return
        price = amount(item.get("retailPrice"), self._skipped)
        if price is None:
            return
        if item.get("type") == "Reservation":
            self._reservation(name, price, item)
        elif item.get("type") == "Consumption" and item.get("unitOfMeasure") == "1 Hour" and not item.get("tierMinimumUnits"):
            (self._spot if sku.endswith(" Spot") else self._on_demand).add(name, price, item, self._skipped)

    def put_into(self, fetched: Fetched) -> None:
        """What was found, without what has two prices."""
        spot = self._spot.prices()
        for name, prices in self._on_demand.prices().items():
            if len(prices) > 1:
                fetched.doubtful.add(name)
                continue
            fetched.machines[name] = MachinePrice(on_demand=text(*prices), spot=self._spot_price(spot.get(name), *prices))
            fetched.shapes[name] = _shape(name)
        reserved = self._reserved.prices().items()
        fetched.commitments.update({term: text(*prices) for term, prices in reserved if len(prices) == 1})
        fetched.skipped.update(self._skipped)

    def _spot_price(self, found: set[Decimal] | None, on_demand: Decimal) -> str:
        if not found or len(found) > 1:
            return ""
        (price,) = found
        if price > on_demand:
            self._skipped["spot above on demand"] += 1
            return ""
        return text(price)

    def _reservation(self, name: str, price: Decimal, item: dict[str, Any]) -> None:
        """The price is that of the whole term, whatever its unit says."""
        years = _YEARS.get(str(item.get("reservationTerm")))
        if years is None:
            return
        term = Term(plan="reservation", instance_type=name, years=years, payment="monthly", kind="price_usd_hour")
        hourly = (price / (_HOURS_A_YEAR * years)).quantize(_CENT_OF_CENT)
        self._reserved.add(term, hourly, item, self._skipped)


class Meters:
    """Takes the items of one product."""

    def __init__(self, rules: Sequence[AzureRule], today: str) -> None:
        self._rules = rules
        self._found = Latest[tuple[int, tuple[str, ...]]](today)
        self._skipped: Counter[str] = Counter()

    def take(self, item: dict[str, Any]) -> None:
        """Looks at one item."""
        for place, rule in enumerate(self._rules):
            groups = _groups(rule, item)
            if groups is not None and (price := amount(item.get("retailPrice"), self._skipped)) is not None:
                self._found.add((place, groups), price, item, self._skipped)

    def put_into(self, fetched: Fetched) -> None:
        """What was found, without what has two prices."""
        for (place, groups), prices in self._found.prices().items():
            target = self._rules[place].target
            if len(prices) == 1:
                named = target.service, target.named(tuple(group.replace("-", "") for group in groups))
                fetched.services[named] = ServicePrice(unit=target.unit, usd=text(next(iter(prices)) * target.times))
            else:
                self._skipped["two prices for one sku"] += 1
        fetched.skipped.update(self._skipped)


def _groups(rule: AzureRule, item: dict[str, Any]) -> tuple[str, ...] | None:
    sku = rule.sku_name.fullmatch(str(item.get("skuName") or ""))
    meter = rule.meter.fullmatch(str(item.get("meterName") or ""))
    plain = item.get("type") == "Consumption" and item.get("currencyCode") == "USD" and item.get("productName") == rule.product
    unit = item.get("unitOfMeasure") == rule.unit_of_measure and (item.get("tierMinimumUnits") or 0) == rule.tier
    return sku.groups() if sku and meter and plain and unit else None


def _shape(name: str) -> Shape:
    """The vCPUs that the size's name tells: those left active where they are constrained (E64-16s has 16)."""
    found = re.match(r"Standard_[A-Z]+(\d+)(?:-(\d+))?", name)
    return Shape(vcpus=(found[2] or found[1]) if found else "")
