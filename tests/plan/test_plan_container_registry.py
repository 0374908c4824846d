"""Where images lie: a registry that is made, with what is cleaned up, or one that is there."""

from typing import Any

import pytest

from environment.model import Environment
from plan.container_registry import own_repository, plan_container_registry
from plan.findings import Findings
from plan.model import RegistryPlan

REGIONS = {"aws": "eu-west-1", "gcp": "europe-west4", "azure": "westeurope", "kubernetes": "berlin"}


def _planned(cloud: str, registry: dict[str, Any] | None, stage: str = "prod", **images: str) -> tuple[RegistryPlan | None, Findings]:
    models = {name: {"runtime": "custom", "image": image, "port": 8080} for name, image in images.items()}
    base = {"cloud": cloud, "region": REGIONS[cloud], "stage": stage, "owner": "ml-platform", "costCenter": "cc-4211", "models": models}
    environment = Environment.model_validate(base if registry is None else {**base, "registry": registry})
    findings = Findings()
    return plan_container_registry(environment, {"stage": stage}, findings), findings


def test_none_is_made_that_nobody_asks_for() -> None:
    found, findings = _planned("aws", None, fraud="registry.example/fraud:1")
    assert found is None
    assert not findings.faults


@pytest.mark.parametrize(("stage", "days", "newest", "retain"), [("dev", 7, 10, False), ("staging", 14, 20, False), ("prod", 30, 50, True)])
def test_what_is_kept_grows_with_the_stage(stage: str, days: int, newest: int, retain: bool) -> None:
    found, findings = _planned("aws", {}, stage)
    assert found is not None
    assert (found.delete_untagged_after_days, found.keep_newest, found.retain) == (days, newest, retain)
    assert {"registry.deleteUntaggedAfterDays", "registry.keepNewest"} <= {each.path for each in findings.decisions}


def test_what_the_file_says_is_kept() -> None:
    found, findings = _planned("gcp", {"deleteUntaggedAfterDays": 3, "keepNewest": 4, "customerKey": True})
    assert found is not None
    assert (found.delete_untagged_after_days, found.keep_newest, found.customer_key) == (3, 4, True)
    assert not findings.faults


def test_images_without_a_host_get_a_repository_each() -> None:
    found, _ = _planned("aws", {}, a="fraud@sha256:" + "ab" * 32, b="risk/score:7", c="registry.example/other:1", d="fraud:2")
    assert found is not None
    assert found.repositories == ("fraud", "risk/score")


def test_a_registry_without_images_of_the_file_has_one_repository() -> None:
    found, findings = _planned("aws", {})
    assert found is not None
    assert found.repositories == ("models",)
    assert "registry.repositories" in {each.path for each in findings.decisions}


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        ("fraud", "fraud"),
        ("fraud:3", "fraud"),
        ("team/fraud@sha256:ab", "team/fraud"),
        ("localhost/fraud", None),
        ("registry:5000/fraud", None),
        ("ghcr.io/acme/fraud:3", None),
    ],
)
def test_an_image_is_ours_where_its_name_says_no_host(image: str, repository: str | None) -> None:
    assert own_repository(image) == repository


def test_one_that_is_there_is_left_as_it_is() -> None:
    found, findings = _planned("kubernetes", {"existing": "registry.example/ml"})
    assert found is not None
    assert (found.existing, found.retain) == ("registry.example/ml", False)
    assert not findings.faults


@pytest.mark.parametrize(("cloud", "days"), [("aws", 400), ("gcp", 400), ("azure", 365)])
def test_untagged_images_may_stay_as_long_as_the_cloud_lets_them(cloud: str, days: int) -> None:
    _, findings = _planned(cloud, {"deleteUntaggedAfterDays": days})
    assert not findings.faults


def test_a_registry_that_outlives_the_stack_is_a_decision() -> None:
    _, findings = _planned("aws", {})
    assert "registry.retain" in {each.path for each in findings.decisions}
    _, findings = _planned("aws", {}, "dev")
    assert "registry.retain" not in {each.path for each in findings.decisions}


REFUSED: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("aws", {"existing": "https://registry.example/ml"}, "registry.existing", "fix: write registry.example/ml", "distribution-spec"),
    ("aws", {"existing": "registry.example/ml", "keepNewest": 3}, "registry.keepNewest", "is there already", ""),
    ("aws", {"existing": "registry.example/ml", "customerKey": True}, "registry.customerKey", "is there already", ""),
    ("kubernetes", {}, "registry.existing", "does not say where the registry is", ""),
    ("azure", {"deleteUntaggedAfterDays": 400}, "registry.deleteUntaggedAfterDays", "allowed: 365 or fewer", "retention-policy"),
]


@pytest.mark.parametrize(("cloud", "registry", "path", "part", "source"), REFUSED, ids=[f"{row[0]} {row[3]}" for row in REFUSED])
def test_a_refusal_names_its_place_and_its_rule(cloud: str, registry: dict[str, Any], path: str, part: str, source: str) -> None:
    _, findings = _planned(cloud, registry)
    (fault,) = findings.faults
    assert fault.path == path
    assert part in fault.line()
    assert source in fault.source if source else not fault.source


def test_an_image_that_names_no_registry_needs_one() -> None:
    _, findings = _planned("aws", None, fraud="fraud:3")
    (fault,) = findings.faults
    assert fault.path == "models.fraud.image"
    assert "add registry: {}" in fault.line()
