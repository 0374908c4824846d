"""A bucket's storage, requests, moves, retrieval and early deletion, from its usage and its ages."""

from decimal import Decimal

import pytest

from costs.lifecycle import AgeClass
from costs.object_storage import ClassSkus, Store, price_store
from tests.costs.building import prices, pricing, resource, told

D = Decimal
# A price list of round figures: what is multiplied can be seen in the result.
SKUS = {
    "hot": ("GB-month", "0.10"),
    "hot-more": ("GB-month", "0.05"),
    "cold": ("GB-month", "0.02"),
    "put": ("1k requests", "1"),
    "get": ("1k requests", "2"),
    "move": ("1k requests", "3"),
    "fetch": ("GB", "0.5"),
}
LIST = prices(*(("aws", "store", sku, "here", unit, usd) for sku, (unit, usd) in SKUS.items()))
HOT = ClassSkus(storage=((None, "hot"),), writes="put", reads="get")
COLD = ClassSkus(storage=((None, "cold"),), arrivals="move", retrieval="fetch", minimum_days=90)
AGES = (AgeClass(0, "HOT"), AgeClass(30, "COLD"))


def lines(usage, *, ages=AGES, delete=120, classes=None, catalogue=LIST):
    it = pricing(catalogue, resource("x:y:Z"), usage=told(**usage))
    price_store(it, Store(service="store", classes=classes or {"HOT": HOT, "COLD": COLD}, ages=ages, delete_after_days=delete))
    return {line.driver: line.usd.expected.quantize(D("0.0001")) for line in it.found.lines}, it


QUIET = {"readGibPerMonth": 0, "requestsPerSecond": 0, "objectMib": 1}


def test_what_is_stored_is_spread_over_the_classes_by_age():
    found, _ = lines({"storedGib": 1200, "writtenGibPerMonth": 0, **QUIET})
    assert found["HOT storage"] == D("30.0000")  # 1200 × 30/120 × 0.10
    assert found["COLD storage"] == D("18.0000")  # 1200 × 90/120 × 0.02


def test_with_only_writing_told_the_stock_is_what_deletion_leaves():
    found, _ = lines({"writtenGibPerMonth": 100, **QUIET}, ages=AGES[:1], delete=73)
    assert found["HOT storage"] == D("24.0000")  # 100 a month × 73 days ÷ (730/24 days a month) = 240 GiB × 0.10


@pytest.mark.parametrize("delete", [None, 366, 4000])
def test_what_is_not_deleted_in_its_first_year_holds_six_months_of_writing_on_average(delete):
    found, _ = lines({"writtenGibPerMonth": 100, **QUIET}, ages=AGES[:1], delete=delete)
    assert found["HOT storage"] == D("60.0000")  # 100 × 6 × 0.10


def test_with_only_the_stock_told_it_is_renewed_as_it_is_deleted():
    found, it = lines({"storedGib": 120, **QUIET}, ages=AGES[:1], delete=120)
    # 120 GiB in 120 days are 730/24 = 30.4167 a month, 1024 objects each: 31,146.67 × 1 USD/1000
    assert found["write requests"] == D("31.1467")
    assert [each.quantity for each in it.found.assumptions] == ["writtenGibPerMonth"]


def test_objects_are_counted_by_their_size():
    found, _ = lines({"storedGib": 1, "writtenGibPerMonth": 10, **QUIET, "objectMib": 4})
    assert found["write requests"] == D("2.5600")  # 10 × 1024/4 = 2,560 requests × 1 USD/1000
    assert found["moves to COLD"] == D("7.6800")  # the same objects × 3 USD/1000


def test_small_objects_are_the_dear_case():
    it = lines({"storedGib": 1, "writtenGibPerMonth": 10, **QUIET, "objectMib": (1, 2, 4)})[1]
    (writes,) = [line for line in it.found.lines if line.driver == "write requests"]
    # 4, 2 and 1 MiB each: 2,560, 5,120 and 10,240 requests
    assert (writes.usd.low, writes.usd.expected, writes.usd.high) == (D("2.56"), D("5.12"), D("10.24"))


def test_reads_are_a_rate_over_the_month():
    found, _ = lines({"storedGib": 1, "writtenGibPerMonth": 0, **QUIET, "requestsPerSecond": 2})
    assert found["read requests"] == D("10512.0000")  # 2 × 730 × 3600 × 2 USD/1000


def test_retrieval_is_paid_for_the_share_in_the_cold_class():
    found, _ = lines({"storedGib": 1, "writtenGibPerMonth": 0, **QUIET, "readGibPerMonth": 40})
    assert found["retrieval from COLD"] == D("15.0000")  # 40 × 90/120 × 0.5


def test_leaving_a_class_before_its_minimum_is_paid_to_the_minimum():
    found, _ = lines({"storedGib": 1, "writtenGibPerMonth": 73, **QUIET}, delete=90)
    # 60 of 90 days in COLD: 30 days unserved of 730/24: 73 × 30 × 24/730 × 0.02
    assert found["early deletion from COLD"] == D("1.4400")


@pytest.mark.parametrize("delete", [120, 500, None])
def test_a_class_kept_to_its_minimum_or_for_ever_has_no_early_deletion(delete):
    found, _ = lines({"storedGib": 1, "writtenGibPerMonth": 73, **QUIET}, delete=delete)
    assert "early deletion from COLD" not in found


def test_nothing_moves_into_a_class_that_objects_are_written_to():
    found, _ = lines({"storedGib": 1, "writtenGibPerMonth": 10, **QUIET}, ages=(AgeClass(0, "COLD"),))
    assert "moves to COLD" not in found


def test_what_is_deleted_before_a_class_never_moves_there():
    found, _ = lines({"storedGib": 1, "writtenGibPerMonth": 10, **QUIET}, delete=30)
    assert "moves to COLD" not in found
    assert "COLD storage" not in found


def test_storage_may_have_steps():
    steps = {"HOT": ClassSkus(storage=((100, "hot"), (None, "hot-more")))}
    found, _ = lines({"storedGib": 101, "writtenGibPerMonth": 0, **QUIET}, ages=AGES[:1], classes=steps)
    assert found["HOT storage"] == D("10.0500")  # 100 × 0.10 + 1 × 0.05


def test_a_class_without_a_price_list_is_named():
    _, it = lines({"storedGib": 1, "writtenGibPerMonth": 0, **QUIET}, ages=(AgeClass(0, "LUKEWARM"),))
    assert [each.driver for each in it.found.unpriced] == ["LUKEWARM storage"]


def test_a_missing_price_is_named_by_what_it_is_for():
    catalogue = prices(("aws", "store", "hot", "here", "GB-month", "0.10"))
    _, it = lines({"storedGib": 1, "writtenGibPerMonth": 10, **QUIET}, catalogue=catalogue)
    drivers = {each.driver for each in it.found.unpriced}
    assert drivers == {"COLD storage", "moves to COLD", "write requests", "read requests", "retrieval from COLD"}
