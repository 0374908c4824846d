"""What no component builds yet is refused, so that nobody waits for an endpoint that never comes."""

from typing import Any

import pytest

from environment.faults import EnvironmentInvalid
from environment.model import Environment
from plan import plan

BASE = {"cloud": "aws", "region": "eu-west-1", "stage": "dev", "owner": "ml-platform", "costCenter": "cc-4211"}
WISHES: dict[str, Any] = {
    "registry": {"keepNewest": 3},
    "endpoints": {"fraud": {"model": "fraud-1", "traffic": {"requestsPerSecond": {"low": 1, "expected": 2, "high": 3}}}},
}


@pytest.mark.parametrize("word", WISHES)
def test_a_wish_that_nothing_builds_is_a_fault_and_no_silence(word: str) -> None:
    with pytest.raises(EnvironmentInvalid) as caught:
        plan(Environment.model_validate({**BASE, word: WISHES[word]}))
    assert [fault.path for fault in caught.value.faults] == [word]
