"""A refresh from beginning to end: fetch, compare, refuse or write."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from catalogue.refresh import aws, azure, gcp
from catalogue.refresh.changes import TableChanges
from catalogue.refresh.client import Client, Patience
from catalogue.refresh.merge import Merge
from catalogue.refresh.model import MACHINES, CannotFetch, Fetched, Wanted, Watch, is_name
from catalogue.refresh.rules import services
from catalogue.refresh.tables import Tables
from catalogue.refresh.write import clear_leftovers, replace_all


@dataclass(frozen=True, kw_only=True)
class Interface:
    """A cloud's price interface. source: the first words of its id in sources.csv."""

    endpoint: str
    fetch: Callable[[Client, Wanted], Iterator[Fetched]]
    source: str
    title: str


INTERFACES: Mapping[str, Interface] = {
    "aws": Interface(endpoint=aws.ENDPOINT, fetch=aws.fetch, source="aws-price-list", title="AWS Price List bulk files"),
    "azure": Interface(endpoint=azure.ENDPOINT, fetch=azure.fetch, source="azure-retail-prices", title="Azure Retail Prices API"),
    "gcp": Interface(endpoint=gcp.ENDPOINT, fetch=gcp.fetch, source="gcp-billing-catalog", title="Google Cloud Billing Catalog API"),
}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a person asks for. regions and services: empty for all on record. key: Google Cloud's; it is never shown."""

    cloud: str
    data: Path
    today: str
    regions: tuple[str, ...] = ()
    services: frozenset[str] = frozenset()
    endpoint: str = ""
    threshold: Decimal = Decimal(25)
    accept: bool = False
    dry_run: bool = False
    key: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it. refusals: why nothing was written, one line each; written: files; skipped: rows of the answers, by reason."""

    changes: tuple[TableChanges, ...]
    refusals: tuple[str, ...]
    written: tuple[str, ...]
    skipped: Counter[str]
    doubtful: tuple[str, ...]


def refresh(request: Request, watch: Watch, patience: Patience | None = None) -> Outcome:
    """Fetches everything, then compares, then writes. Raises CannotFetch (nothing is written) and OSError (the files are as they were)."""
    interface = INTERFACES[request.cloud]
    tables = Tables(request.data)
    wanted = _wanted(request, tables)
    client = Client(request.endpoint or interface.endpoint, patience=patience or Patience(), watch=watch, headers=_headers(request))
    fetched = list(interface.fetch(client, wanted))
    if not any(region.machines or region.services for region in fetched):
        raise CannotFetch("the answers hold not a single price that the catalogue knows how to use")
    return _put(request, tables, interface, wanted, fetched)


def _wanted(request: Request, tables: Tables) -> Wanted:
    known = services(request.cloud) | {MACHINES}
    for service in sorted(request.services - known):
        raise CannotFetch(f"--service {service}: not known; allowed: {', '.join(sorted(known))}")
    for region in request.regions:
        if not is_name(region):
            raise CannotFetch(f"--region {region!r} is no region's name")
    shapes = {name: row for (name,), row in tables.table(f"machines/{request.cloud}.csv").rows.items()}
    regions = tuple(dict.fromkeys(request.regions or tables.regions(request.cloud)))
    rows = {region: tables.table(f"prices/{request.cloud}/{region}.csv").rows for region in regions}
    offered = {region: frozenset(name for (name,) in rows[region]) for region in regions}
    return Wanted(regions=regions, services=request.services, shapes=shapes, offered=offered, today=request.today)


def _headers(request: Request) -> dict[str, str]:
    if request.cloud != "gcp":
        return {}
    if not request.key.strip():
        raise CannotFetch("Google Cloud's price interface needs an API key: --key-file FILE, or the environment variable DRYDOCK_GCP_KEY")
    return {gcp.KEY_HEADER: request.key.strip()}


def _put(request: Request, tables: Tables, interface: Interface, wanted: Wanted, fetched: list[Fetched]) -> Outcome:
    before = tables.sources_in_use()
    source = f"{interface.source}-{request.today}"
    merge = Merge(tables, request.cloud, source, wanted)
    changes = tuple(table for region in fetched for table in merge.region(region))
    refusals = () if request.accept else tuple(line for table in changes for line in table.refusals(request.threshold))
    host = (request.endpoint or interface.endpoint).partition("://")[2].rpartition("@")[2]
    written: tuple[str, ...] = ()
    if not refusals and not request.dry_run:
        row = {"id": source, "as_of": request.today, "confidence": "high", "source": f"{interface.title}, {host}"}
        written = _write(tables, row, before)
    return Outcome(
        changes=changes,
        refusals=refusals,
        written=written,
        skipped=sum((region.skipped for region in fetched), Counter[str]()),
        doubtful=tuple(sorted({f"{region.region} {name}" for region in fetched for name in region.doubtful})),
    )


def _write(tables: Tables, source: dict[str, str], before: set[str]) -> tuple[str, ...]:
    """First the new source, then machines and prices, last the sources without those that nothing names any more.

    A process that is killed in between leaves a catalogue that can be read: each price's source and machine are there.
    """
    sources = tables.table("sources.csv")
    sources.put(source)
    texts = tables.changed()
    after = tables.sources_in_use()
    for gone in before - after:
        sources.rows.pop((gone,), None)
    clear_leftovers(tables.data)
    order = sorted(texts, key=lambda name: (name != "sources.csv", not name.startswith("machines/"), name))
    replace_all(tables.data, texts, tuple(order))
    final = sources.text()
    if final != texts.get("sources.csv"):
        replace_all(tables.data, {"sources.csv": final}, ("sources.csv",))
    return tuple(order)
