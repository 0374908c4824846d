"""Own prices put into `prices.yaml` by a command; comments and the order of a person's file stay."""

import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

from catalogue.overrides_file import checked_prices, parsed

_START = "# What we really pay; it goes before the clouds' price lists. Words: docs/prices.md\n"


@dataclass(frozen=True, kw_only=True)
class NewPrice:
    """One own price. what: a machine type, or service/sku; unit: of a service's price, empty for a machine; spot: of a machine."""

    provider: str
    region: str
    what: str
    usd: str
    source: str
    as_of: date
    unit: str = ""
    spot: bool = False
    account: str | None = None
    until: date | None = None


def add_price(file: Path, price: NewPrice) -> str | None:
    """Adds the price, or changes the one on record for the same thing, whose amount is the result; None where there was none.

    Raises OverridesInvalid where the file, before or after, has a fault; OSError; the file is then as it was.
    """
    text = file.read_text(encoding="utf-8") if file.exists() else _START
    checked_prices(parsed(text, file.name), file.name)
    yaml = _yaml()
    document: Any = yaml.load(text)
    if document is None:
        document = {}
    section = document if price.account is None else _part(_part(document, "accounts", {}), price.account, {})
    old = _put(_part(section, "services" if price.unit else "machines", []), price)
    written = io.StringIO()
    if not parsed(text, file.name):
        # A file of comments alone has no place in the document that they could belong to.
        written.write(text)
    yaml.dump(document, written)
    checked_prices(parsed(written.getvalue(), file.name), file.name)
    _replace(file, written.getvalue())
    return old


def _yaml() -> Any:
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4_096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _part(parent: Any, key: str, empty: Any) -> Any:
    if parent.get(key) is None:
        parent[key] = empty
    return parent[key]


def _put(entries: list[Any], price: NewPrice) -> str | None:
    amount = "usd" if price.unit else "spotUsdHour" if price.spot else "onDemandUsdHour"
    service, _, sku = price.what.partition("/")
    thing = {"service": service, "sku": sku} if price.unit else {"machine": price.what}
    same = {"provider": price.provider, "region": price.region, **thing}
    entry = next((each for each in entries if all(each.get(key) == value for key, value in same.items())), None)
    if entry is None:
        entry = same
        entries.append(entry)
    old = cast(Mapping[str, Any], entry).get(amount)
    entry[amount] = _number(price.usd)
    entry |= {"unit": price.unit} if price.unit else {}
    entry |= {"source": price.source, "asOf": price.as_of}
    if price.until is not None:
        entry["until"] = price.until
    else:
        entry.pop("until", None)
    return None if old is None else str(old)


def _number(usd: str) -> Any:
    """The amount as it was typed: 0.90 stays 0.90."""
    return _yaml().load(f"{Decimal(usd):f}")


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    new = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
        new.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
