"""What a rehearsal found, for a person."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from cli.output import out
from rehearsal.round import Round, Step
from rehearsal.scheduling.scheduler import outcomes
from rehearsal.state import SimulatedCloud


def summarise(result: Round, stack: str) -> None:
    """Prints the round's steps, what is kept, what is left, and the verdict."""
    out.print()
    out.print(_table(*result.steps))
    summarise_placements(result.placements)
    kinds = Counter(resource.partition(" ")[0] for resource in result.kept)
    for kind, count in sorted(kinds.items()):
        out.print(f"kept on destroy, as the program asks: {count} {kind}")
    for resource in result.left:
        out.print(f"[red]left behind:[/red] {resource}")
    if result.passed:
        rest = f"nothing left but {len(result.kept)} kept" if result.kept else "nothing left"
        out.print(f"[bold green]{stack}: the round is complete, {rest}[/bold green]")
        return
    reason = (
        f"{_resources(len(result.left))} left behind"
        if result.complete
        else f"{result.steps[-1].name} failed (exit status {result.steps[-1].status})"
    )
    out.print(f"[bold red]{stack}: {reason}[/bold red]")


def summarise_step(step: Step, cloud: SimulatedCloud) -> None:
    """Prints one step, where each workload's pods are, and how much there is in the simulated clouds after it."""
    out.print()
    out.print(_table(step))
    summarise_placements(outcomes(cloud))
    out.print(f"in the simulated clouds: {_resources(len(cloud.all()))}")


def summarise_placements(lines: Sequence[str]) -> None:
    """Prints a line for each workload: the nodes that its pods got, and the pools that were passed over for them."""
    for line in lines:
        out.print(f"pods of {escape(line)}")


def _resources(count: int) -> str:
    return f"{count} resource{'' if count == 1 else 's'}"


def _table(*steps: Step) -> Table:
    table = Table("step", "result", "changes", "seconds")
    for step in steps:
        result = "[green]done[/green]" if step.status == 0 else f"[red]exit status {step.status}[/red]"
        table.add_row(step.name, result, _words(step.changes), f"{step.seconds:.1f}")
    return table


def _words(changes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(changes.items())) or "none"
