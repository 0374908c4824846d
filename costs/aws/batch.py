"""Batch work: AWS Batch's compute environments by the vCPU; EMR's clusters; Glue's jobs by name."""

from decimal import Decimal
from typing import Final

from costs.aws.block_device import IMAGES_OWN, standing, volumes
from costs.aws.fleet import Choice, Pick, fleet
from costs.aws.launch import extras, payable, template, why_unreadable
from costs.aws.parts import unlisted
from costs.aws.task import per_task
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing
from costs.resource import Missing

_PATH: Final = "computeResources"
_LIMITS: Final = ("minVcpus", "desiredVcpus", "maxVcpus")
# What AWS Batch chooses from by name. Source: AWS Batch API, ComputeResource (instanceTypes).
_X86: Final = ("m6i", "c6i", "r6i", "c7i")
_BUNDLES: Final = {
    "optimal": ("c4", "m4", "r4", "c5", "m5", "r5", *_X86),
    "default_x86_64": _X86,
    "default_arm64": ("m6g", "c6g", "r6g", "c7g"),
}
# The image of Batch's instances has 30 GiB. Source: Amazon ECS Developer Guide, "Amazon ECS-optimized Linux AMIs".
_IMAGE: Final = Band.of(30, 30, 100)
# A job of Fargate has 2 to 8 GB for a vCPU. Source: Amazon ECS Developer Guide, "Task size".
_GB_PER_VCPU: Final = Band.of(2, 4, 8)


def compute_environment(pricing: Pricing) -> None:
    """A compute environment: low its minimum of vCPUs, high its maximum, expected what is told; the price is one of the types it allows."""
    if pricing.unreadable("type") or pricing.unreadable(_PATH):
        pricing.unpriced("vCPUs", "computeResources are known only after `up`")
        return
    if pricing.text("type", "MANAGED").upper() == "UNMANAGED" or pricing.resource.get(_PATH) is None:
        return  # Its machines are others' resources.
    unreadable = [why for key in _LIMITS if (why := why_unreadable(pricing, f"{_PATH}.{key}"))]
    if unreadable:
        pricing.unpriced("vCPUs", unreadable[0])
        return
    kind = pricing.text(f"{_PATH}.type").upper()
    if kind.startswith("FARGATE"):
        _fargate(pricing, spot=kind == "FARGATE_SPOT")
    elif kind in {"EC2", "SPOT"}:
        _ec2(pricing, spot=kind == "SPOT")
    else:
        pricing.unpriced("vCPUs", f"the type '{kind}' is not one of AWS Batch's, or known only after `up`")


def _ec2(pricing: Pricing, *, spot: bool) -> None:
    found = _choices(pricing)
    launch = template(pricing, f"{_PATH}.launchTemplate")
    if not found:
        return
    running = _vcpus(pricing, found)
    if launch is None or payable(pricing, launch, "vCPUs"):
        # Batch takes what is cheapest by the vCPU, as spot what is likeliest to stay.
        # Source: AWS Batch User Guide, "Allocation strategies".
        fleet(pricing, "vCPUs", found, running, spot=spot, pick=Pick.ANY if spot else Pick.CHEAPEST)
    amount, weights = running.amount, [choice.weight for choice in found]
    levels = (amount.low / max(weights), amount.expected / min(weights), amount.high / min(weights))
    machines = Factor(f"machines ({running.words} ÷ their vCPUs)", Band(*levels), running.confidence)
    if launch:
        extras(pricing, launch, machines, pricing.hours(), _IMAGE)
    else:
        volumes(pricing, pricing, [IMAGES_OWN], standing(machines, pricing.hours()), _IMAGE)


def _vcpus(pricing: Pricing, found: list[Choice]) -> Factor:
    """vCPUs that run on average: between minimum and maximum, where no nodes are told as many as set at the start."""
    low, desired, high = (pricing.number(f"{_PATH}.{key}") for key in _LIMITS)
    low = low or Decimal(0)
    # Without a maximum there is no bound; Batch asks for one, so it is only known later.
    high = max(high if high is not None else (desired or low or Decimal(1)) * 10, low)
    told = pricing.usage("nodes")
    if told:
        each = found[0].weight
        expected = min(max(told.amount.expected * each, low), high)
        return Factor(f"vCPUs ({told.words} × {each:f} vCPUs)", Band(low, expected, high), told.confidence)
    if low == high:
        return Factor("vCPUs", Band.exactly(low))
    expected = min(max(desired or Decimal(0), low, found[0].weight), high)
    return pricing.assume("vCPUs", Band(low, expected, high), "nobody says how much work there is: as at the start, one machine at least")


def _choices(pricing: Pricing) -> list[Choice]:
    path = f"{_PATH}.instanceTypes"
    listed = pricing.resource.items(path)
    if pricing.unreadable(path) or any(isinstance(each, Missing) for each in listed):
        pricing.unpriced("vCPUs", f"{path} is known only after `up`")
        return []
    # Left out, Batch chooses as for `optimal`. Source: as above.
    found: dict[str, Choice] = {}
    for each in listed or ["optimal"]:
        found |= {choice.instance_type: choice for choice in _named(pricing, str(each))}
    if not found:
        pricing.unpriced("vCPUs", f"no machine of {', '.join(map(str, listed)) or 'optimal'} in {pricing.region} is on record")
    return list(found.values())


def _named(pricing: Pricing, name: str) -> list[Choice]:
    if pricing.region is None or "." in name:
        machine = pricing.catalogue.machine(pricing.provider, name)
        if machine and machine.vcpus:
            return [Choice(name, Decimal(str(machine.vcpus)))]
        if "." in name:
            pricing.unpriced(f"vCPUs ({name})", f"the vCPUs of {name} are not on record")
        return []
    families = _BUNDLES.get(name, (name,))
    offers = [offer for family in families for offer in pricing.catalogue.family(pricing.provider, pricing.region, family)]
    if name in _BUNDLES and offers:
        pricing.note("machines of the environment", name, f"AWS Batch chooses among {', '.join(families)}")
    sized = [(offer.machine.instance_type, offer.machine.vcpus) for offer in offers if offer.on_demand]
    return [Choice(kind, Decimal(str(vcpus))) for kind, vcpus in sized if vcpus and "metal" not in kind]


def _fargate(pricing: Pricing, *, spot: bool) -> None:
    running = _vcpus(pricing, [Choice("FARGATE")])
    memory = pricing.assume("GB for a vCPU", _GB_PER_VCPU, "only the jobs say how much memory they ask for")
    driver = "Fargate (spot)" if spot else "Fargate"
    one = Factor("vCPU", Band.exactly(1))
    per_task(pricing, driver, (running,), {"ecs-fargate vcpu-x86": one, "ecs-fargate memory-x86": memory}, spot=spot)


_EMR: Final = "its machines by the hour and EMR's fee on them: the fee has no price on record"
PRICERS: dict[str, Pricer] = {
    "aws:batch/computeEnvironment:ComputeEnvironment": compute_environment,
    "aws:emr/cluster:Cluster": unlisted("EMR cluster", _EMR),
    "aws:emr/instanceGroup:InstanceGroup": unlisted("EMR instances", _EMR),
    "aws:emr/instanceFleet:InstanceFleet": unlisted("EMR instances", _EMR),
    "aws:emr/studio:Studio": unlisted("EMR Studio's storage"),
    "aws:emrserverless/application:Application": unlisted("EMR Serverless workers"),
    "aws:emrcontainers/virtualCluster:VirtualCluster": unlisted("EMR's fee on the pods of its jobs"),
    "aws:glue/job:Job": unlisted("Glue job runs", "they are paid by the DPU-hour, and no price is on record"),
    "aws:glue/crawler:Crawler": unlisted("Glue crawler runs", "they are paid by the DPU-hour, and no price is on record"),
    "aws:glue/devEndpoint:DevEndpoint": unlisted("Glue development endpoint", "it is paid by the DPU-hour, and no price is on record"),
    "aws:glue/mLTransform:MLTransform": unlisted("Glue ML transform", "it is paid by the DPU-hour, and no price is on record"),
    "aws:glue/dataQualityRuleset:DataQualityRuleset": unlisted("Glue data quality runs"),
    "aws:glue/catalogTableOptimizer:CatalogTableOptimizer": unlisted("Glue table optimization"),
}
FREE: set[str] = {
    "aws:batch/jobDefinition:JobDefinition",
    "aws:batch/jobQueue:JobQueue",
    "aws:batch/schedulingPolicy:SchedulingPolicy",
    "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration",
    "aws:emr/managedScalingPolicy:ManagedScalingPolicy",
    "aws:emr/securityConfiguration:SecurityConfiguration",
    "aws:emr/studioSessionMapping:StudioSessionMapping",
    "aws:emrcontainers/jobTemplate:JobTemplate",
    *(f"aws:glue/{name[0].lower()}{name[1:]}:{name}" for name in ("Classifier", "Connection", "Schema", "Registry", "Trigger", "Workflow")),
    # The catalog's first million objects are free of charge. Source: AWS Glue pricing, "Data Catalog".
    *(
        f"aws:glue/{name[0].lower()}{name[1:]}:{name}"
        for name in ("Catalog", "CatalogDatabase", "CatalogTable", "Partition", "PartitionIndex")
    ),
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    "aws:glue/resourcePolicy:ResourcePolicy",
    "aws:glue/securityConfiguration:SecurityConfiguration",
    "aws:glue/userDefinedFunction:UserDefinedFunction",
}
