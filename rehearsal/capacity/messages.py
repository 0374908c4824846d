"""How the clouds say that a node does not come up. Worded as in public reports of each error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.capacity.ledger import Denial

_SKU: Final = (
    'Code="SkuNotAvailable" Message="The requested VM size for resource \'Following SKUs have failed for Capacity Restrictions: '
    "{machine}' is currently not available in location '{region}'. Please try another size or deploy to a different location or different "
    'zone. See https://aka.ms/azureskunotavailable for details."'
)
_ALLOCATION: Final = (
    'Code="{code}" Message="Allocation failed. We do not have sufficient capacity for the requested VM size {machine} in this {place}. '
    'Read more about improving likelihood of allocation success at https://aka.ms/allocation-guidance"'
)
_FAMILY: Final = (
    'Code="ErrCode_InsufficientVCPUQuota" Message="Insufficient vcpu quota requested {wanted:g}, remaining {left:g} for family {family} '
    "for region {region}. If you want to increase the quota, please follow this instruction: "
    'https://learn.microsoft.com/azure/quotas/view-quotas."'
)
_REGIONAL: Final = (
    'Code="ErrCode_InsufficientVCPUQuota" Message="Insufficient regional vcpu quota left for location {region}. '
    'left regional vcpu quota {left:g}, requested quota {wanted:g}."'
)
# Source: Microsoft Learn, "Troubleshoot online endpoint deployment and scoring": OutOfQuota, OutOfCapacity.
_ML_QUOTA: Final = (
    'Code="OutOfQuota" Message="Not enough quota available for {machine} in region {region}. Current usage/limit of {family}: '
    '{used:g}/{limit:g}. Additional needed: {wanted:g}."'
)
_ML_CAPACITY: Final = (
    'Code="OutOfCapacity" Message="The specified VM Size {machine} failed to provision due to a lack of capacity in {region}."'
)
_ENDPOINT: Final = "aws:sagemaker/endpoint:"
_ML_INSTANCES: Final = (
    "waiting for SageMaker AI Endpoint ({identifier}) to {operation}: unexpected state 'Failed', wanted target 'InService'. last error: "
    "Unable to provision requested ML compute capacity due to {code} error ({machine}). Please retry using a different ML instance type or "
    "after some time."
)
_POOLS: Final = ("azure-native:containerservice:", "aws:eks/nodeGroup:", "gcp:container/")


def is_refused(denial: Denial, token: str, *, update: bool = False) -> bool:
    """Tell whether the request itself fails, so that nothing is made: always but for a pool, and AKS looks at quotas and sizes first.

    An endpoint of SageMaker is made and fails; an update of it is given up, and the old fleet stays.
    """
    if token.startswith(_ENDPOINT):
        return update
    if not token.startswith(_POOLS):
        return True
    return denial.demand.cloud == "azure" and denial.kind in ("quota", "soldOut", "unknown")


def message(denial: Denial, token: str, identifier: str, *, update: bool = False) -> str:
    """Give the cloud's message for a resource whose nodes do not come up, in one line."""
    return _MESSAGES[denial.demand.cloud](denial, token, identifier, update)


def _aws(denial: Denial, token: str, identifier: str, update: bool) -> str:
    code, words = _ec2(denial)
    if token.startswith(_ENDPOINT):
        operation = "update" if update else "create"
        return _ML_INSTANCES.format(identifier=identifier, operation=operation, code=code, machine=denial.node.machine_type)
    if not token.startswith("aws:eks/nodeGroup:"):
        return f"api error {code}: {words}: {token}"
    group = f"eks-{identifier.rsplit(':', 1)[-1]}"
    kind = "Spot" if denial.node.market == "spot" else "On-Demand"
    issue = f"{group}: AsgInstanceLaunchFailures: Could not launch {kind} Instances. {code} - {words} Launching EC2 instance failed."
    if update:
        return f"EKS Node Group ({identifier}) is DEGRADED after the update. last error: {issue}"
    return (
        f"waiting for EKS Node Group ({identifier}) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: {issue}"
    )


def _ec2(denial: Denial) -> tuple[str, str]:
    node = denial.node
    if denial.kind == "quota":
        if node.market == "spot":
            return (
                "MaxSpotInstanceCountExceeded",
                f"Max spot instance count exceeded (quota {denial.quota.name if denial.quota else ''!r}).",
            )
        told = f"You have requested more vCPU capacity than your current vCPU limit of {denial.limit:g} allows"
        bucket = "for the instance bucket that the specified instance type belongs to."
        ask = "Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
        return "VcpuLimitExceeded", f"{told} {bucket} {ask}"
    if denial.kind == "unknown":
        return "InvalidCapacityReservationId.NotFound", f"The capacity reservation ID '{denial.demand.reservation}' does not exist."
    if denial.kind == "full":
        return (
            "ReservationCapacityExceeded",
            "The requested reservation does not have sufficient compatible and available capacity for this request.",
        )
    if node.market == "spot":
        return "InsufficientInstanceCapacity", f"There is no Spot capacity available that matches your request ({node.machine_type})."
    sold = f"We currently do not have sufficient {node.machine_type} capacity in the Availability Zone you requested ({node.zone})."
    return "InsufficientInstanceCapacity", f"{sold} Our system will be working on provisioning additional capacity."


def _gcp(denial: Denial, token: str, identifier: str, update: bool) -> str:
    code, words = _compute(denial)
    if not token.startswith("gcp:container/"):
        return f"googleapi: Error {403 if denial.kind == 'quota' else 503}: {code}: {words}: {token}"
    pool = denial.demand.pool
    count = denial.demand.count
    code = {"QUOTA_EXCEEDED": "GCE_QUOTA_EXCEEDED", "ZONE_RESOURCE_POOL_EXHAUSTED": "GCE_STOCKOUT"}.get(code, code)
    running = f"Not all instances running in IGM. Expected {count}, running 0, transitioning {count}."
    state = f'NodePool {pool} was {"left" if update else "created"} in the error state "RUNNING_WITH_ERROR"'
    waited = f"Error waiting for {'updating' if update else 'creating'} GKE NodePool"
    return f"{waited}: Google Compute Engine: {running} Current errors: [{code}]: Instance 'gke-{pool}' creation failed: {words}; {state}"


def _compute(denial: Denial) -> tuple[str, str]:
    node = denial.node
    if denial.kind == "quota" and denial.quota:
        where = "globally" if denial.quota.is_global else f"in region {node.region}"
        return "QUOTA_EXCEEDED", f"Quota '{denial.quota.name}' exceeded. Limit: {float(denial.limit)} {where}."
    if denial.kind in ("full", "unknown"):
        problem = "does not exist" if denial.kind == "unknown" else "does not have available resources for the request"
        return "CONDITION_NOT_MET", f"Specified reservation [{denial.demand.reservation}] {problem}."
    machine = f"{node.machine_type}{f' with {node.attached}' if node.attached else ''}"
    zone = f"The zone '{node.zone}' does not have enough resources available to fulfill the request ({machine})."
    return "ZONE_RESOURCE_POOL_EXHAUSTED", f"{zone} Try a different zone, or try again later."


def _azure(denial: Denial, token: str, identifier: str, update: bool) -> str:
    node, wanted = denial.node, denial.node.machine.vcpus * max(denial.demand.count, 1)
    name = identifier.rsplit("/", 1)[-1]
    words = _machine_learning_words if token.startswith("azure-native:machinelearningservices:") else _azure_words
    return f"{words(denial, wanted)}: {token} {name!r} in {node.region}"


def _machine_learning_words(denial: Denial, wanted: float) -> str:
    node = denial.node
    if denial.kind == "quota" and denial.quota:
        told = {"family": denial.quota.name, "used": denial.used, "limit": denial.limit, "wanted": wanted}
        return _ML_QUOTA.format(machine=node.machine_type, region=node.region, **told)
    return _ML_CAPACITY.format(machine=node.machine_type, region=node.region)


def _azure_words(denial: Denial, wanted: float) -> str:
    node = denial.node
    if denial.kind == "quota" and denial.quota:
        form = _REGIONAL if denial.quota.name == "cores" else _FAMILY
        return form.format(wanted=wanted, left=max(denial.limit - denial.used, 0), family=denial.quota.name, region=node.region)
    if denial.kind == "unknown":
        return f'Code="ResourceNotFound" Message="The capacity reservation group {denial.demand.reservation} has no reservation."'
    if denial.kind == "soldOut":
        return _SKU.format(machine=node.machine_type, region=node.region)
    zonal = len(denial.demand.zones) == 1 and node.zone.count("-") > 0
    code, place = ("ZonalAllocationFailed", "zone") if zonal else ("AllocationFailed", "region")
    return _ALLOCATION.format(code=code, machine=node.machine_type, place=place)


_MESSAGES: Final[Mapping[str, Callable[[Denial, str, str, bool], str]]] = {"aws": _aws, "gcp": _gcp, "azure": _azure}
