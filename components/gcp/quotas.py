"""The project's quotas, as the Cloud Quotas API tells them."""

import re
from collections.abc import Mapping, Sequence

import pulumi_gcp as gcp
from pulumi_gcp.cloudquota.outputs import GetSQuotaInfoDimensionsInfoResult

from plan.model import QuotaNeed

_SERVICE = "compute.googleapis.com"


def quota_limit(need: QuotaNeed, region: str) -> float | None:
    """What the project may have of a quota in the region, -1 for as much as it wants; None where the API does not tell.

    The quota's id, and which of its dimensions is meant, stand in the request for more of it. Raises what the provider raises where the
    project does not let its quotas be read.
    """
    identifier = re.search(r"--quota-id=(\S+)", need.request)
    if identifier is None:
        return None
    project = gcp.organizations.get_client_config().project
    found = gcp.cloudquota.get_s_quota_info(parent=f"projects/{project}", service=_SERVICE, quota_id=identifier[1])
    return _of_place(found.dimensions_infos, region, _dimensions(need.request))


def _dimensions(request: str) -> Mapping[str, str]:
    """The request's dimensions but the region, which the command leaves to be filled in."""
    written = re.search(r"--dimensions=(\S+)", request)
    pairs = (pair.split("=", 1) for pair in written[1].split(",")) if written else ()
    return {name: value for name, value in pairs if name != "region"}


def _of_place(infos: Sequence[GetSQuotaInfoDimensionsInfoResult], region: str, wanted: Mapping[str, str]) -> float | None:
    """The limit that holds in the region: of the quota's entries the one that says most about it."""
    holding = [
        info
        for info in infos
        if {region, "global"} & set(info.applicable_locations)
        and all(info.dimensions.get(name) in (None, value) for name, value in wanted.items())
    ]
    if not holding:
        return None
    best = max(holding, key=lambda info: len(info.dimensions))
    return float(best.details[0].value)
