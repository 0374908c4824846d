"""The events of a scenario as they strike: regions, quotas, shortages, faults and waiting."""

from __future__ import annotations

import threading
from fnmatch import fnmatchcase
from typing import Final

from grpc import StatusCode

from rehearsal.errors import CloudError, quota_exceeded
from rehearsal.scenario import Fault, Operation, Quota, Scenario, Shortage
from rehearsal.state import SimulatedCloud
from rehearsal.values import Values, leaves

# How each kind of cloud outage shows itself when the scenario gives no message.
_MESSAGES: Final = {
    "error": "InternalError: the service could not complete the request; try again",
    "timeoutAfterCreate": "timeout while waiting for state to become ready",
    "lostConnection": "the connection to the service was lost before the request arrived; try again",
    "lostAnswer": "the connection to the service was lost before its answer; run `pulumi refresh` or import the resource, then try again",
}


class StruckError(CloudError):
    """An error that a fault of the scenario makes."""

    def __init__(self, code: StatusCode, message: str, fault: Fault) -> None:
        super().__init__(code, message)
        self.fault = fault


class Events:
    """What a scenario does to the requests of one rehearsal; counts survive the process, in the state."""

    def __init__(self, scenario: Scenario, cloud: SimulatedCloud) -> None:
        self.scenario = scenario
        self._cloud = cloud
        self._cancelled = threading.Event()

    def check_region(self, region: str) -> None:
        """Raises CloudError if the scenario does not have the region."""
        allowed = self.scenario.available_regions
        if allowed and region not in allowed:
            raise CloudError(
                StatusCode.FAILED_PRECONDITION,
                f"region {region!r} is not available; available are {', '.join(allowed)} (availableRegions in the scenario)",
            )

    def strike(self, operation: Operation, token: str) -> Fault | None:
        """Count an operation and raise CloudError if a fault stops it; a fault that strikes afterwards is given back."""
        after: Fault | None = None
        for index, fault in enumerate(self.scenario.faults):
            if fault.on != operation or not fnmatchcase(token, fault.type):
                continue
            if self._cloud.attempt(f"fault {index} {fault.on} {fault.type}") != fault.nth:
                continue
            if fault.kind in ("timeoutAfterCreate", "lostAnswer"):
                after = fault
                continue
            raise fault_error(fault, token)
        return after

    def check_capacity(self, token: str, region: str, place: str, inputs: Values, *, has_nodes: bool = False) -> None:
        """Raises CloudError if a quota is used up or something asked for is sold out; of nodes the cloud says that itself."""
        for quota in self.scenario.quotas:
            self._check_quota(quota, token, region, place)
        if self.scenario.shortages and not has_nodes:
            texts = {leaf for _, leaf in leaves(inputs) if isinstance(leaf, str)}
            for shortage in self.scenario.shortages:
                _check_shortage(shortage, token, region, texts)

    def _check_quota(self, quota: Quota, token: str, region: str, place: str) -> None:
        if not fnmatchcase(token, quota.type) or quota.region not in (None, region):
            return
        if self._cloud.count(quota.type, place if quota.region else "") >= quota.limit:
            raise quota_exceeded(token, f"{quota.type} in {quota.region}" if quota.region else quota.type, quota.limit)

    def wait(self, seconds: float | None) -> bool:
        """Wait as long as the cloud takes, scaled; False if the user cancelled meanwhile."""
        scaled = (seconds or 0) * self.scenario.latency_scale
        return scaled <= 0 or not self._cancelled.wait(scaled)

    def cancel(self) -> None:
        """End every wait that is going on; later ones wait again."""
        current, self._cancelled = self._cancelled, threading.Event()
        current.set()


def fault_error(fault: Fault, token: str) -> CloudError:
    """Give the error that a fault shows the user."""
    lost = fault.kind in ("lostConnection", "lostAnswer")
    return StruckError(StatusCode.UNAVAILABLE if lost else StatusCode.ABORTED, f"{token}: {fault_message(fault)}", fault)


def fault_message(fault: Fault) -> str:
    """Give the scenario's words for a fault, or those usual for its kind."""
    return fault.message or _MESSAGES[fault.kind]


def _check_shortage(shortage: Shortage, token: str, region: str, texts: set[str]) -> None:
    here = shortage.region in (None, region) and shortage.market in (None, "onDemand")
    if shortage.zone is not None:
        here = here and shortage.zone in texts
    if here and shortage.machine in texts:
        where = shortage.zone or shortage.region or region
        raise CloudError(
            StatusCode.RESOURCE_EXHAUSTED,
            f"InsufficientCapacity: {token}: {shortage.machine} in {where}: {shortage.reason}; use another machine type, zone or region",
        )
