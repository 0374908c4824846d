"""What Google Cloud bills for nothing: machines of old generations, logs for ever, ways that cost, accelerators that nobody uses."""

from collections.abc import Iterator

from catalogue.machine_facts import machine_facts
from policies.check import Checks, Problem
from policies.checks.endpoint_gcp import GARDEN, RESOURCE_POOL
from policies.checks.function_gcp import RUN
from policies.checks.ml_gcp import INDEX, PERSISTENT
from policies.checks.notebook_gcp import INSTANCE as NOTEBOOK
from policies.checks.storage_gcp import BUCKET
from policies.gcp_nodes import POOLS, pools
from policies.joins import sources
from policies.view import View

CHECKS = Checks()
MACHINE = "gcp:compute/instance:Instance"
_TEMPLATES = ("gcp:compute/instanceTemplate:InstanceTemplate", "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate")
_LOG_BUCKETS = tuple(
    f"gcp:logging/{level}BucketConfig:{level[0].upper()}{level[1:]}BucketConfig"
    for level in ("project", "folder", "organization", "billingAccount")
)
# What came after each series and accelerator. Source: Google Cloud, "Machine families resource and comparison guide" and "GPU machine
# types", from general knowledge.
_SUCCESSORS = {
    "n1": "n4 or c4",
    "f1": "e2",
    "g1": "e2",
    "m1": "m3",
    "c2": "c4",
    "c2d": "c4d",
    "ct3": "ct5lp",
    "nvidia-tesla-k80": "nvidia-l4",
    "nvidia-tesla-p4": "nvidia-l4",
    "nvidia-tesla-p100": "nvidia-l4",
    "nvidia-tesla-v100": "nvidia-tesla-a100 or nvidia-l4",
}
# Of a resource that reads from buckets: where it runs, and the property that names what it reads.
_READERS = {RUN: ("location", "template"), INDEX: ("region", "metadata")}
# Source: Cloud Storage, "Bucket locations", multi-regions and predefined dual-regions.
_MULTI_REGIONS = {"US": "US-", "EU": "EUROPE-", "ASIA": "ASIA-"}
_DUAL_REGIONS = {
    "ASIA1": ("ASIA-NORTHEAST1", "ASIA-NORTHEAST2"),
    "EUR4": ("EUROPE-NORTH1", "EUROPE-WEST4"),
    "EUR5": ("EUROPE-WEST1", "EUROPE-WEST2"),
    "EUR7": ("EUROPE-WEST2", "EUROPE-WEST3"),
    "EUR8": ("EUROPE-WEST3", "EUROPE-WEST6"),
    "NAM4": ("US-CENTRAL1", "US-EAST1"),
}


@CHECKS.add(
    "DD-COST-101",
    "Machines are of a generation that is still made",
    *POOLS,
    MACHINE,
    *_TEMPLATES,
    NOTEBOOK,
    GARDEN,
    RESOURCE_POOL,
    PERSISTENT,
    level="advisory",
    rationale="An old generation costs more for the same work, and its capacity is no longer extended.",
    fix="name a machine, or an accelerator, of the newer series",
    key="nodePools.<name>.machine, endpoints.<name>.machine",
)
def current_generation(view: View) -> Iterator[Problem]:
    """The series of every machine and the accelerators that are attached; n1 with one has no successor that would take it."""
    for machine_path, machine, gpus in _machines(view):
        successor = None if gpus else _SUCCESSORS.get(machine.partition("-")[0])
        if successor:
            yield Problem(path=machine_path, what=f"is {machine}; newer: {successor}")
        for path, gpu in gpus:
            named = gpu.lower().replace("_", "-")
            if named in _SUCCESSORS:
                yield Problem(path=path, what=f"is {gpu}; newer: {_SUCCESSORS[named]}")


@CHECKS.add(
    "DD-COST-102",
    "Logs end some day",
    *_LOG_BUCKETS,
    level="advisory",
    rationale="Logs beyond thirty days are paid for every month, and are read by nobody after a few of them.",
    fix="set retentionDays to what you are obliged to keep",
    parameters={"days": 400},
)
def logs_end(view: View) -> Iterator[Problem]:
    """retentionDays, 30 where it is left out or 0 (Cloud Logging, "Routing and storage overview"). days: as long as logs must be kept."""
    kept = view.number("retentionDays") or 30
    if kept > view.parameters["days"]:
        yield Problem(path="retentionDays", what=f"is {kept:.0f}")


@CHECKS.add(
    "DD-COST-103",
    "Google's services are reached without NAT",
    "gcp:compute/subnetwork:Subnetwork",
    level="advisory",
    rationale="Every image and model that nodes pull would go through Cloud NAT otherwise, which bills each gibibyte.",
    fix="set privateIpGoogleAccess to true",
    equivalents=("CKV_GCP_74", "GCP-0075", "gcp_network_enable_private_google_access", "gcp_gke_enable_private_google_access"),
)
def private_google_access(view: View) -> Iterator[Problem]:
    """privateIpGoogleAccess of subnets for machines, off where it is left out (Compute API, Subnetwork); proxies' subnets have none."""
    if view.text("purpose", "PRIVATE") == "PRIVATE" and not view.flag("privateIpGoogleAccess"):
        yield Problem(path="privateIpGoogleAccess", what="is off")


@CHECKS.add(
    "DD-COST-104",
    "What is read lies where it is read",
    *_READERS,
    level="advisory",
    joined=True,
    rationale="Each start loads the model anew, and each gibibyte between regions is billed, and waited for.",
    fix="put the bucket, or a copy of it, into the region of what reads it",
    key="models.<name>.artifact, storage.<name>.redundancy",
)
def read_in_its_region(view: View) -> Iterator[Problem]:
    """The locations of the buckets that a service or an index reads, against its own; what names no region is not looked at."""
    where, reads = _READERS[view.resource.type]
    region = view.text(where).upper()
    for bucket in sources(view, reads, [BUCKET]) if region else ():
        if not _covers(bucket, region):
            yield Problem(path=where, what=f"is {region.lower()}, and {bucket.resource.name} lies in {bucket.text('location')}")


@CHECKS.add(
    "DD-COST-105",
    "An accelerated machine outside production ends by itself",
    MACHINE,
    level="advisory",
    rationale="A GPU that somebody tried something on is paid for until somebody finds it.",
    fix="set scheduling.maxRunDuration, or resourcePolicies with a schedule",
)
def ends_by_itself(view: View) -> Iterator[Problem]:
    """Machines with accelerators, in any stage but prod, that have neither an end nor a schedule (Compute API, Scheduling)."""
    found = machine_facts("gcp", view.text("machineType"))
    accelerated = bool(view.items("guestAccelerators")) or bool(found and found.accelerator_resource)
    ends = any(view.present(path) for path in ("scheduling.maxRunDuration", "scheduling.terminationTime", "resourcePolicies"))
    if view.stage != "prod" and accelerated and not ends:
        yield Problem(path="scheduling.maxRunDuration", what="is not set, nor a schedule")


def _machines(view: View) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Each machine type with its path, and the accelerators that are attached to it with theirs. Raises Undecided."""
    kind = view.resource.type
    if kind in POOLS:
        for pool in pools(view):
            yield _machine(view, f"{pool}nodeConfig.machineType", f"{pool}nodeConfig.guestAccelerators")
    elif kind in (MACHINE, *_TEMPLATES):
        yield _machine(view, "machineType", "guestAccelerators")
    elif kind == NOTEBOOK:
        yield _machine(view, "gceSetup.machineType", "gceSetup.acceleratorConfigs")
    else:
        inside = {GARDEN: ["deployConfig.dedicatedResources"], RESOURCE_POOL: ["dedicatedResources"]}
        for path in inside.get(kind) or [path for path, _ in view.each("resourcePools")]:
            spec = f"{path}.machineSpec"
            gpu = view.text(f"{spec}.acceleratorType")
            yield f"{spec}.machineType", view.text(f"{spec}.machineType"), [(f"{spec}.acceleratorType", gpu)] if gpu else []


def _machine(view: View, machine: str, gpus: str) -> tuple[str, str, list[tuple[str, str]]]:
    return machine, view.text(machine), [(f"{path}.type", gpu.text("type")) for path, gpu in view.each(gpus)]


def _covers(bucket: View, region: str) -> bool:
    location = bucket.text("location").upper()
    chosen = [place.text("").upper() for _, place in bucket.each("customPlacementConfig.dataLocations")]
    continent = _MULTI_REGIONS.get(location)
    if chosen or continent is None:
        return region in (chosen or _DUAL_REGIONS.get(location, (location,)))
    return region.startswith(continent)
