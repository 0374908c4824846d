"""The skus of Google's catalogue: parts of machines, added up to the price of a machine type, and known services."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from catalogue.refresh.amount import amount, text
from catalogue.refresh.model import MACHINES, Fetched, MachinePrice, ServicePrice, Term, Wanted
from catalogue.refresh.rules import GcpFamily, GcpRule, gcp_families, gcp_rules

_HOURS_A_MONTH = 730
_USAGES = {"OnDemand": "on demand", "Preemptible": "spot", "Commit1Yr": "1", "Commit3Yr": "3"}
_UNITS = {"core": "h", "ram": "GiBy.h", "gpu": "h"}
_Part = tuple[str, str, str]
"""family's core sku, part (core, ram, gpu), usage"""


class Skus:
    """Takes every sku once and tells each region's prices afterwards."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._parts: defaultdict[tuple[str, _Part], set[Decimal]] = defaultdict(set)
        self._services: defaultdict[tuple[str, GcpRule], set[Decimal]] = defaultdict(set)
        self._skipped: Counter[str] = Counter()
        self._rules = [rule for rule in gcp_rules() if wanted.wants(rule.target.service)]
        self._patterns = _patterns() if wanted.wants(MACHINES) else []

    def take(self, service: str, sku: dict[str, Any]) -> None:
        """Looks at one sku of a billing service."""
        category, description = _object(sku.get("category")), str(sku.get("description") or "")
        usage = _USAGES.get(str(category.get("usageType")))
        regions = [str(region) for region in cast(list[Any], sku.get("serviceRegions") or [])]
        if usage is None or not regions:
            return
        for part, pattern in self._patterns:
            if part[2] == usage and pattern.fullmatch(description) and category.get("resourceFamily") == "Compute":
                self._add(sku, _UNITS[part[1]], [(region, part) for region in regions], self._parts)
        for rule in self._rules:
            here = rule.service_id == service and rule.group == category.get("resourceGroup") and usage == "on demand"
            if here and rule.description.fullmatch(description):
                self._add(sku, rule.usage_unit, [(region, rule) for region in regions], self._services)

    def of(self, region: str) -> Fetched:
        """What was found of a region."""
        fetched = Fetched(region=region, skipped=Counter(self._skipped))
        if self._wanted.wants(MACHINES):
            # The interface prices parts, so it cannot tell which machine types a region offers: only the record can.
            for name in sorted(self._wanted.offered[region]):
                family, row = covering(name), self._wanted.shapes.get(name)
                if family is not None and row is not None:
                    self._machine(name, row, family, fetched)
        for rule in self._rules:
            prices = self._services.get((region, rule), set())
            if len(prices) == 1:
                usd = text(next(iter(prices)) * rule.target.times)
                fetched.services[rule.target.service, rule.target.sku] = ServicePrice(unit=rule.target.unit, usd=usd)
            elif prices:
                fetched.skipped["two prices for one sku"] += 1
        return fetched

    def _add(self, sku: dict[str, Any], unit: str, keys: list[Any], into: defaultdict[Any, set[Decimal]]) -> None:
        price = _price(sku, unit, self._skipped)
        if price is not None:
            for key in keys:
                into[key].add(price)

    def _machine(self, name: str, row: Mapping[str, str], family: GcpFamily, fetched: Fetched) -> None:
        usages = ("on demand", "spot", *(("1", "3") if family.committed else ()))
        sums = {usage: self._sum(fetched.region, row, family, usage) for usage in usages}
        if any(self._doubtful(fetched.region, family, usage) for usage in usages):
            fetched.doubtful.add(name)
            return
        on_demand, spot = sums["on demand"], sums["spot"]
        if on_demand is None:
            return
        if spot is not None and spot > on_demand:
            fetched.skipped["spot above on demand"] += 1
            spot = None
        fetched.machines[name] = MachinePrice(on_demand=text(on_demand), spot="" if spot is None else text(spot))
        for years in ("1", "3"):
            hourly = sums.get(years)
            if hourly is not None:
                term = Term(plan="resource-cud", instance_type=name, years=int(years), payment="monthly", kind="price_usd_month")
                fetched.commitments[term] = text((hourly * _HOURS_A_MONTH).quantize(Decimal("0.0001")))

    def _doubtful(self, region: str, family: GcpFamily, usage: str) -> bool:
        return any(len(self._parts.get((region, (family.core, part, usage)), ())) > 1 for part in _UNITS)

    def _sum(self, region: str, row: Mapping[str, str], family: GcpFamily, usage: str) -> Decimal | None:
        """Cores × core + GiB × ram + GPUs × gpu; None where a part has no price: half a machine's price is no price."""
        amounts = {"core": row["vcpus"], "ram": row["memory_gib"], "gpu": row["accelerator_count"] if family.gpu else "0"}
        total = Decimal(0)
        for part, count in amounts.items():
            if not re.fullmatch(r"\d+(\.\d+)?", count) or (part != "gpu" and Decimal(count) == 0):
                return None
            if Decimal(count) == 0:
                continue
            prices = self._parts.get((region, (family.core, part, usage)), set())
            if len(prices) != 1:
                return None
            total += Decimal(count) * next(iter(prices))
        return total


def covering(instance_type: str) -> GcpFamily | None:
    """The family whose parts make up this machine type's price, None where the catalogue's price is not computed here."""
    return next((family for family in gcp_families() if family.machines.fullmatch(instance_type)), None)


def _patterns() -> list[tuple[_Part, re.Pattern[str]]]:
    found: dict[_Part, re.Pattern[str]] = {}
    for family in gcp_families():
        for part, start in (("core", family.core), ("ram", family.ram), ("gpu", family.gpu)):
            if start:
                found |= {(family.core, part, usage): re.compile(pattern) for usage, pattern in _names(family, part, start).items()}
    return list(found.items())


def _names(family: GcpFamily, part: str, start: str) -> dict[str, str]:
    """Usage → how the description reads."""
    spot = f"{start} attached to Spot Preemptible VMs" if part == "gpu" else f"Spot Preemptible {start}"
    names = {"on demand": f"{re.escape(start)} running in .+", "spot": f"{re.escape(spot)} running in .+"}
    if family.committed:
        word = {"core": f"{family.committed} Cpu", "ram": f"{family.committed} Ram", "gpu": f"{start} running"}[part]
        names |= {years: f"Commitment v1: {re.escape(word)} in .+ for {years} Years?" for years in ("1", "3")}
    return names


def _price(sku: dict[str, Any], unit: str, skipped: Counter[str]) -> Decimal | None:
    """The one price of a sku; a free band before it is no price, and a price in several bands has no single answer."""
    infos = [_object(info) for info in cast(list[Any], sku.get("pricingInfo") or [])]
    latest = max(infos, key=lambda info: str(info.get("effectiveTime") or ""), default=_object(None))
    expression = _object(latest.get("pricingExpression"))
    if expression.get("usageUnit") != unit:
        skipped["another unit"] += 1
        return None
    rates = [_rate(_object(rate), skipped) for rate in cast(list[Any], expression.get("tieredRates") or [])]
    prices = {price for price in rates if price is not None}
    if len(prices) > 1:
        skipped["several bands"] += 1
    return prices.pop() if len(prices) == 1 else None


def _rate(rate: dict[str, Any], skipped: Counter[str]) -> Decimal | None:
    price = _object(rate.get("unitPrice"))
    units, nanos = price.get("units", "0"), price.get("nanos", 0)
    if price.get("currencyCode") != "USD" or not re.fullmatch(r"-?\d{1,12}", str(units)) or not re.fullmatch(r"-?\d{1,9}", str(nanos)):
        skipped["not a number"] += 1
        return None
    return amount(Decimal(str(units)) + Decimal(str(nanos)) / 1_000_000_000, skipped)


def _object(found: Any) -> dict[str, Any]:
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}
