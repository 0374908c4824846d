"""How much a resource will be used: told by a usage file, else by the nearest component around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, cast

from catalogue.model import Confidence
from costs.model import Factor
from costs.money import Band, decimal
from costs.quantities import QUANTITIES
from costs.resource import Program, Resource


class UsageInvalid(Exception):
    """A usage file that cannot be taken; the message is one line that names the place and how to mend it."""


@dataclass(frozen=True)
class Usage:
    """The entries of a usage file: for a URN, a logical name or a pattern of types, bands of quantities.

    traffic: everything that grows with traffic is multiplied by it, to ask "what if". asked: which quantities of which entries some
    pricer has asked for so far.
    """

    entries: Mapping[str, Mapping[str, Band]]
    name: str = "usage file"
    traffic: Decimal = Decimal(1)
    asked: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]], compare=False, repr=False)

    def scaled(self, quantity: str, band: Band) -> Band:
        """The band at so many times the traffic, whoever gave it; what does not grow with traffic stays."""
        return band * self.traffic if self.traffic != 1 and QUANTITIES[quantity].grows else band

    def matching(self, resource: Resource) -> list[tuple[str, Mapping[str, Band]]]:
        """The entries that mean this resource, the most exact first: its URN, its name, then type patterns (longest first)."""
        if not self.entries:
            return []
        exact = [key for key in (resource.urn, resource.name) if key in self.entries]
        patterns = [key for key in self.entries if ":" in key and key not in exact and _fits(resource.type, key)]
        return [(key, self.entries[key]) for key in [*exact, *sorted(patterns, key=lambda key: (-len(key), key))]]

    def check(self, program: Program) -> list[str]:
        """One line for each entry that means no resource of the program."""
        if not self.entries:
            return []
        names = {resource.name for resource in program.resources.values()} | set(program.resources)
        types = {resource.type for resource in program.resources.values()}
        unused = [key for key in self.entries if key not in names and not (":" in key and any(_fits(kind, key) for kind in types))]
        return [f"{self.name}: '{key}' means no resource of the program; {_near(key, [*sorted(names), *sorted(types)])}" for key in unused]

    def unasked(self, program: Program) -> list[str]:
        """One line for each quantity that nothing is paid by, of entries that do mean a resource; to be asked after an estimate."""
        if not self.entries:
            return []
        meant = {key for resource in program.resources.values() for key, _ in self.matching(resource)}
        idle = [
            (key, quantity)
            for key, entry in self.entries.items()
            if key in meant
            for quantity in entry
            if (key, quantity) not in self.asked
        ]
        return [f"{self.name}: {key}: nothing that it means is paid by {quantity}" for key, quantity in idle]


NO_USAGE = Usage({})


def read_usage(path: Path) -> Usage:
    """A usage file: YAML that gives, per resource, `quantity: number` or `quantity: {low, expected, high}`. Raises UsageInvalid."""
    # Only a usage file needs the parser, whose import takes longer than the estimate of a small program.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader: Any = YAML(typ="safe")
    try:
        document: object = reader.load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, YAMLError) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else " ".join(str(error).split())[:200]
        raise UsageInvalid(f"{path}: cannot be read: {reason}; give a YAML file with `usage:` at its top") from None
    entries = cast(dict[str, object], document).get("usage") if isinstance(document, dict) else None
    if not isinstance(entries, dict):
        raise UsageInvalid(f"{path}: has no mapping `usage:` at its top; write usage: {{name-or-type: {{storedGib: 100}}}}")
    listed = cast(dict[object, object], entries)
    if not listed:
        raise UsageInvalid(f"{path}: `usage:` names nothing; write a resource's name, URN or type with its quantities")
    return Usage({str(key): _entry(path, str(key), told) for key, told in listed.items()}, str(path))


def told_usage(program: Program, resource: Resource, quantity: str, usage: Usage) -> Factor | None:
    """How much of a quantity, None where nobody said. A usage file goes before the components."""
    written = told_in_file(resource, quantity, usage)
    if written:
        return written
    for component in (resource, *program.ancestors(resource)):
        if component.custom:
            continue
        for name, given in ((resource.name, _of_part(component, resource, quantity)), (component.name, component.get(f"usage.{quantity}"))):
            band = _band(cast(Mapping[str, object], given)) if isinstance(given, Mapping) else None
            if band and 0 <= band.low <= band.expected <= band.high:
                return Factor(f"{quantity} ({name})", usage.scaled(quantity, band), Confidence.MEDIUM)
    return None


def _of_part(component: Resource, resource: Resource, quantity: str) -> object:
    """What a component says of one of its parts under `usage.of`: by the part's name, which its resources' names begin with."""
    if not (parts := component.fields("usage.of")):
        return None
    fitting = [name for name in parts if resource.name == name or resource.name.startswith(f"{name}-")]
    told = parts[max(fitting, key=len)] if fitting else None
    return cast(Mapping[str, object], told).get(quantity) if isinstance(told, Mapping) else None


def told_in_file(resource: Resource, quantity: str, usage: Usage) -> Factor | None:
    """How much of a quantity the usage file says of just this resource, None where it says nothing."""
    for key, entry in usage.matching(resource):
        if quantity in entry:
            usage.asked.add((key, quantity))
            return Factor(f"{quantity} ({usage.name}: {key})", usage.scaled(quantity, entry[quantity]), Confidence.MEDIUM)
    return None


@cache
def _fits(kind: str, pattern: str) -> bool:
    return fnmatchcase(kind, pattern)


def _entry(path: Path, key: str, told: object) -> dict[str, Band]:
    where = f"{path}: usage.{key}"
    if not isinstance(told, dict):
        raise UsageInvalid(f"{where}: '{told}' is not a mapping of quantities; write {{storedGib: 100}}")
    found: dict[str, Band] = {}
    for quantity, given in cast(dict[object, object], told).items():
        known = QUANTITIES.get(str(quantity))
        if known is None:
            raise UsageInvalid(f"{where}.{quantity}: not a quantity; {_near(str(quantity), sorted(QUANTITIES))}")
        band = _band(cast(Mapping[str, object], given)) if isinstance(given, dict) else _number(given)
        if band is None or not 0 <= band.low <= band.expected <= band.high <= known.most:
            allowed = f"{known.unit} from 0 to {known.most:,.0f}"
            raise UsageInvalid(f"{where}.{quantity}: '{given}' is not {allowed}; write a number, or {{low, expected, high}} that grow")
        found[str(quantity)] = band
    return found


def _number(value: object) -> Band | None:
    exact = _finite(value)
    return None if exact is None else Band(exact, exact, exact)


def _band(given: Mapping[str, object]) -> Band | None:
    low, expected, high = _finite(given.get("low")), _finite(given.get("expected")), _finite(given.get("high"))
    return None if low is None or expected is None or high is None or len(given) != 3 else Band(low, expected, high)


def _finite(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        return None
    return decimal(value)


def _near(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known[:10])}{' …' if len(known) > 10 else ''}"
