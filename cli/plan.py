"""`drydock plan`: every decision of an environment, with its reason; its node pools, and what they need of the account."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from rich.markup import escape

from cli.check import tell
from cli.files import planned, stack_file
from cli.output import out, print_json
from cli.plan_tables import print_pools, print_quotas
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
    # By part first: `cpu.disk.type` would stand between `cpu.capacity` and `cpu.machine`.
    parts = groupby(sorted(found.decisions, key=_order), key=_part)
    # At once: each call of Rich costs as much as a dozen lines.
    out.print("\n".join(line for part, decisions in parts for line in _lines(part, decisions)))
    print_pools(found)
    print_quotas(found.quotas)
    return 0


def _part(decision: Decision) -> str:
    return decision.path.rpartition(".")[0]


def _order(decision: Decision) -> tuple[str, Decision]:
    return _part(decision), decision


def _lines(part: str, decisions: Iterable[Decision]) -> list[str]:
    return [f"\n[bold]{escape(part)}[/bold]", *(f"  {_line(decision)}" for decision in decisions)]


def _line(decision: Decision) -> str:
    name = decision.path.rpartition(".")[2]
    source = f" [dim]({escape(decision.source)})[/dim]" if decision.source else ""
    return f"[cyan]{escape(name)}[/cyan]: [bold]{escape(decision.chosen)}[/bold]: {escape(decision.reason)}{source}"
