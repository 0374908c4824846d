"""Writes the list of checks and of what mends them into docs/policies.md, from the checks themselves.

`python -m tools.policy_page` writes it; a test fails where the page says something else.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from policies.check import Check
from policies.registry import all_checks

PAGE = Path(__file__).resolve().parents[1] / "docs" / "policies.md"
WITHOUT_CHECK = PAGE.parents[1] / "policies" / "without_check.csv"
BEGIN = "<!-- written by tools/policy_page.py: do not edit below -->"
END = "<!-- written by tools/policy_page.py: do not edit above -->"
_FEW = 4
_WORDS = {
    "aws": "AWS",
    "gcp": "Google Cloud",
    "azure": "Azure",
    "kubernetes": "Kubernetes",
    "pulumi": "the whole program",
    "*": "any resource",
}


def row(check: Check) -> str:
    """One check as a row: id, what holds, where, how grave, what it leads to, whether it is mended, what is set, the same elsewhere."""
    where = ", ".join(_WORDS[cloud] for cloud in check.clouds)
    levels = [check.level, *(f"{profile}: {level}" for profile, level in sorted(check.profiles.items()))]
    parameters = ", ".join(f"`{name}: {_shown(value)}`" for name, value in check.parameters.items())
    mended = "yes" if check.remedy else ""
    cells = (f"`{check.id}`", check.title, where, check.severity, "; ".join(levels), mended, parameters, ", ".join(check.equivalents))
    return f"| {' | '.join(cells)} |"


def listed() -> Iterator[str]:
    """The table of every check, the one from rules of other tools to ours, and why some of theirs have none."""
    checks = all_checks()
    yield f"{len(checks)} checks."
    yield ""
    yield "| id | what holds | where | severity | level | remedy | parameters | the same elsewhere |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from map(row, checks)
    yield ""
    yield from remedies(checks)
    yield ""
    yield "## From other tools' rules to ours"
    yield ""
    yield "| their rule | ours |"
    yield "|---|---|"
    ours: dict[str, list[str]] = {}
    for check in checks:
        for name in check.equivalents:
            ours.setdefault(name, []).append(f"`{check.id}`")
    yield from (f"| {name} | {', '.join(ids)} |" for name, ids in sorted(ours.items()))
    yield ""
    yield "Rules that have no check here:"
    yield ""
    yield "| their rule | why |"
    yield "|---|---|"
    with WITHOUT_CHECK.open(encoding="utf-8", newline="") as file:
        yield from (f"| {line['rules']} | {line['why']} |" for line in csv.DictReader(file))


def remedies(checks: Sequence[Check]) -> Iterator[str]:
    """The table of what is mended, on which resources, and why that is safe."""
    listed = [(check, check.remedy) for check in checks if check.remedy]
    yield "## What is mended"
    yield ""
    yield f"{len(listed)} checks have a remedy, which `remediate: true` asks for."
    yield ""
    yield "| check | what holds then | on | why it is safe |"
    yield "|---|---|---|---|"
    for check, remedy in listed:
        yield f"| {check.id} | {check.title} | {_kinds(remedy.types)} | {remedy.why_safe} |"


def _kinds(types: Sequence[str]) -> str:
    """Each type by its name; of more than a few, how many."""
    if len(types) > _FEW:
        return f"{len(types)} types that can be labelled in place"
    return ", ".join(each.rpartition(":")[2] for each in types)


def page(text: str) -> str:
    """The page's text with the checks of the registry. Raises ValueError where the page lacks its marks."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"the page lacks {BEGIN} or {END}")
    written = "\n".join(listed())
    return f"{before}{BEGIN}\n\n{written}\n\n{END}{after}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, cast(tuple[object, ...], value)))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
