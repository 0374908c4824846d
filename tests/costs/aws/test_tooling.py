"""Managed Airflow, name spaces."""

from decimal import Decimal
from typing import Any

from costs.resource import UNKNOWN
from tests.costs.aws.listing import REGION, listed
from tests.costs.building import estimated, prices, resource, told, usd

# Source: Amazon Managed Workflows for Apache Airflow and Amazon Route 53 pricing, us-east-1.
LIST = prices(
    *listed(
        "mwaa",
        {
            "environment-medium": ("hour", "0.74"),
            "worker-medium": ("hour", "0.11"),
            "scheduler-medium": ("hour", "0.11"),
            "meta-database": ("GB-month", "0.1"),
        },
    ),
    *listed("route53", {"hosted-zone": ("zone-month", "0.5")}),
)


def airflow(**properties: Any) -> Any:
    return resource("aws:mwaa/environment:Environment", properties={"environmentClass": "mw1.medium", **properties})


def test_an_airflow_environment_holds_one_worker_and_two_schedulers():
    found = estimated(LIST, airflow(minWorkers=1, maxWorkers=1, schedulers=2), config=REGION, usage=told(storedGib=40))
    assert [each.driver for each in found.lines] == ["Airflow environment (medium)", "Airflow database"]
    assert usd(found, "Airflow environment") == (Decimal("540.2000"),) * 3  # 730 h × 0.74
    assert usd(found, "Airflow database") == (Decimal("4.0000"),) * 3  # 40 × 0.10


def test_what_it_has_more_of_is_paid_by_the_hour():
    found = estimated(LIST, airflow(minWorkers=2, maxWorkers=10, schedulers=3), config=REGION)
    # 1 … 1 … 9 workers more × 730 h × 0.11
    assert usd(found, "additional workers") == (Decimal("80.3000"), Decimal("80.3000"), Decimal("722.7000"))
    assert usd(found, "additional schedulers") == (Decimal("80.3000"),) * 3  # 1 × 730 h × 0.11


def test_an_environment_of_an_unknown_or_unlisted_size_is_unpriced():
    assert not estimated(LIST, airflow(environmentClass=UNKNOWN), config=REGION).lines
    assert "Airflow environment" in [each.driver for each in estimated(LIST, airflow(environmentClass="mw1.micro"), config=REGION).unpriced]


def test_a_namespace_is_billed_for_the_zone_that_it_makes():
    made = resource("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace")
    found = estimated(LIST, made, config={"aws:region": "eu-west-1"})
    assert usd(found, "hosted zone") == (Decimal("0.5000"),) * 3
