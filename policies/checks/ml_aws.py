"""Machine-learning jobs and agents on AWS: SageMaker's jobs of every kind, and Amazon Bedrock."""

from collections.abc import Iterator

from policies.aws_machines import facts
from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
TRAINING = "aws:sagemaker/trainingJob:TrainingJob"
TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob"
QUALITY = "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"
LABELING = "aws:sagemaker/labelingJob:LabelingJob"
AGENT = "aws:bedrock/agentAgent:AgentAgent"
_TRAINED = (TRAINING, TUNING)
_TAGGED = (
    "aws:sagemaker/app:App",
    "aws:sagemaker/domain:Domain",
    "aws:sagemaker/featureGroup:FeatureGroup",
    "aws:sagemaker/image:Image",
)


@CHECKS.add(
    "DD-ML-001",
    "What a job writes is encrypted with a key of one's own",
    *_TRAINED,
    QUALITY,
    LABELING,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Models and labels are what the training data was bought for; with a key of one's own their readers can be watched.",
    fix="set kmsKeyId of the job's output",
    equivalents=("CKV_AWS_367",),
)
def output_has_key(view: View) -> Iterator[Problem]:
    """kmsKeyId of outputs (Amazon SageMaker API, OutputDataConfig, MonitoringOutputConfig, LabelingJobOutputConfig)."""
    own = {QUALITY: "dataQualityJobOutputConfig", LABELING: "outputConfig"}.get(view.resource.type)
    for path in [own] if own else [f"{job}outputDataConfig" for job in _trainings(view)]:
        if not view.present(f"{path}.kmsKeyId"):
            yield Problem(path=f"{path}.kmsKeyId", what="is not set")


@CHECKS.add(
    "DD-ML-002",
    "A job's disks are encrypted with a key of one's own",
    *_TRAINED,
    QUALITY,
    LABELING,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="The whole dataset lies on these disks while the job runs.",
    fix="set volumeKmsKeyId",
    equivalents=("CKV_AWS_368",),
)
def disks_have_key(view: View) -> Iterator[Problem]:
    """volumeKmsKeyId, which machines with local disks refuse (Amazon SageMaker API, ResourceConfig)."""
    for path in _machines(view):
        found = facts(view.text(f"{path}.instanceType"))
        if not view.present(f"{path}.volumeKmsKeyId") and not (found and found.local_ssd_gib):
            yield Problem(path=f"{path}.volumeKmsKeyId", what="is not set")


@CHECKS.add(
    "DD-ML-003",
    "Machines of a job talk to each other encrypted",
    *_TRAINED,
    QUALITY,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Gradients and samples that pass between machines tell of the data; encrypting them costs some time in large jobs.",
    fix="set enableInterContainerTrafficEncryption to true",
    equivalents=("CKV_AWS_369",),
)
def traffic_encrypted(view: View) -> Iterator[Problem]:
    """enableInterContainerTrafficEncryption of jobs on several machines, off where it is left out (Amazon SageMaker API)."""
    for machines in _machines(view):
        job = "networkConfig." if view.resource.type == QUALITY else machines[: machines.rfind(".") + 1]
        count = _count(view, machines)
        if count > 1 and not view.flag(f"{job}enableInterContainerTrafficEncryption"):
            yield Problem(path=f"{job}enableInterContainerTrafficEncryption", what=f"is off, on {count:.0f} machines")


@CHECKS.add(
    "DD-ML-004",
    "What people decide in a review is encrypted with a key of one's own",
    "aws:sagemaker/flowDefinition:FlowDefinition",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Reviews hold the inputs that a model was unsure of, and what a person said of them.",
    fix="set outputConfig.kmsKeyId",
    equivalents=("CKV_AWS_372",),
)
def reviews_have_key(view: View) -> Iterator[Problem]:
    """outputConfig.kmsKeyId (Amazon SageMaker API, FlowDefinitionOutputConfig)."""
    if not view.present("outputConfig.kmsKeyId"):
        yield Problem(path="outputConfig.kmsKeyId", what="is not set")


@CHECKS.add(
    "DD-ML-005",
    "What people share in SageMaker is tagged",
    *_TAGGED,
    severity="low",
    level="advisory",
    rationale="Apps and feature groups cost money every hour; without tags nobody is asked whether they are still wanted.",
    fix="set tags, or the provider's defaultTags",
    equivalents=("sagemaker-app-tagged", "sagemaker-domain-tagged", "sagemaker-feature-group-tagged", "sagemaker-image-tagged"),
)
def tagged(view: View) -> Iterator[Problem]:
    """Whether there is any tag, its own or the provider's."""
    if not view.present("tags") and not view.present("tagsAll"):
        yield Problem(path="tags", what="are none")


@CHECKS.add(
    "DD-ML-006",
    "An agent's sessions are encrypted with a key of one's own",
    AGENT,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="An agent keeps its instructions and what people told it.",
    fix="set customerEncryptionKeyArn",
    equivalents=("CKV_AWS_373",),
)
def agent_has_key(view: View) -> Iterator[Problem]:
    """customerEncryptionKeyArn (Amazon Bedrock API, CreateAgent)."""
    if not view.present("customerEncryptionKeyArn"):
        yield Problem(path="customerEncryptionKeyArn", what="is not set")


@CHECKS.add(
    "DD-ML-007",
    "An agent has a guardrail",
    AGENT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Without one nothing stands between what a text tells the agent to do and what its actions can.",
    fix="set guardrailConfigurations",
    equivalents=("CKV_AWS_383",),
)
def agent_has_guardrail(view: View) -> Iterator[Problem]:
    """guardrailConfigurations (Amazon Bedrock API, GuardrailConfiguration)."""
    if not view.present("guardrailConfigurations"):
        yield Problem(path="guardrailConfigurations", what="are none")


@CHECKS.add(
    "DD-ML-008",
    "Training on spot keeps checkpoints",
    *_TRAINED,
    severity="high",
    rationale="Spot is taken away with two minutes' notice; without checkpoints each interruption pays for the whole job again.",
    fix="set checkpointConfig.s3Uri",
)
def spot_keeps_checkpoints(view: View) -> Iterator[Problem]:
    """checkpointConfig of jobs on spot (Amazon SageMaker Developer Guide, "Managed Spot Training")."""
    for job in _trainings(view):
        if view.flag(f"{job}enableManagedSpotTraining") and not view.present(f"{job}checkpointConfig.s3Uri"):
            yield Problem(path=f"{job}checkpointConfig", what="is not set, on spot")


@CHECKS.add(
    "DD-ML-009",
    "A bought throughput is not bought by the month outside production",
    "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput",
    severity="high",
    rationale="A commitment of one or six months is paid to its end, whether anybody calls the model or not.",
    fix="leave commitmentDuration out, or call the model on demand",
)
def no_commitment(view: View) -> Iterator[Problem]:
    """commitmentDuration in any stage but prod (Amazon Bedrock API, CreateProvisionedModelThroughput)."""
    if view.stage != "prod" and view.present("commitmentDuration"):
        yield Problem(path="commitmentDuration", what="binds for months")


def _trainings(view: View) -> list[str]:
    """Where a resource describes training jobs: the job itself, or each definition of a tuning job; prefixes that end with a dot."""
    if view.resource.type == TRAINING:
        return [""]
    if view.resource.type != TUNING:
        return []
    one = ["trainingJobDefinition."] if view.items("trainingJobDefinition") else []
    return [*one, *(f"trainingJobDefinitions.{at}." for at, _ in enumerate(view.items("trainingJobDefinitions")))]


def _machines(view: View) -> list[str]:
    """Where a resource describes machines and their disks."""
    if view.resource.type == QUALITY:
        return ["jobResources.clusterConfig"]
    if view.resource.type == LABELING:
        own = "labelingJobAlgorithmsConfig"
        return [f"{own}.labelingJobResourceConfig"] if view.present(own) else []
    return [f"{job}{_resources(view, job)}" for job in _trainings(view)]


def _resources(view: View, job: str) -> str:
    tuned = "hyperParameterTuningResourceConfig"
    return tuned if view.present(f"{job}{tuned}") else "resourceConfig"


def _count(view: View, machines: str) -> float:
    groups = [group.number("instanceCount", 1) for _, group in view.each(f"{machines}.instanceGroups")]
    return view.number(f"{machines}.instanceCount") or sum(groups)
