"""The checks as a pack usually has them, a policy for each: of a resource, or of the whole program where a check needs that.

Nothing is shared between policies but the program that those of the whole program look at, read once: more than a usual pack does.
"""

import sys
from functools import partial
from pathlib import Path
from typing import Any

# The engine starts the pack in its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from costs.read import from_policy_pack, plain
from costs.resource import Program, type_of
from policies.check import Check
from policies.pack import resource_of
from policies.registry import all_checks
from policies.review import review
from policies.settings import settings

CHECKS = all_checks()
CHOSEN = settings({}, CHECKS)
programs: list[Program] = []


def of_resource(check: Check, args: ResourceValidationArgs, report: Any) -> None:
    """What the check says of the resource."""
    kind = type_of(args.resource_type)
    if kind in check.types or "*" in check.types:
        told(check, Program([resource_of(args, plain(args.props))]), report)


def of_program(check: Check, args: StackValidationArgs, report: Any) -> None:
    """What the check says of every resource."""
    if not programs:
        programs.append(from_policy_pack(args.resources))
    told(check, programs[0], report)


def told(check: Check, program: Program, report: Any) -> None:
    """Reports what the check finds."""
    for finding in review(program, [check], CHOSEN).findings:
        report(finding.line, finding.urn)


def policy(check: Check) -> Policy:
    """The policy with this one check."""
    level = EnforcementLevel(CHOSEN.level(check))
    if check.joined:
        return StackValidationPolicy(check.id, check.title, partial(of_program, check), level)
    return ResourceValidationPolicy(check.id, check.title, partial(of_resource, check), level)


PolicyPack("separate", policies=[policy(check) for check in CHECKS])
