"""Resources that are named by a literal word, not by a reference: found without going through the whole program each time."""

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from costs.resource import Program, Resource

_Index = dict[str, list[Resource]]
_INDEXES: WeakKeyDictionary[Program, dict[tuple[str, str, bool], _Index]] = WeakKeyDictionary()


def named(program: Program, kind: str, word: object, key: str = "name", *, in_path: bool = False) -> Sequence[Resource]:
    """The resources of a type whose property is this word (or a path that has it as one of its steps), in the program's order."""
    if not isinstance(word, str) or not word:
        return ()
    return _index(program, kind, key, in_path).get(word, ())


def _index(program: Program, kind: str, key: str, in_path: bool) -> Mapping[str, list[Resource]]:
    indexes = _INDEXES.setdefault(program, {})
    found = indexes.get((kind, key, in_path))
    if found is None:
        found = indexes[kind, key, in_path] = {}
        for resource in program.of_type(kind):
            value = resource.get(key)
            if isinstance(value, str) and value:
                for word in dict.fromkeys(value.split("/")) if in_path else (value,):
                    found.setdefault(word, []).append(resource)
    return found


def first(program: Program, kind: str, word: object, key: str = "name") -> Resource | None:
    """The first resource of a type that has this word, None where there is none."""
    return next(iter(named(program, kind, word, key)), None)
