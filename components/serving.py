"""What endpoints of every platform share: where their images lie, and that those in a cluster come after everything else."""

import re
from collections.abc import Callable

from pulumi import Output

from components.contract import DeploymentOutputs, EndpointOutputs, RegistryOutputs

BuildEndpoints = Callable[[DeploymentOutputs], dict[str, EndpointOutputs]]


def add_endpoints(outputs: DeploymentOutputs, build: BuildEndpoints | None) -> None:
    """Build the cluster's endpoints on what `outputs` tell of, and put theirs to those of managed platforms."""
    built = build(outputs) if build else {}
    if built:
        outputs["endpoints"] = {**outputs.get("endpoints", {}), **built}


def image_address(image: str, registry: RegistryOutputs | None) -> Output[str]:
    """Where an image lies; one of ours is named by its repository alone."""
    repository = repository_of(image)
    ours = registry["repositories"] if registry else {}
    return Output.concat(ours[repository], image.removeprefix(repository)) if repository in ours else Output.from_input(image)


def repository_of(image: str) -> str:
    """An image's name without tag and digest."""
    return re.split(r"[:@]", image)[0]
