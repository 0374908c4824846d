"""AWS: the Price List bulk files, one CSV of each service and region, read line by line (AmazonEC2 has 300 MB a region).

Source: AWS Billing user guide, "Getting price list files manually" and "Reading the service price list file for an AWS service".
"""

import csv
from collections.abc import Iterator, Sequence
from typing import Any, cast

from catalogue.refresh.aws_rows import Reader
from catalogue.refresh.client import Client
from catalogue.refresh.model import MACHINES, CannotFetch, Fetched, Wanted
from catalogue.refresh.rules import aws_rules

ENDPOINT = "https://pricing.us-east-1.amazonaws.com"
_EC2 = "AmazonEC2"
_PREAMBLE = 20  # lines at most before the column names; there are five.


def fetch(client: Client, wanted: Wanted) -> Iterator[Fetched]:
    """The prices of each region. Raises CannotFetch."""
    offers = _offers(wanted)
    files = {offer: _files(client, offer) for offer in offers}
    for region in wanted.regions:
        fetched = Fetched(region=region)
        for offer in offers:
            if region in files[offer]:
                _read(client, files[offer][region], offer, wanted, fetched)
            elif offer == _EC2:
                raise CannotFetch(f"{_EC2}: AWS lists no prices of the region {region}")
            else:
                fetched.skipped[f"no {offer} in the region"] += 1
        yield fetched


def _offers(wanted: Wanted) -> list[str]:
    offers = {rule.offer for rule in aws_rules() if wanted.wants(rule.target.service)}
    return sorted(offers | ({_EC2} if wanted.wants(MACHINES) else set()))


def _files(client: Client, offer: str) -> dict[str, str]:
    """Region → path of its CSV. The index names the JSON file, which stands beside the CSV."""
    path = f"/offers/v1.0/aws/{offer}/current/region_index.json"
    regions = client.json(path).get("regions")
    if not isinstance(regions, dict) or not regions:
        raise CannotFetch(f"{path}: names no region")
    entries = cast(dict[str, Any], regions)
    return {region: _csv_path(entry, path) for region, entry in entries.items()}


def _csv_path(entry: Any, path: str) -> str:
    url = cast(dict[str, Any], entry).get("currentVersionUrl") if isinstance(entry, dict) else None
    if not isinstance(url, str) or not url.startswith("/offers/") or not url.endswith("/index.json"):
        raise CannotFetch(f"{path}: a region has no currentVersionUrl of the documented form")
    return f"{url.removesuffix('.json')}.csv"


def _read(client: Client, path: str, offer: str, wanted: Wanted, fetched: Fetched) -> None:
    def consume(lines: Iterator[str]) -> Reader:
        rows = csv.reader(lines)
        try:
            reader = Reader(offer, fetched.region, wanted, _columns(rows))
            for row in rows:
                reader.take(row)
        except csv.Error as error:
            raise ValueError(f"no CSV: {error}") from None
        if not reader.rows:
            raise ValueError("it has no row")
        return reader

    client.lines(path, consume).put_into(fetched)


def _columns(rows: Iterator[list[str]]) -> Sequence[str]:
    for number, row in enumerate(rows):
        if row and row[0] == "SKU":
            return row
        if (number == 0 and row[:1] != ["FormatVersion"]) or number > _PREAMBLE:
            break
    raise ValueError("no price list: its first lines are not those of one")
