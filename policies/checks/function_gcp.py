"""Cloud Run and Cloud Run functions: who may call them, as whom they run, and how many there are."""

import re
from collections.abc import Iterator
from typing import Any, cast

from costs.resource import Missing
from policies.check import Checks, Problem
from policies.gcp_iam import iam_kinds, opened, own_account
from policies.view import Undecided, View

CHECKS = Checks()
RUN = "gcp:cloudrunv2/service:Service"
RUN_FIRST = "gcp:cloudrun/service:Service"
RUN_SERVICES = (RUN, RUN_FIRST)
FUNCTION = "gcp:cloudfunctionsv2/function:Function"
FUNCTION_FIRST = "gcp:cloudfunctions/function:Function"
FUNCTIONS = (FUNCTION, FUNCTION_FIRST)
_RUN_GRANTS = (
    *iam_kinds("cloudrun", "iam"),
    *iam_kinds("cloudrunv2", "serviceIam"),
    *iam_kinds("cloudrunv2", "jobIam"),
    *iam_kinds("cloudrunv2", "workerPoolIam"),
)
_FUNCTION_GRANTS = (*iam_kinds("cloudfunctions", "functionIam"), *iam_kinds("cloudfunctionsv2", "functionIam"))
_ACCOUNTS = {
    RUN: "template.serviceAccount",
    RUN_FIRST: "template.spec.serviceAccountName",
    FUNCTION: "serviceConfig.serviceAccountEmail",
    FUNCTION_FIRST: "serviceAccountEmail",
}
_MOST = {
    RUN: ("template.scaling.maxInstanceCount", "scaling.maxInstanceCount"),
    FUNCTION: ("serviceConfig.maxInstanceCount",),
    FUNCTION_FIRST: ("maxInstances",),
}
_FEWEST = {
    RUN: ("template.scaling.minInstanceCount", "scaling.minInstanceCount"),
    FUNCTION: ("serviceConfig.minInstanceCount",),
    FUNCTION_FIRST: ("minInstances",),
}
# Source: Google Cloud, "Configure maximum instances" and "Restrict network endpoint ingress for Cloud Run services", YAML.
_SCALE = "autoscaling.knative.dev"
_INGRESS = "run.googleapis.com/ingress"
_SECRET_NAME = re.compile(r"(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIALS)$", re.IGNORECASE)


@CHECKS.add(
    "DD-FUNCTION-101",
    "Not everybody may call a Cloud Run service",
    *_RUN_GRANTS,
    RUN,
    severity="critical",
    rationale="Whoever finds the address uses the model, and its GPU, on your bill.",
    fix="name the users, groups or service accounts that may call it, and leave invokerIamDisabled out",
    key="endpoints.<name>.access.members",
    equivalents=("CKV_GCP_102",),
)
def run_not_public(view: View) -> Iterator[Problem]:
    """Members that are everybody, and services that ask nobody who they are (Google Cloud, "Allowing public access")."""
    if view.resource.type != RUN:
        yield from opened(view)
    elif view.flag("invokerIamDisabled"):
        yield Problem(path="invokerIamDisabled", what="is on: nobody is asked who they are")


@CHECKS.add(
    "DD-FUNCTION-102",
    "Not everybody may call a function",
    *_FUNCTION_GRANTS,
    severity="critical",
    rationale="Whoever finds the address runs your code, with your rights, on your bill.",
    fix="name the users, groups or service accounts that may call it",
    equivalents=("CKV_GCP_107",),
)
def function_not_public(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


@CHECKS.add(
    "DD-FUNCTION-103",
    "A Cloud Run service is reached from inside, or through a load balancer",
    *RUN_SERVICES,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="An address on the internet is tried by everybody; behind a load balancer it has limits and a firewall.",
    fix="set ingress to INGRESS_TRAFFIC_INTERNAL_ONLY or INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    key="endpoints.<name>.access.public",
)
def run_ingress(view: View) -> Iterator[Problem]:
    """From where requests come in, from everywhere where nothing is said (Cloud Run API, IngressTraffic; Service annotations)."""
    if view.resource.type == RUN:
        path, ingress = "ingress", view.text("ingress", "INGRESS_TRAFFIC_ALL")
    else:
        path, ingress = "metadata.annotations", _annotation(view, "metadata.annotations", _INGRESS) or "all"
    if ingress in ("INGRESS_TRAFFIC_ALL", "all"):
        yield Problem(path=path, what="lets requests in from everywhere")


@CHECKS.add(
    "DD-FUNCTION-104",
    "A function is reached from inside, or through a load balancer",
    *FUNCTIONS,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="An address on the internet is tried by everybody; behind a load balancer it has limits and a firewall.",
    fix="set ingressSettings to ALLOW_INTERNAL_ONLY or ALLOW_INTERNAL_AND_GCLB",
    equivalents=("CKV_GCP_124",),
)
def function_ingress(view: View) -> Iterator[Problem]:
    """ingressSettings, ALLOW_ALL where it is left out (Pulumi registry, gcp.cloudfunctions); what events start needs no address."""
    path = "serviceConfig.ingressSettings" if view.resource.type == FUNCTION else "ingressSettings"
    if view.get("eventTrigger") is None and view.text(path, "ALLOW_ALL") == "ALLOW_ALL":
        yield Problem(path=path, what="is ALLOW_ALL")


@CHECKS.add(
    "DD-FUNCTION-105",
    "A function is called by HTTPS alone",
    FUNCTION_FIRST,
    severity="high",
    rationale="Over plain HTTP requests and tokens pass readable to everybody on the way.",
    fix="set httpsTriggerSecurityLevel to SECURE_ALWAYS",
    equivalents=("CKV2_GCP_10",),
)
def https_only(view: View) -> Iterator[Problem]:
    """httpsTriggerSecurityLevel, which allows both where it is left out (Cloud Functions API v1, HttpsTrigger)."""
    if view.flag("triggerHttp") and view.text("httpsTriggerSecurityLevel") != "SECURE_ALWAYS":
        yield Problem(path="httpsTriggerSecurityLevel", what="is not SECURE_ALWAYS")


@CHECKS.add(
    "DD-FUNCTION-106",
    "What scales by itself has a maximum",
    *RUN_SERVICES,
    *FUNCTIONS,
    level="advisory",
    rationale="A loop or an attack scales until the quota, and so does the bill.",
    fix="set maxInstanceCount to what the forecast's peak needs",
    key="endpoints.<name>.replicas.max",
)
def has_maximum(view: View) -> Iterator[Problem]:
    """Whether a maximum is told; left out, it is the quota or 100 (Google Cloud, "About maximum instances for services")."""
    if view.resource.type == RUN_FIRST:
        if not _annotation(view, "template.metadata.annotations", f"{_SCALE}/maxScale"):
            yield Problem(path="template.metadata.annotations", what=f"lacks {_SCALE}/maxScale")
        return
    paths = _MOST[view.resource.type]
    if view.text("scaling.scalingMode") != "MANUAL" and not any(view.number(path) for path in paths):
        yield Problem(path=paths[0], what="is not set")


@CHECKS.add(
    "DD-FUNCTION-107",
    "Nothing waits for requests outside production",
    *RUN_SERVICES,
    *FUNCTIONS,
    level="advisory",
    rationale="An instance that waits all night is paid for all night, its GPU included.",
    fix="leave minInstanceCount out, or set it to 0",
    key="endpoints.<name>.replicas.min",
)
def scales_to_zero(view: View) -> Iterator[Problem]:
    """The fewest instances, 0 where nothing is said, in any stage but prod."""
    if view.stage == "prod":
        return
    if view.resource.type == RUN_FIRST:
        told = {"template.metadata.annotations": _annotation(view, "template.metadata.annotations", f"{_SCALE}/minScale") or "0"}
    else:
        told = {path: f"{view.number(path, 0):.0f}" for path in _FEWEST[view.resource.type]}
    yield from (Problem(path=path, what=f"keeps {count} waiting") for path, count in told.items() if count != "0")


@CHECKS.add(
    "DD-FUNCTION-108",
    "Containers and functions run as a service account of their own",
    *RUN_SERVICES,
    *FUNCTIONS,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="The project's default account is an editor of everything in most projects: whoever takes over the container is one.",
    fix="name a service account with the roles that are needed",
    equivalents=("CKV2_GCP_1",),
)
def own_service_account(view: View) -> Iterator[Problem]:
    """Its service account, the project's default where it is left out (Google Cloud, "Introduction to service identity", Cloud Run)."""
    path = _ACCOUNTS[view.resource.type]
    if not own_account(view, path):
        yield Problem(path=path, what="is the project's default")


@CHECKS.add(
    "DD-FUNCTION-109",
    "Secrets come from Secret Manager",
    *RUN_SERVICES,
    *FUNCTIONS,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Whoever may look at the service reads its environment, and so does every log of it.",
    fix="take the value from a secret: valueSource.secretKeyRef, or secretEnvironmentVariables",
)
def no_plain_secrets(view: View) -> Iterator[Problem]:
    """Values in the environment under a secret's name; the value itself is not looked at, and never shown."""
    for path, name, value in _environment(view):
        if _SECRET_NAME.search(name) and value not in (None, ""):
            yield Problem(path=path, what=f"has {name} in plain")


def _environment(view: View) -> Iterator[tuple[str, str, Any]]:
    if view.resource.type in FUNCTIONS:
        path = "serviceConfig.environmentVariables" if view.resource.type == FUNCTION else "environmentVariables"
        yield from ((path, name, value) for name, value in _mapping(view, path).items())
        return
    inside = "template.containers" if view.resource.type == RUN else "template.spec.containers"
    for path, container in view.each(inside):
        for at, variable in container.each("envs"):
            yield f"{path}.{at}.value", variable.text("name"), variable.resource.get("value")


def _mapping(view: View, path: str) -> dict[str, Any]:
    found = view.get(path)
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _annotation(view: View, path: str, name: str) -> str:
    # Its name has dots, which are no path.
    found = _mapping(view, path).get(name)
    if isinstance(found, Missing):
        raise Undecided(path)
    return str(found or "")
