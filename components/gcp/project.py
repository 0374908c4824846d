"""The project that everything stands in."""

from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import InvokeOptions, Output, Resource


@dataclass(frozen=True, kw_only=True)
class Project:
    """The provider's project. number: what the names of Google's service agents are made of."""

    id: Output[str]
    number: Output[str]


def current_project(parent: Resource | None) -> Project:
    """Look up the project that the provider works in."""
    found = gcp.organizations.get_project_output(opts=InvokeOptions(parent=parent))
    return Project(id=found.project_id, number=found.number)
