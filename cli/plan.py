"""`drydock plan`: every decision of an environment, with its reason."""

from itertools import groupby
from pathlib import Path

from rich.markup import escape

from cli.check import tell
from cli.files import planned, stack_file
from cli.output import out, print_json
from environment.faults import EnvironmentInvalid
from plan.decision import Decision


def show(file: Path, as_json: bool) -> int:
    """Prints the decisions and gives the exit status: 1 where the file has faults."""
    file = stack_file(file)
    try:
        found = planned(file)
    except EnvironmentInvalid as invalid:
        tell(file, invalid.faults)
        return 1
    if as_json:
        print_json(found.as_dict())
        return 0
    out.print(
        f"{escape(str(file))}: {found.cloud}, {found.region}, {found.stage}; {len(found.decisions)} decisions that the file leaves open"
    )
    for part, decisions in groupby(found.decisions, key=lambda decision: decision.path.rpartition(".")[0]):
        out.print(f"\n[bold]{escape(part)}[/bold]")
        for decision in decisions:
            out.print(f"  {_line(decision)}")
    return 0


def _line(decision: Decision) -> str:
    name = decision.path.rpartition(".")[2]
    source = f" [dim]({escape(decision.source)})[/dim]" if decision.source else ""
    return f"[cyan]{escape(name)}[/cyan]: [bold]{escape(decision.chosen)}[/bold]: {escape(decision.reason)}{source}"
