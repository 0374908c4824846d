"""`drydock prices show` and `drydock prices override`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from catalogue.catalogue import Catalogue
from catalogue.model import Price
from catalogue.overrides_file import OverridesInvalid
from catalogue.overrides_write import NewPrice, add_price
from cli.output import out, print_json, print_whole
from cli.prices_open import OWN, checked_provider, failed, opened, own_prices


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


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One thing with its list price and what an account pays."""

    what: str
    listed: Price | None
    paid: Price | None


def show(provider: str, region: str, what: str, account: str | None, own: Path | None, data: Path | None, as_json: bool) -> int:
    """Prints the prices and gives the exit status: 1 where none is known."""
    checked_provider(provider)
    listed, paying = opened(data), opened(data, own_prices(own, account, data))
    found = [shown for shown in _found(listed, paying, provider, region, what) if shown.listed or shown.paid]
    if not found:
        failed(_nothing(listed, provider, region, what))
    if as_json:
        print_json([{"what": each.what, "list": _as_dict(each.listed), "pays": _as_dict(each.paid)} for each in found])
        return 0
    table = Table("", "", "USD", "per", "of", "confidence", "source")
    for each in found:
        table.add_row(escape(each.what), "list price", *_cells(each.listed))
        if each.paid != each.listed:
            table.add_row("", "[bold]we pay[/bold]", *_cells(each.paid))
    print_whole(table)
    for note in dict.fromkeys(each.paid.note for each in found if each.paid and each.paid == each.listed and each.paid.note):
        out.print(f"[yellow]{escape(note)}[/yellow]")
    return 0


def override(typed: Typed, own: Path | None, data: Path | None) -> int:
    """Writes the price and says what it replaces; exit status 1 where it cannot be."""
    checked_provider(typed.provider)
    service, slash, sku = typed.what.partition("/")
    if slash and typed.spot:
        failed("--spot is for machine types", 2)
    if not slash and typed.unit:
        failed("--unit is for services; a machine's price is USD an hour", 2)
    price = NewPrice(
        provider=typed.provider,
        region=typed.region,
        what=typed.what,
        usd=_amount(typed.usd),
        source=typed.source,
        as_of=date.today(),
        unit=typed.unit or (_listed_unit(opened(data), typed, service, sku) if slash else ""),
        spot=typed.spot,
        account=typed.account,
        until=_day(typed.until),
    )
    file = own or OWN
    try:
        old = add_price(file, price)
    except OverridesInvalid as invalid:
        failed("\n".join(invalid.lines))
    except (OSError, UnicodeDecodeError) as error:
        failed(f"{file}: cannot be written ({type(error).__name__})")
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


def _cells(price: Price | None) -> tuple[str, ...]:
    if price is None:
        return "unknown", "", "", "", ""
    band = f" ({price.low:f} – {price.high:f})" if price.low != price.high else ""
    per = price.unit if price.per == 1 else f"{price.per:f} {price.unit}"
    note = f"; {price.note}" if price.note else ""
    source = escape(f"{price.source.text}{note}")
    return f"{price.usd:f}{band}", escape(per), price.source.as_of or "undated", str(price.source.confidence), source


def _as_dict(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    amounts = {"usd": f"{price.usd:f}", "low": f"{price.low:f}", "high": f"{price.high:f}", "per": f"{price.per:f}", "unit": price.unit}
    source = {"asOf": price.source.as_of, "source": price.source.text, "confidence": str(price.source.confidence)}
    return amounts | source | {"region": price.region, "note": price.note}


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
