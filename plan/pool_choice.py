"""What a pool stands on, once its machine is chosen."""

from dataclasses import dataclass

from catalogue.machine_facts import MachineFacts
from catalogue.model import Offer
from catalogue.pool_accelerators import PoolAccelerator
from plan.model import MachinePlan, TpuSlicePlan


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The machine of a pool. facts: None where the catalogue knows nothing but its shape. tpu: the slice, for a TPU pool."""

    machine: MachinePlan
    offer: Offer
    facts: MachineFacts | None
    accelerator: PoolAccelerator | None = None
    tpu: TpuSlicePlan | None = None

    @property
    def is_nvidia(self) -> bool:
        """Whether it has NVIDIA GPUs: what drivers, operators and sharing are made for."""
        return self.accelerator is not None and self.accelerator.vendor == "nvidia"

    @property
    def one_slice(self) -> bool:
        """Whether the whole pool is one TPU slice of several hosts."""
        return self.tpu is not None and self.tpu.hosts > 1
