"""Tables of prices that fit a terminal, in the style of `drydock cost`."""

from rich.table import Table

from cli.output import out


def plain_table(head: str, *, whole: bool = False) -> Table:
    """A table without a frame, with its first column. whole: its words never wrap, so that an id can be copied."""
    found = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    found.add_column(head, overflow="fold", no_wrap=whole)
    return found


def print_table(table: Table) -> None:
    """The table within the terminal's width."""
    out.print(table, soft_wrap=False)
