"""`drydock check`: every fault of environment files and of the settings of policies in them."""

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from cli.files import stack_file
from cli.output import err, out, print_json
from environment.faults import EnvironmentInvalid, Fault
from environment.stack_file import read_config
from plan.checked import plan_config


def check(files: Sequence[Path], as_json: bool) -> int:
    """Checks each file and gives the exit status: 1 where one has a fault."""
    found = {file: _faults(file) for file in map(stack_file, files)}
    if as_json:
        print_json({str(file): [fault.__dict__ for fault in faults] for file, faults in found.items()})
    else:
        for file, faults in found.items():
            tell(file, faults)
    return 1 if any(found.values()) else 0


def _faults(file: Path) -> tuple[Fault, ...]:
    # Whoever only shows a file's faults need not wait for what knows the policies.
    from cli.policy_settings import settings_faults

    of_settings: tuple[Fault, ...] = ()
    try:
        config = read_config(file)
        of_settings = tuple(settings_faults(file, config))
        plan_config(config)
    except EnvironmentInvalid as invalid:
        return (*invalid.faults, *of_settings)
    return of_settings


def tell(file: Path, faults: Sequence[Fault]) -> None:
    """Prints a file's faults on standard error, or that it has none."""
    if not faults:
        out.print(f"[green]✓[/green] {escape(str(file))}")
        return
    err.print(f"[red]✗[/red] {escape(str(file))}: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}")
    for fault in faults:
        err.print(f"  [bold]{escape(fault.path)}[/bold]{escape(fault.line()[len(fault.path) :])}")
