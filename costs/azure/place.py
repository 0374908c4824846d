"""In which Azure region a resource is paid."""

from costs.registry import Place
from costs.resource import Program, Resource

GROUP = "resourceGroupName"
# A child has no location of its own: it lies where the resource lies that these properties name, the nearest first.
_PARENTS = (
    "location",
    "accountName",
    "workspaceName",
    "resourceName",
    "clusterName",
    "vaultName",
    "registryName",
    "namespaceName",
    "endpointName",
    "environmentId",
    "managedEnvironmentId",
    "serverFarmId",
    "targetResourceUri",
    "capacityReservationGroupName",
    "virtualNetworkName",
    "serverName",
    "topicName",
    "resourceUri",
    "scopes",
    GROUP,
)
_DEEPEST = 8


def place(resource: Resource, program: Program) -> Place:
    """The resource's location, else that of what it belongs to, of its resource group, of its provider, of the stack's configuration."""
    found = _location(resource, program, _DEEPEST) or _of_provider(resource, program) or program.config.get("azure-native:location")
    return Place("azure", normal(found) if found else None)


def normal(location: str) -> str:
    """The region as the price list writes it: `West Europe` is westeurope (Azure takes both)."""
    return location.replace(" ", "").lower()


def _location(resource: Resource, program: Program, deepest: int) -> str | None:
    own = resource.get("location")
    # What is called global (a DNS zone, an alert rule) is paid by the list of the group that it stands in.
    if isinstance(own, str) and own and normal(own) != "global":
        return own
    if deepest:
        for name in _PARENTS:
            for urn in resource.references.get(name, ()):
                parent = program.resources.get(urn)
                found = _location(parent, program, deepest - 1) if parent and parent.urn != resource.urn else None
                if found:
                    return found
    return own if isinstance(own, str) and own else None


def _of_provider(resource: Resource, program: Program) -> str | None:
    provider = program.resources.get(resource.provider)
    told = provider.get("location") if provider else None
    return told if isinstance(told, str) and told else None
