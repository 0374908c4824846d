"""The steps of a canary's rollout as a state machine: what is looked at, what is waited for, what is changed, and where it ends.

Written in the Amazon States Language with JSONPath. Several executions may run at once, since SageMaker sends an event each time that an
endpoint comes into service, be it new or only scaled, and sometimes twice: each looks before it changes anything, and ends where another
has. Source: AWS Step Functions Developer Guide, "Using Amazon States Language"; Amazon SageMaker Developer Guide, "Events that Amazon
SageMaker AI sends to Amazon EventBridge".
"""

from collections.abc import Mapping, Sequence
from typing import Any

from plan.model import CanaryRolloutPlan

State = dict[str, Any]
States = dict[str, State]

STABLE, CANARY = "stable", "canary"
TAKEN_BACK = "CanaryTakenBack"
# An update of weights takes about a minute; one that is held up by new machines, up to an hour.
_POLL_SECONDS = 30
_UPDATE_SECONDS = 3_600
# SageMaker keeps weights as 32-bit numbers, which are exact to seven digits.
_EXACT = 1e-5
_LOOK_BACK = "Look before it is taken back"
_LEFT_ALONE = "Nothing to do"


def definition(rollout: CanaryRolloutPlan, endpoint: str, alarms: Sequence[str], *, partition: str) -> dict[str, Any]:
    """The state machine that takes the canary of an endpoint (its name) through its shares, and back when an alarm (a name) fires."""
    call = _Calls(endpoint, alarms, partition)
    shares = rollout.shares_percent
    states = _begin(call, shares[0])
    for index, share in enumerate(shares):
        following = _looking(shares[index + 1]) if index + 1 < len(shares) else "It has its share"
        states |= _watch(call, rollout, share, following)
        if index:
            states |= _move(call, shares[index - 1], share)
    return {
        "Comment": f"Takes the canary of {endpoint} through its shares of the traffic, and back when an alarm fires",
        "StartAt": "Look at the endpoint",
        "TimeoutSeconds": len(shares) * (rollout.bake_seconds + _UPDATE_SECONDS),
        "States": {**states, **_take_back(call), _LEFT_ALONE: {"Type": "Succeed"}, "It has its share": {"Type": "Succeed"}},
    }


class _Calls:
    """The calls of AWS's APIs that the states make."""

    def __init__(self, endpoint: str, alarms: Sequence[str], partition: str) -> None:
        self._endpoint, self._alarms, self._partition = endpoint, alarms, partition

    def look(self, into: str, following: str) -> State:
        """Writes the endpoint's configuration, status and the canary's weight, which is an empty list where there is no canary."""
        found = {
            "configuration.$": "$.EndpointConfigName",
            "status.$": "$.EndpointStatus",
            "weights.$": f"$.ProductionVariants[?(@.VariantName == '{CANARY}')].CurrentWeight",
        }
        asked = {"EndpointName": self._endpoint}
        return {**self._task("sagemaker:describeEndpoint", asked, following), "ResultSelector": found, "ResultPath": into}

    def alarms(self, following: str, unread: str) -> State:
        """Writes the names of the alarms that fire; goes to `unread` where they cannot be read."""
        found = {"firing.$": "$.MetricAlarms[?(@.StateValue == 'ALARM')].AlarmName"}
        asked = {"AlarmNames": list(self._alarms), "AlarmTypes": ["MetricAlarm"]}
        task = self._task("cloudwatch:describeAlarms", asked, following)
        return {**task, "ResultSelector": found, "ResultPath": "$.alarms", "Catch": _caught(unread)}

    def weigh(self, share: float, following: str, refused: str) -> State:
        """Gives the canary this percent of the traffic; SageMaker refuses where an update runs, and then it is looked at again."""
        weights = [{"VariantName": STABLE, "DesiredWeight": 100 - share}, {"VariantName": CANARY, "DesiredWeight": share}]
        asked = {"EndpointName": self._endpoint, "DesiredWeightsAndCapacities": weights}
        task = self._task("sagemaker:updateEndpointWeightsAndCapacities", asked, following)
        return {**task, "ResultPath": None, "Catch": _caught(refused)}

    def _task(self, action: str, parameters: Mapping[str, Any], following: str) -> State:
        retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 3, "BackoffRate": 2}
        resource = f"arn:{self._partition}:states:::aws-sdk:{action}"
        return {"Type": "Task", "Resource": resource, "Parameters": dict(parameters), "Retry": [retry], "Next": following}


def _begin(call: _Calls, first: float) -> States:
    """Whether the endpoint is where a rollout begins, and in which configuration: a later update is another rollout's matter."""
    begins = {**_weighs("$.begun", first), "Next": _watching(first)}
    return {
        "Look at the endpoint": call.look("$.begun", "Does its rollout begin?"),
        "Does its rollout begin?": {"Type": "Choice", "Choices": [begins], "Default": _LEFT_ALONE},
    }


def _watch(call: _Calls, rollout: CanaryRolloutPlan, share: float, following: str) -> States:
    """Looks at the alarms until the share has baked. A single long wait would hold up whoever deletes the state machine.

    Source: AWS knowledge center, "Why is my Step Functions state machine stuck in the DELETING status?".
    """
    at = f"at {share:g} %"
    looks = -(-rollout.bake_seconds // rollout.look_seconds)
    told = f"States.Format('The alarm {{}} fired while the canary had {share:g} percent of the traffic', $.alarms.firing[0])"
    unread = f"Nobody could read the alarms while the canary had {share:g} percent of the traffic"
    fires = {"Variable": "$.alarms.firing[0]", "IsPresent": True, "Next": f"Alarm {at}"}
    baked = {"Variable": "$.watched.looks", "NumericGreaterThanEquals": looks, "Next": following}
    count = {"looks.$": "States.MathAdd($.watched.looks, 1)"}
    return {
        _watching(share): {"Type": "Pass", "Result": {"looks": 1}, "ResultPath": "$.watched", "Next": f"Wait {at}"},
        f"Wait {at}": {"Type": "Wait", "Seconds": rollout.look_seconds, "Next": f"Read the alarms {at}"},
        f"Read the alarms {at}": call.alarms(f"Does an alarm fire {at}?", f"Unwatched {at}"),
        f"Does an alarm fire {at}?": {"Type": "Choice", "Choices": [fires, baked], "Default": f"Count {at}"},
        f"Count {at}": {"Type": "Pass", "Parameters": count, "ResultPath": "$.watched", "Next": f"Wait {at}"},
        f"Alarm {at}": {"Type": "Pass", "Parameters": {"cause.$": told}, "ResultPath": "$.why", "Next": _LOOK_BACK},
        f"Unwatched {at}": {"Type": "Pass", "Result": {"cause": unread}, "ResultPath": "$.why", "Next": _LOOK_BACK},
    }


def _move(call: _Calls, before: float, share: float) -> States:
    """From one share to the next, where nothing but this execution has moved it, and until the endpoint has it."""
    to, wait, arriving = f"to {share:g} %", f"Wait before {share:g} %", f"Look whether it is at {share:g} %"
    may = {"And": [_same(), _in_service(), _weighs("$.endpoint", before)], "Next": f"Go {to}"}
    there = {"And": [_same(), _in_service(), _weighs("$.endpoint", share)], "Next": _watching(share)}
    return {
        _looking(share): call.look("$.endpoint", f"May it go {to}?"),
        f"May it go {to}?": {"Type": "Choice", "Choices": [_updating(wait), may], "Default": _LEFT_ALONE},
        wait: {"Type": "Wait", "Seconds": _POLL_SECONDS, "Next": _looking(share)},
        f"Go {to}": call.weigh(share, f"Wait for {share:g} %", wait),
        f"Wait for {share:g} %": {"Type": "Wait", "Seconds": _POLL_SECONDS, "Next": arriving},
        arriving: call.look("$.endpoint", f"Is it at {share:g} %?"),
        f"Is it at {share:g} %?": {"Type": "Choice", "Choices": [_updating(f"Wait for {share:g} %"), there], "Default": _LEFT_ALONE},
    }


def _take_back(call: _Calls) -> States:
    """All traffic to the stable version, where it is still this execution's canary that has any."""
    wait, failed = "Wait before it is taken back", "It was taken back"
    gone = {"And": [_same(), _weighs("$.endpoint", 0)], "Next": failed}
    ours = {"And": [_same(), {"Variable": "$.endpoint.weights[0]", "IsPresent": True}], "Next": "Take it back"}
    return {
        _LOOK_BACK: call.look("$.endpoint", "May it be taken back?"),
        "May it be taken back?": {"Type": "Choice", "Choices": [_updating(wait), gone, ours], "Default": _LEFT_ALONE},
        wait: {"Type": "Wait", "Seconds": _POLL_SECONDS, "Next": _LOOK_BACK},
        "Take it back": call.weigh(0, failed, wait),
        failed: {"Type": "Fail", "Error": TAKEN_BACK, "CausePath": "$.why.cause"},
    }


def _watching(share: float) -> str:
    return f"Watch at {share:g} %"


def _looking(share: float) -> str:
    return f"Look before {share:g} %"


def _caught(following: str) -> list[State]:
    return [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.refused", "Next": following}]


def _weighs(place: str, share: float) -> State:
    weight = f"{place}.weights[0]"
    bounds = {"NumericGreaterThanEquals": share * (1 - _EXACT)}, {"NumericLessThanEquals": share * (1 + _EXACT)}
    return {"And": [{"Variable": weight, "IsPresent": True}, *({"Variable": weight, **bound} for bound in bounds)]}


def _same() -> State:
    return {"Variable": "$.endpoint.configuration", "StringEqualsPath": "$.begun.configuration"}


def _in_service() -> State:
    return {"Variable": "$.endpoint.status", "StringEquals": "InService"}


def _updating(following: str) -> State:
    statuses = [{"Variable": "$.endpoint.status", "StringEquals": status} for status in ("Updating", "SystemUpdating", "RollingBack")]
    return {"Or": statuses, "Next": following}
