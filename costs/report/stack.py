"""One stack of a report."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from costs.diff import EstimateDiff, diff
from costs.model import Estimate

NOTHING: Final = Estimate(lines=(), unpriced=(), unsupported=(), assumptions=(), free=0, components={})
"""A stack that is not there."""


@dataclass(frozen=True)
class StackReport:
    """A stack before (None: it is new) and after a change."""

    name: str
    before: Estimate | None
    after: Estimate

    @cached_property
    def diff(self) -> EstimateDiff:
        """What changes."""
        return diff(self.before or NOTHING, self.after)

    @property
    def unknown(self) -> int:
        """How much has no price."""
        return len(self.after.unpriced) + len(self.after.unsupported)

    @property
    def newly_unknown(self) -> int:
        """How much of that is new."""
        return len(self.diff.newly_unpriced) + len(self.diff.newly_unsupported) if self.before else 0
