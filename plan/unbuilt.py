"""Platforms of endpoints that are understood and that no component builds yet: refused, never passed over in silence."""

from collections.abc import Sequence

from environment.model import Environment
from plan.findings import Findings
from plan.model import EndpointPlan

# sageMaker, vertexAi, cloudRun, azureMl, kubernetes: added when its components deploy it.
BUILT: frozenset[str] = frozenset()


def check_unbuilt(environment: Environment, endpoints: Sequence[EndpointPlan], findings: Findings) -> None:
    """Faults what this release plans and cannot build: endpoints on other platforms than BUILT, and a registry while there is none."""
    built = " | ".join(sorted(BUILT)) or "storage, networks, clusters, pools and workloads"
    for endpoint in endpoints:
        if endpoint.platform not in BUILT:
            problem = "is planned, and nothing builds it yet"
            fix = f"remove {endpoint.name}, or write another platform"
            findings.fault(f"endpoints.{endpoint.name}.on", endpoint.platform, problem, allowed=built, fix=fix)
    if environment.registry is not None and not BUILT:
        problem = "is understood, and nothing builds it yet"
        findings.fault("registry", "a wish", problem, allowed=built, fix="remove registry")
