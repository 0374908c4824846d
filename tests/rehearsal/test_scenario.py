"""Scenario files, and the events they bring."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
import yaml
from grpc import StatusCode

from rehearsal.errors import CloudError
from rehearsal.events import Events
from rehearsal.scenario import SCENARIOS, ScenarioError, load, parse
from rehearsal.state import SimulatedCloud


@pytest.fixture
def cloud(tmp_path: Path):
    opened = SimulatedCloud(tmp_path / "cloud.sqlite")
    yield opened
    opened.close()


def events(cloud: SimulatedCloud, **words: object) -> Events:
    return Events(parse(words), cloud)


def test_the_default_scenario_changes_nothing() -> None:
    assert load() == parse({})


def test_the_example_shows_every_word_and_loads() -> None:
    rough = load(SCENARIOS / "rough.yaml")
    text = (SCENARIOS / "rough.yaml").read_text()
    assert {field.alias for field in type(rough).model_fields.values()} <= {word.split(":")[0] for word in text.splitlines()}
    for kind in ("error", "timeoutAfterCreate", "lostConnection", "lostAnswer"):
        assert kind in text


def test_every_fault_of_a_file_is_one_line_with_path_value_and_what_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("latencyScale: -1\nquota: []\nfaults: [{on: make, type: x}, {on: create, typ: x, nth: 0}]\n")
    with pytest.raises(ScenarioError) as error:
        load(file)
    lines = str(error.value).splitlines()
    assert all(line.startswith(str(file)) for line in lines)
    assert any("latencyScale" in line and "greater than or equal to 0" in line and "-1" in line for line in lines)
    assert any("quota: unknown word; allowed here: latencyScale, quotas" in line for line in lines)
    assert any("faults[0].on" in line and "'create', 'read', 'update' or 'delete'" in line and "make" in line for line in lines)
    assert any("faults[1].typ: unknown word; allowed here: on, type" in line for line in lines)
    assert any("faults[1].type" in line for line in lines)
    assert any("faults[1].nth" in line for line in lines)


def test_a_resource_can_only_be_made_late_by_a_create() -> None:
    with pytest.raises(ScenarioError, match=r"faults\[0\]: kind timeoutAfterCreate needs on: create, not delete"):
        parse({"faults": [{"on": "delete", "type": "*", "kind": "timeoutAfterCreate"}]})


def test_existing_needs_something_to_find_it_by() -> None:
    with pytest.raises(ScenarioError, match=r"existing\[0\]: needs an id or a name"):
        parse({"existing": [{"type": "aws:s3/bucket:Bucket"}]})


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ({"stock": [{"available": 1}]}, "scenario: stock[0]: needs either machine (a type such as g6.xlarge"),
        ({"stock": [{"machine": "g6.*", "accelerator": "L4", "available": 1}]}, "scenario: stock[0]: needs either machine"),
        (
            {"stock": [{"machine": "g6.*", "left": 1}]},
            "scenario: stock[0].left: unknown word; allowed here: machine, accelerator, available",
        ),
        ({"shortages": [{"machine": "g6.*", "market": "spotty"}]}, "scenario: shortages[0].market: Input should be 'onDemand', 'spot'"),
        ({"machineQuotas": [{"quota": "NVIDIA_L4_GPUS", "limit": -1}]}, "scenario: machineQuotas[0].limit: Input should be greater"),
    ],
)
def test_wrong_words_of_capacity_are_told_in_a_line_with_what_is_allowed(words: dict[str, object], line: str) -> None:
    with pytest.raises(ScenarioError) as error:
        parse(words)
    assert any(each.startswith(line) for each in str(error.value).splitlines()), str(error.value)


def test_the_scenario_that_the_page_shows_can_be_read(root: Path) -> None:
    block = re.search(r"```yaml\n(machineQuotas:.*?)```", (root / "docs/rehearsal.md").read_text(), re.DOTALL)
    assert block
    shown = parse(yaml.safe_load(block[1]))
    assert (len(shown.machine_quotas), len(shown.shortages), len(shown.stock)) == (1, 1, 1)


def test_the_shipped_scenarios_load() -> None:
    assert load(SCENARIOS / "new-account.yaml").new_account
    assert {stock.accelerator for stock in load(SCENARIOS / "no-l4.yaml").stock} == {"L4", "T4", "A10"}


@pytest.mark.parametrize("text", ["a: [", "\t- x", "- 1\n- 2"])
def test_a_file_that_is_no_mapping_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=r"^[^\n]*broken\.yaml[^\n]*$"):
        load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"absent\.yaml: cannot be read"):
        load(tmp_path / "absent.yaml")


def test_only_the_nth_operation_on_a_matching_type_fails(cloud: SimulatedCloud) -> None:
    rough = events(cloud, faults=[{"on": "delete", "type": "aws:ec2/*", "nth": 2}])
    rough.strike("delete", "aws:ec2/vpc:Vpc")
    rough.strike("create", "aws:ec2/vpc:Vpc")
    rough.strike("delete", "aws:s3/bucket:Bucket")
    with pytest.raises(CloudError) as error:
        rough.strike("delete", "aws:ec2/subnet:Subnet")
    assert error.value.code is StatusCode.ABORTED
    assert rough.strike("delete", "aws:ec2/vpc:Vpc") is None


def test_a_fault_strikes_once_in_a_rehearsal_not_once_in_a_process(cloud: SimulatedCloud) -> None:
    words = {"faults": [{"on": "create", "type": "*", "kind": "lostConnection"}]}
    with pytest.raises(CloudError) as error:
        events(cloud, **words).strike("create", "aws:s3/bucket:Bucket")
    assert error.value.code is StatusCode.UNAVAILABLE
    assert events(cloud, **words).strike("create", "aws:s3/bucket:Bucket") is None


def test_a_sold_out_machine_is_refused_in_its_zone_only(cloud: SimulatedCloud) -> None:
    rough = events(cloud, shortages=[{"machine": "nvidia-h100-80gb", "zone": "europe-west4-a", "reason": "stockout"}])
    inputs = {"zone": "europe-west4-a", "guestAccelerators": [{"type": "nvidia-h100-80gb"}]}
    with pytest.raises(CloudError, match="nvidia-h100-80gb in europe-west4-a: stockout"):
        rough.check_capacity("gcp:compute/instance:Instance", "europe-west4", "p/europe-west4", inputs)
    rough.check_capacity("gcp:compute/instance:Instance", "europe-west4", "p/europe-west4", {**inputs, "zone": "europe-west4-b"})
    rough.check_capacity("gcp:compute/instance:Instance", "europe-west4", "p/europe-west4", {**inputs, "guestAccelerators": []})


def test_a_region_that_is_not_available_names_those_that_are(cloud: SimulatedCloud) -> None:
    rough = events(cloud, availableRegions=["eu-west-1"])
    rough.check_region("eu-west-1")
    with pytest.raises(CloudError, match=r"us-east-1.*available are eu-west-1"):
        rough.check_region("us-east-1")


def test_waiting_is_scaled_and_zero_does_not_wait(cloud: SimulatedCloud) -> None:
    assert events(cloud).wait(3600)
    started = time.monotonic()
    assert events(cloud, latencyScale=0.001).wait(60)
    assert 0.05 <= time.monotonic() - started < 5


def test_a_cancel_ends_the_waits_under_way_and_no_later_one(cloud: SimulatedCloud) -> None:
    slow = events(cloud, latencyScale=1)
    ended: list[bool] = []
    waiting = threading.Thread(target=lambda: ended.append(slow.wait(60)))
    waiting.start()
    time.sleep(0.1)
    slow.cancel()
    waiting.join(5)
    assert ended == [False]
    assert slow.wait(0.01)
