"""The pods of a workload: locked down as far as the Pod Security Standard `restricted` asks, and on the node pool of the plan."""

from collections.abc import Mapping
from dataclasses import asdict

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    PodSecurityContextArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ResourceRequirementsArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
    TolerationArgs,
    TopologySpreadConstraintArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from plan.model import WorkloadPlan

WORKLOAD_LABEL = "drydock/workload"
_NOBODY = 65_532  # the user of distroless images, which no file of a usual image belongs to
_CPU = "cpu"
_ZONE, _NODE = "topology.kubernetes.io/zone", "kubernetes.io/hostname"


def pod_template(name: str, plan: WorkloadPlan) -> PodTemplateSpecArgs:
    """The template of a workload's pods. Jobs start again by themselves; replicas of a deployment stand apart."""
    labels = {**plan.labels, WORKLOAD_LABEL: name}
    job = plan.kind == "job"
    return PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(labels=labels),
        spec=PodSpecArgs(
            automount_service_account_token=False,
            containers=[_container(plan)],
            node_selector=plan.selector,
            tolerations=[TolerationArgs(**{key: value for key, value in asdict(each).items() if value}) for each in plan.tolerations],
            restart_policy="Never" if job else "Always",
            security_context=pod_security(),
            topology_spread_constraints=None if job or plan.replicas == 1 else spread({WORKLOAD_LABEL: name}),
            volumes=[VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs())],
        ),
    )


def _container(plan: WorkloadPlan) -> ContainerArgs:
    return ContainerArgs(
        name="main",
        image=plan.image,
        command=list(plan.command) or None,
        resources=ResourceRequirementsArgs(requests=plan.requests, limits=_limits(plan)),
        security_context=container_security(),
        volume_mounts=[VolumeMountArgs(name="tmp", mount_path="/tmp")],
    )


def _limits(plan: WorkloadPlan) -> dict[str, str]:
    # Processor time above the request is given where it is idle; memory that is not kept in bounds takes the node along.
    return {resource: amount for resource, amount in plan.requests.items() if resource != _CPU}


def pod_security() -> PodSecurityContextArgs:
    """What the Pod Security Standard `restricted` asks of a pod; its volumes belong to its user."""
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=_NOBODY,
        run_as_group=_NOBODY,
        fs_group=_NOBODY,
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security() -> SecurityContextArgs:
    """What the Pod Security Standard `restricted` asks of a container, and a root file system that stays as it is."""
    return SecurityContextArgs(
        allow_privilege_escalation=False, read_only_root_filesystem=True, capabilities=CapabilitiesArgs(drop=["ALL"])
    )


def spread(labels: Mapping[str, str]) -> list[TopologySpreadConstraintArgs]:
    """Pods with these labels stand apart, over zones and over machines, as far as there are some."""
    return [
        TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key=topology,
            when_unsatisfiable="ScheduleAnyway",
            label_selector=LabelSelectorArgs(match_labels=labels),
        )
        for topology in (_ZONE, _NODE)
    ]
