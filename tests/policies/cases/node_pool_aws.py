"""Amazon EKS nodes and the machines they are."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration"
INSTANCE = "aws:ec2/instance:Instance"
FLEET = "aws:autoscaling/group:Group"
CLUSTER = made("aws:eks/cluster:Cluster", {}, "ml")
PUBLIC = made("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": True}, "public")
PRIVATE = made("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": False}, "private")
GOOGLE = made("gcp:container/nodePool:NodePool")
# Amazon EC2 instance types: g5 has NVIDIA GPUs, m7i and c7i are x86, m7g is Arm.
GPU, CPU, ARM = "g5.xlarge", "m7i.xlarge", "m7g.xlarge"
SPOT: dict[str, Any] = {"capacityType": "SPOT", "scalingConfig": {"minSize": 0, "maxSize": 4}}
ON_DEMAND: dict[str, Any] = {"capacityType": "ON_DEMAND", "scalingConfig": {"minSize": 0, "maxSize": 4}}


def group(name: str = "pool", **properties: Any) -> Resource:
    return made(GROUP, properties, name)


def member(name: str, properties: dict[str, Any], **more: Any) -> Resource:
    return made(GROUP, {**properties, **more}, name, clusterName=CLUSTER)


def metadata(kind: str = TEMPLATE, **options: object) -> Resource:
    return made(kind, {"metadataOptions": options})


def sized(least: object, stage: str, *types: object) -> Resource:
    return group(scalingConfig={"minSize": least}, tags={"stage": stage}, instanceTypes=list(types))


def templated(machine: object, **properties: Any) -> tuple[Resource, Resource]:
    template = made(TEMPLATE, {"instanceType": machine}, "launch")
    return template, made(GROUP, properties, "templated", launchTemplate=template)


def mapped(**disk: object) -> Resource:
    return made(TEMPLATE, {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": disk}]})


def mixed(**distribution: object) -> Resource:
    return made(FLEET, {"mixedInstancesPolicy": {"instancesDistribution": distribution}})


TAINT = {"key": "nvidia.com/gpu", "effect": "NO_SCHEDULE"}
PLACED = made(TEMPLATE, {"placement": {"groupName": UNKNOWN}}, "packed")

CASES = {
    "DD-NODEPOOL-001": Case(
        violating=(group(remoteAccess={"ec2SshKey": "mine"}),),
        at=("remoteAccess.sourceSecurityGroupIds",),
        passing=(group(remoteAccess={"ec2SshKey": "mine", "sourceSecurityGroupIds": UNKNOWN}), group("bare")),
        unknown=None,
        why_known="groups that are known only later are some",
        elsewhere=(GOOGLE,),
    ),
    "DD-NODEPOOL-002": Case(
        violating=(metadata(httpTokens="optional"), made(INSTANCE), metadata(CONFIGURATION, httpEndpoint="enabled")),
        at=("metadataOptions.httpTokens",) * 3,
        passing=(metadata(httpTokens="required"), metadata(INSTANCE, httpEndpoint="disabled")),
        unknown=(metadata(httpTokens=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NODEPOOL-003": Case(
        violating=(metadata(httpPutResponseHopLimit=2),),
        at=("metadataOptions.httpPutResponseHopLimit",),
        passing=(metadata(httpPutResponseHopLimit=1), made(INSTANCE)),
        unknown=(metadata(httpPutResponseHopLimit=UNKNOWN),),
        elsewhere=(GOOGLE, metadata(httpPutResponseHopLimit=64, httpEndpoint="disabled")),
    ),
    "DD-NODEPOOL-004": Case(
        violating=(
            made(INSTANCE, {"rootBlockDevice": {"volumeSize": 8}, "ebsBlockDevices": [{"encrypted": True}, {"encrypted": False}]}),
            made(CONFIGURATION, {"ebsBlockDevices": [{"encrypted": True}]}),
            mapped(encrypted="false"),
            made(TEMPLATE, {"blockDeviceMappings": [{"deviceName": "/dev/sdb", "virtualName": "ephemeral0"}]}, "local"),
        ),
        at=(
            "rootBlockDevice.encrypted",
            "ebsBlockDevices.1.encrypted",
            "rootBlockDevice",
            "blockDeviceMappings.0.ebs.encrypted",
            "blockDeviceMappings",
        ),
        passing=(mapped(encrypted="true"), made(INSTANCE, {"rootBlockDevice": {"encrypted": True}})),
        unknown=(mapped(encrypted=UNKNOWN),),
        elsewhere=(mapped(encrypted="false"), made("aws:ebs/encryptionByDefault:EncryptionByDefault")),
    ),
    "DD-NODEPOOL-005": Case(
        violating=(
            made(INSTANCE, {"associatePublicIpAddress": True}),
            made(TEMPLATE, {"networkInterfaces": [{"associatePublicIpAddress": "false"}, {"associatePublicIpAddress": "true"}]}),
        ),
        at=("associatePublicIpAddress", "networkInterfaces.1.associatePublicIpAddress"),
        passing=(made(TEMPLATE, {"networkInterfaces": [{"associatePublicIpAddress": "false"}]}), made(CONFIGURATION)),
        unknown=(made(TEMPLATE, {"networkInterfaces": [{"associatePublicIpAddress": UNKNOWN}]}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NODEPOOL-006": Case(
        violating=(PUBLIC, made(GROUP, {"subnetIds": [UNKNOWN]}, subnetIds=PUBLIC)),
        at=("subnetIds",),
        passing=(PRIVATE, made(GROUP, {"subnetIds": [UNKNOWN]}, subnetIds=PRIVATE)),
        unknown=(
            made("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": UNKNOWN}, "later"),
            made(GROUP, {}, subnetIds=made("aws:ec2/subnet:Subnet", {}, "later")),
        ),
        elsewhere=(PUBLIC, group(subnetIds=["subnet-1"])),
    ),
    "DD-NODEPOOL-007": Case(
        violating=(group(),),
        at=("launchTemplate",),
        passing=(group(launchTemplate=UNKNOWN),),
        unknown=None,
        why_known="a launch template that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
    "DD-NODEPOOL-008": Case(
        violating=(sized(1, "dev", CPU, GPU), *templated(GPU, scalingConfig={"minSize": 2}, tags={"stage": "staging"})),
        at=("scalingConfig.minSize", "scalingConfig.minSize"),
        passing=(sized(0, "dev", GPU),),
        unknown=(sized(1, "dev", UNKNOWN),),
        elsewhere=(sized(1, "prod", GPU), made(GROUP, {"scalingConfig": {"minSize": 1}, "tags": {"stage": "dev"}}, "none")),
    ),
    "DD-NODEPOOL-009": Case(
        violating=(group(instanceTypes=[GPU], taints=[{**TAINT, "effect": "PREFER_NO_SCHEDULE"}]), *templated("inf2.xlarge")),
        at=("taints", "taints"),
        passing=(group(instanceTypes=[GPU], taints=[TAINT]), group("out", instanceTypes=[GPU], taints=[{**TAINT, "effect": "NO_EXECUTE"}])),
        unknown=(group(instanceTypes=[GPU], taints=UNKNOWN),),
        elsewhere=(group(instanceTypes=[CPU]),),
    ),
    "DD-NODEPOOL-010": Case(
        violating=(
            CLUSTER,
            member("spot", SPOT, instanceTypes=[GPU]),
            member("cpu", ON_DEMAND, instanceTypes=[CPU]),
            member("spot-too", SPOT, instanceTypes=[GPU]),
            member("never", ON_DEMAND, instanceTypes=[GPU], scalingConfig={"maxSize": 0}),
            made(GROUP, {**ON_DEMAND, "instanceTypes": [GPU], "clusterName": "theirs"}, "elsewhere"),
            made(GROUP, {**SPOT, "instanceTypes": [GPU], "clusterName": "other"}, "by-name"),
            made(GROUP, {**ON_DEMAND, "instanceTypes": [CPU], "clusterName": "other"}, "x86"),
            made(GROUP, {**SPOT, "instanceTypes": [ARM], "clusterName": "other"}, "arm"),
        ),
        at=("capacityType",) * 4,
        passing=(
            CLUSTER,
            member("spot", SPOT, instanceTypes=[GPU]),
            member("gpu", ON_DEMAND, instanceTypes=["g6.xlarge"]),
            member("cpu", ON_DEMAND, instanceTypes=[CPU]),
            group("by-name", **SPOT, clusterName="other", instanceTypes=[ARM]),
            group(
                "reserved", capacityType="CAPACITY_BLOCK", scalingConfig={"maxSize": 1}, clusterName="other", instanceTypes=["c7g.large"]
            ),
        ),
        unknown=(group(capacityType=UNKNOWN),),
        elsewhere=(group(**ON_DEMAND, instanceTypes=[GPU]),),
    ),
    "DD-NODEPOOL-011": Case(
        violating=(mixed(onDemandPercentageAboveBaseCapacity=0),),
        at=("mixedInstancesPolicy.instancesDistribution.onDemandBaseCapacity",),
        passing=(
            mixed(onDemandPercentageAboveBaseCapacity=0, onDemandBaseCapacity=1),
            made(FLEET, {"mixedInstancesPolicy": {"launchTemplate": {}}}, "all"),
        ),
        unknown=(mixed(onDemandPercentageAboveBaseCapacity=UNKNOWN),),
        elsewhere=(made(FLEET, {"maxSize": 3}),),
    ),
    "DD-NODEPOOL-012": Case(
        violating=(
            member("gpu", ON_DEMAND, instanceTypes=[GPU], subnetIds=[UNKNOWN]),
            member("cpu", ON_DEMAND, instanceTypes=[CPU], subnetIds=["subnet-1"]),
            *templated(GPU, subnetIds=["subnet-1"], clusterName="apart"),
        ),
        at=("subnetIds", "subnetIds"),
        passing=(
            group(instanceTypes=[GPU], subnetIds=["subnet-1", UNKNOWN]),
            group("types", instanceTypes=[GPU, "g6.xlarge"], subnetIds=["subnet-1"], clusterName="types"),
            member("g5", ON_DEMAND, instanceTypes=[GPU], subnetIds=["subnet-1"]),
            member("g6", ON_DEMAND, instanceTypes=["g6.xlarge"], subnetIds=["subnet-2"]),
            member("cpu", ON_DEMAND, instanceTypes=[CPU], subnetIds=["subnet-2"]),
        ),
        unknown=(group(instanceTypes=[GPU], subnetIds=UNKNOWN),),
        elsewhere=(
            group(instanceTypes=[CPU], subnetIds=["subnet-1"]),
            PLACED,
            made(GROUP, {"instanceTypes": [GPU], "subnetIds": ["subnet-1"], "clusterName": "hpc"}, "hpc", launchTemplate=PLACED),
        ),
    ),
}
