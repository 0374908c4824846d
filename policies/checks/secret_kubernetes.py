"""What Kubernetes pods hold of secrets: the cluster's own tokens, and what others gave them."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.check import Problem
from policies.namespaces import NamespacedChecks, beside, namespace
from policies.part import Part
from policies.pods import DECLARED, SPOKEN, containers, spec
from policies.view import View

CHECKS = NamespacedChecks()
_ACCOUNT = "kubernetes:core/v1:ServiceAccount"
_BINDINGS = ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")
_DEV: Mapping[str, Any] = {"dev": "advisory"}
_ENDINGS = ("PASSWORD", "PASSWD", "SECRET", "_TOKEN", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "SECRET_KEY", "CREDENTIALS")


@CHECKS.add(
    "DD-WORKLOAD-325",
    "Pods that do not call the cluster hold no token for it",
    *DECLARED,
    joined=True,
    profiles=_DEV,
    rationale="The token lies in every container, and whoever gets in can ask the cluster with it.",
    fix="set automountServiceAccountToken to false",
    equivalents=("CKV_K8S_38", "KSV-0036", "CIS-EKS-4.1.6", "restrict-automount-sa-token"),
)
def no_token(view: View) -> Iterator[Problem]:
    """automountServiceAccountToken of the pod, else of its account, on where both leave it out.

    An account that the program binds to a role is there to be used.
    """
    pod = spec(view)
    mounted = pod.get("automountServiceAccountToken")
    name = pod.text("serviceAccountName", "default")
    if mounted is None:
        account = next((each for each in beside(view, [_ACCOUNT]) if each.text("metadata.name") == name), None)
        mounted = account.get("automountServiceAccountToken") if account else None
    if mounted is not False and not _bound(view, name):
        yield Problem(path=pod.at("automountServiceAccountToken"), what="is not off, and no role is bound to its account")


@CHECKS.add(
    "DD-WORKLOAD-326",
    "Secrets reach containers as files",
    *SPOKEN,
    severity="low",
    level="advisory",
    rationale="An environment is printed by crash reports and read by every child process; a file is changed without a restart.",
    fix="mount the secret as a volume",
    equivalents=("CKV_K8S_35", "CIS-EKS-4.4.1", "secrets-not-from-env-vars"),
)
def secrets_as_files(view: View) -> Iterator[Problem]:
    """secretKeyRef of each variable, and secretRef of whole sets of them."""
    for container in containers(view):
        for source in container.each("envFrom"):
            if source.present("secretRef"):
                yield Problem(path=source.at("secretRef"), what="puts a secret into the environment")
        for variable in container.each("env"):
            if variable.present("valueFrom.secretKeyRef"):
                yield Problem(path=variable.at("valueFrom.secretKeyRef"), what="puts a secret into the environment")


@CHECKS.add(
    "DD-WORKLOAD-327",
    "No secret stands in a pod's specification",
    *SPOKEN,
    severity="critical",
    rationale="Who may look at pods is more than who may look at secrets, and the specification lies in every state and log.",
    fix="put it into a Secret, better one that a store of secrets fills, and mount that",
    equivalents=("CIS-EKS-4.4.1",),
    parameters={"endings": _ENDINGS},
)
def no_plain_secrets(view: View) -> Iterator[Problem]:
    """Variables with a value whose names end as those of secrets do; `$(NAME)` is another variable's value, not one of its own."""
    for container in containers(view):
        for variable in container.each("env"):
            secret = variable.text("name").upper().endswith(tuple(view.parameters["endings"]))
            value = view.resource.get(variable.at("value"))
            if secret and variable.present("value") and not (isinstance(value, str) and value.startswith("$(")):
                yield Problem(path=variable.at("value"), what="is a secret by its name, in plain sight")


@CHECKS.add(
    "DD-WORKLOAD-330",
    "No secret stands in a ConfigMap",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:core/v1:ConfigMapPatch",
    severity="high",
    rationale="Everybody who may look at a namespace may look at its ConfigMaps, and nothing encrypts them.",
    fix="put it into a Secret, better one that a store of secrets fills",
    equivalents=("KSV-0109",),
    parameters={"endings": _ENDINGS},
)
def no_secrets_in_maps(view: View) -> Iterator[Problem]:
    """Keys of data whose names end as those of secrets do."""
    data = Part(view, "")
    for name in data.fields("data"):
        if name.upper().replace("-", "_").replace(".", "_").endswith(tuple(view.parameters["endings"])):
            yield Problem(path="data", what=f"has {name}, a secret by its name, in plain sight")


def _bound(view: View, name: str) -> bool:
    """Whether a binding of the program names a service account of the pod's namespace."""
    for binding in (each for kind in _BINDINGS for each in view.program.of_type(kind)):
        listed = View(binding, view.program, view.parameters)
        if any(_names(subject, name, view) for subject in Part(listed, "").each("subjects")):
            return True
    return False


def _names(subject: Part, name: str, view: View) -> bool:
    if (subject.text("kind"), subject.text("name")) != ("ServiceAccount", name):
        return False
    return (subject.text("namespace") or namespace(subject.view)) == namespace(view)
