"""EKS on Fargate: pods that a profile selects are billed by what they request, rounded up."""

from decimal import ROUND_CEILING, Decimal
from fnmatch import fnmatchcase
from typing import Any, Final

from costs.kubernetes.cluster import has_nodes
from costs.kubernetes.pod_set import Pods
from costs.kubernetes.requests import Requests, requests
from costs.kubernetes.running import hours, running
from costs.kubernetes.tokens import mapping, mappings, namespace
from costs.pricing import Pricing, count
from costs.resource import Missing, Program, Resource

PROFILE: Final = "aws:eks/fargateProfile:FargateProfile"
# Amazon EKS User Guide, "Understand Fargate Pod configuration details": what Kubernetes' own parts take, and the sizes: vCPU, the least
# and the most GiB, and its steps.
_OWN_GIB: Final = Decimal("0.25")
_SIZES: Final = tuple(
    tuple(Decimal(number) for number in row)
    for row in (
        ("0.25", "0.5", "2", "0.5"),
        ("0.5", "1", "4", "1"),
        ("1", "2", "8", "1"),
        ("2", "4", "16", "1"),
        ("4", "8", "30", "1"),
        ("8", "16", "60", "4"),
        ("16", "32", "120", "8"),
    )
)
_FREE_STORAGE_GIB: Final = Decimal(20)


def pods(pricing: Pricing, cluster: Resource, made: Pods) -> bool:
    """Lines for pods that a Fargate profile selects; whether they run there. A DaemonSet never does."""
    chosen = selected(pricing, cluster)
    if made.each_node or chosen is False:
        return made.each_node and _profiles(pricing.program, cluster) != [] and not has_nodes(cluster, pricing.program)
    if chosen is None:
        pricing.unpriced(made.words, "its namespace is known only after `up`, and so is whether it runs on Fargate")
        return True
    _lines(pricing, made)
    return True


def size(asked: Requests) -> Requests | None:
    """The smallest size that holds the requests; None for a pod that is too large for Fargate or asks for an accelerator."""
    need = asked.memory_gib + _OWN_GIB
    for cpu, least, most, step in _SIZES:
        if cpu >= asked.cpu and most >= need:
            steps = max((need - least) / step, Decimal(0)).to_integral_value(ROUND_CEILING)
            # The quarter vCPU comes with 0.5, 1 or 2 GiB.
            memory = least + steps * step
            return None if asked.accelerators else Requests(cpu, Decimal(2) if memory == Decimal("1.5") else memory, asked.storage_gib)
    return None


def _lines(pricing: Pricing, made: Pods) -> None:
    asked = requests(made.spec)
    billed = size(asked) if asked else None
    if billed is None:
        told = f"pods of {asked} fit none of Fargate's sizes" if asked else "the requests of its pods cannot be read before `up`"
        return pricing.unpriced(made.words, told)
    number = running(pricing, made)
    if number is None:
        return None
    time = hours(pricing, made)
    for sku, words, amount in (("vcpu", "vCPU a pod", billed.cpu), ("memory", "GiB a pod (with 0.25 GiB of its own)", billed.memory_gib)):
        driver = f"{made.words} on Fargate: {sku}"
        pricing.line(driver, pricing.service("eks-fargate", sku, driver), number, count(words, amount), time)
    over = billed.storage_gib - _FREE_STORAGE_GIB
    if over > 0:
        driver = f"{made.words} on Fargate: ephemeral storage"
        price = pricing.service("eks-fargate", "ephemeral-storage", driver)
        pricing.line(driver, price, number, count("GiB over 20 a pod", over), time)
    return None


def _profiles(program: Program, cluster: Resource) -> list[Resource]:
    """Those of this cluster; one whose cluster cannot be told counts for every one."""
    found = program.of_type(PROFILE)
    return [each for each in found if program.referred(each, "clusterName", cluster.type) in (None, cluster)]


def selected(pricing: Pricing, cluster: Resource) -> bool | None:
    """Whether a profile selects the resource's pods; None where that cannot be read."""
    resource, unsure = pricing.resource, False
    labels = mapping(resource.get("spec.template.metadata.labels")) or mapping(resource.get("metadata.labels"))
    for profile in _profiles(pricing.program, cluster):
        for selector in mappings(profile.get("selectors")):
            fits = _fits(namespace(resource), selector.get("namespace"))
            wanted = mapping(selector.get("labels"))
            if fits and all(labels.get(key) == value for key, value in wanted.items()):
                return True
            unsure = unsure or fits is None
    return None if unsure else False


def _fits(name: Any, pattern: Any) -> bool | None:
    if isinstance(name, Missing) or isinstance(pattern, Missing):
        return None
    return isinstance(pattern, str) and fnmatchcase(str(name), pattern)
