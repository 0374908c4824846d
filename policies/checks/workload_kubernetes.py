"""Kubernetes pods: what their containers may do to the node, to each other and to the cluster.

Source of the rules: Kubernetes documentation, "Pod Security Standards" (baseline and restricted).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.check import Problem
from policies.namespaces import NamespacedChecks
from policies.part import Part
from policies.pods import DECLARED, SPOKEN, containers, spec, template
from policies.view import View

CHECKS = NamespacedChecks()
_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock")
_SAFE_SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
)
_SELINUX = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_DEV: Mapping[str, Any] = {"dev": "advisory"}


@CHECKS.add(
    "DD-WORKLOAD-301",
    "Containers are not privileged",
    *SPOKEN,
    severity="critical",
    rationale="A privileged container is root on its node, and so reaches every pod, secret and credential there.",
    fix="leave securityContext.privileged out, and ask for the device or capability that is needed",
    equivalents=("CKV_K8S_2", "CKV_K8S_16", "KSV-0017", "CIS-EKS-4.2.1"),
)
def not_privileged(view: View) -> Iterator[Problem]:
    """securityContext.privileged of each container, off where it is left out."""
    yield from _on(view, "securityContext.privileged")


@CHECKS.add(
    "DD-WORKLOAD-302",
    "Containers cannot gain more rights than they start with",
    *DECLARED,
    severity="high",
    profiles=_DEV,
    rationale="With it a program with the setuid bit in the image makes root of whoever gets in.",
    fix="set securityContext.allowPrivilegeEscalation to false",
    equivalents=("CKV_K8S_5", "CKV_K8S_20", "KSV-0001", "CIS-EKS-4.2.5"),
)
def no_escalation(view: View) -> Iterator[Problem]:
    """securityContext.allowPrivilegeEscalation of each container, on where it is left out."""
    yield from _on(view, "securityContext.allowPrivilegeEscalation", default=True)


@CHECKS.add(
    "DD-WORKLOAD-303",
    "Containers do not run as root",
    *DECLARED,
    severity="high",
    profiles=_DEV,
    rationale="Whoever breaks out of a container is on the node whom he was in the container.",
    fix="set securityContext.runAsNonRoot to true, of the pod or of the container",
    equivalents=("CKV_K8S_6", "CKV_K8S_23", "KSV-0012", "KSV-0105", "CIS-EKS-4.2.6"),
)
def not_root(view: View) -> Iterator[Problem]:
    """runAsNonRoot, or a runAsUser other than 0; the container's own word goes before the pod's."""
    for container in _linux(view):
        user = _either(container, "runAsUser")
        if user == 0:
            yield Problem(path=container.at("securityContext.runAsUser"), what="is 0, which is root")
        elif user is None and _either(container, "runAsNonRoot") is not True:
            yield Problem(path=container.at("securityContext.runAsNonRoot"), what="is not set, so the image may run as root")


@CHECKS.add(
    "DD-WORKLOAD-304",
    "Containers run as a user that no node knows",
    *DECLARED,
    severity="low",
    level="advisory",
    rationale="Users below 10,000 may be somebody on the node: a container that breaks out has their files.",
    fix="set securityContext.runAsUser to 10000 or more",
    equivalents=("CKV_K8S_40", "KSV-0020"),
    parameters={"leastUser": 10_000},
)
def high_user(view: View) -> Iterator[Problem]:
    """runAsUser of the container or its pod; left out, the image decides."""
    for container in _linux(view):
        user = _either(container, "runAsUser")
        if user is None or user < view.parameters["leastUser"]:
            what = "is not set, so the image decides" if user is None else f"is {user:.0f}"
            yield Problem(path=container.at("securityContext.runAsUser"), what=what)


@CHECKS.add(
    "DD-WORKLOAD-305",
    "Containers drop every capability",
    *DECLARED,
    profiles=_DEV,
    rationale="A model server needs none of the rights of root that a container has by default, such as changing owners of files.",
    fix='set securityContext.capabilities.drop to ["ALL"]',
    equivalents=("CKV_K8S_37", "KSV-0003", "KSV-0106", "CIS-EKS-4.2.9"),
)
def drops_all(view: View) -> Iterator[Problem]:
    """securityContext.capabilities.drop of each container."""
    for container in _linux(view):
        if "ALL" not in _capabilities(container, "drop"):
            yield Problem(path=container.at("securityContext.capabilities.drop"), what="lacks ALL")


@CHECKS.add(
    "DD-WORKLOAD-306",
    "Containers cannot make packets by hand",
    *DECLARED,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="With NET_RAW, which containers have by default, one pod can answer in another's name.",
    fix="drop NET_RAW, or ALL, in securityContext.capabilities.drop and add it nowhere",
    equivalents=("CKV_K8S_7", "CKV_K8S_28", "CIS-EKS-4.2.7"),
)
def no_raw_packets(view: View) -> Iterator[Problem]:
    """NET_RAW among what is dropped and added."""
    for container in _linux(view):
        if _capabilities(container, "add") & {"NET_RAW", "ALL"}:
            yield Problem(path=container.at("securityContext.capabilities.add"), what="has NET_RAW")
        elif not _capabilities(container, "drop") & {"NET_RAW", "ALL"}:
            yield Problem(path=container.at("securityContext.capabilities.drop"), what="lacks NET_RAW")


@CHECKS.add(
    "DD-WORKLOAD-307",
    "Containers do not administer their node",
    *SPOKEN,
    severity="critical",
    rationale="CAP_SYS_ADMIN is most of what root may do: a container that has it can mount the node's disks.",
    fix="leave SYS_ADMIN out of securityContext.capabilities.add",
    equivalents=("CKV_K8S_39", "KSV-0005"),
)
def no_administration(view: View) -> Iterator[Problem]:
    """SYS_ADMIN, or ALL, among what is added."""
    for container in containers(view):
        if _capabilities(container, "add") & {"SYS_ADMIN", "ALL"}:
            yield Problem(path=container.at("securityContext.capabilities.add"), what="has SYS_ADMIN")


@CHECKS.add(
    "DD-WORKLOAD-308",
    "Containers add no capability that is not allowed",
    *SPOKEN,
    severity="high",
    rationale="Each capability is a part of root; the restricted standard allows but the one to listen on low ports.",
    fix="leave it out of securityContext.capabilities.add, or allow it with a reason",
    equivalents=("CKV_K8S_25", "KSV-0022", "KSV-0106", "CIS-EKS-4.2.8"),
    parameters={"allowed": ("NET_BIND_SERVICE",)},
)
def adds_none(view: View) -> Iterator[Problem]:
    """securityContext.capabilities.add against the parameter."""
    for container in containers(view):
        more = sorted(_capabilities(container, "add") - set(view.parameters["allowed"]))
        if more:
            yield Problem(path=container.at("securityContext.capabilities.add"), what=f"has {', '.join(more)}")


@CHECKS.add(
    "DD-WORKLOAD-309",
    "Pods do not see their node's processes",
    *SPOKEN,
    severity="high",
    rationale="Who sees the node's processes reads their environments, and with them other pods' secrets.",
    fix="leave hostPID out",
    equivalents=("CKV_K8S_17", "KSV-0010", "CIS-EKS-4.2.2", "disallow-host-namespaces"),
)
def no_host_processes(view: View) -> Iterator[Problem]:
    """hostPID, off where it is left out."""
    yield from _pod_on(view, "hostPID")


@CHECKS.add(
    "DD-WORKLOAD-310",
    "Pods do not share memory with their node",
    *SPOKEN,
    severity="high",
    rationale="Shared memory of the node is read and written by whoever is let in, whosesoever it is.",
    fix="leave hostIPC out; for a bigger /dev/shm mount an emptyDir with medium Memory",
    equivalents=("CKV_K8S_18", "KSV-0008", "CIS-EKS-4.2.3", "disallow-host-namespaces"),
)
def no_host_memory(view: View) -> Iterator[Problem]:
    """hostIPC, off where it is left out."""
    yield from _pod_on(view, "hostIPC")


@CHECKS.add(
    "DD-WORKLOAD-311",
    "Pods are not on their node's network",
    *SPOKEN,
    severity="high",
    rationale="There no network policy holds, the node's own ports answer, and its credentials are one request away.",
    fix="leave hostNetwork out",
    equivalents=("CKV_K8S_19", "KSV-0009", "CIS-EKS-4.2.4", "disallow-host-namespaces"),
)
def no_host_network(view: View) -> Iterator[Problem]:
    """hostNetwork, off where it is left out."""
    yield from _pod_on(view, "hostNetwork")


@CHECKS.add(
    "DD-WORKLOAD-312",
    "Containers take no port of their node",
    *SPOKEN,
    rationale="A port of the node is reached past Services and policies, and is free for one pod of a node alone.",
    fix="leave hostPort out and use a Service",
    equivalents=("CKV_K8S_26", "KSV-0024", "disallow-host-ports"),
)
def no_host_ports(view: View) -> Iterator[Problem]:
    """hostPort of each port; 0 is none."""
    for container in containers(view):
        for port in container.each("ports"):
            number = port.number("hostPort", 0)
            if number:
                yield Problem(path=port.at("hostPort"), what=f"is {number:.0f}")


@CHECKS.add(
    "DD-WORKLOAD-313",
    "Pods have no directory of their node",
    *SPOKEN,
    severity="high",
    rationale="A directory of the node outlives the pod, is everybody's who mounts it, and is a way out of the container.",
    fix="use a PersistentVolumeClaim, an emptyDir or an ephemeral volume",
    equivalents=("KSV-0023", "disallow-host-path"),
    parameters={"allowed": ("/dev/shm",)},
)
def no_host_directories(view: View) -> Iterator[Problem]:
    """hostPath of each volume, but for those that are allowed by their whole path."""
    for volume in spec(view).each("volumes"):
        if volume.present("hostPath") and volume.text("hostPath.path") not in view.parameters["allowed"]:
            yield Problem(path=volume.at("hostPath.path"), what="is a directory of the node")


@CHECKS.add(
    "DD-WORKLOAD-314",
    "Pods do not reach the container runtime",
    *SPOKEN,
    severity="critical",
    rationale="Whoever talks to the runtime starts a container with every right on the node.",
    fix="take the hostPath of the socket away; build images with a builder that needs none",
    equivalents=("CKV_K8S_27", "KSV-0006", "disallow-cri-sock-mount"),
)
def no_runtime_socket(view: View) -> Iterator[Problem]:
    """hostPath of a known socket."""
    for volume in spec(view).each("volumes"):
        if volume.text("hostPath.path").rstrip("/").rpartition("/")[2] in _SOCKETS:
            yield Problem(path=volume.at("hostPath.path"), what="is the socket of the container runtime")


@CHECKS.add(
    "DD-WORKLOAD-315",
    "Containers make only usual calls to the kernel",
    *DECLARED,
    profiles=_DEV,
    rationale="Calls that no program needs are what breaking out of a container is done with.",
    fix="set securityContext.seccompProfile.type to RuntimeDefault, of the pod or of the container",
    equivalents=("CKV_K8S_31", "KSV-0030", "KSV-0104", "CIS-EKS-4.6.2"),
)
def usual_calls(view: View) -> Iterator[Problem]:
    """seccompProfile of the container or its pod; left out, nothing is filtered unless the node says so."""
    for container in _linux(view):
        profile = _either(container, "seccompProfile.type")
        if profile not in ("RuntimeDefault", "Localhost"):
            yield Problem(path=container.at("securityContext.seccompProfile.type"), what=f"is {profile or 'not set'}")


@CHECKS.add(
    "DD-WORKLOAD-316",
    "Containers cannot write to their image",
    *DECLARED,
    severity="low",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="What cannot be written cannot be replaced by whoever gets in, and fills no disk of the node.",
    fix="set securityContext.readOnlyRootFilesystem to true and mount an emptyDir where it writes",
    equivalents=("CKV_K8S_22", "KSV-0014", "require-ro-rootfs"),
)
def read_only(view: View) -> Iterator[Problem]:
    """readOnlyRootFilesystem of each container, off where it is left out."""
    for container in _linux(view):
        if not container.flag("securityContext.readOnlyRootFilesystem"):
            yield Problem(path=container.at("securityContext.readOnlyRootFilesystem"), what="is off")


@CHECKS.add(
    "DD-WORKLOAD-317",
    "Containers see the usual part of /proc",
    *SPOKEN,
    severity="high",
    rationale="Unmasked, /proc shows and takes settings of the node's kernel.",
    fix="leave securityContext.procMount out",
    equivalents=("KSV-0027", "disallow-proc-mount"),
)
def masked_proc(view: View) -> Iterator[Problem]:
    """procMount of each container, Default where it is left out."""
    for container in containers(view):
        if container.text("securityContext.procMount", "Default") != "Default":
            yield Problem(path=container.at("securityContext.procMount"), what="is not Default")


@CHECKS.add(
    "DD-WORKLOAD-318",
    "Pods set only settings of the kernel that are theirs",
    *SPOKEN,
    severity="high",
    rationale="Other settings are the whole node's, and every pod on it has them then.",
    fix="take it out of securityContext.sysctls, and have the node pool set it",
    equivalents=("KSV-0026", "restrict-sysctls"),
    parameters={"allowed": _SAFE_SYSCTLS},
)
def own_settings(view: View) -> Iterator[Problem]:
    """sysctls of the pod against those of the baseline standard."""
    for setting in spec(view).each("securityContext.sysctls"):
        if setting.text("name") not in view.parameters["allowed"]:
            yield Problem(path=setting.at("name"), what="is a setting of the whole node")


@CHECKS.add(
    "DD-WORKLOAD-319",
    "Nobody takes AppArmor or SELinux away from a container",
    *SPOKEN,
    severity="high",
    rationale="They hold where everything else has failed, and are on unless somebody turns them off.",
    fix="leave appArmorProfile and seLinuxOptions out, or name a profile of one's own",
    equivalents=("KSV-0002", "KSV-0025", "restrict-apparmor-profiles", "disallow-selinux"),
)
def confined(view: View) -> Iterator[Problem]:
    """appArmorProfile and seLinuxOptions of the pod and of its containers, and AppArmor's old annotation."""
    annotations = template(view).part("metadata").known("annotations")
    for name, value in annotations.items():
        if name.startswith("container.apparmor.security.beta.kubernetes.io/") and value == "unconfined":
            yield Problem(path=template(view).at("metadata.annotations"), what="turn AppArmor off")
    for part in (spec(view), *containers(view)):
        if part.text("securityContext.appArmorProfile.type") == "Unconfined":
            yield Problem(path=part.at("securityContext.appArmorProfile.type"), what="is Unconfined")
        if part.text("securityContext.seLinuxOptions.type") not in _SELINUX:
            yield Problem(path=part.at("securityContext.seLinuxOptions.type"), what="is no container's")


@CHECKS.add(
    "DD-WORKLOAD-320",
    "No Windows container is a process of its node",
    *SPOKEN,
    severity="critical",
    rationale="A HostProcess container is privileged on Windows.",
    fix="leave securityContext.windowsOptions.hostProcess out",
    equivalents=("KSV-0103", "disallow-host-process"),
)
def no_host_process(view: View) -> Iterator[Problem]:
    """windowsOptions.hostProcess of the pod and of its containers."""
    for part in (spec(view), *containers(view)):
        if part.flag("securityContext.windowsOptions.hostProcess"):
            yield Problem(path=part.at("securityContext.windowsOptions.hostProcess"), what="is on")


def _on(view: View, path: str, *, default: bool = False) -> Iterator[Problem]:
    for container in _linux(view) if default else containers(view):
        if container.flag(path, default):
            yield Problem(path=container.at(path), what="is on")


def _pod_on(view: View, name: str) -> Iterator[Problem]:
    pod = spec(view)
    if pod.flag(name):
        yield Problem(path=pod.at(name), what="is on")


def _linux(view: View) -> Iterator[Part]:
    """The containers of a pod, none of one for Windows, which knows none of what is asked."""
    return iter(()) if spec(view).text("os.name") == "windows" else containers(view)


def _either(container: Part, path: str) -> Any:
    """What the container's security context says, else its pod's."""
    own = container.get(f"securityContext.{path}")
    return spec(container.view).get(f"securityContext.{path}") if own is None else own


def _capabilities(container: Part, which: str) -> set[str]:
    return {name.upper().removeprefix("CAP_") for name in container.texts(f"securityContext.capabilities.{which}")}
