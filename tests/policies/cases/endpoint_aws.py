"""Amazon SageMaker endpoints."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
MODEL = "aws:sagemaker/model:Model"
TARGET = "aws:appautoscaling/target:Target"
POLICY = "aws:appautoscaling/policy:Policy"
SCHEDULE = "aws:appautoscaling/scheduledAction:ScheduledAction"
BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
GOOGLE = made("gcp:vertex/aiEndpoint:AiEndpoint")
# Amazon EC2 instance types: m5 has no local disk, g5 has one, and NVIDIA GPUs.
PLAIN, GPU = "ml.m5.xlarge", "ml.g5.xlarge"
CPU_IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.3.0-cpu-py311-ubuntu20.04-sagemaker"
GPU_IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.3.0-gpu-py311-cu121-ubuntu20.04-sagemaker"
SERVERLESS = {"serverlessConfig": {"maxConcurrency": 5, "memorySizeInMb": 2048}}


def configuration(*variants: dict[str, Any], **properties: Any) -> Resource:
    return made(CONFIGURATION, {"productionVariants": list(variants), **properties}, "configuration")


def variant(**changed: Any) -> dict[str, Any]:
    return {"variantName": "stable", "instanceType": PLAIN, "initialInstanceCount": 1, **changed}


def endpoint(behind: Resource, **properties: Any) -> Resource:
    return made(ENDPOINT, properties, "endpoint", endpointConfigName=behind)


def target(of: Resource, **properties: Any) -> Resource:
    given = {"serviceNamespace": "sagemaker", "minCapacity": 1, "maxCapacity": 4, **properties}
    return made(TARGET, given, "target", resourceId=of)


def production(*variants: dict[str, Any], **properties: Any) -> Resource:
    return configuration(*variants, tags={"stage": "prod"}, **properties)


def serving_by(*variants: dict[str, Any], name: str) -> Resource:
    return made(CONFIGURATION, {"productionVariants": list(variants), "tags": {"stage": "prod"}}, name)


def model(image: object, logical: str = "model", **properties: Any) -> Resource:
    return made(MODEL, {"primaryContainer": {"image": image}, **properties}, logical)


def serving(behind: Resource, *variants: dict[str, Any]) -> Resource:
    return made(CONFIGURATION, {"productionVariants": list(variants)}, "configuration", productionVariants=behind)


def capturing(into: Resource, enabled: object = True) -> Resource:
    given = {"dataCaptureConfig": {"enableCapture": enabled, "destinationS3Uri": UNKNOWN}}
    return made(CONFIGURATION, given, "configuration", dataCaptureConfig=into)


def aged(bucket: Resource, rule: object) -> Resource:
    return made(LIFECYCLE, {"rules": [rule]}, "lifecycle", bucket=bucket)


INSTANCES = configuration(variant())
DEV = endpoint(INSTANCES, tags={"stage": "dev"})
PROD = endpoint(INSTANCES, tags={"stage": "prod"})
ASYNCHRONOUS = configuration(variant(), asyncInferenceConfig={"outputConfig": {"s3OutputPath": UNKNOWN}})
QUEUED = endpoint(ASYNCHRONOUS)
CAPTURES = made(BUCKET, {}, "captures")
ON_CPU, ON_GPU = model(CPU_IMAGE, "on-cpu", name="on-cpu"), model(GPU_IMAGE, "on-gpu", name="on-gpu")
BOTH = Resource(
    urn="urn:pulumi:test::shop::both",
    type=CONFIGURATION,
    properties={
        "productionVariants": [variant(modelName="on-gpu", instanceType=GPU), variant(modelName="on-cpu", instanceType=GPU)],
    },
    references={"productionVariants": (ON_CPU.urn, ON_GPU.urn)},
)

CASES = {
    "DD-ENDPOINT-001": Case(
        violating=(
            configuration(variant(instanceType=GPU), variant()),
            made(CONFIGURATION, {"productionVariants": [variant(instanceType="ml.unheard-of")]}, "new"),
        ),
        at=("kmsKeyArn", "kmsKeyArn"),
        passing=(configuration(variant(), kmsKeyArn=UNKNOWN),),
        unknown=(configuration(variant(instanceType=UNKNOWN)),),
        elsewhere=(GOOGLE, configuration(variant(instanceType=GPU), SERVERLESS)),
    ),
    "DD-ENDPOINT-002": Case(
        violating=(model(CPU_IMAGE), model(CPU_IMAGE, "off", enableNetworkIsolation=False, vpcConfig={"subnets": []})),
        at=("enableNetworkIsolation", "enableNetworkIsolation"),
        passing=(model(CPU_IMAGE, enableNetworkIsolation=True), model(CPU_IMAGE, "inside", vpcConfig={"subnets": UNKNOWN})),
        unknown=(model(CPU_IMAGE, enableNetworkIsolation=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-ENDPOINT-003": Case(
        violating=(model(CPU_IMAGE, enableNetworkIsolation=True),),
        at=("vpcConfig",),
        passing=(model(CPU_IMAGE, vpcConfig={"subnets": ["subnet-1"]}),),
        unknown=None,
        why_known="subnets that are known only later are some",
        elsewhere=(GOOGLE,),
    ),
    "DD-ENDPOINT-004": Case(
        violating=(model(CPU_IMAGE, vpcConfig={"subnets": ["subnet-1"]}),),
        at=("enableNetworkIsolation",),
        passing=(model(CPU_IMAGE, enableNetworkIsolation=True),),
        unknown=(model(CPU_IMAGE, enableNetworkIsolation=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-ENDPOINT-005": Case(
        violating=(
            production(
                variant(initialVariantWeight=2),
                variant(managedInstanceScaling={"minInstanceCount": 1}, initialInstanceCount=5),
                {"variantName": "a-quarter"},
            ),
        ),
        at=(
            "productionVariants.0.initialInstanceCount",
            "productionVariants.1.managedInstanceScaling.minInstanceCount",
            "productionVariants.2.initialInstanceCount",
        ),
        words=("is 1", "is 1", "is 1"),
        passing=(
            serving_by(variant(initialInstanceCount=2, initialVariantWeight=4), variant(), name="a-fifth"),
            serving_by(
                variant(initialInstanceCount=2, initialVariantWeight=751), variant(initialVariantWeight=249), name="short-of-a-quarter"
            ),
            serving_by(variant(initialVariantWeight=0), name="closed"),
            production(
                variant(initialInstanceCount=2, initialVariantWeight=70),
                {**SERVERLESS, "initialVariantWeight": 70},
                variant(initialVariantWeight=20),
                variant(initialVariantWeight=0),
                variant(initialVariantWeight=0, initialInstanceCount=0),
            ),
        ),
        unknown=(production(variant(initialInstanceCount=UNKNOWN)),),
        elsewhere=(
            configuration(variant(), tags={"stage": "dev"}),
            made(CONFIGURATION, {"productionVariants": [variant()], "asyncInferenceConfig": {"outputConfig": {}}}, "queued"),
        ),
    ),
    "DD-ENDPOINT-006": Case(
        violating=(configuration(variant(), SERVERLESS), PROD),
        passing=(INSTANCES, PROD, target(PROD)),
        unknown=(made(CONFIGURATION, {"productionVariants": UNKNOWN}, "later"), endpoint(made(CONFIGURATION, {}, "later"))),
        elsewhere=(
            made(ENDPOINT, {"endpointConfigName": "theirs"}, "foreign"),
            configuration(SERVERLESS, variant(managedInstanceScaling={"minInstanceCount": 1})),
            endpoint(configuration()),
        ),
    ),
    "DD-ENDPOINT-007": Case(
        violating=(target(PROD, maxCapacity=1),),
        at=("maxCapacity",),
        passing=(target(PROD), made(TARGET, {"serviceNamespace": "sagemaker"}, "bare")),
        unknown=(target(PROD, minCapacity=UNKNOWN),),
        elsewhere=(target(PROD, serviceNamespace="ecs", maxCapacity=1),),
    ),
    "DD-ENDPOINT-008": Case(
        violating=(PROD, target(PROD)),
        passing=(PROD, target(PROD), made(POLICY, {}, resourceId=target(PROD))),
        unknown=(target(PROD, serviceNamespace=UNKNOWN),),
        elsewhere=(target(PROD, serviceNamespace="ecs"), PROD, made(SCHEDULE, {}, resourceId=PROD)),
    ),
    "DD-ENDPOINT-009": Case(
        violating=(ASYNCHRONOUS, QUEUED, target(QUEUED)),
        at=("minCapacity",),
        passing=(ASYNCHRONOUS, QUEUED, target(QUEUED, minCapacity=0)),
        unknown=(ASYNCHRONOUS, QUEUED, target(QUEUED, minCapacity=UNKNOWN)),
        elsewhere=(
            INSTANCES,
            PROD,
            target(PROD),
            made(ENDPOINT, {}, "foreign"),
            made(TARGET, {"minCapacity": 1}, "foreign", resourceId=made(ENDPOINT, {}, "foreign")),
        ),
    ),
    "DD-ENDPOINT-010": Case(
        violating=(configuration(variant(), SERVERLESS), DEV, target(DEV)),
        passing=(INSTANCES, DEV, target(DEV), made(SCHEDULE, {}, resourceId=target(DEV))),
        unknown=(INSTANCES, DEV, target(DEV, minCapacity=UNKNOWN)),
        elsewhere=(
            made(ENDPOINT, {"endpointConfigName": "theirs", "tags": {"stage": "dev"}}, "foreign"),
            INSTANCES,
            PROD,
            made(ENDPOINT, {"tags": {"stage": "dev", "ttl": "2026-12-31"}}, "tagged", endpointConfigName=INSTANCES),
            made(ENDPOINT, {"tags": {"stage": "dev"}}, "zero", endpointConfigName=INSTANCES),
            target(made(ENDPOINT, {}, "zero"), minCapacity=0),
            made(TARGET, {"minCapacity": 1}, "canary", resourceId=made(ENDPOINT, {}, "zero")),
            made(CONFIGURATION, {"productionVariants": [SERVERLESS]}, "serverless"),
            made(ENDPOINT, {"tags": {"stage": "dev"}}, "called", endpointConfigName=made(CONFIGURATION, {}, "serverless")),
        ),
    ),
    "DD-ENDPOINT-011": Case(
        violating=(
            CAPTURES,
            capturing(CAPTURES),
            aged(CAPTURES, {"status": "Enabled", "expiration": {"expiredObjectDeleteMarker": True}}),
        ),
        at=("dataCaptureConfig.destinationS3Uri",),
        passing=(
            CAPTURES,
            capturing(CAPTURES),
            aged(CAPTURES, {"status": "Enabled", "expiration": {"days": 90}}),
            made(LIFECYCLE, {"rules": [{"status": "Enabled"}]}, "others", bucket=CAPTURES),
            made(BUCKET, {"lifecycleRules": [{"enabled": True, "expiration": {"date": "2027-01-01"}}]}, "dated"),
            made(CONFIGURATION, {"dataCaptureConfig": {"enableCapture": True}}, "d", dataCaptureConfig=made(BUCKET, {}, "dated")),
            made(BUCKET, {"lifecycleRules": [{"enabled": True, "transitions": [{"days": 30}]}]}, "moved"),
            made(CONFIGURATION, {"dataCaptureConfig": {"enableCapture": True}}, "m", dataCaptureConfig=made(BUCKET, {}, "moved")),
        ),
        unknown=(CAPTURES, capturing(CAPTURES), aged(CAPTURES, {"status": UNKNOWN})),
        elsewhere=(CAPTURES, capturing(CAPTURES, enabled=False), made(CONFIGURATION, {}, "silent", dataCaptureConfig=CAPTURES)),
    ),
    "DD-ENDPOINT-012": Case(
        violating=(
            made(MODEL, {"containers": [{"image": CPU_IMAGE}, {"image": CPU_IMAGE}]}, "chain"),
            made(
                CONFIGURATION, {"productionVariants": [variant(instanceType=GPU)]}, "of-chain", productionVariants=made(MODEL, {}, "chain")
            ),
            ON_CPU,
            ON_GPU,
            BOTH,
            serving(ON_CPU, variant(instanceType=GPU), variant(), variant(instanceType=GPU)),
        ),
        at=tuple(f"productionVariants.{at}.instanceType" for at in (0, 2, 0, 1)),
        passing=(ON_CPU, serving(ON_CPU, variant(instanceType=PLAIN))),
        unknown=(model(UNKNOWN), serving(model(UNKNOWN), variant(instanceType=GPU))),
        elsewhere=(
            ON_GPU,
            serving(ON_GPU, variant(instanceType=GPU)),
            made(CONFIGURATION, {"productionVariants": [variant(instanceType=GPU)]}, "foreign"),
            made(MODEL, {"containers": [{"image": CPU_IMAGE}, {"image": GPU_IMAGE}]}, "chain"),
            made(
                CONFIGURATION, {"productionVariants": [variant(instanceType=GPU)]}, "of-chain", productionVariants=made(MODEL, {}, "chain")
            ),
            made(MODEL, {"primaryContainer": {"modelPackageName": "p"}}, "package"),
            made(CONFIGURATION, {"productionVariants": [variant(instanceType=GPU)]}, "of-p", productionVariants=made(MODEL, {}, "package")),
        ),
    ),
    "DD-ENDPOINT-013": Case(
        violating=(PROD,),
        at=("deploymentConfig.autoRollbackConfiguration",),
        passing=(
            endpoint(
                INSTANCES,
                tags={"stage": "prod"},
                deploymentConfig={"autoRollbackConfiguration": {"alarms": [{"alarmName": UNKNOWN}]}},
            ),
        ),
        unknown=None,
        why_known="alarms that are known only later are some",
        elsewhere=(DEV,),
    ),
    "DD-ENDPOINT-014": Case(
        violating=(production(variant(), variant(enableSsmAccess=True)),),
        at=("productionVariants.1.enableSsmAccess",),
        passing=(production(variant()),),
        unknown=(production(variant(enableSsmAccess=UNKNOWN)),),
        elsewhere=(configuration(variant(enableSsmAccess=True), tags={"stage": "dev"}),),
    ),
}
