"""Azure: the Retail Prices API, page by page.

Source: Microsoft, "Azure Retail Prices overview". Meters of the region `Global` (load balancer, NAT gateway) cost the same everywhere.
"""

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from catalogue.refresh.azure_items import Machines, Meters
from catalogue.refresh.client import Client
from catalogue.refresh.model import MACHINES, CannotFetch, Fetched, Wanted
from catalogue.refresh.rules import AzureRule, azure_rules

ENDPOINT = "https://prices.azure.com"
GLOBAL = "global"
_PATH = "/api/retail/prices"
_PAGES = 10_000  # of 1,000 prices: more than all of Azure


def fetch(client: Client, wanted: Wanted) -> Iterator[Fetched]:
    """The prices of each region, and under the region `global` those that hold everywhere. Raises CannotFetch."""
    for region in wanted.regions:
        yield _region(client, wanted, region)
    fetched = Fetched(region=GLOBAL)
    _services(client, wanted, fetched, [rule for rule in azure_rules() if rule.everywhere], "Global")
    yield fetched


def _region(client: Client, wanted: Wanted, region: str) -> Fetched:
    fetched = Fetched(region=region)
    if wanted.wants(MACHINES):
        machines = Machines(wanted.today)
        for price_type in ("Consumption", "Reservation"):
            conditions = {"serviceName": "Virtual Machines", "armRegionName": region, "priceType": price_type}
            items = 0
            for item in _items(client, conditions):
                machines.take(item)
                items += 1
            if not items and price_type == "Consumption":
                raise CannotFetch(f"{_PATH}: Azure lists no virtual machine in the region {region}")
        machines.put_into(fetched)
    _services(client, wanted, fetched, [rule for rule in azure_rules() if not rule.everywhere], region)
    return fetched


def _services(client: Client, wanted: Wanted, fetched: Fetched, rules: list[AzureRule], region: str) -> None:
    asked = [rule for rule in rules if wanted.wants(rule.target.service)]
    for service_name, product in sorted({(rule.service_name, rule.product) for rule in asked}):
        meters = Meters([rule for rule in asked if (rule.service_name, rule.product) == (service_name, product)], wanted.today)
        conditions = {"serviceName": service_name, "productName": product, "armRegionName": region, "priceType": "Consumption"}
        for item in _items(client, conditions):
            meters.take(item)
        meters.put_into(fetched)


def _items(client: Client, conditions: dict[str, str]) -> Iterator[dict[str, Any]]:
    asked = " and ".join(f"{name} eq '{value}'" for name, value in conditions.items())
    query = {"$filter": asked}
    seen: set[str] = set()
    for _ in range(_PAGES):
        page = client.json(_PATH, query)
        yield from _page_items(page)
        link = page.get("NextPageLink")
        if not link:
            return
        if not isinstance(link, str) or link in seen:
            raise CannotFetch(f"{_PATH}: its pages form a loop")
        seen.add(link)
        # The link names Azure's own host; a mirror is asked by the query alone.
        query = dict(parse_qsl(urlsplit(link).query))
    raise CannotFetch(f"{_PATH}: its pages do not end")


def _page_items(page: dict[str, Any]) -> list[dict[str, Any]]:
    items = page.get("Items")
    if not isinstance(items, list):
        raise CannotFetch(f"{_PATH}: the answer has no Items")
    found = cast(list[Any], items)
    if not all(isinstance(item, dict) for item in found):
        raise CannotFetch(f"{_PATH}: an item is no object")
    return cast(list[dict[str, Any]], found)
