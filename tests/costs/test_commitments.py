"""Pay as you go against one and three years."""

from decimal import Decimal

from costs.capacity import machines
from costs.commitments import commitment_options, unpriced_commitments
from costs.model import Factor
from costs.money import Band
from tests.costs.building import prices, pricing, resource, told

ONE_YEAR = ("aws", "reserved-standard", "g5.xlarge", "here", "1", "no-upfront", "price_usd_hour", "0.6338")
THREE_YEARS = ("gcp", "resource-cud", "g2-standard-4", "here", "3", "monthly", "price_usd_month", "231.8")
CATALOGUE = prices(
    machines=[
        ("aws", "here", "g5.xlarge", "1.006", None),
        ("gcp", "here", "g2-standard-4", "0.706832", "0.28"),
        ("azure", "here", "Standard_D2s_v3", "0.096", None),
        ("gcp", "here", "n2-standard-8", "0.40", None),
    ],
    commitments=[
        ONE_YEAR,
        THREE_YEARS,
        ("gcp", "resource-cud", "n2-standard family", "here", "1", "monthly", "discount", "0.25"),
        ("azure", "reservation", "VM (maximum)", "", "0", "", "discount_max", "0.72"),
    ],
)


def options(kind, running, *, cloud="aws", usage=None, spot=False):
    it = pricing(CATALOGUE, resource("x:y:Z"), place=(cloud, "here"), **({"usage": usage} if usage else {}))
    machines(it, "nodes", kind, Factor("nodes", Band.of(*running)), spot=spot)
    return commitment_options(it.found.lines, CATALOGUE), it


def test_break_even_is_the_committed_price_over_that_on_demand():
    (option,), _ = options("g5.xlarge", (2, 3, 8))
    assert round(option.break_even, 4) == Decimal("0.6300")  # 0.6338 ÷ 1.006
    assert option.words == "reserved-standard, 1 year, no-upfront"


def test_only_what_always_runs_is_worth_committing_to():
    (option,), _ = options("g5.xlarge", (2, 3, 8))
    assert option.base_machines == 2
    assert option.saving == Decimal("543.412")  # 2 × 730 × (1.006 - 0.6338)
    assert option.warning == "commit to 2 at most: only so many always run"


def test_a_monthly_price_is_spread_over_the_hours():
    option, spot = options("g2-standard-4", (1, 1, 1), cloud="gcp")[0]
    assert spot.term_years == 0
    assert round(option.committed_usd_hour, 6) == Decimal("0.317534")  # 231.8 ÷ 730
    assert option.term_years == 3
    assert (option.words, spot.words) == ("resource-cud, 3 years, monthly", "spot")
    assert option.warning == ""


def test_a_familys_discount_holds_for_its_machines():
    (option,), _ = options("n2-standard-8", (1, 1, 1), cloud="gcp")
    assert option.committed_usd_hour == Decimal("0.3000")  # 0.40 less 25 %


def test_machines_that_run_less_than_the_break_even_are_over_committed():
    # A pool from 0 to 4 that has half a node on average: one committed would be used half the time, and pays from 63 % on.
    (option,), _ = options("g5.xlarge", (0, Decimal("0.5"), 4))
    assert option.base_machines == 0
    assert option.warning == "over-commitment: 1 would be used 50% of the time, and pay from 63% on"


def test_machines_with_office_hours_are_no_base_load():
    (option,), _ = options("g5.xlarge", (2, 2, 2), usage=told(hoursPerMonth=220))
    assert option.base_machines == 0


def test_spot_stands_beside_the_commitments_with_its_expected_price():
    spot = options("g2-standard-4", (0, 2, 4), cloud="gcp")[0][1]
    # 0.28 for nine tenths of the time, 0.706832 on demand for the rest: 0.3226832
    assert (spot.plan, spot.committed_usd_hour, spot.break_even) == ("spot", Decimal("0.3226832"), 0)
    assert spot.saving == 2 * 730 * (Decimal("0.706832") - Decimal("0.3226832"))
    assert "may be taken away at any time" in spot.warning


def test_spot_machines_are_not_committed_to():
    assert options("g5.xlarge", (2, 2, 2), spot=True)[0] == []


def test_a_headline_ceiling_is_named_and_never_a_price():
    found, it = options("Standard_D2s_v3", (1, 1, 1), cloud="azure")
    assert found == []
    assert unpriced_commitments(it.found.lines, CATALOGUE) == [
        "Standard_D2s_v3 in here: no committed price is on record; azure promises up to 72% (reservation)"
    ]


def test_a_headline_is_that_of_the_plan_that_covers_the_machine():
    catalogue = prices(
        machines=[("aws", "here", "ml.g5.xlarge", "1.4", None), ("gcp", "here", "tpu-v5e-chip", "1.2", None)],
        commitments=[
            ("aws", "ec2-instance-savings-plan", "EC2 (maximum)", "", "0", "", "discount_max", "0.72"),
            ("aws", "sagemaker-savings-plan", "SageMaker (maximum)", "", "0", "", "discount_max", "0.64"),
            ("gcp", "compute-flexible-cud", "most families", "", "1", "", "discount", "0.28"),
        ],
    )
    for cloud, kind, told_so in (("aws", "ml.g5.xlarge", "up to 64% (sagemaker-savings-plan)"), ("gcp", "tpu-v5e-chip", "is on record")):
        it = pricing(catalogue, resource("x:y:Z"), place=(cloud, "here"))
        machines(it, "nodes", kind, Factor("nodes", Band.exactly(1)))
        (line,) = unpriced_commitments(it.found.lines, catalogue)
        assert line.endswith(told_so)


def test_machines_of_one_type_are_pooled_over_resources():
    it = pricing(CATALOGUE, resource("x:y:Z"), place=("aws", "here"))
    for number in (1, 2):
        machines(it, f"pool {number}", "g5.xlarge", Factor("nodes", Band.exactly(number)))
    (option,) = commitment_options(it.found.lines, CATALOGUE)
    assert option.base_machines == 3
