"""Machine sizes of Azure as checks ask for them, and the clusters and pools of AKS that run on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from catalogue.machine_facts import MachineFacts, machine_facts
from policies.joins import everywhere
from policies.part import Part
from policies.view import View

CLUSTER = "azure-native:containerservice:ManagedCluster"
AGENT_POOL = "azure-native:containerservice:AgentPool"


@dataclass(frozen=True)
class Pool(Part):
    """A pool of nodes: an agent pool, or one within its cluster. Its properties raise Undecided."""

    @property
    def cluster(self) -> View | None:
        """The cluster that it belongs to, None where the program does not declare it."""
        return self.view if self.path else self.view.referred("resourceName", CLUSTER)

    @property
    def is_user(self) -> bool:
        """Whether it is for workloads; it is where nothing is said (AKS REST API, AgentPoolMode)."""
        return self.text("mode", "User") == "User"

    @property
    def is_spot(self) -> bool:
        """Whether Azure may take its machines away; Regular where nothing is said (AKS REST API, ScaleSetPriority)."""
        return self.text("scaleSetPriority", "Regular") == "Spot"

    @property
    def size(self) -> str:
        """The machine size, empty where Azure chooses."""
        return self.text("vmSize")

    @property
    def least_name(self) -> str:
        """The property that says how many nodes it has at any time."""
        return "minCount" if self.flag("enableAutoScaling") else "count"

    @property
    def least(self) -> float:
        """How many nodes it has at any time; 1 where nothing is said (AKS REST API, count)."""
        return self.number(self.least_name, 1) or 0

    @property
    def kind(self) -> tuple[str | None, str]:
        """What its machines are alike in: the accelerator that a pod asks for, and the architecture."""
        found = facts(self.size)
        return (found.accelerator_resource, found.architecture) if found else (None, "amd64")

    @property
    def companions(self) -> "list[Pool]":
        """The other pools of its cluster that the program declares."""
        found = pools_of(self.cluster) if self.cluster else _named_alike(self)
        return [each for each in found if (each.view.resource.urn, each.path) != (self.view.resource.urn, self.path)]


def pools(view: View) -> Iterator[Pool]:
    """The pools that a resource declares: a cluster those within it, an agent pool itself. Raises Undecided."""
    inside = [""] if view.resource.type == AGENT_POOL else [part.path for part in Part(view, "").each("agentPoolProfiles")]
    yield from (Pool(view, path) for path in inside)


def pools_of(cluster: View) -> list[Pool]:
    """All pools of a cluster: those within it, and the agent pools that refer to it. Raises Undecided."""
    return [*pools(cluster), *(Pool(each, "") for each in cluster.referring(AGENT_POOL, "resourceName"))]


def is_automatic(cluster: View) -> bool:
    """Whether it is AKS Automatic, which sets most things itself (Microsoft Learn, "AKS Automatic and Standard feature comparison")."""
    return cluster.text("sku.name") == "Automatic"


def has_add_on(cluster: View, name: str) -> bool:
    """Whether an add-on is on; Azure writes azurepolicy and azurePolicy alike. Raises Undecided."""
    profiles = cast(Mapping[str, object], cluster.get("addonProfiles") or {})
    return any(cluster.flag(f"addonProfiles.{each}.enabled") for each in profiles if each.lower() == name.lower())


def facts(size: str) -> MachineFacts | None:
    """What is on record of a machine size."""
    return machine_facts("azure", size)


def accelerator(size: str) -> str | None:
    """What a pod asks for on such a machine, such as nvidia.com/gpu; None without an accelerator."""
    found = facts(size)
    return found.accelerator_resource if found else None


def _named_alike(pool: Pool) -> list[Pool]:
    """The agent pools of a cluster that is no part of the program, found by its name."""
    return [Pool(each, "") for each in everywhere(pool.view, [AGENT_POOL]) if each.text("resourceName") == pool.text("resourceName")]
