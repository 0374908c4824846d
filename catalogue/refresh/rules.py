"""Which row of a price interface is which sku of the catalogue: tables that a person reviews, in `rules/`.

Their names come from the providers' documents: Amazon S3 "Understanding your AWS billing and usage reports", Microsoft "Azure Retail
Prices overview", Google "Get Google Cloud pricing information"; a row that is not sure stands in none of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from catalogue.rows import rows

_FOLDER = Path(__file__).parent / "rules"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A sku of the catalogue. sku may hold {1}, {2} …, the rule's groups in lower case; times: interface's unit → catalogue's unit."""

    service: str
    sku: str
    unit: str
    times: Decimal

    def named(self, groups: tuple[str, ...]) -> str:
        """The sku's name with the matched groups."""
        return self.sku.format("", *(group.lower() for group in groups))


@dataclass(frozen=True, kw_only=True)
class AwsRule:
    """A usage type (without its region's prefix) of an offer; band: which of the priced tiers, 1 is the first."""

    offer: str
    family: str
    usage_type: re.Pattern[str]
    band: int
    target: Target


@dataclass(frozen=True, kw_only=True)
class AzureRule:
    """A meter of a product; tier: its tierMinimumUnits. everywhere: it is listed once, for the region `Global`."""

    service_name: str
    product: str
    sku_name: re.Pattern[str]
    meter: re.Pattern[str]
    unit_of_measure: str
    tier: Decimal
    everywhere: bool
    target: Target


@dataclass(frozen=True, kw_only=True)
class GcpRule:
    """A sku of a billing service by its resource group and description."""

    service_id: str
    group: str
    description: re.Pattern[str]
    usage_unit: str
    target: Target


@dataclass(frozen=True, kw_only=True)
class GcpFamily:
    """Machine types whose price is cores × core + GiB × ram + GPUs × gpu, and how the three skus begin.

    committed: the family's name in the descriptions of commitments, empty where it has none.
    """

    machines: re.Pattern[str]
    core: str
    ram: str
    gpu: str
    committed: str


@cache
def aws_rules() -> tuple[AwsRule, ...]:
    """Every known usage type of AWS."""
    return tuple(
        AwsRule(
            offer=row["offer"],
            family=row["family"],
            usage_type=re.compile(row["usage_type"]),
            band=int(row["band"]),
            target=_target(row),
        )
        for row in rows(_FOLDER / "aws.csv")
    )


@cache
def azure_rules() -> tuple[AzureRule, ...]:
    """Every known meter of Azure."""
    return tuple(
        AzureRule(
            service_name=row["service_name"],
            product=row["product"],
            sku_name=re.compile(row["sku_name"]),
            meter=re.compile(row["meter"]),
            unit_of_measure=row["unit_of_measure"],
            tier=Decimal(row["tier"]),
            everywhere=row["region"] == "Global",
            target=_target(row),
        )
        for row in rows(_FOLDER / "azure.csv")
    )


@cache
def gcp_rules() -> tuple[GcpRule, ...]:
    """Every known sku of Google Cloud that is no machine's part."""
    return tuple(
        GcpRule(
            service_id=row["service_id"],
            group=row["group"],
            description=re.compile(row["description"]),
            usage_unit=row["usage_unit"],
            target=_target(row),
        )
        for row in rows(_FOLDER / "gcp.csv")
    )


@cache
def gcp_families() -> tuple[GcpFamily, ...]:
    """The machine families of Google Cloud that are the sum of their parts.

    Machine types with bundled local SSDs (`-lssd`, a2-ultragpu, a3) and whole-slice prices are not: they keep the price on record.
    """
    return tuple(
        GcpFamily(machines=re.compile(row["machines"]), core=row["core"], ram=row["ram"], gpu=row["gpu"], committed=row["committed"])
        for row in rows(_FOLDER / "gcp_families.csv")
    )


def services(provider: str) -> frozenset[str]:
    """The catalogue's services that the tables of a provider know."""
    rules = {"aws": aws_rules, "azure": azure_rules, "gcp": gcp_rules}[provider]()
    return frozenset(rule.target.service for rule in rules)


def _target(row: Mapping[str, str]) -> Target:
    return Target(service=row["service"], sku=row["sku"], unit=row["unit"], times=Decimal(row["times"]))
