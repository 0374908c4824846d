"""Edits of an environment that may cost less."""

from pathlib import Path

from environment.load import KEY
from environment.stack_file import read_config
from plan.checked import plan_config
from plan.savings import edits

STACKS = Path(__file__).parents[2] / "stacks"


def config(stack, **buckets):
    found = read_config(STACKS / f"Pulumi.{stack}.yaml")
    if buckets:
        # Its endpoints stand on its own buckets.
        found[KEY] = {key: value for key, value in found[KEY].items() if key != "endpoints"} | {"storage": buckets}
    return found


def titles(stack, **buckets):
    return [(edit.path, edit.title) for edit in edits(config(stack, **buckets))]


def test_every_edit_can_be_planned_and_changes_the_plan():
    for stack in ("dev-aws", "prod-aws", "prod-gcp", "prod-azure"):
        now = plan_config(config(stack))
        for edit in edits(config(stack)):
            assert plan_config(edit.config) != now, edit


def test_a_second_region_may_be_given_up():
    assert ("storage.datasets", "redundancy: region, without a second region (no replicaRegion)") in titles("prod-aws")
    assert ("storage.datasets", "redundancy: region, without a second region (no replicaRegion)") in titles("prod-gcp")
    assert ("storage.datasets", "redundancy: region, without a second region (no replicaRegion)") in titles("prod-azure")
    assert ("storage.models", "redundancy: region, without a second region (no replicaRegion)") not in titles("prod-aws")


def test_a_customer_key_may_be_given_up_outside_production_only():
    keyed = {"models": {"purpose": "models", "encryption": {"customerKey": True}}}
    assert ("storage.models", "the cloud's own key instead of a customer key") in titles("dev-aws", **keyed)
    assert not [title for _, title in titles("prod-aws", **keyed) if "key" in title]


def test_what_the_file_says_already_is_no_edit():
    tiered = {"models": {"purpose": "models", "tiering": "auto"}}
    assert ("storage.models", "tiering: auto") not in titles("dev-aws", **tiered)


def test_a_bucket_that_exists_is_left_alone():
    assert titles("dev-aws", old={"purpose": "models", "existing": {"name": "somebody-s-bucket"}}) == []


def test_the_file_itself_is_not_changed():
    own = config("prod-aws")
    list(edits(own))
    assert own == config("prod-aws")
