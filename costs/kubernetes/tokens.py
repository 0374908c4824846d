"""Type tokens of the Kubernetes provider: one kind under every version of its API group."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from costs.resource import Missing, Program, Resource

# Versions under which the groups that are priced or free here have been served; a token that nobody uses costs nothing to know.
_VERSIONS: Final = (
    *("v1", "v1alpha1", "v1alpha2", "v1alpha3", "v1beta1", "v1beta2", "v1beta3"),
    *("v2", "v2alpha1", "v2beta1", "v2beta2", "v3", "v3alpha1"),
)


def tokens(group: str, *kinds: str) -> list[str]:
    """Every token of these kinds: `kubernetes:apps/v1:Deployment`, `kubernetes:apps/v1beta1:Deployment` …"""
    return [f"kubernetes:{group}/{version}:{kind}" for kind in kinds for version in _VERSIONS]


def declared(program: Program, kinds: Iterable[str]) -> list[Resource]:
    """The program's resources of these types."""
    return [resource for kind in kinds for resource in program.of_type(kind)]


def meta(resource: Resource) -> str:
    """Its name in the cluster; empty where Kubernetes or Pulumi makes one up, or it is not known yet."""
    name = resource.get("metadata.name")
    return name if isinstance(name, str) else ""


def namespace(resource: Resource) -> Any:
    """Its namespace: `default` where it is left out, UNKNOWN or SECRET where it cannot be read."""
    found = resource.get("metadata.namespace")
    return "default" if found is None or found == "" else found


def annotation(resource: Resource, name: str) -> str:
    """The value of an annotation, empty where there is none. Its name may have dots, which a path cannot."""
    value = mapping(resource.get("metadata.annotations")).get(name)
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping as it is, anything else as an empty one."""
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a list; anything else as none."""
    listed = cast(list[Any], value) if isinstance(value, list | tuple) else []
    return [cast(Mapping[str, Any], each) for each in listed if isinstance(each, Mapping)]


def deep(value: Any, path: str) -> Any:
    """The value at a dotted path of a mapping; None where there is none, UNKNOWN or SECRET where it cannot be read."""
    for step in path.split("."):
        if isinstance(value, Missing):
            return value
        value = mapping(value).get(step)
    return value
