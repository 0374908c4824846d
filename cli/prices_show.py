"""`drydock prices show` and `drydock prices override`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.text import Text

from catalogue.catalogue import Catalogue
from catalogue.model import Price
from catalogue.overrides import known_elsewhere
from catalogue.overrides_file import OverridesInvalid
from catalogue.overrides_write import NewPrice, add_price
from cli.cost_rows import print_sources
from cli.output import out, plain_table, print_json, print_table
from cli.prices_open import OWN, checked_provider, failed, opened, own_prices, reason
from costs.report.escape import one_line
from costs.words import number_text


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The own price as it was typed."""

    provider: str
    region: str
    what: str
    usd: str
    source: str
    account: str | None
    spot: bool
    unit: str
    until: str | None
    new: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One thing with its list price and what an account pays."""

    what: str
    listed: Price | None
    paid: Price | None


def show(provider: str, region: str, what: str, account: str | None, own: Path | None, data: Path | None, as_json: bool) -> int:
    """Prints the prices and gives the exit status: 1 where none is known."""
    checked_provider(provider)
    _named(region, what)
    listed, paying = opened(data), opened(data, own_prices(own, account, data))
    found = [shown for shown in _found(listed, paying, provider, region, what) if shown.listed or shown.paid]
    if not found:
        failed(_nothing(listed, provider, region, what))
    if as_json:
        print_json([{"what": each.what, "list": _as_dict(each.listed), "pays": _as_dict(each.paid)} for each in found])
        return 0
    _print(found)
    return 0


def _print(found: Sequence[Shown]) -> None:
    """A row for each list price and one below it for what is paid instead; sources stand below, each once."""
    known = [price for each in found for price in (each.listed, each.paid) if price]
    sources = {text: number for number, text in enumerate(dict.fromkeys(map(_source, known)), 1)}
    table = plain_table("list price")
    for head in ("USD", "per", "of", "sure", "from"):
        table.add_column(head, justify="right" if head == "USD" else "left", no_wrap=head != "per")
    for each in found:
        table.add_row(Text(one_line(each.what)), *_cells(each.listed, sources))
        if each.paid != each.listed:
            table.add_row(Text("  we pay", "bold"), *_cells(each.paid, sources))
    print_table(table)
    print_sources(sources)


def override(typed: Typed, own: Path | None, data: Path | None) -> int:
    """Writes the price and says what it replaces; exit status 1 where it cannot be."""
    checked_provider(typed.provider)
    service, slash, sku = typed.what.partition("/")
    if slash and typed.spot:
        failed("--spot is for machine types", 2)
    if not slash and typed.unit:
        failed("--unit is for services; a machine's price is USD an hour", 2)
    _named(typed.region, typed.what)
    usd, until = _amount(typed.usd), _day(typed.until)
    if not slash and not typed.new:
        _on_record(opened(data), typed)
    price = NewPrice(
        provider=typed.provider,
        region=typed.region,
        what=typed.what,
        usd=usd,
        source=typed.source,
        as_of=date.today(),
        unit=typed.unit or (_listed_unit(opened(data), typed, service, sku) if slash else ""),
        spot=typed.spot,
        account=typed.account,
        until=until,
    )
    file = own or OWN
    try:
        old = add_price(file, price)
    except OverridesInvalid as invalid:
        failed("\n".join(invalid.lines))
    except (OSError, UnicodeDecodeError) as error:
        failed(f"{file}: cannot be written: {reason(error)}")
    before = f" (before: {old})" if old is not None else ""
    out.print(escape(f"{file}: {typed.provider} {typed.region} {typed.what}: {price.usd} USD per {price.unit or 'hour'}{before}"))
    own_prices(file, typed.account, data)
    return 0


def _found(listed: Catalogue, paying: Catalogue, provider: str, region: str, what: str) -> list[Shown]:
    service, slash, sku = what.partition("/")
    if slash:
        return [_service(listed, paying, provider, region, service, sku)]
    offer, paid = listed.offer(provider, region, what), paying.offer(provider, region, what)
    if offer is not None and paid is not None:
        on_demand = Shown(what=f"{what} on demand, an hour", listed=offer.on_demand, paid=paid.on_demand)
        return [on_demand, Shown(what=f"{what} spot, an hour", listed=offer.spot, paid=paid.spot)]
    skus = sorted({*listed.skus(provider, what, region), *listed.skus(provider, what, "global")})
    return [_service(listed, paying, provider, region, what, sku) for sku in skus]


def _service(listed: Catalogue, paying: Catalogue, provider: str, region: str, service: str, sku: str) -> Shown:
    asked = (provider, service, sku, region)
    return Shown(what=f"{service}/{sku}", listed=listed.service(*asked), paid=paying.service(*asked))


def _nothing(catalogue: Catalogue, provider: str, region: str, what: str) -> str:
    regions = catalogue.regions(provider, what)
    where = f"; it is on record in {', '.join(regions[:6])}{' …' if len(regions) > 6 else ''}" if regions else ""
    return f"{provider} {region} {what}: no price on record{where}"


def _cells(price: Price | None, sources: Mapping[str, int]) -> tuple[str, ...]:
    if price is None:
        return "unknown", "", "", "", ""
    exact = price.low == price.high
    usd = f"{price.usd:f}" if exact else f"{_short(price.usd)}\n{_short(price.low)} – {_short(price.high)}"
    per = price.unit if price.per == 1 else f"{price.per:f} {price.unit}"
    number = escape(f"[{sources[_source(price)]}]")
    return usd, escape(per), price.source.as_of or "undated", str(price.source.confidence), number


def _short(usd: Decimal) -> str:
    """A price that was worked out, to four digits: more would only look exact, and --json has them all."""
    return number_text(round(usd, 3 - usd.adjusted()) if usd else usd)


def _source(price: Price) -> str:
    return f"{price.source.text}; {price.note}" if price.note else price.source.text


def _as_dict(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    amounts = {"usd": f"{price.usd:f}", "low": f"{price.low:f}", "high": f"{price.high:f}", "per": f"{price.per:f}", "unit": price.unit}
    source = {"asOf": price.source.as_of, "source": price.source.text, "confidence": str(price.source.confidence)}
    return amounts | source | {"region": price.region, "note": price.note}


def _named(region: str, what: str) -> None:
    """Ends the command where one of the names is empty: no price list could have it."""
    if not region.strip():
        failed("the region is empty; allowed: its name in the price list, such as eu-west-1", 2)
    if not what.strip():
        failed("the thing is empty; allowed: a machine type such as g5.xlarge, a service such as s3, or service/sku", 2)


def _on_record(catalogue: Catalogue, typed: Typed) -> None:
    """Ends the command where the price of a machine type would never be used."""
    where = known_elsewhere(catalogue, typed.provider, typed.what, typed.region)
    if where:
        told = f"{typed.provider} {typed.region} {typed.what}: the catalogue knows this machine type in {where}"
        failed(f"{told}, so that the price would never be used; fix: correct the name or the region, or write it anyway with --new", 2)


def _amount(typed: str) -> str:
    try:
        usd = Decimal(typed)
    except InvalidOperation:
        failed(f"{typed}: is no amount of USD; allowed: a number above 0, such as 0.95", 2)
    if not usd.is_finite() or usd <= 0:
        failed(f"{typed}: is no price; allowed: a number above 0, such as 0.95", 2)
    return f"{usd:f}"


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        failed(f"--until {typed}: is no day; allowed: YYYY-MM-DD, such as 2027-03-31", 2)


def _listed_unit(catalogue: Catalogue, typed: Typed, service: str, sku: str) -> str:
    price = catalogue.service(typed.provider, service, sku, typed.region)
    if price is None:
        failed(f"{typed.what}: the price list has no such sku in {typed.region}, so its unit is not known; fix: name it with --unit")
    for letter, factor in (("M", 1_000_000), ("k", 1_000)):
        if price.per > 1 and price.per % factor == 0:
            return f"{price.per / factor:f}{letter} {price.unit}"
    return price.unit
