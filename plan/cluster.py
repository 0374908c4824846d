"""Plans the Kubernetes cluster of an environment."""

from collections.abc import Mapping

from environment.cluster import Cluster
from environment.model import Environment
from plan.cluster_access import plan_owner_group, plan_private_api, plan_ranges, plan_secrets
from plan.cluster_add_ons import plan_cloud_add_ons
from plan.cluster_request import ROOT, ClusterRequest
from plan.cluster_rules import ClusterRules
from plan.cluster_upkeep import plan_audit_logs, plan_autoscaling_profile, plan_deletion_protection, plan_log_days, plan_maintenance
from plan.cluster_version import plan_channel, plan_tier, plan_version
from plan.existing_cluster import plan_existing_cluster
from plan.findings import Findings
from plan.model import ClusterPlan, NetworkPlan
from plan.registry import cluster_rules, has_networks
from plan.scope import wants_cluster


def plan_cluster(
    environment: Environment, provisioner: str, network: NetworkPlan | None, labels: Mapping[str, str], findings: Findings
) -> ClusterPlan | None:
    """The cluster, None where the environment has none, or where what is wrong with it leaves nothing to plan.

    provisioner: who adds nodes. network: None where it is faulty, which is said already.
    """
    if not wants_cluster(environment):
        return None
    request = ClusterRequest(environment=environment, wish=environment.cluster or Cluster(), findings=findings)
    existing = request.wish.existing
    rules = cluster_rules(environment.cloud) if has_networks(environment.cloud) else None
    if existing is not None:
        return plan_existing_cluster(request, rules, existing, labels, provisioner, network)
    if rules is None:
        problem = f"is not there: cloud {environment.cloud} makes none, and takes one that exists"
        fix = "add cluster: {existing: {context: …}}"
        findings.fault(f"{ROOT}.existing", None, problem, allowed="the context of a cluster", fix=fix)
        return None
    return _plan_new(request, rules, provisioner, network, labels)


def _plan_new(
    request: ClusterRequest, rules: ClusterRules, provisioner: str, network: NetworkPlan | None, labels: Mapping[str, str]
) -> ClusterPlan:
    return ClusterPlan(
        name=ROOT,
        labels=labels,
        version=plan_version(request, rules),
        upgrade_channel=plan_channel(request, rules),
        tier=plan_tier(request, rules),
        private_api=plan_private_api(request),
        authorized_ranges=plan_ranges(request, rules),
        audit_logs=plan_audit_logs(request, rules),
        log_retention_days=plan_log_days(request, rules),
        encryption=plan_secrets(request, rules),
        owner_group=plan_owner_group(request, rules),
        cloud_add_ons=plan_cloud_add_ons(request, rules),
        node_provisioner=provisioner,
        maintenance=plan_maintenance(request, rules),
        deletion_protection=plan_deletion_protection(request, rules),
        zones=network.zones if network else (),
        service_cidr=network.service_cidr if network else None,
        autoscaling_profile=plan_autoscaling_profile(request, rules),
    )
