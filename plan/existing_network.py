"""A network that is there already: used, and left as it is."""

from collections.abc import Mapping

from pydantic.alias_generators import to_camel

from catalogue.zones import zones as zones_of
from environment.base import Part
from environment.network import ExistingNetwork
from plan.model import ExistingNetworkPlan, NetworkPlan
from plan.network_ranges import asked_range, plan_pods, plan_services
from plan.network_request import ROOT, NetworkRequest
from plan.network_rules import NetworkRules

# Ranges that only the cluster knows, so they change nothing in the network.
_CLUSTERS_OWN = frozenset({"service_cidr", "pod_cidr"})


def plan_existing_network(
    request: NetworkRequest, rules: NetworkRules, existing: ExistingNetwork, labels: Mapping[str, str]
) -> NetworkPlan:
    """The plan of a network that is only used; faults every setting that would have to change it, and ids of another form."""
    _check_settings(request, rules)
    _check_names(request, rules, existing)
    _check_ranges(request, rules, existing)
    rules.check_existing(request, existing)
    request.decide("existing", "left as it is", "a network that stood before the environment is not the environment's to change")
    services = pods = None
    if not rules.LIMITS.named_ranges and request.has_cluster:
        services = plan_services(request, rules, asked_range(request, "serviceCidr", request.wish.service_cidr), [])
        taken = [services] if services else []
        pods = plan_pods(request, rules, asked_range(request, "podCidr", request.wish.pod_cidr), taken, existing=True)
    return NetworkPlan(
        name=ROOT,
        labels=labels,
        cidr="",
        # Where a subnet has a zone, only the cloud knows which.
        zones=() if rules.LIMITS.subnets_have_zones else zones_of(request.cloud, request.region.name),
        private_subnets=(),
        pod_cidr=str(pods) if pods else None,
        service_cidr=str(services) if services else None,
        existing=ExistingNetworkPlan(
            identifier=existing.id,
            private_subnets=existing.private_subnets,
            pod_range=existing.pod_range,
            service_range=existing.service_range,
        ),
    )


def _check_settings(request: NetworkRequest, rules: NetworkRules) -> None:
    kept = {"existing"} if rules.LIMITS.named_ranges else {"existing", *_CLUSTERS_OWN}
    for field in sorted(request.wish.model_fields_set - kept):
        value = getattr(request.wish, field)
        if value is None:
            continue
        name = to_camel(field)
        shown = value.model_dump(by_alias=True, exclude_unset=True) if isinstance(value, Part) else value
        problem = "would change a network that is there already"
        request.fault(name, shown, problem, allowed="existing alone, with the ranges of the cluster", fix=f"remove {name}")


def _check_names(request: NetworkRequest, rules: NetworkRules, existing: ExistingNetwork) -> None:
    limits = rules.LIMITS
    if limits.existing_id.fullmatch(existing.id) is None:
        problem = f"is no network on {request.cloud}"
        fix = "write it as the cloud shows it"
        request.fault("existing.id", existing.id, problem, allowed=limits.existing_id_form, fix=fix, source=limits.existing_source)
    field = "existing.privateSubnets"
    for subnet in existing.private_subnets:
        if limits.existing_subnet.fullmatch(subnet) is None:
            problem = f"is no subnet on {request.cloud}"
            fix = "write it as the cloud shows it"
            request.fault(field, subnet, problem, allowed=limits.existing_subnet_form, fix=fix, source=limits.existing_source)
    if len(set(existing.private_subnets)) < len(existing.private_subnets):
        request.fault(
            field, list(existing.private_subnets), "names a subnet twice", allowed="each subnet once", fix="remove one of the two"
        )
    if limits.one_subnet and len(existing.private_subnets) > 1:
        problem = f"are more subnets than one, and the nodes of a cluster on {request.cloud} stand in one that spans the zones"
        request.fault(field, list(existing.private_subnets), problem, allowed="one subnet", fix="name the one with the most room")


def _check_ranges(request: NetworkRequest, rules: NetworkRules, existing: ExistingNetwork) -> None:
    for field, value in (("podRange", existing.pod_range), ("serviceRange", existing.service_range)):
        needed = rules.LIMITS.named_ranges and request.has_cluster
        if needed and value is None:
            problem = "does not say which secondary range of the subnet the cluster takes"
            fix, source = f"add {field}", rules.LIMITS.pod_source
            request.fault(f"existing.{field}", None, problem, allowed="the range by its name", fix=fix, source=source)
        if not rules.LIMITS.named_ranges and value is not None:
            problem = f"is nothing that a subnet on {request.cloud} has"
            request.fault(f"existing.{field}", value, problem, allowed="left out", fix=f"remove {field}", source=rules.LIMITS.pod_source)
