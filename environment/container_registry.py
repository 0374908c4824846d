"""The container registry as a person asks for it: one that is made, or one that is there."""

from typing import Annotated

from pydantic import Field, StringConstraints

from environment.base import Days, Part, Whole


class ContainerRegistry(Part):
    """Where images lie. existing: its address without a repository; otherwise one is made, private, scanned, with tags that never move.

    repositories get deleted images by age (untagged) and by number (tagged).
    """

    existing: Annotated[str, StringConstraints(min_length=3)] | None = None
    delete_untagged_after_days: Days | None = None
    keep_newest: Annotated[int, Whole, Field(ge=1, le=1_000)] | None = None
    customer_key: bool = False
