"""Vertex AI endpoints: who reaches them, with whose key they are encrypted, and how many replicas they have."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.gcp_iam import iam_kinds, opened
from policies.joins import sources
from policies.view import View

CHECKS = Checks()
ENDPOINT = "gcp:vertex/aiEndpoint:AiEndpoint"
GARDEN = "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment"
INDEX_ENDPOINT = "gcp:vertex/aiIndexEndpoint:AiIndexEndpoint"
DEPLOYED_INDEX = "gcp:vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex"
RESOURCE_POOL = "gcp:vertex/aiDeploymentResourcePool:AiDeploymentResourcePool"
DATASET = "gcp:bigquery/dataset:Dataset"
TABLE = "gcp:bigquery/table:Table"
_ENDS = ("defaultTableExpirationMs", "defaultPartitionExpirationMs", "expirationTime", "timePartitioning.expirationMs")
_GRANTS = iam_kinds("vertex", "aiEndpointIam")
# How many there are at least where nothing is said, if that is not one (Vertex AI API, AutomaticResources).
_UNSAID = {"automaticResources": 2}
# Where the replicas of each stand.
_REPLICAS = {
    GARDEN: ("deployConfig.dedicatedResources",),
    DEPLOYED_INDEX: ("dedicatedResources", "automaticResources"),
    RESOURCE_POOL: ("dedicatedResources",),
}


@CHECKS.add(
    "DD-ENDPOINT-101",
    "An endpoint is encrypted with a key of one's own",
    ENDPOINT,
    INDEX_ENDPOINT,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Google's own key nobody can watch who decrypts the models, nor take the key away.",
    fix="set encryptionSpec.kmsKeyName; only a new endpoint takes it",
    equivalents=("CKV2_GCP_24",),
)
def has_own_key(view: View) -> Iterator[Problem]:
    """encryptionSpec.kmsKeyName; Google's own key where it is left out (Vertex AI API, EncryptionSpec)."""
    if not view.present("encryptionSpec.kmsKeyName"):
        yield Problem(path="encryptionSpec.kmsKeyName", what="is not set")


@CHECKS.add(
    "DD-ENDPOINT-102",
    "An endpoint is reached from inside the network alone",
    ENDPOINT,
    GARDEN,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="At an address on the internet one leaked token is enough to use the model, or to draw its answers out.",
    fix="set privateServiceConnectConfig.enablePrivateServiceConnect to true, or network",
    key="endpoints.<name>.access.public",
    equivalents=("CKV2_GCP_33",),
)
def endpoint_private(view: View) -> Iterator[Problem]:
    """A peered network or Private Service Connect, neither where nothing is said (Vertex AI, "Choose an endpoint type")."""
    inside = "endpointConfig." if view.resource.type == GARDEN else ""
    path = f"{inside}privateServiceConnectConfig.enablePrivateServiceConnect"
    if not view.present("network") and not view.flag(path):
        yield Problem(path=path, what="is off, and no network is named")


@CHECKS.add(
    "DD-ENDPOINT-103",
    "An index endpoint is reached from inside the network alone",
    INDEX_ENDPOINT,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="At an address on the internet one leaked token is enough to search what the index was built of.",
    fix="leave publicEndpointEnabled out and set privateServiceConnectConfig.enablePrivateServiceConnect to true, or network",
    equivalents=("CKV2_GCP_34",),
)
def index_endpoint_private(view: View) -> Iterator[Problem]:
    """publicEndpointEnabled, which is off where it is left out (Vertex AI API, IndexEndpoint)."""
    if view.flag("publicEndpointEnabled"):
        yield Problem(path="publicEndpointEnabled", what="is on")


@CHECKS.add(
    "DD-ENDPOINT-104",
    "Not everybody may call an endpoint",
    *_GRANTS,
    severity="critical",
    rationale="Whoever finds the address uses the model, and its GPUs, on your bill.",
    fix="name the users, groups or service accounts",
    key="endpoints.<name>.access.members",
)
def endpoint_not_open(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


@CHECKS.add(
    "DD-ENDPOINT-105",
    "What serves in production is not of spot alone",
    GARDEN,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Spot is taken away within half a minute, everywhere at once when demand rises; the endpoint has nothing to fall back on.",
    fix="leave deployConfig.dedicatedResources.spot out",
)
def not_spot(view: View) -> Iterator[Problem]:
    """In production, machines of an endpoint that are all spot; off where it is left out (Vertex AI API, DedicatedResources)."""
    if view.stage == "prod" and view.flag("deployConfig.dedicatedResources.spot"):
        yield Problem(path="deployConfig.dedicatedResources.spot", what="is on")


@CHECKS.add(
    "DD-ENDPOINT-106",
    "What serves in production has two replicas or more",
    *_REPLICAS,
    severity="high",
    level="advisory",
    rationale="With one replica each crash, and each repair of its machine, is an outage of minutes: a model must be loaded anew.",
    fix="set minReplicaCount to 2 or more",
    key="endpoints.<name>.replicas.min",
)
def has_two_replicas(view: View) -> Iterator[Problem]:
    """In production, minReplicaCount, which is 1 where it is left out (Vertex AI API, DedicatedResources; 2 for AutomaticResources)."""
    if view.stage != "prod":
        return
    for resources in _told(view):
        least = view.number(f"{resources}.minReplicaCount", _UNSAID.get(resources, 1))
        if least < 2:
            yield Problem(path=f"{resources}.minReplicaCount", what=f"is {least:.0f}")


@CHECKS.add(
    "DD-ENDPOINT-107",
    "An endpoint scales with its traffic",
    *_REPLICAS,
    level="advisory",
    rationale="With as many replicas at least as at most, the peak is paid for all night, or the night's replicas serve the peak.",
    fix="set maxReplicaCount above minReplicaCount",
    key="endpoints.<name>.replicas.max",
)
def has_room_to_scale(view: View) -> Iterator[Problem]:
    """maxReplicaCount, which is minReplicaCount where it is left out (Vertex AI API, DedicatedResources)."""
    for resources in _told(view):
        least = view.number(f"{resources}.minReplicaCount", 1)
        most = view.number(f"{resources}.maxReplicaCount", least)
        if resources != "automaticResources" and most <= least:
            yield Problem(path=f"{resources}.maxReplicaCount", what=f"is {most:.0f}, as many as at least")


@CHECKS.add(
    "DD-ENDPOINT-108",
    "Who asks an index is in the logs",
    DEPLOYED_INDEX,
    severity="low",
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="After a leak nobody can say what was looked for, and by whom.",
    fix="set enableAccessLogging to true",
)
def index_logs_accesses(view: View) -> Iterator[Problem]:
    """enableAccessLogging, which is off where it is left out (Vertex AI API, DeployedIndex)."""
    if not view.flag("enableAccessLogging"):
        yield Problem(path="enableAccessLogging", what="is off")


@CHECKS.add(
    "DD-ENDPOINT-109",
    "What an endpoint records does not stay for ever",
    ENDPOINT,
    level="advisory",
    joined=True,
    rationale="Every request and answer is kept, paid for every month, and personal where the requests are.",
    fix="set defaultTableExpirationMs of the dataset, or timePartitioning.expirationMs of the table",
    key="endpoints.<name>.capture",
)
def records_end(view: View) -> Iterator[Problem]:
    """Whether the table, or its dataset, has an end (BigQuery API, Dataset and Table), where the program declares them."""
    at = "predictRequestResponseLoggingConfig"
    if not view.flag(f"{at}.enabled"):
        return
    for kept in (*sources(view, at, [DATASET]), *sources(view, at, [TABLE])):
        if not any(kept.present(path) for path in _ENDS):
            yield Problem(path=f"{at}.bigqueryDestination", what=f"is {kept.resource.name}, which keeps it for ever")


def _told(view: View) -> list[str]:
    return [path for path in _REPLICAS[view.resource.type] if view.get(path) is not None]
