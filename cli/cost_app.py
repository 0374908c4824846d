"""`drydock cost`: what it can do, one line each."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _EstimateByDefault(TyperGroup):
    """`drydock cost dev-aws` is `drydock cost estimate dev-aws`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `estimate` before the words that name no command."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["estimate", *args]
        return super().parse_args(ctx, args)


class Format(StrEnum):
    """How a result is printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


app = typer.Typer(cls=_EstimateByDefault, no_args_is_help=True, rich_markup_mode=None)

Formatted = Annotated[Format, typer.Option("--format", help="How to print it.")]
Output = Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")]
UsageFile = Annotated[Path | None, typer.Option("--usage", help="A file that says how much resources will be used.")]
PricesFile = Annotated[Path | None, typer.Option("--prices", help="A file of own prices and discounts.")]
Account = Annotated[str | None, typer.Option(help="The account of the prices file.")]
Strict = Annotated[bool, typer.Option("--strict", help="Guess no price from another region: what is unknown stays unknown.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show each line's formula, date and source, and every assumption.")]
Project = Annotated[Path, typer.Option(help="The folder of the Pulumi project.")]
Stack = Annotated[str | None, typer.Argument(help="A stack's name: it is previewed on simulated clouds.")]
File = Annotated[
    Path | None, typer.Option("--file", help="The output of `pulumi preview --json` or `pulumi stack export`, of any program.")
]


@app.callback()
def cost() -> None:
    """What a program costs a month, as a range: `drydock cost STACK`, or `--file` for any Pulumi program.

    drydock cost STACK               the range of a stack, previewed on simulated clouds\n
    drydock cost --file FILE         the range of any program's preview or state\n
    drydock cost estimate --help     its options: --format, --usage, --prices, --verbose, --before …
    """


@app.command(hidden=True)
def estimate(
    stack: Stack = None,
    file: File = None,
    before: Annotated[bool, typer.Option("--before", help="Of a preview: what there is before its changes.")] = False,
    form: Formatted = Format.TABLE,
    output: Output = None,
    usage: UsageFile = None,
    prices: PricesFile = None,
    account: Account = None,
    strict: Strict = False,
    verbose: Verbose = False,
    project: Project = Path(),
) -> None:
    """The cost of a stack, or of a file of Pulumi's."""
    from cli.cost import Settings, estimate_one

    raise typer.Exit(estimate_one(stack, file, before, Settings(form.value, output, usage, prices, account, strict, verbose, project)))


@app.command()
def preview(
    stack: Annotated[str, typer.Argument(help="A stack's name.")],
    output: Output = None,
    project: Project = Path(),
) -> None:
    """The preview that a stack's cost is worked out from, as `pulumi preview --json` writes it."""
    from cli.cost import Settings, write_preview

    raise typer.Exit(write_preview(stack, Settings("json", output, None, None, None, False, False, project)))


@app.command()
def diff(
    base: Annotated[str, typer.Argument(help="A stack's name, or a file: what there is.")],
    head: Annotated[str, typer.Argument(help="A stack's name, or a file: what there will be.")],
    form: Formatted = Format.TABLE,
    output: Output = None,
    usage: UsageFile = None,
    prices: PricesFile = None,
    account: Account = None,
    strict: Strict = False,
    verbose: Verbose = False,
    project: Project = Path(),
) -> None:
    """What changes from one program to another: per resource before, after, change and what drives it."""
    from cli.cost import Settings, show_diff

    raise typer.Exit(show_diff(base, head, Settings(form.value, output, usage, prices, account, strict, verbose, project)))


@app.command()
def comment(
    stacks: Annotated[list[str], typer.Argument(help="NAME=BASE.json:HEAD.json, or NAME=HEAD.json for a new stack.")],
    policies: Annotated[
        Path | None,
        typer.Option("--settings", help="Settings of the guardrails for all stacks; otherwise those of stacks/Pulumi.NAME.yaml."),
    ] = None,
    output: Output = None,
    usage: UsageFile = None,
    prices: PricesFile = None,
    account: Account = None,
    strict: Strict = False,
) -> None:
    """One comment in Markdown for the pull request of many stacks: what they cost, and what may not pass."""
    from cli.cost import Settings
    from cli.cost_comment import write_comment

    raise typer.Exit(write_comment(stacks, policies, Settings("markdown", output, usage, prices, account, strict, False, Path())))


@app.command()
def compare(
    stack: Annotated[str, typer.Argument(help="A stack's name.")],
    clouds: Annotated[str, typer.Option(help="Which clouds, by commas.")] = "aws,gcp,azure",
    regions: Annotated[str, typer.Option(help="Regions to try, by commas; otherwise the nearest of each cloud.")] = "",
    form: Formatted = Format.TABLE,
    output: Output = None,
    usage: UsageFile = None,
    prices: PricesFile = None,
    account: Account = None,
    strict: Strict = False,
    project: Project = Path(),
) -> None:
    """The same environment planned and priced on each cloud, cheapest first, and what differs."""
    from cli.cost import Settings
    from cli.cost_compare import compare as run

    settings = Settings(form.value, output, usage, prices, account, strict, False, project)
    raise typer.Exit(run(stack, _listed(clouds), _listed(regions), settings))


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))


@app.command()
def recommend(
    stack: Stack = None,
    file: File = None,
    form: Formatted = Format.TABLE,
    output: Output = None,
    usage: UsageFile = None,
    prices: PricesFile = None,
    account: Account = None,
    strict: Strict = False,
    project: Project = Path(),
) -> None:
    """Changes that save money, each planned and priced anew: saving a month, risk, effort."""
    from cli.cost import Settings
    from cli.cost_recommend import recommend as run

    raise typer.Exit(run(stack, file, Settings(form.value, output, usage, prices, account, strict, False, project)))
