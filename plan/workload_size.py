"""How much of a node a workload's pod takes."""

from collections.abc import Mapping

from environment.workload import Workload
from plan.contents_request import ContentsRequest
from plan.model import NodePoolPlan
from plan.node_reserve import offered

_VCPUS, _GIB = 1.0, 2.0
_SOURCE = "Kubernetes documentation, Reserve Compute Resources for System Daemons: https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/"


def plan_requests(request: ContentsRequest, name: str, workload: Workload, pool: NodePoolPlan, amount: int) -> Mapping[str, str]:
    """Processors, memory and accelerators that a pod asks for; faults what a node of the pool never has free."""
    free = offered(request.cloud, pool.machine)
    vcpus, gib = _sizes(request, name, workload, pool, amount, free)
    if free is not None:
        _check(request, name, "vcpus", vcpus, free[0], pool)
        _check(request, name, "memoryGib", gib, free[1], pool)
    requests = {"cpu": f"{round(vcpus * 1000)}m", "memory": f"{round(gib * 1024)}Mi"}
    return requests | ({pool.resource: str(amount)} if amount else {})


def _sizes(
    request: ContentsRequest, name: str, workload: Workload, pool: NodePoolPlan, amount: int, free: tuple[float, float] | None
) -> tuple[float, float]:
    """vCPUs and GiB, each as asked; else the part of the node that its accelerators are, or little."""
    vcpus, gib = _VCPUS, _GIB
    reason = "little, as the file says nothing"
    if amount and free is not None and pool.resources_per_node:
        share = min(1.0, amount / pool.resources_per_node)
        # Whole tenths and GiB, and a little air: what others run on the node must fit beside it.
        vcpus, gib = int(free[0] * share * 9) / 10, int(free[1] * share * 0.9)
        reason = f"the part of the node that goes with {amount} of its {pool.resources_per_node} accelerators"
    chosen = {"vcpus": (workload.vcpus, vcpus), "memoryGib": (workload.memory_gib, gib)}
    for field, (asked, default) in chosen.items():
        if asked is None:
            request.decide(f"workloads.{name}.{field}", f"{default:g}", reason)
    return tuple(default if asked is None else asked for asked, default in chosen.values())  # pyright: ignore[reportReturnType]


def _check(request: ContentsRequest, name: str, field: str, asked: float, free: float, pool: NodePoolPlan) -> None:
    if asked <= free:
        return
    total = pool.machine.vcpus if field == "vcpus" else pool.machine.memory_gib
    unit = "vCPU" if field == "vcpus" else "GiB"
    problem = f"is more than a node of pool {pool.name} has free: {free:.1f} of the {total:g} {unit} of its {pool.machine.instance_type}"
    fix = f"write {field}: {int(free * 10) / 10:g} or less, or choose a pool with larger machines"
    request.fault(f"workloads.{name}.{field}", asked, problem, allowed=f"{int(free * 10) / 10:g} {unit} or less", fix=fix, source=_SOURCE)
