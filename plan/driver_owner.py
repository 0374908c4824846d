"""Who owns the NVIDIA drivers of an environment: the cloud or the GPU operator, never both in one cluster."""

from collections.abc import Mapping

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
        _fault_off(environment, said, needing, findings)
        return "cloud"
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


def _fault_off(environment: Environment, said: Mapping[str, str], needing: tuple[str, ...], findings: Findings) -> None:
    owned = next((name for name, owner in said.items() if owner == "operator"), None)
    sharing = environment.node_pools[needing[0]].sharing if needing else None
    value = "operator" if owned else (sharing.mig if sharing else None)
    path = f"nodePools.{owned}.driver.owner" if owned else f"nodePools.{_first(needing)}.sharing.mig"
    problem = f"needs the GPU operator, and {_ADD_ON} is off"
    fix = f"remove gpuOperator: off, or {'owner: operator' if owned else 'mig'}"
    findings.fault(path, value, problem, allowed="beside the GPU operator", fix=fix, source=_OPERATOR if owned else _MIG_MANAGER)


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
