"""Walks the states of a definition in the Amazon States Language (JSONPath) on a clock of its own, and a SageMaker endpoint to act on.

As much of the language as a rollout uses. Source: Amazon States Language specification, https://states-language.net/spec.html.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# An update of weights takes some time, in which SageMaker refuses another. Source: UpdateEndpointWeightsAndCapacities.
UPDATE_SECONDS = 50
_MOST_STATES = 20_000
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]|\[\?\(@\.(?P<field>\w+) == '(?P<value>[^']*)'\)\]")


class Refused(Exception):
    """A call that an API turns down."""


@dataclass
class Endpoint:
    """An endpoint with a stable version and a canary, and its alarms. at: what happens at a second, once the clock is there.

    blind: nobody can read the alarms. broken: it is out of service. shares: every share that the canary was given, with the second.
    """

    canary: float | None
    configuration: str = "first"
    at: dict[int, Callable[["Endpoint"], None]] = field(default_factory=dict)
    firing: set[str] = field(default_factory=set)
    blind: bool = False
    broken: bool = False
    now: int = 0
    busy_until: int = 0
    shares: list[tuple[int, float]] = field(default_factory=list)
    _asked: float | None = None

    def wait(self, seconds: int) -> None:
        until = self.now + seconds
        for moment in sorted(each for each in self.at if self.now < each <= until):
            self.now = moment
            self.at.pop(moment)(self)
        self.now = until
        if self._asked is not None and self.now >= self.busy_until:
            self.canary, self._asked = self._asked, None

    def change(self, configuration: str, canary: float | None) -> None:
        """What somebody else does: another configuration, or another share; an update that was under way comes to nothing."""
        self.configuration, self.canary, self._asked = configuration, canary, None

    def call(self, resource: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        action = resource.rpartition("aws-sdk:")[2]
        return {
            "sagemaker:describeEndpoint": self._describe,
            "sagemaker:updateEndpointWeightsAndCapacities": self._weigh,
            "cloudwatch:describeAlarms": self._alarms,
        }[action](asked)

    def _describe(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        assert set(asked) == {"EndpointName"}
        weights = {"stable": None if self.canary is None else 100 - self.canary, "canary": self.canary}
        variants = [{"VariantName": name, "CurrentWeight": weight} for name, weight in weights.items() if weight is not None]
        status = "Failed" if self.broken else "Updating" if self.now < self.busy_until else "InService"
        return {"EndpointConfigName": self.configuration, "EndpointStatus": status, "ProductionVariants": variants}

    def _weigh(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if self.now < self.busy_until:
            raise Refused("Cannot update in-progress endpoint")
        weights = {each["VariantName"]: each["DesiredWeight"] for each in asked["DesiredWeightsAndCapacities"]}
        assert set(weights) == {"stable", "canary"}
        assert sum(weights.values()) == 100
        self._asked, self.busy_until = weights["canary"], self.now + UPDATE_SECONDS
        self.shares.append((self.now, weights["canary"]))
        return {"EndpointArn": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/fraud"}

    def _alarms(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if self.blind:
            raise Refused("AccessDenied")
        named = [{"AlarmName": name, "StateValue": "ALARM" if name in self.firing else "OK"} for name in asked["AlarmNames"]]
        return {"MetricAlarms": named, "CompositeAlarms": []}


@dataclass(frozen=True)
class Walk:
    """Where it ended: the state's type, and why, of one that failed. states: the names that were passed."""

    ended: str
    cause: str
    states: list[str]


class Walker:
    """One execution of a definition, step by step."""

    def __init__(self, definition: Mapping[str, Any], endpoint: Endpoint) -> None:
        self._definition = json.loads(json.dumps(definition))
        self._endpoint = endpoint
        self._data: Any = {"detail": {"EndpointStatus": "IN_SERVICE"}}
        self._states: list[str] = []

    def walk(self) -> Walk:
        name = self._definition["StartAt"]
        while len(self._states) < _MOST_STATES:
            self._states.append(name)
            state = self._definition["States"][name]
            if state["Type"] in ("Succeed", "Fail"):
                return Walk(state["Type"], str(read(self._data, state["CausePath"])) if "CausePath" in state else "", self._states)
            name = {"Task": self._task, "Pass": self._pass, "Wait": self._wait, "Choice": self._choice}[state["Type"]](state)
        raise AssertionError(f"it goes round without end: {self._states[-8:]}")

    def _task(self, state: Mapping[str, Any]) -> str:
        try:
            found: Any = self._endpoint.call(state["Resource"], filled(state["Parameters"], self._data))
        except Refused as refused:
            self._put("$.refused", {"Error": "States.TaskFailed", "Cause": str(refused)})
            return state["Catch"][0]["Next"]
        if "ResultSelector" in state:
            found = filled(state["ResultSelector"], found)
        self._put(state.get("ResultPath", "$"), found)
        return state["Next"]

    def _pass(self, state: Mapping[str, Any]) -> str:
        found = state["Result"] if "Result" in state else filled(state["Parameters"], self._data)
        self._put(state["ResultPath"], found)
        return state["Next"]

    def _wait(self, state: Mapping[str, Any]) -> str:
        self._endpoint.wait(state["Seconds"])
        return state["Next"]

    def _choice(self, state: Mapping[str, Any]) -> str:
        return next((rule["Next"] for rule in state["Choices"] if holds(rule, self._data)), state["Default"])

    def _put(self, path: str | None, value: Any) -> None:
        if path == "$":
            self._data = value
        elif path is not None:
            assert path.count(".") == 1, path
            self._data = {**self._data, path.removeprefix("$."): value}


def holds(rule: Mapping[str, Any], data: Any) -> bool:
    """Whether a rule of a choice holds. Raises KeyError or IndexError for a path that leads nowhere, which ends an execution."""
    if "And" in rule:
        return all(holds(each, data) for each in rule["And"])
    if "Or" in rule:
        return any(holds(each, data) for each in rule["Or"])
    if "IsPresent" in rule:
        try:
            read(data, rule["Variable"])
        except (KeyError, IndexError):
            return not rule["IsPresent"]
        return rule["IsPresent"]
    found = read(data, rule["Variable"])
    tests: dict[str, Callable[[Any], bool]] = {
        "StringEquals": lambda told: found == told,
        "StringEqualsPath": lambda told: found == read(data, told),
        "NumericGreaterThanEquals": lambda told: found >= told,
        "NumericLessThanEquals": lambda told: found <= told,
    }
    (name,) = set(rule) - {"Variable", "Next"}
    return tests[name](rule[name])


def filled(template: Any, data: Any) -> Any:
    """A template's fields, those that end in .$ read from the data."""
    if isinstance(template, dict):
        return {
            key.removesuffix(".$"): evaluated(value, data) if key.endswith(".$") else filled(value, data) for key, value in template.items()
        }
    return [filled(each, data) for each in template] if isinstance(template, list) else template


def evaluated(expression: str, data: Any) -> Any:
    """What a path or one of two intrinsic functions gives."""
    if added := re.fullmatch(r"States\.MathAdd\((.+), (\d+)\)", expression):
        return read(data, added[1]) + int(added[2])
    if formatted := re.fullmatch(r"States\.Format\('([^']*)', (.+)\)", expression):
        return formatted[1].replace("{}", str(read(data, formatted[2])))
    return read(data, expression)


def read(data: Any, path: str) -> Any:
    """What lies at a path; after a filter, a list of what lies at the rest of it. Raises KeyError or IndexError where nothing does."""
    assert path.startswith("$")
    steps = list(_STEP.finditer(path))
    assert "".join(step[0] for step in steps) == path[1:], path
    found, several = data, False
    for step in steps:
        if step["field"]:
            found, several = [each for each in found if each[step["field"]] == step["value"]], True
        elif step["name"]:
            found = [each[step["name"]] for each in found] if several else found[step["name"]]
        else:
            found = found[int(step["index"])]
    return found
