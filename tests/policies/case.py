"""What each check is tried on: a program that breaks it, one that keeps it, one that it cannot decide, one that is none of its business."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from costs.resource import UNKNOWN, Resource
from tests.costs.building import resource

__all__ = ["UNKNOWN", "Case", "made"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Programs for one check. unknown: None where nothing of it can be unknown, which `why_known` then explains.

    at: the paths of the violations, in order; parameters: set for the check.
    """

    violating: tuple[Resource, ...]
    passing: tuple[Resource, ...]
    unknown: tuple[Resource, ...] | None
    elsewhere: tuple[Resource, ...]
    at: tuple[str, ...] = ("",)
    why_known: str = ""
    parameters: Mapping[str, Any] | None = None


def made(kind: str, properties: Mapping[str, Any] | None = None, name: str = "it", **refers: Resource) -> Resource:
    """A resource; refers: the resources that its properties come from."""
    return resource(kind, name, properties, refers={key: found.urn for key, found in refers.items()})
