"""What the environment file may hold at a place: its keys and its words, read from the models."""

import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from environment.model import Environment

Location = tuple[int | str, ...]


def keys_at(location: Location) -> list[str]:
    """The keys that the mapping at this place may have; none where any name is allowed, or where no mapping belongs."""
    found = _at(location)
    return [field.alias or name for name, field in found.model_fields.items()] if _is_part(found) else []


def words_at(location: Location) -> list[str]:
    """The words that may stand at this place; none where it is not a choice of words."""
    found = _at(location)
    return list(get_args(found)) if get_origin(found) is Literal else []


def _at(location: Location) -> Any:
    found: Any = Environment
    for part in location:
        found = _step(found, str(part))
    return found


def _step(annotation: Any, key: str) -> Any:
    if _is_part(annotation):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        return _bare(fields.get(key))
    if get_origin(annotation) is tuple:
        return _bare(get_args(annotation)[0])
    return _bare(get_args(annotation)[1]) if get_origin(annotation) is Mapping else None


def _bare(annotation: Any) -> Any:
    """The annotation without Annotated[…] and without the None of an optional key."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(choice for choice in get_args(annotation) if choice is not type(None)))
    return annotation


def _is_part(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
