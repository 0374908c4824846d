"""Which module holds a cloud's storage rules: the one place that knows the clouds by name."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from plan.storage_rules import StorageRules

_STORAGE: Mapping[str, str] = {"aws": "plan.aws.storage", "gcp": "plan.gcp.storage", "azure": "plan.azure.storage"}


def has_storage(cloud: str) -> bool:
    """Whether the cloud has object storage of its own; a cluster on anybody's machines has none."""
    return cloud in _STORAGE


def storage_rules(cloud: str) -> StorageRules:
    """The storage rules of a cloud. Raises KeyError for a cloud that is not registered."""
    return cast(StorageRules, import_module(_STORAGE[cloud]))
