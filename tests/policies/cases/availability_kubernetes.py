"""Whether workloads stay up."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import DAEMON_SET, DEPLOYMENT, JOB, POD, SERVICE, STATEFUL_SET, first, here, spec_path, workload

BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"
CHART = made("kubernetes:helm.sh/v3:Release", {"chart": "keda"}, "chart")
PROD: dict[str, Any] = {"labels": {"stage": "prod"}}
DEV: dict[str, Any] = {"labels": {"stage": "dev"}}
APP = {"app": "web", "tier": "front"}
PROBE = {"httpGet": {"path": "/health", "port": 80}}


def web(
    container: Any = None,
    *,
    kind: str = DEPLOYMENT,
    name: str = "web",
    stage: Any = None,
    pod: Any = None,
    labels: Any = None,
    namespace: Any = "search",
    **spec: Any,
) -> Resource:
    """A workload whose pods the service below selects."""
    told = APP if labels is None else labels
    return workload(container, pod, kind=kind, name=name, labels=told, metadata=stage or PROD, spec=spec, namespace=namespace)


def service(selector: Any = None, name: str = "front") -> Resource:
    return here(SERVICE, name, spec={"selector": {"app": "web"} if selector is None else selector})


def scaler(kind: str = HPA, name: str = "scaler", target: Any = "web", of: str = "Deployment", **spec: Any) -> Resource:
    return here(kind, name, spec={"scaleTargetRef": {"kind": of, "name": target}, **spec})


def budget(selector: Any = None, name: str = "budget", **spec: Any) -> Resource:
    return here(BUDGET, name, spec={"selector": {"matchLabels": {"app": "web"}} if selector is None else selector, **spec})


def expression(operator: str, *values: Any, key: str = "app") -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


OTHER = service({"app": "other"}, "other"), service({}, "none")
BY_CPU: dict[str, Any] = {
    "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}}]
}
BY_VALUE: dict[str, Any] = {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "AverageValue"}}}]}
BY_MEMORY: dict[str, Any] = {"metrics": [{"type": "Resource", "resource": {"name": "memory", "target": {"type": "Utilization"}}}]}
ASKING = {"resources": {"requests": {"cpu": "1"}}}
SPOT = {"nodeSelector": {"karpenter.sh/capacity-type": "spot"}}
REPLICAS = "spec.replicas"

CASES = {
    "DD-WORKLOAD-329": Case(
        violating=(workload(kind=POD),),
        passing=(workload(kind=POD, namespace="gmp-system"),),
        unknown=(workload(kind=POD, namespace=UNKNOWN),),
        elsewhere=(CHART, workload(), workload(kind=JOB)),
    ),
    "DD-WORKLOAD-351": Case(
        violating=(web(), service(), web(kind=DAEMON_SET, labels={"app": "web"})),
        at=(first("readinessProbe"), first("readinessProbe")),
        passing=(web({"readinessProbe": PROBE}), service()),
        unknown=(web(labels={"app": UNKNOWN}), service()),
        elsewhere=(CHART, web(), *OTHER, web(kind=JOB)),
    ),
    "DD-WORKLOAD-352": Case(
        violating=(web({"readinessProbe": PROBE}),),
        at=(first("livenessProbe"),),
        passing=(web({"livenessProbe": PROBE}),),
        unknown=(made(DEPLOYMENT, {"metadata": {"namespace": "a"}, "spec": {"template": {"spec": {"containers": UNKNOWN}}}}),),
        elsewhere=(CHART, web(kind=JOB), web(kind=POD)),
    ),
    "DD-WORKLOAD-353": Case(
        violating=(
            web(),
            service(),
            web(name="scaled", replicas=3),
            scaler(target="scaled", minReplicas=1, maxReplicas=4),
            web(name="keda", replicas=3),
            scaler(SCALED, target="keda", minReplicaCount=1),
        ),
        at=(REPLICAS, REPLICAS, REPLICAS),
        passing=(
            web(replicas=2),
            service(),
            web(name="scaled", replicas=1),
            scaler(target="scaled", minReplicas=2),
            web(name="seldom"),
            scaler(SCALED, target="seldom"),
        ),
        unknown=(web(replicas=UNKNOWN), service()),
        elsewhere=(CHART, web(name="unserved"), *OTHER, web(stage=DEV), service({"app": "web", "tier": "back"}, "back")),
    ),
    "DD-WORKLOAD-354": Case(
        violating=(
            web(replicas=2),
            budget({"matchLabels": {"app": "other"}}),
            web(kind=STATEFUL_SET, replicas=3),
            budget(expression("NotIn", "web"), "b"),
        ),
        at=("", ""),
        passing=(
            web(replicas=2),
            budget(),
            web(name="old", labels={"app": "old"}, replicas=2),
            here("kubernetes:policy/v1beta1:PodDisruptionBudget", "old", spec={"selector": {"matchLabels": {"app": "old"}}}),
        ),
        unknown=(web(replicas=2), budget({"matchLabels": {"app": UNKNOWN}})),
        elsewhere=(CHART, web(replicas=1), web(name="off", replicas=0)),
    ),
    "DD-WORKLOAD-355": Case(
        violating=(web(replicas=2),),
        at=(f"{spec_path()}.topologySpreadConstraints",),
        passing=(
            web(replicas=2, pod={"topologySpreadConstraints": [{"maxSkew": 1}]}),
            web(name="apart", replicas=2, pod={"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{}]}}}),
        ),
        unknown=(web(replicas=UNKNOWN),),
        elsewhere=(CHART, web(replicas=1), web(kind=DAEMON_SET)),
    ),
    "DD-WORKLOAD-356": Case(
        violating=(
            budget(maxUnavailable=0.0, name="none"),
            budget(minAvailable="100%", name="all"),
            budget(expression("In", "web", "api"), minAvailable=2, name="as-many"),
            web(replicas=2),
            budget({"matchLabels": {"app": "one"}}, minAvailable=1, name="single"),
            web(name="one", labels={"app": "one"}),
        ),
        at=("spec.minAvailable", "spec.minAvailable", "spec.maxUnavailable", "spec.minAvailable"),
        words=("", "", "is 0, so no pod"),
        passing=(
            budget(maxUnavailable=1, name="one"),
            budget(minAvailable=1, name="some"),
            budget(expression("Exists", key="app"), minAvailable="50%", name="half"),
            web(replicas=2),
            budget({"matchLabels": {"app": "off"}}, minAvailable=1, name="off"),
            web(name="off", labels={"app": "off"}, replicas=0),
        ),
        unknown=(budget(maxUnavailable=UNKNOWN),),
        elsewhere=(
            CHART,
            budget({"matchLabels": {"app": "other"}}, minAvailable=1),
            budget(expression("DoesNotExist"), "no", minAvailable=1),
            web(),
        ),
    ),
    "DD-WORKLOAD-357": Case(
        violating=(web(), service(), scaler(of="StatefulSet")),
        passing=(web(), service(), scaler(SCALED)),
        unknown=(web(), service(), scaler(target=UNKNOWN)),
        elsewhere=(
            CHART,
            web(),
            *OTHER,
            web(name="dev", stage=DEV, labels={"app": "set"}),
            web(kind=STATEFUL_SET, name="set", labels={"app": "set"}),
            service(name="more", selector={"app": "set"}),
        ),
    ),
    "DD-WORKLOAD-358": Case(
        violating=(
            scaler(minReplicas=3, maxReplicas=3),
            scaler(name="one", maxReplicas=1),
            scaler(SCALED, minReplicaCount=2, maxReplicaCount=2),
        ),
        at=("spec.maxReplicas", "spec.maxReplicas", "spec.maxReplicaCount"),
        passing=(scaler(minReplicas=2, maxReplicas=3), scaler(SCALED, minReplicaCount=2)),
        unknown=(scaler(minReplicas=2, maxReplicas=UNKNOWN),),
        elsewhere=(CHART, web()),
    ),
    "DD-WORKLOAD-359": Case(
        violating=(
            scaler(**BY_CPU),
            web(),
            here(
                "kubernetes:autoscaling/v1:HorizontalPodAutoscaler",
                "old",
                spec={"scaleTargetRef": {"kind": "StatefulSet", "name": "web"}, "targetCPUUtilizationPercentage": 60},
            ),
            web(kind=STATEFUL_SET),
        ),
        at=("spec.scaleTargetRef", "spec.scaleTargetRef"),
        passing=(scaler(**BY_CPU), web(ASKING), web(name="alone")),
        unknown=(scaler(**BY_CPU), web({"resources": UNKNOWN})),
        elsewhere=(CHART, scaler(**BY_MEMORY), web(), scaler(SCALED), scaler(name="value", target="other", **BY_VALUE), web(name="other")),
    ),
    "DD-WORKLOAD-360": Case(
        violating=(
            web(pod=SPOT),
            web(kind=STATEFUL_SET, replicas=3, pod={"nodeSelector": {"cloud.google.com/gke-spot": "true"}}),
            web(name="aks", pod={"nodeSelector": {"kubernetes.azure.com/scalesetpriority": "spot"}}),
            web(name="eks", pod={"nodeSelector": {"eks.amazonaws.com/capacityType": "SPOT"}}),
            web(name="gke", pod={"nodeSelector": {"cloud.google.com/gke-preemptible": "true"}}),
        ),
        at=(f"{spec_path()}.nodeSelector",) * 5,
        passing=(web(pod=SPOT, replicas=2), web(name="on-demand", pod={"nodeSelector": {"karpenter.sh/capacity-type": "on-demand"}})),
        unknown=(web(pod={"nodeSelector": {"karpenter.sh/capacity-type": UNKNOWN}}),),
        elsewhere=(CHART, web(pod=SPOT, stage=DEV), web(kind=JOB, pod=SPOT)),
    ),
    "DD-WORKLOAD-361": Case(
        violating=(
            web(strategy={"type": "Recreate"}),
            service(),
            web(name="all", strategy={"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "100%"}}),
        ),
        at=("spec.strategy.rollingUpdate.maxUnavailable", "spec.strategy.type"),
        passing=(web(), service(), web(name="slow", strategy={"rollingUpdate": {"maxUnavailable": 1}})),
        unknown=(web(strategy=UNKNOWN), service()),
        elsewhere=(
            CHART,
            web(strategy={"type": "Recreate"}),
            *OTHER,
            web(name="dev", stage=DEV, labels={"app": "other"}, strategy={"type": "Recreate"}),
        ),
    ),
}
