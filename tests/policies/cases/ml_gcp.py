"""What Vertex AI keeps of data and experiments."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

FEATURES = "gcp:vertex/aiFeatureStore:AiFeatureStore"
ONLINE = "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore"
PERSISTENT = "gcp:vertex/aiPersistentResource:AiPersistentResource"
AMAZON = made("aws:sagemaker/featureGroup:FeatureGroup")
KEY = {"encryptionSpec": {"kmsKeyName": UNKNOWN}}
DEV, PROD = {"stage": "dev"}, {"stage": "prod"}


def keyed(*kinds: str) -> Case:
    """None names a key, then all do, with one that is known only later."""
    return Case(
        violating=tuple(made(kind, {"encryptionSpec": {}}) for kind in kinds),
        at=("encryptionSpec.kmsKeyName",) * len(kinds),
        passing=tuple(made(kind, KEY) for kind in kinds),
        unknown=None,
        why_known="that a key is named is enough, whatever its name will be",
        elsewhere=(AMAZON, made("gcp:vertex/aiEndpoint:AiEndpoint")),
    )


def pools(*resource_pools: dict[str, Any], labels: dict[str, str] = DEV) -> Resource:
    return made(PERSISTENT, {"labels": labels, "resourcePools": list(resource_pools)})


L4 = {"machineSpec": {"machineType": "g2-standard-8", "acceleratorType": "NVIDIA_L4"}}

CASES = {
    "DD-ML-101": keyed("gcp:vertex/aiDataset:AiDataset"),
    "DD-ML-102": keyed(FEATURES, ONLINE),
    "DD-ML-103": keyed("gcp:vertex/aiMetadataStore:AiMetadataStore"),
    "DD-ML-104": keyed("gcp:vertex/aiTensorboard:AiTensorboard"),
    "DD-ML-105": keyed("gcp:vertex/aiIndex:AiIndex"),
    "DD-ML-106": Case(
        violating=(
            made(ONLINE, {"labels": DEV, "bigtable": {"autoScaling": {"minNodeCount": 1, "maxNodeCount": 3}}}),
            made(FEATURES, {"labels": DEV, "onlineServingConfig": {"fixedNodeCount": 2}}),
            made(FEATURES, {"labels": DEV, "onlineServingConfig": {"scaling": {"minNodeCount": 1}}}, "scaled"),
        ),
        at=("bigtable.autoScaling.minNodeCount", "onlineServingConfig.fixedNodeCount", "onlineServingConfig.scaling.minNodeCount"),
        passing=(made(FEATURES, {"labels": DEV}), made(FEATURES, {"labels": DEV, "onlineServingConfig": {"fixedNodeCount": 0}}, "none")),
        unknown=(made(FEATURES, {"labels": DEV, "onlineServingConfig": {"fixedNodeCount": UNKNOWN}}),),
        elsewhere=(made(FEATURES, {"labels": PROD, "onlineServingConfig": {"fixedNodeCount": 2}}),),
    ),
    "DD-ML-107": Case(
        violating=(pools({"replicaCount": 1}, {**L4, "replicaCount": 2}, L4),),
        at=("resourcePools.1.replicaCount", "resourcePools.2.replicaCount"),
        words=("is 2", "is 1"),
        passing=(pools({**L4, "autoscalingSpec": {"minReplicaCount": 1, "maxReplicaCount": 4}}, {**L4, "replicaCount": 0}),),
        unknown=(pools({**L4, "replicaCount": UNKNOWN}),),
        elsewhere=(pools(L4, labels=PROD),),
    ),
}
