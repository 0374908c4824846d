"""Everything that stands in a cluster."""

from collections.abc import Iterator
from dataclasses import dataclass

import requests

from tools.control_plane.api import Api, Object, Refused, wait_until

# What Kubernetes itself writes all the time, and the nodes, which a test adds and takes away.
_PASSING = frozenset({"Event", "Lease", "Node"})
_ENGINE = "pulumi-kubernetes"


@dataclass(frozen=True, order=True)
class Thing:
    """One object by its kind, namespace ("" where it has none) and name."""

    kind: str
    namespace: str
    name: str


def inventory(api: Api) -> dict[Thing, bool]:
    """Every object of every kind that can be listed, and whether the engine wrote it (its name is among the fields' managers)."""
    found: dict[Thing, bool] = {}
    for path, kind in _kinds(api):
        for item in wait_until(lambda path=path: _listed(api, path), f"{path} served")["items"]:
            metadata = item["metadata"]
            by_engine = any(each["manager"].startswith(_ENGINE) for each in metadata.get("managedFields", ()))
            found[Thing(kind, metadata.get("namespace", ""), metadata["name"])] = by_engine
    return found


def _listed(api: Api, path: str) -> Object | None:
    try:
        return api.ask("GET", path)
    except Refused as refused:
        # A kind that was defined just now has no storage for a moment.
        if refused.status == requests.codes.too_many_requests:
            return None
        raise


def _kinds(api: Api) -> Iterator[tuple[str, str]]:
    groups: list[Object] = api.ask("GET", "/apis")["groups"]
    for root in ("/api/v1", *(f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups)):
        for each in api.ask("GET", root)["resources"]:
            if "list" in each["verbs"] and "/" not in each["name"] and each["kind"] not in _PASSING:
                yield f"{root}/{each['name']}", each["kind"]
