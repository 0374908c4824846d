"""The same environment on another cloud or in another region: what a comparison plans and prices."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

from catalogue.locations import nearest
from catalogue.pool_accelerators import pool_accelerator
from environment.faults import EnvironmentInvalid, Fault
from environment.load import KEY
from environment.provider_config import KEYS, REGION_KEYS, REQUIRED_KEYS
from plan.checked import plan_config
from plan.pool_machine_faults import instead_of

_ROUNDS = 5  # One mended fault may uncover another, but not for ever.
_NEAREST = 3  # Regions to try: farther ones are no counterpart.
_PREFIX = f"{KEY}."


@dataclass(frozen=True)
class Counterpart:
    """An environment moved to a cloud and region.

    config: as in a stack file. differences: what had to change, one line each. faults: what stands in the way; the config cannot be
    deployed where there are any.
    """

    cloud: str
    region: str
    config: Mapping[str, Any]
    differences: tuple[str, ...]
    faults: tuple[Fault, ...]


def counterpart(config: Mapping[str, Any], cloud: str, region: str | None = None) -> Counterpart:
    """The environment on this cloud, in this region or, of those nearest to its own, in the first that can hold it.

    What the cloud cannot do is left out, so that the plan decides it anew, and named as a difference. Raises EnvironmentInvalid where
    the environment has faults on its own cloud, ValueError where its region has no known place.
    """
    plan_config(config)
    asked = cast(dict[str, Any], config[KEY])
    regions = [region] if region else _regions(asked, str(asked["region"]), cloud)[:_NEAREST]
    tried = [_in_region(config, cloud, each) for each in regions]
    return next((each for each in tried if not each.faults), tried[0])


def _in_region(config: Mapping[str, Any], cloud: str, region: str) -> Counterpart:
    moved = _moved(config, cloud, region)
    differences = _leave_existing(moved[KEY], cast(dict[str, Any], config[KEY]))
    faults: tuple[Fault, ...] = ()
    for _ in range(_ROUNDS):
        try:
            plan_config(moved)
            return Counterpart(cloud, region, moved, tuple(differences), ())
        except EnvironmentInvalid as invalid:
            faults = invalid.faults
            changes = [line for fault in faults if (line := _mend(moved, fault))]
            differences += changes
            if not changes:
                break
    return Counterpart(cloud, region, moved, tuple(differences), faults)


def _regions(asked: Mapping[str, Any], region: str, cloud: str) -> list[str]:
    if asked["cloud"] == cloud:
        return [region]
    found = [name for name, _ in nearest(asked["cloud"], region, cloud)]
    if not found:
        raise ValueError(f"{region}: its place is not known, so no region of {cloud} is the nearest; name one with --regions")
    return found


def _moved(config: Mapping[str, Any], cloud: str, region: str) -> dict[str, Any]:
    moved: dict[str, Any] = {key: deepcopy(value) for key, value in config.items() if key not in KEYS}
    environment = cast(dict[str, Any], moved[KEY])
    buckets = cast(dict[str, dict[str, Any]], environment.get("storage") or {})
    for bucket in buckets.values():
        if bucket.get("replicaRegion") and environment["cloud"] != cloud:
            bucket["replicaRegion"] = _regions(environment, bucket["replicaRegion"], cloud)[0]
    environment |= {"cloud": cloud, "region": region}
    own = {key: str(config.get(key) or example or region) for key, example in REQUIRED_KEYS[cloud].items() if key != REGION_KEYS[cloud]}
    return {**moved, **own, REGION_KEYS[cloud]: region}


def _leave_existing(moved: dict[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Takes networks and clusters that are there already out of an environment that moves, and says so: there they are not."""
    if (moved["cloud"], moved["region"]) == (asked["cloud"], asked["region"]):
        return []
    lines: list[str] = []
    for part in ("network", "cluster"):
        words = cast(dict[str, Any], moved.get(part) or {})
        if words.pop("existing", None) is not None:
            lines.append(f"{part}.existing is left to the plan: it stands in {asked['region']} on {asked['cloud']} only")
    return lines


def _mend(config: dict[str, Any], fault: Fault) -> str | None:
    """Changes what a fault complains of so that the plan may decide it, and says so; None where nobody but a person can."""
    *parents, last = fault.path.removeprefix(_PREFIX).split(".")
    place = _place(config[KEY], parents)
    if not parents or place is None or last == "purpose":
        return None
    part = ".".join([*parents, last])
    if last == "accelerator" and (nearest_word := _nearest_accelerator(config[KEY], place)):
        asked, place[last] = place[last], nearest_word
        return f"{part} is {nearest_word} instead of {asked}, the nearest of its kind with as much memory: {fault.problem}"
    if last in place:
        del place[last]
        return f"{part} is left to the plan: {fault.problem}"
    if last == "replicaRegion":
        environment = config[KEY]
        place[last] = nearest(environment["cloud"], environment["region"], environment["cloud"])[1][0]
        return f"{part} is {place[last]}, the nearest other region: {environment['cloud']} has no fixed pairs"
    return None


def _nearest_accelerator(environment: Mapping[str, Any], pool: Mapping[str, Any]) -> str | None:
    known = pool_accelerator(str(pool.get("accelerator")))
    return next(iter(instead_of(environment["cloud"], environment["region"], known)), None) if known else None


def _place(environment: Any, parents: list[str]) -> dict[str, Any] | None:
    place: Any = environment
    for step in parents:
        place = cast(dict[str, Any], place).get(step) if isinstance(place, dict) else None
    return cast(dict[str, Any], place) if isinstance(place, dict) else None
