"""From a stack's configuration to an Environment: or every fault at once."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError

from environment.faults import EnvironmentInvalid, Fault, shown
from environment.messages import faults_of
from environment.model import Environment
from environment.provider_config import provider_faults
from environment.salvage import salvage

KEY = "drydock:environment"


def load_config(config: Mapping[str, Any]) -> Environment:
    """The environment in a stack's configuration: `drydock:environment`, checked against the provider's keys beside it.

    Raises EnvironmentInvalid with every fault; its `salvaged` is the environment without its faulty parts, where one is left,
    so that the rules of the plan can name their faults in the same go.
    """
    given: object = config.get(KEY)
    if not isinstance(given, dict) or not given:
        raise EnvironmentInvalid([_no_environment(cast(object, given))])
    raw = cast(dict[str, Any], given)
    try:
        environment = Environment.model_validate(raw)
    except ValidationError as error:
        raise EnvironmentInvalid(faults_of(error), salvage(raw, error)) from None
    faults = provider_faults(config, environment)
    if faults:
        raise EnvironmentInvalid(faults, environment)
    return environment


def _no_environment(found: object) -> Fault:
    allowed = "a mapping with cloud, region, stage, owner, costCenter"
    return Fault(KEY, shown(found), "is not an environment", allowed, "copy one from stacks/ and change it")
