"""What happens during a rehearsal besides the plan: latencies, quotas, shortages, faults, and what is there before.

A scenario is a YAML file; `scenarios/calm.yaml` is the default and `scenarios/rough.yaml` shows every word.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

SCENARIOS: Final = Path(__file__).parent / "scenarios"

Operation = Literal["create", "read", "update", "delete"]
Market = Literal["onDemand", "spot", "flexStart", "reserved", "block"]
FaultKind = Literal["error", "timeoutAfterCreate", "lostConnection", "lostAnswer"]


class ScenarioError(ValueError):
    """A scenario file that cannot be used; one line for each thing that is wrong."""


class _Loader(yaml.SafeLoader):
    """Reads `on` as a word: only `true` and `false` are booleans, as in YAML 1.2."""


_BOOLEAN: Final = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in resolvers if pair[0] != _BOOLEAN] + ([(_BOOLEAN, re.compile(r"^(true|false)$"))] if first in "tf" else [])
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Quota(_Words):
    """At most `limit` resources whose type matches the shell pattern, in a region or in each of them."""

    type: str
    limit: Annotated[int, Field(ge=0)]
    region: str | None = None


class Shortage(_Words):
    """A machine type (or any other value, such as an accelerator) that a region or zone has none of, in a market or in all.

    For nodes `machine` is a shell pattern.
    """

    machine: str
    region: str | None = None
    zone: str | None = None
    market: Market | None = None
    reason: str = "capacity is not available at the moment"


class MachineQuota(_Words):
    """The account's limit on vCPUs, GPUs or TPU chips, in a region or in each; `quota` is the cloud's name or code of it, or a pattern."""

    quota: str
    limit: Annotated[float, Field(ge=0)]
    region: str | None = None


class Stock(_Words):
    """What a region or zone has of a machine type (a shell pattern; `available` counts machines) or of an accelerator (counts those)."""

    machine: str | None = None
    accelerator: str | None = None
    available: Annotated[int, Field(ge=0)]
    market: Market | None = None
    region: str | None = None
    zone: str | None = None

    @model_validator(mode="after")
    def _of_one_thing(self) -> Stock:
        if (self.machine is None) == (self.accelerator is None):
            raise ValueError("needs either machine (a type such as g6.xlarge, a pattern such as g6.*) or accelerator (such as L4)")
        return self


class Fault(_Words):
    """Something that goes wrong with the nth operation on a type.

    `error`: refused, nothing made. `timeoutAfterCreate`: made, but it did not become ready in time; the engine
    knows it. `lostConnection`: the request does not reach the cloud. `lostAnswer`: made, but the engine is not told.
    status: the HTTP status of an `error` of an API that is called over HTTP (429, 503 …); 409 where nothing is said.
    """

    on: Operation
    type: str
    nth: Annotated[int, Field(ge=1)] = 1
    kind: FaultKind = "error"
    message: str | None = None
    status: Annotated[int, Field(ge=400, le=599)] | None = None

    @model_validator(mode="after")
    def _has_a_status(self) -> Fault:
        if self.status is not None and (self.kind != "error" or ".googleapis.com/" not in self.type):
            raise ValueError("status is of kind: error on a type of an HTTP API, such as aiplatform.googleapis.com/Model; leave it out")
        return self

    @model_validator(mode="after")
    def _made_only_by_a_create(self) -> Fault:
        if self.kind == "timeoutAfterCreate" and self.on != "create":
            raise ValueError(f"kind timeoutAfterCreate needs on: create, not {self.on}; write kind: error or lostAnswer instead")
        return self


class Existing(_Words):
    """A resource that is in the cloud before the program runs and belongs to nobody's stack."""

    type: str
    id: str | None = None
    name: str | None = None
    region: str | None = None
    properties: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_be_found(self) -> Existing:
        if self.id is None and self.name is None:
            raise ValueError("needs an id or a name by which the program finds it")
        return self


class Scenario(_Words):
    """One course of events for a rehearsal; equal scenarios and programs give equal rehearsals.

    new_account: where machine_quotas say nothing, the account has the limits that a new one gets: 0 for most GPUs.
    firing_alarms: shell patterns of names of alarms that go off during an update which looks at them.
    assume_existing: whatever a program looks up is taken to be there, with what the question tells of it: for a preview of a program
    whose surroundings nobody described.
    """

    latency_scale: Annotated[float, Field(ge=0, le=10)] = 0
    quotas: tuple[Quota, ...] = ()
    machine_quotas: tuple[MachineQuota, ...] = ()
    new_account: bool = False
    shortages: tuple[Shortage, ...] = ()
    stock: tuple[Stock, ...] = ()
    faults: tuple[Fault, ...] = ()
    firing_alarms: tuple[str, ...] = ()
    existing: tuple[Existing, ...] = ()
    assume_existing: bool = False
    available_regions: tuple[str, ...] = ()


def load(path: Path = SCENARIOS / "calm.yaml") -> Scenario:
    """Read a scenario file.

    Raises ScenarioError with one line for each fault: the path in the file, the value and what is allowed.
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}; give the path of a scenario file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: is not YAML: {' '.join(str(error).split())}") from error
    return parse(document, str(path))


def parse(document: object, source: str = "scenario") -> Scenario:
    """Give the scenario that a decoded YAML document describes; an empty one is calm. Raises ScenarioError as `load` does."""
    try:
        return Scenario.model_validate({} if document is None else document)
    except ValidationError as error:
        raise ScenarioError("\n".join(_line(source, fault) for fault in error.errors())) from error


def _line(source: str, fault: Any) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in fault["loc"]).lstrip(".") or "the file"
    if fault["type"] == "extra_forbidden":
        return f"{source}: {path}: unknown word; allowed here: {', '.join(_allowed(fault['loc']))}"
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{source}: {path}: {reason}" + ("" if fault["type"] in ("missing", "value_error") else f", not {fault['input']!r}")


def _allowed(path: tuple[str | int, ...]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "quotas": Quota,
        "machineQuotas": MachineQuota,
        "shortages": Shortage,
        "stock": Stock,
        "faults": Fault,
        "existing": Existing,
    }
    model = models.get(str(path[0]), Scenario) if len(path) > 1 else Scenario
    return [field.alias or name for name, field in model.model_fields.items()]
