"""From a stack's configuration to its plan: or every fault of its words and of its combinations, at once."""

from collections.abc import Mapping
from typing import Any

from environment.faults import EnvironmentInvalid, Fault
from environment.load import load_config
from plan.model import Plan
from plan.planner import plan


def plan_config(config: Mapping[str, Any]) -> Plan:
    """The plan of a stack's configuration, its keys as in the stack file.

    Raises EnvironmentInvalid with all faults, each place named once.
    """
    try:
        environment = load_config(config)
    except EnvironmentInvalid as invalid:
        known = {fault.path for fault in invalid.faults}
        more = [fault for fault in _faults_of_the_rest(invalid) if fault.path not in known]
        raise EnvironmentInvalid([*invalid.faults, *more]) from None
    return plan(environment)


def _faults_of_the_rest(invalid: EnvironmentInvalid) -> tuple[Fault, ...]:
    if invalid.salvaged is None:
        return ()
    try:
        plan(invalid.salvaged)
    except EnvironmentInvalid as more:
        return more.faults
    return ()
