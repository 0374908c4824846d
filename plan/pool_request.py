"""One node pool as it was asked for, with everything that its planning needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.regions import Region
from environment.base import Part
from environment.node_pool import NodePool
from plan.findings import Findings

ACCELERATOR_FIELDS = ("accelerator", "per_node", "accelerator_memory_gib", "precision")
# Capacity that ends by itself: nothing that must stay may stand on it alone.
TRANSIENT = frozenset({"spot", "flexStart"})


@dataclass(frozen=True, kw_only=True)
class PoolRequest:
    """A node pool of the environment file, where it would stand, and where findings about it go.

    region is None when the environment's region is unknown, and on any cluster: no machine can be chosen there. system: it runs the
    cluster's own add-ons. ladder: where capacity comes from, as asked for or as it follows from what else was asked.
    provisioner: who adds nodes. network_zones: those of the environment's network, empty where there is none yet.
    driver_owner: who owns NVIDIA drivers in this environment, cloud or operator. labels: of cloud resources.
    """

    cloud: str
    stage: str
    region_name: str
    region: Region | None
    name: str
    pool: NodePool
    system: bool
    ladder: tuple[str, ...]
    provisioner: str
    network_zones: tuple[str, ...]
    driver_owner: str
    add_ons: Mapping[str, str]
    labels: Mapping[str, str]
    findings: Findings

    @property
    def wants_accelerator(self) -> bool:
        """Whether the file asks for an accelerator, by its word or by what it must have."""
        return wants_accelerator(self.pool)

    def path(self, *fields: str) -> str:
        """The environment-file path of one of its fields."""
        return ".".join(("nodePools", self.name, *fields))

    def fault(self, fields: str, value: object, problem: str, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes a fault at one of its fields (dotted)."""
        self.findings.fault(self.path(fields), value, problem, allowed=allowed, fix=fix, source=source)

    def decide(self, fields: str, chosen: object, reason: str, source: str = "") -> None:
        """Notes a decision at one of its fields (dotted)."""
        self.findings.decide(self.path(fields), chosen, reason, source)


def written(value: object) -> object:
    """A field's value as the file writes it, for a fault."""
    if isinstance(value, Part):
        return value.model_dump(by_alias=True, exclude_unset=True)
    # A quantity is read as a float: 400 is written, not 400.0.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def wants_accelerator(pool: NodePool) -> bool:
    """Whether a pool asks for an accelerator; a machine's name may still mean one."""
    return any(getattr(pool, field) is not None for field in ACCELERATOR_FIELDS)
