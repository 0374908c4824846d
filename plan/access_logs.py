"""Which bucket keeps the record of who read and wrote which."""

from collections.abc import Mapping
from difflib import get_close_matches

from plan.request import BucketRequest
from plan.storage_rules import StorageRules


def plan_access_logs(request: BucketRequest, buckets: Mapping[str, BucketRequest], rules: StorageRules) -> str | None:
    """The bucket that takes this one's access logs; faults a named one that is missing or cannot take them."""
    asked = request.bucket.access_logs
    if request.bucket.purpose == "logs":
        if asked is not None:
            problem = "would have a logs bucket log its own deliveries without end"
            request.fault("accessLogs", asked, problem, allowed="no accessLogs in a bucket of purpose logs", fix="remove accessLogs")
        return None
    if asked is None:
        return _default_target(request, buckets, rules)
    _check_named(request, asked, buckets, rules)
    return asked


def _default_target(request: BucketRequest, buckets: Mapping[str, BucketRequest], rules: StorageRules) -> str | None:
    targets = [target for target in buckets.values() if target.bucket.purpose == "logs"]
    if len(targets) != 1:
        reason = "no bucket has purpose logs" if not targets else "several buckets have purpose logs, and none is named"
        request.decide("accessLogs", "none", reason)
        return None
    (target,) = targets
    obstacle = rules.access_log_obstacle(target)
    if obstacle is not None:
        request.decide("accessLogs", "none", f"{target.name} cannot take them: {obstacle.reason}", obstacle.source)
        return None
    if target.bucket.existing is not None:
        request.decide(
            "accessLogs", "none", f"{target.name} is there already, and whether it lets logs in is not known; name it if it does"
        )
        return None
    request.decide("accessLogs", target.name, "it is the environment's one bucket of purpose logs")
    return target.name


def _check_named(request: BucketRequest, asked: str, buckets: Mapping[str, BucketRequest], rules: StorageRules) -> None:
    logs = sorted(name for name, other in buckets.items() if other.bucket.purpose == "logs")
    allowed = f"a bucket of purpose logs: {', '.join(logs)}" if logs else "a bucket of purpose logs; there is none"
    target = buckets.get(asked)
    if target is None:
        near = get_close_matches(asked, logs, n=1, cutoff=0.5) or logs[:1]
        fix = f"write accessLogs: {near[0]}" if near else f"add {asked}: {{purpose: logs}} under storage"
        request.fault("accessLogs", asked, "is no bucket of this environment", allowed=allowed, fix=fix)
        return
    if target.bucket.purpose != "logs":
        fix = f"write accessLogs: {logs[0]}" if logs else "add a bucket of purpose logs and name it"
        request.fault("accessLogs", asked, f"is a bucket of purpose {target.bucket.purpose}", allowed=allowed, fix=fix)
        return
    obstacle = rules.access_log_obstacle(target)
    if obstacle is not None:
        problem, fix = f"cannot take access logs: {obstacle.reason}", f"change {target.path()}, or remove accessLogs"
        request.fault("accessLogs", asked, problem, allowed="a bucket that can take access logs", fix=fix, source=obstacle.source)
