"""Nodes over a resource's life: claimed at its create, claimed anew at an update, given back with it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from grpc import StatusCode

from rehearsal.capacity.demand import Demand, Node
from rehearsal.capacity.ledger import Denial, Ledger
from rehearsal.capacity.messages import is_refused, message
from rehearsal.capacity.wants import demands_of
from rehearsal.errors import CloudError
from rehearsal.scenario import Scenario
from rehearsal.state import SimulatedCloud
from rehearsal.values import Values, plain_values

# One at a time grants and takes nodes, in whatever cloud or cluster.
GRANTING: Final = threading.RLock()


@dataclass(frozen=True)
class Claim:
    """What a resource asks for and was granted; `failure` is the cloud's message where it is made but its nodes do not come up."""

    demands: tuple[Demand, ...] = ()
    granted: tuple[tuple[str, Node], ...] = ()
    failure: str | None = None


class Claims:
    """The nodes that resources hold. Whoever claims keeps GRANTING until it has taken."""

    def __init__(self, cloud: SimulatedCloud, scenario: Scenario) -> None:
        self._cloud = cloud
        self._ledger = Ledger(cloud, scenario)

    def claim(self, token: str, region: str, identifier: str, holder: str, values: Values, *, update: bool = False) -> Claim:
        """Give what a resource of these inputs and outputs is granted; changes nothing yet.

        Raises CloudError where the cloud refuses the request.
        """
        demands = tuple(demands_of(self._cloud, token, region, plain_values(values)))
        granted = self._ledger.grant(holder, demands)
        if not isinstance(granted, Denial):
            return Claim(demands, tuple(granted))
        said = message(granted, token, identifier, update=update)
        if is_refused(granted, token, update=update):
            raise CloudError(StatusCode.RESOURCE_EXHAUSTED, said)
        return Claim(demands, failure=said)

    def take(self, holder: str, claim: Claim) -> None:
        """Let a resource hold what was granted, and give back what it asks for no longer; after a failure it keeps what it has."""
        if claim.failure is None:
            self._ledger.take(holder, claim.demands, claim.granted)
