"""How long an estimate takes: 1,000 resources with the catalogue open, linear to 10,000, and `drydock cost --file` as a whole process."""

import argparse
import json
import resource as limits
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalogue.catalogue import Catalogue
from costs.estimate import estimate
from costs.read import read

STACK = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"
MOST_MS = 100.0
MOST_SECONDS = 1.0
MOST_MIB = 200.0
# Ten times the resources may take ten times as long, and a little for the larger memory.
MOST_GROWTH = 12.0


def main() -> int:
    """Prints the figures and gives the exit status: 1 where a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    catalogue = Catalogue.open()
    small, large = (_estimate_ms(count, catalogue, rounds) for count in (1_000, 10_000))
    seconds, mib = _process(1_000, rounds)
    kept = [
        _told("estimate of 1,000 resources, ms", small, MOST_MS),
        _told("10,000 resources against 1,000, ratio", large / small, MOST_GROWTH),
        _told("drydock cost --file of 1,000 resources, s of CPU", seconds, MOST_SECONDS),
        _told("drydock cost --file of 1,000 resources, MiB at most", mib, MOST_MIB),
    ]
    return 0 if all(kept) else 1


def _told(what: str, measured: float, bound: float) -> bool:
    print(f"{what}: {measured:.2f} (bound {bound:g}): {'kept' if measured <= bound else 'NOT KEPT'}")
    return measured <= bound


def _estimate_ms(count: int, catalogue: Catalogue, rounds: int) -> float:
    program = read(preview(count), "benchmark")
    estimate(program, catalogue)
    times: list[float] = []
    for _ in range(rounds):
        # Read anew each time: a program remembers who refers to whom.
        program = read(preview(count), "benchmark")
        started = time.process_time()
        estimate(program, catalogue)
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def _process(count: int, rounds: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "preview.json"
        file.write_text(json.dumps(preview(count)), encoding="utf-8")
        command = [str(Path(sys.executable).parent / "drydock"), "cost", "--file", str(file)]
        times: list[float] = []
        for _ in range(rounds):
            before = limits.getrusage(limits.RUSAGE_CHILDREN)
            subprocess.run(command, check=True, capture_output=True)
            after = limits.getrusage(limits.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times), limits.getrusage(limits.RUSAGE_CHILDREN).ru_maxrss / 1024


def preview(count: int) -> dict[str, Any]:
    """A preview of so many resources on three clouds: of each twenty, pools, buckets with rules, functions, gateways, and what is free."""
    states = [state for number in range(count // 20) for state in (*_aws(number), *_gcp(number), *_azure(number))]
    steps = [{"op": "create", "urn": state["urn"], "newState": state} for state in states]
    config = {"aws:region": "eu-west-1", "gcp:region": "europe-west4", "azure-native:location": "westeurope"}
    return {"config": config, "steps": steps, "changeSummary": {"create": len(steps)}}


def _aws(number: int) -> Iterator[dict[str, Any]]:
    around = _around("aws", number)
    bucket = _state("aws:s3/bucket:Bucket", f"bucket-{number}", {}, parent=around["urn"])
    rules = [{"id": "a", "status": "Enabled", "transitions": [{"days": 30 + number % 60, "storageClass": "STANDARD_IA"}]}]
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    scaling = {"minSize": number % 3, "desiredSize": number % 3 + 1, "maxSize": 10}
    yield around
    yield bucket
    yield _state(kind, f"rules-{number}", {"rules": rules}, parent=around["urn"], refers={"bucket": [bucket["urn"]]})
    yield _state("aws:eks/nodeGroup:NodeGroup", f"nodes-{number}", {"scalingConfig": scaling, "instanceTypes": ["g5.xlarge"]})
    yield _state("aws:ec2/natGateway:NatGateway", f"nat-{number}", {})
    yield _state("aws:lambda/function:Function", f"function-{number}", {"memorySize": 1024})
    yield _state("aws:kms/key:Key", f"key-{number}", {})
    yield _state("aws:iam/role:Role", f"role-{number}", {})


def _gcp(number: int) -> Iterator[dict[str, Any]]:
    around = _around("gcp", number)
    rules = [{"action": {"type": "SetStorageClass", "storageClass": "NEARLINE"}, "condition": {"age": 30 + number % 60}}]
    limits = {"minNodeCount": number % 3, "maxNodeCount": 10}
    pool = {"location": "europe-west4", "autoscaling": limits, "nodeConfig": {"machineType": "g2-standard-4"}}
    yield around
    yield _state(
        "gcp:storage/bucket:Bucket", f"bucket-{number}", {"location": "EUROPE-WEST4", "lifecycleRules": rules}, parent=around["urn"]
    )
    yield _state("gcp:container/nodePool:NodePool", f"pool-{number}", pool)
    yield _state("gcp:pubsub/topic:Topic", f"topic-{number}", {})
    yield _state("gcp:serviceaccount/account:Account", f"account-{number}", {})
    yield _state("gcp:compute/disk:Disk", f"disk-{number}", {"size": 100 + number, "type": "pd-balanced", "zone": "europe-west4-a"})


def _azure(number: int) -> Iterator[dict[str, Any]]:
    around = _around("azure", number)
    account = {"sku": {"name": "Standard_LRS"}, "location": "westeurope", "accessTier": "Hot"}
    pool = {"minCount": number % 3, "maxCount": 10, "enableAutoScaling": True, "vmSize": "Standard_D4s_v5", "location": "westeurope"}
    yield around
    yield _state("azure-native:storage:StorageAccount", f"account-{number}", account, parent=around["urn"])
    yield _state("azure-native:containerservice:AgentPool", f"pool-{number}", pool)
    yield _state("azure-native:network:PublicIPAddress", f"address-{number}", {"sku": {"name": "Standard"}, "location": "westeurope"})
    yield _state("azure-native:authorization:RoleAssignment", f"role-{number}", {})
    yield _state("azure-native:network:NatGateway", f"nat-{number}", {"location": "westeurope"})


def _around(cloud: str, number: int) -> dict[str, Any]:
    usage = {"storedGib": {"low": 10, "expected": 100 + number, "high": 5000}}
    return _state("shop:index:Part", f"{cloud}-part-{number}", {"usage": usage}, custom=False)


def _state(
    kind: str, name: str, inputs: dict[str, Any], *, parent: str = STACK, refers: dict[str, list[str]] | None = None, custom: bool = True
) -> dict[str, Any]:
    urn = f"urn:pulumi:prod::shop::{kind}::{name}"
    return {"urn": urn, "type": kind, "custom": custom, "inputs": inputs, "parent": parent, "propertyDependencies": refers or {}}


if __name__ == "__main__":
    sys.exit(main())
