"""Which pods a Kubernetes label selector means. Source: Kubernetes documentation, "Labels and Selectors"."""

from collections.abc import Mapping

from policies.part import Part


def selects(selector: Part, labels: Mapping[str, str]) -> bool:
    """Whether a selector with matchLabels and matchExpressions means pods with these labels; an empty one means all. Raises Undecided."""
    wanted = selector.known("matchLabels")
    return wanted.items() <= labels.items() and all(_met(each, labels) for each in selector.each("matchExpressions"))


def _met(expression: Part, labels: Mapping[str, str]) -> bool:
    key, operator = expression.text("key"), expression.text("operator")
    if operator in ("Exists", "DoesNotExist"):
        return (key in labels) == (operator == "Exists")
    # NotIn also means pods that have no such label.
    return (labels.get(key) in expression.texts("values")) == (operator == "In")
