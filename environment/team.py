"""A team as a person describes it: a namespace, who may work in it, and how much it may ask for."""

from typing import Annotated

from pydantic import Field, StringConstraints

from environment.base import Listed, Name, Part, Quantity, Whole

Amount = Annotated[int, Whole, Field(ge=0, le=100_000)]


class Quota(Part):
    """What a team may ask for at most, all its pods together; what is left out is not limited."""

    gpus: Amount | None = None
    tpu_chips: Amount | None = None
    neuron_devices: Amount | None = None
    vcpus: Quantity | None = None
    memory_gib: Quantity | None = None
    pods: Amount | None = None


class Team(Part):
    """One team. allowFrom: teams whose pods may reach its pods. internetEgress: whether its pods may reach the internet."""

    namespace: Name | None = None
    group: Annotated[str, StringConstraints(min_length=3)] | None = None
    quota: Quota | None = None
    allow_from: Annotated[tuple[str, ...], Listed] = ()
    internet_egress: bool = False
