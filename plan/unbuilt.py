"""Platforms of endpoints that are understood and that no component builds yet: refused, never passed over in silence."""

from environment.model import Environment
from plan.findings import Findings

# sageMaker, vertexAi, cloudRun, azureMl, kubernetes: added when its components deploy it.
BUILT: frozenset[str] = frozenset()
_WORDS = {"registry": "registry", "endpoints": "endpoints"}


def check_unbuilt(environment: Environment, findings: Findings) -> None:
    """Faults every concept of the file that this release cannot build."""
    if BUILT:
        return
    for field, word in _WORDS.items():
        if getattr(environment, field):
            problem = "is understood, and nothing builds it yet"
            findings.fault(word, "a wish", problem, allowed="storage, networks, clusters, pools and workloads", fix=f"remove {word}")
