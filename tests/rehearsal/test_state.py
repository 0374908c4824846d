"""The simulated cloud's state: unique names, secrets at rest, drift."""

from __future__ import annotations

import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.drift import DriftError, change, find, remove
from rehearsal.state import Resource, SimulatedCloud, TakenError
from rehearsal.values import Secret
from rehearsal.wire import SIGNATURE, WireAsset

BUCKET = Resource(
    type="aws:s3/bucket:Bucket",
    place="123456789012/eu-west-1",
    id="models",
    urn="urn:pulumi:dev::shop::aws:s3/bucket:Bucket::models",
    name="models",
    arn="arn:aws:s3:::models",
    uniqueness="aws:s3/bucket:Bucket\0models",
    seed="00",
    inputs={"bucket": "models", "tags": {"team": "ml"}},
    outputs={"bucket": "models", "tags": {"team": "ml"}, "arn": "arn:aws:s3:::models"},
    created_at="2026-01-01T00:00:00Z",
)


@pytest.fixture
def cloud(tmp_path: Path):
    opened = SimulatedCloud(tmp_path / "cloud.sqlite")
    yield opened
    opened.close()


def test_a_unique_name_is_taken_even_in_another_account(cloud: SimulatedCloud) -> None:
    cloud.create(BUCKET)
    with pytest.raises(TakenError) as taken:
        cloud.create(replace(BUCKET, place="999999999999/us-east-1", urn="other", id="models"))
    assert taken.value.owner == BUCKET


def test_of_many_simultaneous_creates_of_one_name_exactly_one_wins(cloud: SimulatedCloud) -> None:
    won: list[int] = []
    start = threading.Barrier(8)

    def attempt(number: int) -> None:
        start.wait()
        try:
            cloud.create(replace(BUCKET, place=f"account-{number}"))
        except TakenError:
            return
        won.append(number)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert [resource.place for resource in cloud.all()] == [f"account-{won[0]}"]


def test_the_same_id_may_exist_in_two_regions_where_the_name_is_regional(cloud: SimulatedCloud) -> None:
    endpoint = replace(BUCKET, type="aws:sagemaker/endpoint:Endpoint", id="fraud", uniqueness=None)
    cloud.create(endpoint)
    cloud.create(replace(endpoint, place="123456789012/us-east-1"))
    assert cloud.get(endpoint.type, "fraud", "123456789012/us-east-1") is not None
    assert cloud.get(endpoint.type, "fraud", "123456789012/ap-south-1") is None


def test_azure_ids_are_found_whatever_their_case(cloud: SimulatedCloud) -> None:
    group = replace(BUCKET, type="azure-native:resources:ResourceGroup", id="/subscriptions/s/resourceGroups/Shared", uniqueness=None)
    cloud.create(group)
    assert cloud.get(group.type, "/subscriptions/S/resourcegroups/shared") == group


def test_what_lies_below_an_id_is_found_and_its_neighbour_is_not(cloud: SimulatedCloud) -> None:
    base = "/subscriptions/s/resourceGroups/rg"
    for number, identifier in enumerate((f"{base}/providers/X/y/z", f"{base}2/providers/X/y/z")):
        cloud.create(replace(BUCKET, type="azure-native:network:NatGateway", id=identifier, uniqueness=f"u{number}"))
    assert [resource.id for resource in cloud.beneath(base)] == [f"{base}/providers/X/y/z"]


def test_state_survives_its_process(tmp_path: Path) -> None:
    first = SimulatedCloud(tmp_path / "cloud.sqlite")
    first.create(BUCKET)
    first.put_object("models", "fraud/3/model.onnx")
    assert first.attempt("create x") == 1
    first.close()
    second = SimulatedCloud(tmp_path / "cloud.sqlite")
    assert second.all() == [BUCKET]
    assert second.objects("models") == ["fraud/3/model.onnx"]
    assert second.attempt("create x") == 2
    second.close()


def test_a_deleted_bucket_takes_its_objects_along(cloud: SimulatedCloud) -> None:
    cloud.create(BUCKET)
    cloud.put_object("models", "a")
    cloud.delete(BUCKET)
    assert cloud.all() == []
    assert cloud.objects("models") == []


def test_a_mention_is_a_whole_string_not_a_part_of_one(cloud: SimulatedCloud) -> None:
    for number, value in enumerate(("vpc-1", "vpc-11", "the vpc-1")):
        cloud.create(replace(BUCKET, type="aws:ec2/subnet:Subnet", id=str(number), uniqueness=None, inputs={"vpcId": value}))
    cloud.create(replace(BUCKET, type="aws:ec2/subnet:Subnet", id="3", uniqueness=None, inputs={"tags": {"vpc-1": "a key"}}))
    assert [resource.id for resource in cloud.mentioning(["vpc-1"])] == ["0"]


def test_secrets_and_files_are_not_in_the_database(cloud: SimulatedCloud, tmp_path: Path) -> None:
    asset = WireAsset({SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "abc", "text": "file content"})
    inputs = {"password": Secret("correct horse"), "nested": [{"key": Secret({"a": "battery staple"})}], "code": asset}
    sealed = cloud.sealer.seal(inputs)
    cloud.create(replace(BUCKET, inputs=sealed, outputs=sealed))
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (b"correct horse", b"battery staple", b"file content"):
        assert secret not in written
    assert stat.S_IMODE((tmp_path / "cloud.sqlite.key").stat().st_mode) == 0o600
    assert cloud.sealer.unseal(cloud.all()[0].inputs, inputs) == inputs


def test_a_secret_the_engine_knows_differently_shows_as_changed_without_its_value(cloud: SimulatedCloud) -> None:
    sealed = cloud.sealer.seal({"password": Secret("new one")})
    opened = cloud.sealer.unseal(sealed, {"password": Secret("old one")})
    assert isinstance(opened["password"], Secret)
    assert opened["password"].value not in ("old one", "new one")


def test_a_secret_the_engine_does_not_know_is_left_out(cloud: SimulatedCloud) -> None:
    sealed = cloud.sealer.seal({"password": Secret("x"), "user": "ml"})
    assert cloud.sealer.unseal(sealed, {}) == {"user": "ml"}


def test_a_digest_cannot_be_computed_without_the_key(tmp_path: Path) -> None:
    one, other = SimulatedCloud(tmp_path / "one.sqlite"), SimulatedCloud(tmp_path / "other.sqlite")
    assert one.sealer.seal({"p": Secret("x")}) != other.sealer.seal({"p": Secret("x")})
    one.close()
    other.close()


def test_a_change_reaches_inputs_and_outputs_at_a_path(cloud: SimulatedCloud) -> None:
    cloud.create(BUCKET)
    change(cloud, "models", "tags.team", "finance")
    changed = cloud.all()[0]
    assert changed.inputs["tags"] == {"team": "finance"}
    assert changed.outputs["tags"] == {"team": "finance"}


def test_a_change_of_a_secret_is_sealed(cloud: SimulatedCloud, tmp_path: Path) -> None:
    sealed = cloud.sealer.seal({"password": Secret("first")})
    cloud.create(replace(BUCKET, inputs=sealed, outputs=sealed))
    change(cloud, "models", "password", "second-secret")
    assert b"second-secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    opened = cloud.sealer.unseal(cloud.all()[0].inputs, {"password": Secret("second-secret")})
    assert opened == {"password": Secret("second-secret")}


@pytest.mark.parametrize("path", ["colour", "tags.team.deeper", "[0]", ""])
def test_a_change_of_something_that_is_not_there_is_refused(cloud: SimulatedCloud, path: str) -> None:
    cloud.create(BUCKET)
    with pytest.raises(DriftError):
        change(cloud, "models", path, "x")
    assert cloud.all() == [BUCKET]


@pytest.mark.parametrize("identifier", ["models", BUCKET.urn, BUCKET.arn])
def test_a_resource_is_found_by_id_urn_and_arn(cloud: SimulatedCloud, identifier: str) -> None:
    cloud.create(BUCKET)
    assert find(cloud, identifier) == BUCKET


def test_an_ambiguous_name_names_the_candidates(cloud: SimulatedCloud) -> None:
    cloud.create(BUCKET)
    cloud.create(replace(BUCKET, type="aws:s3/bucketVersioning:BucketVersioning", urn="urn:v", arn="", uniqueness=None))
    with pytest.raises(DriftError, match=r"means 2 resources.*Bucket.*urn:v"):
        find(cloud, "models")


def test_removing_a_bucket_behind_the_stack_takes_its_settings_along(cloud: SimulatedCloud) -> None:
    cloud.create(BUCKET)
    setting = replace(BUCKET, type="aws:s3/bucketVersioning:BucketVersioning", urn="urn:v", arn="", uniqueness=None)
    cloud.create(setting)
    cloud.create(replace(setting, id="other", inputs={"bucket": "other"}))
    remove(cloud, BUCKET.urn)
    assert [resource.id for resource in cloud.all()] == ["other"]


def test_counting_takes_patterns_and_regions(cloud: SimulatedCloud) -> None:
    for number, region in enumerate(("eu-west-1", "eu-west-1", "us-east-1")):
        cloud.create(replace(BUCKET, type="aws:ec2/vpc:Vpc", id=str(number), place=f"1/{region}", uniqueness=None))
    assert cloud.count("aws:ec2/*") == 3
    assert cloud.count("aws:ec2/*", "eu-west-1") == 2
    assert cloud.count("aws:s3/*") == 0
