"""Functions of the kubernetes package: manifests to objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import yaml

from rehearsal.errors import invalid
from rehearsal.invokes.call import Call
from rehearsal.kubernetes_objects import CLUSTER_SCOPED
from rehearsal.values import Value, Values, as_map


def _decode(call: Call) -> Values:
    """Give the objects of a manifest; lists are taken apart, as the provider does. Raises CloudError if it is not YAML."""
    try:
        documents: list[Any] = list(yaml.safe_load_all(call.text("text")))
    except yaml.YAMLError as error:
        raise invalid(f"the manifest is not YAML: {' '.join(str(error).split())}") from error
    objects = [item for document in documents if document for item in _objects(document)]
    result: list[Value] = [_placed(item, call.text("defaultNamespace")) for item in objects]
    return {"result": result}


def _objects(document: Any) -> list[Values]:
    item = as_map(document)
    if not item.get("kind") or not item.get("apiVersion"):
        raise invalid("an object of the manifest has no kind or no apiVersion; every Kubernetes object needs both")
    items = item.get("items")
    if str(item["kind"]).endswith("List") and isinstance(items, list):
        return [as_map(inner) for inner in items]
    return [item]


def _placed(item: Values, namespace: str) -> Values:
    if not namespace or item["kind"] in CLUSTER_SCOPED:
        return item
    metadata = as_map(item.get("metadata"))
    return {**item, "metadata": {"namespace": namespace, **metadata}}


FUNCTIONS: Final[Mapping[str, Callable[[Call], Values]]] = {"kubernetes:yaml:decode": _decode}
