"""Which module deploys to which cloud; the one place that knows their names."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from components.contract import DeploymentOutputs
from plan.model import Plan

Deployer = Callable[[Plan], DeploymentOutputs]


@dataclass(frozen=True)
class CloudModule:
    """Where a cloud's components are, the SDK package they need, and the extra that installs it."""

    module: str
    sdk: str
    extra: str


CLOUDS = {
    "aws": CloudModule("components.aws", "pulumi_aws", "aws"),
    "gcp": CloudModule("components.gcp", "pulumi_gcp", "gcp"),
    "azure": CloudModule("components.azure", "pulumi_azure_native", "azure"),
    "kubernetes": CloudModule("components.kubernetes", "pulumi_kubernetes", "kubernetes"),
}


# Every cloud's components build clusters, and what stands in them.
_IN_CLUSTERS = "pulumi_kubernetes"


class CloudUnavailable(Exception):
    """A cloud that cannot be deployed to: unknown, or its SDK is not installed. The text is one line that says how to mend it."""


def deployer(cloud: str) -> Deployer:
    """The function that deploys a plan to this cloud. Its SDK is imported now, and no other cloud's.

    Raises CloudUnavailable if the cloud has no components, or its SDK is not installed.
    """
    known = CLOUDS.get(cloud)
    if known is None:
        raise CloudUnavailable(f"cloud: '{cloud}' has no components; allowed: {', '.join(CLOUDS)}; fix: write one of them")
    try:
        module = import_module(known.module)
        # Loaded by what clusters are made of, later, and only there: one that is missing is to be said now.
        if find_spec(_IN_CLUSTERS) is None:
            raise ModuleNotFoundError(name=_IN_CLUSTERS)
    except ModuleNotFoundError as error:
        if error.name not in (known.sdk, _IN_CLUSTERS):
            raise
        raise CloudUnavailable(
            f"cloud: '{cloud}' needs the Python package {error.name}, which is not installed; fix: pip install 'drydock[{known.extra}]'"
        ) from error
    return cast(Deployer, module.deploy)
