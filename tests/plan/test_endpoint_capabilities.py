"""The table of what platforms can do: complete, sourced, and what the page says."""

import pytest

from environment.endpoint import Autoscaling, Strategy
from plan.endpoint_capabilities import ABILITIES, CLOUDS, COLUMNS, MANAGED, ability, able, metrics
from tools.endpoint_table import PAGE, page


@pytest.mark.parametrize("column", COLUMNS)
def test_each_platform_says_something_of_each_ability_and_whose_rule_it_is(column: str) -> None:
    for name in ABILITIES:
        found = ability(column, name)
        ours = not found.source and "add-on" in found.note
        assert ours or found.source.rpartition(": ")[2].startswith("https://"), name


@pytest.mark.parametrize("column", COLUMNS)
def test_what_a_platform_cannot_do_has_a_reason_and_neither_bounds_nor_needs(column: str) -> None:
    lacking = {name: ability(column, name) for name in ABILITIES if not ability(column, name).can}
    assert lacking
    for name, found in lacking.items():
        assert found.note, name
        assert (found.needs, found.low, found.high) == (None, None, None), name


def test_every_platform_can_keep_out_the_internet_and_serve_without_an_accelerator() -> None:
    assert able("private") == able("cpu") == able("allAtOnce") == tuple(COLUMNS)


# Each figure as its provider writes it.
@pytest.mark.parametrize(
    ("column", "name", "low", "high"),
    [
        ("sageMaker", "canaryShift", 1, 50),  # CanarySize: 50 % of the variant's instances at most.
        ("sageMaker", "linear", 10, 50),  # LinearStepSize: 10 to 50 %.
        ("sageMaker", "rolling", 5, 50),  # MaximumBatchSize: 5 to 50 %.
        ("sageMaker", "bake", 0, 60),  # WaitIntervalInSeconds: 0 to 3600.
        ("azureMl", "shadow", 1, 50),  # mirror_traffic: 50 % at most.
        ("cloudRun", "gpu", None, 1),  # One GPU an instance.
        ("gke", "shadow", 100, 100),  # RequestMirror without a percent.
    ],
)
def test_limits_are_the_providers(column: str, name: str, low: float | None, high: float | None) -> None:
    found = ability(column, name)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("name", "platforms"),
    [
        ("shadow", ("sageMaker", "azureMl", "kubernetes", "gke")),
        ("canarySteps", ("sageMaker",)),
        ("canaryBake", ("sageMaker",)),
        ("canaryRollback", ("sageMaker",)),
        ("canaryAndShadow", ("azureMl", "kubernetes", "gke")),
        ("asynchronous", ("sageMaker",)),
        ("keys", ("azureMl",)),
        ("captureToBucket", ("sageMaker", "azureMl")),
    ],
)
def test_who_has_an_ability(name: str, platforms: tuple[str, ...]) -> None:
    assert able(name) == platforms


def test_each_cloud_with_a_managed_platform_has_one_of_its_own() -> None:
    assert {platform: CLOUDS[platform] for platform in MANAGED.values()} == {"sageMaker": "aws", "vertexAi": "gcp", "azureMl": "azure"}


def test_each_word_of_the_file_is_an_ability() -> None:
    words = Autoscaling.model_json_schema()["properties"]["metric"]["anyOf"][0]["enum"]
    assert set(words) <= set(ABILITIES)
    shifts = Strategy.model_json_schema()["properties"]["shift"]["enum"]
    assert {"canaryShift" if shift == "canary" else shift for shift in shifts} <= set(ABILITIES)


def test_each_platform_can_follow_some_metric_by_itself() -> None:
    for column in COLUMNS:
        assert any(ability(column, metric).needs is None for metric in metrics(column)), column


def test_the_page_has_the_table_that_the_data_give() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "run `python -m tools.endpoint_table`"


def test_a_page_without_the_tables_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="lacks"):
        page("# Endpoints\n")
