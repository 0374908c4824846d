"""GKE node pools: zones × nodes, their machines, GPUs or TPU chips, disks.

Source: Google Cloud, the GKE API's NodePool, "Cluster autoscaler", "Regional clusters".
"""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from catalogue.model import Confidence, Price
from costs.capacity import say_idle, scaled
from costs.gcp.disk import disk_lines, local_ssd, performance
from costs.gcp.machine import compute_lines, gpu_lines, ssd_included
from costs.gcp.part import amount, known
from costs.gcp.place import is_zone, location
from costs.gcp.tpu import Chips, chip_lines, node_chips, slice_nodes, whole_slices
from costs.ladder import shared
from costs.model import Factor
from costs.money import HOURS_PER_MONTH, Band
from costs.pricing import Found, Pricer, Pricing, count
from costs.resource import Missing, Resource
from costs.rung import Rung, Rungs

CLUSTER: Final = "gcp:container/cluster:Cluster"
_RESERVATION: Final = "gcp:compute/reservation:Reservation"
# A regional cluster has its nodes in three zones unless it names others. Source: Google Cloud, "Regional clusters".
_ZONES_OF_A_REGION: Final = 3
# What a node is that says nothing. Source: Google Cloud, the GKE API's NodeConfig.
_MACHINE: Final = "e2-medium"
_DISK_GIB: Final = 100
_DISK_TYPE: Final = "pd-balanced"
# Machines that take no persistent disk. Source: Google Cloud, "Machine families", supported disk types.
_HYPERDISK_ONLY: Final = ("c4-", "c4a-", "c4d-", "n4-", "n4a-", "n4d-", "a4-", "a4x-", "x4-", "h4d-", "m4-")
# Flex-start capacity is up to 53 % cheaper than on demand. Source: Google Cloud, "Dynamic Workload Scheduler pricing".
_FLEX_START: Final = Decimal("0.47")


def node_pool(pricing: Pricing) -> None:
    """A pool of its own resource."""
    cluster = pricing.program.referred(pricing.resource, "cluster", CLUSTER)
    where = location(pricing.resource, pricing.program) or pricing.region
    pool_lines(pricing, "nodes", where, cluster)


def pool_lines(pricing: Pricing, driver: str, where: str | None, cluster: Resource | None) -> None:
    """The pool that the pricing's resource describes (see costs.gcp.part), in a cluster at this location."""
    running = shared(pricing) or _running(pricing, zones(pricing, where, cluster))
    kind = known(pricing, "nodeConfig.machineType", driver, _MACHINE)
    if kind is None:
        _disks(pricing, driver, "", running)
        return
    spot = pricing.flag("nodeConfig.spot") or pricing.flag("nodeConfig.preemptible")
    chips = node_chips(kind)
    topology = pricing.text("placementPolicy.tpuTopology")
    hosts = slice_nodes(topology, chips) if chips and topology else None
    if hosts:
        running = whole_slices(running, hosts)
    _machines(pricing, driver, kind, running, chips, spot=spot)
    if not _reservation(pricing):
        say_idle(pricing, running)
    _disks(pricing, driver, kind, running)
    _addresses(pricing, driver, running, cluster)


def _addresses(pricing: Pricing, driver: str, running: Factor, cluster: Resource | None) -> None:
    """Nodes have an external address each unless the pool or its cluster makes them private."""
    own = pricing.resource.get("networkConfig.enablePrivateNodes")
    private = own if own is not None or cluster is None else cluster.get("privateClusterConfig.enablePrivateNodes")
    if private is True:
        return
    unsure = cluster is None or isinstance(private, Missing)
    each = Factor("address each, unless they are private", Band.of(0, 1, 1), Confidence.LOW) if unsure else count("address each", 1)
    pricing.line(
        f"{driver}' external addresses",
        pricing.service("external-ip", "in-use-vm", f"{driver}' external addresses"),
        running,
        each,
        pricing.hours(),
    )


def _machines(pricing: Pricing, driver: str, kind: str, running: Factor, chips: Chips | None, *, spot: bool) -> None:
    reserved = _reservation(pricing)
    if reserved:
        pricing.note(driver, "nothing", f"the reservation {reserved} in this program is paid instead")
    elif pricing.flag("nodeConfig.flexStart"):
        _flex_start(pricing, driver, kind, running, chips)
    else:
        _bought(pricing, driver, kind, running, chips, spot=spot)


def _bought(pricing: Pricing, driver: str, kind: str, running: Factor, chips: Chips | None, *, spot: bool) -> None:
    """Machines as they are bought anywhere: with their GPUs, or a TPU host by its chips."""
    if chips:
        chip_lines(pricing, driver, chips, running, spot=spot)
        return
    compute_lines(pricing, driver, [kind], running, spot=spot)
    gpu_lines(pricing, pricing.resource.items("nodeConfig.guestAccelerators"), kind, running, spot=spot)


def zones(pricing: Pricing, where: str | None, cluster: Resource | None) -> Factor:
    """In how many zones the pool has nodes: those it names, those its cluster names, else 3 of a region and 1 of a zone."""
    own = pricing.resource.get("nodeLocations")
    if own:
        return _listed(pricing, own, 0)
    of_cluster = cluster.get("nodeLocations") if cluster else None
    zonal = where is not None and is_zone(where)
    if of_cluster:
        # A zonal cluster leaves its own zone out of the list. Source: the provider's `nodeLocations`.
        return _listed(pricing, of_cluster, 1 if zonal else 0)
    if zonal:
        return count("zone", 1)
    return count("zones (a regional cluster's default)", _ZONES_OF_A_REGION)


def _listed(pricing: Pricing, found: object, more: int) -> Factor:
    if isinstance(found, Missing) or not isinstance(found, list | tuple):
        return pricing.assume("zones", Band.exactly(_ZONES_OF_A_REGION), "nodeLocations is known only after `up`")
    return count("zones", len(set(map(str, found))) + more)  # pyright: ignore[reportUnknownArgumentType]


def _running(pricing: Pricing, spread: Factor) -> Factor:
    """How many nodes. Counts and limits are per zone; only the total limits are for the whole pool."""
    each, start = spread.amount.expected, _start(pricing)
    if pricing.resource.get("autoscaling"):
        return _autoscaled(pricing, each, start)
    if start is not None:
        return Factor(f"nodes ({start} in each of {each} {spread.words})", Band.exactly(start) * spread.amount, spread.confidence)
    reason = "nodeCount is not given or known only after `up`: one in each zone"
    return pricing.usage_or("nodes", Band(Decimal(0), each, each * 3), reason)


def _start(pricing: Pricing) -> Decimal | None:
    count_now = pricing.number("nodeCount")
    return count_now if count_now is not None else pricing.number("initialNodeCount")


def _autoscaled(pricing: Pricing, each: Decimal, start: Decimal | None) -> Factor:
    if pricing.unreadable("autoscaling"):
        return pricing.usage_or("nodes", reason="autoscaling is known only after `up`")
    least, most = _limits(pricing, each)
    return scaled(pricing, "nodes", least or Decimal(0), None if start is None else start * each, most)


def _limits(pricing: Pricing, each: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Fewest and most nodes over all zones, `each` of which has as many; None where one is not known."""
    most_of_all = pricing.number("autoscaling.totalMaxNodeCount")
    if most_of_all:
        least, most = pricing.number("autoscaling.totalMinNodeCount", 0), most_of_all
    else:
        least, most = pricing.number("autoscaling.minNodeCount", 0), pricing.number("autoscaling.maxNodeCount")
        least, most = None if least is None else least * each, None if most is None else most * each
    return least, most


def _rungs(pricing: Pricing) -> list[Rung]:
    cluster = pricing.program.referred(pricing.resource, "cluster", CLUSTER)
    each = zones(pricing, location(pricing.resource, pricing.program) or pricing.region, cluster).amount.expected
    least, most = _limits(pricing, each)
    if not pricing.resource.get("autoscaling"):
        fixed = _start(pricing)
        least = most = None if fixed is None else fixed * each
    if least is None or most is None:
        return []
    labels = pricing.resource.fields("nodeConfig.labels")
    return [Rung(resource=pricing.resource, least=least, most=max(least, most), usd=_dearness(pricing), labels=labels)]


def _dearness(pricing: Pricing) -> Decimal:
    kind = known(pricing, "nodeConfig.machineType", "nodes", _MACHINE)
    if kind is None:
        return Decimal(0)
    apart = replace(pricing, found=Found())
    _bought(apart, "node", kind, count("node", 1), node_chips(kind), spot=False)
    return sum((line.usd.expected for line in apart.found.lines), Decimal(0)) / HOURS_PER_MONTH


def _flex_start(pricing: Pricing, driver: str, kind: str, running: Factor, chips: Chips | None) -> None:
    apart = replace(pricing, found=Found())
    _bought(apart, driver, kind, running, chips, spot=False)
    pricing.found.unpriced.extend(apart.found.unpriced)
    for line in apart.found.lines:
        assert isinstance(line.tariff, Price)  # Machines have one price an hour.
        note = "flex-start: up to 53 % cheaper than on demand, which is expected here"
        price = replace(line.tariff, low=line.tariff.low * _FLEX_START, note=note)
        pricing.line(f"{line.driver.removesuffix(')')}, flex-start)", price, *line.factors, machine=line.machine)


def _reservation(pricing: Pricing) -> str | None:
    affinity = "nodeConfig.reservationAffinity"
    if pricing.text(f"{affinity}.consumeReservationType") != "SPECIFIC_RESERVATION":
        return None
    wanted = {str(each).rpartition("/")[2] for each in pricing.resource.items(f"{affinity}.values")}
    found = pricing.program.referred(pricing.resource, "nodeConfig", _RESERVATION)
    if found:
        return found.name
    return next((each.name for each in pricing.program.of_type(_RESERVATION) if each.get("name") in wanted), None)


def _disks(pricing: Pricing, driver: str, kind: str, running: Factor) -> None:
    boot = "nodeConfig.bootDisk" if pricing.resource.get("nodeConfig.bootDisk") else ""
    type_path, size_path = (f"{boot}.diskType", f"{boot}.sizeGb") if boot else ("nodeConfig.diskType", "nodeConfig.diskSizeGb")
    default = "hyperdisk-balanced" if kind.startswith(_HYPERDISK_ONLY) else _DISK_TYPE
    disk_type = known(pricing, type_path, f"{driver}' boot disks", default)
    if disk_type:
        disk_lines(pricing, f"{driver}' boot disks", disk_type, amount(pricing, size_path, "GiB", _DISK_GIB), running)
        if boot:
            performance(pricing, disk_type, f"{boot}.provisionedIops", f"{boot}.provisionedThroughput")
    ssds = _local_ssds(pricing)
    if ssds and not ssd_included(kind):
        local_ssd(pricing, f"{driver}' local SSDs", running, count("local SSDs each", ssds), pricing.hours())


def _local_ssds(pricing: Pricing) -> Decimal:
    paths = ("localSsdCount", "localNvmeSsdBlockConfig.localSsdCount", "ephemeralStorageLocalSsdConfig.localSsdCount")
    return sum((pricing.number(f"nodeConfig.{path}", 0) or Decimal(0) for path in paths), Decimal(0))


PRICERS: dict[str, Pricer] = {"gcp:container/nodePool:NodePool": node_pool}
RUNGS: dict[str, Rungs] = {"gcp:container/nodePool:NodePool": _rungs}
FREE: set[str] = set()
