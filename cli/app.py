"""`drydock`: what it can do, one line each."""

from pathlib import Path
from typing import Annotated

import typer

from cli.cost_app import app as cost
from cli.policies_report import Report
from cli.prices import prices

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

app.add_typer(cost, name="cost")
app.add_typer(prices, name="prices")

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
StackFile = Annotated[Path, typer.Argument(help="A stack file, such as stacks/Pulumi.dev-aws.yaml, or a stack's name.")]


@app.callback()
def drydock() -> None:
    """Checks, plans and rehearses environments for machine-learning models. Plain `pulumi` deploys them."""


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Stack files, or names of stacks.")] = None,
    policies: Annotated[
        Path | None,
        typer.Option(help="Run the guardrails on this output of `pulumi preview --json` or `pulumi stack export`."),
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="With --policies: a stack file, or a file of policy settings.")] = None,
    report: Annotated[Report, typer.Option("--format", help="With --policies: how findings are printed.")] = Report.TABLE,
    as_json: Json = False,
) -> None:
    """Name every fault of environment files, or with --policies all that may not pass. Exit status 1 where there is one."""
    if policies is not None:
        from cli.policies import check_policies

        raise typer.Exit(check_policies(policies, settings, Report.JSON if as_json else report))
    if not files:
        raise typer.BadParameter("name a stack, or give --policies PREVIEW.json", param_hint="FILES")
    from cli.check import check as run

    raise typer.Exit(run(files, as_json))


@app.command()
def plan(file: StackFile, as_json: Json = False) -> None:
    """Show every decision of an environment, and why it was made."""
    from cli.plan import show

    raise typer.Exit(show(file, as_json))


@app.command()
def schema(check: Annotated[bool, typer.Option("--check", help="Only say whether stacks/schema.json is current.")] = False) -> None:
    """Write stacks/schema.json, with which editors complete and check environment files."""
    from cli.schema import write

    raise typer.Exit(write(check))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def rehearse(
    context: typer.Context,
    stack: Annotated[str, typer.Argument(help="The stack's name: dev-aws for stacks/Pulumi.dev-aws.yaml.")],
    project: Annotated[
        Path, typer.Option(help="The folder of the Pulumi project; any program of aws, gcp, azure-native, kubernetes.")
    ] = Path(),
    scenario: Annotated[Path | None, typer.Option(help="A scenario file: latencies, quotas, shortages, faults.")] = None,
    policy_pack: Annotated[list[Path] | None, typer.Option(help="A policy pack's folder, such as policies; for preview and up.")] = None,
    as_json: Json = False,
) -> None:
    """Run a stack with the real engine on simulated clouds.

    drydock rehearse STACK                           the whole round: preview, up, preview, destroy\n
    drydock rehearse STACK preview|up|refresh|destroy  one step; the clouds stay as they are until the next\n
    drydock rehearse STACK drift list|set|delete …    change the clouds behind the engine's back\n
    drydock rehearse STACK -- pulumi …                any Pulumi command
    """
    from cli.rehearse import rehearse as run

    raise typer.Exit(run(stack, context.args, project.resolve(), scenario, as_json, policy_pack or []))
