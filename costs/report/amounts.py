"""USD as a person reads them: rounded to what matters, never nothing for something, with a sign where they are changes."""

from decimal import ROUND_HALF_EVEN, Decimal

from costs.money import Band

_CENT = Decimal("0.01")
_WHOLE_FROM = 100


def money(usd: Decimal) -> str:
    """`$0`, `<$0.01`, `$12.30`, `$1,900`: cents below a hundred dollars, whole dollars above."""
    size = abs(usd)
    sign = "-" if usd < 0 else ""
    if not size:
        return "$0"
    if size < _CENT / 2:
        return f"{sign}<$0.01"
    rounded = size.quantize(_CENT, ROUND_HALF_EVEN)
    if rounded >= _WHOLE_FROM:
        rounded = size.quantize(Decimal(1), ROUND_HALF_EVEN)
    return f"{sign}${max(rounded, _CENT):,}"


def change(usd: Decimal) -> str:
    """An amount with its sign: `+$410`, `-$3.20`, `$0`."""
    return f"+{money(usd)}" if usd > 0 else money(usd)


def span(usd: Band) -> str:
    """`$120 … $1,900`, or the one amount that is known exactly."""
    return money(usd.low) if usd.is_exact else f"{money(usd.low)} … {money(usd.high)}"


def change_span(usd: Band) -> str:
    """`+$120 … +$1,900`: from the least to the most, both even where they read the same.

    A change is not least at low use: a saving is then smaller.
    """
    least, most = min(usd.low, usd.expected, usd.high), max(usd.low, usd.expected, usd.high)
    return change(least) if least == most else f"{change(least)} … {change(most)}"
