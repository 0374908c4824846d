"""The configuration of a provider resource: what it may hold and when a change makes it another provider."""

from __future__ import annotations

from rehearsal.instances import instance
from rehearsal.schema import provider_schema
from rehearsal.validation import Failure, decode_settings, validate
from rehearsal.values import Values

# Keys that the engine adds for itself to every provider's inputs.
_ENGINE_KEYS = frozenset({"version", "pluginDownloadURL", "pluginChecksums", "parameterization"})

_IDENTIFIER = "clusterIdentifier"


def settings(package: str, inputs: Values) -> Values:
    """Give a provider's settings as plain values: the engine sends all but strings as JSON text."""
    own = {key: value for key, value in inputs.items() if key not in _ENGINE_KEYS and not key.startswith("__")}
    schema = provider_schema(package)
    return decode_settings(schema, own) if schema else own


def check_settings(package: str, inputs: Values) -> list[Failure]:
    """Give every reason why the provider refuses its configuration: unknown, missing or mistyped settings."""
    schema = provider_schema(package)
    return validate(schema, settings(package, inputs)) if schema else []


def moves_cluster(package: str, old: Values, new: Values) -> bool:
    """Tell whether a Kubernetes provider now reaches another cluster, so that its resources must be made anew there.

    The cluster's identifier decides where both say one; the kubeconfig is then free to change (Pulumi Kubernetes provider,
    clusterIdentifier). Without it, an address that is not known yet counts as another cluster.
    """
    if package != "kubernetes":
        return False
    if old.get(_IDENTIFIER) is not None and new.get(_IDENTIFIER) is not None:
        return old[_IDENTIFIER] != new[_IDENTIFIER]
    return instance(package, old).cluster != instance(package, new).cluster
