"""Numbers, bands and formulas as a person reads them; the same bytes for the same input."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from catalogue.model import Price
from costs.model import Line, product
from costs.money import Band, decimal
from costs.tiers import Tariff, fill


def number_text(number: Any) -> str:
    """A number without superfluous digits, thousands marked: 1,234.5; never scientific notation."""
    return f"{decimal(number):,.10f}".rstrip("0").rstrip(".")


def quantity_text(quantity: Decimal) -> str:
    """A quantity as far as it matters: two decimals from 1 on, below that four digits."""
    if abs(quantity) >= 1 or not quantity:
        return number_text(round(quantity, 2))
    return number_text(round(quantity, 3 - quantity.adjusted()))


@lru_cache(maxsize=4_096)
def band_text(band: Band) -> str:
    """`5`, or `1 … 2 … 8`."""
    return " … ".join(quantity_text(level) for level in ((band.low,) if band.is_exact else (band.low, band.expected, band.high)))


def usd_text(usd: Decimal) -> str:
    """Two decimals; what is smaller than half a cent but not nothing says so."""
    if usd and abs(usd) < Decimal("0.005"):
        return "<0.01" if usd > 0 else "-<0.01"
    return f"{usd.quantize(Decimal('0.01'), ROUND_HALF_EVEN):,}"


def usd_band_text(usd: Band) -> str:
    """`12.30`, or `0.00 … 12.30 … 45.00`."""
    levels = [usd_text(level) for level in (usd.low, usd.expected, usd.high)]
    return levels[0] if usd.is_exact else " … ".join(levels)


def formula(line: Line) -> str:
    """How a line comes about, in words and numbers: `2 nodes × 730 hours a month × 1.123 USD/hour = 1,639.58 USD a month`."""
    factors = " × ".join(f"{band_text(factor.amount)} {factor.words}" for factor in line.factors)
    return f"{factors} × {tariff_text(line.tariff, _quantity(line))} = {usd_band_text(line.usd)} USD a month"


def tariff_text(tariff: Tariff, quantity: Decimal | None = None) -> str:
    """`0.023 USD/GB-month`, or each step that the quantity reaches."""
    if not isinstance(tariff, tuple):
        return _price_text(tariff)
    reached = fill(quantity, tariff) if quantity else []
    steps = [f"{number_text(amount)} at {_price_text(price) if price else 'no charge'}" for amount, price in reached]
    return f"({'; '.join(steps) or 'nothing'})"


def _quantity(line: Line) -> Decimal:
    """The expected quantity, or where nothing is expected that of the worst case."""
    quantity = product(line.factors)
    return quantity.expected or quantity.high


def _price_text(price: Price) -> str:
    unit = price.unit if price.per == 1 else f"{number_text(price.per)} {price.unit}"
    levels = (price.usd,) if price.low == price.high else (price.low, price.usd, price.high)
    return f"{' … '.join(_usd_each(level, sure=len(levels) == 1) for level in levels)} USD/{unit}"


def _usd_each(usd: Decimal, *, sure: bool) -> str:
    """A price as the list has it; one that was worked out, to four digits: more would only look exact."""
    return number_text(usd if sure or not usd else round(usd, 3 - usd.adjusted()))
