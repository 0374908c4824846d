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
    assert counterpart(config("prod-aws"), "gcp").region == "europe-west1"
    assert counterpart(config("dev-aws"), "gcp").region == "europe-west2"


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
