"""Functions of the gcp package that do more than look a resource up."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.capacity.quotas import AMPLE, all_quotas
from rehearsal.errors import not_found
from rehearsal.invokes.call import Call
from rehearsal.values import Secret, Value, Values
from rehearsal.zones import gcp_zones

_QUOTA_SCOPE: Final = re.compile(r"-per-project(-region|-zone)?$")
# GKE's minor versions in January 2026, newest first; the patch is made up, as it changes every week.
_GKE_VERSIONS: Final = ("1.34.1-gke.2037000", "1.33.5-gke.1308000", "1.32.9-gke.1239000", "1.31.13-gke.1139000")


def _get_client_config(call: Call) -> Values:
    context = call.context
    token = Secret("ya29." + call.cloud.sealer.derive("gcp access token", context.gcp_project).hex())
    place: Values = {"project": context.gcp_project, "region": context.gcp_region, "zone": context.gcp_zone}
    return {**place, "id": f'projects/"{context.gcp_project}"', "accessToken": token, "defaultLabels": {}}


def _get_project(call: Call) -> Values:
    project = call.text("projectId") or call.context.gcp_project
    return {
        "id": f"projects/{project}",
        "projectId": project,
        "name": project,
        "number": call.context.gcp_project_number,
        "labels": {},
        "effectiveLabels": {},
        "autoCreateNetwork": True,
    }


def _get_zones(call: Call) -> Values:
    region = call.text("region") or call.context.gcp_region
    names: list[Value] = list(gcp_zones(region))
    return {**call.args, "id": f"projects/{call.context.gcp_project}/regions/{region}", "region": region, "names": names}


def _get_storage_service_account(call: Call) -> Values:
    project = call.context.gcp_project
    email = f"service-{call.context.gcp_project_number}@gs-project-accounts.iam.gserviceaccount.com"
    return {"id": email, "emailAddress": email, "member": f"serviceAccount:{email}", "project": project}


def _get_compute_service_account(call: Call) -> Values:
    context = call.context
    email = f"{context.gcp_project_number}-compute@developer.gserviceaccount.com"
    name = f"projects/{context.gcp_project}/serviceAccounts/{email}"
    identity: Values = {"email": email, "member": f"serviceAccount:{email}", "name": name, "project": context.gcp_project}
    return {"id": name, **identity, "displayName": "Compute Engine default service account", "uniqueId": context.gcp_project_number}


def _get_engine_versions(call: Call) -> Values:
    fitting = [version for version in _GKE_VERSIONS if version.startswith(call.text("versionPrefix"))]
    newest: Values = {name: fitting[0] if fitting else "" for name in ("latestMasterVersion", "latestNodeVersion")}
    versions: list[Value] = list(fitting)
    return {
        **call.args,
        **newest,
        "id": call.text("location") or call.context.gcp_region,
        "defaultClusterVersion": _GKE_VERSIONS[1],
        "validMasterVersions": versions,
        "validNodeVersions": versions,
        "releaseChannelDefaultVersion": {"RAPID": _GKE_VERSIONS[0], "REGULAR": _GKE_VERSIONS[1], "STABLE": _GKE_VERSIONS[2]},
        "releaseChannelLatestVersion": {"RAPID": _GKE_VERSIONS[0], "REGULAR": _GKE_VERSIONS[0], "STABLE": _GKE_VERSIONS[1]},
    }


def _get_quota_info(call: Call) -> Values:
    """A quota of Cloud Quotas by its id (NVIDIA-L4-GPUS-per-project-region), with the scenario's limit in the provider's region."""
    code = _QUOTA_SCOPE.sub("", call.text("quotaId")).replace("-", "_").upper()
    found = next((each for each in all_quotas() if each.cloud == "gcp" and each.code == code), None)
    if found is None:
        raise not_found("gcp:cloudquota/sQuotaInfo:SQuotaInfo", call.text("quotaId"), "googleapi: Error 404: notFound")
    region = call.context.gcp_region
    limit = found.limit(call.scenario, region)
    place: Values = {} if found.is_global else {"region": region}
    locations: list[Value] = ["global" if found.is_global else region]
    details: list[Value] = [{"value": str(int(AMPLE if limit is None else limit)), "rolloutInfos": []}]
    infos: list[Value] = [{"dimensions": place, "applicableLocations": locations, "details": details}]
    name = f"{call.text('parent')}/locations/global/services/{call.text('service')}/quotaInfos/{call.text('quotaId')}"
    metric = f"{call.text('service')}/{code.lower()}"
    return {**call.args, "id": name, "name": name, "metric": metric, "quotaDisplayName": found.name, "dimensionsInfos": infos}


FUNCTIONS: Final[Mapping[str, Callable[[Call], Values]]] = {
    "gcp:organizations/getClientConfig:getClientConfig": _get_client_config,
    "gcp:organizations/getProject:getProject": _get_project,
    "gcp:cloudquota/getSQuotaInfo:getSQuotaInfo": _get_quota_info,
    "gcp:compute/getZones:getZones": _get_zones,
    "gcp:compute/getDefaultServiceAccount:getDefaultServiceAccount": _get_compute_service_account,
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _get_storage_service_account,
    "gcp:container/getEngineVersions:getEngineVersions": _get_engine_versions,
}
