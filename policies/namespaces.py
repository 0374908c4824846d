"""Where Kubernetes objects stand: their namespace, and what stands in it with them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import wraps
from typing import Any, Final

from costs.resource import Missing
from policies.check import Checks, Parameter, Problem, Rule
from policies.joins import everywhere
from policies.view import Undecided, View

_PATH: Final = "metadata.namespace"
NAMESPACE: Final = "kubernetes:core/v1:Namespace"
# What clouds and add-ons put into clusters runs as it must, and is theirs to answer for. Source: Kubernetes documentation, "Namespaces";
# Google Cloud, "GKE system namespaces"; Microsoft Learn, AKS, "Add-ons"; for the rest, where the add-ons' own documents put them.
_CLUSTERS: Final = ("kube-*", "gke-*", "gmp-*", "amazon-*", "azure-*", "aks-*", "calico-system", "gatekeeper-system", "tigera-operator")
_ADD_ONS: Final = ("drydock-*", "gpu-operator", "jobset-system", "karpenter", "keda", "kueue-system", "lws-system", "prometheus")
SYSTEM: Final = (*_CLUSTERS, *_ADD_ONS)
_CHARTS: Final = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart")


def namespace(view: View) -> str:
    """The namespace of an object, of a namespace its name; what is left out is its provider's, or `default`.

    One that comes from another object of the program, and is known only later as that object's output, is that object's. Raises Undecided.
    """
    path = "metadata.name" if view.resource.type == NAMESPACE else _PATH
    value = view.resource.get(path)
    if isinstance(value, Missing):
        return _inherited(view, path)
    if value:
        return str(value)
    if path != _PATH:
        # It has none before the engine makes one up.
        raise Undecided(path)
    provider = view.program.resources.get(view.resource.provider)
    given = provider.get("namespace") if provider else None
    if isinstance(given, Missing):
        raise Undecided(_PATH)
    return str(given or "default")


def _inherited(view: View, path: str) -> str:
    """The namespace of the objects that the metadata comes from, where it is one. Raises Undecided."""
    name = "namespace" if view.resource.type in _CHARTS else "metadata"
    listed = (view.program.resources.get(urn) for urn in view.resource.references.get(name, ()))
    found = {namespace(View(each, view.program, view.parameters)) for each in listed if each and each.package == "kubernetes"}
    if len(found) != 1:
        raise Undecided(path)
    return found.pop()


def beside(view: View, kinds: Iterable[str]) -> Iterator[View]:
    """Objects of these kinds in the same namespace of the same cluster.

    Raises Undecided after the last of them where it cannot be read of another whether it is one: what is found before is found for sure.
    """
    own, unsure = _Place(view), False
    for other in everywhere(view, kinds):
        same = own.shared(other)
        unsure = unsure or same is None
        if same:
            yield other
    if unsure:
        raise Undecided(_PATH)


class _Place:
    """A namespace of a cluster, known by its name or by the program's Namespace."""

    def __init__(self, view: View) -> None:
        self._cluster = view.resource.provider
        self._declared = _declared(view)
        self._name = _read(view)

    def shared(self, other: View) -> bool | None:
        """Whether another object stands there; None where that cannot be read."""
        if self._declared & _declared(other):
            return True
        if self._cluster and other.resource.provider not in ("", self._cluster):
            return False
        name = _read(other)
        return None if self._name is None or name is None else self._name == name


def _declared(view: View) -> set[str]:
    """The URNs of the Namespaces of the program that its metadata comes from; of a Namespace, itself."""
    if view.resource.type == NAMESPACE:
        return {view.resource.urn}
    listed = (*view.resource.references.get("metadata", ()), *view.resource.references.get("namespace", ()))
    return {urn for urn in listed if f"::{NAMESPACE}::" in urn or f"${NAMESPACE}::" in urn}


def _read(view: View) -> str | None:
    if view.resource.type in _CHARTS:
        return _of_chart(view)
    try:
        return namespace(view)
    except Undecided:
        return None


def _of_chart(view: View) -> str | None:
    value = view.resource.get("namespace")
    try:
        return _inherited(view, "namespace") if isinstance(value, Missing) else str(value or "default")
    except Undecided:
        return None


def holds_chart(view: View) -> bool:
    """Whether a chart is put into a Namespace: then what stands in it cannot all be seen. Raises Undecided."""
    return any(True for _ in beside(view, _CHARTS))


class NamespacedChecks(Checks):
    """Checks of what stands in namespaces; those that `exceptNamespaces` names are left alone."""

    def add(
        self, id: str, title: str, *types: str, parameters: Mapping[str, Parameter] | None = None, **told: Any
    ) -> Callable[[Rule], Rule]:
        """Makes a check of the rule that this decorates, with the parameter exceptNamespaces."""
        make = super().add(id, title, *types, parameters={"exceptNamespaces": SYSTEM, **(parameters or {})}, **told)

        def decorate(rule: Rule) -> Rule:
            make(_sparing(rule))
            return rule

        return decorate


def _sparing(rule: Rule) -> Rule:
    @wraps(rule)
    def spared(view: View) -> Iterator[Problem]:
        if _excepted(view):
            return
        for problem in rule(view):
            # Only where something is wrong does it matter which namespace it is in.
            if _read(view) is None and view.resource.get(_PATH) is not None:
                raise Undecided(_PATH)
            yield problem

    return spared


def _excepted(view: View) -> bool:
    name = _read(view)
    return name is not None and any(fnmatchcase(name, pattern) for pattern in view.parameters["exceptNamespaces"])
