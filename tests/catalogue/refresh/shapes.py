"""Answers in the providers' documented form, and a small catalogue beside them."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.catalogue.refresh.serving import Answer, Answering, Asked, of

REGION = "eu-west-1"
# The column names of AmazonEC2's CSV (version 20250912225308), without those that nothing here reads.
COLUMNS = (
    "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange", "EndingRange", "Unit",
    "PricePerUnit", "Currency", "RelatedTo", "LeaseContractLength", "PurchaseOption", "OfferingClass", "Product Family", "serviceCode",
    "Location", "Location Type", "Instance Type", "vCPU", "Memory", "Tenancy", "Operating System", "License Model", "usageType",
    "operation", "CapacityStatus", "GPU", "MarketOption", "Pre Installed S/W", "Region Code",
)  # fmt: skip
PLAIN = {
    "SKU": "2223B6PCG6QAUYY6", "OfferTermCode": "JRTCKXETXF", "TermType": "OnDemand", "EffectiveDate": "2026-11-01", "StartingRange": "0",
    "EndingRange": "Inf", "Unit": "Hrs", "Currency": "USD", "serviceCode": "AmazonEC2", "Location": "EU (Ireland)",
    "Location Type": "AWS Region", "Region Code": REGION,
}  # fmt: skip
LINUX = {
    "Product Family": "Compute Instance", "Tenancy": "Shared", "Operating System": "Linux", "License Model": "No License required",
    "operation": "RunInstances", "CapacityStatus": "Used", "MarketOption": "OnDemand", "Pre Installed S/W": "NA",
}  # fmt: skip


def machine(name: str, usd: str, **other: str) -> dict[str, str]:
    """A row of a running Linux machine."""
    shape = {"Instance Type": name, "vCPU": "4", "Memory": "16 GiB", "usageType": f"EUW1-BoxUsage:{name}"}
    return PLAIN | LINUX | shape | {"PricePerUnit": usd} | {key.replace("_", " "): value for key, value in other.items()}


def reserved(name: str, usd: str, length: str = "1yr", option: str = "No Upfront", offering: str = "standard") -> dict[str, str]:
    terms = {"TermType": "Reserved", "LeaseContractLength": length, "PurchaseOption": option, "OfferingClass": offering}
    return machine(name, usd) | terms


def usage(usage_type: str, usd: str, family: str = "", start: str = "0", unit: str = "GB-Mo") -> dict[str, str]:
    """A row of a service's usage type."""
    return PLAIN | {"usageType": usage_type, "PricePerUnit": usd, "Product Family": family, "StartingRange": start, "Unit": unit}


def price_list(offer: str, rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    write = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
    preamble = {
        "FormatVersion": "v1.0",
        "Disclaimer": "This pricing list is for informational purposes only. All prices are subject to additional terms",
        "Publication Date": "2026-11-24T22:53:08Z",
        "Version": "20261124225308",
        "OfferCode": offer,
    }
    for line in preamble.items():
        write(line)
    write(COLUMNS)
    for row in rows:
        write([row.get(column, "") for column in COLUMNS])
    return text.getvalue().encode()


def aws(lists: Mapping[str, list[dict[str, str]]], region: str = REGION) -> Answering:
    """AWS with these offers in one region; the other offers are not sold there."""

    def answer(asked: Asked) -> Answer:
        offer = asked.path.split("/")[4]
        if asked.path == f"/offers/v1.0/aws/{offer}/current/region_index.json":
            where = region if offer in lists else "us-east-1"
            url = f"/offers/v1.0/aws/{offer}/20261124225308/{where}/index.json"
            regions = {where: {"regionCode": where, "currentVersionUrl": url}}
            return of({"formatVersion": "v1.0", "publicationDate": "2026-11-24T22:53:08Z", "regions": regions})
        return Answer(price_list(offer, lists[offer]), kind="text/csv")

    return answer


def item(name: str, usd: float, **other: Any) -> dict[str, Any]:
    """An item of Azure's `Virtual Machines`, as in Microsoft's overview of the API."""
    size = name.removeprefix("Standard_").replace("_", " ")
    return {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": usd,
        "unitPrice": usd,
        "armRegionName": "westeurope",
        "location": "EU West",
        "effectiveStartDate": "2026-01-01T00:00:00Z",
        "meterId": "000a794b-bdb0-58be-a0cd-0c3a0f222923",
        "meterName": size,
        "productId": "DZH318Z0BQPS",
        "skuId": "DZH318Z0BQPS/00TG",
        "productName": "Virtual Machines Series",
        "skuName": size,
        "serviceName": "Virtual Machines",
        "serviceId": "DZH313Z7MMC8",
        "serviceFamily": "Compute",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": name,
    } | other


def meter(product: str, sku: str, name: str, usd: float, unit: str, **other: Any) -> dict[str, Any]:
    named = {"productName": product, "skuName": sku, "meterName": name, "unitOfMeasure": unit, "armSkuName": "", "serviceName": "Storage"}
    return item("", usd) | named | other


def page(items: list[dict[str, Any]], following: str | None = None) -> Answer:
    whole = {"BillingCurrency": "USD", "CustomerEntityId": "Default", "CustomerEntityType": "Retail", "Items": items}
    return of(whole | {"NextPageLink": following, "Count": len(items)})


def azure(machines: list[dict[str, Any]], meters: list[dict[str, Any]] | None = None) -> Answering:
    """Azure, which filters by what is asked, all on one page."""

    def answer(asked: Asked) -> Answer:
        conditions = dict(part.split(" eq ", 1) for part in asked.query["$filter"].split(" and "))
        kind = conditions["priceType"].strip("'")
        if conditions["serviceName"] == "'Virtual Machines'":
            return page([each for each in machines if each["type"] == kind])
        return page([each for each in meters or [] if f"'{each['productName']}'" == conditions["productName"]])

    return answer


def sku(
    description: str, nanos: int, *, usage: str = "OnDemand", unit: str = "h", group: str = "CPU", family: str = "Compute", **other: Any
) -> dict[str, Any]:
    """A sku of Google's catalogue, as in "Get Google Cloud pricing information"; rates: several bands."""
    rates = other.get("rates", [(0, other.get("units", "0"), nanos)])
    bands = [
        {"startUsageAmount": start, "unitPrice": {"currencyCode": "USD", "units": units, "nanos": part}} for start, units, part in rates
    ]
    expression = {"usageUnit": unit, "displayQuantity": 1, "tieredRates": bands, "baseUnit": "s", "baseUnitConversionFactor": 3600}
    return {
        "name": "services/6F81-5844-456A/skus/02EE-77CE-ACCD",
        "skuId": "02EE-77CE-ACCD",
        "description": description,
        "category": {"serviceDisplayName": "Compute Engine", "resourceFamily": family, "resourceGroup": group, "usageType": usage},
        "serviceRegions": other.get("regions", ["europe-west4"]),
        "pricingInfo": [
            {"summary": "", "pricingExpression": expression, "currencyConversionRate": 1, "effectiveTime": "2026-11-24T10:50:40.206Z"}
        ],
        "serviceProviderName": "Google",
    }


def catalogue(folder: Path, files: Mapping[str, str]) -> Path:
    """A catalogue's folder; file → its rows below the header."""
    headers = {
        "prices": "instance_type,on_demand_usd_hour,spot_usd_hour,source",
        "services": "sku,region,unit,price_usd,source",
        "commitments": "applies_to,region,term_years,payment,kind,value,source",
        "machines": "instance_type,vcpus,memory_gib,accelerator,accelerator_count,accelerator_memory_gib,source",
        "sources.csv": "id,as_of,confidence,source",
    }
    for name, rows in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{headers[name.partition('/')[0]]}\n{rows}", newline="")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()
