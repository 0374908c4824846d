"""What pods ask of their nodes."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, NAMESPACE, PATCH, POD, STATEFUL_SET, first, here, spec_path, workload

RANGE = "kubernetes:core/v1:LimitRange"
QUOTA = "kubernetes:core/v1:ResourceQuota"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
CHART = made("kubernetes:helm.sh/v3:Release", {"chart": "gpu-operator"}, "chart")
GPU = "nvidia.com/gpu"
SELECTOR = f"{spec_path()}.nodeSelector"


def sized(limits: Any = None, requests: Any = None, *, kind: str = DEPLOYMENT, pod: Any = None, name: str = "it", **more: Any) -> Resource:
    given = {"limits": limits, "requests": requests}
    return workload({"resources": {key: value for key, value in given.items() if value is not None}}, pod, kind=kind, name=name, **more)


def accelerated(kind: str = DEPLOYMENT, pod: Any = None, name: str = "gpu", count: Any = "1", **more: Any) -> Resource:
    return sized({GPU: count}, kind=kind, pod=pod, name=name, **more)


def ranged(namespace: object = "search", kind: str = "Container", **given: Any) -> Resource:
    limits = [{"type": "Pod", "max": {"cpu": "1", "memory": "1Gi"}}, {"type": kind, **given}]
    return here(RANGE, f"range-{namespace}", namespace, spec={"limits": limits})


def quota(hard: Any, namespace: object = "search", name: str = "quota", **more: Any) -> Resource:
    return here(QUOTA, name, namespace, spec={"hard": hard, **more})


def scaled(least: Any, most: Any = None, target: str = "gpu") -> Resource:
    return here(SCALED, "scaled", spec={"scaleTargetRef": {"name": target}, "minReplicaCount": least, "maxReplicaCount": most})


def selecting(key: str, value: Any, kind: str = DEPLOYMENT, container: Any = None, name: str = "it") -> Resource:
    return workload(container, {"nodeSelector": {"zone": "a", key: value}}, kind=kind, name=name)


def tolerating(key: Any, kind: str = DEPLOYMENT, container: Any = None, name: str = "it", **pod: Any) -> Resource:
    return workload(container, {"tolerations": [{"key": "spot"}, {"key": key, "operator": "Exists"}], **pod}, kind=kind, name=name)


SPACE = made(NAMESPACE, {"metadata": {"name": "search"}}, "space")
DEV: dict[str, Any] = {"metadata": {"labels": {"stage": "dev"}}}
PROD: dict[str, Any] = {"metadata": {"labels": {"stage": "prod"}}}
ONE_GPU = {"resources": {"limits": {GPU: 1}}}
# Labels that the clouds, NVIDIA's feature discovery and Karpenter give to nodes with accelerators, by their documents.
MARKS = (
    *("cloud.google.com/gke-tpu-accelerator", "nvidia.com/gpu.present", "nvidia.com/gpu.product", "k8s.amazonaws.com/accelerator"),
    *("karpenter.k8s.aws/instance-gpu-name", "kubernetes.azure.com/accelerator"),
)
# Names of accelerators of AMD, Intel, Habana, AWS and Qualcomm, by their device plugins' documents.
OTHERS = ("amd.com/gpu", "aws.amazon.com/neuron", "gpu.intel.com/i915", "habana.ai/gaudi", "qualcomm.com/qaic")

CASES = {
    "DD-WORKLOAD-331": Case(
        violating=(sized({"memory": "1Gi"}), ranged("elsewhere", defaultRequest={"cpu": "1"}), sized(kind=POD)),
        at=(first("resources.requests.cpu"), "spec.containers.0.resources.requests.cpu"),
        passing=(
            sized(requests={"cpu": UNKNOWN}),
            sized({"cpu": 1}, name="limit"),
            workload(namespace="lent", name="given"),
            ranged("lent", defaultRequest={"cpu": "100m"}),
            workload(namespace="bounded", name="bounded"),
            ranged("bounded", default={"cpu": "100m"}),
            workload(namespace="capped", name="capped"),
            ranged("capped", max={"cpu": "100m"}),
        ),
        unknown=(workload(), ranged(UNKNOWN, defaultRequest={"cpu": "100m"})),
        elsewhere=(CHART, workload(kind=PATCH), workload(namespace="kube-system")),
    ),
    "DD-WORKLOAD-332": Case(
        violating=(sized({"cpu": "1"}), ranged(default={"cpu": "1"})),
        at=(first("resources.requests.memory"),),
        passing=(sized(requests={"memory": "1Gi"}), sized(name="lent"), ranged(min={"memory": "1Gi"})),
        unknown=(workload({"resources": UNKNOWN}),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-333": Case(
        violating=(sized(requests={"memory": "1Gi"}), ranged(defaultRequest={"memory": "1Gi"}), workload(kind=DAEMON_SET)),
        at=(first("resources.limits.memory"), first("resources.limits.memory")),
        passing=(
            sized({"memory": "1Gi"}),
            sized(name="lent"),
            ranged(max={"memory": "1Gi"}),
            sized(name="b", namespace="b"),
            ranged("b", default={"memory": "1Gi"}),
        ),
        unknown=(sized(UNKNOWN),),
        elsewhere=(CHART, workload(kind=PATCH)),
    ),
    "DD-WORKLOAD-334": Case(
        violating=(sized({"memory": "1Gi"}, {"cpu": "1"}),),
        at=(first("resources.limits.cpu"),),
        passing=(sized({"cpu": "1"}), ranged(UNKNOWN, default={"cpu": "1"})),
        unknown=(sized(UNKNOWN),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-335": Case(
        violating=(sized({GPU: "2"}, {GPU: "1"}), sized(requests={"nvidia.com/mig-1g.10gb": 1.0}, kind=PATCH)),
        at=(first("resources.requests"), first("resources.requests")),
        passing=(sized({GPU: "1"}, {GPU: 1.0, "cpu": "2"}), sized({GPU: "1"}, name="limit"), sized(requests={"cpu": "1"}, name="cpu")),
        unknown=(sized({GPU: UNKNOWN}, {GPU: "1"}),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-336": Case(
        violating=(accelerated(), accelerated(CRON_JOB, {"nodeSelector": {}}), sized(requests={GPU: "1"})),
        at=(SELECTOR, SELECTOR, f"{spec_path(CRON_JOB)}.nodeSelector"),
        passing=(
            accelerated(pod={"nodeSelector": UNKNOWN}),
            accelerated(
                JOB,
                {
                    "affinity": {
                        "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchFields": []}]}}
                    }
                },
            ),
        ),
        unknown=(sized(UNKNOWN),),
        elsewhere=(
            CHART,
            accelerated(DAEMON_SET),
            workload(),
            accelerated(JOB, count="0"),
            accelerated(count=0),
            sized({"cpu": "1"}, name="cpu"),
        ),
    ),
    "DD-WORKLOAD-337": Case(
        # Machines with GPUs: Amazon EC2's g5, Compute Engine's g2, Azure's NC. EC2's c7i have none.
        violating=(
            selecting("cloud.google.com/gke-accelerator", "nvidia-l4"),
            selecting("node.kubernetes.io/instance-type", "g5.xlarge", JOB),
            selecting("node.kubernetes.io/instance-type", "g2-standard-4", JOB, name="gcp"),
            selecting("node.kubernetes.io/instance-type", "Standard_NC4as_T4_v3", JOB, name="azure"),
            *(selecting(mark, "true", STATEFUL_SET, name=mark) for mark in MARKS),
        ),
        at=(SELECTOR,) * 10,
        passing=(
            selecting("cloud.google.com/gke-accelerator", "nvidia-l4", container=ONE_GPU),
            selecting("node.kubernetes.io/instance-type", "c7i.xlarge", JOB),
            selecting("nvidia.com/gpu.present", "false", POD),
        ),
        unknown=(selecting("node.kubernetes.io/instance-type", UNKNOWN),),
        elsewhere=(
            CHART,
            selecting("nvidia.com/gpu.present", "true", DAEMON_SET),
            workload(pod={"nodeSelector": {"nvidia.com/gpu.present": "true"}, "resourceClaims": [{"name": "gpu"}]}),
        ),
    ),
    "DD-WORKLOAD-338": Case(
        violating=(tolerating(GPU), tolerating("google.com/tpu", JOB), *(tolerating(name, STATEFUL_SET, name=name) for name in OTHERS)),
        at=(f"{spec_path()}.tolerations.1.key",) * 7,
        passing=(tolerating(GPU, container=ONE_GPU), tolerating("team", JOB)),
        unknown=(tolerating(UNKNOWN),),
        elsewhere=(CHART, tolerating(GPU, DAEMON_SET), tolerating(GPU, name="claims", resourceClaims=[{"name": "gpu"}])),
    ),
    "DD-WORKLOAD-339": Case(
        # 3 × 1.5 cores over 4; 3 × 2 GiB within 6; 3 pods over 2, which a second quota does not widen. Two accelerators at a time over one.
        # 2 × 2 GiB over 3. KEDA's 5 × 1 GPU over 4.
        violating=(
            quota({"requests.cpu": "4", "memory": "6Gi", "pods": "2"}),
            quota({"pods": "9"}, name="wide"),
            sized({"memory": "2Gi"}, {"cpu": "1500m"}, spec={"replicas": 3}),
            quota({"requests.memory": "3Gi"}, "large", "large"),
            sized(requests={"memory": "2Gi"}, name="large", namespace="large", spec={"replicas": 2}),
            quota({"requests.nvidia.com/gpu": "1"}, "vision", "gpus"),
            sized({GPU: "1"}, kind=JOB, namespace="vision", spec={"parallelism": 2}),
            quota({"requests.nvidia.com/gpu": 4}, "scaled", "scaled"),
            sized({GPU: "1"}, name="gpu", namespace="scaled", kind=STATEFUL_SET, spec={"replicas": 1}),
            here(SCALED, "more", "scaled", spec={"scaleTargetRef": {"kind": "StatefulSet", "name": "gpu"}, "maxReplicaCount": 5}),
        ),
        at=(spec_path(),) * 5,
        words=("4.5 processors", "3 pods", "4 GiB of memory, and its quota allows 3", "5 nvidia.com/gpu", "2 nvidia.com/gpu"),
        passing=(
            quota({"requests.cpu": "4500m", "memory": "6Gi", "pods": "3", "limits.cpu": "1", "requests.memory": "much"}),
            quota({"pods": "0"}, name="best-effort", scopes=["BestEffort"]),
            quota({"pods": "0"}, name="critical", scopeSelector={"matchExpressions": [{"scopeName": "PriorityClass"}]}),
            quota({"pods": "0"}, "vision", name="theirs"),
            quota({"cpu": "0", "memory": "much"}, "odd", name="odd"),
            sized({"cpu": "many"}, name="odd", namespace="odd"),
            workload(name="free", namespace="free", spec={"replicas": UNKNOWN}),
            sized({"memory": "2Gi"}, {"cpu": "1500m"}, spec={"replicas": 3}),
        ),
        unknown=(
            quota({"pods": "2"}),
            workload(spec={"replicas": UNKNOWN}),
            sized({"cpu": UNKNOWN}, name="limit"),
            sized(requests={"cpu": UNKNOWN}, name="request"),
        ),
        undecided=3,
        elsewhere=(CHART, quota({"pods": "0"}), workload(kind=DAEMON_SET), workload(namespace="keda")),
    ),
    "DD-WORKLOAD-340": Case(
        violating=(
            SPACE,
            made(RANGE, ranged(UNKNOWN, max={"memory": "4Gi", GPU: "1"}).properties, "by-reference", metadata=SPACE),
            sized({"memory": "5Gi"}, {"memory": "4Gi", GPU: 2}),
        ),
        at=(first("resources.limits"), first("resources.requests")),
        passing=(
            ranged(max={"memory": "4Gi"}),
            sized({"memory": "4096Mi", "cpu": "9"}),
            sized({"memory": "much"}, name="odd"),
            sized({"memory": "5Gi"}, namespace="vision", name="other"),
        ),
        unknown=(ranged(max={"memory": "4Gi"}), sized({"memory": UNKNOWN})),
        elsewhere=(CHART, ranged(max={"memory": "1Gi"}), sized({"memory": "2Gi"}, kind=PATCH)),
    ),
    "DD-WORKLOAD-341": Case(
        violating=(quota({"requests.cpu": "4"}), accelerated()),
        passing=(quota({"requests.nvidia.com/gpu": "4"}), accelerated()),
        unknown=(quota(UNKNOWN), accelerated()),
        elsewhere=(CHART, accelerated(), quota({"pods": "3"}, "vision"), workload(namespace="vision")),
    ),
    "DD-WORKLOAD-342": Case(
        violating=(accelerated(JOB), accelerated(CRON_JOB)),
        at=("spec.jobTemplate.spec.activeDeadlineSeconds", "spec.activeDeadlineSeconds"),
        passing=(
            accelerated(JOB, spec={"activeDeadlineSeconds": 3600}),
            accelerated(CRON_JOB, {"activeDeadlineSeconds": UNKNOWN}),
            accelerated(CRON_JOB, name="nightly", spec={"activeDeadlineSeconds": 3600}),
        ),
        unknown=(sized(UNKNOWN, kind=JOB),),
        elsewhere=(CHART, accelerated(), workload(kind=JOB)),
    ),
    "DD-WORKLOAD-343": Case(
        violating=(workload(kind=JOB),),
        at=("spec.ttlSecondsAfterFinished",),
        passing=(workload(kind=JOB, spec={"ttlSecondsAfterFinished": 0}),),
        unknown=(workload(kind=JOB, namespace=UNKNOWN),),
        elsewhere=(CHART, workload(kind=CRON_JOB), workload(kind=JOB, namespace="gmp-system")),
    ),
    "DD-WORKLOAD-344": Case(
        violating=(accelerated(CRON_JOB),),
        at=("spec.concurrencyPolicy",),
        passing=(
            made(
                CRON_JOB,
                {
                    "metadata": {"namespace": "search"},
                    "spec": {
                        "concurrencyPolicy": "Forbid",
                        "jobTemplate": {"spec": {"template": {"spec": {"containers": [ONE_GPU]}}}},
                    },
                },
            ),
        ),
        unknown=(sized(UNKNOWN, kind=CRON_JOB),),
        elsewhere=(CHART, workload(kind=CRON_JOB), accelerated(JOB)),
    ),
    "DD-WORKLOAD-345": Case(
        violating=(
            accelerated(**DEV),
            here(HPA, "scaled", spec={"scaleTargetRef": {"kind": "Deployment", "name": "gpu"}, "minReplicas": 2}),
            accelerated(name="one", **DEV),
        ),
        at=("spec.replicas", "spec.replicas"),
        passing=(accelerated(**DEV), scaled(None), accelerated(STATEFUL_SET, name="off", spec={"replicas": 0}, **DEV)),
        unknown=(accelerated(**DEV), scaled(UNKNOWN)),
        elsewhere=(CHART, accelerated(**PROD), accelerated(name="none"), workload(**DEV), accelerated(JOB, **DEV)),
    ),
}
