"""The rows of one AWS price list: which are machines, reservations or known usage types, and which are left out."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from catalogue.refresh.amount import amount, text
from catalogue.refresh.model import MACHINES, Fetched, MachinePrice, ServicePrice, Shape, Term, Wanted, is_name
from catalogue.refresh.rules import AwsRule, aws_rules

# `EUW1-`, `EU-`, `UGW1-`, and before KMS' usage types the region itself; a second prefix is a local zone, which is no region.
_PREFIX = re.compile(r"(?:[A-Z]{2,4}\d{0,2}-|[a-z]{2,3}(?:-[a-z]+)+-\d-)?")
_NEEDED = ("TermType", "StartingRange", "Unit", "PricePerUnit", "Currency", "Product Family", "usageType", "Location Type")
_OF_MACHINES = ("Instance Type", "Tenancy", "Operating System", "License Model", "CapacityStatus", "Pre Installed S/W", "operation")
# Linux without licence on shared hardware, in use (not a reserved place that stands empty): what `on demand` means in the catalogue.
_PLAIN = {
    "Product Family": ("Compute Instance", "Compute Instance (bare metal)"),
    "Tenancy": ("Shared",),
    "Operating System": ("Linux",),
    "License Model": ("No License required",),
    "CapacityStatus": ("Used",),
    "Pre Installed S/W": ("NA", ""),
    "operation": ("RunInstances",),
    "MarketOption": ("OnDemand", ""),
}
_YEARS = {"1yr": 1, "3yr": 3}


class Reader:
    """Takes the rows of one list and remembers what counts; a new one for each attempt to read the list."""

    def __init__(self, offer: str, region: str, wanted: Wanted, columns: Sequence[str]) -> None:
        """Raises ValueError where a column is missing."""
        self._region = region
        self._machines = offer == "AmazonEC2" and wanted.wants(MACHINES)
        self._rules = [rule for rule in aws_rules() if rule.offer == offer and wanted.wants(rule.target.service)]
        self._at = {name: place for place, name in enumerate(columns)}
        self._width = len(columns)
        missing = [name for name in (*_NEEDED, *(_OF_MACHINES if self._machines else ())) if name not in self._at]
        if missing:
            raise ValueError(f"its columns lack {', '.join(missing)}")
        self._skipped: Counter[str] = Counter()
        self._on_demand: defaultdict[str, set[Decimal]] = defaultdict(set)
        self._reserved: defaultdict[Term, set[Decimal]] = defaultdict(set)
        self._shapes: dict[str, Shape] = {}
        self._bands: defaultdict[tuple[int, tuple[str, ...]], defaultdict[Decimal, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
        self.rows = 0

    def take(self, row: Sequence[str]) -> None:
        """Looks at one row. Raises ValueError for a row that is cut off."""
        if len(row) != self._width:
            raise ValueError("it breaks off in the middle of a row")
        self.rows += 1
        if self._cell(row, "Location Type") != "AWS Region" or self._cell(row, "Currency") != "USD":
            return
        if self._machines and self._cell(row, "Product Family").startswith("Compute Instance"):
            self._machine(row)
        elif self._cell(row, "TermType") == "OnDemand":
            self._service(row)

    def put_into(self, fetched: Fetched) -> None:
        """What was found, without what has two prices."""
        for name, prices in self._on_demand.items():
            if len(prices) == 1:
                fetched.machines[name] = MachinePrice(on_demand=text(*prices))
                fetched.shapes[name] = self._shapes[name]
            else:
                fetched.doubtful.add(name)
        fetched.commitments.update({term: text(*prices) for term, prices in self._reserved.items() if len(prices) == 1})
        for (place, groups), bands in self._bands.items():
            self._put_service(self._rules[place], groups, sorted(bands.items()), fetched)
        fetched.skipped.update(self._skipped)

    def _cell(self, row: Sequence[str], column: str) -> str:
        place = self._at.get(column)
        return "" if place is None else row[place]

    def _machine(self, row: Sequence[str]) -> None:
        usage = self._cell(row, "usageType")
        if not all(self._cell(row, column) in allowed for column, allowed in _PLAIN.items()):
            return
        name = self._cell(row, "Instance Type")
        # `BoxUsage` is the running machine; `UnusedBox` or `Reservation` rows repeat its attributes.
        if self._cell(row, "Unit") != "Hrs" or not re.fullmatch(rf"{_PREFIX.pattern}BoxUsage(:.+)?", usage):
            return
        if not is_name(name):
            self._skipped["no name"] += 1
            return
        term = self._term(row, name)
        if term is None and self._cell(row, "TermType") != "OnDemand":
            return
        price = amount(self._cell(row, "PricePerUnit"), self._skipped)
        if price is not None:
            (self._on_demand[name] if term is None else self._reserved[term]).add(price)
            self._shapes[name] = self._shape(row)

    def _term(self, row: Sequence[str], name: str) -> Term | None:
        years = _YEARS.get(self._cell(row, "LeaseContractLength"))
        kept = (self._cell(row, "TermType"), self._cell(row, "PurchaseOption"), self._cell(row, "OfferingClass"))
        if years is None or kept != ("Reserved", "No Upfront", "standard"):
            return None
        return Term(plan="reserved-standard", instance_type=name, years=years, payment="no-upfront", kind="price_usd_hour")

    def _shape(self, row: Sequence[str]) -> Shape:
        memory = self._cell(row, "Memory").removesuffix(" GiB").replace(",", "")
        return Shape(vcpus=_number(self._cell(row, "vCPU")), memory_gib=_number(memory), accelerator_count=_number(self._cell(row, "GPU")))

    def _service(self, row: Sequence[str]) -> None:
        usage, family = self._cell(row, "usageType"), self._cell(row, "Product Family")
        names = (usage, _PREFIX.sub("", usage, count=1))
        for place, rule in enumerate(self._rules):
            match = next(filter(None, map(rule.usage_type.fullmatch, names)), None)
            if match is None or rule.family not in ("", family):
                continue
            start, price = _start(self._cell(row, "StartingRange")), amount(self._cell(row, "PricePerUnit"), self._skipped)
            if price is not None and start is not None:
                self._bands[place, match.groups()][start].add(price)

    def _put_service(self, rule: AwsRule, groups: tuple[str, ...], bands: list[tuple[Decimal, set[Decimal]]], fetched: Fetched) -> None:
        if any(len(prices) > 1 for _, prices in bands):
            fetched.skipped["two prices for one sku"] += 1
        elif len(bands) >= rule.band:
            price = text(next(iter(bands[rule.band - 1][1])) * rule.target.times)
            fetched.services[rule.target.service, rule.target.named(groups)] = ServicePrice(unit=rule.target.unit, usd=price)


def _number(given: str) -> str:
    return given if re.fullmatch(r"\d+(\.\d+)?", given) else ""


def _start(given: str) -> Decimal | None:
    return Decimal(given) if re.fullmatch(r"\d+(\.\d+)?", given) else None
