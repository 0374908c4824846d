"""Pay per request instead of per hour, where there are too few requests for a machine that always runs."""

from collections.abc import Iterator
from typing import Any, cast

from catalogue.catalogue import Catalogue
from costs.model import Estimate
from costs.recommend.model import Change
from costs.recommend.rewrite import with_properties
from costs.resource import Program, Resource

_CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
# SageMaker's serverless inference has no GPU and at most 6 GB. Source: Amazon SageMaker AI, "Deploy models with Serverless Inference".
_MEMORY_MB = 6144
_CONCURRENCY = 20


def serverless_changes(program: Program, found: Estimate, catalogue: Catalogue) -> Iterator[Change]:
    """A serverless variant for each SageMaker endpoint configuration whose only variant runs on machines without accelerators."""
    for configuration in program.of_type(_CONFIGURATION):
        variants = configuration.items("productionVariants")
        if len(variants) == 1 and not configuration.items("shadowProductionVariants") and _plain(variants[0], catalogue):
            yield _serverless(program, configuration, cast(dict[str, Any], variants[0]))


def _plain(variant: Any, catalogue: Catalogue) -> bool:
    kind = str(cast(dict[str, Any], variant).get("instanceType") or "")
    machine = catalogue.machine("aws", kind.removeprefix("ml."))
    return kind.startswith("ml.") and bool(machine) and not (machine and machine.accelerator)


def _serverless(program: Program, configuration: Resource, variant: dict[str, Any]) -> Change:
    kept = {key: value for key, value in variant.items() if key in ("variantName", "modelName", "initialVariantWeight")}
    serverless = {"maxConcurrency": _CONCURRENCY, "memorySizeInMb": _MEMORY_MB}
    changed = with_properties(program, configuration, productionVariants=[{**kept, "serverlessConfig": serverless}])
    endpoint = next(iter(program.referring(configuration, "aws:sagemaker/endpoint:Endpoint")), configuration)
    return Change(
        urn=endpoint.urn,
        aspect="serverless",
        title=f"serverless inference with {_MEMORY_MB} MB instead of {variant.get('instanceType')}",
        program=changed,
        also=frozenset({configuration.urn}),
        risk="medium: cold starts of seconds, no GPU, no data capture, one variant only",
        effort="medium: a new endpoint configuration",
    )
