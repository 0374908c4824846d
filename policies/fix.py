"""How a finding is mended, in the words of whoever wrote the program: a key of the environment file in our stacks, a property elsewhere."""

from collections.abc import Mapping

from costs.resource import Program, Resource, name_of

_OURS = "drydock:"
_NAME = "<name>"
_CLUSTER = ("cluster", "nodePools", "network")
# Sections of the environment file that a component is made from; the first holds it under its own name, where it has names.
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Bucket": ("storage", "network"),
    "BucketReplica": ("storage", "network"),
    "Network": ("network",),
    "Cluster": _CLUSTER,
    "NodeAddOns": _CLUSTER,
    "NodeRole": _CLUSTER,
    "Karpenter": _CLUSTER,
    "ClusterAutoscaler": _CLUSTER,
    "AddOn": _CLUSTER,
    "NodeLocalDns": _CLUSTER,
    "NodePool": ("nodePools", "cluster", "network"),
    "ContainerRegistry": ("registry", "network"),
    "Endpoint": ("endpoints", "models", "storage", "teams", "network"),
    "Workspace": ("network",),
    "Team": ("teams",),
    "Workload": ("workloads", "teams"),
}
# Keys of a section that do not reach a component of it: the logs of a copy would need a bucket in its region.
_UNREACHED: Mapping[str, tuple[str, ...]] = {"BucketReplica": ("storage.<name>.accessLogs",)}
# What many components stand in: told only where nothing nearer to them is.
_SHARED = ("cluster", "network")
_BASE = ("region", "stage", "owner", "costCenter", "labels")


def component_of(resource: Resource, program: Program) -> str:
    """The URN of the nearest Drydock component around a resource, empty where there is none or it cannot be seen."""
    urn = resource.parent
    while urn:
        if _kind(urn).startswith(_OURS):
            return urn
        around = program.resources.get(urn)
        urn = around.parent if around else None
    return ""


def is_ours(urn: str) -> bool:
    """Whether a Drydock component made the resource: its URN has the types of all that it stands in."""
    return any(kind.startswith(_OURS) for kind in _kinds(urn)[:-1])


def keys(check_key: str, urn: str, component: str) -> tuple[str, ...]:
    """The keys of the environment file that mend a resource of ours, of all those that a check knows (with commas between).

    `<name>` is the component's own name where it is known; it stays where the key is of something else, such as an endpoint's model.
    """
    kind = next((each for each in reversed(_kinds(urn)[:-1]) if each.startswith(_OURS)), "")
    word = kind.rpartition(":")[2]
    sections, unreached = _SECTIONS.get(word, ()), _UNREACHED.get(word, ())
    all_told = [each for each in check_key.split(", ") if each.partition(".")[0] in (*sections, *_BASE) and each not in unreached]
    far = {*_SHARED} - {*sections[:1]}
    told = [each for each in all_told if each.partition(".")[0] not in far] or all_told
    own = f"{sections[0]}.{name_of(component)}" if sections and component else ""
    return tuple(each.replace(f"{sections[0]}.{_NAME}", own, 1) if own else each for each in told)


def told_fix(fix: str, check_key: str, urn: str, component: str) -> str:
    """How to mend it: of our own resources by the environment file, or that Drydock decides this; of others by the property."""
    if not is_ours(urn):
        return fix
    found = keys(check_key, urn, component)
    if found:
        return f"change {' or '.join(found)} in the environment file ({fix})"
    return f"no key of the environment file sets this: report it to Drydock, or exempt it in drydock:policies ({fix})"


def _kinds(urn: str) -> list[str]:
    return urn.split("::", 3)[2].split("$") if urn.count("::") > 2 else []


def _kind(urn: str) -> str:
    return _kinds(urn)[-1] if _kinds(urn) else ""
