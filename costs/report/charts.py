"""Where the marks of a chart stand, in per cent of its width and height; the page draws them.

Drawn by hand rather than by a plotting library: marks in per cent leave the text at its size on a phone, and take the page's colours,
light or dark.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from costs.money import ZERO, Band

_MOST_BARS = 20
_MOST_TICKS = 8
_LOG_FROM = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A range from start over `width`, and where the expected amount stands in it."""

    label: str
    usd: Band
    start: str
    width: str
    expected: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: str
    label: Decimal


@dataclass(frozen=True, slots=True)
class Curve:
    """The expected line in a band, as SVG points on 100 × 100 with the origin at the top left."""

    expected: str
    band: str
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def bars(rows: Sequence[tuple[str, Band]]) -> list[Bar]:
    """A bar for each, the dearest first; what is beyond twenty in one bar at the end."""
    ordered = sorted(rows, key=lambda row: (-row[1].expected, -row[1].high, row[0]))
    shown, rest = ordered[:_MOST_BARS], ordered[_MOST_BARS:]
    if rest:
        shown.append((f"{len(rest)} others", sum((usd for _, usd in rest), ZERO)))
    most = max((usd.high for _, usd in shown), default=Decimal(0))
    return [bar(label, usd, most) for label, usd in shown]


def bar(label: str, usd: Band, most: Decimal) -> Bar:
    """One bar on an axis from nothing to `most`."""
    return Bar(label, usd, _share(usd.low, most), _share(usd.high - usd.low, most), _share(usd.expected, most))


def curve(series: Sequence[tuple[Decimal, Band]]) -> Curve | None:
    """Cost against traffic, None for less than two points. The axis across is logarithmic where it spans more than twenty times."""
    points = sorted(series, key=lambda point: point[0])
    if len({factor for factor, _ in points}) < 2:
        return None
    top = _ceiling(max(usd.high for _, usd in points))
    places = _places([factor for factor, _ in points])
    rise = [tuple(f"{100 - Decimal(_share(level, top)):f}" for level in (usd.low, usd.expected, usd.high)) for _, usd in points]
    low, expected, high = ([f"{x},{levels[index]}" for x, levels in zip(places, rise, strict=True)] for index in range(3))
    step = top / 4
    return Curve(
        expected=" ".join(expected),
        band=" ".join([*low, *reversed(high)]),
        across=_thinned([Tick(x, factor) for x, (factor, _) in zip(places, points, strict=True)]),
        up=tuple(Tick(f"{100 - 25 * number}", step * number) for number in range(5)),
    )


def share(part: Decimal) -> str:
    """A share of 0 to 1 in per cent, for a position."""
    return _share(min(max(part, Decimal(0)), Decimal(1)), Decimal(1))


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part * 100 / whole:.2f}" if whole else "0.00"


def _ceiling(most: Decimal) -> Decimal:
    """The next 1, 2, 4 or 8 of its power of ten, so that quarters are round."""
    if most <= 0:
        return Decimal(4)
    power = Decimal(10) ** most.adjusted()
    return next(power * step for step in (1, 2, 4, 8, 20) if power * step >= most)


def _places(factors: Sequence[Decimal]) -> list[str]:
    first, last = factors[0], factors[-1]
    if first > 0 and last / first > _LOG_FROM:
        span = math.log(last / first)
        return [f"{100 * math.log(factor / first) / span:.2f}" for factor in factors]
    return [_share(factor - first, last - first) for factor in factors]


def _thinned(ticks: Sequence[Tick]) -> tuple[Tick, ...]:
    """As many as can be read side by side, the ends among them."""
    step = int((Decimal(len(ticks) - 1) / (_MOST_TICKS - 1)).to_integral_value(ROUND_CEILING))
    kept = list(ticks[::step])
    return tuple(kept if kept[-1] == ticks[-1] else [*kept[:-1], ticks[-1]])
