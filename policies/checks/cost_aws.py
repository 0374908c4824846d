"""What AWS bills for nothing: disks and machines of old generations, logs for ever, concurrency that nobody uses."""

from collections.abc import Iterator

from policies.aws_machines import LAUNCH_TEMPLATE, NODE_GROUP
from policies.check import Checks, Problem
from policies.checks.function_aws import FUNCTION
from policies.view import View

CHECKS = Checks()
VOLUME = "aws:ebs/volume:Volume"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
CONCURRENCY = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
ENDPOINT_CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_INSTANCES = (
    "aws:ec2/instance:Instance",
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
)
_NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
_TRAINING = "aws:sagemaker/trainingJob:TrainingJob"
# What came after each family. Source: AWS, "Previous Generation Instances" and the product page of each family, from general knowledge.
_SUCCESSORS = {
    **dict.fromkeys(("m1", "m2", "m3", "m4"), "m7i or m7g"),
    **dict.fromkeys(("c1", "c3", "c4", "cc2"), "c7i or c7g"),
    **dict.fromkeys(("r3", "r4", "cr1"), "r7i or r7g"),
    **dict.fromkeys(("t1", "t2"), "t3 or t4g"),
    **dict.fromkeys(("d2", "hs1"), "d3"),
    **dict.fromkeys(("i2", "i3"), "i4i or i4g"),
    **dict.fromkeys(("g2", "g3", "g3s", "p2"), "g6"),
    "inf1": "inf2",
    "p3": "p5 or g6e",
    "p3dn": "p5",
}
# Runtimes whose packages are the same on Arm. Source: AWS Lambda Developer Guide, "Selecting … an instruction set architecture".
_PORTABLE = ("nodejs", "python", "java", "dotnet", "ruby")


@CHECKS.add(
    "DD-COST-011",
    "Disks are gp3, not gp2",
    VOLUME,
    LAUNCH_TEMPLATE,
    *_INSTANCES,
    level="advisory",
    rationale="gp3 is a fifth cheaper by the gigabyte, and a small gp2 disk is slower.",
    fix="set the volume type to gp3",
    key="nodePools.<name>.disk.type",
    equivalents=("ec2-ebs-gp3",),
)
def disks_gp3(view: View) -> Iterator[Problem]:
    """Disks that say gp2; a volume of its own is gp2 where nothing is said (Amazon EC2 API, CreateVolume)."""
    if view.resource.type == VOLUME:
        if view.text("type", "gp2") == "gp2":
            yield Problem(path="type", what="is gp2")
        return
    for name, inner in (("rootBlockDevice", "volumeType"), ("ebsBlockDevices", "volumeType"), ("blockDeviceMappings", "ebs.volumeType")):
        for path, disk in view.each(name):
            if disk.text(inner) == "gp2":
                yield Problem(path=f"{path}.{inner}", what="is gp2")


@CHECKS.add(
    "DD-COST-012",
    "Logs end some day",
    LOG_GROUP,
    rationale="CloudWatch keeps what it gets for ever, and bills each month for all of it.",
    fix="set retentionInDays",
    key="cluster.logRetentionDays, network.flowLogs.retentionDays",
    equivalents=("CKV_AWS_66", "cw-loggroup-retention-period-check"),
    profiles={"dev": "advisory"},
)
def logs_end(view: View) -> Iterator[Problem]:
    """retentionInDays, for ever where it is left out or 0 (Amazon CloudWatch Logs API, PutRetentionPolicy)."""
    if not view.number("retentionInDays"):
        yield Problem(path="retentionInDays", what="is not set, which keeps logs for ever")


@CHECKS.add(
    "DD-COST-013",
    "Nothing is kept warm outside production",
    CONCURRENCY,
    ENDPOINT_CONFIGURATION,
    joined=True,
    level="advisory",
    rationale="Provisioned concurrency is paid by the second, called or not; in development a cold start hurts nobody.",
    fix="remove it, or scale it by a schedule",
)
def nothing_kept_warm(view: View) -> Iterator[Problem]:
    """Provisioned concurrency of functions and serverless variants, in any stage but prod; a function's own tag goes before the profile."""
    function = view.referred("functionName", FUNCTION)
    if (function or view).stage == "prod":
        return
    if view.resource.type == CONCURRENCY:
        yield Problem(path="provisionedConcurrentExecutions", what="keeps a function warm outside production")
    for path, variant in view.each("productionVariants"):
        if variant.number("serverlessConfig.provisionedConcurrency"):
            yield Problem(path=f"{path}.serverlessConfig.provisionedConcurrency", what="keeps a variant warm outside production")


@CHECKS.add(
    "DD-COST-014",
    "Machines are of a generation that is still made",
    NODE_GROUP,
    LAUNCH_TEMPLATE,
    *_INSTANCES,
    ENDPOINT_CONFIGURATION,
    _NOTEBOOK,
    _TRAINING,
    level="advisory",
    rationale="An old generation costs more for the same work, and its capacity is no longer extended.",
    fix="name a machine of the newer family",
    key="nodePools.<name>.machine, endpoints.<name>.machine",
)
def current_generation(view: View) -> Iterator[Problem]:
    """The family of every machine type that is named, SageMaker's included, against the families that followed."""
    for path, name in _machine_types(view):
        successor = _SUCCESSORS.get(name.removeprefix("ml.").partition(".")[0])
        if successor:
            yield Problem(path=path, what=f"is {name}; newer: {successor}")


@CHECKS.add(
    "DD-COST-015",
    "A function runs on Arm where it can",
    FUNCTION,
    severity="low",
    level="advisory",
    rationale="The same memory for the same time costs a fifth less on Arm.",
    fix="set architectures to arm64, if no package of it is built for x86 only",
)
def runs_on_arm(view: View) -> Iterator[Problem]:
    """architectures, x86_64 where it is left out (AWS Lambda API, CreateFunction), of runtimes that run on both."""
    named = [each.text("") for _, each in view.each("architectures")] or ["x86_64"]
    if view.text("packageType", "Zip") == "Zip" and view.text("runtime").startswith(_PORTABLE) and "x86_64" in named:
        yield Problem(path="architectures", what="is x86_64")


@CHECKS.add(
    "DD-COST-016",
    "Debug logs are not written in production",
    FUNCTION,
    severity="low",
    level="advisory",
    rationale="Each gigabyte of logs costs more to take in than a year of keeping it; debug logs are most of them.",
    fix="set loggingConfig.applicationLogLevel to INFO or higher",
)
def no_debug_logs(view: View) -> Iterator[Problem]:
    """applicationLogLevel of DEBUG or TRACE in the stage prod, INFO where it is left out (AWS Lambda API, LoggingConfig)."""
    level = view.text("loggingConfig.applicationLogLevel")
    if view.stage == "prod" and level in ("DEBUG", "TRACE"):
        yield Problem(path="loggingConfig.applicationLogLevel", what=f"is {level}")


def _machine_types(view: View) -> Iterator[tuple[str, str]]:
    if view.resource.type == NODE_GROUP:
        yield from ((path, each.text("")) for path, each in view.each("instanceTypes"))
    elif view.resource.type == ENDPOINT_CONFIGURATION:
        yield from ((f"{path}.instanceType", each.text("instanceType")) for path, each in view.each("productionVariants"))
    else:
        path = "resourceConfig.instanceType" if view.resource.type == _TRAINING else "instanceType"
        yield path, view.text(path)
