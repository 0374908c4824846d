"""Tags and labels as the providers complete them with their own defaults."""

from __future__ import annotations

from rehearsal.schema import ResourceSchema
from rehearsal.values import UNKNOWN, Secret, Value, Values, as_map, lookup

# pulumi-gcp adds it to every labelled resource unless `addPulumiAttributionLabel` is false (its documentation).
_ATTRIBUTION = ("goog-pulumi-provisioned", "true")


def label_outputs(schema: ResourceSchema, inputs: Values, provider_config: Values, package: str) -> Values:
    """Give the outputs that merge a resource's tags or labels with the provider's: `tagsAll`, `effectiveLabels`, `pulumiLabels`."""
    if package == "aws" and "tagsAll" in schema.outputs:
        return {"tagsAll": _merged(lookup(provider_config, ("defaultTags", "tags")), inputs.get("tags"))}
    if package != "gcp" or "effectiveLabels" not in schema.outputs:
        return {}
    labels = _merged(provider_config.get("defaultLabels"), inputs.get("labels"))
    attributed = provider_config.get("addPulumiAttributionLabel") not in (False, "false")
    effective = {**labels, _ATTRIBUTION[0]: _ATTRIBUTION[1]} if attributed and isinstance(labels, dict) else labels
    found: Values = {"effectiveLabels": effective, "pulumiLabels": effective}
    return {name: value for name, value in found.items() if name in schema.outputs}


def _merged(defaults: Value, own: Value) -> Value:
    """A resource's own tag wins over a default of the same key."""
    if defaults is UNKNOWN or own is UNKNOWN:
        return UNKNOWN
    merged: Value = {**as_map(defaults), **as_map(own)}
    return Secret(merged) if isinstance(own, Secret) else merged
