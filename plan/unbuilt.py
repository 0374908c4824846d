"""Words of the environment file that say what is wanted and that no component builds yet: refused, never passed over in silence."""

from environment.model import Environment
from plan.findings import Findings

_WORDS = {"network": "network", "cluster": "cluster", "node_pools": "nodePools", "teams": "teams", "workloads": "workloads"}
# Where all of them are built.
_BUILT = frozenset({"kubernetes"})


def check_unbuilt(environment: Environment, findings: Findings) -> None:
    """Faults every concept of the file that this release cannot build."""
    if environment.cloud in _BUILT:
        return
    for field, word in _WORDS.items():
        asked = getattr(environment, field)
        if asked is not None and asked != {}:
            problem = "is understood, and nothing builds it yet"
            findings.fault(word, "a wish", problem, allowed="storage in this release", fix=f"remove {word}")
