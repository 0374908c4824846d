"""Vertex AI endpoints."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

ENDPOINT = "gcp:vertex/aiEndpoint:AiEndpoint"
GARDEN = "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment"
INDEX_ENDPOINT = "gcp:vertex/aiIndexEndpoint:AiIndexEndpoint"
INDEX = "gcp:vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex"
POOL = "gcp:vertex/aiDeploymentResourcePool:AiDeploymentResourcePool"
MEMBER = "gcp:vertex/aiEndpointIamMember:AiEndpointIamMember"
AMAZON = made("aws:sagemaker/endpoint:Endpoint")
BARE = made(ENDPOINT, {"displayName": "model", "location": "europe-west4"}, "bare")
PROD = {"stage": "prod"}


def endpoint(**properties: Any) -> Resource:
    return made(ENDPOINT, properties, "model")


def garden(name: str = "it", **resources: Any) -> Resource:
    return made(GARDEN, {"labels": PROD, "deployConfig": {"dedicatedResources": resources}}, name)


def pool(**resources: Any) -> Resource:
    return made(POOL, {"labels": PROD, "dedicatedResources": resources})


def index(name: str = "it", **properties: Any) -> Resource:
    return made(INDEX, {"labels": PROD, **properties}, name)


def connected(value: object) -> dict[str, Any]:
    return {"enablePrivateServiceConnect": value}


def recorded(to: Resource, name: str = "recorded", enabled: object = True) -> Resource:
    config = {"enabled": enabled, "bigqueryDestination": {"outputUri": UNKNOWN}}
    return made(ENDPOINT, {"predictRequestResponseLoggingConfig": config}, name, predictRequestResponseLoggingConfig=to)


FOREVER = made("gcp:bigquery/dataset:Dataset", {"datasetId": "d"}, "forever")
ENDING = made("gcp:bigquery/dataset:Dataset", {"datasetId": "d", "defaultTableExpirationMs": 7776000000}, "ending")
PARTS = made("gcp:bigquery/dataset:Dataset", {"datasetId": "d", "defaultPartitionExpirationMs": 7776000000}, "parts")
DATED = made("gcp:bigquery/table:Table", {"expirationTime": UNKNOWN}, "dated")
LASTING = made("gcp:bigquery/table:Table", {"tableId": "t"}, "lasting")
TABLE = made("gcp:bigquery/table:Table", {"timePartitioning": {"type": "DAY", "expirationMs": 7776000000}}, "table")

CASES = {
    "DD-ENDPOINT-101": Case(
        violating=(BARE, made(INDEX_ENDPOINT)),
        at=("encryptionSpec.kmsKeyName", "encryptionSpec.kmsKeyName"),
        passing=(endpoint(encryptionSpec={"kmsKeyName": UNKNOWN}),),
        unknown=None,
        why_known="that a key is named is enough, whatever its name will be",
        elsewhere=(AMAZON,),
    ),
    "DD-ENDPOINT-102": Case(
        violating=(BARE, made(GARDEN, {"endpointConfig": {"privateServiceConnectConfig": connected(False)}})),
        at=(
            "privateServiceConnectConfig.enablePrivateServiceConnect",
            "endpointConfig.privateServiceConnectConfig.enablePrivateServiceConnect",
        ),
        passing=(
            endpoint(privateServiceConnectConfig=connected(True)),
            made(ENDPOINT, {"network": UNKNOWN}, "peered"),
            made(GARDEN, {"endpointConfig": {"privateServiceConnectConfig": connected(True)}}),
        ),
        unknown=(endpoint(privateServiceConnectConfig=connected(UNKNOWN)),),
        elsewhere=(AMAZON, made(INDEX_ENDPOINT)),
    ),
    "DD-ENDPOINT-103": Case(
        violating=(made(INDEX_ENDPOINT, {"publicEndpointEnabled": True}),),
        at=("publicEndpointEnabled",),
        passing=(made(INDEX_ENDPOINT), made(INDEX_ENDPOINT, {"publicEndpointEnabled": False}, "told")),
        unknown=(made(INDEX_ENDPOINT, {"publicEndpointEnabled": UNKNOWN}),),
        elsewhere=(BARE,),
    ),
    "DD-ENDPOINT-104": Case(
        violating=(made(MEMBER, {"role": "roles/aiplatform.user", "member": "allUsers"}),),
        at=("member",),
        passing=(made(MEMBER, {"role": "roles/aiplatform.user", "member": "group:ml@example.org"}),),
        unknown=(made(MEMBER, {"role": "roles/aiplatform.user", "member": UNKNOWN}),),
        elsewhere=(BARE,),
    ),
    "DD-ENDPOINT-105": Case(
        violating=(garden(spot=True),),
        at=("deployConfig.dedicatedResources.spot",),
        passing=(garden(), garden("told", spot=False)),
        unknown=(garden(spot=UNKNOWN),),
        elsewhere=(made(GARDEN, {"labels": {"stage": "dev"}, "deployConfig": {"dedicatedResources": {"spot": True}}}),),
    ),
    "DD-ENDPOINT-106": Case(
        violating=(
            pool(minReplicaCount=1),
            garden(maxReplicaCount=3),
            index(dedicatedResources={"minReplicaCount": 1}),
            index("small", automaticResources={"minReplicaCount": 1}),
        ),
        at=(
            "dedicatedResources.minReplicaCount",
            "deployConfig.dedicatedResources.minReplicaCount",
            "dedicatedResources.minReplicaCount",
            "automaticResources.minReplicaCount",
        ),
        words=("is 1", "is 1"),
        passing=(pool(minReplicaCount=2), index(automaticResources={}), garden(minReplicaCount=4)),
        unknown=(pool(minReplicaCount=UNKNOWN),),
        elsewhere=(made(POOL, {"labels": {"stage": "dev"}, "dedicatedResources": {"minReplicaCount": 1}}), made(GARDEN, {"labels": PROD})),
    ),
    "DD-ENDPOINT-107": Case(
        violating=(pool(minReplicaCount=3, maxReplicaCount=3), garden(minReplicaCount=2), index(dedicatedResources={})),
        at=(
            "dedicatedResources.maxReplicaCount",
            "deployConfig.dedicatedResources.maxReplicaCount",
            "dedicatedResources.maxReplicaCount",
        ),
        words=("is 3", "is 2", "is 1"),
        passing=(pool(minReplicaCount=2, maxReplicaCount=3), index(dedicatedResources={"maxReplicaCount": 2})),
        unknown=(pool(minReplicaCount=2, maxReplicaCount=UNKNOWN),),
        elsewhere=(index(automaticResources={"minReplicaCount": 2}), made(GARDEN, {})),
    ),
    "DD-ENDPOINT-108": Case(
        violating=(index(), index("told", enableAccessLogging=False)),
        at=("enableAccessLogging", "enableAccessLogging"),
        passing=(index(enableAccessLogging=True),),
        unknown=(index(enableAccessLogging=UNKNOWN),),
        elsewhere=(made(INDEX_ENDPOINT),),
    ),
    "DD-ENDPOINT-109": Case(
        violating=(FOREVER, recorded(FOREVER), LASTING, recorded(LASTING, "table")),
        at=("predictRequestResponseLoggingConfig.bigqueryDestination",) * 2,
        passing=(ENDING, PARTS, DATED, TABLE, *(recorded(each, each.name) for each in (ENDING, PARTS, DATED, TABLE))),
        unknown=(FOREVER, recorded(FOREVER, enabled=UNKNOWN)),
        elsewhere=(FOREVER, recorded(FOREVER, enabled=False), endpoint(predictRequestResponseLoggingConfig={"enabled": True})),
    ),
}
