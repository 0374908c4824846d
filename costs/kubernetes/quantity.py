"""Kubernetes quantities: `500m`, `16Gi`, `1T`, `2e3`. Source: k8s.io/apimachinery, resource.Quantity."""

import re
from decimal import Decimal
from typing import Any, Final

GIB: Final = Decimal(2**30)
_WRITTEN: Final = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,3})?", re.ASCII)
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY: Final = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
# The API server keeps a quantity in 64 bits: nothing larger is one.
_MOST: Final = Decimal(2**63 - 1)


def quantity(written: Any) -> Decimal | None:
    """The number that a quantity means (bytes, cores, pieces); None for what is no quantity, is negative or cannot be read."""
    if isinstance(written, bool) or not isinstance(written, str | int | float | Decimal):
        return None
    found = _WRITTEN.fullmatch(str(written).strip())
    if found is None:
        return None
    number, suffix = Decimal(found[1]), found[2] or ""
    meant = number * _multiple(suffix)
    return meant if 0 <= meant <= _MOST else None


def gib(written: Any) -> Decimal | None:
    """Bytes as GiB, None for what is no quantity."""
    meant = quantity(written)
    return None if meant is None else meant / GIB


def _multiple(suffix: str) -> Decimal:
    if suffix in _BINARY:
        return Decimal(1024 ** _BINARY[suffix])
    exponent = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
    return Decimal(10) ** exponent
