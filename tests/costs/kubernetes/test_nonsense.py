"""Whatever stands in a property: an estimate comes out, in order, and nothing that cannot be read is taken for nothing to pay."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource
from tests.costs.kubernetes.clusters import AKS, AUTOPILOT, AWS_PRICES, AZURE_PRICES, EKS, GCP_PRICES, claim, deployment, pod, service
from tests.costs.kubernetes.test_node_pool import FAMILY, MACHINES, SHAPES, needs, pool

TEMPLATE = {"metadata": {"name": "data"}, "spec": {"storageClassName": "fast", "resources": {"requests": {"storage": "1Gi"}}}}
KSERVE = {"predictor": {"minReplicas": 1, "maxReplicas": 2, "model": {"resources": {"requests": {"cpu": "1"}}}}}
RAY = {
    "rayClusterConfig": {"headGroupSpec": {"template": {"spec": pod()}}, "workerGroupSpecs": [{"template": {"spec": pod()}, "replicas": 2}]}
}
INGRESS = {"metadata": {"annotations": {"alb.ingress.kubernetes.io/group.name": "a"}}, "spec": {"ingressClassName": "alb"}}
CLASS = {"metadata": {"name": "fast"}, "provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3", "iops": "4000"}}
SCALER = {"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "app"}, "minReplicas": 1, "maxReplicas": 3}}
RESOURCES = (
    deployment(replicas=2, spec=pod(nodeSelector={"a": "b"}, initContainers=[{"resources": {"limits": {"cpu": 1}}}])),
    deployment("db", 2, kind="apps/v1:StatefulSet", volumeClaimTemplates=[TEMPLATE]),
    claim("10Gi", storageClassName="fast"),
    service(annotations={"service.beta.kubernetes.io/aws-load-balancer-type": "nlb"}),
    pool({"cpu": "10", "memory": "64Gi"}, needs(FAMILY, "m5"), labels={"a": "b"}),
    resource("kubernetes:serving.kserve.io/v1beta1:InferenceService", properties={"spec": KSERVE}),
    resource("kubernetes:ray.io/v1:RayService", properties={"spec": RAY}),
    resource("kubernetes:networking.k8s.io/v1:Ingress", properties=INGRESS),
    resource("kubernetes:storage.k8s.io/v1:StorageClass", properties=CLASS),
    resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", properties=SCALER),
)


def spoiled(value: Any, by: Any) -> Iterator[Any]:
    """The value with each of its parts, one at a time, replaced."""
    yield by
    if isinstance(value, dict):
        for key, part in cast(dict[str, Any], value).items():
            yield from ({**cast(dict[str, Any], value), key: each} for each in spoiled(part, by))
    elif isinstance(value, list):
        for at, part in enumerate(cast(list[Any], value)):
            yield from ([*cast(list[Any], value[:at]), each, *cast(list[Any], value[at + 1 :])] for each in spoiled(part, by))


@pytest.mark.parametrize("cluster", [EKS, AKS, AUTOPILOT], ids=["EKS", "AKS", "Autopilot"])
@pytest.mark.parametrize("by", [UNKNOWN, None, -1, float("nan"), "٣"])
def test_no_value_breaks_the_estimate(cluster: Resource, by: Any) -> None:
    catalogue = prices(*AWS_PRICES, *GCP_PRICES, *AZURE_PRICES, machines=MACHINES, shapes=SHAPES)
    for one in RESOURCES:
        others = [each for each in RESOURCES if each is not one]
        for properties in spoiled(dict(one.properties), by):
            if isinstance(properties, dict):
                found = estimated(catalogue, replace(one, properties=properties), *others, cluster)
                assert all(0 <= each.usd.low <= each.usd.expected <= each.usd.high for each in found.lines)
