"""A plain table, such as a ranking, as Markdown or as a page of its own."""

from collections.abc import Sequence

from costs.report.escape import cut, prose
from costs.report.html import environment

_TITLE = 100
_WIDE = 30


def markdown_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The table under its title, notes as a list below; every cell is shown as it is."""
    lines = [f"## {prose(title, _TITLE)}", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(prose(cell) for cell in row)} |" for row in rows]
    return "\n".join([*lines, "", *(f"- {prose(note)}" for note in notes)]).rstrip("\n") + "\n"


def table_page(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The same as one page that needs no network."""
    # On a phone a row's short cells stand side by side and each long one on a line of its own.
    wide = [any(len(row[place]) > _WIDE for row in rows) for place in range(len(head))]
    shown = [list(zip(head, row, wide, strict=True)) for row in rows]
    return environment().get_template("table.html.jinja").render(title=cut(title, _TITLE), head=head, rows=shown, notes=notes)
