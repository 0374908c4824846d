"""Exemptions: who may break which rule where, why, and until when."""

from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel


def _day(value: object) -> object:
    # Pulumi hands a date of a stack's configuration on as 2026-12-31 00:00:00 +0000 UTC.
    return value[:10] if isinstance(value, str) else value


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]


class Exemption(BaseModel):
    """One exemption. resource: pattern (`*` and `?`) of a resource's logical name, type or URN. expires: the last day on which it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True)

    check: str
    resource: Annotated[str, Field(min_length=1)]
    reason: Reason
    owner: Annotated[str, Field(min_length=2)]
    expires: Annotated[date, BeforeValidator(_day)]

    def covers(self, check: str, urn: str) -> bool:
        """Whether it speaks of this check on this resource."""
        kind = urn.split("::")[-2].rpartition("$")[2] if "::" in urn else ""
        named = (urn, urn.rpartition("::")[2], kind)
        return fnmatchcase(check, self.check) and any(fnmatchcase(each, self.resource) for each in named)

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.expires
