"""Policy documents of AWS IAM as checks read them: who may do what to what, on which conditions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_network
from typing import Any, cast

from costs.resource import Missing
from policies.view import Undecided, View

# Conditions on these bound who is meant, wherever their values are fixed. Source: Amazon S3 User Guide, "The meaning of 'public'"; IAM User
# Guide, "AWS global condition context keys"; AWS KMS and Lambda Developer Guides (kms:CallerAccount, lambda:…).
_NARROWING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
}
_POSITIVE = ("stringequals", "stringlike", "arnequals", "arnlike", "ipaddress")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement.

    principals: (kind, name), such as ("AWS", "*"). conditions: (operator, key, values), the first two in lower case.
    excepting: it says NotAction, NotResource or NotPrincipal, and so speaks of all others.
    """

    path: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    excepting: bool

    @property
    def allows(self) -> bool:
        """Whether it allows rather than denies."""
        return self.effect == "Allow"

    def covers(self, action: str) -> bool:
        """Whether its actions include this one; IAM compares them without regard to case."""
        return any(fnmatchcase(action.lower(), each.lower()) for each in self.actions)

    @property
    def any_resource(self) -> bool:
        """Whether it speaks of every resource."""
        return "*" in self.resources

    @property
    def anybody(self) -> bool:
        """Whether its principal is everybody."""
        return any(name == "*" and kind in ("*", "AWS") for kind, name in self.principals)

    @property
    def narrowed(self) -> bool:
        """Whether a condition with fixed values bounds who is meant; one that holds where the key is absent bounds nobody."""
        return any(_bounds(*condition) for condition in self.conditions)

    @property
    def open(self) -> bool:
        """Whether it lets everybody in."""
        return self.allows and self.anybody and not self.narrowed


def statements(view: View, path: str = "policy") -> Iterator[Statement]:
    """The statements of the document at a path, JSON or a mapping; none where it is no document, which AWS refuses itself.

    Raises Undecided where a part of it cannot be read.
    """
    document = _document(view.get(path))
    listed = document.get("Statement", document.get("statement"))
    for at, each in enumerate(_list(listed, path)):
        where = f"{path}.Statement.{at}"
        if isinstance(each, dict):
            yield _statement(where, cast(dict[str, Any], each))
        elif isinstance(each, Missing):
            raise Undecided(where)


def _document(value: object) -> Mapping[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _statement(path: str, given: Mapping[str, Any]) -> Statement:
    told = {name[:1].upper() + name[1:]: value for name, value in given.items()}
    excepting = [name for name in ("NotAction", "NotResource", "NotPrincipal") if told.get(name)]
    return Statement(
        path=path,
        effect=str(told.get("Effect")),
        actions=("*",) if told.get("NotAction") else _texts(told.get("Action"), f"{path}.Action"),
        resources=("*",) if told.get("NotResource") else _texts(told.get("Resource"), f"{path}.Resource"),
        principals=(("*", "*"),) if told.get("NotPrincipal") else tuple(_principals(told.get("Principal"), f"{path}.Principal")),
        conditions=tuple(_conditions(told.get("Condition"), f"{path}.Condition")),
        excepting=bool(excepting),
    )


def _list(value: object, path: str) -> list[Any]:
    if isinstance(value, Missing):
        raise Undecided(path)
    if value is None:
        return []
    return [*cast(list[Any], value)] if isinstance(value, list | tuple) else [value]


def _texts(value: object, path: str) -> tuple[str, ...]:
    found = _list(value, path)
    if any(isinstance(each, Missing) for each in found):
        raise Undecided(path)
    return tuple(map(str, found))


def _principals(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for kind, names in cast(dict[str, Any], value).items():
            yield from ((kind, name) for name in _texts(names, f"{path}.{kind}"))
    else:
        yield from (("*", name) for name in _texts(value, path))


def _conditions(value: object, path: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator, keys in _mapping(value, path).items():
        for key, values in _mapping(keys, f"{path}.{operator}").items():
            yield operator.lower(), key.lower(), _texts(values, f"{path}.{operator}.{key}")


def _mapping(value: object, path: str) -> Mapping[str, Any]:
    if isinstance(value, Missing):
        raise Undecided(path)
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _bounds(operator: str, key: str, values: tuple[str, ...]) -> bool:
    kind = operator.rpartition(":")[2]
    if key not in _NARROWING or not kind.startswith(_POSITIVE) or kind.endswith("ifexists"):
        return False
    return bool(values) and not any(_everything(each) for each in values)


def _everything(value: str) -> bool:
    try:
        return ip_network(value).prefixlen == 0
    except ValueError:
        return not value.strip("*")
