"""What the account's quotas must allow before the plan can be built."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class QuotaNeed:
    """What the plan needs of one quota of the account in its region.

    code: as the cloud names it (AWS L-DB2E81BA, Google NVIDIA_L4_GPUS, Azure standardNCASv3_T4Family). service, quota_id, dimensions: how
    its look-up finds it (ec2; NVIDIA-L4-GPUS-per-project-region; gpu_family); service is empty where there is no look-up. amount, in
    `unit`: with every pool at its maximum; minimum: with each at its minimum. drivers: the pools that need it. request: how a person asks
    for more. default: what a new account has, None where unknown.
    """

    code: str
    name: str
    unit: str
    minimum: float
    amount: float
    drivers: tuple[str, ...]
    default: float | None
    request: str
    source: str
    service: str = ""
    quota_id: str = ""
    dimensions: Mapping[str, str] = field(default_factory=dict[str, str])
