"""The providers' own configuration keys beside the environment: they must name the same place."""

from collections.abc import Mapping

from environment.faults import Fault, shown
from environment.model import Environment

# Cloud → the key of its provider that names the region (pulumi-aws, pulumi-gcp and pulumi-azure-native: configuration reference).
# Any other cluster has none.
REGION_KEYS = {"aws": "aws:region", "gcp": "gcp:region", "azure": "azure-native:location"}
# Cloud → the keys without which its provider cannot create anything, with an example each.
REQUIRED_KEYS: dict[str, dict[str, str]] = {"aws": {"aws:region": ""}, "gcp": {"gcp:project": "my-project"}, "azure": {}, "kubernetes": {}}
KEYS = tuple(sorted({*REGION_KEYS.values(), *(key for keys in REQUIRED_KEYS.values() for key in keys)}))


def provider_faults(config: Mapping[str, object], environment: Environment) -> list[Fault]:
    """A fault where the provider would work in another region than the environment says, or lacks what it needs."""
    key = REGION_KEYS.get(environment.cloud)
    found = config.get(key) if key else None
    faults = [
        Fault(f"config.{name}", "nothing", "is missing", "a value for the cloud's provider", f"add {name}: {example or environment.region}")
        for name, example in REQUIRED_KEYS[environment.cloud].items()
        if not config.get(name)
    ]
    if found and found != environment.region:
        faults.append(
            Fault(
                f"config.{key}",
                shown(found),
                "is not the region of the environment",
                environment.region,
                f"write {key}: {environment.region}",
            )
        )
    return faults
