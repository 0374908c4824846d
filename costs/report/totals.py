"""What stands where a total would, where there is none."""

from collections.abc import Sequence

from costs.diff import EstimateDiff
from costs.model import Estimate


def no_change(diff: EstimateDiff) -> str:
    """Words for a change of nothing; what has no price may well change."""
    return "no change in what has a price" if diff.before.at_least or diff.after.at_least else "no change"


def without_total(estimates: Sequence[Estimate], *, listed: bool = True) -> str:
    """Words for estimates without one amount, empty where there is one: nothing known is not `at least $0`.

    listed: whether what has no price stands below.
    """
    if any(each.lines for each in estimates):
        return ""
    unknown = sum(len(each.unpriced) + len(each.unsupported) for each in estimates)
    if unknown:
        return f"no price is known: {unknown} cost{' has' if unknown == 1 else 's have'} none{' (listed below)' if listed else ''}"
    of = "what is known of it" if any(each.incomplete for each in estimates) else "it"
    return f"nothing in {of} costs anything by itself"
