"""Plans what stands in the cluster beside the workloads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from plan.add_on_accelerators import plan_accelerator_add_ons
from plan.add_on_nodes import expander_priorities, plan_node_add_ons
from plan.add_on_services import GatewayChoice, plan_gateway, plan_keda, plan_kueue, plan_node_local_dns
from plan.contents_request import ContentsRequest
from plan.model import AddOnPlan, NodeLocalDnsPlan


@dataclass(frozen=True, kw_only=True)
class AddOnsPlan:
    """The add-ons in the order in which they are installed, and what is not installed from a chart.

    expander_priorities: for an autoscaler of the cloud's own; a chart's autoscaler has them among its values.
    """

    charts: tuple[AddOnPlan, ...] = ()
    gateway: GatewayChoice = field(default_factory=GatewayChoice)
    node_local_dns: NodeLocalDnsPlan | None = None
    expander_priorities: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])


def plan_add_ons(request: ContentsRequest) -> AddOnsPlan:
    """Every add-on, by what the pools need and what the file says; nothing where the cluster is faulty."""
    if request.cluster is None:
        return AddOnsPlan()
    gateway, of_gateway = plan_gateway(request)
    others = (*plan_node_add_ons(request), *plan_accelerator_add_ons(request), *plan_keda(request), *of_gateway)
    # Kueue looks at every new pod, and none starts while it is not up itself: it comes when all others stand.
    charts = (*others, *(replace(kueue, after=tuple(each.name for each in others)) for kueue in plan_kueue(request)))
    return AddOnsPlan(
        charts=charts,
        gateway=gateway,
        node_local_dns=plan_node_local_dns(request),
        expander_priorities=expander_priorities(request) if request.cloud == "azure" else {},
    )
