"""A plain table, such as a ranking, as Markdown or as a page of its own."""

from collections.abc import Sequence

from costs.report.escape import prose
from costs.report.html import environment


def markdown_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The table under its title, notes as a list below; every cell is shown as it is."""
    lines = [f"## {prose(title)}", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(prose(cell) for cell in row)} |" for row in rows]
    return "\n".join([*lines, "", *(f"- {prose(note)}" for note in notes)]).rstrip("\n") + "\n"


def table_page(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The same as one page that needs no network."""
    return environment().get_template("table.html.jinja").render(title=title, head=head, rows=rows, notes=notes)
