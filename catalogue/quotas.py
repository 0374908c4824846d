"""The quotas that new machines and a first network meet, and how to ask for more."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal, cast

from catalogue.index import family
from catalogue.model import Machine
from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "quotas.csv"

Market = Literal["onDemand", "spot"]
Unit = Literal["vCPU", "GPU", "chip", "count"]
Scope = Literal["region", "global"]


@dataclass(frozen=True, kw_only=True)
class QuotaRule:
    """One quota of an account.

    code: what the provider's quota interface calls it; name: what its console shows. default_limit: what a new account has, None where
    the provider does not say or it differs by account. unit: what it counts; `count` is the thing that the name says. request: a command
    that asks for more, with capitals where a person fills in a value.
    """

    provider: str
    code: str
    name: str
    unit: Unit
    default_limit: float | None
    scope: Scope
    request: str
    as_of: str
    source: str

    @property
    def service(self) -> str:
        """The service that owns it, as the provider's quota interface names it; empty where people ask for more in another way."""
        return self._option("--service-code") or self._option("--service")

    @property
    def quota_id(self) -> str:
        """Its id within the service: the code, but on Google Cloud, whose quota interface has ids of its own."""
        return self._option("--quota-id") or self.code

    @property
    def dimensions(self) -> Mapping[str, str]:
        """What tells it from others with the same id, beside the region (Google's gpu_family)."""
        pairs = (pair.partition("=") for pair in self._option("--dimensions").split(","))
        return {name: value for name, _, value in pairs if value and name != "region"}

    def _option(self, name: str) -> str:
        words = self.request.replace(f"{name}=", f"{name} ").split()
        return words[words.index(name) + 1] if name in words[:-1] else ""


@cache
def machine_quotas(provider: str, instance_type: str, market: Market, attached: str | None = None) -> tuple[QuotaRule, ...]:
    """Every quota that such a machine uses up in this market, the one to ask for first; empty where none is on record.

    attached: GKE's name of the GPUs that a Google N1 machine gets (nvidia-tesla-t4); their quotas come first.
    """
    families = [f"gpu-{attached}"] if attached else []
    families.append(family(provider, instance_type))
    listed = [row for row in _rows() if row["provider"] == provider and row["market"] == market]
    return tuple(_rule(row) for name in families for row in listed if _counts(row, name))


def machine_quota(provider: str, instance_type: str, market: Market, attached: str | None = None) -> QuotaRule | None:
    """The quota that such a machine meets first: its accelerator's or its family's; None where none is on record."""
    return next(iter(machine_quotas(provider, instance_type, market, attached)), None)


@cache
def network_quotas(provider: str) -> tuple[QuotaRule, ...]:
    """The quotas on networks, addresses and clusters that a first deployment meets; empty for an unknown provider."""
    return tuple(_rule(row) for row in _rows() if row["provider"] == provider and row["market"] == "network")


def amount(rule: QuotaRule, machine: Machine, nodes: int) -> float:
    """How much of a machine's quota these nodes use, in its unit. Raises ValueError where the machine's shape does not say."""
    each = machine.vcpus if rule.unit == "vCPU" else machine.accelerator_count
    if not each:
        raise ValueError(
            f"{machine.instance_type}: the {rule.unit} count is not on record; it is needed for {rule.code}; fix: add the shape"
        )
    return each * nodes


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    return tuple(rows(_FILE))


def _counts(row: Mapping[str, str], machine_family: str) -> bool:
    return any(fnmatchcase(machine_family, pattern) for pattern in row["machines"].split())


def _rule(row: Mapping[str, str]) -> QuotaRule:
    return QuotaRule(
        provider=row["provider"],
        code=row["code"],
        name=row["name"],
        unit=cast(Unit, row["unit"]),
        default_limit=float(row["default_limit"]) if row["default_limit"] else None,
        scope=cast(Scope, row["scope"]),
        request=row["request"],
        as_of=row["as_of"],
        source=row["source"],
    )
