"""Machine-learning jobs and agents on AWS."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

TRAINING = "aws:sagemaker/trainingJob:TrainingJob"
TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"
QUALITY = "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"
LABELING = "aws:sagemaker/labelingJob:LabelingJob"
FLOW = "aws:sagemaker/flowDefinition:FlowDefinition"
DOMAIN = "aws:sagemaker/domain:Domain"
AGENT = "aws:bedrock/agentAgent:AgentAgent"
BOUGHT = "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput"
GOOGLE = made("gcp:vertex/aiEndpoint:AiEndpoint")
# Amazon EC2 instance types: m5 has no local disk, g5 has one.
PLAIN, LOCAL = {"instanceType": "ml.m5.xlarge"}, {"instanceType": "ml.g5.xlarge"}
KEYED = {**PLAIN, "volumeKmsKeyId": UNKNOWN}
SEVERAL: dict[str, Any] = {**PLAIN, "instanceCount": 2}
ENCRYPTED = {"enableInterContainerTrafficEncryption": True}


def training(**properties: Any) -> Resource:
    return made(TRAINING, properties, "a-training")


def tuning(*definitions: dict[str, Any], **properties: Any) -> Resource:
    return made(TUNING, {"trainingJobDefinitions": list(definitions), **properties}, "tuning")


def quality(cluster: dict[str, Any], **properties: Any) -> Resource:
    return made(QUALITY, {"jobResources": {"clusterConfig": cluster}, **properties}, "quality")


ONE_OF_A_GROUP = made(TRAINING, {"resourceConfig": {"instanceGroups": [{}]}}, "one")

CASES = {
    "DD-ML-001": Case(
        violating=(
            made(QUALITY, {"dataQualityJobOutputConfig": {"monitoringOutputs": {}}}),
            tuning({"outputDataConfig": {"kmsKeyId": "k"}}, {}, trainingJobDefinition={"outputDataConfig": {"kmsKeyId": ""}}),
            made(LABELING),
            training(outputDataConfig={"s3OutputPath": "s3://b"}),
        ),
        at=(
            "dataQualityJobOutputConfig.kmsKeyId",
            "trainingJobDefinition.outputDataConfig.kmsKeyId",
            "trainingJobDefinitions.1.outputDataConfig.kmsKeyId",
            "outputConfig.kmsKeyId",
            "outputDataConfig.kmsKeyId",
        ),
        passing=(
            training(outputDataConfig={"kmsKeyId": UNKNOWN}),
            made(LABELING, {"outputConfig": {"kmsKeyId": "k"}}),
            made(QUALITY, {"dataQualityJobOutputConfig": {"kmsKeyId": "k"}}),
        ),
        unknown=(made(TUNING, {"trainingJobDefinitions": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-ML-002": Case(
        violating=(
            quality(PLAIN),
            tuning({"hyperParameterTuningResourceConfig": PLAIN}, {"resourceConfig": PLAIN}),
            made(LABELING, {"labelingJobAlgorithmsConfig": {"labelingJobAlgorithmSpecificationArn": "a"}}),
            training(resourceConfig=PLAIN),
        ),
        at=(
            "jobResources.clusterConfig.volumeKmsKeyId",
            "trainingJobDefinitions.0.hyperParameterTuningResourceConfig.volumeKmsKeyId",
            "trainingJobDefinitions.1.resourceConfig.volumeKmsKeyId",
            "labelingJobAlgorithmsConfig.labelingJobResourceConfig.volumeKmsKeyId",
            "resourceConfig.volumeKmsKeyId",
        ),
        passing=(training(resourceConfig=KEYED), quality(KEYED), tuning({"hyperParameterTuningResourceConfig": KEYED})),
        unknown=(training(resourceConfig={"instanceType": UNKNOWN}),),
        elsewhere=(training(resourceConfig=LOCAL), made(LABELING)),
    ),
    "DD-ML-003": Case(
        violating=(
            quality(SEVERAL),
            tuning({"resourceConfig": SEVERAL, **ENCRYPTED}, {"resourceConfig": SEVERAL}),
            training(resourceConfig={"instanceGroups": [{"instanceCount": 1}, {"instanceCount": 1}]}),
            made(TRAINING, {"resourceConfig": {"instanceGroups": [{}, {}]}}, "b-training"),
        ),
        at=(
            "networkConfig.enableInterContainerTrafficEncryption",
            "trainingJobDefinitions.1.enableInterContainerTrafficEncryption",
            "enableInterContainerTrafficEncryption",
            "enableInterContainerTrafficEncryption",
        ),
        passing=(training(resourceConfig=SEVERAL, **ENCRYPTED), quality(SEVERAL, networkConfig=ENCRYPTED)),
        unknown=(training(resourceConfig={"instanceCount": UNKNOWN}),),
        elsewhere=(training(resourceConfig=PLAIN), quality({**PLAIN, "instanceCount": 1}), ONE_OF_A_GROUP),
    ),
    "DD-ML-004": Case(
        violating=(made(FLOW, {"outputConfig": {"s3OutputPath": "s3://b"}}),),
        at=("outputConfig.kmsKeyId",),
        passing=(made(FLOW, {"outputConfig": {"kmsKeyId": UNKNOWN}}),),
        unknown=None,
        why_known="a key that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
    "DD-ML-005": Case(
        violating=(made(DOMAIN, {"tags": {}}), made("aws:sagemaker/image:Image")),
        at=("tags", "tags"),
        passing=(made(DOMAIN, {"tags": {"owner": "ml"}}), made("aws:sagemaker/app:App", {"tagsAll": {"owner": "ml"}})),
        unknown=None,
        why_known="tags that are known only later are some",
        elsewhere=(GOOGLE,),
    ),
    "DD-ML-006": Case(
        violating=(made(AGENT),),
        at=("customerEncryptionKeyArn",),
        passing=(made(AGENT, {"customerEncryptionKeyArn": UNKNOWN}),),
        unknown=None,
        why_known="a key that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
    "DD-ML-007": Case(
        violating=(made(AGENT, {"guardrailConfigurations": []}),),
        at=("guardrailConfigurations",),
        passing=(made(AGENT, {"guardrailConfigurations": [{"guardrailIdentifier": UNKNOWN}]}),),
        unknown=None,
        why_known="guardrails that are known only later are some",
        elsewhere=(GOOGLE,),
    ),
    "DD-ML-008": Case(
        violating=(training(enableManagedSpotTraining=True), tuning({}, {"enableManagedSpotTraining": True})),
        at=("trainingJobDefinitions.1.checkpointConfig", "checkpointConfig"),
        passing=(training(enableManagedSpotTraining=True, checkpointConfig={"s3Uri": UNKNOWN}),),
        unknown=(training(enableManagedSpotTraining=UNKNOWN),),
        elsewhere=(training(), GOOGLE),
    ),
    "DD-ML-009": Case(
        violating=(made(BOUGHT, {"commitmentDuration": "OneMonth", "tags": {"stage": "dev"}}),),
        at=("commitmentDuration",),
        passing=(made(BOUGHT, {"tags": {"stage": "dev"}}),),
        unknown=None,
        why_known="a commitment that is known only later is one",
        elsewhere=(made(BOUGHT, {"commitmentDuration": "SixMonths", "tags": {"stage": "prod"}}),),
    ),
}
