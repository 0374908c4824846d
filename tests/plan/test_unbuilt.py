"""What no component builds yet is refused, so that nobody waits for an endpoint that never comes."""

import pytest

from environment.faults import EnvironmentInvalid
from environment.model import Environment
from plan import plan
from tests.plan.endpoints import endpoint, model

BASE = {"cloud": "aws", "region": "eu-west-1", "stage": "dev", "owner": "ml-platform", "costCenter": "cc-4211"}
ENDPOINT = {"models": {"fraud-1": model(1)}, "endpoints": {"fraud": endpoint()}, "registry": {}}


def test_an_endpoint_that_nothing_builds_is_a_fault_and_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plan.unbuilt.BUILT", frozenset({"vertexAi"}))
    with pytest.raises(EnvironmentInvalid) as caught:
        plan(Environment.model_validate({**BASE, **ENDPOINT}))
    assert [fault.path for fault in caught.value.faults] == ["endpoints.fraud.on"]


def test_a_registry_that_nothing_builds_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plan.unbuilt.BUILT", frozenset[str]())
    with pytest.raises(EnvironmentInvalid) as caught:
        plan(Environment.model_validate({**BASE, "registry": {"keepNewest": 3}}))
    assert [fault.path for fault in caught.value.faults] == ["registry"]


def test_what_is_built_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plan.unbuilt.BUILT", frozenset({"sageMaker"}))
    found = plan(Environment.model_validate({**BASE, **ENDPOINT}))
    assert [each.platform for each in found.endpoints] == ["sageMaker"]
    assert found.registry is not None
    assert found.registry.repositories == ("fraud",)
