"""Labels and tags: whose a resource is, who pays for it, and what it is for."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from catalogue.rows import rows
from costs.resource import Missing
from policies.check import Checks, Problem
from policies.view import Undecided, View

CHECKS = Checks()
# Which billed types take labels, and where: tools/taggable_types.py writes it from the clouds' SDKs.
_PROPERTIES = {row["type"]: row["property"] for row in rows(Path(__file__).resolve().parents[1] / "taggable.csv")}
# Where providers show what they add of their own settings to each resource.
_WITH_DEFAULTS = ("tagsAll", "effectiveLabels")
_SERVING = (
    "aws:sagemaker/endpoint:Endpoint",
    "azure-native:machinelearningservices:OnlineEndpoint",
    "azure-native:machinelearningservices:OnlineDeployment",
    "gcp:cloudrunv2/service:Service",
    "gcp:vertex/aiEndpoint:AiEndpoint",
)


@CHECKS.add(
    "DD-LABEL-401",
    "What is billed says whose it is and who pays",
    *_PROPERTIES,
    level="advisory",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="A bill that cannot be shared out is nobody's, and what nobody owns is never switched off.",
    fix="set them on the resource, or for all as the provider's default tags or labels",
    key="owner, costCenter, stage",
    equivalents=("CKV_AWS_153", "CKV_GCP_21", "required-tags"),
    parameters={"labels": ("owner", "cost-center", "stage")},
)
def labelled(view: View) -> Iterator[Problem]:
    """The labels of the parameter, by whichever spelling (costCenter, cost_center); a value that is known later is one."""
    labels = list(_labels(view))
    keys = {_plain(name) for _, found in labels if found for name, value in found.items() if value not in (None, "")}
    missing = [name for name in view.parameters["labels"] if _plain(name) not in keys]
    unsure = next((path for path, found in labels if found is None), "")
    if missing and unsure:
        raise Undecided(unsure)
    if missing:
        yield Problem(path=_PROPERTIES[view.resource.type], what=f"lack {', '.join(missing)}")


@CHECKS.add(
    "DD-LABEL-402",
    "Every stage is one that is known",
    *_PROPERTIES,
    level="advisory",
    rationale="What is production decides how strict these checks are: a stage that nobody knows is judged as none.",
    fix="name one of the parameter stages",
    key="stage",
    parameters={"stages": ("dev", "staging", "prod")},
)
def known_stage(view: View) -> Iterator[Problem]:
    """The label stage, where there is one."""
    path = f"{_PROPERTIES[view.resource.type]}.stage"
    stage = view.text(path)
    if stage and stage not in view.parameters["stages"]:
        yield Problem(path=path, what=f"is none of {', '.join(view.parameters['stages'])}")


@CHECKS.add(
    "DD-LABEL-403",
    "What serves says which model",
    *_SERVING,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    joined=True,
    rationale="When a model must go, somebody must find everything that serves it.",
    fix="set the label model",
    parameters={"label": "model"},
)
def names_model(view: View) -> Iterator[Problem]:
    """The label of the parameter on endpoints, by whichever spelling."""
    wanted = _plain(str(view.parameters["label"]))
    name = "tags" if view.resource.package != "gcp" else "labels"
    told = view.get(name)
    keys = map(_plain, cast(dict[str, Any], told)) if isinstance(told, dict) else ()
    if wanted not in keys:
        yield Problem(path=name, what=f"lack {view.parameters['label']}")


def _labels(view: View) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """The resource's own labels, with those that its provider adds, each with its path; None where they cannot be read."""
    own = _PROPERTIES[view.resource.type]
    for path in (own, *_WITH_DEFAULTS):
        yield path, _mapping(view.resource.get(path))
    provider = view.program.resources.get(view.resource.provider)
    if provider:
        yield "tagsAll", _mapping(_decoded(provider.get("defaultTags")), "tags")
        yield "effectiveLabels", _mapping(_decoded(provider.get("defaultLabels")))


def _decoded(value: Any) -> Any:
    """The engine hands a provider's settings on as JSON text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return None


def _mapping(value: Any, name: str = "") -> Mapping[str, Any] | None:
    if isinstance(value, Missing):
        return None
    if isinstance(value, list):
        # Auto Scaling groups list theirs, each with a key.
        listed = [cast(dict[str, Any], each) for each in cast(list[Any], value) if isinstance(each, dict)]
        return {str(each.get("key")): each.get("value") for each in listed}
    found = cast(dict[str, Any], value) if isinstance(value, dict) else {}
    return _mapping(found.get(name)) if name else found


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
