"""A team's namespace with everything that keeps it to itself."""

from collections.abc import Sequence

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_kubernetes.core.v1 import LimitRange, LimitRangeItemArgs, LimitRangeSpecArgs, ResourceQuota, ResourceQuotaSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.rbac.v1 import RoleBinding, RoleRefArgs, SubjectArgs

from components.kubernetes.namespace import team_namespace
from components.kubernetes.network_policy import isolate
from plan.model import EgressPlan, TeamPlan

_RBAC = "rbac.authorization.k8s.io"


class Team(ComponentResource):
    """One team.

    Owns the namespace, its quota and container defaults, its network policies, and the role of the team's group.
    """

    namespace: Output[str]

    def __init__(
        self,
        name: str,
        plan: TeamPlan,
        *,
        egress: Sequence[EgressPlan] = (),
        service_ranges: Input[Sequence[str]] = (),
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the team; `egress` and `service_ranges` are addresses outside the cluster that its pods may reach."""
        super().__init__("drydock:kubernetes:Team", name, {"namespace": plan.namespace}, opts)
        own = ResourceOptions(parent=self)
        self.namespace = team_namespace(name, plan, own).metadata["name"]
        _quota(name, plan, self.namespace, own)
        _defaults(name, plan, self.namespace, own)
        isolate(name, plan, self.namespace, egress=egress, service_ranges=service_ranges, opts=own)
        _access(name, plan, self.namespace, own)
        self.register_outputs({"namespace": self.namespace})


def _quota(name: str, plan: TeamPlan, namespace: Output[str], opts: ResourceOptions) -> None:
    if plan.quota is None:
        return
    ResourceQuota(
        f"{name}-quota", metadata=ObjectMetaArgs(namespace=namespace), spec=ResourceQuotaSpecArgs(hard=plan.quota.hard), opts=opts
    )


def _defaults(name: str, plan: TeamPlan, namespace: Output[str], opts: ResourceOptions) -> None:
    item = LimitRangeItemArgs(type="Container", default_request=plan.container_requests, default=plan.container_limits)
    LimitRange(f"{name}-defaults", metadata=ObjectMetaArgs(namespace=namespace), spec=LimitRangeSpecArgs(limits=[item]), opts=opts)


def _access(name: str, plan: TeamPlan, namespace: Output[str], opts: ResourceOptions) -> None:
    if plan.group is None:
        return
    RoleBinding(
        f"{name}-group",
        metadata=ObjectMetaArgs(namespace=namespace),
        role_ref=RoleRefArgs(api_group=_RBAC, kind="ClusterRole", name=plan.role),
        subjects=[SubjectArgs(api_group=_RBAC, kind="Group", name=plan.group)],
        opts=opts,
    )
