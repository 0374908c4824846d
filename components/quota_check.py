"""The account's quotas, held against what the plan needs before anything is built."""

from collections.abc import Callable, Sequence

import pulumi

from plan.model import QuotaNeed
from plan.quotas import quota_shortfalls

LookUp = Callable[[QuotaNeed], float | None]


def check_quotas(needs: Sequence[QuotaNeed], look_up: LookUp, *, region: str) -> None:
    """Ask the account for each quota of the plan, in a preview only: an update finds out by itself.

    look_up gives one quota's limit in its unit, None where the account does not tell; whatever it raises becomes a warning, since who may
    build need not be allowed to read quotas. Raises pulumi.RunError with every quota that the pools' minimum does not fit into; what only
    their maximum exceeds is a warning.
    """
    if not pulumi.runtime.is_dry_run():
        return
    limits = {need.code: limit for need in needs if (limit := _limit(need, look_up)) is not None}
    shortfalls = quota_shortfalls(needs, limits, region=region)
    for line in shortfalls.later:
        pulumi.log.warn(line)
    if shortfalls.now:
        raise pulumi.RunError("\n".join(shortfalls.now))


def _limit(need: QuotaNeed, look_up: LookUp) -> float | None:
    try:
        return look_up(need)
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        pulumi.log.warn(f"quota {need.name} ({need.code}) could not be looked up, so it was not checked: {reason}")
        return None
