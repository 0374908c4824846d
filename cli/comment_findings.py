"""What the policy pack says of a change, as sections of a pull request's comment."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from costs.report.escape import code, prose
from costs.report.sections import Section
from policies.finding import Finding
from policies.settings import Settings

_WHERE = 100  # characters of a resource and its property
_MANDATORY, _ADVISORY, _MENDED, _UNDECIDED = 1, 3, 5, 6
_NEW, _STILL = "new", "still there"


@dataclass(frozen=True)
class StackFindings:
    """What is found in one stack. before: under the same settings before the change, None where the stack is new. file: of the preview."""

    name: str
    file: str
    settings: Settings
    before: tuple[Finding, ...] | None
    after: tuple[Finding, ...]

    @cached_property
    def told(self) -> list[tuple[str, Finding]]:
        """What may not pass and what to look at, with whether it is new: empty where nobody knows what there was."""
        found = _decided(self.after)
        return list(zip(_states(self.before, found) if self.before is not None else [""] * len(found), found, strict=True))

    @cached_property
    def mended(self) -> list[Finding]:
        """What was found before the change and is not any more."""
        left = Counter(map(_about, _decided(self.after)))
        return [each for each in _decided(self.before or ()) if not _taken(left, _about(each))]

    @property
    def undecided(self) -> list[Finding]:
        """What is known only after `up`."""
        return [each for each in self.after if each.result == "undecided"]


def told_beside_cost(stacks: Sequence[StackFindings]) -> str:
    """What the headline says of findings: `; 2 findings may not pass (1 new)`, nothing where all may."""
    states = [state for stack in stacks for state, each in stack.told if each.level == "mandatory"]
    count, new = len(states) + sum(len(stack.settings.over()) for stack in stacks), states.count(_NEW)
    return f"; {_counted(count, 'finding')} may not pass{f' ({new} new)' if new else ''}" if count else ""


def sections(stacks: Sequence[StackFindings]) -> list[Section]:
    """The findings: what may not pass, what to look at, and folded what is mended and what cannot be decided yet."""
    found = [each for stack in stacks for each in stack.told]
    over = [(stack, line) for stack in stacks for line in stack.settings.over()]
    parts = [Section(head=f"### Guardrails: {_summary(stacks, found, len(over))}\n")]
    parts += [_table(stacks, "mandatory", "May not pass", _MANDATORY), _table(stacks, "advisory", "To look at", _ADVISORY)]
    parts.append(_over(over, len(stacks) > 1))
    parts += [_folded("Mended, or gone with their resource", _mended(stacks), _MENDED, stacks), _undecided(stacks)]
    return [part for part in parts if part]


def _summary(stacks: Sequence[StackFindings], found: Sequence[tuple[str, Finding]], over: int) -> str:
    levels = Counter(each.level for _, each in found)
    counts = {"may not pass": levels["mandatory"] + over, "to look at": levels["advisory"]}
    told = [f"{count} {words}" for words, count in counts.items() if count]
    states = Counter(state for state, _ in found)
    mended = sum(len(stack.mended) for stack in stacks)
    against = {_NEW: states[_NEW], _STILL: states[_STILL], "mended": mended}
    changed = ", ".join(f"{count} {words}" for words, count in against.items() if count)
    return f"{', '.join(told) or 'nothing found'}{f' ({changed})' if changed else ''}"


def _table(stacks: Sequence[StackFindings], level: str, title: str, rank: int) -> Section | None:
    known, many = any(stack.before is not None for stack in stacks), len(stacks) > 1
    listed = [(state, stack.name, each) for stack in stacks for state, each in stack.told if each.level == level]
    # The new first: they are of this change.
    listed.sort(key=lambda row: (row[0] == _STILL, row[1], row[2].check.id, row[2].where))
    columns = [*(["against base"] if known else []), *(["stack"] if many else []), "check", "resource", "what is wrong", "fix"]
    head = f"**{title}**\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    rows = [
        _row([*([f"**{state}**" if state == _NEW else state] if known else []), *([code(name)] if many else []), *_cells(each)])
        for state, name, each in listed
    ]
    return Section(head=head, rows=rows, rank=rank, elsewhere=_elsewhere(stacks)) if rows else None


def _cells(found: Finding) -> list[str]:
    return [code(found.check.id), code(found.where, _WHERE), prose(found.said), prose(found.told_fix)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _over(over: Sequence[tuple[StackFindings, str]], many: bool) -> Section | None:
    rows = [f"- {f'{code(stack.name)}: ' if many else ''}{prose(line)}" for stack, line in over]
    return Section(head="**Exemptions that are over**\n\n", rows=rows, rank=_MANDATORY) if rows else None


def _mended(stacks: Sequence[StackFindings]) -> list[str]:
    many = len(stacks) > 1
    return sorted(
        f"- {f'{code(stack.name)}: ' if many else ''}{code(each.check.id)} {code(each.where, _WHERE)}: {prose(each.said)}"
        for stack in stacks
        for each in stack.mended
    )


def _undecided(stacks: Sequence[StackFindings]) -> Section | None:
    """By value, since one that is not known yet often stops several checks."""
    many, waiting = len(stacks) > 1, dict[tuple[str, str], list[str]]()
    for stack in stacks:
        for each in stack.undecided:
            waiting.setdefault((f"{code(stack.name)}: " if many else "", each.where), []).append(each.check.id)
    rows = [f"- {name}{code(where, _WHERE)}: {', '.join(map(code, sorted(set(ids))))}" for (name, where), ids in sorted(waiting.items())]
    count = sum(len(stack.undecided) for stack in stacks)
    title = f"{count} cannot be decided before <code>up</code>: a value is not known yet, or is a secret"
    return _folded(title, rows, _UNDECIDED, stacks)


def _folded(title: str, rows: Sequence[str], rank: int, stacks: Sequence[StackFindings]) -> Section | None:
    head = f"<details><summary>{title}</summary>\n\n"
    return Section(head=head, rows=rows, tail="\n</details>\n", rank=rank, elsewhere=_elsewhere(stacks)) if rows else None


def _elsewhere(stacks: Sequence[StackFindings]) -> str:
    """How to see all rows on one's own machine."""
    name, file = (stacks[0].name, stacks[0].file) if len(stacks) == 1 else ("STACK", "STACK.json")
    return f"by {code(f'drydock check --policies {file} --settings stacks/Pulumi.{name}.yaml', 200)}"


def _decided(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.result != "undecided" and each.level != "disabled"]


def _states(before: Iterable[Finding], after: Iterable[Finding]) -> list[str]:
    """Whether each finding is new: as many of a kind are still there as there were."""
    left = Counter(map(_about, _decided(before)))
    return [_STILL if _taken(left, _about(each)) else _NEW for each in after]


def _about(found: Finding) -> tuple[str, str, str]:
    """What a finding is about: places in a list count alike, since one more item before it moves it."""
    return found.check.id, found.urn, ".".join("*" if step.isdigit() else step for step in found.path.split("."))


def _taken(left: Counter[tuple[str, str, str]], about: tuple[str, str, str]) -> bool:
    left[about] -= 1
    return left[about] >= 0


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
