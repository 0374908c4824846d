"""Regions that have no machines: the cloud's message, the fall down the ladder, and the next `up` that repairs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.scenario import SCENARIOS
from tests.engine.rehearsing import Run, copied

pytestmark = pytest.mark.engine
PROGRAMS = Path(__file__).parent / "programs"
Rehearse = Callable[..., Run]


def scenario(folder: Path, text: str) -> str:
    path = folder / "scenario.yaml"
    path.write_text(text)
    return str(path)


def test_without_l4_on_demand_the_pods_fall_down_to_spot_and_the_round_is_complete(tmp_path: Path, rehearse: Rehearse) -> None:
    project = copied(PROGRAMS / "ladder", tmp_path / "ladder")
    done = rehearse(project, "dev", "--scenario", str(SCENARIOS / "no-l4.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pods of smoke: 1 node of gpu-spot (gpu-on-demand: no g6.xlarge in eu-west-1a)" in " ".join(done.stdout.split())
    assert "dev: the round is complete, nothing left" in done.stdout


def test_without_any_l4_the_pods_have_no_node_and_the_next_up_repairs(tmp_path: Path, rehearse: Rehearse) -> None:
    project = copied(PROGRAMS / "ladder", tmp_path / "ladder")
    failed = rehearse(project, "dev", "--scenario", scenario(tmp_path, "shortages: [{machine: L4}]\n"), "up")
    assert failed.returncode != 0
    told = " ".join(failed.stdout.split())
    assert "'smoke' timed out waiting to be Ready" in told
    assert "the cluster autoscaler could not scale up: gpu-on-demand: no g6.xlarge in eu-west-1a; gpu-spot: no spot g6.xlarge" in told
    assert "Traceback" not in failed.stdout + failed.stderr
    repaired = rehearse(project, "dev", "--json", "up")
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    result = json.loads(repaired.stdout)
    assert (result["changes"], result["placements"]) == ({"update": 1}, ["smoke: 1 node of gpu-on-demand"])
    assert rehearse(project, "dev", "preview", "--expect-no-changes").returncode == 0


def test_a_new_account_has_no_gpu_on_any_cloud_and_the_next_up_repairs_when_it_has(tmp_path: Path, rehearse: Rehearse) -> None:
    project = copied(PROGRAMS / "pools", tmp_path / "pools")
    failed = rehearse(project, "dev", "--scenario", str(SCENARIOS / "new-account.yaml"), "up", "--continue-on-error")
    assert failed.returncode != 0
    told = " ".join(failed.stdout.split())
    assert "[GCE_QUOTA_EXCEEDED]: Instance 'gke-gpu' creation failed: Quota 'GPUS_ALL_REGIONS' exceeded. Limit: 0.0 globally." in told
    assert "ErrCode_InsufficientVCPUQuota" in told
    assert "Insufficient vcpu quota requested 4, remaining 0 for family Standard NCASv3_T4 Family for region westeurope" in told
    repaired = rehearse(project, "dev", "--json", "up")
    assert repaired.returncode == 0, repaired.stdout + repaired.stderr
    assert json.loads(repaired.stdout)["changes"] == {"update": 1, "create": 1}  # GKE had made its pool, AKS had not


CLUSTER_IN_SUBNET = """
import pulumi
import pulumi_aws as aws
{network}
role = aws.iam.Role("cluster", name="cluster", assume_role_policy="{{}}")
cluster = aws.eks.Cluster("ml", name="ml", role_arn=role.arn, vpc_config={{"subnet_ids": [{subnet}]}})
"""
NETWORK = """
vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("net", vpc_id=vpc.id, cidr_block="10.0.0.0/20")
pulumi.export("subnet", subnet.id)
"""


def test_a_network_with_a_cluster_in_it_cannot_be_deleted(program: Callable[..., Path], rehearse: Rehearse) -> None:
    project = program(CLUSTER_IN_SUBNET.format(network=NETWORK, subnet="subnet.id"))
    assert rehearse(project, "dev", "up").returncode == 0
    subnet = rehearse(project, "dev", "--", "pulumi", "stack", "output", "subnet").stdout.strip()
    program(CLUSTER_IN_SUBNET.format(network="", subnet=repr(subnet)))
    refused = rehearse(project, "dev", "up")
    assert refused.returncode != 0
    told = " ".join(refused.stdout.split())
    assert "DependencyViolation: The subnet has dependencies and cannot be deleted" in told
    assert "aws:eks/cluster:Cluster 'ml'" in told
