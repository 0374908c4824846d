from collections.abc import Callable, Mapping
from typing import Any

import pytest

from environment.faults import EnvironmentInvalid, Fault
from environment.model import Environment
from plan import plan
from plan.model import Plan

REGIONS = {"aws": "eu-west-1", "gcp": "europe-west1", "azure": "westeurope"}

Planned = Callable[..., Plan]
Faulted = Callable[..., list[Fault]]


def _environment(cloud: str, storage: Mapping[str, Any], **others: Any) -> Environment:
    base = {"cloud": cloud, "region": REGIONS[cloud], "stage": "prod", "owner": "ml-platform", "costCenter": "cc-4211"}
    return Environment.model_validate({**base, **others, "storage": storage})


@pytest.fixture
def environment() -> Callable[..., Environment]:
    return _environment


@pytest.fixture
def planned() -> Planned:
    def run(cloud: str, storage: Mapping[str, Any], **others: Any) -> Plan:
        return plan(_environment(cloud, storage, **others))

    return run


@pytest.fixture
def faulted() -> Faulted:
    def run(cloud: str, storage: Mapping[str, Any], **others: Any) -> list[Fault]:
        with pytest.raises(EnvironmentInvalid) as caught:
            plan(_environment(cloud, storage, **others))
        return list(caught.value.faults)

    return run
