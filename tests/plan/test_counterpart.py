"""The same environment on another cloud."""

from pathlib import Path

import pytest

from environment.faults import EnvironmentInvalid
from environment.load import KEY
from environment.stack_file import read_config
from plan.checked import plan_config
from plan.counterpart import counterpart

STACKS = Path(__file__).parents[2] / "stacks"


def config(stack):
    return read_config(STACKS / f"Pulumi.{stack}.yaml")


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
@pytest.mark.parametrize("stack", ["dev-aws", "prod-aws", "dev-gcp", "prod-gcp", "dev-azure", "prod-azure"])
def test_every_stack_of_ours_can_be_planned_on_every_cloud(stack, cloud):
    moved = counterpart(config(stack), cloud)
    assert moved.faults == ()
    plan = plan_config(moved.config)
    assert plan.cloud == cloud
    assert {bucket.name for bucket in plan.buckets} == set(config(stack)[KEY]["storage"])


def test_on_its_own_cloud_an_environment_stays_as_it_is():
    own = config("prod-gcp")
    assert counterpart(own, "gcp").config == own


def test_what_a_cloud_cannot_do_is_left_to_the_plan_and_named():
    # Azure copies to the fixed pair of a region: nobody can choose the second one.
    moved = counterpart(config("prod-aws"), "azure")
    assert "replicaRegion" not in moved.config[KEY]["storage"]["datasets"]
    assert [line for line in moved.differences if line.startswith("storage.datasets.replicaRegion is left to the plan")]


def test_a_region_that_cannot_hold_the_environment_makes_place_for_the_next_nearest():
    # London is nearest to Dublin, but in no multi-region; the datasets ask for one.
    own = config("dev-aws")
    assert counterpart(own, "gcp").region == "europe-west2"
    own[KEY]["storage"]["datasets"] = {"purpose": "datasets", "redundancy": "multiRegion", "replicaRegion": "eu-central-1"}
    assert counterpart(own, "gcp").region == "europe-west1"


def test_a_region_that_is_named_is_taken_or_its_faults_are_told():
    assert counterpart(config("dev-aws"), "gcp", "us-central1").region == "us-central1"
    refused = counterpart(config("dev-aws"), "gcp", "us-east-1")
    assert "us-east-1" in refused.faults[0].line()
    assert "is a region of aws, not of gcp" in refused.faults[0].line()


def test_usage_moves_with_the_environment():
    moved = counterpart(config("prod-aws"), "azure").config[KEY]["storage"]["captures"]
    assert moved["usage"] == {"storedGib": {"low": 200, "expected": 900, "high": 3000}}


def test_the_file_itself_is_not_changed():
    own = config("prod-aws")
    counterpart(own, "azure")
    assert own == config("prod-aws")


def test_an_environment_with_faults_is_not_moved():
    broken = config("dev-aws")
    broken[KEY]["stage"] = "somewhere"
    with pytest.raises(EnvironmentInvalid):
        counterpart(broken, "gcp")


CLUSTERED = {
    "network": {"nat": "perZone", "zones": 3, "cidr": "10.20.0.0/16", "privateEndpoints": ["storage", "registry", "identity"]},
    "cluster": {"privateApi": True, "ownerGroup": "arn:aws:iam::111122223333:role/ml-platform", "upgradeChannel": "extended"},
}


@pytest.fixture
def clustered():
    """Moves an environment with these words as well to another cloud."""

    def moved(words, cloud, region=None):
        own = config("prod-aws")
        # Its endpoints stand on its own cluster and pools.
        own[KEY] = {**{key: value for key, value in own[KEY].items() if key != "endpoints"}, **words}
        return counterpart(own, cloud, region)

    return moved


def test_networks_and_clusters_move_with_the_environment(clustered):
    moved = clustered(CLUSTERED, "gcp")
    assert moved.faults == ()
    assert moved.config[KEY]["network"]["cidr"] == "10.20.0.0/16"
    assert moved.config[KEY]["network"]["zones"] == 3
    assert "nat" not in moved.config[KEY]["network"]
    assert [line for line in moved.differences if line.startswith("network.nat is left to the plan: has no meaning on Google Cloud")]
    azure = clustered(CLUSTERED, "azure")
    assert azure.faults == ()
    assert "privateEndpoints" not in azure.config[KEY]["network"]


def test_a_network_that_exists_on_one_cloud_is_a_new_one_on_another(clustered):
    words = {
        "network": {"existing": {"id": "vpc-0123456789abcdef0", "privateSubnets": ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]}}
    }
    moved = clustered(words, "gcp")
    assert moved.faults == ()
    assert "network.existing is left to the plan: it stands in eu-west-1 on aws only" in moved.differences
    assert clustered(words, "aws").config[KEY]["network"] == words["network"]
    assert "existing" not in clustered(words, "aws", "eu-central-1").config[KEY]["network"]


@pytest.mark.parametrize(("cloud", "word"), [("gcp", "nvidia-l4"), ("azure", "nvidia-a10")])
def test_an_accelerator_that_the_other_cloud_lacks_becomes_the_nearest_with_as_much_memory(clustered, cloud, word):
    # The A10G has 24 GB (NVIDIA A10G data sheet), as have the L4 and the A10.
    moved = clustered({"nodePools": {"gpu": {"accelerator": "nvidia-a10g", "nodes": {"max": 2}}}, "teams": {}, "workloads": {}}, cloud)
    assert moved.faults == ()
    assert moved.config[KEY]["nodePools"]["gpu"]["accelerator"] == word
    assert any(f"nodePools.gpu.accelerator is {word} instead of nvidia-a10g" in line for line in moved.differences)
