"""Prices that change with the quantity: step functions, in exact decimals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from catalogue.model import Price
from costs.money import Band


@dataclass(frozen=True, slots=True)
class Step:
    """Up to this quantity in a month (None: without end) a unit costs this much; price None is free of charge."""

    up_to: Decimal | None
    price: Price | None


_SMALLEST = Decimal("1e-10")
# Wide enough for whatever a nonsensical program multiplies.
_WIDE = Context(prec=80)

Tariff = Price | tuple[Step, ...]
"""One price for every unit, or steps by quantity, lowest first."""


def cost(quantity: Band, tariff: Tariff) -> Band:
    """USD for each level of the quantity, to a ten-thousand-millionth: so that every sum of lines is exact in any order."""
    if isinstance(tariff, Price):
        per = tariff.per
        levels = (quantity.low * tariff.low / per, quantity.expected * tariff.usd / per, quantity.high * tariff.high / per)
    else:
        asked = ((quantity.low, "low"), (quantity.expected, "usd"), (quantity.high, "high"))
        levels = tuple(sum((amount * getattr(p, level) / p.per for amount, p in fill(q, tariff) if p), Decimal(0)) for q, level in asked)
    return Band(*(level.quantize(_SMALLEST, context=_WIDE) for level in levels))


def fill(quantity: Decimal, steps: Sequence[Step]) -> list[tuple[Decimal, Price | None]]:
    """How much of the quantity is bought at which price; a step's upper edge still belongs to it."""
    filled: list[tuple[Decimal, Price | None]] = []
    start = Decimal(0)
    for step in steps:
        end = quantity if step.up_to is None else min(quantity, step.up_to)
        if end > start:
            filled.append((end - start, step.price))
            start = end
    return filled


def prices(tariff: Tariff, most: Decimal | None = None) -> tuple[Price, ...]:
    """Every price of a tariff; only those that a quantity of `most` reaches where it is given (the first one at least)."""
    if isinstance(tariff, Price):
        return (tariff,)
    steps = [step.price for step in tariff if step.price]
    reached = steps if most is None else [price for _, price in fill(most, tariff) if price]
    return tuple(reached or steps[:1])
