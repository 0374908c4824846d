"""What AWS bills for nothing."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

VOLUME = "aws:ebs/volume:Volume"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
INSTANCE = "aws:ec2/instance:Instance"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
CONCURRENCY = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
TRAINING = "aws:sagemaker/trainingJob:TrainingJob"
NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
GROUP = "aws:eks/nodeGroup:NodeGroup"
GOOGLE = made("gcp:compute/disk:Disk")


def function(**properties: Any) -> Resource:
    return made("aws:lambda/function:Function", properties, "handler")


def warm(of: Resource) -> Resource:
    return made(CONCURRENCY, {"provisionedConcurrentExecutions": 5}, functionName=of)


def variants(stage: str, *listed: dict[str, Any]) -> Resource:
    return made(CONFIGURATION, {"productionVariants": list(listed), "tags": {"stage": stage}})


DEV, PROD = function(tags={"stage": "dev"}), function(tags={"stage": "prod"})
WARM = {"serverlessConfig": {"provisionedConcurrency": 1}}
# Families of Amazon EC2's "Previous Generation Instances", and those that the pages of their successors name.
OLD = (
    *("c1", "c3", "c4", "cc2", "cr1", "d2", "g2", "g3", "g3s", "hs1", "i2", "i3", "inf1"),
    *("m1", "m2", "m3", "r3", "r4", "t1"),
)
COLD = {"serverlessConfig": {"maxConcurrency": 1}}

CASES = {
    "DD-COST-011": Case(
        violating=(
            made(VOLUME, {"size": 10}),
            made(VOLUME, {"type": "gp2"}, "named"),
            made(INSTANCE, {"rootBlockDevice": {"volumeType": "gp2"}, "ebsBlockDevices": [{"volumeType": "gp2"}]}),
            made(TEMPLATE, {"blockDeviceMappings": [{"ebs": {"volumeType": "gp3"}}, {"ebs": {"volumeType": "gp2"}}]}),
        ),
        at=("type", "type", "rootBlockDevice.0.volumeType", "ebsBlockDevices.0.volumeType", "blockDeviceMappings.1.ebs.volumeType"),
        passing=(made(VOLUME, {"type": "gp3"}), made(TEMPLATE, {"blockDeviceMappings": [{"ebs": {"volumeSize": 8}}]})),
        unknown=(made(VOLUME, {"type": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-COST-012": Case(
        violating=(made(LOGS), made(LOGS, {"retentionInDays": 0}, "zero")),
        at=("retentionInDays", "retentionInDays"),
        passing=(made(LOGS, {"retentionInDays": 30}),),
        unknown=(made(LOGS, {"retentionInDays": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-COST-013": Case(
        violating=(DEV, warm(DEV), variants("dev", COLD, WARM)),
        at=("provisionedConcurrentExecutions", "productionVariants.1.serverlessConfig.provisionedConcurrency"),
        passing=(PROD, warm(PROD), variants("dev", COLD)),
        unknown=(variants("dev", {"serverlessConfig": {"provisionedConcurrency": UNKNOWN}}),),
        elsewhere=(variants("prod", WARM), DEV),
    ),
    "DD-COST-014": Case(
        violating=(
            made(INSTANCE, {"instanceType": "t2.micro"}),
            *(made(INSTANCE, {"instanceType": f"{family}.xlarge"}, family) for family in OLD),
            made(GROUP, {"instanceTypes": ["m7i.large", "p3.2xlarge"]}),
            variants("prod", {"instanceType": "ml.p2.xlarge"}),
            made(NOTEBOOK, {"instanceType": "ml.m4.xlarge"}),
            made(TRAINING, {"resourceConfig": {"instanceType": "ml.p3dn.24xlarge"}}),
        ),
        at=(
            *["instanceType"] * (1 + len(OLD)),
            "instanceTypes.1",
            "productionVariants.0.instanceType",
            "instanceType",
            "resourceConfig.instanceType",
        ),
        passing=(made(INSTANCE, {"instanceType": "m7i.large"}), made(GROUP, {"instanceTypes": ["g6.xlarge"]}), variants("prod", COLD)),
        unknown=(made(GROUP, {"instanceTypes": [UNKNOWN]}),),
        elsewhere=(made(TEMPLATE), GOOGLE),
    ),
    "DD-COST-015": Case(
        violating=tuple(
            made("aws:lambda/function:Function", {"runtime": runtime}, runtime)
            for runtime in ("dotnet8", "java21", "nodejs22.x", "python3.13", "ruby3.4")
        ),
        at=("architectures",) * 5,
        passing=(function(runtime="python3.13", architectures=["arm64"]),),
        unknown=(function(runtime="python3.13", architectures=[UNKNOWN]),),
        elsewhere=(
            function(packageType="Image"),
            made("aws:lambda/function:Function", {"runtime": "provided.al2023"}, "own"),
            made("aws:lambda/function:Function", {"runtime": "python3.13", "packageType": "Image"}, "image"),
        ),
    ),
    "DD-COST-016": Case(
        violating=(
            function(tags={"stage": "prod"}, loggingConfig={"applicationLogLevel": "DEBUG"}),
            made("aws:lambda/function:Function", {"tags": {"stage": "prod"}, "loggingConfig": {"applicationLogLevel": "TRACE"}}, "traced"),
        ),
        at=("loggingConfig.applicationLogLevel",) * 2,
        passing=(function(tags={"stage": "prod"}, loggingConfig={"applicationLogLevel": "INFO"}),),
        unknown=(function(tags={"stage": "prod"}, loggingConfig={"applicationLogLevel": UNKNOWN}),),
        elsewhere=(function(tags={"stage": "dev"}, loggingConfig={"applicationLogLevel": "DEBUG"}),),
    ),
}
