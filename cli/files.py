"""From what a person names to a stack file, and from a stack file to a plan."""

from pathlib import Path

from environment.stack_file import read_config
from plan.checked import plan_config
from plan.model import Plan

STACKS = Path("stacks")


def of_stack(name: object, project: Path = Path()) -> Path:
    """Where a project has the file of a stack."""
    return project / STACKS / f"Pulumi.{name}.yaml"


def stack_file(named: Path) -> Path:
    """The file itself, or `stacks/Pulumi.<name>.yaml` where the name of a stack was given."""
    by_name = of_stack(named)
    return by_name if not named.exists() and by_name.exists() else named


def planned(file: Path) -> Plan:
    """The plan of a stack file. Raises EnvironmentInvalid with every fault."""
    return plan_config(read_config(file))
