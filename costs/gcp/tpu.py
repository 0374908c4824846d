"""TPUs: slices by their chips, whether TPU VMs of their own or the nodes of a GKE pool.

Source: Google Cloud, "TPU pricing" (a chip-hour by generation), "TPU types and topologies".
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any, Final

from catalogue.accelerators import tpu_slice, tpu_slice_of_type
from costs.capacity import machines
from costs.gcp.part import mapping, part
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count

# GKE's machine types by the TPU generation behind them. Source: Google Cloud, "Plan TPUs in GKE".
_MACHINES: Final = {"ct4p-": "v4", "ct5lp-": "v5e", "ct5p-": "v5p", "ct6e-": "v6e", "tpu7x-": "tpu7x", "ct5l-": "v5e"}
# The generations whose accelerator types count TensorCores, two a chip: v5p-8 has four chips. Source: catalogue/data/tpu_slices.csv.
_COUNT_CORES: Final = frozenset({"v2", "v3", "v4", "v5p"})
_NAMES: Final = {"v5litepod": "v5e", "V5LITE_POD": "v5e", "V5P": "v5p", "V6E": "v6e", "V4": "v4", "V3": "v3", "V2": "v2"}
# What a TPU VM is that says nothing. Source: the provider's `V2Vm`.
_DEFAULT: Final = "v2-8"


@dataclass(frozen=True, slots=True)
class Chips:
    """How many chips of which generation."""

    generation: str
    number: int

    @property
    def machine(self) -> str:
        """The catalogue's name of one chip."""
        return f"tpu-{self.generation}-chip"


def node_chips(machine_type: str) -> Chips | None:
    """The chips of one GKE node of this machine type; None where it is no TPU machine."""
    generation = next((known for prefix, known in _MACHINES.items() if machine_type.startswith(prefix)), None)
    number = re.fullmatch(r".*-(\d+)t", machine_type)
    return Chips(generation, int(number[1])) if generation and number else None


def topology_chips(topology: str) -> int | None:
    """4x4 is 16 chips, 2x2x2 is 8; None for what is no topology."""
    sides = topology.lower().split("x")
    return prod(map(int, sides)) if all(side.isdigit() for side in sides) else None


def type_chips(accelerator_type: str) -> Chips | None:
    """The chips of a TPU VM's accelerator type such as v5litepod-16 or v4-32; None where it is not understood."""
    known = tpu_slice_of_type(accelerator_type)
    if known:
        return Chips(known.generation, known.chips)
    name, _, number = accelerator_type.rpartition("-")
    generation = _NAMES.get(name, name)
    if not number.isdigit() or not re.fullmatch(r"v\d+[a-z]*", generation):
        return None
    return Chips(generation, -(-int(number) // 2) if generation in _COUNT_CORES else int(number))


def chip_lines(pricing: Pricing, driver: str, chips: Chips, slices: Factor, *, spot: bool) -> None:
    """So many times these chips by the hour."""
    factor = Factor(f"chips ({slices.words} × {chips.number} each)", slices.amount * chips.number, slices.confidence)
    machines(pricing, f"{driver} chips", chips.machine, factor, spot=spot)


def vm(pricing: Pricing) -> None:
    """One TPU VM (slice)."""
    spot = pricing.flag("schedulingConfig.spot") or pricing.flag("schedulingConfig.preemptible")
    if pricing.flag("schedulingConfig.reserved"):
        pricing.note("TPU chips", "the on-demand price", "reserved chips are paid by their commitment")
    _slice(pricing, spot=spot)


def queued(pricing: Pricing) -> None:
    """What a queued resource asks for, paid once it is there."""
    nodes = pricing.resource.items("tpu.nodeSpecs")
    if not nodes:
        pricing.unpriced("TPU chips", "tpu.nodeSpecs is known only after `up`")
    for node in nodes:
        _slice(part(pricing, mapping(mapping(node).get("node"))), spot=False)


def _slice(pricing: Pricing, *, spot: bool) -> None:
    if pricing.unreadable("acceleratorType") or pricing.unreadable("acceleratorConfig"):
        pricing.unpriced("TPU chips", "acceleratorType is known only after `up`")
        return
    config = pricing.resource.get("acceleratorConfig")
    chips = _of_config(config) if config else type_chips(pricing.text("acceleratorType", _DEFAULT))
    if chips is None:
        what = config or pricing.text("acceleratorType")
        pricing.unpriced("TPU chips", f"'{what}' is no accelerator type whose chips are known")
        return
    chip_lines(pricing, "TPU", chips, count("slice", 1), spot=spot)


def _of_config(config: Any) -> Chips | None:
    told = mapping(config)
    generation = _NAMES.get(str(told.get("type")))
    topology = str(told.get("topology"))
    known = tpu_slice(generation, topology) if generation else None
    number = known.chips if known else topology_chips(topology)
    return Chips(generation, number) if generation and number else None


def slice_nodes(topology: str, chips: Chips) -> Decimal | None:
    """How many nodes a slice of this topology has; None for what is no topology."""
    whole = topology_chips(topology)
    return None if whole is None else Decimal(max(1, -(-whole // chips.number)))


def whole_slices(running: Factor, hosts: Decimal) -> Factor:
    """A pool with a topology is one slice: all of its nodes are there, or none. Source: Google Cloud, "Plan TPUs in GKE"."""
    levels = (running.amount.low, running.amount.expected, running.amount.high)
    band = Band(*(hosts if level > 0 else Decimal(0) for level in levels))
    return Factor(f"nodes of one slice ({running.words})", band, running.confidence)


PRICERS: dict[str, Pricer] = {
    "gcp:tpu/v2Vm:V2Vm": vm,
    "gcp:tpu/node:Node": vm,
    "gcp:tpu/v2QueuedResource:V2QueuedResource": queued,
}
FREE: set[str] = set()
