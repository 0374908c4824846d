"""A bucket's lifecycle rules as ages: from which day on objects lie in which class, and when they and their old versions go.

Source: Google Cloud, "Object Lifecycle Management" (conditions of one rule must all hold; a class changes only to a colder one).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from costs.gcp.part import mapping
from costs.lifecycle import AgeClass
from costs.pricing import Pricing

COLDNESS: Final = ("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE")
# The older names of Standard. Source: Google Cloud, "Storage classes", legacy classes.
_LEGACY: Final = {"MULTI_REGIONAL": "STANDARD", "REGIONAL": "STANDARD", "DURABLE_REDUCED_AVAILABILITY": "STANDARD"}
# Conditions that choose some of the objects; which share of the bucket that is nobody says.
_CHOOSING: Final = (
    "matchesPrefixes",
    "matchesPrefix",
    "matchesSuffixes",
    "matchesSuffix",
    "createdBefore",
    "customTimeBefore",
    "daysSinceCustomTime",
    "sizeAboveBytes",
    "sizeBelowBytes",
)
_OF_OLD_VERSIONS: Final = ("daysSinceNoncurrentTime", "noncurrentTimeBefore", "numNewerVersions")


# A change of class: from which age, to which class, only out of these classes (all where there is none).
Move = tuple[int, str, Sequence[Any]]


@dataclass
class Lifecycle:
    """ages: the classes by age. delete_after_days, old_versions_days: None where nothing deletes. doubts: rules not taken into account."""

    ages: tuple[AgeClass, ...] = ()
    delete_after_days: int | None = None
    old_versions_days: int | None = None
    doubts: list[str] = field(default_factory=list[str])


def storage_class(name: str) -> str:
    """The class under its present name."""
    return _LEGACY.get(name.upper(), name.upper())


def lifecycle(pricing: Pricing, first: str) -> Lifecycle:
    """The rules of the bucket whose objects are written to the class `first`."""
    found = Lifecycle()
    moves: list[Move] = []
    rules = pricing.resource.items("lifecycleRules")
    if pricing.unreadable("lifecycleRules"):
        found.doubts.append("lifecycleRules are known only after `up`: none is taken into account")
    for number, rule in enumerate(rules):
        _rule(mapping(rule), f"lifecycle rule {number + 1}", found, moves)
    found.ages = _chain(first, moves)
    return found


def _rule(rule: Mapping[str, Any], name: str, found: Lifecycle, moves: list[Move]) -> None:
    action, condition = mapping(rule.get("action")), mapping(rule.get("condition"))
    kind = action.get("type")
    if kind == "AbortIncompleteMultipartUpload":
        return
    age = _days(condition, "age")
    if any(condition.get(each) for each in _OF_OLD_VERSIONS) or condition.get("withState") == "ARCHIVED":
        _old_versions(kind, condition, age, name, found)
    elif age is None or any(condition.get(each) for each in _CHOOSING):
        found.doubts.append(f"{name} chooses objects by more than their age: it is taken as applying to none")
    elif kind == "Delete":
        found.delete_after_days = min(age, found.delete_after_days if found.delete_after_days is not None else age)
        if condition.get("withState") != "LIVE":
            _shorten(found, age)
    elif kind == "SetStorageClass" and isinstance(action.get("storageClass"), str):
        matching = condition.get("matchesStorageClasses") or condition.get("matchesStorageClass") or ()
        moves.append((age, storage_class(action["storageClass"]), matching))
    else:
        found.doubts.append(f"{name} has an action that cannot be read: it is not taken into account")


def _old_versions(kind: object, condition: Mapping[str, Any], age: int | None, name: str, found: Lifecycle) -> None:
    days = _days(condition, "daysSinceNoncurrentTime")
    limit = days if days is not None else age
    if kind == "Delete" and limit is not None and not condition.get("numNewerVersions"):
        _shorten(found, limit)
    else:
        found.doubts.append(f"{name} chooses old versions by more than their age: it is taken as applying to none")


def _shorten(found: Lifecycle, days: int) -> None:
    found.old_versions_days = min(days, found.old_versions_days if found.old_versions_days is not None else days)


def _days(condition: Mapping[str, Any], name: str) -> int | None:
    """A number of days; 0 counts only where it is asked to be sent. Source: the provider's `sendAgeIfZero`."""
    value = condition.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    sent = condition.get(f"send{name[0].upper()}{name[1:]}IfZero")
    return int(value) if value or sent else None


def _chain(first: str, moves: Sequence[Move]) -> tuple[AgeClass, ...]:
    ages = [AgeClass(0, first)]
    for age, target, matching in sorted(moves, key=lambda move: (move[0], _coldness(move[1]))):
        now = ages[-1].storage_class
        asked = [storage_class(str(each)) for each in matching]
        if _coldness(target) > _coldness(now) and (not asked or now in asked):
            ages.append(AgeClass(age, target))
    return tuple(ages)


def _coldness(name: str) -> int:
    return COLDNESS.index(name) if name in COLDNESS else -1
