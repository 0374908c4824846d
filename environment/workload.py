"""A plain workload: a job or a deployment that lands on a node pool; models and endpoints have words of their own."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from environment.base import Listed, Part, Quantity, Whole


class Toleration(Part):
    """What lets the pods onto tainted nodes, as in a pod's specification."""

    key: Annotated[str, StringConstraints(min_length=1)]
    operator: Literal["Equal", "Exists"] = "Equal"
    value: str = ""
    effect: Literal["", "NoSchedule", "PreferNoSchedule", "NoExecute"] = ""


class Workload(Part):
    """One workload. `pool` alone is enough to land there; `nodeSelector` and `tolerations` are for those who write them by hand."""

    kind: Literal["job", "deployment"] = "job"
    image: Annotated[str, StringConstraints(min_length=1)]
    command: Annotated[tuple[str, ...], Listed] = ()
    team: str | None = None
    pool: str | None = None
    replicas: Annotated[int, Whole, Field(ge=1, le=1_000)] = 1
    accelerators: Annotated[int, Whole, Field(ge=1, le=16)] | None = None
    resource: Annotated[str, StringConstraints(min_length=3)] | None = None
    vcpus: Quantity | None = None
    memory_gib: Quantity | None = None
    node_selector: Mapping[str, str] = Field(default_factory=dict)
    tolerations: Annotated[tuple[Toleration, ...], Listed] = ()
