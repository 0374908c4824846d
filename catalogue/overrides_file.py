"""The words of `prices.yaml`, and its faults in one line each."""

import difflib
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from catalogue.model import Machine


class OverridesInvalid(Exception):
    """A prices file that cannot be used; `lines` names every fault: path, value, what is allowed, the fix."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def _exact(given: object) -> object:
    """Numbers as they are written: YAML has made a float of 0.9, whose shortest text is 0.9 again."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return given
    try:
        return Decimal(str(given))
    except InvalidOperation:
        return given


def _day(given: object) -> object:
    try:
        return date.fromisoformat(given) if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given) else given
    except ValueError:
        return given


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z0-9*?\[\]-]+$")]
Usd = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, le=10_000_000, allow_inf_nan=False)]
Percent = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, lt=100, allow_inf_nan=False)]
Day = Annotated[date, BeforeValidator(_day)]
Provider = Literal["aws", "gcp", "azure"]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=False)


class OwnPrice(_Words):
    """What every own price and discount says of itself. region: a name or a pattern such as `eu-*`; left out: every region."""

    provider: Provider
    region: Region | None = None
    source: Text
    as_of: Day
    until: Day | None = None

    def precision(self) -> int:
        """How narrow the thing is that it is for; equal for all own prices, which are for one thing."""
        return 0

    def said(self) -> str:
        """What it is for, as a person would name it."""
        return f"{self.provider} {self.region or 'every region'}"


class OwnMachinePrice(OwnPrice):
    """USD an hour of one machine type."""

    machine: Name
    on_demand_usd_hour: Usd | None = None
    spot_usd_hour: Usd | None = None

    @model_validator(mode="after")
    def _has_a_price(self) -> "OwnMachinePrice":
        if self.on_demand_usd_hour is None and self.spot_usd_hour is None:
            raise ValueError("has no price; allowed: onDemandUsdHour, spotUsdHour or both; fix: add one")
        return self

    def said(self) -> str:
        """Provider, region, machine type."""
        return f"{super().said()} {self.machine}"


class OwnServicePrice(OwnPrice):
    """USD for one `unit` of a service's sku, in the price list's words (`GB-month`, `10k requests`)."""

    service: Name
    sku: Name
    usd: Usd
    unit: Text

    def said(self) -> str:
        """Provider, region, service/sku."""
        return f"{super().said()} {self.service}/{self.sku}"


class Discount(OwnPrice):
    """Percent off list prices: of a provider, or only of a service, its sku, a machine family or a machine type.

    It lowers on-demand and service prices; spot prices only with `spot: true`, since providers rarely discount them.
    """

    percent: Percent
    service: Name | None = None
    sku: Name | None = None
    family: Name | None = None
    machine: Name | None = None
    spot: bool = False

    @model_validator(mode="after")
    def _is_for_one_thing(self) -> "Discount":
        if self.service and (self.family or self.machine):
            raise ValueError("is for a service and for machines; allowed: one of service, family, machine; fix: make two discounts of it")
        if self.sku and not self.service:
            raise ValueError("has a sku without its service; allowed: sku beside service; fix: add the service")
        return self

    def precision(self) -> int:
        """1 of a whole provider, 2 of a service or family, 3 of a sku or machine type."""
        return 3 if self.sku or self.machine else 2 if self.service or self.family else 1

    def fits_machine(self, machine: Machine, *, spot: bool) -> bool:
        """Whether it is for this machine's price."""
        named = self.machine in (None, machine.instance_type) and self.family in (None, machine.family)
        return self.provider == machine.provider and self.service is None and named and (self.spot or not spot)

    def fits_service(self, provider: str, service: str, sku: str) -> bool:
        """Whether it is for this service's price."""
        named = self.service in (None, service) and self.sku in (None, sku)
        return self.provider == provider and not self.family and not self.machine and named

    def said(self) -> str:
        """Provider, region, what it is for, percent."""
        things = [thing for thing in (self.service, self.sku, self.family, self.machine) if thing]
        return f"{super().said()} {'/'.join(things) or 'everything'} less {self.percent:f} %"


class Section(_Words):
    """Prices of one account, or of everyone."""

    machines: tuple[OwnMachinePrice, ...] = Field(default=(), strict=False)
    services: tuple[OwnServicePrice, ...] = Field(default=(), strict=False)
    discounts: tuple[Discount, ...] = Field(default=(), strict=False)


class PricesFile(Section):
    """The whole file: prices of everyone at the top, those of one account under its id."""

    accounts: dict[str, Section] = Field(default_factory=dict)


def read_prices(file: Path, account: str | None = None) -> PricesFile:
    """The file's prices; account: must have a section. Raises OverridesInvalid with every fault, OSError where it cannot be read."""
    found = checked_prices(parsed(file.read_text(encoding="utf-8"), file.name), file.name)
    if account is not None and account not in found.accounts:
        known = ", ".join(found.accounts) or "none"
        raise OverridesInvalid(
            (f"{file.name}: accounts: '{account}' has no section; allowed: {known}; fix: add it, or name another account",)
        )
    return found


def parsed(text: str, name: str) -> object:
    """The YAML document. Raises OverridesInvalid where it is none."""
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.Constructor = _Plain
    try:
        found: object = yaml.load(text)
    except MarkedYAMLError as invalid:
        fault = cast(Any, invalid)
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        problem = " ".join(str(fault.problem).split())
        raise OverridesInvalid((f"{name}: line {line}: is no YAML ({problem}); fix: correct the line",)) from None
    except (YAMLError, ValueError) as fault:
        raise OverridesInvalid((f"{name}: is no YAML ({type(fault).__name__}); fix: correct the file",)) from None
    return {} if found is None else found


class _Plain(SafeConstructor):
    """Days stay text: YAML's own reading stops at 2026-13-01 without saying where it stands."""


cast(Any, _Plain).add_constructor("tag:yaml.org,2002:timestamp", cast(Any, SafeConstructor).construct_yaml_str)


def checked_prices(document: object, name: str) -> PricesFile:
    """The document as prices. Raises OverridesInvalid with every fault."""
    if not isinstance(document, dict):
        raise OverridesInvalid((f"{name}: is no mapping; allowed: machines, services, discounts, accounts; fix: begin with one of them",))
    try:
        return PricesFile.model_validate(document)
    except ValidationError as invalid:
        raise OverridesInvalid(tuple(dict.fromkeys(_line(name, error) for error in invalid.errors()))) from None


_ALLOWED = {
    "missing": "a value",
    "string_type": 'text; quote a number that is a name, such as "123456789012"',
    "invalid_key": 'text; quote a number that is a name, such as "123456789012"',
    "string_too_short": "text that is not empty",
    "string_too_long": "text of at most 300 characters",
    "date_type": "a day, such as 2026-11-25",
    "decimal_type": "a number, such as 0.95",
    "decimal_parsing": "a number, such as 0.95",
    "is_instance_of": "a number, such as 0.95",
    "finite_number": "a number, such as 0.95",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "string_pattern_mismatch": "a name without spaces",
}
_KEYS = {
    "machines": OwnMachinePrice,
    "services": OwnServicePrice,
    "discounts": Discount,
}


def _line(name: str, error: Any) -> str:
    """path: value problem; allowed: …; fix: …"""
    place = cast(tuple[str | int, ...], error["loc"])
    path = _path(place)
    kind, context = str(error["type"]), cast(dict[str, Any], error.get("ctx") or {})
    if kind == "extra_forbidden":
        allowed = _keys(place)
        near = difflib.get_close_matches(str(place[-1]), allowed, n=1)
        fix = f"write {near[0]}" if near else "remove it"
        return f"{name}: {path}: is not known; allowed: {', '.join(allowed)}; fix: {fix}"
    if kind == "missing":
        return f"{name}: {path}: is missing; allowed: {_missing(str(place[-1]))}; fix: add it"
    if kind == "value_error":
        return f"{name}: {path}: {context.get('error')}"
    allowed = _allowed(kind, context, error)
    return f"{name}: {path}: {_shown(error['input'])} is not allowed; allowed: {allowed}; fix: correct the value"


def _allowed(kind: str, context: dict[str, Any], error: Any) -> str:
    if kind in ("greater_than", "less_than", "less_than_equal"):
        word = {"greater_than": "more than", "less_than": "less than", "less_than_equal": "at most"}[kind]
        return f"{word} {context.get('gt', context.get('lt', context.get('le')))}"
    if kind == "literal_error":
        return str(context.get("expected"))
    return _ALLOWED.get(kind, str(error["msg"]))


def _missing(key: str) -> str:
    return {"asOf": "the day the price was agreed or read, such as 2026-11-25", "source": "where the price comes from, in words"}.get(
        key, "a value"
    )


def _keys(place: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] = PricesFile if len(place) == 1 else Section
    for part in place[:-1]:
        model = _KEYS.get(str(part), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _path(place: tuple[str | int, ...]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in place if part != "[key]")
    return "".join(parts).removeprefix(".")


def _shown(given: object) -> str:
    text = f"'{given}'" if isinstance(given, str) else str(given)
    return text if len(text) <= 60 else f"{text[:57]}…"
