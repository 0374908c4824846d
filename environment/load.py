"""From a stack file to an Environment: or every fault at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from environment.faults import EnvironmentInvalid, Fault, shown
from environment.messages import faults_of
from environment.model import Environment
from environment.provider_config import provider_faults
from environment.salvage import salvage

KEY = "drydock:environment"
# YAML 1.2, as the Pulumi CLI reads it: `yes` is text, and a key that stands twice is an error.
_READER: Any = YAML(typ="safe")


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


def read_config(path: Path) -> dict[str, Any]:
    """The configuration of a stack file (`stacks/Pulumi.<stack>.yaml`) as plain data.

    Raises EnvironmentInvalid where it cannot be read, is no YAML, names a key twice or has no `config`.
    """
    try:
        document: object = _READER.load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise EnvironmentInvalid([_bad_yaml(error)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentInvalid([_unreadable(path, error)]) from None
    found: object = cast(dict[str, Any], document).get("config") if isinstance(document, dict) else document
    if not isinstance(found, dict):
        raise EnvironmentInvalid([_no_config(found)])
    return cast(dict[str, Any], found)


def _bad_yaml(error: YAMLError) -> Fault:
    marked: Any = error if isinstance(error, MarkedYAMLError) else None
    mark: Any = marked and marked.problem_mark
    problem: object = marked.problem or marked.context if marked else error
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "(file)"
    # A duplicate key is reported with both its values, which may be anybody's secret.
    told = " ".join(str(problem).partition(" with value")[0].split())
    return Fault(where, "the text", f"is not what YAML allows: {told}", "one YAML mapping, each key once", "correct that line")


def _unreadable(path: Path, error: Exception) -> Fault:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault("(file)", f"'{path}'", f"cannot be read: {reason}", "a UTF-8 file such as stacks/Pulumi.dev-aws.yaml", "give its path")


def _no_config(found: object) -> Fault:
    return Fault("config", shown(found), "is not a mapping", f"config: with {KEY}: in it", f"write config:, and {KEY}: below it")


def _no_environment(found: object) -> Fault:
    allowed = "a mapping with cloud, region, stage, owner, costCenter"
    return Fault(KEY, shown(found), "is not an environment", allowed, "copy one from stacks/ and change it")
