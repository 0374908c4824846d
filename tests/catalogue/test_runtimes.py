"""What runs models, and the machines on which platforms serve them."""

import re
from itertools import product

import pytest

from catalogue.catalogue import Catalogue
from catalogue.pool_accelerators import pool_accelerator
from catalogue.runtimes import runtime
from catalogue.serving_machines import serving_machine, serving_machines

RUNTIMES = ("custom", "onnx", "triton", "vllm")
PLATFORMS = ("azureMl", "cloudRun", "kubernetes", "sageMaker", "vertexAi")


@pytest.mark.parametrize(("name", "platform"), list(product(RUNTIMES, PLATFORMS)))
def test_each_runtime_is_known_on_each_platform_with_its_source(name, platform):
    found = runtime(name, platform)
    assert found.predict_path.startswith("/")
    assert found.health_path.startswith("/")
    assert 1024 <= found.port <= 65_535
    assert found.source
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", found.as_of)
    assert found.confidence in ("low", "medium", "high")


@pytest.mark.parametrize(("name", "platform"), list(product(RUNTIMES, PLATFORMS)))
def test_an_image_is_named_with_its_registry_and_never_by_latest(name, platform):
    image = runtime(name, platform).image
    if image:
        assert "." in image.partition("/")[0]
        assert re.search(r":[\w.-]+$", image)
        assert not image.endswith(":latest")


@pytest.mark.parametrize("name", RUNTIMES)
def test_sagemaker_calls_every_container_at_the_same_place(name):
    # Amazon SageMaker Developer Guide, "Custom inference code with hosting services".
    found = runtime(name, "sageMaker")
    assert (found.port, found.predict_path, found.health_path) == (8080, "/invocations", "/ping")


def test_an_unknown_runtime_is_no_runtime():
    with pytest.raises(KeyError):
        runtime("tgi", "sageMaker")


@pytest.mark.parametrize(
    ("platform", "machine", "served"),
    [
        ("sageMaker", "ml.g5.xlarge", True),
        ("sageMaker", "g5.xlarge", False),
        ("sageMaker", "ml.t3.medium", False),
        ("vertexAi", "a2-ultragpu-4g", True),
        ("vertexAi", "t2d-standard-4", False),
        ("azureMl", "STANDARD_NC24ADS_A100_V4", True),
        ("azureMl", "Standard_NC8ads_A10_v4", False),
        ("cloudRun", "cloud-run-nvidia-l4", True),
    ],
)
def test_a_platform_serves_on_its_own_list_alone(platform, machine, served):
    assert (serving_machine(platform, machine) is not None) is served


@pytest.mark.parametrize("platform", ["sageMaker", "azureMl", "cloudRun"])
def test_no_machine_stands_twice(platform):
    names = [each.machine for each in serving_machines(platform)]
    assert len(names) == len(set(names))


def test_azure_machines_that_microsoft_warns_of_are_never_chosen_unasked():
    assert {each.machine for each in serving_machines("azureMl") if not each.chosen} == {"Standard_DS1_v2", "Standard_F2s_v2"}


def test_gpus_of_cloud_run_have_the_least_processors_and_memory_that_google_asks_for():
    # Cloud Run, "GPU support for services": L4 at least 4 CPU and 16 GiB, RTX PRO 6000 at least 20 and 80, one GPU an instance.
    least = {"nvidia-l4": (4, 16), "nvidia-rtx-pro-6000": (20, 80)}
    gpus = [each for each in serving_machines("cloudRun") if each.accelerator]
    assert {each.accelerator for each in gpus} == set(least)
    for each in gpus:
        assert pool_accelerator(each.accelerator) is not None
        assert each.accelerator_count == 1
        assert (each.vcpus or 0) >= least[each.accelerator][0]
        assert (each.memory_gib or 0) >= least[each.accelerator][1]
        assert each.regions


def test_most_machines_of_sagemaker_and_azure_have_a_shape_on_record():
    prices = Catalogue.open()
    ml = [each.machine.removeprefix("ml.") for each in serving_machines("sageMaker")]
    assert all(prices.machine("aws", name) is not None for name in ml)
    gpus = [each.machine for each in serving_machines("azureMl") if each.machine.startswith("Standard_N")]
    assert [name for name in gpus if prices.machine("azure", name) is None] == []
