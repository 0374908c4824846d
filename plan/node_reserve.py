"""What a node keeps for itself, so that pods never get all of a machine."""

from catalogue.machine_facts import machine_facts
from plan.model import MachinePlan

_MIB_PER_GIB = 1024
# GKE and EKS hand these shares of each further core to system and kubelet; the rest of the cores give the last one.
_CORE_SHARES = ((1, 0.06), (1, 0.01), (2, 0.005))
_LAST_CORE_SHARE = 0.0025
# GKE: GiB of memory → the share that it keeps of them; then 100 MiB before pods are evicted.
_GKE_SHARES = ((4.0, 0.25), (4.0, 0.20), (8.0, 0.10), (112.0, 0.06))
_GKE_LAST_SHARE = 0.02
_EVICTION_MIB = 100
# EKS: a base and so much for each pod that the machine may run.
_EKS_BASE_MIB, _EKS_POD_MIB, _EKS_PODS = 255, 11, 110
# AKS: cores up to this → milli-cores kept; a base and so much a pod, at most a quarter of the memory.
_AKS_CORES = ((1, 60), (2, 100), (4, 140), (8, 180), (16, 260), (32, 420), (64, 740))
_AKS_BASE_MB, _AKS_POD_MB, _AKS_PODS = 50, 20, 110
# Proxy, network, logs and device plugin run on each node: Drydock's own estimate.
_DAEMONS_VCPUS, _DAEMONS_GIB = 0.25, 0.5


def offered(cloud: str, machine: MachinePlan) -> tuple[float, float] | None:
    """The vCPUs and GiB that one node offers to pods beside its daemon sets; None where the machine's shape is not known.

    Sources: Google Cloud, Plan GKE Standard node sizes; Amazon EKS AMI, bootstrap's reserves (awslabs/amazon-eks-ami, nodeadm);
    Microsoft Learn, Resource reservations in AKS.
    """
    if not machine.vcpus or not machine.memory_gib:
        return None
    kept = {"gcp": _gke, "aws": _eks, "azure": _aks}.get(cloud, _gke)
    vcpus, gib = kept(machine)
    return max(0.0, machine.vcpus - vcpus - _DAEMONS_VCPUS), max(0.0, machine.memory_gib - gib - _DAEMONS_GIB)


def _gke(machine: MachinePlan) -> tuple[float, float]:
    return _of_cores(machine.vcpus), _shares(machine.memory_gib, _GKE_SHARES, _GKE_LAST_SHARE) + _EVICTION_MIB / _MIB_PER_GIB


def _eks(machine: MachinePlan) -> tuple[float, float]:
    facts = machine_facts("aws", machine.instance_type)
    pods = (facts.max_pods if facts else None) or _EKS_PODS
    return _of_cores(machine.vcpus), (_EKS_BASE_MIB + _EKS_POD_MIB * pods + _EVICTION_MIB) / _MIB_PER_GIB


def _aks(machine: MachinePlan) -> tuple[float, float]:
    milli = next((milli for cores, milli in _AKS_CORES if machine.vcpus <= cores), _AKS_CORES[-1][1])
    pods = (_AKS_BASE_MB + _AKS_POD_MB * _AKS_PODS) / _MIB_PER_GIB
    return milli / 1000, min(pods, machine.memory_gib / 4) + _EVICTION_MIB / _MIB_PER_GIB


def _of_cores(vcpus: float) -> float:
    return _shares(vcpus, _CORE_SHARES, _LAST_CORE_SHARE)


def _shares(amount: float, steps: tuple[tuple[float, float], ...], last: float) -> float:
    kept = 0.0
    for width, share in steps:
        part = min(amount, width)
        kept += part * share
        amount -= part
    return kept + amount * last
