"""Kubernetes RBAC: who may do what in a cluster.

Source of the rules: Kubernetes documentation, "Role Based Access Control Good Practices".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.check import Problem
from policies.namespaces import NamespacedChecks
from policies.part import Part
from policies.view import View

CHECKS = NamespacedChecks()
_RBAC = tuple(f"kubernetes:rbac.authorization.k8s.io/{version}" for version in ("v1", "v1beta1", "v1alpha1"))
_ROLES = tuple(f"{group}:{kind}{suffix}" for group in _RBAC for kind in ("Role", "ClusterRole") for suffix in ("", "Patch"))
_BINDINGS = tuple(f"{group}:{kind}" for group in _RBAC for kind in ("RoleBinding", "ClusterRoleBinding"))
_ACCOUNT = "kubernetes:core/v1:ServiceAccount"
_DEV: Mapping[str, Any] = {"dev": "advisory"}
_WRITING = ("create", "update", "patch", "delete", "deletecollection")
_CHANGING = ("update", "patch")
_READING = ("get", "list", "watch")
_EVERYBODY = ("system:authenticated", "system:unauthenticated", "system:anonymous", "system:serviceaccounts")


@CHECKS.add(
    "DD-IAM-301",
    "No role may do everything",
    *_ROLES,
    severity="critical",
    rationale="Whoever has it is administrator, of the cluster or of the namespace, and of whatever is added to it later.",
    fix="name the resources and verbs that are needed",
    equivalents=("CKV_K8S_49", "KSV-0044", "CIS-EKS-4.1.3"),
)
def not_everything(view: View) -> Iterator[Problem]:
    """Rules with the wildcard for verbs and for resources."""
    for rule in Part(view, "").each("rules"):
        if _everything(rule):
            yield Problem(path=rule.path, what="allows every verb on every resource")


@CHECKS.add(
    "DD-IAM-302",
    "No role has every verb",
    *_ROLES,
    severity="high",
    profiles=_DEV,
    rationale="Among all verbs are those that hand rights on: escalate, bind, impersonate.",
    fix="name the verbs that are needed",
    equivalents=("CKV_K8S_49", "KSV-0045", "CIS-EKS-4.1.3"),
)
def not_every_verb(view: View) -> Iterator[Problem]:
    """Rules with the wildcard for verbs on resources that they name."""
    for rule in Part(view, "").each("rules"):
        if "*" in rule.texts("verbs") and not _everything(rule) and rule.present("resources"):
            yield Problem(path=rule.at("verbs"), what="has every verb")


@CHECKS.add(
    "DD-IAM-303",
    "No role has every resource",
    *_ROLES,
    severity="high",
    profiles=_DEV,
    rationale="Among all resources are secrets, and whatever somebody adds to the cluster later.",
    fix="name the resources that are needed",
    equivalents=("CKV_K8S_49", "KSV-0046", "CIS-EKS-4.1.3"),
)
def not_every_resource(view: View) -> Iterator[Problem]:
    """Rules with the wildcard for resources and verbs that they name."""
    for rule in Part(view, "").each("rules"):
        if "*" in rule.texts("resources") and not _everything(rule):
            yield Problem(path=rule.at("resources"), what="has every resource")


@CHECKS.add(
    "DD-IAM-304",
    "No role may write roles with more rights than its holder has",
    *_ROLES,
    severity="critical",
    rationale="escalate lifts the one rule that keeps a person who writes roles from making himself administrator.",
    fix="take the verb escalate out",
    equivalents=("CKV_K8S_158", "CKV2_K8S_1", "KSV-0050", "CIS-EKS-4.1.8"),
)
def no_escalating(view: View) -> Iterator[Problem]:
    """The verb escalate on roles."""
    yield from _granting(view, ("escalate",), ("roles", "clusterroles"), "may write roles that may do more than their writer")


@CHECKS.add(
    "DD-IAM-305",
    "No role may bind roles with more rights than its holder has",
    *_ROLES,
    severity="critical",
    rationale="bind lets its holder give himself any role that there is, cluster-admin as well.",
    fix="take the verb bind out, or bound it with resourceNames",
    equivalents=("CKV_K8S_157", "CKV2_K8S_1", "KSV-0051", "CIS-EKS-4.1.8"),
)
def no_binding(view: View) -> Iterator[Problem]:
    """The verb bind on roles; resourceNames bound it."""
    yield from _granting(view, ("bind",), ("roles", "clusterroles"), "may bind any role to anybody")


@CHECKS.add(
    "DD-IAM-306",
    "No role may act as somebody else",
    *_ROLES,
    severity="critical",
    rationale="Who may impersonate has the rights of everybody, and the audit log has another name.",
    fix="take the verb impersonate out, or bound it with resourceNames",
    equivalents=("CKV2_K8S_3", "KSV-0043", "CIS-EKS-4.1.8"),
)
def no_impersonation(view: View) -> Iterator[Problem]:
    """The verb impersonate on users, groups and service accounts."""
    yield from _granting(view, ("impersonate",), ("users", "groups", "serviceaccounts", "uids", "userextras"), "may act as anybody")


@CHECKS.add(
    "DD-IAM-307",
    "No role reads every secret",
    *_ROLES,
    severity="high",
    level="advisory",
    rationale="In secrets lie the tokens of those who may do more; to list them is to read them.",
    fix="bound it with resourceNames and the verb get, or take secrets out",
    equivalents=("CKV2_K8S_5", "KSV-0041", "CIS-EKS-4.1.2"),
)
def no_secrets(view: View) -> Iterator[Problem]:
    """Reading verbs on secrets that are not named."""
    yield from _granting(view, _READING, ("secrets",), "reads every secret")


@CHECKS.add(
    "DD-IAM-308",
    "No role gets into running containers",
    *_ROLES,
    severity="high",
    level="advisory",
    rationale="A command in a container has all that the container has, its token and its data.",
    fix="take pods/exec, pods/attach and pods/portforward out",
    equivalents=("CKV2_K8S_2", "KSV-0053", "KSV-0054"),
)
def no_commands(view: View) -> Iterator[Problem]:
    """Creating exec, attach and portforward of pods."""
    yield from _granting(view, ("create", "get"), ("pods/exec", "pods/attach", "pods/portforward"), "gets into containers")


@CHECKS.add(
    "DD-IAM-309",
    "No role talks to nodes past the cluster",
    *_ROLES,
    severity="critical",
    rationale="nodes/proxy reaches the kubelet, which runs commands in every pod of its node and is not audited.",
    fix="take nodes/proxy out",
    equivalents=("CKV2_K8S_2", "KSV-0047", "CIS-EKS-4.1.10"),
)
def no_node_proxy(view: View) -> Iterator[Problem]:
    """Any verb on nodes/proxy."""
    yield from _granting(view, ("get", "create", *_CHANGING), ("nodes/proxy",), "reaches every node's kubelet")


@CHECKS.add(
    "DD-IAM-310",
    "No role signs certificates",
    *_ROLES,
    severity="critical",
    rationale="A certificate that is approved names its holder anything, system:masters as well.",
    fix="take certificatesigningrequests/approval out",
    equivalents=("CKV_K8S_156", "CIS-EKS-4.1.11"),
)
def no_signing(view: View) -> Iterator[Problem]:
    """Changing approvals of certificate signing requests."""
    yield from _granting(view, (*_CHANGING, "approve"), ("certificatesigningrequests/approval",), "approves certificates")


@CHECKS.add(
    "DD-IAM-311",
    "No role changes what is admitted",
    *_ROLES,
    severity="critical",
    rationale="An admission webhook sees and changes every object that is written, secrets as well.",
    fix="take webhook configurations out",
    equivalents=("CKV_K8S_155", "KSV-0114", "CIS-EKS-4.1.12"),
)
def no_webhooks(view: View) -> Iterator[Problem]:
    """Writing webhook configurations."""
    yield from _granting(
        view, _WRITING, ("mutatingwebhookconfigurations", "validatingwebhookconfigurations"), "decides what every object becomes"
    )


@CHECKS.add(
    "DD-IAM-312",
    "No role redirects services by their status",
    *_ROLES,
    severity="high",
    rationale="Who sets the address of a load balancer in a status takes traffic that is meant for another (CVE-2020-8554).",
    fix="take services/status out",
    equivalents=("CKV2_K8S_4",),
)
def no_service_status(view: View) -> Iterator[Problem]:
    """Changing the status of services."""
    yield from _granting(view, _CHANGING, ("services/status",), "redirects services")


@CHECKS.add(
    "DD-IAM-313",
    "No role makes tokens of service accounts",
    *_ROLES,
    severity="critical",
    rationale="A token of another account is that account's rights.",
    fix="take serviceaccounts/token out, or bound it with resourceNames",
    equivalents=("CIS-EKS-4.1.13",),
)
def no_tokens(view: View) -> Iterator[Problem]:
    """Creating tokens of accounts that are not named."""
    yield from _granting(view, ("create",), ("serviceaccounts/token",), "makes tokens of any account")


@CHECKS.add(
    "DD-IAM-314",
    "No role writes roles and bindings",
    *_ROLES,
    severity="high",
    level="advisory",
    rationale="Who writes bindings hands on what he has, and nobody sees who may do what any more.",
    fix="leave roles and bindings to those who set up the cluster",
    equivalents=("KSV-0050", "KSV-0051", "KSV-0055", "CIS-EKS-4.1.8"),
)
def no_roles(view: View) -> Iterator[Problem]:
    """Writing roles and bindings."""
    yield from _granting(view, _WRITING, ("roles", "clusterroles", "rolebindings", "clusterrolebindings"), "writes roles or bindings")


@CHECKS.add(
    "DD-IAM-315",
    "No role makes volumes of nodes",
    *_ROLES,
    severity="high",
    level="advisory",
    rationale="A persistent volume may be any directory of a node: a way around every rule on pods.",
    fix="take persistentvolumes out, and let a StorageClass make them",
    equivalents=("CIS-EKS-4.1.9",),
)
def no_volumes(view: View) -> Iterator[Problem]:
    """Creating persistent volumes."""
    yield from _granting(view, ("create", *_CHANGING), ("persistentvolumes",), "makes volumes of anything")


@CHECKS.add(
    "DD-IAM-316",
    "No role opens networks",
    *_ROLES,
    severity="medium",
    level="advisory",
    rationale="Who writes network policies takes away what keeps namespaces apart.",
    fix="take networkpolicies out",
    equivalents=("KSV-0056",),
)
def no_policies(view: View) -> Iterator[Problem]:
    """Writing network policies."""
    yield from _granting(view, _WRITING, ("networkpolicies",), "writes network policies")


@CHECKS.add(
    "DD-IAM-317",
    "No role of a cluster makes pods everywhere",
    *(kind for kind in _ROLES if ":ClusterRole" in kind),
    severity="high",
    level="advisory",
    rationale="Who makes a pod in a namespace may use every secret and account in it.",
    fix="bind a Role in the namespaces that are meant",
    equivalents=("KSV-0048", "CIS-EKS-4.1.4"),
)
def no_pods_everywhere(view: View) -> Iterator[Problem]:
    """Creating pods, and what makes pods, by a ClusterRole."""
    yield from _granting(
        view,
        ("create",),
        ("pods", "deployments", "daemonsets", "statefulsets", "replicasets", "jobs", "cronjobs"),
        "makes pods, in every namespace that it is bound in",
    )


@CHECKS.add(
    "DD-IAM-318",
    "No pod is administrator of its cluster",
    *_BINDINGS,
    severity="critical",
    rationale="Whoever gets into a container of such a pod has the cluster.",
    fix="bind a role that has what the account needs",
    equivalents=("KSV-0111", "CIS-EKS-4.1.1"),
)
def no_administrating_pods(view: View) -> Iterator[Problem]:
    """Service accounts that are bound to cluster-admin."""
    for subject in _administrators(view):
        if subject.text("kind") == "ServiceAccount":
            yield Problem(path=subject.path, what="is a service account, bound to cluster-admin")


@CHECKS.add(
    "DD-IAM-319",
    "No role is bound to everybody",
    *_BINDINGS,
    severity="critical",
    rationale="Everybody is every pod of the cluster, and with anonymous whoever reaches it.",
    fix="name the groups and accounts that are meant in subjects",
    key="teams.<name>.group",
    equivalents=("KSV-0122", "CIS-EKS-4.1.14"),
)
def not_everybody(view: View) -> Iterator[Problem]:
    """Subjects that stand for all users or all service accounts of the cluster."""
    for subject in Part(view, "").each("subjects"):
        if subject.text("kind") != "ServiceAccount" and subject.text("name") in _EVERYBODY:
            yield Problem(path=subject.at("name"), what=f"is {subject.text('name')}")


@CHECKS.add(
    "DD-IAM-320",
    "Nothing is bound to a default account",
    *_BINDINGS,
    severity="high",
    rationale="Every pod that names no account has the namespace's default one, and so what is bound to it.",
    fix="make a ServiceAccount for what needs the role, and name it in subjects",
    equivalents=("CKV_K8S_42", "CIS-EKS-4.1.5"),
)
def no_default_account(view: View) -> Iterator[Problem]:
    """Subjects that are service accounts called default."""
    for subject in Part(view, "").each("subjects"):
        if subject.text("kind") == "ServiceAccount" and subject.text("name") == "default":
            yield Problem(path=subject.at("name"), what="is the account of every pod that names none")


@CHECKS.add(
    "DD-IAM-321",
    "A default account hands out no token",
    _ACCOUNT,
    profiles=_DEV,
    rationale="Pods that name no account need none.",
    fix="set automountServiceAccountToken to false",
    equivalents=("CKV_K8S_41", "CIS-EKS-4.1.5"),
)
def default_without_token(view: View) -> Iterator[Problem]:
    """automountServiceAccountToken of accounts called default, on where it is left out."""
    if view.text("metadata.name") == "default" and view.flag("automountServiceAccountToken", default=True):
        yield Problem(path="automountServiceAccountToken", what="is on")


@CHECKS.add(
    "DD-IAM-322",
    "People are administrators of a cluster only while they must",
    *_BINDINGS,
    level="advisory",
    rationale="Who is administrator all day makes an administrator's mistake some day, and so does whoever has his laptop.",
    fix="bind a role that has what is needed, and let people in as administrators for an hour, by the cloud",
    equivalents=("KSV-0111", "CIS-EKS-4.1.1", "CIS-EKS-4.1.7"),
)
def few_administrators(view: View) -> Iterator[Problem]:
    """Users and groups that are bound to cluster-admin."""
    for subject in _administrators(view):
        if subject.text("kind") in ("User", "Group"):
            yield Problem(path=subject.path, what="is bound to cluster-admin")


def _everything(rule: Part) -> bool:
    return "*" in rule.texts("verbs") and "*" in rule.texts("resources")


def _granting(view: View, verbs: tuple[str, ...], resources: tuple[str, ...], what: str) -> Iterator[Problem]:
    """Rules that allow one of these verbs on one of these resources, whichever it is; what may do everything is told once, elsewhere."""
    for rule in Part(view, "").each("rules"):
        if _everything(rule) or rule.present("resourceNames"):
            continue
        allowed, on = rule.texts("verbs"), rule.texts("resources")
        if (set(allowed) & {"*", *verbs}) and any(_covers(each, resource) for each in on for resource in resources):
            yield Problem(path=rule.path, what=what)


def _covers(allowed: str, resource: str) -> bool:
    """Whether a rule's resource means this one: itself, all, or a subresource of all of them (`*/status`)."""
    return allowed in ("*", resource) or allowed == f"*/{resource.partition('/')[2]}"


def _administrators(view: View) -> Iterator[Part]:
    if view.text("roleRef.kind", "ClusterRole") == "ClusterRole" and view.text("roleRef.name") == "cluster-admin":
        yield from Part(view, "").each("subjects")
