"""Writes the table of what platforms of endpoints can do into docs/endpoints.md, from the data by which the planner refuses.

`python -m tools.endpoint_table` writes it; a test fails where the page says something else.
"""

from collections.abc import Iterator
from pathlib import Path

from plan.endpoint_capabilities import ABILITIES, COLUMNS, Ability, ability

PAGE = Path(__file__).resolve().parents[1] / "docs" / "endpoints.md"
BEGIN = "<!-- written by tools/endpoint_table.py: do not edit below -->"
END = "<!-- written by tools/endpoint_table.py: do not edit above -->"


def cell(found: Ability) -> str:
    """What a cell says: yes, no, bounds, or the add-on that it takes."""
    if not found.can:
        return "–"
    low, high = found.low, found.high
    if low is None and high is None:
        bounds = "yes"
    elif low is None:
        bounds = f"up to {high:g}"
    elif low == high or high is None:
        bounds = f"{low:g}"
    else:
        bounds = f"{low:g}–{high:g}"
    return f"{bounds}, with `{found.needs}`" if found.needs else bounds


def table() -> Iterator[str]:
    """The table: abilities down, platforms across."""
    yield f"| | {' | '.join(COLUMNS.values())} |"
    yield "|---" * (len(COLUMNS) + 1) + "|"
    for name, words in ABILITIES.items():
        cells = (cell(ability(column, name)) for column in COLUMNS)
        yield f"| {words} | {' | '.join(cells)} |"


def rules() -> Iterator[str]:
    """What the table's limits and dashes mean, and whose rule each is; platforms of which the same is true stand together."""
    for name, words in ABILITIES.items():
        told: dict[str, list[str]] = {}
        for column, platform in COLUMNS.items():
            found = ability(column, name)
            if found.note:
                told.setdefault(found.note, []).append(_linked(platform, found.source))
        for note, platforms in told.items():
            yield f"- {words}: {', '.join(platforms)}: {note}"


def page(text: str) -> str:
    """The page's text with the table that the data give. Raises ValueError where the page lacks its marks."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"the page lacks {BEGIN} or {END}")
    written = "\n".join([*table(), "", "What limits and dashes mean, and whose rule each is:", "", *rules()])
    return f"{before}{BEGIN}\n\n{written}\n\n{END}{after}"


def _linked(platform: str, source: str) -> str:
    return f"[{platform}]({source.rpartition(': ')[2]})" if source else platform


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
