"""What costs for nothing, by the estimate of the programs here."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import workload

INSTANCE = "aws:ec2/instance:Instance"
GROUP = "aws:eks/nodeGroup:NodeGroup"
VM = "gcp:compute/instance:Instance"
MODEL = "aws:sagemaker/model:Model"
BUCKET = "aws:s3/bucket:Bucket"
STORE = "gcp:storage/bucket:Bucket"
COMMITMENT = "gcp:compute/regionCommitment:RegionCommitment"
KARPENTER = "kubernetes:karpenter.sh/v1:NodePool"
REGION = {"region": "eu-west-1"}
ROLE = made("aws:iam/role:Role")
# Machine types: g5 and g2 have GPUs; t3 and n2 have none. Google sells g2 as spot, for about half (Compute Engine, "VM instance pricing").
GPU, CPU = "g5.xlarge", "t3.large"


def group(least: Any, most: Any, machine: str = GPU, name: str = "pool", stage: str = "dev") -> Resource:
    scaling = {key: value for key, value in {"minSize": least, "maxSize": most}.items() if value is not None}
    return made(GROUP, {**REGION, "instanceTypes": [machine], "scalingConfig": scaling, "tags": {"stage": stage}}, name)


def vm(machine: str, stage: str = "dev", name: str = "vm", **properties: Any) -> Resource:
    return made(VM, {"machineType": machine, "zone": "europe-west4-a", "labels": {"stage": stage}, **properties}, name)


def bucket(region: Any, kind: str = BUCKET, name: str = "models") -> Resource:
    return made(kind, {"location" if kind == STORE else "region": region}, name)


def model(read: Resource, name: str = "model") -> Resource:
    return made(MODEL, {**REGION}, name, primaryContainer=read)


def commitment(*resources: Any) -> Resource:
    return made(COMMITMENT, {"region": "europe-west4", "plan": "TWELVE_MONTH", "resources": list(resources)}, "promise")


def vcpus(amount: Any) -> dict[str, Any]:
    return {"type": "VCPU", "amount": amount}


FAR, NEAR, NOWHERE = bucket("us-east-1", name="far"), bucket("eu-west-1", name="near"), bucket(UNKNOWN, name="nowhere")
OBJECT = made("aws:s3/bucketObjectv2:BucketObjectv2", {}, "weights", bucket=FAR)
CLUSTER = made("aws:eks/cluster:Cluster", REGION, "ml")
EUROPE, AMERICA = bucket("EU", STORE, "europe"), bucket("us-central1", STORE, "america")


def runs(read: Resource, name: str = "run") -> Resource:
    return made("gcp:cloudrunv2/service:Service", {"location": "europe-west4"}, name, template=read)


CASES = {
    "DD-COST-401": Case(
        violating=(group(1, 2), made(INSTANCE, {**REGION, "instanceType": GPU, "tags": {"stage": "staging"}}, "vm")),
        at=("", ""),
        passing=(group(0, 2), group(1, 2, CPU, "cpu")),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(group(1, 2, stage="prod"), ROLE),
    ),
    "DD-COST-402": Case(
        violating=(vm("g2-standard-4"),),
        passing=(
            vm("g2-standard-4", scheduling={"provisioningModel": "SPOT", "preemptible": True}),
            vm("n2-standard-4", name="cpu"),
        ),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(vm("g2-standard-4", "prod"), ROLE),
    ),
    "DD-COST-403": Case(
        violating=(group(1, None), made(KARPENTER, {"spec": {"template": {}}}, "karpenter")),
        at=("", ""),
        passing=(group(1, 3),),
        unknown=(group(1, UNKNOWN),),
        elsewhere=(ROLE, made(GROUP, {**REGION, "instanceTypes": ["x9.huge"], "scalingConfig": {"maxSize": 3}}, "unpriced")),
    ),
    "DD-COST-404": Case(
        violating=(
            FAR,
            OBJECT,
            model(FAR),
            model(OBJECT, "by-object"),
            CLUSTER,
            made("kubernetes:apps/v1:Deployment", workload().properties, "pods", spec=FAR),
            AMERICA,
            runs(AMERICA),
        ),
        at=("primaryContainer", "primaryContainer", "template", "spec"),
        passing=(NEAR, model(NEAR), EUROPE, runs(EUROPE)),
        unknown=(NOWHERE, model(NOWHERE)),
        elsewhere=(FAR, made("aws:sagemaker/model:Model", REGION, "public"), made("aws:iam/rolePolicy:RolePolicy", {}, policy=FAR)),
    ),
    "DD-COST-405": Case(
        # n2-standard-4 has 4 vCPUs; one of the two is spot, and a third runs in another region.
        violating=(
            commitment({"type": "MEMORY", "amount": "65536"}, vcpus("8")),
            vm("n2-standard-4"),
            vm("n2-standard-4", name="spot", scheduling={"provisioningModel": "SPOT", "preemptible": True}),
            vm("n2-standard-4", name="far", zone="us-central1-a"),
        ),
        at=("resources.1.amount",),
        passing=(commitment(vcpus("4")), vm("n2-standard-4")),
        unknown=(commitment(vcpus(UNKNOWN)),),
        elsewhere=(ROLE, vm("n2-standard-4")),
    ),
}
