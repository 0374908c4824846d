"""The machines that a replica could run on: shape, devices, price; from the platform's own list, or the pool of a cluster."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from catalogue.accelerators import accelerator
from catalogue.machine_facts import machine_facts
from catalogue.model import Machine, Offer
from catalogue.pool_accelerators import gke_attachable, machines_with, pool_accelerator, word_of
from catalogue.serving_machines import ServingMachine, serving_machine, serving_machines
from plan.endpoint_price import HourlyPrice, azure_price, cloud_run_price, sagemaker_price, vertex_price
from plan.model import MachinePlan, NodePoolPlan
from plan.node_reserve import offered
from plan.pool_offers import machine_names, prices

# A driver shows up to 7 % less memory than its maker names. Source: catalogue/data/PROVENANCE.md, accelerators.csv.
_SHOWN = 0.93
# What system and agents of a managed platform leave of a machine's memory: Drydock's own estimate.
_LEFT = 0.85


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One machine for a replica. devices: of its accelerators that the replica takes, 0 without; device_gib: what a driver shows of one.

    host_gib, vcpus: what the replica may have of the machine. price: of the replica's part of it, None where unknown.
    chosen: whether it may be taken unasked. bandwidth_gbps, tflops: of one device, None where unknown.
    """

    machine: MachinePlan
    devices: int
    device_gib: float
    vcpus: float
    host_gib: float
    price: HourlyPrice | None
    chosen: bool = True
    generation: str = ""
    precisions: tuple[str, ...] = ()
    bandwidth_gbps: float | None = None
    tflops: float | None = None

    @property
    def usd_per_hour(self) -> float | None:
        """USD an hour, None where unknown."""
        return self.price.usd if self.price else None

    @property
    def name(self) -> str:
        """The machine's type."""
        return self.machine.instance_type

    @property
    def is_nvidia(self) -> bool:
        """Whether it has NVIDIA GPUs, which the runtimes' own images are built for."""
        return self.machine.accelerator.startswith("nvidia-")


@cache
def platform_candidates(platform: str, region: str) -> tuple[Candidate, ...]:
    """Every machine on which a managed platform serves in a region, as far as its lists and the catalogue know."""
    found = {"sageMaker": _sagemaker, "vertexAi": _vertex, "azureMl": _azure, "cloudRun": _cloud_run}[platform](region)
    return tuple(sorted(found, key=lambda each: (each.name, each.machine.accelerator, each.devices)))


def pool_candidates(cloud: str, pool: NodePoolPlan) -> tuple[Candidate, ...]:
    """A replica on a node of a pool: with one device, two, four … of those that a node offers; one candidate on a pool without any."""
    machine = pool.machine
    free = offered(cloud, machine)
    vcpus, host_gib = free if free is not None else (0.0, 0.0)
    if not pool.resources_per_node:
        return (_candidate(machine, 0, 0.0, vcpus, host_gib, _of_pool(pool, 1.0)),)
    known = pool_accelerator(machine.accelerator) if machine.accelerator else None
    shown = (known.memory_gib if known else 0.0) * _SHOWN
    # A pool may share its GPUs: what a pod asks for is then a part of one.
    part = shown * machine.accelerator_count / pool.resources_per_node if machine.accelerator_count else shown
    counts = [count for count in (1, 2, 4, 8, 16) if count <= pool.resources_per_node]
    return tuple(_on_node(pool, count, part, vcpus, host_gib) for count in counts)


def _on_node(pool: NodePoolPlan, count: int, part: float, vcpus: float, host_gib: float) -> Candidate:
    share = count / pool.resources_per_node
    return _candidate(pool.machine, count, part, vcpus * share, host_gib * share, _of_pool(pool, share))


def _of_pool(pool: NodePoolPlan, share: float) -> HourlyPrice | None:
    usd = pool.machine.usd_per_hour
    return None if usd is None else HourlyPrice(usd=usd * share, words=f"its part of a node of pool {pool.name}, on demand")


def machine_can_serve(platform: str, machine: str) -> bool:
    """Whether a platform is known to serve on a machine type, wherever that is."""
    return serving_machine(platform, machine) is not None


def machine_names_of(platform: str) -> Sequence[str]:
    """The names of a platform's machines, patterns included."""
    return [each.machine for each in serving_machines(platform)]


def _sagemaker(region: str) -> Iterator[Candidate]:
    for row in serving_machines("sageMaker"):
        plain = row.machine.removeprefix("ml.")
        # SageMaker runs on EC2: where EC2 is not known to have a machine, SageMaker has none either.
        offer = prices().offer("aws", region, plain)
        if offer is not None and offer.machine.memory_gib is not None:
            yield _of(row, offer.machine, "aws", row.machine, sagemaker_price(region, row.machine))


def _vertex(region: str) -> Iterator[Candidate]:
    for offer in _google_offers(region):
        row = serving_machine("vertexAi", offer.machine.instance_type)
        if row is not None and offer.machine.memory_gib is not None:
            yield _of(row, offer.machine, "gcp", offer.machine.instance_type, vertex_price(region, offer.machine))


def _google_offers(region: str) -> Iterator[Offer]:
    found = (prices().offer("gcp", region, name) for name in machine_names("gcp", region))
    yield from (offer for offer in found if offer is not None)
    for word in ("nvidia-t4", "nvidia-v100", "nvidia-p100", "nvidia-p4"):
        yield from machines_with("gcp", region, word, catalogue=prices())


def _azure(region: str) -> Iterator[Candidate]:
    for row in serving_machines("azureMl"):
        offer = prices().offer("azure", region, row.machine)
        if offer is not None and offer.machine.memory_gib is not None:
            yield _of(row, offer.machine, "azure", row.machine, azure_price(offer))


def _cloud_run(region: str) -> Iterator[Candidate]:
    for row in serving_machines("cloudRun"):
        if row.regions and region not in row.regions:
            continue
        known = pool_accelerator(row.accelerator) if row.accelerator else None
        price = cloud_run_price(region, row)
        machine = MachinePlan(
            instance_type=row.machine,
            architecture="amd64",
            vcpus=row.vcpus or 0,
            memory_gib=row.memory_gib or 0,
            accelerator=row.accelerator,
            accelerator_kind=known.kind if known else "",
            accelerator_count=row.accelerator_count,
            gke_accelerator=known.gke_name if known else None,
            usd_per_hour=price.usd if price else None,
        )
        shown = (known.memory_gib if known else 0.0) * _SHOWN
        # The whole size is the container's: nothing else runs in it.
        yield _candidate(machine, row.accelerator_count, shown, machine.vcpus, machine.memory_gib, price)


def _of(row: ServingMachine, shape: Machine, cloud: str, name: str, price: HourlyPrice | None) -> Candidate:
    word = word_of(shape) if shape.accelerator else None
    known = pool_accelerator(word) if word else None
    facts = machine_facts(cloud, shape.instance_type)
    count = shape.accelerator_count
    machine = MachinePlan(
        instance_type=name,
        architecture=facts.architecture if facts else "amd64",
        vcpus=shape.vcpus or 0,
        memory_gib=shape.memory_gib or 0,
        accelerator=word or shape.accelerator,
        accelerator_kind=known.kind if known else "",
        accelerator_count=int(count),
        gke_accelerator=known.gke_name if known and cloud == "gcp" else None,
        attached=cloud == "gcp" and name.startswith("n1-") and bool(gke_attachable(word or "")),
        usd_per_hour=price.usd if price else None,
    )
    # A part of a GPU (Azure A10) is one device with a part of its memory.
    devices = int(count) if count >= 1 else 1 if count else 0
    shown = (known.memory_gib if known else shape.accelerator_memory_gib or 0.0) * _SHOWN * min(count, 1.0)
    host = (shape.memory_gib or 0.0) * _LEFT
    # Only machines for amd64 are taken unasked, since most images are built for it.
    chosen = row.chosen and machine.architecture == "amd64" and count in (0, 1, 2, 4, 8, 16)
    return _candidate(machine, devices, shown, machine.vcpus, host, price, chosen=chosen)


def _candidate(
    machine: MachinePlan, devices: int, device_gib: float, vcpus: float, host_gib: float, price: HourlyPrice | None, *, chosen: bool = True
) -> Candidate:
    known = pool_accelerator(machine.accelerator) if machine.accelerator else None
    facts = accelerator(known.names[0]) if known else None
    return Candidate(
        machine=machine,
        devices=devices,
        device_gib=device_gib,
        vcpus=vcpus,
        host_gib=host_gib,
        price=price,
        chosen=chosen,
        generation=facts.generation if facts else "",
        precisions=facts.precisions if facts else (),
        bandwidth_gbps=facts.memory_bandwidth_gbps if facts else None,
        tflops=facts.tflops_fp16_dense if facts else None,
    )
