"""What Google Cloud bills for nothing."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

POOL = "gcp:container/nodePool:NodePool"
GKE = "gcp:container/cluster:Cluster"
MACHINE = "gcp:compute/instance:Instance"
TEMPLATE = "gcp:compute/instanceTemplate:InstanceTemplate"
NOTEBOOK = "gcp:workbench/instance:Instance"
GARDEN = "gcp:vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment"
SHARED = "gcp:vertex/aiDeploymentResourcePool:AiDeploymentResourcePool"
PERSISTENT = "gcp:vertex/aiPersistentResource:AiPersistentResource"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
LOGS = "gcp:logging/projectBucketConfig:ProjectBucketConfig"
RUN = "gcp:cloudrunv2/service:Service"
INDEX = "gcp:vertex/aiIndex:AiIndex"
AMAZON = made("aws:ec2/instance:Instance")
DEV, PROD = {"stage": "dev"}, {"stage": "prod"}
T4 = [{"type": "nvidia-tesla-t4", "count": 1}]


def bucket(location: str, *data_locations: str) -> Resource:
    placed = {"customPlacementConfig": {"dataLocations": list(data_locations)}} if data_locations else {}
    return made("gcp:storage/bucket:Bucket", {"location": location, **placed}, f"in-{location}{'-'.join(data_locations)}")


def reading(found: Resource, location: object = "europe-west4") -> tuple[Resource, Resource]:
    return found, made(RUN, {"location": location}, found.name, template=found)


def pair(code: str, *regions: str) -> tuple[Resource, ...]:
    """A bucket of two regions, and a service in each of them that reads it."""
    both = made("gcp:storage/bucket:Bucket", {"location": code}, f"pair-{code}")
    return both, *(made(RUN, {"location": region}, f"{code}-{region}", template=both) for region in regions)


def machine(name: str = "it", **properties: Any) -> Resource:
    return made(MACHINE, {"labels": DEV, **properties}, name)


# Cloud Storage, "Bucket locations", predefined dual-regions.
PAIRS = {
    "ASIA1": ("asia-northeast1", "asia-northeast2"),
    "EUR4": ("europe-north1", "europe-west4"),
    "EUR5": ("europe-west1", "europe-west2"),
    "EUR7": ("europe-west2", "europe-west3"),
    "EUR8": ("europe-west3", "europe-west6"),
    "NAM4": ("us-central1", "us-east1"),
}

CASES = {
    "DD-COST-101": Case(
        violating=(
            machine(machineType="n1-standard-8"),
            made(TEMPLATE, {"machineType": "e2-medium", "guestAccelerators": [*T4, {"type": "nvidia-tesla-k80"}]}),
            made(GKE, {"nodePools": [{"nodeConfig": {"machineType": "c2-standard-8"}}]}),
            made(POOL, {"nodeConfig": {"machineType": "n1-standard-8", "guestAccelerators": [{"type": "nvidia-tesla-p100"}]}}),
            made(SHARED, {"dedicatedResources": {"machineSpec": {"machineType": "n1-standard-4", "acceleratorType": "NVIDIA_TESLA_V100"}}}),
            made(GARDEN, {"deployConfig": {"dedicatedResources": {"machineSpec": {"machineType": "n1-standard-4"}}}}),
            made(PERSISTENT, {"resourcePools": [{"machineSpec": {"machineType": "n1-standard-4"}}]}),
            made(NOTEBOOK, {"gceSetup": {"machineType": "n1-standard-4", "acceleratorConfigs": [{"type": "NVIDIA_TESLA_P4"}]}}),
            made(NOTEBOOK, {"gceSetup": {"machineType": "n1-standard-4"}}, "plain"),
            *(
                made("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", {"machineType": old}, old)
                for old in ("c2d-standard-2", "ct3-hightpu-4t", "f1-micro", "g1-small", "m1-ultramem-40")
            ),
        ),
        at=(
            "machineType",
            "guestAccelerators.1.type",
            *["machineType"] * 5,
            "nodePools.0.nodeConfig.machineType",
            "nodeConfig.guestAccelerators.0.type",
            "dedicatedResources.machineSpec.acceleratorType",
            "deployConfig.dedicatedResources.machineSpec.machineType",
            "resourcePools.0.machineSpec.machineType",
            "gceSetup.acceleratorConfigs.0.type",
            "gceSetup.machineType",
        ),
        passing=(
            machine(machineType="n4-standard-8"),
            made(POOL, {"nodeConfig": {"machineType": "n1-standard-8", "guestAccelerators": T4}}),
            made(NOTEBOOK, {"gceSetup": {"machineType": "g2-standard-8"}}),
        ),
        unknown=(machine(machineType=UNKNOWN),),
        elsewhere=(AMAZON, made(GKE, {"removeDefaultNodePool": True, "nodeConfig": {"machineType": "n1-standard-1"}})),
    ),
    "DD-COST-102": Case(
        violating=(made(LOGS, {"retentionDays": 3650}),),
        at=("retentionDays",),
        passing=(made(LOGS), made(LOGS, {"retentionDays": 400}, "told"), made(LOGS, {"retentionDays": 0}, "zero")),
        unknown=(made(LOGS, {"retentionDays": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    # Cloud Logging API, LogBucket: 0 is taken for 30 days.
    "DD-COST-102 left out": Case(
        violating=(made(LOGS), made(LOGS, {"retentionDays": 0}, "zero")),
        at=("retentionDays", "retentionDays"),
        words=("is 30", "is 30"),
        parameters={"days": 29},
        passing=(made(LOGS, {"retentionDays": 29}),),
        unknown=(made(LOGS, {"retentionDays": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-COST-103": Case(
        violating=(made(SUBNET), made(SUBNET, {"purpose": "PRIVATE", "privateIpGoogleAccess": False}, "told")),
        at=("privateIpGoogleAccess", "privateIpGoogleAccess"),
        passing=(made(SUBNET, {"privateIpGoogleAccess": True}),),
        unknown=(made(SUBNET, {"privateIpGoogleAccess": UNKNOWN}),),
        elsewhere=(made(SUBNET, {"purpose": "REGIONAL_MANAGED_PROXY"}),),
    ),
    # Cloud Storage, "Bucket locations": EUR4 is Finland (europe-north1) and the Netherlands (europe-west4).
    "DD-COST-104": Case(
        violating=(
            *reading(bucket("US-EAST1")),
            *reading(bucket("US")),
            *reading(bucket("EUR8")),
            *reading(bucket("EU", "EUROPE-WEST1", "EUROPE-WEST3")),
            bucket("us-west1"),
            made(INDEX, {"region": "europe-west4"}, metadata=bucket("us-west1")),
        ),
        at=("location", "location", "location", "location", "region"),
        passing=(
            *reading(bucket("europe-west4")),
            *reading(bucket("EU")),
            *reading(bucket("EUR4")),
            *reading(bucket("EU", "EUROPE-WEST4", "EUROPE-WEST1")),
            *reading(bucket("US"), "us-central1"),
            *reading(bucket("ASIA"), "asia-east1"),
            *(each for code, regions in PAIRS.items() for each in pair(code, *regions)),
        ),
        unknown=reading(bucket("EU"), UNKNOWN),
        elsewhere=(*reading(bucket("US"), None), made(RUN, {"location": "europe-west4"}, "no-bucket")),
    ),
    "DD-COST-105": Case(
        violating=(machine(machineType="g2-standard-8"), machine("t4", machineType="n1-standard-4", guestAccelerators=T4)),
        at=("scheduling.maxRunDuration", "scheduling.maxRunDuration"),
        passing=(
            machine(machineType="g2-standard-8", scheduling={"maxRunDuration": {"seconds": 3600}}),
            machine("ended", machineType="g2-standard-8", scheduling={"terminationTime": UNKNOWN}),
            machine("scheduled", machineType="g2-standard-8", resourcePolicies=UNKNOWN),
        ),
        unknown=(machine(machineType=UNKNOWN),),
        elsewhere=(
            machine(machineType="z9-standard-8"),
            machine("n4", machineType="n4-standard-8"),
            made(MACHINE, {"machineType": "g2-standard-8", "labels": PROD}, "prod"),
        ),
    ),
}
