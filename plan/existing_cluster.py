"""A cluster that is there already: used, and left as it is."""

from collections.abc import Mapping

from pydantic.alias_generators import to_camel

from environment.base import Part
from environment.cluster import ExistingCluster
from plan.cluster_request import ROOT, ClusterRequest
from plan.cluster_rules import ClusterRules
from plan.model import ClusterPlan, EncryptionPlan, ExistingClusterPlan, MaintenancePlan, NetworkPlan

# What is installed into a cluster changes nothing of it.
_BESIDE = frozenset({"existing", "add_ons"})


def plan_existing_cluster(
    request: ClusterRequest,
    rules: ClusterRules | None,
    existing: ExistingCluster,
    labels: Mapping[str, str],
    provisioner: str,
    network: NetworkPlan | None,
) -> ClusterPlan:
    """The plan of a cluster that is only used; faults every setting that would have to change it, and names that lead to none.

    rules: None where the cluster stands on anybody's machines.
    """
    _check_settings(request)
    if rules is None:
        _check_context(request, existing)
    else:
        _check_name(request, rules, existing)
    request.decide("existing", "left as it is", "a cluster that stood before the environment is not the environment's to change")
    return ClusterPlan(
        name=ROOT,
        labels=labels,
        version="",
        upgrade_channel="",
        tier=None,
        private_api=True,
        authorized_ranges=(),
        audit_logs=(),
        log_retention_days=0,
        encryption=EncryptionPlan(),
        owner_group=None,
        cloud_add_ons=(),
        node_provisioner=provisioner,
        maintenance=MaintenancePlan(days=(), start_hour_utc=0, hours=0),
        deletion_protection=False,
        zones=network.zones if network else (),
        existing=ExistingClusterPlan(name=existing.name, resource_group=existing.resource_group, context=existing.context),
    )


def _check_settings(request: ClusterRequest) -> None:
    for field in sorted(request.wish.model_fields_set - _BESIDE):
        value = getattr(request.wish, field)
        if value is None:
            continue
        name = to_camel(field)
        shown = value.model_dump(by_alias=True, exclude_unset=True, exclude={"existing_key"}) if isinstance(value, Part) else value
        problem = "would change a cluster that is there already"
        request.fault(name, shown, problem, allowed="existing and addOns", fix=f"remove {name}")


def _check_context(request: ClusterRequest, existing: ExistingCluster) -> None:
    if existing.context is None:
        problem = "does not say which cluster of the kubeconfig it is"
        request.fault("existing.context", None, problem, allowed="a context's name", fix="add context (kubectl config get-contexts)")
    for field, value in (("name", existing.name), ("resourceGroup", existing.resource_group)):
        if value is not None:
            problem = "is looked up on a cloud, and this cluster is known by its kubeconfig"
            request.fault(f"existing.{field}", value, problem, allowed="context alone", fix=f"remove {field}")


def _check_name(request: ClusterRequest, rules: ClusterRules, existing: ExistingCluster) -> None:
    limits = rules.LIMITS
    if existing.context is not None:
        problem = f"is not needed: on {request.cloud} the cluster is looked up by its name, and its kubeconfig follows from that"
        request.fault("existing.context", existing.context, problem, allowed="name", fix="remove context, and write name")
    if existing.name is None:
        request.fault("existing.name", None, "does not say which cluster it is", allowed=limits.existing_name_form, fix="add name")
    elif limits.existing_name.fullmatch(existing.name) is None:
        problem = f"is no name of a cluster on {request.cloud}"
        fix = "write it as the cloud shows it"
        request.fault("existing.name", existing.name, problem, allowed=limits.existing_name_form, fix=fix, source=limits.existing_source)
    if limits.existing_needs_group and existing.resource_group is None:
        problem = "does not say in which resource group the cluster stands"
        request.fault("existing.resourceGroup", None, problem, allowed="its name", fix="add resourceGroup", source=limits.existing_source)
    if not limits.existing_needs_group and existing.resource_group is not None:
        problem = f"is nothing that {request.cloud} has"
        request.fault("existing.resourceGroup", existing.resource_group, problem, allowed="left out", fix="remove resourceGroup")
