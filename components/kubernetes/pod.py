"""The pods of a workload: locked down as far as the Pod Security Standard `restricted` asks, and on the node pool of the plan."""

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
            security_context=_pod_security(),
            topology_spread_constraints=None if job or plan.replicas == 1 else [_spread(_ZONE, name), _spread(_NODE, name)],
            volumes=[VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs())],
        ),
    )


def _container(plan: WorkloadPlan) -> ContainerArgs:
    return ContainerArgs(
        name="main",
        image=plan.image,
        command=list(plan.command) or None,
        resources=ResourceRequirementsArgs(requests=plan.requests, limits=_limits(plan)),
        security_context=SecurityContextArgs(
            allow_privilege_escalation=False, read_only_root_filesystem=True, capabilities=CapabilitiesArgs(drop=["ALL"])
        ),
        volume_mounts=[VolumeMountArgs(name="tmp", mount_path="/tmp")],
    )


def _limits(plan: WorkloadPlan) -> dict[str, str]:
    # Processor time above the request is given where it is idle; memory that is not kept in bounds takes the node along.
    return {resource: amount for resource, amount in plan.requests.items() if resource != _CPU}


def _pod_security() -> PodSecurityContextArgs:
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=_NOBODY,
        run_as_group=_NOBODY,
        fs_group=_NOBODY,
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
    )


def _spread(topology: str, name: str) -> TopologySpreadConstraintArgs:
    return TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=topology,
        when_unsatisfiable="ScheduleAnyway",
        label_selector=LabelSelectorArgs(match_labels={WORKLOAD_LABEL: name}),
    )
