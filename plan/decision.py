"""A choice that the plan made, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Decision:
    """One decision: the environment-file path that it belongs to, what was chosen, the reason, and the rule's source (may be empty)."""

    path: str
    chosen: str
    reason: str
    source: str = ""
