"""What no component builds yet is refused, so that nobody waits for a pool that never comes."""

import pytest

from environment.faults import EnvironmentInvalid
from environment.model import Environment
from plan import plan

BASE = {"cloud": "aws", "region": "eu-central-1", "stage": "dev", "owner": "ml-platform", "costCenter": "cc-4211"}
WISHES = {
    "network": {"zones": 2},
    "cluster": {"version": "1.34"},
    "nodePools": {"gpu": {"accelerator": "nvidia-l4", "nodes": {"max": 8}}},
    "teams": {"fraud": {}},
    "workloads": {"smoke": {"image": "cuda"}},
}


@pytest.mark.parametrize("word", WISHES)
def test_a_wish_that_nothing_builds_is_a_fault_and_no_silence(word):
    with pytest.raises(EnvironmentInvalid) as caught:
        plan(Environment.model_validate({**BASE, word: WISHES[word]}))
    assert [fault.path for fault in caught.value.faults] == [word]


def test_what_stands_in_a_cluster_on_any_machines_is_built():
    there = {"cluster": {"existing": {"context": "lab"}}, "teams": {"fraud": {}}}
    assert plan(Environment.model_validate({**BASE, "cloud": "kubernetes", "region": "berlin", **there})).kubernetes


def test_an_environment_of_storage_alone_has_no_such_fault():
    assert plan(Environment.model_validate({**BASE, "storage": {"models": {"purpose": "models"}}})).buckets
