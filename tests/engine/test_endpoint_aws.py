"""SageMaker endpoints through the engine: what happens in which order when a version comes, goes, or fails to."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rehearsal.state import Resource, SimulatedCloud
from tests.engine.rehearsing import Run, workspace
from tests.engine.serving_aws import program_of

pytestmark = pytest.mark.engine

STACK = "dev"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
MODEL = "aws:sagemaker/model:Model"
MACHINE, HEARER = "aws:sfn/stateMachine:StateMachine", "aws:cloudwatch/eventTarget:EventTarget"
TARGET = "aws:appautoscaling/target:Target"
OTHER = 'endpoint_plan("sageMaker", "other-1", name="other", rollout=PLAIN)'
# v1, then a canary at 10 %, which grows by itself to 50 % from then on, and is promoted; then a shadow, and back to where it began.
LIFECYCLE: Sequence[tuple[str, dict[str, float]]] = (
    ('endpoint_plan("sageMaker", "v1", rollout=PLAIN)', {"v1": 100}),
    ('endpoint_plan("sageMaker", "v1", rollout=PLAIN, canary=("v2", 10))', {"v1": 90, "v2": 10}),
    ('endpoint_plan("sageMaker", "v1", rollout=GROWING, canary=("v2", 10))', {"v1": 90, "v2": 10}),
    ('endpoint_plan("sageMaker", "v2", rollout=PLAIN)', {"v2": 100}),
    ('endpoint_plan("sageMaker", "v2", rollout=PLAIN, shadow=("v3", 20))', {"v2": 100}),
    ('endpoint_plan("sageMaker", "v1", rollout=PLAIN)', {"v1": 100}),
)
# With a canary that grows, and with a shadow: a preview after each step would find nothing else, and takes as long as the step.
PAIRED = (2, 4)


@dataclass(frozen=True)
class Event:
    """Something that the engine finished. operation: in its words, such as create, update, delete-replaced."""

    operation: str
    type: str
    name: str


class Stage:
    """A project whose endpoints change from step to step."""

    def __init__(self, root: Path, program: Callable[[str], Path], rehearse: Callable[..., Run]) -> None:
        self._root, self._program, self._rehearse = root, program, rehearse
        self.folder = Path()

    def run(self, *words: str, plans: Sequence[str]) -> Run:
        self.folder = self._program(program_of(self._root, *plans))
        return self._rehearse(self.folder, STACK, *words)

    def up(self, *plans: str, scenario: Path | None = None) -> list[Event]:
        done = self.attempt(*plans, scenario=scenario)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return self.events()

    def attempt(self, *plans: str, scenario: Path | None = None) -> Run:
        return self.run(*(["--scenario", str(scenario)] if scenario else []), "up", plans=plans)

    def unchanged(self, *plans: str) -> bool:
        return self.run("preview", "--expect-no-changes", plans=plans).returncode == 0

    def events(self) -> list[Event]:
        read = [json.loads(line) for line in (workspace(self.folder, STACK).folder / "events.json").read_text().splitlines()]
        done = [event["resOutputsEvent"]["metadata"] for event in read if "resOutputsEvent" in event]
        return [Event(each["op"], each["type"], each["urn"].split("::")[-1]) for each in done if each["op"] != "same"]

    def resources(self) -> list[Resource]:
        cloud = SimulatedCloud(workspace(self.folder, STACK).database)
        try:
            return [each for each in cloud.all() if each.urn]
        finally:
            cloud.close()

    def serving(self, endpoint: str = "fraud") -> dict[str, float]:
        """The weights that the endpoint's live configuration gives to model versions, all of which are there."""
        found = self.resources()
        live = next(each for each in found if each.type == ENDPOINT and each.id.split("-")[2] == endpoint)
        (configuration,) = [each for each in found if each.type == CONFIGURATION and each.id == live.inputs["endpointConfigName"]]
        models = {
            each.id: each.urn.split("::")[-1].removeprefix(f"{endpoint}-").removesuffix("-model") for each in found if each.type == MODEL
        }
        variants: Any = configuration.inputs["productionVariants"]
        return {models[each["modelName"]]: each["initialVariantWeight"] for each in variants}


@pytest.fixture
def stage(root: Path, program: Callable[[str], Path], rehearse: Callable[..., Run]) -> Stage:
    return Stage(root, program, rehearse)


def at(events: Sequence[Event], operations: str, type_: str) -> list[int]:
    """The places in the engine's order of everything of a type that it did by one of these operations."""
    return [i for i, event in enumerate(events) if event.type == type_ and event.operation in operations.split()]


def test_a_version_comes_as_canary_is_promoted_shadowed_and_rolled_back_and_never_goes_before_its_successor_serves(stage: Stage) -> None:
    for step, (plan, weights) in enumerate(LIFECYCLE):
        events = stage.up(plan, OTHER)
        assert stage.serving() == weights
        if step in PAIRED:
            assert stage.unchanged(plan, OTHER), plan
        if step == 0:
            continue
        (updated,) = at(events, "update", ENDPOINT)
        gone = [at(events, "delete delete-replaced", each) for each in (CONFIGURATION, MODEL, "aws:iam/role:Role")]
        assert all(place > updated for places in gone for place in places), events
        assert all(place < updated for each in (CONFIGURATION, MODEL) for place in at(events, "create create-replacement", each))
        assert at(events, "replace create create-replacement delete delete-replaced", ENDPOINT) == []
        # What hears that the endpoint came into service is there before it does, and goes after it.
        assert all(place < updated for each in (MACHINE, HEARER) for place in at(events, "create", each))
        assert all(place > updated for each in (MACHINE, HEARER) for place in at(events, "delete", each))
        assert len(at(events, "create delete", MACHINE)) == (1 if step in (2, 3) else 0)
        assert not [event for event in events if event.name.startswith("other")]
    assert stage.serving("other") == {"other-1": 100}
    destroyed = stage.run("destroy", plans=(LIFECYCLE[-1][0], OTHER))
    assert destroyed.returncode == 0, destroyed.stdout[-3000:]
    assert stage.resources() == []


# Amazon SageMaker Developer Guide, "Update endpoints that use auto scaling": SageMaker refuses to take away a registered variant, and to
# give it another instance type.
def test_scaled_variants_are_deregistered_before_they_go_or_move_and_stay_registered_while_weights_and_models_change(stage: Stage) -> None:
    canary = 'endpoint_plan("sageMaker", "v1", rollout=PLAIN, canary=("v2", 10))'
    stage.up(canary)
    more = stage.up('endpoint_plan("sageMaker", "v1", rollout=PLAIN, canary=("v2", 50))')
    assert at(more, "delete delete-replaced create create-replacement", TARGET) == []
    for plan in (
        'endpoint_plan("sageMaker", "v2", rollout=PLAIN)',
        'on_machine(endpoint_plan("sageMaker", "v2", rollout=PLAIN), "ml.g5.2xlarge")',
    ):
        events = stage.up(plan)
        (updated,) = at(events, "update", ENDPOINT)
        assert max(at(events, "delete delete-replaced", TARGET)) < updated < min(at(events, "create create-replacement", TARGET))
    another = stage.up('on_machine(endpoint_plan("sageMaker", "v3", rollout=PLAIN), "ml.g5.2xlarge")')
    assert at(another, "delete delete-replaced create create-replacement", TARGET) == []


def test_after_an_alarm_or_without_capacity_the_old_version_serves_and_the_next_up_brings_the_new_one(stage: Stage, tmp_path: Path) -> None:
    alarm, shortage = tmp_path / "alarm.yaml", tmp_path / "shortage.yaml"
    alarm.write_text('firingAlarms: ["*-fraud-guarded-errorRate"]\n')
    shortage.write_text('shortages: [{machine: "ml.g5.*"}]\n')
    old, new = ('endpoint_plan("sageMaker", "v1")', 'endpoint_plan("sageMaker", "v2")')
    stage.up(old)
    for scenario, told in ((alarm, "when an alarm went off, and the old version serves"), (shortage, "InsufficientInstanceCapacity")):
        failed = stage.attempt(new, scenario=scenario)
        assert failed.returncode == 1
        assert told in failed.stdout
        assert stage.serving() == {"v1": 100}
        assert at(stage.events(), "delete delete-replaced", CONFIGURATION) == []
    stage.up(new)
    assert stage.serving() == {"v2": 100}
    assert stage.unchanged(new)
    assert [each.type for each in stage.resources()].count(CONFIGURATION) == 1


def test_an_endpoint_that_fails_after_its_creation_is_there_for_the_next_up(stage: Stage, tmp_path: Path) -> None:
    late = tmp_path / "late.yaml"
    late.write_text(f'faults: [{{on: create, type: "{ENDPOINT}", kind: timeoutAfterCreate}}]\n')
    plan = 'endpoint_plan("sageMaker", "v1", rollout=PLAIN)'
    assert stage.attempt(plan, scenario=late).returncode == 1
    stage.up(plan)
    assert stage.serving() == {"v1": 100}
    assert stage.unchanged(plan)


# terraform-provider-aws, aws_sagemaker_endpoint: where rollback by alarms begins or ends, the provider makes another endpoint.
def test_where_guardrails_begin_the_new_endpoint_stands_before_the_old_one_goes(stage: Stage) -> None:
    stage.up('endpoint_plan("sageMaker", "v1", rollout=PLAIN)')
    events = stage.up('endpoint_plan("sageMaker", "v1")')
    (made,) = at(events, "create-replacement", ENDPOINT)
    (gone,) = at(events, "delete-replaced", ENDPOINT)
    assert made < gone
    assert stage.serving() == {"v1": 100}
