"""The project's quotas, as the Cloud Quotas API tells them."""

from collections.abc import Mapping, Sequence

import pulumi_gcp as gcp
from pulumi_gcp.cloudquota.outputs import GetSQuotaInfoDimensionsInfoResult

from plan.model import QuotaNeed

_PLACES = frozenset({"region", "zone"})


def quota_limit(need: QuotaNeed, region: str) -> float | None:
    """What the project may have of a quota in the region, -1 for as much as it wants; None where the API does not tell.

    Raises what the provider raises where the project does not let its quotas be read.
    """
    if not need.service:
        return None
    project = gcp.organizations.get_client_config().project
    found = gcp.cloudquota.get_s_quota_info(parent=f"projects/{project}", service=need.service, quota_id=need.quota_id)
    return _of_place(found.dimensions_infos, region, need.dimensions)


def _of_place(infos: Sequence[GetSQuotaInfoDimensionsInfoResult], region: str, wanted: Mapping[str, str]) -> float | None:
    """The limit that holds in the region: of the quota's entries the one that says most about it."""
    holding = [info for info in infos if _holds(info, region, wanted)]
    if not holding:
        return None
    return float(max(holding, key=lambda info: len(info.dimensions)).details[0].value)


def _holds(info: GetSQuotaInfoDimensionsInfoResult, region: str, wanted: Mapping[str, str]) -> bool:
    here = {region, "global"} & set(info.applicable_locations)
    told = {name: value for name, value in info.dimensions.items() if name not in _PLACES}
    # An entry that says more than is wanted is about something else.
    return bool(here) and told.items() <= wanted.items()
