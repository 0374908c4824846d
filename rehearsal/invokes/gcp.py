"""Functions of the gcp package that do more than look a resource up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.invokes.call import Call
from rehearsal.values import Secret, Value, Values
from rehearsal.zones import gcp_zones

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


FUNCTIONS: Final[Mapping[str, Callable[[Call], Values]]] = {
    "gcp:organizations/getClientConfig:getClientConfig": _get_client_config,
    "gcp:organizations/getProject:getProject": _get_project,
    "gcp:compute/getZones:getZones": _get_zones,
    "gcp:compute/getDefaultServiceAccount:getDefaultServiceAccount": _get_compute_service_account,
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _get_storage_service_account,
    "gcp:container/getEngineVersions:getEngineVersions": _get_engine_versions,
}
