"""Secrets in pods."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import CRON_JOB, DEPLOYMENT, JOB, PATCH, first, here, spec_path, workload

ACCOUNT = "kubernetes:core/v1:ServiceAccount"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
MAP = "kubernetes:core/v1:ConfigMap"
CHART = made("kubernetes:helm.sh/v3:Release", {"chart": "gpu-operator"}, "chart")
AUTOMOUNT = "automountServiceAccountToken"


def account(name: str, namespace: object = "search", **properties: object) -> Resource:
    return here(ACCOUNT, name, namespace, **properties)


def pod(kind: str = DEPLOYMENT, name: str = "it", mounts: bool | None = None, **spec: object) -> Resource:
    return workload(pod=spec if mounts is None else {**spec, AUTOMOUNT: mounts}, kind=kind, name=name)


def binding(name: str, namespace: Any = None, at: str = "search") -> Resource:
    subject = {"kind": "ServiceAccount", "name": name, **({"namespace": namespace} if namespace else {})}
    return here(BINDING, "it", at, subjects=[{"kind": "User", "name": name}, subject])


def environment(*variables: dict[str, Any], **container: Any) -> Resource:
    return workload({"env": list(variables), **container})


def value(name: Any, given: Any = "s3cr3t") -> dict[str, Any]:
    return {"name": name, "value": given}


CASES = {
    "DD-WORKLOAD-325": Case(
        violating=(
            pod(),
            account("mine", **{AUTOMOUNT: True}),
            pod(CRON_JOB, serviceAccountName="mine"),
            account("theirs", "vision", **{AUTOMOUNT: False}),
            binding("theirs", "vision"),
            pod(JOB, serviceAccountName="theirs"),
        ),
        at=(f"{spec_path()}.{AUTOMOUNT}", f"{spec_path(CRON_JOB)}.{AUTOMOUNT}", f"{spec_path()}.{AUTOMOUNT}"),
        passing=(
            pod(mounts=False),
            account("mine", **{AUTOMOUNT: False}),
            pod(name="by-account", serviceAccountName="mine"),
            binding("controller"),
            pod(name="controller", serviceAccountName="controller", mounts=True),
            here(
                BINDING.replace("Role", "ClusterRole"),
                "it",
                None,
                subjects=[{"kind": "ServiceAccount", "name": "op", "namespace": "search"}],
            ),
            pod(name="operator", serviceAccountName="op"),
        ),
        unknown=(pod(serviceAccountName=UNKNOWN),),
        elsewhere=(CHART, pod(PATCH), workload(namespace="keda")),
    ),
    "DD-WORKLOAD-326": Case(
        violating=(
            environment(
                value("A", "1"),
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                envFrom=[{"configMapRef": {"name": "c"}}, {"secretRef": {"name": "s"}}],
            ),
        ),
        at=(first("envFrom.1.secretRef"), first("env.1.valueFrom.secretKeyRef")),
        passing=(environment({"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}),),
        unknown=(workload({"env": UNKNOWN}),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-327": Case(
        violating=(environment(value("MODEL", "m"), value("db_password"), value("HF_TOKEN", UNKNOWN)),),
        at=(first("env.1.value"), first("env.2.value")),
        passing=(
            environment(
                value("TOKENIZERS_PARALLELISM", "1"),
                value("PASSWORD", ""),
                value("API_KEY", "$(KEY)"),
                {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
            ),
        ),
        unknown=(environment(value(UNKNOWN)),),
        elsewhere=(CHART, workload({"env": [value("PASSWORD")]}, namespace="prometheus")),
    ),
    "DD-WORKLOAD-330": Case(
        violating=(here(MAP, "it", data={"model": "m", "db-password": "p", "api.key": UNKNOWN}),),
        at=("data", "data"),
        passing=(here(MAP, "it", data={"tokenizer": "t"}),),
        unknown=(here(MAP, "it", data=UNKNOWN),),
        elsewhere=(CHART, here("kubernetes:core/v1:Secret", "it", data={"password": "p"})),
    ),
}
