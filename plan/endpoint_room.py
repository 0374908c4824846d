"""What one replica asks for of its machine, and whether the pool has room for all of them."""

from math import ceil

from environment.model_version import ModelVersion
from plan.endpoint_choice import Choice
from plan.endpoint_memory import Memory
from plan.endpoint_request import EndpointRequest
from plan.endpoint_throughput import measured_on
from plan.model import NodePoolPlan
from plan.nodes import most_nodes

# Of a node's free part: other pods run there too. As plan/workload_size.py takes it.
_OF_FREE = 0.9
_VCPUS = 2.0
_RESERVES = "Kubernetes documentation, Reserve Compute Resources for System Daemons: https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/"


def replica_size(request: EndpointRequest, at: str, version: ModelVersion, memory: Memory, choice: Choice) -> tuple[float, float]:
    """vCPUs and GiB of one replica: the whole machine on a managed platform, its part of a node in a cluster."""
    machine, pool = choice.candidate.machine, request.pool
    if pool is None:
        return machine.vcpus, machine.memory_gib
    vcpus, gib, reason = _on_node(version, memory, choice)
    request.decide(f"{at}vcpus", f"{vcpus:g}", reason)
    request.decide(f"{at}memoryGib", f"{gib:g}", reason)
    _check_pool(request, at, pool, choice, vcpus, gib)
    return vcpus, gib


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


def _check_pool(request: EndpointRequest, at: str, pool: NodePoolPlan, choice: Choice, vcpus: float, gib: float) -> None:
    """Faults more replicas than the pool has room for with all its nodes; other endpoints and workloads come on top of that."""
    candidate, nodes = choice.candidate, most_nodes(request.environment, pool)
    if not nodes:
        return
    if candidate.devices:
        room = nodes * (pool.resources_per_node // candidate.devices)
    elif candidate.vcpus and candidate.host_gib:
        room = nodes * int(min(candidate.vcpus / vcpus, candidate.host_gib / gib))
    else:
        return
    if choice.fleet.most > room:
        problem = f"replicas do not find room: pool {pool.name} has {nodes} nodes at most, and room for {room}"
        fix = f"raise nodes.max of {pool.name} to {ceil(choice.fleet.most * nodes / room) if room else nodes}"
        request.fault(f"{at}replicas.max", choice.fleet.most, problem, allowed=f"{room} or fewer", fix=fix, source=_RESERVES)
