"""What pods may do to their nodes."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import CRON_JOB, DAEMON_SET, JOB, PATCH, POD, STATEFUL_SET, first, secured, spec_path, workload

CHART = made("kubernetes:helm.sh/v3:Release", {"chart": "gpu-operator"}, "chart")
WINDOWS = workload(pod={"os": {"name": "windows"}}, name="windows")
CONTEXT = "securityContext."
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"


def mounted(path: object, kind: str = "kubernetes:apps/v1:Deployment", name: str = "it") -> Resource:
    return workload(pod={"volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "host", "hostPath": {"path": path}}]}, kind=kind, name=name)


def capable(**changes: Any) -> Resource:
    return secured(capabilities=changes)


def in_system(container: Any = None, pod: Any = None) -> Resource:
    return workload(container, pod, name="system", namespace="kube-system")


ADD, DROP = first(f"{CONTEXT}capabilities.add"), first(f"{CONTEXT}capabilities.drop")
VOLUME = f"{spec_path()}.volumes.1.hostPath.path"

CASES = {
    "DD-WORKLOAD-301": Case(
        violating=(
            secured(privileged=True),
            workload(pod={"initContainers": [{}, {"securityContext": {"privileged": True}}]}, kind=CRON_JOB),
            workload({"securityContext": {"privileged": True}}, kind=POD),
            workload({"securityContext": {"privileged": True}}, kind=PATCH),
        ),
        at=(
            first(f"{CONTEXT}privileged"),
            first(f"{CONTEXT}privileged"),
            f"{spec_path(CRON_JOB)}.initContainers.1.{CONTEXT}privileged",
            f"spec.containers.0.{CONTEXT}privileged",
        ),
        passing=(secured(privileged=False), workload(name="bare")),
        unknown=(secured(privileged=UNKNOWN),),
        elsewhere=(CHART, in_system({"securityContext": {"privileged": True}})),
    ),
    "DD-WORKLOAD-302": Case(
        violating=(workload(), workload({"securityContext": {"allowPrivilegeEscalation": True}}, kind=JOB)),
        at=(first(f"{CONTEXT}allowPrivilegeEscalation"), first(f"{CONTEXT}allowPrivilegeEscalation")),
        passing=(secured(allowPrivilegeEscalation=False),),
        unknown=(secured(allowPrivilegeEscalation=UNKNOWN),),
        elsewhere=(CHART, WINDOWS, workload(kind=PATCH), in_system()),
    ),
    "DD-WORKLOAD-303": Case(
        violating=(
            workload(kind=DAEMON_SET),
            workload({"securityContext": {"runAsUser": 0}}, {"securityContext": {"runAsNonRoot": True, "runAsUser": 1000}}),
            workload({"securityContext": {"runAsNonRoot": False}}, {"securityContext": {"runAsNonRoot": True}}, kind=STATEFUL_SET),
        ),
        at=(first(f"{CONTEXT}runAsNonRoot"), first(f"{CONTEXT}runAsUser"), first(f"{CONTEXT}runAsNonRoot")),
        passing=(
            secured("pod", runAsNonRoot=True),
            workload({"securityContext": {"runAsUser": 1000.0}}, name="by-user"),
            workload({"securityContext": {"runAsNonRoot": True}}, name="own"),
        ),
        unknown=(secured(runAsNonRoot=UNKNOWN),),
        elsewhere=(CHART, WINDOWS, in_system()),
    ),
    "DD-WORKLOAD-304": Case(
        violating=(secured(runAsUser=9999), workload(kind=JOB)),
        at=(first(f"{CONTEXT}runAsUser"), first(f"{CONTEXT}runAsUser")),
        passing=(secured("pod", runAsUser=10000),),
        unknown=(secured(runAsUser=UNKNOWN),),
        elsewhere=(CHART, WINDOWS),
    ),
    "DD-WORKLOAD-305": Case(
        violating=(capable(drop=["NET_RAW"]), workload(kind=JOB)),
        at=(DROP, DROP),
        passing=(capable(drop=["all"]),),
        unknown=(capable(drop=[UNKNOWN]),),
        elsewhere=(CHART, WINDOWS, workload(kind=PATCH)),
    ),
    "DD-WORKLOAD-306": Case(
        violating=(
            capable(drop=["MKNOD"]),
            workload({"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["NET_RAW"]}}}, kind=JOB),
            workload({"securityContext": {"capabilities": {"drop": ["NET_RAW"], "add": ["ALL"]}}}, kind=STATEFUL_SET),
        ),
        at=(DROP, ADD, ADD),
        passing=(capable(drop=["CAP_NET_RAW"]), workload({"securityContext": {"capabilities": {"drop": ["ALL"]}}}, name="all")),
        unknown=(capable(drop=UNKNOWN),),
        elsewhere=(CHART, WINDOWS),
    ),
    "DD-WORKLOAD-307": Case(
        violating=(
            capable(add=["CAP_SYS_ADMIN"]),
            workload({"securityContext": {"capabilities": {"add": ["ALL"]}}}, kind=PATCH),
        ),
        at=(ADD, ADD),
        passing=(capable(add=["NET_ADMIN"]),),
        unknown=(capable(add=[UNKNOWN]),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-308": Case(
        violating=(capable(add=["NET_BIND_SERVICE", "SYS_PTRACE"]),),
        at=(ADD,),
        passing=(capable(add=["NET_BIND_SERVICE"]), workload(name="none")),
        unknown=(capable(add=UNKNOWN),),
        elsewhere=(CHART, in_system({"securityContext": {"capabilities": {"add": ["NET_ADMIN"]}}})),
    ),
    "DD-WORKLOAD-309": Case(
        violating=(workload(pod={"hostPID": True}),),
        at=(f"{spec_path()}.hostPID",),
        passing=(workload(pod={"hostPID": False, "hostIPC": True, "hostNetwork": True}),),
        unknown=(workload(pod={"hostPID": UNKNOWN}),),
        elsewhere=(CHART, in_system(pod={"hostPID": True})),
    ),
    "DD-WORKLOAD-310": Case(
        violating=(workload(pod={"hostIPC": True}, kind=PATCH),),
        at=(f"{spec_path()}.hostIPC",),
        passing=(workload(pod={"hostPID": True, "hostNetwork": True}),),
        unknown=(workload(pod={"hostIPC": UNKNOWN}),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-311": Case(
        violating=(workload(pod={"hostNetwork": True}, kind=POD),),
        at=("spec.hostNetwork",),
        passing=(workload(pod={"hostPID": True, "hostIPC": True}),),
        unknown=(workload(pod={"hostNetwork": True}, namespace=UNKNOWN),),
        elsewhere=(CHART, in_system(pod={"hostNetwork": True})),
    ),
    "DD-WORKLOAD-312": Case(
        violating=(workload({"ports": [{"containerPort": 80}, {"containerPort": 81, "hostPort": 81.0}]}),),
        at=(first("ports.1.hostPort"),),
        passing=(workload({"ports": [{"containerPort": 80, "hostPort": 0}]}),),
        unknown=(workload({"ports": UNKNOWN}),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-313": Case(
        violating=(mounted("/var/lib/models"),),
        at=(VOLUME,),
        passing=(mounted("/dev/shm"), workload(pod={"volumes": [{"emptyDir": {}}]}, name="empty")),
        unknown=(mounted(UNKNOWN),),
        elsewhere=(CHART, in_system(pod={"volumes": [{"hostPath": {"path": "/run"}}]})),
    ),
    "DD-WORKLOAD-314": Case(
        violating=(
            mounted("/run/containerd/containerd.sock"),
            mounted("/var/run/docker.sock", PATCH),
            mounted("/var/run/crio/crio.sock", name="crio"),
            mounted("/var/run/cri-dockerd.sock/", name="cri"),
        ),
        at=(VOLUME,) * 4,
        passing=(mounted("/var/lib/docker"),),
        unknown=(mounted(UNKNOWN),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-315": Case(
        violating=(
            workload(kind=JOB),
            workload(
                {"securityContext": {"seccompProfile": {"type": "Unconfined"}}},
                {"securityContext": {"seccompProfile": {"type": "Localhost"}}},
            ),
        ),
        at=(first(f"{CONTEXT}seccompProfile.type"),) * 2,
        passing=(
            secured("pod", seccompProfile={"type": "RuntimeDefault"}),
            workload({"securityContext": {"seccompProfile": {"type": "Localhost"}}}, name="own"),
        ),
        unknown=(secured(seccompProfile=UNKNOWN),),
        elsewhere=(CHART, WINDOWS),
    ),
    "DD-WORKLOAD-316": Case(
        violating=(workload(),),
        at=(first(f"{CONTEXT}readOnlyRootFilesystem"),),
        passing=(secured(readOnlyRootFilesystem=True),),
        unknown=(secured(readOnlyRootFilesystem=UNKNOWN),),
        elsewhere=(CHART, WINDOWS),
    ),
    "DD-WORKLOAD-317": Case(
        violating=(secured(procMount="Unmasked"),),
        at=(first(f"{CONTEXT}procMount"),),
        passing=(secured(procMount="Default"), workload(name="none")),
        unknown=(secured(procMount=UNKNOWN),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-318": Case(
        violating=(secured("pod", sysctls=[{"name": "net.ipv4.tcp_syncookies"}, {"name": "net.core.somaxconn"}]),),
        at=(f"{spec_path()}.{CONTEXT}sysctls.1.name",),
        passing=(secured("pod", sysctls=[{"name": "net.ipv4.ip_unprivileged_port_start"}]),),
        unknown=(secured("pod", sysctls=UNKNOWN),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-319": Case(
        violating=(
            secured("pod", appArmorProfile={"type": "Unconfined"}),
            workload({"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}, kind=JOB),
            workload(
                kind=POD,
                metadata={"annotations": {f"{APP_ARMOR}main": "unconfined", f"{APP_ARMOR}side": "unconfined", "note": "unconfined"}},
            ),
        ),
        at=(f"{spec_path()}.{CONTEXT}appArmorProfile.type", first(f"{CONTEXT}seLinuxOptions.type"), *["metadata.annotations"] * 2),
        passing=(
            secured("pod", appArmorProfile={"type": "RuntimeDefault"}, seLinuxOptions={"type": "container_t"}),
            workload(kind=POD, metadata={"annotations": {f"{APP_ARMOR}main": "runtime/default"}}),
            *(
                workload({"securityContext": {"seLinuxOptions": {"type": f"container_{kind}_t"}}}, name=kind)
                for kind in ("init", "kvm", "engine")
            ),
        ),
        unknown=(secured(appArmorProfile={"type": UNKNOWN}),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-320": Case(
        violating=(secured("pod", windowsOptions={"hostProcess": True}),),
        at=(f"{spec_path()}.{CONTEXT}windowsOptions.hostProcess",),
        passing=(secured(windowsOptions={"hostProcess": False}), WINDOWS),
        unknown=(secured(windowsOptions=UNKNOWN),),
        elsewhere=(CHART,),
    ),
}
