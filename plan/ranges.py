"""Ranges of addresses: read, compared and cut."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))
PRIVATE_SOURCE = "RFC 1918, Address Allocation for Private Internets; RFC 6598, 100.64.0.0/10"


def as_range(text: str) -> IPv4Network | None:
    """The range that a CIDR notation means, whatever its host bits; None where an octet or the length is no such number."""
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


def is_private(network: IPv4Network) -> bool:
    """Whether all its addresses are of those that nobody has on the internet."""
    return any(network.subnet_of(each) for each in PRIVATE)


def first_free(candidates: Iterable[str], taken: Sequence[IPv4Network]) -> IPv4Network | None:
    """The first of these ranges that overlaps none of the taken ones."""
    ranges = (IPv4Network(text) for text in candidates)
    return next((each for each in ranges if not any(each.overlaps(other) for other in taken)), None)


def cut(network: IPv4Network, count: int) -> tuple[tuple[IPv4Network, ...], IPv4Network]:
    """So many equal parts of a range, and the last one of their size, which is left over.

    There are four parts at least, so that two or three parts are the same ones. Raises ValueError where the range has no room for them.
    """
    bits = max(2, count.bit_length())
    parts = list(network.subnets(prefixlen_diff=bits))
    return tuple(parts[:count]), parts[-1]
