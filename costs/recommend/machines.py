"""Other machines for the same work: a size smaller, another accelerator generation, Arm."""

import re
from collections.abc import Iterator

from catalogue.catalogue import Catalogue
from catalogue.model import Machine, MachineNeed, Offer
from costs.model import Estimate, Line
from costs.recommend.model import Change
from costs.recommend.rewrite import around, with_value
from costs.resource import Program

_LOOKED_AT = 50  # The dearest lines: what costs little saves little.
_CANDIDATES = 40
# Arm families by name. Source: Amazon EC2 "Instance naming conventions" (g), Google Cloud "Arm VMs", Azure "VM naming conventions" (p).
_ARM = {
    "aws": re.compile(r"^(t4g|[a-z]+\d+g[a-z]*|a1|g5g)$"),
    "gcp": re.compile(r"^(t2a|c4a|n4a|axion)"),
    "azure": re.compile(r"^[A-Z]+p[a-z]*_v\d+$"),
}
# Families for bursts: a machine of them is no like-for-like replacement of a steady one.
_BURST = re.compile(r"^(t\d|e2-(micro|small|medium)|f1|g1|B)")


def machine_changes(program: Program, found: Estimate, catalogue: Catalogue) -> Iterator[Change]:
    """For the dearest machines: a smaller size, the cheapest other accelerator with as much memory, the cheapest Arm machine."""
    lines = sorted((line for line in found.lines if line.machine), key=lambda line: (-line.usd.expected, line.urn))[:_LOOKED_AT]
    for line in lines:
        if line.machine is None:
            continue
        offer = line.machine.offer
        yield from _smaller(program, line, offer, catalogue)
        if offer.machine.accelerator:
            yield from _other_accelerator(program, line, offer, catalogue)
        else:
            yield from _arm(program, line, offer, catalogue)


def is_arm(machine: Machine) -> bool:
    """Whether the machine's processor is Arm, by its family's name."""
    known = _ARM.get(machine.provider)
    return bool(known and known.match(machine.family))


def _smaller(program: Program, line: Line, offer: Offer, catalogue: Catalogue) -> Iterator[Change]:
    machine = offer.machine
    sizes = catalogue.family(machine.provider, offer.region, machine.family)
    smaller = [each for each in sizes if each.machine.vcpus and machine.vcpus and each.machine.vcpus < machine.vcpus]
    same = [each for each in smaller if each.machine.accelerator_count == machine.accelerator_count]
    if same:
        half = same[-1].machine
        what = f"{_amount(half.vcpus)} of {_amount(machine.vcpus)} vCPUs, {_amount(half.memory_gib)} of {_amount(machine.memory_gib)} GiB"
        risk = f"medium: {what} stay; only where no more is used"
        yield _change(program, line, machine.instance_type, half.instance_type, "machine size", "a size smaller", risk, "low: one value")


def _other_accelerator(program: Program, line: Line, offer: Offer, catalogue: Catalogue) -> Iterator[Change]:
    machine = offer.machine
    if not machine.total_accelerator_memory_gib:
        return
    need = MachineNeed(accelerator_memory_gib=machine.total_accelerator_memory_gib, accelerator_count=min(machine.accelerator_count, 1))
    candidates = catalogue.cheapest(machine.provider, offer.region, need, limit=_CANDIDATES)
    other = next((each.machine for each in candidates if _comparable(each.machine, machine)), None)
    if other:
        risk = f"medium: {other.accelerator} instead of {machine.accelerator}: measure the model's speed and precision on it first"
        title = f"{_amount(other.accelerator_count)} × {other.accelerator}"
        yield _change(program, line, machine.instance_type, other.instance_type, "accelerator", title, risk, "medium: test and redeploy")


def _comparable(other: Machine, machine: Machine) -> bool:
    """An NVIDIA card for an NVIDIA card: another maker's needs another build of the model."""
    own = ("Inferentia", "Trainium", "TPU", "MI300", "Radeon", "V520", "Habana", "Qualcomm")
    same_maker = other.accelerator.startswith(own) == machine.accelerator.startswith(own)
    roomy = (other.vcpus or 0) * 2 >= (machine.vcpus or 0) and (other.memory_gib or 0) * 2 >= (machine.memory_gib or 0)
    return other.accelerator != machine.accelerator and same_maker and roomy and not is_arm(other)


def _arm(program: Program, line: Line, offer: Offer, catalogue: Catalogue) -> Iterator[Change]:
    machine = offer.machine
    if is_arm(machine) or not machine.vcpus or not machine.memory_gib:
        return
    need = MachineNeed(vcpus=machine.vcpus, memory_gib=machine.memory_gib)
    candidates = catalogue.cheapest(machine.provider, offer.region, need, limit=_CANDIDATES)
    steady = [each.machine for each in candidates if is_arm(each.machine) and not _BURST.match(each.machine.family)]
    if steady:
        risk = "medium: images must be built for arm64; measure once"
        yield _change(program, line, machine.instance_type, steady[0].instance_type, "architecture", "Arm", risk, "medium: rebuild images")


def _change(program: Program, line: Line, old: str, new: str, aspect: str, words: str, risk: str, effort: str) -> Change:
    prefix = "ml." if any(_holds(each.properties, f"ml.{old}") for each in around(program, program.resources[line.urn])) else ""
    changed = with_value(program, around(program, program.resources[line.urn]), prefix + old, prefix + new)
    title = f"{words}: {prefix}{old} → {prefix}{new}"
    return Change(urn=line.urn, aspect=aspect, title=title, program=changed, risk=risk, effort=effort)


def _holds(value: object, sought: str) -> bool:
    return f"'{sought}'" in repr(value)


def _amount(number: float | None) -> str:
    return "?" if number is None else f"{number:g}"
