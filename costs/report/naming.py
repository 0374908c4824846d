"""What a URN or a plan's id tells a reader."""

from collections import Counter
from collections.abc import Iterable, Mapping

from costs.commitments import CommitmentOption
from costs.resource import name_of

_PLANS: Mapping[str, str] = {
    "reserved-standard": "reserved instance (reserved-standard)",
    "ec2-instance-savings-plan": "EC2 instance savings plan",
    "compute-savings-plan": "compute savings plan",
    "sagemaker-savings-plan": "SageMaker savings plan",
    "resource-cud": "resource-based committed use",
    "compute-flexible-cud": "flexible committed use",
    "reservation": "reservation",
    "savings-plan-for-compute": "savings plan for compute",
    "spot": "spot",
}


def kind_of(urn: str) -> str:
    """The resource's own type in a URN, without its parents' types: `aws:eks/nodeGroup:NodeGroup`."""
    return urn.split("::", 3)[2].rpartition("$")[2] if urn.count("::") > 2 else ""


def kind_word(urn: str) -> str:
    """The last word of its type: `NodeGroup`."""
    return kind_of(urn).rpartition(":")[2]


def told_apart(urns: Iterable[str]) -> dict[str, str]:
    """A name for each: its own, with the word for its kind where others are called the same, with the whole type where that is the same."""
    known = list(dict.fromkeys(urns))
    forms = [{urn: " ".join(part for part in parts(urn) if part) for urn in known} for parts in (_name, _worded, _typed)]
    counts = [Counter(form.values()) for form in forms]
    return {urn: next((form[urn] for form, of in zip(forms, counts, strict=True) if of[form[urn]] == 1), forms[-1][urn]) for urn in known}


def _name(urn: str) -> tuple[str, ...]:
    return (name_of(urn),)


def _worded(urn: str) -> tuple[str, ...]:
    return name_of(urn), kind_word(urn)


def _typed(urn: str) -> tuple[str, ...]:
    return name_of(urn), urn.split("::", 3)[2] if urn.count("::") > 2 else ""


def plan_words(plan: str) -> str:
    """A way to pay under the name that its cloud gives it; an id that is not known here as it is."""
    return _PLANS.get(plan, plan)


def option_words(option: CommitmentOption) -> str:
    """The plan's readable name with its term and payment: `EC2 instance savings plan, 1 year, no-upfront`."""
    return f"{plan_words(option.plan)}{option.words.removeprefix(option.plan)}"
