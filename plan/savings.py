"""Other choices that an environment could make to cost less: each is a small edit of the file, planned anew."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

from environment.faults import EnvironmentInvalid
from environment.load import KEY
from plan.checked import plan_config
from plan.model import Plan

_TIERING = {
    "tiering: auto": (
        "auto",
        "low: the cloud watches each object; one that is read again comes back",
    ),
    "tiering: {infrequentAfterDays: 30, coldAfterDays: 90}": (
        {"infrequentAfterDays": 30, "coldAfterDays": 90},
        "low: reading what is old costs a retrieval charge",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change of an environment file. path: the part it changes; title: what to write there; config: the whole configuration with it."""

    path: str
    title: str
    config: Mapping[str, Any]
    risk: str
    effort: str


def edits(config: Mapping[str, Any]) -> Iterator[Edit]:
    """Edits that the cloud accepts and that change the plan. Raises EnvironmentInvalid where the environment itself has faults."""
    now = plan_config(config)
    for bucket in now.buckets:
        if bucket.existing:
            continue
        for title, (tiering, risk) in _TIERING.items():
            yield from _accepted(now, config, bucket.name, {"tiering": tiering}, title, risk)
        if bucket.placement.replica_region or bucket.placement.data_locations or "G" in (bucket.placement.sku or ""):
            risk = "high: a lost region is lost data"
            changes = {"redundancy": "region", "replicaRegion": None}
            title = "redundancy: region, without a second region (no replicaRegion)"
            yield from _accepted(now, config, bucket.name, changes, title, risk)
        if bucket.encryption.customer_key and now.stage != "prod":
            risk = "low outside prod: the cloud's own key encrypts as well"
            yield from _accepted(now, config, bucket.name, {"encryption": None}, "the cloud's own key instead of a customer key", risk)


def _accepted(now: Plan, config: Mapping[str, Any], bucket: str, changes: Mapping[str, Any], title: str, risk: str) -> Iterator[Edit]:
    edited = deepcopy(dict(config))
    part = cast(dict[str, Any], edited[KEY]["storage"][bucket])
    for key, value in changes.items():
        if value is None:
            part.pop(key, None)
        else:
            part[key] = value
    try:
        changed = plan_config(edited) != now
    except EnvironmentInvalid:
        return
    if changed:
        yield Edit(path=f"storage.{bucket}", title=title, config=edited, risk=risk, effort="low: one line of the environment file")
