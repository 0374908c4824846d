"""What spares a new node the download: checks that hold on every cloud before the cloud plans it."""

from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules


def check_cache(request: PoolRequest, rules: NodePoolRules, choice: Choice) -> None:
    """Faults a cache that the cloud or the machine has not."""
    asked, limits = request.pool.cache, rules.LIMITS
    if asked is None:
        return
    snapshot = asked.image_snapshot
    if snapshot is not None and limits.image_snapshot is None:
        problem = f"is what {request.cloud} has no place for"
        request.fault(
            "cache.imageSnapshot",
            snapshot,
            problem,
            allowed="no imageSnapshot there",
            fix="remove imageSnapshot",
            source=limits.cache_source,
        )
    elif snapshot is not None and limits.image_snapshot is not None and not limits.image_snapshot.fullmatch(snapshot):
        form = limits.image_snapshot_form
        request.fault(
            "cache.imageSnapshot", snapshot, "is none", allowed=form, fix="name the disk that holds images", source=limits.cache_source
        )
    if asked.streaming and limits.streaming is not None:
        rule = limits.streaming
        request.fault("cache.streaming", True, rule.reason, allowed="false, or left out", fix="remove streaming", source=rule.source)
    if asked.local_ssd and not (choice.facts and choice.facts.local_ssd_count):
        problem = f"are disks that {choice.machine.instance_type} does not come with"
        request.fault(
            "cache.localSsd",
            True,
            problem,
            allowed="machines with local SSDs",
            fix="remove localSsd",
            source="catalogue/data/machine_facts.csv",
        )
