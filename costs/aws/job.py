"""Jobs of SageMaker: training, and monitoring on a schedule; instances by the hours that they run."""

from decimal import Decimal
from typing import Final

from costs.aws.launch import reader
from costs.aws.lookup import first
from costs.aws.ml_instance import ml_machines
from costs.aws.parts import unlisted
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.schedule import ScheduleUnreadable, runs_per_month

_DEFINITION: Final = "aws:sagemaker/dataQualityJobDefinition:DataQualityJobDefinition"
# What SageMaker takes where nothing is said. Source: Amazon SageMaker API, StoppingCondition.
_TRAINING_LIMIT_S: Final = 86_400


def training(pricing: Pricing) -> None:
    """A training job: it runs once, for as long as it takes, at most to its limit."""
    path = "resourceConfig"
    if pricing.resource.items(f"{path}.instanceGroups") or pricing.resource.get(f"{path}.trainingPlanArn") is not None:
        pricing.unpriced("training", "several groups of instances, or a training plan, whose price is known when it is bought")
        return
    places = pricing.number(f"{path}.instanceCount", 1)
    limit = pricing.number("stoppingCondition.maxRuntimeInSeconds", _TRAINING_LIMIT_S)
    if places is None or limit is None:
        pricing.unpriced("training", "instanceCount or maxRuntimeInSeconds is known only after `up`")
        return
    hours = pricing.usage("hoursPerMonth") or _to_the_limit(pricing, "hours of training", limit)
    if pricing.flag("enableManagedSpotTraining"):
        pricing.note("managed spot training", "at the full price", "it saves up to 90 %, and no spot price of SageMaker is on record")
    ml_machines(pricing, "training", pricing.resource.get(f"{path}.instanceType"), count("instances", places), hours)
    _volumes(pricing, pricing, path, "training", (count("instances", places), hours))


def _to_the_limit(pricing: Pricing, quantity: str, limit_s: Decimal) -> Factor:
    most = limit_s / 3600
    return pricing.assume(quantity, Band(Decimal(0), most / 2, most), "nobody says how long it runs: between not at all and its limit")


def _volumes(pricing: Pricing, at: Pricing, path: str, kind: str, running: tuple[Factor, ...]) -> None:
    size = at.number(f"{path}.volumeSizeInGb")
    if size:
        share = count("of a month's 730 hours", Decimal(1) / 730)
        driver = f"{kind} volumes"
        pricing.line(driver, pricing.service("sagemaker", f"{kind}-storage", driver), *running, count("GB each", size), share)


def monitoring(pricing: Pricing) -> None:
    """A monitoring schedule: a processing job each time that it fires."""
    path = "monitoringScheduleConfig"
    expression = pricing.resource.get(f"{path}.scheduleConfig.scheduleExpression")
    try:
        runs = Decimal(1) if expression == "NOW" else runs_per_month(expression if isinstance(expression, str) else "")
    except ScheduleUnreadable as error:
        pricing.unpriced("monitoring jobs", str(error) if expression else "it has no schedule that can be read")
        return
    named = _definition(pricing)
    if named is None:
        pricing.unpriced("monitoring jobs", "the job definition is not in this program")
        return
    at, cluster, limit_path = named
    limit = at.number(limit_path, 3600) or Decimal(3600)
    most = limit / 3600
    length = Band(*(min(level, most) for level in (Decimal("0.1"), Decimal("0.25"), most)))
    each = pricing.assume("hours of a monitoring job", length, "nobody says how long it runs: at most to its limit")
    hours = Factor(f"{runs.normalize():f} runs a month × {each.words}", each.amount * runs, each.confidence)
    places = count("instances", at.number(f"{cluster}.instanceCount", 1) or 1)
    ml_machines(pricing, "monitoring jobs", at.resource.get(f"{cluster}.instanceType"), places, hours)
    _volumes(pricing, at, cluster, "processing", (places, hours))


def _definition(pricing: Pricing) -> tuple[Pricing, str, str] | None:
    path = "monitoringScheduleConfig"
    inline = f"{path}.monitoringJobDefinition"
    if pricing.resource.get(inline) is not None:
        return pricing, f"{inline}.monitoringResources.clusterConfig", f"{inline}.stoppingConditions.0.maxRuntimeInSeconds"
    word = pricing.text(f"{path}.monitoringJobDefinitionName")
    found = first(pricing.program, _DEFINITION, word) or pricing.program.referred(pricing.resource, path, _DEFINITION)
    if found is None:
        return None
    return reader(pricing, found), "jobResources.clusterConfig", "stoppingCondition.maxRuntimeInSeconds"


_PER_RUN: Final = "each run pays for the instances that its definition names: give them by hand, as hours of an instance"
PRICERS: dict[str, Pricer] = {
    "aws:sagemaker/trainingJob:TrainingJob": training,
    "aws:sagemaker/monitoringSchedule:MonitoringSchedule": monitoring,
    "aws:sagemaker/pipeline:Pipeline": unlisted("jobs of its runs", _PER_RUN),
    "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": unlisted("training jobs of the tuning", _PER_RUN),
    "aws:sagemaker/labelingJob:LabelingJob": unlisted("labelled objects"),
    "aws:sagemaker/flowDefinition:FlowDefinition": unlisted("human reviews"),
    "aws:sagemaker/mlflowApp:MlflowApp": unlisted("MLflow app"),
}
FREE: set[str] = {_DEFINITION}
