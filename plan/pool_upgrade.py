"""How nodes are repaired and renewed."""

from plan.model import UpgradePlan
from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules

_FLEX = "Google Cloud, About GPU, TPU and H4D provisioning with flex-start: auto-repair must be off: https://cloud.google.com/kubernetes-engine/docs/concepts/dws"


def plan_repair(request: PoolRequest, rules: NodePoolRules) -> bool:
    """Whether broken nodes are replaced; faults what the capacity or the cloud does not allow."""
    asked, fixed = request.pool.auto_repair, rules.LIMITS.repair_fixed
    if "flexStart" in request.ladder:
        if asked:
            problem = "cannot be done to flex-start nodes, which no repair could get back"
            request.fault("autoRepair", True, problem, allowed="false beside flexStart", fix="remove autoRepair", source=_FLEX)
        elif asked is None:
            request.decide("autoRepair", False, "flex-start nodes cannot be repaired", _FLEX)
        return False
    if asked is False and fixed is not None:
        request.fault("autoRepair", False, fixed.reason, allowed="true, or left out", fix="remove autoRepair", source=fixed.source)
    if asked is None:
        request.decide("autoRepair", True, "a node that broke should not stay")
    return asked is not False


def plan_upgrade(request: PoolRequest, rules: NodePoolRules, choice: Choice) -> UpgradePlan:
    """Extra and missing nodes while nodes are renewed; faults an upgrade that could never start."""
    asked, surge = request.pool.upgrade, rules.LIMITS.surge
    chosen, reason = _default(request, rules, choice)
    if asked is None or (asked.max_surge is None and asked.max_unavailable is None):
        text = f"{chosen.max_surge} more, {chosen.max_unavailable} missing"
        request.decide("upgrade", text, reason, surge.source if surge else "")
        return chosen
    if asked.max_surge and surge is not None:
        request.fault(
            "upgrade.maxSurge", asked.max_surge, surge.reason, allowed="maxUnavailable", fix="remove maxSurge", source=surge.source
        )
    plan = UpgradePlan(
        max_surge=_given(asked.max_surge, 0 if asked.max_unavailable else chosen.max_surge),
        max_unavailable=_given(asked.max_unavailable, 0 if asked.max_surge else chosen.max_unavailable),
    )
    if plan.max_surge == 0 and plan.max_unavailable == 0:
        problem = "leaves no way to renew a node: none more, and none missing"
        value = {"maxSurge": plan.max_surge, "maxUnavailable": plan.max_unavailable}
        request.fault("upgrade", value, problem, allowed="maxSurge or maxUnavailable of 1 or more", fix="write maxUnavailable: 1")
    return plan


def _given(asked: int | None, otherwise: int) -> int:
    return otherwise if asked is None else asked


def _default(request: PoolRequest, rules: NodePoolRules, choice: Choice) -> tuple[UpgradePlan, str]:
    if rules.LIMITS.surge is not None:
        return UpgradePlan(max_surge=0, max_unavailable=1), "one node at a time; the cloud itself adds one before it takes one"
    if choice.one_slice:
        return UpgradePlan(max_surge=0, max_unavailable=1), "a slice has no spare hosts"
    scarce = [kind for kind in ("reserved", "block", "flexStart") if kind in request.ladder]
    if scarce:
        return UpgradePlan(max_surge=0, max_unavailable=1), f"{scarce[0]} capacity has no machine to spare for a surge"
    return UpgradePlan(max_surge=1, max_unavailable=0), "a new node is there before an old one goes"
