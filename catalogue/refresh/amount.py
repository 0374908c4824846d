"""Prices as exact text: what cannot be one is counted, never stored."""

from collections import Counter
from decimal import Decimal, InvalidOperation

DIGITS = Decimal("0.000000000001")
_HIGHEST = Decimal(10_000_000)


def amount(given: object, skipped: Counter[str]) -> Decimal | None:
    """The price, None for one that is no positive amount of USD; the reason is counted.

    A zero is a placeholder in every interface (reserved rows that are paid upfront, free bands), so it is no price.
    """
    price = _decimal(given)
    if price is None or not price.is_finite():
        skipped["not a number"] += 1
    elif price < 0:
        skipped["negative"] += 1
    elif price == 0:
        skipped["zero"] += 1
    elif price > _HIGHEST:
        skipped["above 10 million USD"] += 1
    else:
        return price
    return None


def text(price: Decimal) -> str:
    """The amount without exponent and trailing zeros, to a trillionth of a dollar."""
    exact = price if price == price.quantize(DIGITS) else price.quantize(DIGITS)
    return f"{exact.normalize():f}"


def _decimal(given: object) -> Decimal | None:
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        return None
    try:
        return Decimal(given)
    except InvalidOperation:
        return None
