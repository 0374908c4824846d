"""Amazon SageMaker endpoints and the models behind them: who reads them, whether they stay up, what they cost while nobody calls."""

from collections.abc import Iterator

from policies.aws_machines import accelerator, facts
from policies.check import Checks, Problem
from policies.checks.storage_aws import BUCKETS, lifecycle_rules
from policies.joins import beside, sources
from policies.view import View

CHECKS = Checks()
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
MODEL = "aws:sagemaker/model:Model"
TARGET = "aws:appautoscaling/target:Target"
_POLICY = "aws:appautoscaling/policy:Policy"
_SCHEDULE = "aws:appautoscaling/scheduledAction:ScheduledAction"


@CHECKS.add(
    "DD-ENDPOINT-001",
    "Disks of an endpoint are encrypted with a key of one's own",
    CONFIGURATION,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Models, and inputs while they are worked on, lie on these disks.",
    fix="set kmsKeyArn",
    equivalents=("CKV_AWS_98", "sagemaker-endpoint-configuration-kms-key-configured"),
)
def disks_have_key(view: View) -> Iterator[Problem]:
    """kmsKeyArn, which machines with local disks refuse and serverless variants need not (Amazon SageMaker API, CreateEndpointConfig)."""
    disks = [variant for _, variant in view.each("productionVariants") if not variant.present("serverlessConfig")]
    if not view.present("kmsKeyArn") and not all(_has_local_disk(variant) for variant in disks):
        yield Problem(path="kmsKeyArn", what="is not set")


@CHECKS.add(
    "DD-ENDPOINT-002",
    "A model's container reaches nothing that it need not",
    MODEL,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A model file that runs code when it is loaded can send away what callers send in.",
    fix="set enableNetworkIsolation to true, or vpcConfig with a security group that bounds what goes out",
    key="network",
    equivalents=("CKV_AWS_370", "sagemaker-model-isolation-enabled", "sagemaker-model-in-vpc"),
)
def bounded_network(view: View) -> Iterator[Problem]:
    """Isolation or a network of one's own; both are off where they are left out (Amazon SageMaker API, CreateModel)."""
    if not view.flag("enableNetworkIsolation") and not view.present("vpcConfig.subnets"):
        yield Problem(path="enableNetworkIsolation", what="is off, and no vpcConfig bounds what its container reaches")


@CHECKS.add(
    "DD-ENDPOINT-003",
    "A model stands in a network of one's own",
    MODEL,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Only traffic that passes one's own network shows in its flow logs.",
    fix="set vpcConfig",
    key="network",
    equivalents=("sagemaker-model-in-vpc",),
)
def in_own_network(view: View) -> Iterator[Problem]:
    """vpcConfig (Amazon SageMaker API, CreateModel)."""
    if not view.present("vpcConfig.subnets"):
        yield Problem(path="vpcConfig", what="is not set")


@CHECKS.add(
    "DD-ENDPOINT-004",
    "A model's container is isolated from the network",
    MODEL,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Isolated, a container cannot send anything anywhere, whatever it runs.",
    fix="set enableNetworkIsolation to true",
    equivalents=("CKV_AWS_370", "sagemaker-model-isolation-enabled"),
)
def isolated(view: View) -> Iterator[Problem]:
    """enableNetworkIsolation, off where it is left out (Amazon SageMaker API, CreateModel)."""
    if not view.flag("enableNetworkIsolation"):
        yield Problem(path="enableNetworkIsolation", what="is off")


@CHECKS.add(
    "DD-ENDPOINT-005",
    "A variant in production has two instances or more",
    CONFIGURATION,
    severity="high",
    rationale="One instance is in one zone: it fails with it, and each update and each patch is an outage.",
    fix="set initialInstanceCount to 2 or more",
    key="endpoints.<name>.replicas.min",
    equivalents=("sagemaker-endpoint-config-prod-instance-count",),
    parameters={"leastInstances": 2, "leastSharePercent": 25.0},
)
def enough_instances(view: View) -> Iterator[Problem]:
    """Production variants in the stage prod with leastSharePercent of the traffic or more: a canary has less, and not for long.

    Serverless variants have no instances of ours, and callers of asynchronous ones do not wait.
    """
    if view.stage != "prod" or view.present("asyncInferenceConfig"):
        return
    variants = [(path, variant, variant.number("initialVariantWeight", 1)) for path, variant in view.each("productionVariants")]
    whole = sum(weight for _, _, weight in variants)
    for path, variant, weight in variants:
        scaled = "managedInstanceScaling.minInstanceCount"
        name = scaled if variant.present(scaled) else "initialInstanceCount"
        count = variant.number(name, 1)
        small = 100 * weight < view.parameters["leastSharePercent"] * whole or weight == 0
        if not variant.present("serverlessConfig") and not small and count < view.parameters["leastInstances"]:
            yield Problem(path=f"{path}.{name}", what=f"is {count:.0f}, in production")


@CHECKS.add(
    "DD-ENDPOINT-006",
    "An endpoint scales with its traffic",
    ENDPOINT,
    joined=True,
    level="advisory",
    rationale="With a fixed number of instances the endpoint is too small at noon, and too dear at night.",
    fix="add an aws.appautoscaling.Target for each variant, with a Policy",
    key="endpoints.<name>.autoscaling",
)
def scales(view: View) -> Iterator[Problem]:
    """Whether a scaling target refers to it, or every variant scales itself: serverless, or with managed instance scaling."""
    configuration = view.referred("endpointConfigName", CONFIGURATION)
    if configuration is None or beside(view, [TARGET], "resourceId"):
        return
    variants = [variant for _, variant in configuration.each("productionVariants")]
    if not all(variant.present("serverlessConfig") or variant.present("managedInstanceScaling") for variant in variants):
        yield Problem(what="no scaling target refers to it")


@CHECKS.add(
    "DD-ENDPOINT-007",
    "A scaling target has room to scale",
    TARGET,
    level="advisory",
    rationale="Where the least is the most, autoscaling is there in name only.",
    fix="set maxCapacity above minCapacity",
    key="endpoints.<name>.replicas.max",
)
def room_to_scale(view: View) -> Iterator[Problem]:
    """minCapacity against maxCapacity of SageMaker's targets."""
    least, most = view.number("minCapacity"), view.number("maxCapacity")
    if view.text("serviceNamespace") == "sagemaker" and least is not None and least == most:
        yield Problem(path="maxCapacity", what=f"is {most:.0f}, as minCapacity is")


@CHECKS.add(
    "DD-ENDPOINT-008",
    "A scaling target follows something",
    TARGET,
    joined=True,
    profiles={"dev": "advisory"},
    rationale="A target without a policy or a schedule never moves: the endpoint stays at its first size under any load.",
    fix="add an aws.appautoscaling.Policy whose resourceId is the target's",
    key="endpoints.<name>.autoscaling.metric",
)
def follows_something(view: View) -> Iterator[Problem]:
    """Whether a policy or a schedule refers to a target of SageMaker, or to the endpoint that it is of."""
    if view.text("serviceNamespace") != "sagemaker":
        return
    endpoints = sources(view, "resourceId", [ENDPOINT])
    if not any(beside(each, [_POLICY, _SCHEDULE]) for each in [view, *endpoints]):
        yield Problem(what="no policy and no schedule refers to it")


@CHECKS.add(
    "DD-ENDPOINT-009",
    "An asynchronous endpoint goes to zero",
    TARGET,
    joined=True,
    level="advisory",
    rationale="Requests wait in its queue anyway: instances need not wait for them.",
    fix="set minCapacity to 0",
    key="endpoints.<name>.replicas.min",
)
def asynchronous_to_zero(view: View) -> Iterator[Problem]:
    """minCapacity of targets of endpoints with asyncInferenceConfig (Amazon SageMaker, "Autoscale an asynchronous endpoint")."""
    for endpoint in sources(view, "resourceId", [ENDPOINT]):
        configuration = endpoint.referred("endpointConfigName", CONFIGURATION)
        least = view.number("minCapacity")
        if configuration and configuration.present("asyncInferenceConfig") and least:
            yield Problem(path="minCapacity", what=f"is {least:.0f}, though its requests wait in a queue")


@CHECKS.add(
    "DD-ENDPOINT-010",
    "An endpoint outside production does not run at night",
    ENDPOINT,
    joined=True,
    level="advisory",
    rationale="A forgotten endpoint on a GPU costs more than anything else in development.",
    fix="scale it to zero (serverless, asynchronous, a schedule), or tag it with the day when it goes (ttl)",
    key="endpoints.<name>.autoscaling.schedules",
    parameters={"tags": ("ttl", "expires")},
)
def rests(view: View) -> Iterator[Problem]:
    """In any stage but prod: endpoints of instances without a schedule, a target that goes to zero, or a tag that says how long."""
    configuration = view.referred("endpointConfigName", CONFIGURATION)
    if view.stage == "prod" or configuration is None or any(view.present(f"tags.{tag}") for tag in view.parameters["tags"]):
        return
    if all(variant.present("serverlessConfig") for _, variant in configuration.each("productionVariants")):
        return
    targets = beside(view, [TARGET], "resourceId")
    if any(beside(each, [_SCHEDULE]) for each in [view, *targets]) or any(target.number("minCapacity") == 0 for target in targets):
        return
    yield Problem(what="runs all night, and nobody says for how long")


@CHECKS.add(
    "DD-ENDPOINT-011",
    "What an endpoint captures does not stay for ever",
    CONFIGURATION,
    joined=True,
    level="advisory",
    rationale="Captured requests grow with traffic, are looked at for weeks and hold what callers sent.",
    fix="add a lifecycle rule to the bucket that deletes or moves them",
    key="storage.<name>.tiering.deleteAfterDays",
)
def captures_expire(view: View) -> Iterator[Problem]:
    """Whether the bucket of the captures, where the program declares it, has an enabled lifecycle rule that deletes or moves objects."""
    if not view.flag("dataCaptureConfig.enableCapture", default=False):
        return
    for bucket in sources(view, "dataCaptureConfig", BUCKETS):
        rules = lifecycle_rules(bucket)
        if not any(rule.present("transitions") or rule.present("expiration.days") or rule.present("expiration.date") for rule in rules):
            yield Problem(path="dataCaptureConfig.destinationS3Uri", what=f"is {bucket.resource.name}, where nothing is ever deleted")


@CHECKS.add(
    "DD-ENDPOINT-012",
    "No GPU is paid for by an image that cannot use it",
    CONFIGURATION,
    joined=True,
    level="advisory",
    rationale="An image built for processors runs on the machine's processors and leaves its GPU idle, at many times the price.",
    fix="name a machine without a GPU in instanceType, or the image's GPU build",
    key="endpoints.<name>.accelerator",
)
def no_idle_gpu(view: View) -> Iterator[Problem]:
    """Variants on machines with accelerators whose models all run AWS images tagged cpu (AWS Deep Learning Containers, image tags)."""
    models = sources(view, "productionVariants", [MODEL])
    without = [model for model in models if _for_processors(model)]
    if not without:
        return
    for path, variant in view.each("productionVariants"):
        name = variant.text("instanceType")
        # Which model is a variant's is told by names; where all are alike it does not matter.
        mine = without if len(without) == len(models) else [each for each in without if each.text("name") == variant.text("modelName")]
        if mine and accelerator((name,)):
            yield Problem(path=f"{path}.instanceType", what=f"is {name}, whose accelerator its image cannot use")


@CHECKS.add(
    "DD-ENDPOINT-013",
    "An update that fails is taken back",
    ENDPOINT,
    severity="high",
    level="advisory",
    rationale="Without alarms a version that answers wrongly or slowly takes all traffic and keeps it.",
    fix="set deploymentConfig.autoRollbackConfiguration.alarms",
    key="endpoints.<name>.strategy.rollbackOn",
)
def rolls_back(view: View) -> Iterator[Problem]:
    """In production, whether alarms roll an update back (Amazon SageMaker API, AutoRollbackConfig)."""
    if view.stage == "prod" and not view.present("deploymentConfig.autoRollbackConfiguration.alarms"):
        yield Problem(path="deploymentConfig.autoRollbackConfiguration", what="names no alarm")


@CHECKS.add(
    "DD-ENDPOINT-014",
    "Nobody can log on to what serves in production",
    CONFIGURATION,
    severity="high",
    rationale="A session in the container sees the model and every caller's input, past all that is logged of requests.",
    fix="leave enableSsmAccess out",
)
def no_sessions(view: View) -> Iterator[Problem]:
    """enableSsmAccess in the stage prod, off where it is left out (Amazon SageMaker API, ProductionVariant)."""
    for path, variant in view.each("productionVariants"):
        if view.stage == "prod" and variant.flag("enableSsmAccess"):
            yield Problem(path=f"{path}.enableSsmAccess", what="is on")


def _has_local_disk(variant: View) -> bool:
    found = facts(variant.text("instanceType"))
    return bool(found and found.local_ssd_gib)


def _for_processors(model: View) -> bool:
    containers = [*model.each("containers"), *model.each("primaryContainer")]
    images = [image for image in (container.text("image") for _, container in containers) if image]
    return bool(images) and all("-cpu-" in image for image in images)
