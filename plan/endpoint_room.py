"""What one replica asks for of its machine, and whether the pool has room for all of them."""

from dataclasses import replace
from math import ceil

from environment.model_version import ModelVersion
from plan.endpoint_choice import Choice
from plan.endpoint_memory import Memory
from plan.endpoint_replicas import Fleet
from plan.endpoint_request import EndpointRequest
from plan.endpoint_throughput import measured_on
from plan.model import Band, NodePoolPlan
from plan.nodes import most_nodes

# Of a node's free part: other pods run there too. As plan/workload_size.py takes it.
_OF_FREE = 0.9
_VCPUS = 2.0
_RESERVES = "Kubernetes documentation, Reserve Compute Resources for System Daemons: https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/"


def replica_size(request: EndpointRequest, at: str, version: ModelVersion, memory: Memory, choice: Choice) -> tuple[float, float]:
    """vCPUs and GiB of one replica: the whole machine on a managed platform, its part of a node in a cluster."""
    machine = choice.candidate.machine
    if request.pool is None:
        return machine.vcpus, machine.memory_gib
    vcpus, gib, reason = _on_node(version, memory, choice)
    request.decide(f"{at}vcpus", f"{vcpus:g}", reason)
    request.decide(f"{at}memoryGib", f"{gib:g}", reason)
    return vcpus, gib


def within_pool(request: EndpointRequest, at: str, role: str, choice: Choice, vcpus: float, memory_gib: float) -> Fleet:
    """The replicas that the pool has room for with all its nodes; other endpoints and workloads come on top of that.

    More than that is a fault where the file or a measurement says it; where an estimate does, the pool is the limit.
    """
    found, pool = choice.fleet, request.pool
    room = _room(request, pool, choice, vcpus, memory_gib) if pool is not None else None
    if pool is None or room is None or found.most <= room:
        return found
    nodes = most_nodes(request.environment, pool)
    told = request.endpoint.replicas.max if request.endpoint.replicas and role == "stable" else None
    enough = f"raise nodes.max of {pool.name} to {ceil(found.most * nodes / room) if room else nodes}"
    if told is None and not choice.speed.measured and room >= max(found.least, 1):
        reason = (
            f"pool {pool.name} has room for no more on {nodes} nodes; the high traffic needs {found.most} at {choice.speed.words}: {enough}"
        )
        request.decide(f"{at}replicas.max", room, reason)
        cost = Band(low=min(found.cost.low, room), expected=min(found.cost.expected, room), high=min(found.cost.high, room))
        return replace(found, most=room, initial=min(found.initial, room), cost=cost)
    problem = f"replicas do not find room: pool {pool.name} has {nodes} nodes at most, and room for {room}"
    request.fault(f"{at}replicas.max", found.most, problem, allowed=f"{room} or fewer", fix=enough, source=_RESERVES)
    return found


def _room(request: EndpointRequest, pool: NodePoolPlan, choice: Choice, vcpus: float, memory_gib: float) -> int | None:
    """How many replicas fit on all nodes of the pool, None where nobody knows."""
    candidate, nodes = choice.candidate, most_nodes(request.environment, pool)
    if not nodes:
        return None
    if candidate.devices:
        return nodes * (pool.resources_per_node // candidate.devices)
    if candidate.vcpus and candidate.host_gib:
        return nodes * int(min(candidate.vcpus / vcpus, candidate.host_gib / memory_gib))
    return None


def _on_node(version: ModelVersion, memory: Memory, choice: Choice) -> tuple[float, float, str]:
    candidate = choice.candidate
    if candidate.devices and candidate.vcpus:
        reason = f"the part of the node that goes with {candidate.devices} of its accelerators"
        return int(candidate.vcpus * _OF_FREE * 10) / 10, float(int(candidate.host_gib * _OF_FREE)), reason
    gib = float(max(ceil(memory.needs_gib(1)), 1))
    if candidate.devices or not candidate.vcpus:
        return _VCPUS, gib, "little, as nothing is known of the node"
    if measured_on(version, candidate.name) is not None:
        return int(candidate.vcpus * _OF_FREE * 10) / 10, gib, "the whole node, on which it was measured"
    return min(_VCPUS, int(candidate.vcpus * _OF_FREE * 10) / 10), gib, "what a replica is reckoned with where nothing was measured"
