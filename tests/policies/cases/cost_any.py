"""What costs for nothing, by the estimate of the programs here."""

from typing import Any

from costs.resource import Resource
from tests.costs.building import STACK as STACK_URN
from tests.costs.building import component, resource
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


def through(provider: str, found: Resource) -> Resource:
    return Resource(urn=found.urn, type=found.type, properties=found.properties, references=found.references, provider=provider)


FAR, NEAR, NOWHERE = bucket("us-east-1", name="far"), bucket("eu-west-1", name="near"), bucket(UNKNOWN, name="nowhere")
OBJECT = made("aws:s3/bucketObjectv2:BucketObjectv2", {}, "weights", bucket=FAR)
CLUSTER = made("aws:eks/cluster:Cluster", REGION, "ml")
EUROPE, AMERICA = bucket("EU", STORE, "europe"), bucket("us-central1", STORE, "america")


def runs(read: Resource, name: str = "run") -> Resource:
    return made("gcp:cloudrunv2/service:Service", {"location": "europe-west4"}, name, template=read)


STACK = Resource(urn=STACK_URN, type="pulumi:pulumi:Stack", properties={}, custom=False)
# Amazon EC2 and EBS price lists, eu-west-1: t3.large 0.0912 USD an hour, 66.576 a month of 730 hours; t3.medium half of it; gp3 0.088 a
# GiB. An instance with 8 GiB is 67.28 a month, of t3.medium 33.99; a node with 25 GiB 68.776.
DISK = {"rootBlockDevice": {"volumeSize": 8, "volumeType": "gp3"}}


def instance(machine: str = CPU, name: str = "web", **more: Any) -> Resource:
    return made(INSTANCE, {**REGION, "instanceType": machine, **DISK}, name, **more)


AROUND = component("around", hoursPerMonth=100)
IN_HOURS = resource(VM, "hours", {"machineType": "n2-standard-4", "zone": "europe-west4-a"}, parent=AROUND.urn)
GPU_HOURS = resource(INSTANCE, "g-hours", {**REGION, "instanceType": GPU, "tags": {"stage": "dev"}}, parent=AROUND.urn)
DISTANT = made("aws:s3/bucketV2:BucketV2", {"region": "us-east-1"}, "distant")
OLD_OBJECT = made("aws:s3/bucketObject:BucketObject", {}, "old-weights", bucket=FAR)
EAST = made("azure-native:storage:StorageAccount", {"location": "eastus"}, "east")
BLOB = made("azure-native:storage:Blob", {}, "blob", accountName=EAST)
CONTAINER = made("azure-native:storage:BlobContainer", {}, "container", accountName=EAST)
WEST = {"location": "westeurope"}
SERVED = "azure-native:machinelearningservices:OnlineDeployment"
ITEM = made("gcp:storage/bucketObject:BucketObject", {}, "item", bucket=AMERICA)
GOOGLE = made("pulumi:providers:gcp", {"region": "europe-west4"}, "google")
LIMITLESS = made(KARPENTER, {"spec": {"template": {}, "limits": {"cpu": UNKNOWN}}}, "limits")
CAPE = made(INSTANCE, {"region": "af-south-1", "instanceType": "g4dn.xlarge", "tags": {"stage": "dev"}}, "cape")
T4 = {"guestAccelerators": [{"type": "nvidia-tesla-t4", "count": 1}]}
SHAPELESS = made("gcp:container/nodePool:NodePool", {"nodeConfig": {"machineType": "z9-huge"}, "autoscaling": UNKNOWN}, "shapeless")
SCALING = made(GROUP, {**REGION, "instanceTypes": [GPU], "scalingConfig": UNKNOWN}, "scaling")
FLEET = made("aws:autoscaling/group:Group", {**REGION, "minSize": 1, "maxSize": UNKNOWN}, "fleet")

CASES = {
    "DD-COST-401": Case(
        violating=(group(1, 2), made(INSTANCE, {**REGION, "instanceType": GPU, "tags": {"stage": "staging"}}, "vm")),
        at=("", ""),
        passing=(group(0, 2), group(1, 2, CPU, "cpu"), AROUND, GPU_HOURS),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(group(1, 2, stage="prod"), ROLE),
    ),
    "DD-COST-402": Case(
        # Google Cloud, "VM instance pricing", europe-west4: g2-standard-4 is 0.742916 USD an hour, as spot 0.38986: 47.5 % less.
        violating=(vm("g2-standard-4"),),
        words=("saves 48 %",),
        passing=(
            vm("g2-standard-4", scheduling={"provisioningModel": "SPOT", "preemptible": True}),
            vm("n2-standard-4", name="cpu"),
        ),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        # Nobody has told a spot price of g4dn in Cape Town.
        elsewhere=(vm("g2-standard-4", "prod"), ROLE, CAPE),
    ),
    # The same page: a T4 is 0.3675 USD an hour, as spot 0.175: 52.4 % less.
    "DD-COST-402 by the parameter": Case(
        violating=(vm("n1-standard-4", **T4),),
        words=("saves 52 %",),
        parameters={"leastSavingPercent": 47.6},
        passing=(vm("g2-standard-4"),),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(ROLE,),
    ),
    "DD-COST-403": Case(
        violating=(group(1, None), made(KARPENTER, {"spec": {"template": {"spec": {"taints": UNKNOWN}}}}, "karpenter")),
        at=("", ""),
        words=("no maximum is set", "no limits"),
        passing=(group(1, 3),),
        unknown=(group(1, UNKNOWN), LIMITLESS, SCALING, FLEET, SHAPELESS),
        undecided=5,
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
            ITEM,
            runs(ITEM, "run-item"),
            OLD_OBJECT,
            model(OLD_OBJECT, "by-old"),
            DISTANT,
            model(DISTANT, "by-v2"),
            EAST,
            BLOB,
            CONTAINER,
            *(resource(SERVED, f"of-{each.name}", WEST, refers={"properties": each.urn}) for each in (EAST, BLOB, CONTAINER)),
        ),
        at=(*["primaryContainer"] * 4, *["properties"] * 3, "template", "template", "spec"),
        passing=(
            NEAR,
            model(NEAR),
            EUROPE,
            runs(EUROPE),
            through("urn:other", made(MODEL, REGION, "through", primaryContainer=NEAR)),
            made(BUCKET, {}, "here"),
            made(MODEL, {}, "somewhere", primaryContainer=made(BUCKET, {}, "here")),
        ),
        unknown=(
            NOWHERE,
            model(NOWHERE),
            FAR,
            made(MODEL, {}, "somewhere", primaryContainer=FAR),
            made(BUCKET, {}, "here"),
            through("urn:other", made(MODEL, {}, "elsewhere", primaryContainer=made(BUCKET, {}, "here"))),
        ),
        undecided=3,
        elsewhere=(FAR, made("aws:sagemaker/model:Model", REGION, "public"), made("aws:iam/rolePolicy:RolePolicy", {}, policy=FAR)),
    ),
    "DD-COST-405": Case(
        # n2-standard-4 and n1-standard-4 have 4 vCPUs, a GPU none; one is spot, one in another region, one runs for hours.
        violating=(
            commitment({"type": "MEMORY", "amount": "65536"}, vcpus("9")),
            vm("n1-standard-4", name="gpu", **T4),
            vm("n2-standard-4"),
            vm("n2-standard-4", name="spot", scheduling={"provisioningModel": "SPOT", "preemptible": True}),
            vm("n2-standard-4", name="far", zone="us-central1-a"),
            AROUND,
            IN_HOURS,
        ),
        at=("resources.1.amount",),
        words=("where 8 run",),
        passing=(
            commitment(vcpus("8"), vcpus(None), {"type": "VCPU"}),
            vm("n2-standard-4"),
            vm("n1-standard-4", name="gpu", **T4),
            AROUND,
            IN_HOURS,
            GOOGLE,
            through(GOOGLE.urn, made(COMMITMENT, {"resources": [vcpus("8")]}, "by-provider")),
        ),
        unknown=(
            commitment(vcpus(UNKNOWN)),
            made(COMMITMENT, {"region": UNKNOWN, "resources": [vcpus("1")]}, "later"),
            made(COMMITMENT, {"resources": [vcpus("1")]}, "nowhere"),
        ),
        undecided=3,
        elsewhere=(ROLE, vm("n2-standard-4")),
    ),
    "DD-COST-406": Case(
        violating=(
            STACK,
            instance(),
            instance("t3.medium", "a"),
            instance("t3.medium", "b"),
            instance("t3.medium", "c"),
            group(0, 9, CPU),
            made(BUCKET, REGION, "data"),
        ),
        # 67.28 + 3 × 33.992
        words=("169.26 USD a month stand idle, 69.26 over 100.00; most of it: web 67.28, a 33.99, b 33.99; fix",),
        given={"profile": "dev"},
        parameters={"idleMonthlyUsd": 100},
        passing=(STACK, instance(), group(0, 9, CPU), made(BUCKET, REGION, "data")),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(instance(),),
    ),
    "DD-COST-406 at its bound": Case(
        violating=(STACK, instance("t3.medium", "a"), instance("t3.medium", "b")),
        given={"profile": "dev"},
        parameters={"idleMonthlyUsd": 67.28},
        passing=(STACK, instance()),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(instance(),),
    ),
    "DD-COST-406 in production": Case(
        violating=(Resource(urn=STACK_URN, type=STACK.type, properties={"tags": {"stage": "dev"}}, custom=False), instance()),
        parameters={"idleMonthlyUsd": 50},
        passing=(STACK, instance("t3.medium")),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(STACK, instance()),
    ),
    # Half of 134.56 is 67.28; m5.large is 0.107 USD an hour, with its disk 78.81 a month.
    "DD-COST-407": Case(
        violating=(STACK, instance("m5.large"), instance("t3.medium", "small")),
        words=("web costs 78.81 USD a month, more than 50 % of monthlyUsd, 67.28",),
        given={"monthlyUsd": 134.56},
        parameters={"componentPercent": 50},
        passing=(STACK, instance(), instance("t3.medium", "small")),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(STACK, instance()),
        instead={"elsewhere": {}},
    ),
    "DD-COST-408": Case(
        # The first two pools grow alike, twice; the third does not.
        violating=(STACK, group(1, 30, CPU, "b"), group(1, 30, CPU, "a"), group(1, 1, CPU, "c")),
        words=("20 times what is expected; most by a",),
        passing=(STACK, group(1, 10, CPU)),
        unknown=None,
        why_known="what an estimate cannot read it lists as unpriced, which DD-COST-006 counts",
        elsewhere=(
            STACK,
            component("told", storedGib=(0, 0, 100), requestsPerSecond=(0, 0, 1)),
            resource(BUCKET, "told", REGION, parent=component("told").urn),
        ),
    ),
    "DD-COST-409": Case(
        violating=(STACK,),
        passing=(STACK,),
        instead={"passing": {"monthlyUsd": 1}},
        unknown=None,
        why_known="a budget is a setting, which is known",
        elsewhere=(instance(),),
    ),
}
