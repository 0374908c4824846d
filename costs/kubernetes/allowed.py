"""Which machines a Karpenter node pool may choose, from its requirements. Source: Karpenter documentation, "NodePools", "Scheduling"."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from catalogue.model import Machine, MachineNeed, Offer
from costs.kubernetes.tokens import mappings
from costs.pricing import Pricing
from costs.resource import Missing

CAPACITY: Final = "karpenter.sh/capacity-type"
_EVERY: Final = 100_000
# A machine's accelerators under the name by which pods ask for them; NVIDIA's are the rest.
_RESOURCES: Final = (
    ("aws.amazon.com/neuron", ("Inferentia", "Trainium")),
    ("amd.com/gpu", ("V520", "Radeon", "MI")),
    ("habana.ai/gaudi", ("Habana",)),
    ("google.com/tpu", ("TPU",)),
    ("qualcomm.com/qaic", ("Qualcomm",)),
)


def allowed(pricing: Pricing, driver: str) -> list[Offer]:
    """The machines of the region, with a price and a known shape, that fit every requirement that is known here.

    A requirement that is not (a zone, an operating system) narrows nothing, so the band is rather too wide. A type that is named but has
    no price is listed as unpriced.
    """
    requirements = mappings(pricing.resource.get("spec.template.spec.requirements"))
    if pricing.region is None:
        pricing.unpriced(driver, "the region is not known, so its machines have no price")
        return []
    found = pricing.catalogue.cheapest(pricing.provider, pricing.region, MachineNeed(), limit=_EVERY)
    fitting = [offer for offer in found if all(_meets(offer.machine, each) for each in requirements)]
    for kind in _named(requirements):
        if kind not in {offer.machine.instance_type for offer in fitting if amount(offer, "cpu")}:
            pricing.unpriced(driver, f"no price or shape of {kind} in {pricing.region} is on record")
    return [offer for offer in fitting if amount(offer, "cpu") and amount(offer, "memory")]


def amount(offer: Offer, resource: str) -> float:
    """How much of a resource, in the words of pods and limits, a machine has; 0 where it has none or that is not known."""
    machine = offer.machine
    if resource == "cpu":
        return machine.vcpus or 0
    if resource == "memory":
        return machine.memory_gib or 0
    if resource == "nodes":
        return 1
    return machine.accelerator_count if machine.accelerator and accelerator_resource(machine.accelerator) == resource else 0


def accelerator_resource(accelerator: str) -> str:
    """The name by which pods ask for an accelerator."""
    return next((name for name, makers in _RESOURCES if accelerator.startswith(makers)), "nvidia.com/gpu")


def capacity_types(requirements: Any) -> set[str]:
    """What the pool may buy: on demand where nothing is said."""
    for each in mappings(requirements):
        if each.get("key") == CAPACITY and each.get("operator", "In") == "In":
            return set(values(each) or ("on-demand",))
    return {"on-demand"}


def values(requirement: Mapping[str, Any]) -> list[str] | None:
    """The values of a requirement; None where they, or one of them, cannot be read."""
    told = requirement.get("values")
    listed = cast(list[Any], told) if isinstance(told, list | tuple) else []
    unreadable = isinstance(told, Missing) or any(isinstance(value, Missing) for value in listed)
    return None if unreadable else [str(value) for value in listed]


def _named(requirements: list[Mapping[str, Any]]) -> list[str]:
    types = [each for each in requirements if each.get("key") == "node.kubernetes.io/instance-type" and each.get("operator") == "In"]
    return [value for each in types for value in values(each) or ()]


def _meets(machine: Machine, requirement: Mapping[str, Any]) -> bool:
    read = _LABELS.get(str(requirement.get("key")))
    if read is None:
        return True
    has, wanted = read(machine), values(requirement)
    return has is None or wanted is None or _compare(str(requirement.get("operator")), has, wanted)


def _compare(operator: str, has: str, wanted: list[str]) -> bool:
    if operator in ("In", "NotIn"):
        return (has in wanted) == (operator == "In")
    if operator in ("Gt", "Lt") and wanted and _number(has) is not None and _number(wanted[0]) is not None:
        more = float(has) - float(wanted[0])
        return more > 0 if operator == "Gt" else more < 0
    return operator != "DoesNotExist" or not has


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def _family(machine: Machine) -> str:
    return machine.instance_type.partition(".")[0]


def _category(machine: Machine) -> str:
    found = re.match(r"[a-z]+", machine.instance_type)
    return found[0] if found else ""


def _generation(machine: Machine) -> str | None:
    found = re.match(r"[a-z]+(\d+)", machine.instance_type)
    return found[1] if found else None


def _architecture(machine: Machine) -> str | None:
    """Graviton machines have a g after the generation; a1 is the first. Source: Amazon EC2 User Guide, "Naming conventions"."""
    if machine.provider != "aws":
        return None
    arm = re.match(r"(a1|[a-z-]+\d+[a-z]*g[a-z]*)\.", machine.instance_type)
    return "arm64" if arm else "amd64"


def _whole(number: float | None) -> str | None:
    return None if number is None else f"{number:g}" if number < 1e5 else f"{number:.0f}"


def _memory_mib(machine: Machine) -> str | None:
    return None if machine.memory_gib is None else f"{machine.memory_gib * 1024:.0f}"


def _azure_family(machine: Machine) -> str:
    found = re.match(r"Standard_([A-Z]+?)C?\d", machine.instance_type)
    return found[1] if found else ""


def _gpu_name(machine: Machine) -> str:
    return machine.accelerator.lower()


def _type(machine: Machine) -> str:
    return machine.instance_type


def _size(machine: Machine) -> str:
    return machine.instance_type.partition(".")[2]


def _cpu(machine: Machine) -> str | None:
    return _whole(machine.vcpus)


def _gpu_count(machine: Machine) -> str | None:
    return _whole(machine.accelerator_count)


_Reader = Callable[[Machine], str | None]
_OF_AWS: Final[Mapping[str, _Reader]] = {
    "instance-family": _family,
    "instance-category": _category,
    "instance-generation": _generation,
    "instance-size": _size,
    "instance-cpu": _cpu,
    "instance-memory": _memory_mib,
    "instance-gpu-count": _gpu_count,
    "instance-gpu-name": _gpu_name,
}
_LABELS: Final[Mapping[str, _Reader]] = {
    "node.kubernetes.io/instance-type": _type,
    "kubernetes.io/arch": _architecture,
    **{f"{prefix}/{label}": read for prefix in ("karpenter.k8s.aws", "eks.amazonaws.com") for label, read in _OF_AWS.items()},
    "karpenter.azure.com/sku-name": _type,
    "karpenter.azure.com/sku-family": _azure_family,
    "karpenter.azure.com/sku-cpu": _cpu,
}
