"""Production environments with everything that Drydock puts into a cluster, one for each way in which it gets there."""

from typing import Any

# The provider's own words of the region, which the program checks against the environment's.
_PLACES: dict[str, dict[str, str]] = {
    "aws": {"aws:region": "eu-west-1"},
    "gcp": {"gcp:project": "acme-ml-prod", "gcp:region": "europe-west4"},
    "azure": {"azure-native:location": "westeurope"},
}
_TPU = {"accelerator": "tpu-v5e", "topology": "2x4", "nodes": {"min": 0, "max": 2}, "capacity": ["spot"]}
_QUEUED = {"accelerator": "nvidia-l4", "nodes": {"min": 0, "max": 2}, "capacity": ["flexStart"], "queued": True}
# By who adds nodes: on Azure either the cluster autoscaler with its priorities, or Karpenter with its node classes.
CLOUDS: dict[str, dict[str, Any]] = {
    "aws": {"cloud": "aws", "region": "eu-west-1"},
    "gcp": {"cloud": "gcp", "region": "europe-west4", "pools": {"tpu": _TPU, "queued": _QUEUED}},
    "azure": {"cloud": "azure", "region": "westeurope"},
    "azure-karpenter": {
        "cloud": "azure",
        "region": "westeurope",
        "addOns": {"nodeProvisioner": "karpenter", "kueue": "off", "gateway": "off"},
    },
}


def config(name: str, prefix: str) -> dict[str, Any]:
    """The stack's configuration of one of CLOUDS, with namespaces that begin with this prefix."""
    words = dict(CLOUDS[name])
    pools, add_ons = words.pop("pools", {}), words.pop("addOns", {})
    environment: dict[str, Any] = {
        **words,
        "stage": "prod",
        "owner": "ml-platform",
        "costCenter": "cc-4211",
        "network": {"zones": 2},
        "cluster": {"deletionProtection": False, "addOns": {"gateway": "install", "keda": "install", **add_ons}},
        "nodePools": {
            "system": {"system": True, "vcpus": 4, "memoryGib": 16, "nodes": {"min": 2, "max": 2}},
            "cpu": {"vcpus": 4, "memoryGib": 16, "nodes": {"min": 0, "max": 4}, "capacity": ["onDemand"]},
            "gpu": {"accelerator": "nvidia-t4", "nodes": {"min": 0, "max": 4}, "capacity": ["onDemand", "spot"]},
            "batch": {"accelerator": "nvidia-t4", "nodes": {"min": 0, "max": 2}, "capacity": ["spot"]},
            **pools,
        },
        "teams": {
            "search": {"namespace": f"{prefix}-search", "group": "search-engineers", "quota": {"gpus": 4, "vcpus": 64, "pods": 50}},
            "vision": {"namespace": f"{prefix}-vision", "quota": {"gpus": 2}, "allowFrom": ["search"], "internetEgress": True},
        },
        "workloads": {
            "train": _workload("search", "batch", accelerators=1),
            "embed": _workload("vision", "gpu", kind="deployment", replicas=2, accelerators=1),
            "gateway": _workload("vision", "cpu", kind="deployment", replicas=2),
            **({"tune": _workload("search", "tpu")} if "tpu" in pools else {}),
        },
    }
    return {**_PLACES[words["cloud"]], "drydock:environment": environment}


def _workload(team: str, pool: str, **words: Any) -> dict[str, Any]:
    return {"image": "registry.example/model:1", "team": team, "pool": pool, "vcpus": 1, "memoryGib": 2, **words}
