"""Roles of clusters and whom they are bound to."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

RBAC = "kubernetes:rbac.authorization.k8s.io/v1"
ROLE, CLUSTER_ROLE = f"{RBAC}:Role", f"{RBAC}:ClusterRole"
BINDING, CLUSTER_BINDING = f"{RBAC}:RoleBinding", f"{RBAC}:ClusterRoleBinding"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
CHART = made("kubernetes:helm.sh/v3:Release", {"chart": "gpu-operator"}, "chart")


def rule(verbs: Any, resources: Any, **more: Any) -> dict[str, Any]:
    return {"apiGroups": [""], "verbs": verbs, "resources": resources, **more}


READER = rule(["get"], ["pods"])


def role(*rules: Any, kind: str = CLUSTER_ROLE, name: str = "it", namespace: object = "search") -> Resource:
    return made(kind, {"metadata": {"name": name, "namespace": namespace}, "rules": list(rules)}, name)


def bound(name: Any, *subjects: Any, kind: str = CLUSTER_BINDING, at: str = "it", of: Any = "ClusterRole") -> Resource:
    return made(kind, {"roleRef": {"kind": of, "name": name}, "subjects": list(subjects)}, at)


def somebody(kind: Any, name: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name}


def granting(verb: str, resource: str, *others: tuple[str, str], harmless: tuple[str, str], any_of: str = "*") -> Case:
    """A role that may do this one thing, by its name and by a wildcard; others: what is as bad; harmless: what is near."""
    return Case(
        violating=(
            role(READER, rule([verb], [resource])),
            role(rule(["*"], [resource]), name="every-verb"),
            role(rule([verb], [any_of]), name="every-resource"),
            role(*(rule([also], [on]) for also, on in others), name="others"),
        ),
        at=("rules.0", "rules.0", "rules.1", *(f"rules.{at}" for at in range(len(others)))),
        passing=(role(READER, rule([harmless[0]], [harmless[1]])),),
        unknown=(role(rule([UNKNOWN], [resource])),),
        # What may do everything is DD-IAM-301's; names bound the rest.
        elsewhere=(
            CHART,
            role(rule([verb], [resource], resourceNames=["one"])),
            role(rule(["*"], ["*"]), name="everything"),
            role(rule([verb], [resource]), kind=ROLE, namespace="kube-system"),
        ),
    )


CASES = {
    "DD-IAM-301": Case(
        violating=(role(READER, rule(["*"], ["pods", "*"])), role(rule(["get", "*"], ["*"]), kind=f"{RBAC}:RolePatch")),
        at=("rules.1", "rules.0"),
        passing=(role(rule(["*"], ["pods"]), rule(["get"], ["*"])),),
        unknown=(role(rule(["*"], [UNKNOWN])),),
        elsewhere=(CHART, role(rule(["*"], ["*"]), kind=ROLE, namespace="kueue-system")),
    ),
    "DD-IAM-302": Case(
        violating=(role(READER, rule(["*"], ["pods"])),),
        at=("rules.1.verbs",),
        passing=(role(rule(["get", "list"], ["*"])), role({"verbs": ["*"], "nonResourceURLs": ["/metrics"]}, name="urls")),
        unknown=(role(rule(UNKNOWN, ["pods"])),),
        elsewhere=(CHART, role(rule(["*"], ["*"]))),
    ),
    "DD-IAM-303": Case(
        violating=(role(READER, rule(["get"], ["*"]), kind=ROLE),),
        at=("rules.1.resources",),
        passing=(role(rule(["*"], ["pods"])),),
        unknown=(role(rule(["get"], UNKNOWN)),),
        elsewhere=(CHART, role(rule(["*"], ["*"]))),
    ),
    "DD-IAM-304": granting("escalate", "clusterroles", ("escalate", "roles"), harmless=("get", "clusterroles")),
    "DD-IAM-305": granting("bind", "roles", ("bind", "clusterroles"), harmless=("get", "roles")),
    "DD-IAM-306": granting(
        "impersonate",
        "serviceaccounts",
        *(("impersonate", name) for name in ("users", "groups", "uids", "userextras")),
        harmless=("get", "serviceaccounts"),
    ),
    "DD-IAM-307": granting("list", "secrets", ("get", "secrets"), ("watch", "secrets"), harmless=("create", "secrets")),
    "DD-IAM-308": granting(
        "create",
        "pods/exec",
        *(("get", "pods/exec"), ("create", "pods/attach"), ("create", "pods/portforward")),
        any_of="*/exec",
        harmless=("get", "pods/log"),
    ),
    "DD-IAM-309": granting("get", "nodes/proxy", ("create", "nodes/proxy"), ("update", "nodes/proxy"), harmless=("get", "nodes/metrics")),
    "DD-IAM-310": granting(
        "update",
        "certificatesigningrequests/approval",
        ("approve", "certificatesigningrequests/approval"),
        any_of="*/approval",
        harmless=("get", "certificatesigningrequests"),
    ),
    "DD-IAM-311": granting(
        "patch",
        "mutatingwebhookconfigurations",
        *((verb, "validatingwebhookconfigurations") for verb in ("create", "update", "delete", "deletecollection")),
        harmless=("get", "mutatingwebhookconfigurations"),
    ),
    "DD-IAM-312": granting("patch", "services/status", any_of="*/status", harmless=("get", "services/status")),
    "DD-IAM-313": granting("create", "serviceaccounts/token", harmless=("create", "serviceaccounts")),
    "DD-IAM-314": granting(
        "create",
        "rolebindings",
        *(("create", name) for name in ("roles", "clusterroles", "clusterrolebindings")),
        harmless=("get", "rolebindings"),
    ),
    "DD-IAM-315": granting("create", "persistentvolumes", ("update", "persistentvolumes"), harmless=("create", "persistentvolumeclaims")),
    "DD-IAM-316": granting("delete", "networkpolicies", harmless=("get", "networkpolicies")),
    "DD-IAM-317": Case(
        violating=(
            role(READER, *(rule(["create"], [kind]) for kind in ("pods", "deployments", "daemonsets", "statefulsets", "replicasets"))),
            role(rule(["*"], ["jobs"]), rule(["create"], ["cronjobs"]), name="jobs"),
        ),
        at=("rules.1", "rules.2", "rules.3", "rules.4", "rules.5", "rules.0", "rules.1"),
        passing=(role(rule(["get", "delete"], ["pods"])),),
        unknown=(role(rule([UNKNOWN], ["pods"])),),
        elsewhere=(CHART, role(rule(["create"], ["pods"]), kind=ROLE)),
    ),
    "DD-IAM-318": Case(
        violating=(bound("cluster-admin", somebody("Group", "owners"), somebody("ServiceAccount", "ci"), kind=BINDING),),
        at=("subjects.1",),
        passing=(bound("cluster-admin", somebody("Group", "owners")), bound("view", somebody("ServiceAccount", "ci"), at="view")),
        unknown=(bound(UNKNOWN, somebody("ServiceAccount", "ci")),),
        elsewhere=(CHART, bound("cluster-admin", somebody("ServiceAccount", "ci"), of="Role")),
    ),
    "DD-IAM-319": Case(
        violating=(
            bound("view", somebody("User", "ada"), somebody("Group", "system:unauthenticated"), somebody("User", "system:anonymous")),
            bound("edit", somebody("Group", "system:authenticated"), somebody("Group", "system:serviceaccounts"), at="pods"),
        ),
        at=("subjects.1.name", "subjects.2.name", "subjects.0.name", "subjects.1.name"),
        passing=(bound("view", somebody("Group", "system:serviceaccounts:search")),),
        unknown=(bound("view", somebody("Group", UNKNOWN)),),
        elsewhere=(CHART, bound("view", somebody("ServiceAccount", "system:authenticated"))),
    ),
    "DD-IAM-320": Case(
        violating=(bound("edit", somebody("ServiceAccount", "default"), kind=BINDING),),
        at=("subjects.0.name",),
        passing=(bound("edit", somebody("ServiceAccount", "trainer"), somebody("User", "default")),),
        unknown=(bound("edit", somebody("ServiceAccount", UNKNOWN)),),
        elsewhere=(CHART,),
    ),
    "DD-IAM-321": Case(
        violating=(made(ACCOUNT, {"metadata": {"name": "default", "namespace": "search"}}),),
        at=("automountServiceAccountToken",),
        passing=(made(ACCOUNT, {"metadata": {"name": "default", "namespace": "search"}, "automountServiceAccountToken": False}),),
        unknown=(made(ACCOUNT, {"metadata": {"name": "default"}, "automountServiceAccountToken": UNKNOWN}),),
        elsewhere=(
            CHART,
            made(ACCOUNT, {"metadata": {"name": "trainer"}}),
            made(ACCOUNT, {"metadata": {"name": "default", "namespace": "keda"}}, "k"),
        ),
    ),
    "DD-IAM-322": Case(
        violating=(bound("cluster-admin", somebody("ServiceAccount", "ci"), somebody("Group", "owners"), somebody("User", "ada")),),
        at=("subjects.1", "subjects.2"),
        passing=(bound("cluster-admin", somebody("ServiceAccount", "ci")), bound("view", somebody("User", "ada"), at="view")),
        unknown=(bound("cluster-admin", somebody(UNKNOWN, "ada")),),
        elsewhere=(CHART, bound("cluster-admin", somebody("User", "ada"), of="Role")),
    ),
}
