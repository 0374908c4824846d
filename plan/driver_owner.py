"""Who owns the NVIDIA drivers of an environment: the cloud or the GPU operator, never both in one cluster."""

from environment.model import Environment
from environment.node_pool import NodePool
from plan.findings import Findings

_OPERATOR = (
    "NVIDIA GPU Operator, Prerequisites: drivers are the operator's or the node's on every GPU node that it manages: "
    "https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html"
)
_MIG_MANAGER = (
    "NVIDIA GPU Operator, GPU Operator with MIG: https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html"
)
_ADD_ON = "cluster.addOns.gpuOperator"


def plan_driver_owner(environment: Environment, findings: Findings) -> str:
    """cloud | operator, one for all NVIDIA pools; faults pools that say otherwise: the dead nodes would be found at run time only."""
    add_ons = environment.cluster.add_ons if environment.cluster else None
    switch = add_ons.gpu_operator if add_ons else None
    said = {name: owner for name, pool in sorted(environment.node_pools.items()) if (owner := _said(pool))}
    needing = _partitioned(environment)
    owner = "operator" if switch in ("install", "existing") or needing or "operator" in said.values() else "cloud"
    if owner == "operator" and switch == "off":
        field = next(
            (f"nodePools.{name}.driver.owner" for name, each in said.items() if each == "operator"), f"nodePools.{_first(needing)}"
        )
        problem = f"needs the GPU operator, and {_ADD_ON} is off"
        fix = f"remove gpuOperator: off, or what needs it{'' if said else ' (sharing.mig)'}"
        findings.fault(field, "operator", problem, allowed="owner: operator beside the GPU operator", fix=fix, source=_OPERATOR)
    for name, each in said.items():
        if each != owner:
            why = f"pool {_first(needing)} is partitioned by the GPU operator" if needing else "the GPU operator owns the others' drivers"
            source = _MIG_MANAGER if needing else _OPERATOR
            path = f"nodePools.{name}.driver.owner"
            problem = f"makes a second owner of drivers in one cluster: {why}"
            findings.fault(
                path,
                each,
                problem,
                allowed="operator for all pools, or cloud for all",
                fix="write owner: operator, or remove driver",
                source=source,
            )
    return owner


def _said(pool: NodePool) -> str | None:
    return pool.driver.owner if pool.driver and not pool.existing else None


def _partitioned(environment: Environment) -> tuple[str, ...]:
    """Pools whose GPUs nobody but the operator's MIG manager partitions: EKS does it for none."""
    if environment.cloud != "aws":
        return ()
    pools = sorted(environment.node_pools.items())
    return tuple(name for name, pool in pools if not pool.existing and pool.sharing is not None and pool.sharing.mig is not None)


def _first(names: tuple[str, ...]) -> str:
    return next(iter(names), "")
