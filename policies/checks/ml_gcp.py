"""What Vertex AI keeps of data and experiments: with whose key, for whom to reach, and what it costs while nobody asks."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.view import View

CHECKS = Checks()
DATASET = "gcp:vertex/aiDataset:AiDataset"
FEATURE_STORES = ("gcp:vertex/aiFeatureStore:AiFeatureStore", "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore")
METADATA = "gcp:vertex/aiMetadataStore:AiMetadataStore"
TENSORBOARD = "gcp:vertex/aiTensorboard:AiTensorboard"
INDEX = "gcp:vertex/aiIndex:AiIndex"
PERSISTENT = "gcp:vertex/aiPersistentResource:AiPersistentResource"
_KEY = "encryptionSpec.kmsKeyName"


def _own_key(view: View) -> Iterator[Problem]:
    """Whether encryptionSpec.kmsKeyName is named; Google's own key where it is left out (Vertex AI API, EncryptionSpec)."""
    if not view.present(_KEY):
        yield Problem(path=_KEY, what="is not set")


# One rule under an id for each kind of resource, as other tools have them: one of them may be turned off alone.
for _id, _title, _types, _why, _equivalents in (
    ("DD-ML-101", "A dataset", (DATASET,), "It is what the models were trained on.", ("CKV_GCP_92",)),
    ("DD-ML-102", "A feature store", FEATURE_STORES, "It holds what is known of each customer.", ("CKV2_GCP_25",)),
    ("DD-ML-103", "A metadata store", (METADATA,), "It says which data went into which model.", ("CKV_GCP_96",)),
    ("DD-ML-104", "A TensorBoard", (TENSORBOARD,), "Its samples and texts may be of the training data.", ("CKV2_GCP_26",)),
    ("DD-ML-105", "An index", (INDEX,), "Text can be read back from its embeddings.", ()),
):
    CHECKS.add(
        _id,
        f"{_title} is encrypted with a key of one's own",
        *_types,
        level="disabled",
        profiles={"regulated": "mandatory"},
        rationale=f"{_why} With Google's own key nobody can watch who decrypts it, nor take the key away.",
        fix="set encryptionSpec.kmsKeyName; only a new one takes it",
        equivalents=_equivalents,
    )(_own_key)


@CHECKS.add(
    "DD-ML-106",
    "A feature store has no nodes outside production",
    *FEATURE_STORES,
    level="advisory",
    rationale="Online nodes are paid for by the hour, whether anybody asks or not.",
    fix="set fixedNodeCount to 0, or leave onlineServingConfig out and read offline",
)
def no_idle_nodes(view: View) -> Iterator[Problem]:
    """The fewest nodes of online serving, none where nothing is said, in any stage but prod (Vertex AI API, OnlineServingConfig)."""
    if view.stage == "prod":
        return
    for path in ("onlineServingConfig.fixedNodeCount", "onlineServingConfig.scaling.minNodeCount", "bigtable.autoScaling.minNodeCount"):
        count = view.number(path)
        if count:
            yield Problem(path=path, what=f"is {count:.0f}")


@CHECKS.add(
    "DD-ML-107",
    "Machines for training do not wait outside production",
    PERSISTENT,
    level="advisory",
    rationale="A persistent resource is paid for from the day that it is made until it is deleted, jobs or none.",
    fix="let jobs bring their machines, or set autoscalingSpec.minReplicaCount of each pool to 1 or 0",
)
def no_waiting_machines(view: View) -> Iterator[Problem]:
    """Accelerated pools of persistent resources with a fixed size, in any stage but prod (Vertex AI API, ResourcePool)."""
    if view.stage == "prod":
        return
    for path, pool in view.each("resourcePools"):
        count = pool.number("replicaCount", 1)
        if count and pool.present("machineSpec.acceleratorType") and pool.get("autoscalingSpec") is None:
            yield Problem(path=f"{path}.replicaCount", what=f"is {count:.0f}, day and night")
