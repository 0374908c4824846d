"""A stack file's configuration, read as the Pulumi CLI reads it. The Pulumi program itself gets its configuration from the engine."""

from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from environment.faults import EnvironmentInvalid, Fault, shown
from environment.load import KEY

# YAML 1.2, as the Pulumi CLI reads it: `yes` is text, and a key that stands twice is an error.
_READER: Any = YAML(typ="safe")


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
