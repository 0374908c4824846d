"""The environment: what one stack file asks for, on one cloud."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Label, Name, Part, Region
from environment.storage import Bucket

Stage = Literal["dev", "staging", "prod"]
Cloud = Literal["aws", "gcp", "azure"]


class Environment(Part):
    """One environment: who owns it, where it stands, and what it needs."""

    cloud: Cloud
    region: Region
    stage: Stage
    owner: Annotated[Label, StringConstraints(min_length=2)]
    cost_center: Label
    labels: Mapping[Label, Label] = Field(default_factory=dict)
    storage: Mapping[Name, Bucket] = Field(default_factory=dict)
