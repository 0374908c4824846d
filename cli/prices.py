"""`drydock prices`: the price catalogue, brought up to date, shown, searched, and corrected by what an account really pays."""

from pathlib import Path
from typing import Annotated

import typer

prices = typer.Typer(no_args_is_help=True, help="The price catalogue: refresh, show, find, own prices.")

Provider = Annotated[str, typer.Argument(help="aws, gcp or azure.")]
Region = Annotated[str, typer.Argument(help="The region's name in the price list, such as eu-west-1.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
OwnPrices = Annotated[
    Path | None, typer.Option("--prices", metavar="FILE", help="Own prices; otherwise prices.yaml in this folder, where there is one.")
]
Account = Annotated[str | None, typer.Option(help="The account whose section of the own prices applies.")]
Data = Annotated[Path | None, typer.Option(metavar="FOLDER", help="The catalogue's folder; otherwise the one that comes with Drydock.")]


@prices.command()
def refresh(
    cloud: Annotated[str, typer.Option(help="aws, gcp or azure.")],
    region: Annotated[list[str] | None, typer.Option(help="Only this region; may be repeated. Otherwise all on record.")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only this service, or `machines`; may be repeated.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write also what moves or vanishes beyond the limits.")] = False,
    threshold: Annotated[float, typer.Option(min=0, help="Percent that a price may move without --accept.")] = 25,
    endpoint: Annotated[str, typer.Option(metavar="URL", help="A mirror of the cloud's price interface.")] = "",
    data: Data = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare, write nothing.")] = False,
    key_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds Google Cloud's API key; otherwise the environment's DRYDOCK_GCP_KEY.")
    ] = None,
) -> None:
    """Fetch list prices from a cloud's own price interface into the catalogue.

    Exit status 0: written; 1: refused, since prices move or vanish beyond the limits; 2: cannot fetch. After 1 and 2 nothing is changed.
    """
    from cli.prices_refresh import Asked
    from cli.prices_refresh import refresh as run

    asked = Asked(
        cloud=cloud,
        regions=tuple(region or ()),
        services=frozenset(service or ()),
        accept=accept,
        threshold=str(threshold),
        endpoint=endpoint,
        data=data,
        dry_run=dry_run,
        key_file=key_file,
    )
    raise typer.Exit(run(asked))


@prices.command()
def override(
    provider: Provider,
    region: Region,
    what: Annotated[str, typer.Argument(metavar="TYPE_OR_SERVICE/SKU", help="A machine type, or service/sku such as s3/standard-storage.")],
    usd: Annotated[str, typer.Argument(help="USD an hour of a machine, or for the unit of a service.")],
    source: Annotated[str, typer.Option(help="Where the price comes from, such as `EDP 2026, contract 4711`.")],
    account: Annotated[str | None, typer.Option(help="Only for this account; otherwise for everyone.")] = None,
    spot: Annotated[bool, typer.Option("--spot", help="The machine's spot price instead of the on-demand price.")] = False,
    unit: Annotated[str, typer.Option(help="What the price buys, such as `GB-month`; otherwise as in the price list.")] = "",
    until: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The last day on which the price holds.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Also for a machine type that the catalogue does not know there (yet).")] = False,
    own: OwnPrices = None,
    data: Data = None,
) -> None:
    """Put a price that you really pay into the own prices. It goes before the price list."""
    from cli.prices_show import Typed
    from cli.prices_show import override as run

    typed = Typed(
        provider=provider,
        region=region,
        what=what,
        usd=usd,
        source=source,
        account=account,
        spot=spot,
        unit=unit,
        until=until,
        new=new,
    )
    raise typer.Exit(run(typed, own, data))


@prices.command()
def show(
    provider: Provider,
    region: Region,
    what: Annotated[str, typer.Argument(help="A machine type, service/sku, or a service for all of its skus.")],
    account: Account = None,
    own: OwnPrices = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show the list price, the own price, and where each is from. Exit status 1 where no price is known."""
    from cli.prices_show import show as run

    raise typer.Exit(run(provider, region, what, account, own, data, as_json))


@prices.command()
def find(
    provider: Provider,
    region: Region,
    vcpus: Annotated[float | None, typer.Option(min=0, help="vCPUs at least.")] = None,
    memory_gib: Annotated[float | None, typer.Option(min=0, help="Memory at least.")] = None,
    accelerator: Annotated[list[str] | None, typer.Option(help="Its name, such as L4; may be repeated: one of these.")] = None,
    accelerators: Annotated[float | None, typer.Option(min=0, help="Accelerators at least.")] = None,
    accelerator_memory_gib: Annotated[float | None, typer.Option(min=0, help="Memory of all accelerators together at least.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many machines to show.")] = 10,
    account: Account = None,
    own: OwnPrices = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Find the cheapest machines that have what is needed. Exit status 1 where there is none."""
    from catalogue.model import MachineNeed
    from cli.prices_find import find as run

    need = MachineNeed(
        vcpus=vcpus,
        memory_gib=memory_gib,
        accelerators=tuple(accelerator or ()),
        accelerator_count=accelerators,
        accelerator_memory_gib=accelerator_memory_gib,
    )
    raise typer.Exit(run(provider, region, need, limit, account, own, data, as_json))
