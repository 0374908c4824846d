"""Endpoints of hand-made plans in a cluster that is there already; charts, which cannot be pulled here, are left out.

Configuration `endpoints`: namespace, context, and what the endpoint `fraud` is: stable, canary, shadow; `google` for GKE's own gateway.
"""

from dataclasses import replace
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes import deploy
from plan.model import (
    AccessPlan,
    AddOnPlan,
    ArtifactPlan,
    EndpointPlan,
    ExistingClusterPlan,
    KubernetesPlan,
    OidcPlan,
    Plan,
    PrometheusPlan,
    ScalingPlan,
    TeamPlan,
    Toleration,
)
from tests.components.endpoint_plans import endpoint_plan
from tests.components.plans import LABELS, cluster_plan, pool_plan

words = pulumi.Config("drydock").require_object("endpoints")
NAMESPACE = words["namespace"]
PROCESSORS = ScalingPlan(metric="cpuUtilization", scale_out_seconds=60, scale_in_seconds=300, max_step_percent=100, scale_to_zero=False)
GOOGLE = words.get("google", False)
OIDC = OidcPlan(issuer="https://login.example.com", audiences=("fraud",))


def no_chart(_name: str, **_arguments: Any) -> None:
    """Stands for a Helm release; its namespace is made."""


def pair(name: str) -> tuple[str, float] | None:
    return tuple(words[name]) if name in words else None


def endpoint(stable: str, **choices: Any) -> EndpointPlan:
    """On the pool `gpu`, one GPU for each replica; the model comes from a model hub."""
    given: dict[str, Any] = {
        "team": "search",
        "namespace": NAMESPACE,
        "pool": "gpu",
        "selector": {"drydock/pool": "gpu"},
        "tolerations": (Toleration(key="nvidia.com/gpu", operator="Equal", value="present", effect="NoSchedule"),),
        "resource": "nvidia.com/gpu",
        "gateway": True,
        "access": AccessPlan(public=False, authentication="network"),
    }
    plan = endpoint_plan("kubernetes", stable, **{**given, **choices})
    artifacts = {each.name: ArtifactPlan(bucket=None, path=f"hf://acme/{each.model.name}", sha256="ab" * 32) for each in plan.variants}
    return replace(plan, variants=tuple(replace(each, model=replace(each.model, artifact=artifacts[each.name])) for each in plan.variants))


def contents() -> KubernetesPlan:
    """A team whose pods must keep to the standard `restricted`, and Envoy Gateway or Google's own."""
    envoy = AddOnPlan(name="envoy-gateway", chart="gateway-helm", repository="oci://x", version="v1.9.1", namespace="envoy-gateway-system")
    team = TeamPlan(
        name="search",
        namespace=NAMESPACE,
        labels=LABELS,
        quota=None,
        group=None,
        pod_security="restricted",
        allow_from=(),
        internet_egress=True,
        queue=None,
    )
    return KubernetesPlan(
        add_ons=() if GOOGLE else (envoy,),
        teams=(team,),
        flavors=(),
        workloads=(),
        gateway_class="gke-l7-rilb" if GOOGLE else "drydock",
        gateway_controller=None if GOOGLE else "gateway.envoyproxy.io/gatewayclass-controller",
        gateway_ranges=("10.40.0.0/16", "35.191.0.0/16") if GOOGLE else (),
        prometheus=PrometheusPlan(address="http://prometheus-server.prometheus.svc", namespace="prometheus"),
    )


def whole() -> Plan:
    """The endpoint `fraud` as configured, and `ranking`, which stays as it is."""
    plain = AccessPlan(public=False, authentication="network")
    guarded = AccessPlan(
        public=True, authentication="oidc", oidc=OIDC, host="fraud.example.com", certificate="fraud-tls", rate_limit_per_second=50
    )
    fraud = endpoint(words["stable"], canary=pair("canary"), shadow=pair("shadow"), access=plain if GOOGLE else guarded)
    ranking = endpoint("ranking-1", name="ranking", scaling=PROCESSORS)
    return Plan(
        cloud="kubernetes",
        region="lab",
        stage="prod",
        labels=LABELS,
        buckets=(),
        decisions=(),
        cluster=replace(cluster_plan("aws"), existing=ExistingClusterPlan(context=words["context"])),
        node_pools=(pool_plan("aws", "gpu", gpu=True),),
        kubernetes=contents(),
        endpoints=(fraud, ranking),
    )


kubernetes.helm.v3.Release = no_chart  # pyright: ignore[reportAttributeAccessIssue]
pulumi.export("deployed", deploy(whole()))
