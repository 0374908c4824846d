"""How checks find a resource's neighbours: by what its properties come from, never by a value that may be known only later."""

from collections.abc import Iterable

from policies.view import View


def beside(view: View, kinds: Iterable[str], via: str | None = None) -> list[View]:
    """Resources of any of these types that refer to this one (with this property), each once."""
    found = {other.resource.urn: other for kind in kinds for other in view.referring(kind, via)}
    return list(found.values())


def sources(view: View, name: str, kinds: Iterable[str]) -> list[View]:
    """All resources of these types that a property's value comes from, in the program's order of reference."""
    listed = (view.program.resources.get(urn) for urn in view.resource.references.get(name, ()))
    wanted = set(kinds)
    return [View(each, view.program, view.parameters) for each in listed if each and each.type in wanted]


def everywhere(view: View, kinds: Iterable[str]) -> list[View]:
    """All resources of these types in the program."""
    return [View(each, view.program, view.parameters) for kind in kinds for each in view.program.of_type(kind)]
