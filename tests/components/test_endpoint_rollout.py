"""The state machine of a canary's rollout, walked state by state against an endpoint that answers as SageMaker does."""

import re
from typing import Any

import pytest

from components.aws.endpoint_rollout_states import TAKEN_BACK, definition
from plan.model import CanaryRolloutPlan
from tests.components.endpoint_plans import canary_rollout
from tests.components.state_walker import Endpoint, Walk, Walker

ALARMS = ("fraud-canary-errorRate", "fraud-canary-p95")
BAKE_SECONDS = 600
GROWING = canary_rollout(10, 25, 50)


def states(rollout: CanaryRolloutPlan = GROWING, *, partition: str = "aws") -> dict[str, Any]:
    return definition(rollout, "fraud", ALARMS, partition=partition)


def walked(endpoint: Endpoint, rollout: CanaryRolloutPlan = GROWING) -> Walk:
    return Walker(states(rollout), endpoint).walk()


def fires(name: str) -> Any:
    return lambda endpoint: endpoint.firing.add(name)


def test_a_canary_without_an_alarm_goes_up_all_its_steps_each_after_its_time() -> None:
    endpoint = Endpoint(canary=10)
    assert walked(endpoint).ended == "Succeed"
    assert [share for _, share in endpoint.shares] == [25, 50]
    first, second = (second for second, _ in endpoint.shares)
    assert first == BAKE_SECONDS
    # The time at 25 % begins when the endpoint is in service with it: at the second look, 30 seconds each.
    assert second == first + 60 + BAKE_SECONDS
    assert endpoint.now == second + 60 + BAKE_SECONDS
    assert endpoint.canary == 50


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_in_the_second_step_gives_all_traffic_back_and_says_which_alarm_it_was(alarm: str) -> None:
    endpoint = Endpoint(canary=10, at={900: fires(alarm)})
    found = walked(endpoint)
    endpoint.wait(60)
    assert found.ended == "Fail"
    assert alarm in found.cause
    assert "25 percent" in found.cause
    assert endpoint.canary == 0
    # Within a minute, not when the time at the step is over.
    assert endpoint.shares[-1] == (pytest.approx(900, abs=60), 0)
    assert states()["States"]["It was taken back"]["Error"] == TAKEN_BACK


def test_an_alarm_in_the_last_step_still_takes_it_back() -> None:
    endpoint = Endpoint(canary=10, at={1_800: fires(ALARMS[0])})
    assert walked(endpoint).ended == "Fail"
    assert [share for _, share in endpoint.shares] == [25, 50, 0]


def test_a_canary_without_steps_is_watched_for_its_time_and_taken_back() -> None:
    quiet = Endpoint(canary=20)
    assert walked(quiet, canary_rollout(20)).ended == "Succeed"
    assert (quiet.shares, quiet.now) == ([], BAKE_SECONDS)
    loud = Endpoint(canary=20, at={300: fires(ALARMS[0])})
    assert walked(loud, canary_rollout(20)).ended == "Fail"
    assert [share for _, share in loud.shares] == [0]


@pytest.mark.parametrize("canary", [25, 50, 0, None], ids=["at a step", "at its goal", "taken back", "promoted"])
def test_an_endpoint_that_comes_into_service_elsewhere_than_at_the_first_step_is_left_alone(canary: float | None) -> None:
    endpoint = Endpoint(canary=canary, firing={ALARMS[0]})
    found = walked(endpoint)
    assert (found.ended, endpoint.shares, endpoint.now) == ("Succeed", [], 0)
    assert len(found.states) == 3


# SageMaker's weights are 32-bit numbers: 12.1 is read back as 12.100000381469727.
def test_a_weight_that_is_not_exact_is_still_the_first() -> None:
    endpoint = Endpoint(canary=12.100000381469727)
    assert walked(endpoint, canary_rollout(12.1, 20)).ended == "Succeed"
    assert [share for _, share in endpoint.shares] == [20]


def change(configuration: str, canary: float | None) -> Any:
    return lambda endpoint: endpoint.change(configuration, canary)


@pytest.mark.parametrize("moment", [300, 620, 900], ids=["watching", "moving", "at the second step"])
def test_after_a_promotion_or_another_version_the_old_rollout_changes_nothing_more(moment: int) -> None:
    for canary in (None, 10):
        endpoint = Endpoint(canary=10, at={moment: change("second", canary)})
        assert walked(endpoint).ended == "Succeed"
        assert all(second < moment for second, _ in endpoint.shares)


def test_an_alarm_of_another_version_takes_nothing_back() -> None:
    endpoint = Endpoint(canary=10, at={300: change("second", 10), 301: fires(ALARMS[0])})
    assert walked(endpoint).ended == "Succeed"
    assert endpoint.shares == []


def test_of_two_executions_the_later_one_ends_where_the_first_has_moved_or_taken_back_the_canary() -> None:
    for share in (25, 0):
        endpoint = Endpoint(canary=10, at={500: change("first", share)})
        assert walked(endpoint).ended == "Succeed"
        assert endpoint.shares == []


def test_a_canary_that_another_execution_has_taken_back_is_not_taken_back_again() -> None:
    endpoint = Endpoint(canary=10, at={290: change("first", 0), 295: fires(ALARMS[0])})
    assert walked(endpoint).ended == "Fail"
    assert endpoint.shares == []


def test_a_share_that_does_not_come_about_ends_the_rollout() -> None:
    endpoint = Endpoint(canary=10, at={620: change("first", 10)})
    assert walked(endpoint).ended == "Succeed"
    assert ([share for _, share in endpoint.shares], endpoint.now) == ([25], BAKE_SECONDS + 60)


def test_an_endpoint_that_is_out_of_service_is_given_no_more_traffic_to_a_canary() -> None:
    endpoint = Endpoint(canary=10, broken=True)
    assert walked(endpoint).ended == "Succeed"
    assert endpoint.shares == []


def test_an_alarm_at_the_last_look_of_a_step_counts() -> None:
    endpoint = Endpoint(canary=10, at={BAKE_SECONDS - 1: fires(ALARMS[0])})
    assert walked(endpoint).ended == "Fail"
    assert [share for _, share in endpoint.shares] == [0]


def scaled(endpoint: Endpoint) -> None:
    endpoint.busy_until = endpoint.now + 400


@pytest.mark.parametrize("moment", [590, 640], ids=["before a step", "while it has no alarm yet"])
def test_an_update_that_is_under_way_is_waited_for(moment: int) -> None:
    endpoint = Endpoint(canary=10, at={moment: scaled})
    assert walked(endpoint).ended == "Succeed"
    assert [share for _, share in endpoint.shares] == [25, 50]


def test_it_is_taken_back_as_soon_as_the_endpoint_can_be_changed() -> None:
    endpoint = Endpoint(canary=10, at={290: scaled, 295: fires(ALARMS[0])})
    assert walked(endpoint).ended == "Fail"
    assert endpoint.shares == [(pytest.approx(690, abs=30), 0)]


def test_an_update_that_comes_between_look_and_change_is_no_failure() -> None:
    class Late(Endpoint):
        refusals = 1

        def call(self, resource: str, asked: Any) -> dict[str, Any]:
            if resource.endswith("Capacities") and self.refusals:
                self.refusals, self.busy_until = 0, self.now + 100
            return super().call(resource, asked)

    for alarms, shares in ({}, [25, 50]), ({300: fires(ALARMS[0])}, [0]):
        endpoint = Late(canary=10, at=alarms)
        walked(endpoint)
        assert [share for _, share in endpoint.shares] == shares


def test_a_canary_that_nobody_can_watch_is_taken_back() -> None:
    endpoint = Endpoint(canary=10, blind=True)
    found = walked(endpoint)
    assert found.ended == "Fail"
    assert "Nobody could read the alarms" in found.cause
    assert [share for _, share in endpoint.shares] == [0]


# AWS Step Functions, Quotas: 25,000 events. Of a state that waits, passes or chooses there are two, of a task five (entered, scheduled,
# started, succeeded, exited).
def test_a_week_at_each_step_fits_into_one_execution() -> None:
    rollout = canary_rollout(10, 25, 50, bake_seconds=7 * 86_400, look_seconds=31 * 60)
    definition_ = states(rollout)
    endpoint = Endpoint(canary=10)
    passed = [definition_["States"][name]["Type"] for name in Walker(definition_, endpoint).walk().states]
    assert endpoint.now >= 21 * 86_400
    assert sum(5 if each == "Task" else 2 for each in passed) < 25_000
    assert endpoint.now < definition_["TimeoutSeconds"]


def test_every_state_can_be_reached_and_every_way_leads_somewhere() -> None:
    found = states()["States"]
    named = set(re.findall(r"'(?:Next|Default)': ['\"]([^'\"]+)['\"]", str(found)))
    assert named | {states()["StartAt"]} == set(found)
    # Amazon States Language: names have 80 characters at most.
    assert max(map(len, found)) <= 80
    for state in found.values():
        assert state["Type"] in ("Succeed", "Fail") or "Next" in state or "Default" in state


def test_in_china_services_are_called_in_their_own_partition() -> None:
    called = {state["Resource"].split(":")[1] for state in states(partition="aws-cn")["States"].values() if state["Type"] == "Task"}
    assert called == {"aws-cn"}


def test_calls_that_fail_for_a_moment_are_made_again() -> None:
    tasks = [state for state in states()["States"].values() if state["Type"] == "Task"]
    assert all(task["Retry"][0]["MaxAttempts"] > 0 for task in tasks)
