"""Which simulated cluster a Kubernetes provider reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import as_map, as_text, lookup

EKS: Final = "aws:eks/cluster:Cluster"
GKE: Final = "gcp:container/cluster:Cluster"
AKS: Final = "azure-native:containerservice:ManagedCluster"
_ENDPOINTS: Final = {
    EKS: (("endpoint",),),
    GKE: (
        ("endpoint",),
        ("controlPlaneEndpointsConfig", "dnsEndpointConfig", "endpoint"),
        ("privateClusterConfig", "privateEndpoint"),
        ("privateClusterConfig", "publicEndpoint"),
    ),
    AKS: (("fqdn",), ("privateFQDN",)),
}


@dataclass(frozen=True)
class Cluster:
    """A cluster of the rehearsal and the place in which its objects lie."""

    resource: Resource
    place: str

    @property
    def region(self) -> str:
        """The region or location that the cluster is in."""
        return self.resource.place.rsplit("/", 1)[-1]


def cluster_at(cloud: SimulatedCloud, place: str) -> Cluster | None:
    """Give the cluster whose API server answers at a place (`cluster/SERVER`), or None where this rehearsal made none there."""
    host = _host(place.removeprefix("cluster/"))
    found = (resource for resource in cloud.of_types(_ENDPOINTS) if host and host in _hosts(resource))
    resource = next(found, None)
    return Cluster(resource, place) if resource else None


def places_of(cloud: SimulatedCloud, resource: Resource) -> list[str]:
    """Give the places in which objects of a cluster lie, by whichever of its addresses they came there."""
    hosts = _hosts(resource)
    rows = cloud.query("SELECT DISTINCT place FROM resources WHERE place LIKE 'cluster/%'")
    return [str(row[0]) for row in rows if _host(str(row[0]).removeprefix("cluster/")) in hosts]


def objects_of(cloud: SimulatedCloud, place: str, kind: str, group: str) -> list[Resource]:
    """Give the objects of a kind in a cluster, of whatever version of the API group."""
    rows = cloud.query("SELECT DISTINCT type FROM resources WHERE place = ? AND type GLOB ?", (place, f"kubernetes:{group}/*:{kind}"))
    return [found for found in cloud.of_types(str(row[0]) for row in rows) if found.place == place]


def runs(cloud: SimulatedCloud, place: str, controller: str) -> bool:
    """Tell whether a controller is installed: a Helm release of its chart, or a Deployment of its name."""
    charts = [f"{as_text(found.inputs.get('chart'))} {as_text(found.inputs.get('name'))}" for found in _releases(cloud, place)]
    deployments = [found.name for found in objects_of(cloud, place, "Deployment", "apps")]
    return any(controller in text for text in (*charts, *deployments))


def value_of_chart(cloud: SimulatedCloud, place: str, chart: str, key: str) -> str | None:
    """Give a value of the Helm release of a chart, or None."""
    found = (release for release in _releases(cloud, place) if chart in (as_text(release.inputs.get("chart")) or ""))
    return next((as_text(as_map(release.inputs.get("values")).get(key)) for release in found), None)


def label_of_namespace(cloud: SimulatedCloud, place: str, namespace: str, key: str) -> str | None:
    """Give a label of a namespace, or None."""
    found = cloud.get("kubernetes:core/v1:Namespace", namespace, place)
    return as_text(as_map(lookup(found.inputs, ("metadata", "labels"))).get(key)) if found else None


def _releases(cloud: SimulatedCloud, place: str) -> list[Resource]:
    return [found for found in cloud.of_types(["kubernetes:helm.sh/v3:Release"]) if found.place == place]


def _hosts(resource: Resource) -> set[str]:
    texts = (as_text(lookup(resource.outputs, path)) for path in _ENDPOINTS.get(resource.type, ()))
    return {_host(text) for text in texts if text}


def _host(address: str) -> str:
    return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
