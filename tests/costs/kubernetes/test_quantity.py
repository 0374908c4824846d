"""Kubernetes quantities."""

from decimal import Decimal

import pytest

from costs.kubernetes.quantity import gib, quantity
from costs.resource import UNKNOWN


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("100Gi", 100 * 2**30),
        ("1Ti", 2**40),
        ("500G", 500 * 10**9),
        ("500m", "0.5"),
        ("250000u", "0.25"),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("2e3", 2000),
        ("1E3", 1000),
        ("1E", 10**18),
        ("3k", 3000),
        (4, 4),
        (0.1, "0.1"),
        (" 8Mi ", 8 * 2**20),
        ("0", 0),
    ],
)
def test_a_quantity_means_its_number_times_its_suffix(written: object, meant: object) -> None:
    assert quantity(written) == Decimal(str(meant))


@pytest.mark.parametrize(
    "written", ["", "Gi", "1GB", "1gi", "10 Gi", "-1Gi", "NaN", "1e999", "9999E", "٣Gi", True, None, UNKNOWN, [1], "1Gi\n2"]
)
def test_anything_else_is_no_quantity(written: object) -> None:
    assert quantity(written) is None
    assert gib(written) is None


def test_bytes_are_told_in_gib() -> None:
    # 500 × 10^9 ÷ 2^30
    assert gib("500G") == Decimal(500 * 10**9) / Decimal(2**30)
    assert gib("1Ti") == 1024
