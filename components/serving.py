"""Endpoints that stand in an environment's cluster come after everything else: its buckets, its registry, and the cluster itself."""

from collections.abc import Callable

from components.contract import DeploymentOutputs, EndpointOutputs

BuildEndpoints = Callable[[DeploymentOutputs], dict[str, EndpointOutputs]]


def add_endpoints(outputs: DeploymentOutputs, build: BuildEndpoints | None) -> None:
    """Build the cluster's endpoints on what `outputs` tell of, and put theirs to those of managed platforms."""
    built = build(outputs) if build else {}
    if built:
        outputs["endpoints"] = {**outputs.get("endpoints", {}), **built}
