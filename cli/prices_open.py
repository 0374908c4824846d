"""The catalogue and the own prices as a command line names them."""

from pathlib import Path
from typing import NoReturn

import typer
from rich.markup import escape

from catalogue.catalogue import Catalogue
from catalogue.index import DATA
from catalogue.overrides import Overrides
from catalogue.overrides_file import OverridesInvalid
from cli.output import err

PROVIDERS = ("aws", "azure", "gcp")
OWN = Path("prices.yaml")


def failed(message: str, status: int = 1) -> NoReturn:
    """One line on standard error and the exit status."""
    err.print(f"[red]{escape(message)}[/red]")
    raise typer.Exit(status)


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a file cannot be used, in words."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8 text"
    return (error.strerror or "the system does not say why").lower()


def checked_provider(provider: str) -> None:
    """Ends the command where there is no such provider."""
    if provider not in PROVIDERS:
        failed(f"{provider}: not known; allowed: {', '.join(PROVIDERS)}", 2)


def own_prices(file: Path | None, account: str | None, data: Path | None) -> Overrides | None:
    """The own prices, None without a file; expired entries and those that cannot be used are reported. Ends the command on a fault."""
    if file is None and not OWN.exists():
        return failed("--account needs own prices: name their file with --prices") if account else None
    try:
        return loaded(file or OWN, account, opened(data))
    except OverridesInvalid as invalid:
        failed("\n".join(invalid.lines))
    except (OSError, UnicodeDecodeError) as error:
        failed(f"{file or OWN}: cannot be read: {reason(error)}")


def loaded(file: Path, account: str | None, listed: Catalogue) -> Overrides:
    """The own prices of a file; what is expired, or means nothing in the price list, is reported. Raises OverridesInvalid, OSError."""
    own = Overrides.load(file, account=account)
    for line in (*own.expired, *own.faults(listed)):
        err.print(f"[yellow]{escape(f'{file.name}: {line}')}[/yellow]")
    return own


def opened(data: Path | None, own: Overrides | None = None) -> Catalogue:
    """The catalogue of this folder, with own prices where given. Ends the command where there is none."""
    folder = data or DATA
    if not (folder / "sources.csv").is_file():
        failed(f"{folder}: no catalogue (it has no sources.csv)", 2)
    return Catalogue.open(folder, adjustment=own)
