"""A text of sections that fits a limit: whole rows are left out, never parts of one, and it is said how many."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Section:
    """Rows between a head and a tail. rank: who keeps its rows when not all fit, the lowest first. more: rows that are left out anyway.

    elsewhere: where rows that are left out can be seen.
    """

    head: str
    rows: Sequence[str] = ()
    tail: str = ""
    rank: int = 0
    more: int = 0
    elsewhere: str = "in the full report"


def fitted(sections: Sequence[Section], limit: int) -> str:
    """The sections in their order, in at most `limit` characters as long as their heads and tails alone fit."""
    left = limit - sum(len(_text(section, 0, longest=True)) for section in sections)
    kept: dict[int, int] = {}
    for place, section in sorted(enumerate(sections), key=lambda each: each[1].rank):
        kept[place], left = _fill(section.rows, left)
    return "".join(_text(section, kept[place]) for place, section in enumerate(sections))


def _fill(rows: Sequence[str], left: int) -> tuple[int, int]:
    for number, row in enumerate(rows):
        if len(row) + 1 > left:
            return number, left
        left -= len(row) + 1
    return len(rows), left


def _text(section: Section, kept: int, longest: bool = False) -> str:
    lost = len(section.rows) - kept + section.more
    rows = "".join(f"{row}\n" for row in section.rows[:kept])
    # Outside the table, or it would be a row of it.
    told = f"\n… and {lost} more row{'' if lost == 1 and not longest else 's'} {section.elsewhere}\n" if lost or longest else ""
    return f"{section.head}{rows}{told}{section.tail}\n"
