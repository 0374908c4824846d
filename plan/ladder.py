"""Where a pool's nodes may come from, in order, as the file says it or as it follows from what else the file says."""

from collections import Counter

from environment.node_pool import NodePool
from plan.pool_request import PoolRequest, written

_SET_ASIDE = ("reserved", "block")
_TWO_REGIMES = (
    "Google Cloud, About flex-start VMs: the provisioning model of a machine is flex-start or spot: "
    "https://cloud.google.com/compute/docs/instances/provisioning-models"
)
_AKS_SYSTEM = "Microsoft Learn, Manage system node pools in AKS: a system pool cannot be a spot pool: https://learn.microsoft.com/azure/aks/use-system-pools"


def default_ladder(pool: NodePool, stage: str, *, system: bool) -> tuple[tuple[str, ...], str]:
    """The rungs of a pool that names none, and why; what the file reserves, queues or bids on says it already."""
    if system:
        return ("onDemand",), "the cluster's own add-ons must stay"
    if pool.block is not None:
        return ("block",), "the file names a capacity block, which is paid for"
    if pool.queued or pool.max_run_hours is not None:
        return ("flexStart",), "the file asks for queued or limited runs, which are flex-start's"
    rest = ("spot", "onDemand") if stage == "dev" or pool.spot_max_usd_per_hour is not None else ("onDemand",)
    reason = "development work can be interrupted: spot costs least, on demand where there is none" if stage == "dev" else ""
    if pool.spot_max_usd_per_hour is not None:
        reason = "the file bids for spot; on demand where the bid gets nothing"
    if pool.reservation is not None:
        return ("reserved", *rest), f"what is reserved is paid for, so it is used first{'; ' + reason if reason else ''}"
    return rest, reason or f"what runs in {stage} is not to be interrupted, and nothing is reserved or bought unless the file says so"


def ladder(pool: NodePool, stage: str, *, system: bool) -> tuple[str, ...]:
    """The rungs of a pool, first choice first."""
    return pool.capacity or default_ladder(pool, stage, system=system)[0]


def check_ladder(request: PoolRequest) -> None:
    """Decides a ladder that the file leaves out; faults one that no cloud could climb."""
    if request.pool.capacity is None:
        chosen, reason = default_ladder(request.pool, request.stage, system=request.system)
        request.decide("capacity", ", ".join(chosen), reason)
    _check_twice(request)
    _check_order(request)
    _check_regimes(request)
    _check_system(request)
    _check_words(request)
    # What stays needs nobody to climb: the minimum stands on the first rungs that have room for it.
    if request.provisioner == "none" and len(request.ladder) > 1 and not request.system:
        problem = "has several rungs, and nobody adds nodes who could climb them"
        fix = "remove cluster.addOns.nodeProvisioner, or name one kind of capacity"
        request.fault("capacity", list(request.ladder), problem, allowed="one kind beside nodeProvisioner: off", fix=fix)


def _check_twice(request: PoolRequest) -> None:
    for kind, count in Counter(request.ladder).items():
        if count > 1:
            fix = f"name {kind} once"
            request.fault("capacity", list(request.ladder), f"names {kind} {count} times", allowed="each kind once", fix=fix)


def _check_order(request: PoolRequest) -> None:
    others = [kind for kind in request.ladder if kind not in _SET_ASIDE]
    for kind in _SET_ASIDE:
        if kind not in request.ladder:
            continue
        before = [other for other in others if request.ladder.index(other) < request.ladder.index(kind)]
        if before:
            problem = f"tries {before[0]} before {kind}, so machines that are paid for would idle"
            request.fault("capacity", list(request.ladder), problem, allowed=f"{kind} first", fix=f"write {kind} before {before[0]}")


def _check_regimes(request: PoolRequest) -> None:
    if "flexStart" in request.ladder and "spot" in request.ladder:
        problem = "mixes flex-start with spot: one promises up to seven days undisturbed, the other 30 seconds' notice"
        fix = "make two pools of it, or remove one of the two"
        request.fault("capacity", list(request.ladder), problem, allowed="flexStart or spot in one pool", fix=fix, source=_TWO_REGIMES)


def _check_system(request: PoolRequest) -> None:
    passing = [kind for kind in request.ladder if kind not in ("onDemand", "reserved")]
    if request.system and passing:
        problem = f"lets the cluster's own add-ons stand on {passing[0]} capacity, which goes away by itself"
        request.fault(
            "capacity",
            list(request.ladder),
            problem,
            allowed="onDemand or reserved for the system pool",
            fix="write capacity: [onDemand]",
            source=_AKS_SYSTEM if passing[0] == "spot" else "",
        )


def _check_words(request: PoolRequest) -> None:
    """What belongs to a kind of capacity, without that kind; and kinds without what they need."""
    pool = request.pool
    beside = (
        ("reservation", pool.reservation, "reserved"),
        ("block", pool.block, "block"),
        ("queued", pool.queued or None, "flexStart"),
        ("maxRunHours", pool.max_run_hours, "flexStart"),
        ("spotMaxUsdPerHour", pool.spot_max_usd_per_hour, "spot"),
    )
    for field, value, kind in beside:
        if value is not None and kind not in request.ladder:
            problem = f"has no effect without {kind} in capacity"
            if field == "spotMaxUsdPerHour" and "flexStart" in request.ladder:
                problem = "is a bid for spot, and flex-start has its own fixed price"
            fix = f"add {kind} to capacity, or remove {field}"
            request.fault(field, written(value), problem, allowed=f"{field} with {kind} in capacity", fix=fix)
    _check_reservation(request)


def _check_reservation(request: PoolRequest) -> None:
    reservation = request.pool.reservation
    if "reserved" not in request.ladder:
        return
    allowed = "reservation: {existing: ID} or {create: COUNT}"
    if reservation is None or (reservation.existing is None and reservation.create is None):
        problem = "says what is reserved: reservations are billed, so none is made unasked"
        request.fault("reservation", None, problem, allowed=allowed, fix="add reservation, or remove reserved from capacity")
    elif reservation.existing is not None and reservation.create is not None:
        problem = "asks for a reservation beside the one that is named"
        request.fault("reservation.create", reservation.create, problem, allowed=allowed, fix="remove create, or existing")
