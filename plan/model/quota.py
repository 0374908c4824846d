"""What the account's quotas must allow before the plan can be built."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class QuotaNeed:
    """What the plan needs of one quota of the account in its region.

    code: as the cloud's look-up takes it (AWS L-DB2E81BA, Google NVIDIA_L4_GPUS, Azure standardNCASv3_T4Family). amount, in `unit`: with
    every pool at its maximum; minimum: with each at its minimum. drivers: the pools that need it. request: how a person asks for more.
    default: what a new account has, None where unknown.
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
