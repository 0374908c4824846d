"""Whether a pod fits a node: what the kubelet leaves of the machine, and accelerators as Kubernetes counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rehearsal.capacity.demand import Node

# Cores of a Neuron device (AWS Neuron documentation: architecture).
_NEURON_CORES: Final = {"Inferentia": 4, "Inferentia2": 2, "Trainium": 2, "Trainium2": 8}
_ACCELERATORS: Final = ("nvidia.com/", "amd.com/gpu", "google.com/tpu", "aws.amazon.com/neuron")
_GIB: Final = 2**30
# What GKE reserves of each further part of the memory and of each further core (GKE documentation: node allocatable resources); EKS and
# AKS reserve less or as much.
_MEMORY_STEPS: Final = ((4, 0.25), (4, 0.20), (8, 0.10), (112, 0.06), (float("inf"), 0.02))
_CORE_STEPS: Final = ((1, 0.06), (1, 0.01), (2, 0.005), (float("inf"), 0.0025))
_EVICTION_GIB: Final = 0.1
# EKS: 255 MiB and 11 MiB for each pod, of which most machines take 58 or fewer (EKS documentation: choosing an instance type).
_EKS_GIB: Final = (255 + 11 * 58) / 1024


def allocatable(node: Node, shares: float | None, name: str) -> float:
    """Give how much of a resource a node has for pods; what is not known of it is no limit."""
    machine = node.machine
    if name == "cpu":
        return machine.vcpus - _reserved(machine.vcpus, _CORE_STEPS) if machine.vcpus else float("inf")
    if name == "memory":
        return _memory(node) * _GIB if machine.memory_gib else float("inf")
    if not name.startswith(_ACCELERATORS):
        return float("inf")
    if not machine.resource:
        return 0
    return _accelerators(node, shares, name)


def short_of(node: Node, shares: float | None, requests: Mapping[str, float], used: Mapping[str, float]) -> str | None:
    """Give the first resource of which a node has too little left for a pod, or None where it fits."""
    fitting = (name for name, wanted in requests.items() if used.get(name, 0) + wanted > allocatable(node, shares, name) + 1e-9)
    return next(fitting, None)


def _accelerators(node: Node, shares: float | None, name: str) -> float:
    machine = node.machine
    count = max(machine.accelerators, 1)  # a part of a GPU is one to Kubernetes
    if name == machine.resource:
        return float("inf") if shares is None else int(count) * shares
    if machine.resource == "nvidia.com/gpu" and name.startswith("nvidia.com/"):
        return float("inf")  # parts under names of their own, which the device plugin's configuration makes
    if machine.resource == "aws.amazon.com/neuron":
        return count * (_NEURON_CORES.get(machine.accelerator, 1) if name.endswith("neuroncore") else 1)
    return 0


def _memory(node: Node) -> float:
    whole = node.machine.memory_gib
    reserved = _EKS_GIB if node.cloud == "aws" else _reserved(whole, _MEMORY_STEPS)
    return whole - reserved - _EVICTION_GIB


def _reserved(amount: float, steps: tuple[tuple[float, float], ...]) -> float:
    total = 0.0
    for size, part in steps:
        total += min(size, max(amount, 0)) * part
        amount -= size
    return total
