"""What a pricer of one resource type works with: the resource, its usage, the catalogue, and where its lines go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.catalogue import Catalogue
from catalogue.model import Confidence, Offer, Price
from costs.model import Assumption, Factor, Line, MachineUse, Unpriced, line_confidence, product
from costs.money import HOURS_PER_MONTH, Band, number_in
from costs.quantities import QUANTITIES
from costs.resource import Missing, Program, Resource
from costs.tiers import Step, Tariff, cost, prices
from costs.usage import Usage, told_usage
from costs.words import band_text


@dataclass
class Found:
    """What pricers have found so far."""

    lines: list[Line] = field(default_factory=list[Line])
    unpriced: list[Unpriced] = field(default_factory=list[Unpriced])
    assumptions: list[Assumption] = field(default_factory=list[Assumption])


@dataclass(frozen=True)
class Pricing:
    """One resource to be priced. provider: whose price list (aws, gcp, azure); region: as in that list, None where it is unknown.

    A pricer asks for quantities (`usage`, `number`) and prices (`service`, `machine`) and hands both to `line`. What it cannot know it
    says with `unpriced`, what it takes for granted with `assume`: it never leaves anything out in silence.
    """

    resource: Resource
    program: Program
    catalogue: Catalogue
    told: Usage
    found: Found
    provider: str
    region: str | None

    # ── quantities

    def number(self, path: str, default: Decimal | int | None = None) -> Decimal | None:
        """The number in a property, else the default, which is what the cloud takes where it is left out; None where it is unreadable."""
        value = self.resource.get(path)
        if value is None:
            return None if default is None else Decimal(default)
        return number_in(value)

    def text(self, path: str, default: str = "") -> str:
        """The text in a property, the default where it is left out or unreadable."""
        value = self.resource.get(path)
        return value if isinstance(value, str) and value else default

    def flag(self, path: str) -> bool:
        """Whether a property is true."""
        return self.resource.flag(path)

    def unreadable(self, path: str) -> bool:
        """Whether a property has a value that is not known before `up`, or is a secret."""
        return isinstance(self.resource.get(path), Missing)

    def usage(self, quantity: str) -> Factor | None:
        """How much of a quantity (a word of costs/quantities.py) this resource will see; None where nobody said."""
        return told_usage(self.program, self.resource, quantity, self.told)

    def usage_or(self, quantity: str, taken: Band | None = None, reason: str = "nobody says how much it will be") -> Factor:
        """The usage that was told, else this band (or the quantity's usual one), as an assumption with low confidence."""
        told = self.usage(quantity)
        return told or self.assume(quantity, self.told.scaled(quantity, taken or QUANTITIES[quantity].assumed), reason)

    def assume(self, quantity: str, taken: Band, reason: str) -> Factor:
        """A quantity that nobody gave: listed as an assumption."""
        self.note(quantity, band_text(taken), reason)
        return Factor(f"{quantity} (assumed)", taken, Confidence.LOW)

    def note(self, what: str, taken: str, reason: str) -> None:
        """Something that was taken for granted and is no number: listed among the assumptions."""
        self.found.assumptions.append(Assumption(self.resource.urn, what, taken, reason))

    def hours(self) -> Factor:
        """Hours a month that it runs: what was told, else all 730."""
        return self.usage("hoursPerMonth") or HOURS

    # ── prices

    def service(self, service: str, sku: str, driver: str | None = None) -> Price | None:
        """A service's price in this resource's region; where it is unknown the driver (or the sku) is listed as unpriced."""
        price = self.catalogue.service(self.provider, service, sku, self.region) if self.region else None
        if price is None:
            self.unpriced(driver or f"{service} {sku}", self._no_price(f"{service} {sku}"))
        return price

    def machine(self, instance_type: str, driver: str) -> Offer | None:
        """A machine with its known on-demand price in this region; otherwise the driver is listed as unpriced, with the reason."""
        offer = self.catalogue.offer(self.provider, self.region, instance_type) if self.region else None
        if offer is None or offer.on_demand is None:
            self.unpriced(driver, self._no_price(instance_type or "the machine"))
            return None
        return offer

    def _no_price(self, what: str) -> str:
        if self.region is None:
            return f"the region is not known, so {what} has no price"
        return f"no price of {what} in {self.region} is on record"

    # ── results

    def line(
        self, driver: str, tariff: Tariff | None, *factors: Factor, usage_based: bool = False, machine: MachineUse | None = None
    ) -> None:
        """One cost: the product of the factors at this tariff. A tariff of None was listed as unpriced when it was asked for."""
        if tariff is None:
            return
        quantity = product(factors)
        confidence = line_confidence(factors, tariff, quantity.high)
        usd = cost(quantity, tariff)
        self.found.lines.append(Line(self.resource.urn, driver, factors, tariff, usd, confidence, usage_based, machine))
        for note in dict.fromkeys(price.note for price in prices(tariff, quantity.high) if price.note):
            self.note(f"price of {driver}", "a band", note)

    def unpriced(self, driver: str, reason: str) -> None:
        """A cost that is there but not known."""
        self.found.unpriced.append(Unpriced(self.resource.urn, driver, reason))

    def steps(self, *steps: tuple[Decimal | int | None, Price | None]) -> Tariff | None:
        """A tariff of (upper edge, price); a price of None was listed as unpriced, and makes the whole tariff None."""
        if any(price is None for _, price in steps):
            return None
        return tuple(Step(None if edge is None else Decimal(edge), price) for edge, price in steps)


Pricer = Callable[[Pricing], None]
HOURS = Factor("hours a month", Band.exactly(HOURS_PER_MONTH))


def count(words: str, number: Decimal | int) -> Factor:
    """A number that the program itself gives."""
    return Factor(words, Band.exactly(number))
