"""Where an AWS resource is paid: its region."""

import re
from typing import Final

from costs.registry import Place
from costs.resource import Missing, Program, Resource

# Services without a region, whose prices AWS lists under N. Virginia. Source: AWS General Reference, "Global services".
_GLOBAL: Final = frozenset({"cloudfront", "route53", "iam", "budgets", "organizations", "globalaccelerator", "shield"})
_GLOBAL_REGION: Final = "us-east-1"
# A region is a partition, one or more words and a number; an availability zone appends a letter, a local zone a place as well.
_ZONE: Final = re.compile(r"^([a-z]{2}(?:-[a-z]+)+-\d+)(?:-[a-z]+-\d+)?[a-z]$")
_ARN: Final = re.compile(r"^arn:aws[a-z-]*:[^:]*:([a-z0-9-]+):")


def place(resource: Resource, program: Program) -> Place:
    """The region in which AWS bills a resource, None where it is known only after `up` or nowhere told."""
    return Place("aws", region(resource, program))


def region(resource: Resource, program: Program) -> str | None:
    """Its own `region`, else its provider's, else what its ARN or zone says, else the stack's `aws:region`."""
    if resource.type.split(":")[1].partition("/")[0] in _GLOBAL and "/resolver" not in resource.type:
        return _GLOBAL_REGION
    provider = program.resources.get(resource.provider)
    for told in (resource.get("region"), provider.get("region") if provider else None):
        if told is not None:
            return None if isinstance(told, Missing) else str(told)
    return _of_arn(resource.get("arn")) or of_zone(resource.get("availabilityZone")) or _configured(program)


def of_zone(zone: object) -> str | None:
    """The region of an availability zone or a local zone: us-east-1 of us-east-1a and of us-east-1-bos-1a."""
    found = _ZONE.match(zone) if isinstance(zone, str) else None
    return found[1] if found else None


def _of_arn(arn: object) -> str | None:
    found = _ARN.match(arn) if isinstance(arn, str) else None
    return found[1] if found else None


def _configured(program: Program) -> str | None:
    told = program.config.get("aws:region")
    if told:
        return told
    # A state has no configuration, but the default provider's inputs.
    defaults = (each.get("region") for each in program.of_type("pulumi:providers:aws") if each.name.startswith("default"))
    return next((told for told in defaults if isinstance(told, str) and told), None)
