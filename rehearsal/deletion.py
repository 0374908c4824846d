"""What keeps a resource from being deleted: what is inside it, what uses it, what protects it."""

from __future__ import annotations

import re
from typing import Final

from grpc import StatusCode

from rehearsal.errors import CloudError, in_use
from rehearsal.facts import facts
from rehearsal.online_endpoints import check_without_traffic
from rehearsal.references import refers
from rehearsal.rest.documents import holding
from rehearsal.state import Resource, SimulatedCloud
from rehearsal.values import as_map, as_text

_TYPE: Final = re.compile(r"^(?P<type>[a-z-]+:[\w./-]+:\w+)(?: unless (?P<unless>\w+))?(?P<other> of another group that names it)?$")
_CONTENT: Final = re.compile(r"^(?P<content>objects|images)(?: unless (?P<unless>\w+))?$")
_PROTECTION: Final = re.compile(r"^(?P<property>deletion\w+|enableDeletionProtection)(?:=(?P<value>\w+))?$")

# Types whose resources are the content of a bucket.
_OBJECT_TYPES: Final = (
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "gcp:storage/bucketObject:BucketObject",
)

# Words of the facts' `delete_blocked_by` that are kinds of user, not types.
_USERS: Final = {
    "instances": ("aws:ec2/instance:Instance",),
    "reservations in it": ("azure-native:compute:CapacityReservation",),
    "network interfaces that use it": (
        "aws:ec2/instance:Instance",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:autoscaling/group:Group",
        "aws:efs/mountTarget:MountTarget",
        "aws:eks/cluster:Cluster",
        "aws:lambda/function:Function",
        "aws:lb/loadBalancer:LoadBalancer",
    ),
    "Fargate profiles": ("aws:eks/fargateProfile:FargateProfile",),
}

# `deletionProtection` is on unless the program turns it off: "Defaults to true" in the providers' documentation.
_PROTECTED_BY_DEFAULT: Final = frozenset(
    {
        "gcp:bigquery/table:Table",
        "gcp:cloudrunv2/job:Job",
        "gcp:cloudrunv2/service:Service",
        "gcp:cloudrunv2/workerPool:WorkerPool",
        "gcp:container/cluster:Cluster",
        "gcp:sql/databaseInstance:DatabaseInstance",
        "gcp:workflows/workflow:Workflow",
    }
)

# Key rings, keys and their versions cannot be deleted in Google Cloud: the provider only forgets the first two.
_NEVER_DELETED: Final = frozenset({"gcp:kms/keyRing:KeyRing", "gcp:kms/cryptoKey:CryptoKey"})


def is_kept(resource: Resource) -> bool:
    """Tell whether the cloud keeps a resource that the stack gives up: deletionPolicy ABANDON, and KMS keys of gcp."""
    return resource.type in _NEVER_DELETED or resource.inputs.get("deletionPolicy") == "ABANDON"


def check_deletable(cloud: SimulatedCloud, resource: Resource) -> None:
    """Raises CloudError (FAILED_PRECONDITION) naming what blocks the delete and what to do about it."""
    known = facts(resource.type)
    check_without_traffic(cloud, resource)
    for word in known.delete_blocked_by if known else ():
        _check_protection(resource, word)
        _check_content(cloud, resource, word)
        _check_users(cloud, resource, word)
        _check_balancers(cloud, resource, word)
        _check_nat_gateways(cloud, resource, word)
        _check_deployed_models(cloud, resource, word)


def _check_protection(resource: Resource, word: str) -> None:
    match = _PROTECTION.match(word)
    if match is None:
        return
    name, value = match["property"], match["value"] or "true"
    unset = resource.type in _PROTECTED_BY_DEFAULT if name == "deletionProtection" else False
    actual = str(resource.inputs.get(name, unset)).lower()
    if actual == value.lower():
        mend = f"set {name} to {'DELETE' if value == 'PREVENT' else 'false'} and run `pulumi up` before the delete"
        message = f"{resource.type} {resource.id!r} cannot be deleted: {name} is {value}; {mend}"
        raise CloudError(StatusCode.FAILED_PRECONDITION, message)


def _check_content(cloud: SimulatedCloud, resource: Resource, word: str) -> None:
    match = _CONTENT.match(word)
    force = match and (match["unless"] or "forceDestroy")
    if not match or not force or resource.inputs.get(force) is True:
        return
    content = cloud.objects(resource.id)
    content += [other.id for other in cloud.mentioning((resource.id,), _OBJECT_TYPES)]
    if content:
        holders = f"{len(content)} {match['content']} are in it ({', '.join(content[:3])}{', …' if len(content) > 3 else ''})"
        raise in_use(resource.type, resource.id, holders, f"empty it, or set {force} to true and run `pulumi up` before the delete")


def _check_users(cloud: SimulatedCloud, resource: Resource, word: str) -> None:
    match = _TYPE.match(word)
    if match and match["unless"] and resource.inputs.get(match["unless"]) is True:
        return
    types = (match["type"],) if match else _USERS.get(word, ())
    if not types:
        return
    identities = _identities(cloud, resource)
    users = [other for other in cloud.mentioning(identities, types) if _blocks(other, resource) and refers(other, resource, identities)]
    users += cloud.beneath(resource.id) if word == "reservations in it" else []
    if users:
        raise _used(resource, [f"{other.type} {other.id!r}" for other in users])


def _used(resource: Resource, users: list[str]) -> CloudError:
    mend = "delete the user first, or let it depend on this resource"
    return in_use(resource.type, resource.id, f"used by {', '.join(users[:3])}", mend)


def _check_balancers(cloud: SimulatedCloud, resource: Resource, word: str) -> None:
    """A load balancer that a cluster's controller made holds its network until the Kubernetes object is deleted, cluster or not."""
    if word == "load balancers of Kubernetes":
        balancers = cloud.holders(_identities(cloud, resource))
        if balancers:
            raise _used(resource, [f"the load balancer of {holder}" for holder in balancers])


def _check_nat_gateways(cloud: SimulatedCloud, resource: Resource, word: str) -> None:
    """EC2 detaches no internet gateway while public addresses of its VPC are mapped."""
    if word != "NAT gateways of its VPC":
        return
    subnets = cloud.mentioning([as_text(resource.inputs.get("vpcId")) or ""], ["aws:ec2/subnet:Subnet"])
    gateways = cloud.mentioning([subnet.id for subnet in subnets], ["aws:ec2/natGateway:NatGateway"])
    if gateways:
        raise _used(resource, [f"{other.type} {other.id!r}" for other in gateways])


def _check_deployed_models(cloud: SimulatedCloud, resource: Resource, word: str) -> None:
    """Models are deployed over HTTP, not by a resource of the provider; Vertex AI deletes no endpoint under them."""
    if word == "deployedModels":
        deployed = holding(cloud, resource.id)
        if deployed:
            raise _used(resource, [f"the deployed model {name}" for name in deployed])


def _identities(cloud: SimulatedCloud, resource: Resource) -> list[str]:
    """Whoever uses a subnet of an Azure network uses the network."""
    inside = [part.id for part in cloud.beneath(resource.id)] if resource.package == "azure-native" else []
    inline = resource.outputs.get("subnets")
    inside += [as_text(as_map(subnet).get("id")) or "" for subnet in inline] if isinstance(inline, list) else []
    return [resource.id, resource.arn, resource.name, *inside]


def _blocks(other: Resource, resource: Resource) -> bool:
    """A security group takes its own rules along; only rules of other groups hold it."""
    if other.id.lower().startswith(resource.id.lower() + "/"):
        return False
    own_rule = resource.package == "aws" and other.inputs.get("securityGroupId") == resource.id
    return not own_rule and other.place.split("/")[0] == resource.place.split("/")[0]
