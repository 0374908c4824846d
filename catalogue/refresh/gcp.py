"""Google Cloud: the Cloud Billing Catalog, page by page.

Source: Google Cloud, "Get Google Cloud pricing information" (services.skus.list). The key goes in a header: no address holds it.
"""

from collections.abc import Iterator
from typing import Any, cast

from catalogue.refresh.client import Client
from catalogue.refresh.gcp_skus import Skus
from catalogue.refresh.model import MACHINES, CannotFetch, Fetched, Wanted
from catalogue.refresh.rules import gcp_rules

ENDPOINT = "https://cloudbilling.googleapis.com"
KEY_HEADER = "X-Goog-Api-Key"
COMPUTE = "6F81-5844-456A"
_PAGES = 1_000  # of 5,000 skus


def fetch(client: Client, wanted: Wanted) -> Iterator[Fetched]:
    """The prices of each region. Raises CannotFetch."""
    for region in wanted.regions:
        if wanted.wants(MACHINES) and not wanted.offered[region]:
            raise CannotFetch(
                f"Google's interface prices parts of machines, so it cannot tell which machine types {region} offers; "
                f"list them in prices/gcp/{region}.csv first, with empty prices"
            )
    services = {rule.service_id for rule in gcp_rules() if wanted.wants(rule.target.service)}
    skus = Skus(wanted)
    for service in sorted(services | ({COMPUTE} if wanted.wants(MACHINES) else set())):
        for sku in _skus(client, service):
            skus.take(service, sku)
    for region in wanted.regions:
        yield skus.of(region)


def _skus(client: Client, service: str) -> Iterator[dict[str, Any]]:
    path = f"/v1/services/{service}/skus"
    query = {"currencyCode": "USD", "pageSize": "5000"}
    seen: set[str] = set()
    for _ in range(_PAGES):
        page = client.json(path, query)
        found = page.get("skus")
        if not isinstance(found, list) or not found:
            raise CannotFetch(f"{path}: the answer has no skus")
        yield from (cast(dict[str, Any], sku) for sku in cast(list[Any], found) if isinstance(sku, dict))
        token = page.get("nextPageToken")
        if not token:
            return
        if not isinstance(token, str) or token in seen:
            raise CannotFetch(f"{path}: its pages form a loop")
        seen.add(token)
        query["pageToken"] = token
    raise CannotFetch(f"{path}: its pages do not end")
