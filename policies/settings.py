"""What can be set: a profile, levels and parameters of checks, exemptions, a budget."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError
from pydantic.alias_generators import to_camel

from policies.check import Check, Level
from policies.exemption import Exemption

Profile = Literal["dev", "prod", "regulated"]


_BOUNDS = {
    "monthly_usd",
    "worst_monthly_usd",
    "hourly_usd",
    "component_monthly_usd",
    "baseline",
    "increase_percent",
    "unpriced_percent",
}


# What pydantic says of these faults is written for programmers.
_ALLOWED = {"bool_type": "true | false", "extra_forbidden": "the keys of docs/policies.md, Settings"}


class SettingsInvalid(Exception):
    """Settings that cannot be used; the text has one line for each fault."""


class CheckSettings(BaseModel):
    """What is set for one check. remediate: whether its violations are mended, where something else holds than for all."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True)

    level: Level | None = None
    parameters: Mapping[str, Any] = Field(default_factory=dict)
    remediate: StrictBool | None = None


class Settings(BaseModel):
    """All settings. undecided: the level of a check that cannot decide yet.

    monthlyUsd, worstMonthlyUsd, hourlyUsd: of the whole program, expected, at its most, and an hour. componentMonthlyUsd: of one component.
    baseline: a file with an earlier estimate (`drydock cost --format json`); increasePercent: how much more a change may cost.
    unpricedPercent: share of billed resources without a known price. remediate: whether violations are mended where a check has a remedy.
    labels: the labels and tags that a remedy sets where they are missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True)

    profile: Profile = "prod"
    undecided: Level = "advisory"
    checks: Mapping[str, CheckSettings] = Field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()
    monthly_usd: float | None = Field(default=None, ge=0)
    worst_monthly_usd: float | None = Field(default=None, ge=0)
    hourly_usd: float | None = Field(default=None, ge=0)
    component_monthly_usd: float | None = Field(default=None, ge=0)
    baseline: str | None = None
    increase_percent: float | None = Field(default=None, ge=0)
    unpriced_percent: float | None = Field(default=None, ge=0, le=100)
    remediate: StrictBool = False
    labels: Mapping[str, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)

    def level(self, check: Check) -> Level:
        """The level of a check: what is set for it, what the profile says, or its own."""
        told = self.checks.get(check.id)
        return (told.level if told and told.level else None) or check.profiles.get(self.profile, check.level)

    def remediates(self, check: Check) -> bool:
        """Whether a check's violations are to be mended: what is set for it, or for all; never those of a check that is off."""
        told = self.checks.get(check.id)
        wanted = self.remediate if told is None or told.remediate is None else told.remediate
        return wanted and check.remedy is not None and self.level(check) != "disabled"

    def parameters(self, check: Check) -> dict[str, Any]:
        """The parameters of a check, with the profile's stage for resources that do not say theirs, bounds on money, values of labels."""
        told = self.checks.get(check.id)
        stage = "dev" if self.profile == "dev" else "prod"
        return {"stage": stage, "labelValues": self.labels, **check.parameters, **self.bounds, **(told.parameters if told else {})}

    def over(self, today: date | None = None) -> list[str]:
        """A line for each exemption whose last day is over."""
        now = today or date.today()
        return [
            f"exemption of {each.check} for {each.resource} expired on {each.expires}; fix: {each.owner} mends it or renews it"
            for each in self.exemptions
            if each.expired(now)
        ]

    @property
    def bounds(self) -> dict[str, Any]:
        """The bounds on money that are set, by their names in a file."""
        return self.model_dump(include=_BOUNDS, exclude_none=True, by_alias=True)


def settings(given: Mapping[str, Any], checks: Iterable[Check]) -> Settings:
    """Settings from a mapping (the pack's configuration, or a file). Raises SettingsInvalid with every fault."""
    known = {check.id: check for check in checks}
    try:
        found = Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsInvalid("\n".join(_line(each) for each in error.errors())) from None
    faults = [*_check_faults(found, known), *_exemption_faults(found, known)]
    if faults:
        raise SettingsInvalid("\n".join(faults))
    return found


def _line(error: Any) -> str:
    path = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return f"{path}: is missing; allowed: a value, see docs/policies.md, Settings; fix: add it"
    allowed = _ALLOWED.get(error["type"]) or re.sub("^(Input|String) should (be|have) ", "", error["msg"])
    return f"{path}: '{error['input']}' is wrong; allowed: {allowed}; fix: correct {path}"


def _check_faults(found: Settings, known: Mapping[str, Check]) -> Iterable[str]:
    for name, told in found.checks.items():
        if name not in known:
            yield f"checks.{name}: is no check; {_near(name, known)}"
            continue
        for parameter, value in told.parameters.items():
            default = known[name].parameters.get(parameter)
            if default is None:
                allowed = " | ".join(known[name].parameters) or "no parameters"
                yield f"checks.{name}.parameters.{parameter}: is no parameter of it; allowed: {allowed}; fix: remove it"
            elif not _alike(default, value):
                yield f"checks.{name}.parameters.{parameter}: '{value}' is wrong; allowed: something like {default!r}; fix: correct it"
        if told.remediate and known[name].remedy is None:
            yield f"checks.{name}.remediate: nothing mends it; allowed for: {_mendable(name, known)}; fix: remove it, and mend it by hand"


def _mendable(name: str, known: Mapping[str, Check]) -> str:
    """The checks with a remedy that are of the same kind, such as DD-STORAGE; all of them where none is."""
    found = [each.id for each in known.values() if each.remedy]
    kind = name.rpartition("-")[0]
    return " | ".join([each for each in found if each.rpartition("-")[0] == kind] or found) or "none of these checks"


def _alike(default: object, value: object) -> bool:
    if isinstance(default, tuple):
        return isinstance(value, list | tuple)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    return isinstance(value, int | float) if isinstance(default, int | float) else isinstance(value, str)


def _exemption_faults(found: Settings, known: Mapping[str, Check]) -> Iterable[str]:
    for at, exemption in enumerate(found.exemptions):
        if "*" not in exemption.check and exemption.check not in known:
            yield f"exemptions.{at}.check: '{exemption.check}' is no check; {_near(exemption.check, known)}"


def _near(name: str, known: Mapping[str, Check]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"allowed: an id of docs/policies.md; fix: {f'write {near[0]}' if near else 'remove it'}"
