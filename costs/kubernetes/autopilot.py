"""GKE Autopilot: pods are billed by what they request, not by node."""

from decimal import Decimal
from typing import Final

from costs.kubernetes.pod_set import Pods
from costs.kubernetes.quantity import GIB
from costs.kubernetes.requests import Requests, requests
from costs.kubernetes.running import hours, running
from costs.kubernetes.tokens import deep, mapping
from costs.pricing import Pricing, count

# Google Kubernetes Engine documentation, "Resource requests in Autopilot clusters": the general-purpose defaults of a container, the least
# of a pod in clusters that allow bursting, and the range of GiB for each vCPU.
_MISSING: Final = {"cpu": Decimal("0.5"), "memory": 2 * GIB, "ephemeral-storage": GIB}
_LEAST_CPU, _LEAST_GIB = Decimal("0.05"), Decimal(52) / 1024
_LEAST_GIB_PER_CPU, _MOST_GIB_PER_CPU = Decimal(1), Decimal("6.5")


def pods(pricing: Pricing, made: Pods) -> None:
    """Lines for the vCPU, memory and ephemeral storage of general-purpose pods; others are billed by node and are listed as unpriced."""
    asked = requests(made.spec, _MISSING)
    if asked is None:
        return pricing.unpriced(made.words, "the requests of its pods cannot be read before `up`")
    by_node = _by_node(made, asked)
    if by_node:
        return pricing.unpriced(made.words, f"pods of {asked} {by_node}")
    number = running(pricing, made)
    if number is None:
        return None
    time, billed = hours(pricing, made), size(asked)
    spot = "spot-" if _selector(made).get("cloud.google.com/gke-spot") == "true" else ""
    for sku, words, amount in (
        ("vcpu", "vCPU a pod", billed.cpu),
        ("memory", "GiB of memory a pod", billed.memory_gib),
        ("ephemeral-storage", "GiB of ephemeral storage a pod", billed.storage_gib),
    ):
        driver = f"{made.words}: {words.removesuffix(' a pod')}"
        price = pricing.service("gke-autopilot", spot + sku, driver)
        pricing.line(driver, price, number, count(words, amount), time)
    return None


def size(asked: Requests) -> Requests:
    """What Autopilot makes of a general-purpose pod's requests: at least the minimum, and within the allowed GiB for each vCPU."""
    cpu, memory = max(asked.cpu, _LEAST_CPU), max(asked.memory_gib, _LEAST_GIB)
    memory = max(memory, cpu * _LEAST_GIB_PER_CPU)
    return Requests(max(cpu, memory / _MOST_GIB_PER_CPU), memory, asked.storage_gib)


def _by_node(made: Pods, asked: Requests) -> str:
    if made.each_node:
        return "run on every node, whose number Autopilot decides"
    chosen = _selector(made).get("cloud.google.com/compute-class")
    if chosen or asked.accelerators:
        return f"of the compute class {chosen or 'Accelerator'} are billed with their nodes, which Autopilot chooses"
    return ""


def _selector(made: Pods) -> dict[str, object]:
    return dict(mapping(deep(made.spec, "nodeSelector")))
