"""Compute of Azure Machine Learning."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

WORKSPACE = "azure-native:machinelearningservices:Workspace"
COMPUTE = "azure-native:machinelearningservices:Compute"
AMAZON = made("aws:sagemaker/domain:Domain")
KUBERNETES = made(COMPUTE, {"properties": {"computeType": "Kubernetes"}}, "attached")
# Microsoft Learn, sizes: NC T4 v3 have NVIDIA GPUs, Dv5 none.
GPU, CPU = "Standard_NC4as_T4_v3", "Standard_D4s_v5"


def workspace(name: str = "ws", **properties: Any) -> Resource:
    return made(WORKSPACE, properties, name)


def isolated(mode: object, name: str = "ws") -> Resource:
    return workspace(name, managedNetwork={"isolationMode": mode})


def compute(kind: object, name: str = "", stage: str = "prod", local: object = None, **properties: Any) -> Resource:
    inside = {"computeType": kind, "disableLocalAuth": local, "properties": properties}
    return made(COMPUTE, {"properties": inside, "tags": {"stage": stage}}, name or f"a-{kind}")


def cluster(name: str = "", **properties: Any) -> Resource:
    return compute("AmlCompute", name, **properties)


def instance(name: str = "", **properties: Any) -> Resource:
    return compute("ComputeInstance", name, **properties)


def within(mode: object) -> tuple[Resource, Resource]:
    of = isolated(mode, f"of-{mode}")
    return of, made(COMPUTE, {"properties": {"computeType": "AmlCompute"}}, f"in-{mode}", workspaceName=of)


def scaled(name: str = "", **settings: object) -> Resource:
    return cluster(name, scaleSettings=settings)


CASES = {
    "DD-ML-206": Case(
        violating=(cluster(), compute("ComputeInstance", local=False)),
        at=("properties.disableLocalAuth", "properties.disableLocalAuth"),
        passing=(compute("AmlCompute", local=True),),
        unknown=(compute("AmlCompute", local=UNKNOWN),),
        elsewhere=(AMAZON, KUBERNETES),
    ),
    "DD-ML-211": Case(
        violating=(scaled(minNodeCount=1, maxNodeCount=4),),
        at=("properties.properties.scaleSettings.minNodeCount",),
        passing=(scaled(minNodeCount=0, maxNodeCount=4), cluster("silent")),
        unknown=(scaled(minNodeCount=UNKNOWN),),
        elsewhere=(AMAZON, instance(scaleSettings={"minNodeCount": 1})),
    ),
    "DD-ML-212": Case(
        violating=(
            scaled("long", nodeIdleTimeBeforeScaleDown="PT1H"),
            scaled("days", nodeIdleTimeBeforeScaleDown="P1D"),
            scaled("seconds", nodeIdleTimeBeforeScaleDown="PT1860S"),
        ),
        at=("properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown",) * 3,
        passing=(
            scaled("half", nodeIdleTimeBeforeScaleDown="PT30M"),
            cluster("silent"),
            scaled("s", nodeIdleTimeBeforeScaleDown="PT120S"),
            scaled("odd", nodeIdleTimeBeforeScaleDown="soon"),
        ),
        unknown=(scaled(nodeIdleTimeBeforeScaleDown=UNKNOWN),),
        elsewhere=(AMAZON, instance(scaleSettings={"nodeIdleTimeBeforeScaleDown": "PT5H"})),
    ),
    "DD-ML-213": Case(
        violating=(instance("never"), instance("late", idleTimeBeforeShutdown="PT3H1M")),
        at=("properties.properties.idleTimeBeforeShutdown",) * 2,
        passing=(instance(idleTimeBeforeShutdown="PT3H"),),
        unknown=(instance(idleTimeBeforeShutdown=UNKNOWN),),
        elsewhere=(AMAZON, cluster()),
    ),
    "DD-ML-214": Case(
        violating=(cluster(), instance(), *within("Disabled")),
        at=("properties.properties.subnet",) * 3,
        passing=(cluster(subnet={"id": UNKNOWN}), *within("AllowInternetOutbound")),
        unknown=within(UNKNOWN),
        elsewhere=(AMAZON, KUBERNETES),
    ),
    "DD-ML-215": Case(
        violating=(cluster(), instance(enableNodePublicIp=True), *within("Disabled")),
        at=("properties.properties.enableNodePublicIp",) * 3,
        passing=(cluster(enableNodePublicIp=False), *within("AllowOnlyApprovedOutbound")),
        unknown=(cluster(enableNodePublicIp=UNKNOWN),),
        elsewhere=(AMAZON, KUBERNETES),
    ),
    "DD-ML-216": Case(
        violating=(cluster(remoteLoginPortPublicAccess="Enabled"), instance(sshSettings={"sshPublicAccess": "Enabled"})),
        at=("properties.properties.remoteLoginPortPublicAccess", "properties.properties.sshSettings.sshPublicAccess"),
        passing=(cluster(remoteLoginPortPublicAccess="Disabled"), cluster("silent"), instance()),
        unknown=(instance(sshSettings={"sshPublicAccess": UNKNOWN}),),
        elsewhere=(AMAZON, instance(remoteLoginPortPublicAccess="Enabled"), cluster(sshSettings={"sshPublicAccess": "Enabled"})),
    ),
    "DD-ML-217": Case(
        violating=(instance(), instance("shared", applicationSharingPolicy="Shared")),
        at=("properties.properties.applicationSharingPolicy",) * 2,
        passing=(instance(applicationSharingPolicy="Personal"),),
        unknown=(instance(applicationSharingPolicy=UNKNOWN),),
        elsewhere=(AMAZON, cluster()),
    ),
    "DD-ML-221": Case(
        violating=(cluster("silent", stage="dev", vmSize=GPU), cluster("said", stage="staging", vmSize=GPU, vmPriority="Dedicated")),
        at=("properties.properties.vmPriority",) * 2,
        passing=(cluster(stage="dev", vmSize=GPU, vmPriority="LowPriority"),),
        unknown=(cluster(stage="dev", vmSize=GPU, vmPriority=UNKNOWN),),
        elsewhere=(AMAZON, cluster("prod", vmSize=GPU), cluster("cpu", stage="dev", vmSize=CPU), instance(stage="dev", vmSize=GPU)),
    ),
}
