"""Why a resource's cost changed, in words: which line, and which factor or price of it, changed most."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from costs.model import Factor, Line
from costs.money import ZERO, Band
from costs.tiers import prices
from costs.words import band_text, tariff_text

Pair = tuple[Line | None, Line | None]
"""A line before and after; None where there is none."""
_CAUSES = 2


def pairs(before: Iterable[Line], after: Iterable[Line]) -> list[Pair]:
    """The lines of one resource side by side: first those of the same name, then a removed with a new one of the same kind."""
    olds, news, found = list(before), list(after), list[Pair]()
    for alike in (_same_name, _same_kind):
        for old in list(olds):
            new = next((each for each in news if alike(old, each)), None)
            if new is not None:
                olds.remove(old)
                news.remove(new)
                found.append((old, new))
    return [*found, *((old, None) for old in olds), *((None, new) for new in news)]


def change(pair: Pair) -> Band:
    """What a pair adds to the cost, level by level."""
    old, new = pair
    return (new.usd if new else ZERO) - (old.usd if old else ZERO)


def weight(usd: Band) -> tuple[Decimal, Decimal]:
    """How much a change matters: by its largest level (a worst case that doubles is news), then by what is expected."""
    return max(abs(usd.low), abs(usd.expected), abs(usd.high)), abs(usd.expected)


def cause(changed: Sequence[Pair]) -> str:
    """What the pair that changed most did, and how many more changed with it."""
    first, *more = sorted(changed, key=lambda pair: weight(change(pair)), reverse=True)
    others = f" (and {len(more)} more line{'s' if len(more) > 1 else ''})" if more else ""
    return f"{_told(first)}{others}"


def _same_name(old: Line, new: Line) -> bool:
    return old.driver == new.driver


def _same_kind(old: Line, new: Line) -> bool:
    units = [{price.unit for price in prices(line.tariff)} for line in (old, new)]
    return bool(old.machine) == bool(new.machine) and units[0] == units[1]


def _told(pair: Pair) -> str:
    old, new = pair
    if old and new:
        return "; ".join([*_replaced(old, new), *_moved(old, new)][:_CAUSES]) or f"{new.driver} at another level"
    return f"{new.driver} added" if new else f"{old.driver} removed" if old else ""


def _replaced(old: Line, new: Line) -> Iterator[str]:
    """What is another thing now: a machine, a way to buy it, a storage class, a region."""
    types = [line.machine.offer.machine.instance_type if line.machine else "" for line in (old, new)]
    spot = [bool(line.machine and line.machine.spot) for line in (old, new)]
    if types[0] != types[1]:
        yield f"{types[0] or old.driver} → {types[1] or new.driver}"
    elif old.driver != new.driver:
        yield f"{old.driver} → {new.driver}"
    if spot[0] != spot[1]:
        yield "on demand → spot" if spot[1] else "spot → on demand"
    regions = [", ".join(dict.fromkeys(price.region for price in prices(line.tariff))) for line in (old, new)]
    if regions[0] != regions[1]:
        yield f"region {regions[0]} → {regions[1]}"


def _moved(old: Line, new: Line) -> Iterator[str]:
    """Factors and the price, the one that changed most first."""
    found = [(_times(was, now), text) for was, now, text in _numbers(old, new) if was != now]
    for _, text in sorted(found, key=lambda each: each[0], reverse=True):
        yield text


def _numbers(old: Line, new: Line) -> Iterator[tuple[Band, Band, str]]:
    for was, now in _factors(old.factors, new.factors):
        yield was.amount, now.amount, f"{now.words} {band_text(was.amount)} → {band_text(now.amount)}"
    was, now = _unit_price(old), _unit_price(new)
    same_thing = not any(_replaced(old, new))
    if same_thing:
        # Another machine has another price: that is no news.
        yield was, now, f"price of {new.driver} {tariff_text(old.tariff)} → {tariff_text(new.tariff)}"


def _factors(old: tuple[Factor, ...], new: tuple[Factor, ...]) -> Iterator[tuple[Factor, Factor]]:
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    # A factor that only one side has multiplies by 1 on the other.
    words = dict.fromkeys(factor.words for factor in (*old, *new))
    for word in words:
        was, now = (next((each for each in side if each.words == word), Factor(word, Band.exactly(1))) for side in (old, new))
        yield was, now


def _unit_price(line: Line) -> Band:
    known = prices(line.tariff)
    return Band(*(sum((getattr(price, level) / price.per for price in known), Decimal(0)) for level in ("low", "usd", "high")))


def _times(was: Band, now: Band) -> tuple[Decimal, Decimal]:
    return _ratio(was.expected, now.expected), _ratio(was.high, now.high)


def _ratio(was: Decimal, now: Decimal) -> Decimal:
    low, high = sorted((was, now))
    return Decimal(1) if low == high else high / low if low else Decimal("Infinity")
