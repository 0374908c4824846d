"""The definitions of the custom resources: each takes a correct object and refuses a wrong one, by the provider's own rule."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalogue.charts import chart
from tests.kubernetes.cluster import Cluster
from tools.control_plane.api import Object, Refused
from tools.control_plane.custom_resources import published

pytestmark = pytest.mark.kubernetes
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("custom_resources.yaml").read_text())
WRONG = [(case["object"], wrong) for case in CASES for wrong in case["wrong"]]


def placed(cluster: Cluster, thing: Object) -> Object:
    return {**copy.deepcopy(thing), "metadata": {**thing["metadata"], "namespace": cluster.namespace}}


def changed(thing: Object, path: str, value: Any) -> Object:
    """The object with this value at a path of keys and positions, or without what is there."""
    made: Any = copy.deepcopy(thing)
    *before, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    inner = made
    for step in before:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return made


@pytest.mark.parametrize("thing", [case["object"] for case in CASES], ids=lambda thing: thing["kind"])
def test_a_correct_object_is_taken_as_it_is(control_plane: Cluster, thing: Object) -> None:
    taken = control_plane.api.create(placed(control_plane, thing))
    try:
        assert contains(taken, thing)
    finally:
        control_plane.api.delete(thing["apiVersion"], thing["kind"], thing["metadata"]["name"], control_plane.namespace)


@pytest.mark.parametrize(("thing", "wrong"), WRONG, ids=[f"{thing['kind']}-{wrong['path']}" for thing, wrong in WRONG])
def test_a_wrong_object_is_refused_by_the_rule(control_plane: Cluster, thing: Object, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        control_plane.api.create(placed(control_plane, changed(thing, wrong["path"], wrong["value"])))
    assert wrong["says"] in str(refused.value)


def test_the_definitions_are_of_the_versions_that_the_charts_install() -> None:
    versions = {source.name: source.version for source in published()}
    assert versions == {name: f"v{chart(name).version.removeprefix('v')}" for name in versions}


def contains(found: Any, told: Any) -> bool:
    """Whether everything that is told is found, beside what defaults add."""
    if isinstance(told, dict):
        return isinstance(found, dict) and all(key in found and contains(found[key], value) for key, value in told.items())
    if isinstance(told, list):
        return len(found) == len(told) and all(contains(one, other) for one, other in zip(found, told, strict=True))
    return found == told
