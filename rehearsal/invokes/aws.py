"""Functions of the aws package that do more than look a resource up."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.capacity.machines import machine
from rehearsal.capacity.quotas import AMPLE, all_quotas
from rehearsal.errors import not_found
from rehearsal.invokes.call import Call
from rehearsal.invokes.lookup import find
from rehearsal.invokes.policy_document import get_policy_document
from rehearsal.values import Secret, Value, Values, as_map, as_text, lookup
from rehearsal.zones import aws_zones

_DIRECTIONS: Final = {"northeast": "ne", "southeast": "se", "northwest": "nw", "southwest": "sw"}
_PARTITIONS: Final = (("cn-", "aws-cn", "amazonaws.com.cn"), ("us-gov-", "aws-us-gov", "amazonaws.com"), ("", "aws", "amazonaws.com"))


def _zone_ids(region: str) -> list[str]:
    area, direction, number = region.rsplit("-", 2)
    short = area.replace("-", "") + _DIRECTIONS.get(direction, direction[0]) + number
    return [f"{short}-az{index + 1}" for index, _ in enumerate(aws_zones(region))]


def _get_caller_identity(call: Call) -> Values:
    account = call.context.aws_account
    return {"id": account, "accountId": account, "arn": f"arn:aws:iam::{account}:user/rehearsal", "userId": "AIDAREHEARSAL0000000A"}


def _get_region(call: Call) -> Values:
    """`name` or `endpoint` may ask for another region than the provider's."""
    endpoint = re.match(r"ec2\.([a-z0-9-]+)\.", call.text("endpoint"))
    region = endpoint[1] if endpoint else call.text("name") or call.context.aws_region
    return {"id": region, "name": region, "region": region, "endpoint": f"ec2.{region}.amazonaws.com", "description": region}


def _get_partition(call: Call) -> Values:
    region = call.context.aws_region
    partition, suffix = next((name, suffix) for prefix, name, suffix in _PARTITIONS if region.startswith(prefix))
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": partition, "partition": partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _get_availability_zones(call: Call) -> Values:
    region = call.context.aws_region
    excluded = {as_text(item) for item in (*call.items("excludeNames"), *call.items("excludeZoneIds"))}
    pairs = [pair for pair in zip(aws_zones(region), _zone_ids(region), strict=True) if not excluded & set(pair)]
    names: list[Value] = [name for name, _ in pairs]
    zone_ids: list[Value] = [zone_id for _, zone_id in pairs]
    return {**call.args, "id": region, "region": region, "names": names, "zoneIds": zone_ids, "groupNames": [region]}


def _get_default_tags(call: Call) -> Values:
    return {"id": "default-tags", "tags": lookup(call.instance.config, ("defaultTags", "tags")) or {}}


def _get_subnets(call: Call) -> Values:
    found = find(call, "aws:ec2/subnet:Subnet")
    ids: list[Value] = [subnet.id for subnet in found]
    return {**call.args, "id": call.context.aws_region, "ids": ids}


def _get_ami(call: Call) -> Values:
    """Images are published outside every stack: the same question gives the same image."""
    filters = {str(item.get("name")): item.get("values") for item in map(as_map, call.items("filters"))}
    pattern = as_text(lookup(filters.get("name"), (0,))) or call.text("nameRegex") or "image"
    architecture = as_text(lookup(filters.get("architecture"), (0,))) or "x86_64"
    owner = as_text(lookup(call.args, ("owners", 0))) or "amazon"
    image = _image_id(call.context.aws_region, owner, pattern, architecture)
    made: Values = {
        "id": image,
        "imageId": image,
        "name": pattern.replace("*", "20260101"),
        "architecture": architecture,
        "arn": f"arn:aws:ec2:{call.context.aws_region}::image/{image}",
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "state": "available",
        "virtualizationType": "hvm",
        "creationDate": call.context.now,
    }
    return {**call.args, **made}


def _get_parameter(call: Call) -> Values:
    """The stack's or the scenario's parameters, and the image ids that AWS publishes below /aws/service/."""
    name = call.text("name")
    found = next((item for item in find(call, "aws:ssm/parameter:Parameter") if name in (item.name, item.id)), None)
    if found:
        stored = call.cloud.sealer.unseal(found.outputs, {})
        return {**call.args, "id": name, "arn": found.arn, **{key: stored.get(key) for key in ("type", "value", "version")}}
    if not re.match(r"/aws/service/.*(image_id|ami-id|/current/.*|/al20\d\d-ami-.*|amzn2-ami-.*)$", name):
        raise not_found("aws:ssm/parameter:Parameter", name, "ParameterNotFound")
    arn = f"arn:aws:ssm:{call.context.aws_region}::parameter{name}"
    return {**call.args, "id": name, "arn": arn, "type": "String", "value": _image_id(call.context.aws_region, name), "version": 1}


def _get_instance_type_offerings(call: Call) -> Values:
    """Offers what is asked for, in every location asked for, except what the scenario has sold out there."""
    filters = {str(item.get("name")): item.get("values") for item in map(as_map, call.items("filters"))}
    region = call.context.aws_region
    zonal = call.text("locationType") == "availability-zone"
    locations = _texts(filters.get("location")) or (aws_zones(region) if zonal else [region])
    offers = [(machine, place) for place in locations for machine in _texts(filters.get("instance-type"))]
    left = [offer for offer in offers if not _sold_out(call, *offer)]
    answer: dict[str, list[Value]] = {
        "instanceTypes": [machine for machine, _ in left],
        "locations": [place for _, place in left],
        "locationTypes": [call.text("locationType") or "region" for _ in left],
    }
    return {**call.args, "id": region, **answer}


def _sold_out(call: Call, machine: str, location: str) -> bool:
    region = call.context.aws_region
    return any(
        shortage.machine.removeprefix("ml.") == machine and shortage.region in (None, region) and shortage.zone in (None, location)
        for shortage in call.scenario.shortages
    )


def _texts(value: Value) -> list[str]:
    return [str(as_text(item)) for item in value] if isinstance(value, list) else []


def _get_cluster_auth(call: Call) -> Values:
    """A token as `aws eks get-token` makes it: a presigned request, base64 without padding, behind k8s-aws-v1."""
    signed = call.cloud.sealer.derive("eks token", call.context.aws_account, call.text("name"))
    token = "k8s-aws-v1." + base64.urlsafe_b64encode(signed).decode().rstrip("=")
    return {**call.args, "id": call.text("name"), "token": Secret(token)}


def _get_service_quota(call: Call) -> Values:
    """The account's limit by the scenario; in a calm one there is more than anybody asks for."""
    code, name = call.text("quotaCode"), call.text("quotaName")
    found = next((each for each in all_quotas() if each.cloud == "aws" and (each.code == code or each.name == name)), None)
    if found is None or call.text("serviceCode") not in ("ec2", "vpc", "eks"):
        raise not_found("aws:servicequotas/serviceQuota:ServiceQuota", code or name, "NoSuchResourceException")
    region = call.context.aws_region
    limit = found.limit(call.scenario, region)
    arn = f"arn:aws:servicequotas:{region}:{call.context.aws_account}:{call.text('serviceCode')}/{found.code}"
    told: Values = {"arn": arn, "quotaCode": found.code, "quotaName": found.name, "adjustable": True, "globalQuota": found.is_global}
    return {
        **call.args,
        **told,
        "id": arn,
        "value": AMPLE if limit is None else limit,
        "defaultValue": found.new_account or 0,
        "region": region,
    }


def _get_instance_type(call: Call) -> Values:
    """What is known of a machine type. Raises CloudError for one that is not known."""
    name = call.text("instanceType")
    found = machine("aws", name)
    if not found.vcpus:
        raise not_found("an EC2 instance type", name, "InvalidInstanceType")
    cards: list[Value] = [{"name": found.accelerator, "count": int(found.accelerators)}] if found.accelerator else []
    kind = {"nvidia.com/gpu": "gpuses", "amd.com/gpu": "gpuses", "aws.amazon.com/neuron": "neuronDevices"}.get(found.resource)
    size: Values = {"defaultVcpus": found.vcpus, "memorySize": int(found.memory_gib * 1024)}
    return {**call.args, "id": name, **size, **({kind: cards} if kind else {})}


def _image_id(*question: str) -> str:
    return "ami-" + hashlib.sha256("\0".join(question).encode()).hexdigest()[:17]


FUNCTIONS: Final[Mapping[str, Callable[[Call], Values]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _get_caller_identity,
    "aws:index/getRegion:getRegion": _get_region,
    "aws:index/getPartition:getPartition": _get_partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _get_availability_zones,
    "aws:index/getDefaultTags:getDefaultTags": _get_default_tags,
    "aws:iam/getPolicyDocument:getPolicyDocument": get_policy_document,
    "aws:ec2/getSubnets:getSubnets": _get_subnets,
    "aws:ec2/getAmi:getAmi": _get_ami,
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": _get_instance_type_offerings,
    "aws:eks/getClusterAuth:getClusterAuth": _get_cluster_auth,
    "aws:ec2/getInstanceType:getInstanceType": _get_instance_type,
    "aws:servicequotas/getServiceQuota:getServiceQuota": _get_service_quota,
    "aws:ssm/getParameter:getParameter": _get_parameter,
}
