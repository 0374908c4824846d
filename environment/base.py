"""What every part of an environment file shares: strict, frozen, camelCase."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel


class Part(BaseModel):
    """One mapping of an environment file: unknown keys are errors, numbers written as text too."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_camel, validate_by_name=False, validate_by_alias=True
    )


def _whole(value: object) -> object:
    # The engine hands structured configuration over as JSON, where 30 may come back as 30.0.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


Whole = BeforeValidator(_whole)
Listed = BeforeValidator(_listed)
Days = Annotated[int, Whole, Field(ge=1, le=36_500)]
DaysOrNone = Annotated[int, Whole, Field(ge=0, le=36_500)]
Quantity = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=1, max_length=24)]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$", max_length=63)]


Cidr = Annotated[str, StringConstraints(pattern=r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$")]


class Band(Part):
    """A quantity that nobody knows exactly: low ≤ expected ≤ high, in the unit that its key names."""

    low: Quantity
    expected: Quantity
    high: Quantity
