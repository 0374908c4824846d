"""What else happens in the clouds when a resource comes, changes or goes: nodes come up, pods find nodes, load balancers hold networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rehearsal.capacity.claims import Claim, Claims
from rehearsal.cloud_run import SERVICE, forget, revise
from rehearsal.context import CloudContext
from rehearsal.events import Events
from rehearsal.object_references import dangling
from rehearsal.scheduling.clusters import AKS, EKS, GKE, Cluster, cluster_at, places_of
from rehearsal.scheduling.scheduler import Scheduler
from rehearsal.scheduling.workload import workload_of
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import Values, as_text, lookup, plain_values

_CLUSTERS: Final = (EKS, GKE, AKS)
# Objects for which a cluster's controllers make a load balancer.
_GATEWAY: Final = re.compile(r"^kubernetes:gateway\.networking\.k8s\.io/\w+:Gateway$")
_INGRESS: Final = "kubernetes:networking.k8s.io/v1:Ingress"
_BALANCED_CLASSES: Final = ("alb", "gce", "gce-internal")


class Consequences:
    """The ways in which one resource of a rehearsal bears on others."""

    def __init__(self, cloud: SimulatedCloud, events: Events) -> None:
        self._cloud = cloud
        self._events = events
        self._claims = Claims(cloud, events.scenario)
        self._scheduler = Scheduler(cloud, events)

    def claim(self, resource: Resource, region: str, inputs: Values, outputs: Values, *, update: bool = False) -> Claim:
        """Give the nodes that a resource is granted. Raises CloudError where its cloud refuses it for want of them."""
        return self._claims.claim(resource.type, region, resource.id, resource.key, {**inputs, **outputs}, update=update)

    def take(self, resource: Resource, claim: Claim) -> None:
        """Let the resource hold its nodes, now that it is made."""
        self._claims.take(resource.key, claim)

    def follow(self, resource: Resource, claim: Claim, outputs: Values) -> list[str]:
        """Give the reasons why a resource that is made does not become ready: its nodes, or nodes for its pods, are not there."""
        if claim.failure is not None:
            return [claim.failure]
        if resource.type == SERVICE:
            return revise(self._cloud, self._events.scenario, resource)
        if resource.package != "kubernetes":
            return []
        values = plain_values(outputs)
        self._balance(resource, values)
        workload = workload_of(resource.type, values, CloudContext.kubernetes_namespace)
        return self._scheduler.arrive(resource, workload) if workload else dangling(self._cloud, resource, values)

    def gone(self, resource: Resource) -> None:
        """Let go what a resource held. A cluster takes its objects along; load balancers that it made stay on AWS and Google Cloud."""
        forget(self._cloud, resource)
        if resource.package == "kubernetes":
            self._scheduler.leave(resource.key)
            cluster = cluster_at(self._cloud, resource.place)
            if cluster:
                self._cloud.let_go(_balancer(resource, cluster))
        elif resource.type in _CLUSTERS:
            for place in places_of(self._cloud, resource):
                self._empty(place)

    def _empty(self, place: str) -> None:
        for row in self._cloud.query("SELECT DISTINCT type FROM resources WHERE place = ?", (place,)):
            for inside in self._cloud.of_types([str(row[0])]):
                if inside.place == place:
                    self._cloud.delete(inside)
                    self._scheduler.leave(inside.key)

    def _balance(self, resource: Resource, values: Values) -> None:
        cluster = cluster_at(self._cloud, resource.place)
        if cluster is None:
            return
        self._cloud.let_go(_balancer(resource, cluster))
        if _is_balanced(resource.type, values):
            self._cloud.hold(_balancer(resource, cluster), set(self._network_of(cluster)))

    def _network_of(self, cluster: Cluster) -> Iterator[str]:
        """Load balancers of AKS lie in the cluster's own resource group and go with it."""
        outputs = cluster.resource.outputs
        if cluster.resource.type == EKS:
            subnets = lookup(outputs, ("vpcConfig", "subnetIds"))
            found = [*(subnets if isinstance(subnets, list) else []), lookup(outputs, ("vpcConfig", "vpcId"))]
            yield from (text for each in found if (text := as_text(each)))
        if cluster.resource.type == GKE:
            for kind, name in (("network", "Network"), ("subnetwork", "Subnetwork")):
                named = (as_text(outputs.get(kind)) or "").rsplit("/", 1)[-1]
                yield from (found.id for found in self._cloud.identified([f"gcp:compute/{kind}:{name}"], named))


def _balancer(resource: Resource, cluster: Cluster) -> str:
    return f"{resource.type.rpartition(':')[2]} {resource.id} of the cluster {cluster.resource.name}"


def _is_balanced(token: str, values: Values) -> bool:
    if token == "kubernetes:core/v1:Service":
        return as_text(lookup(values, ("spec", "type"))) == "LoadBalancer"
    if token == _INGRESS:
        return as_text(lookup(values, ("spec", "ingressClassName"))) in _BALANCED_CLASSES
    return bool(_GATEWAY.match(token))
