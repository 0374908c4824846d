"""Existing buckets, names, usage bands and labels."""

import pytest

ACCOUNT = {"account": "acmedata", "resourceGroup": "data-rg"}


def _paths(faults):
    return [fault.path for fault in faults]


def _existing(cloud, **fields):
    address = {"name": "company-data"} | (ACCOUNT if cloud == "azure" else {})
    return {"b": {"purpose": "datasets", "existing": address, **fields}}


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_an_existing_bucket_is_kept_as_it_is(planned, cloud):
    usage = {"storedGib": {"low": 1, "expected": 2, "high": 3}}
    bucket = planned(cloud, _existing(cloud, usage=usage, compression="zstd"), stage="dev").buckets[0]
    assert bucket.existing is not None
    assert (bucket.existing.name, bucket.keep, bucket.delete_objects_on_destroy) == ("company-data", True, False)
    assert (bucket.access_logs, bucket.compression) == (None, "zstd")
    assert bucket.usage.stored_gib is not None
    assert bucket.usage.stored_gib.high == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tiering", "auto"),
        ("versioning", {"enabled": True}),
        ("retention", {"days": 3}),
        ("softDeleteDays", 0),
        ("redundancy", "region"),
        ("replicaRegion", "eu-central-1"),
        ("encryption", {"customerKey": True}),
        ("accessLogs", "audit"),
        ("keep", False),
        ("deleteObjectsOnDestroy", False),
        ("abortMultipartAfterDays", 7),
    ],
)
def test_nothing_may_change_an_existing_bucket(faulted, field, value):
    assert _paths(faulted("aws", _existing("aws", **{field: value}))) == [f"storage.b.{field}"]


def test_a_key_beside_an_existing_bucket_is_not_repeated(faulted):
    (fault,) = faulted("aws", _existing("aws", encryption={"existingKey": "hunter2"}))
    assert "hunter2" not in fault.line()


@pytest.mark.parametrize("missing", ["account", "resourceGroup"])
def test_azure_needs_the_account_and_its_resource_group(faulted, missing):
    address = {"name": "company-data", **{key: value for key, value in ACCOUNT.items() if key != missing}}
    assert _paths(faulted("azure", {"b": {"purpose": "logs", "existing": address}})) == [f"storage.b.existing.{missing}"]


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_only_azure_has_accounts(faulted, cloud):
    faults = faulted(cloud, {"b": {"purpose": "logs", "existing": {"name": "company-data", **ACCOUNT}}})
    assert _paths(faults) == ["storage.b.existing.account", "storage.b.existing.resourceGroup"]


@pytest.mark.parametrize(("cloud", "name"), [("aws", "Company"), ("gcp", "-company"), ("azure", "company.data")])
def test_an_existing_bucket_has_a_name_that_the_cloud_allows(faulted, cloud, name):
    storage = _existing(cloud)
    storage["b"]["existing"]["name"] = name
    assert _paths(faulted(cloud, storage)) == ["storage.b.existing.name"]


# Azure: 24 characters, of which Pulumi's suffix takes 8.
def test_azure_leaves_16_characters_for_an_accounts_name(planned, faulted):
    assert planned("azure", {"abcdefgh-ijklmnop": {"purpose": "logs"}}).buckets[0].name == "abcdefgh-ijklmnop"
    (fault,) = faulted("azure", {"abcdefgh-ijklmnopq": {"purpose": "logs"}})
    assert (fault.path, fault.fix) == ("storage.abcdefgh-ijklmnopq", "shorten it by 1")
    assert planned("aws", {"abcdefgh-ijklmnopq": {"purpose": "logs"}}).buckets


def test_azure_accounts_must_differ_without_dashes(planned, faulted):
    storage = {"my-data": {"purpose": "datasets"}, "mydata": {"purpose": "datasets"}}
    (fault,) = faulted("azure", storage)
    assert "'mydata'" in fault.problem
    assert len(planned("aws", storage).buckets) == 2


def test_an_existing_account_takes_no_name_away(planned):
    storage = {"my-data": _existing("azure")["b"], "mydata": {"purpose": "datasets"}}
    assert len(planned("azure", storage).buckets) == 2


@pytest.mark.parametrize("field", ["storedGib", "writtenGibPerMonth", "readGibPerMonth", "requestsPerSecond"])
def test_a_usage_band_grows(planned, faulted, field):
    def storage(low, expected, high):
        return {"b": {"purpose": "logs", "usage": {field: {"low": low, "expected": expected, "high": high}}}}

    assert planned("aws", storage(1, 1, 1)).buckets
    for band in ((2, 1, 3), (1, 3, 2)):
        (fault,) = faulted("aws", storage(*band))
        assert fault.path == f"storage.b.usage.{field}"
        assert fault.fix == "write low: 1, expected: 2, high: 3"


def test_unknown_usage_stays_unknown(planned):
    usage = planned("aws", {"b": {"purpose": "logs"}}).buckets[0].usage
    assert (usage.stored_gib, usage.written_gib_per_month, usage.read_gib_per_month, usage.requests_per_second) == (None,) * 4


def test_every_bucket_says_whose_it_is(planned):
    plan = planned("aws", {"b": {"purpose": "logs"}}, labels={"team": "risk"})
    assert plan.labels == {"cost-center": "cc-4211", "managed-by": "drydock", "owner": "ml-platform", "stage": "prod", "team": "risk"}
    assert plan.buckets[0].labels == {**plan.labels, "purpose": "logs"}


@pytest.mark.parametrize("key", ["stage", "owner", "cost-center", "managed-by", "purpose"])
def test_no_label_replaces_drydocks_own(faulted, key):
    assert _paths(faulted("aws", {}, labels={key: "x"})) == [f"labels.{key}"]


@pytest.mark.parametrize("key", ["1st-team", "azure-team", "microsoft", "windows-host"])
def test_labels_are_taken_by_every_cloud(faulted, key):
    (fault,) = faulted("gcp", {}, labels={key: "x"})
    assert fault.path == f"labels.{key}"
    assert fault.source


# 50 tags on a resource, five of which are Drydock's.
def test_labels_fit_on_a_resource(planned, faulted):
    assert len(planned("aws", {}, labels={f"l{i}": "x" for i in range(45)}).labels) == 49
    assert _paths(faulted("aws", {}, labels={f"l{i}": "x" for i in range(46)})) == ["labels"]


# Amazon S3 User Guide, "General purpose bucket naming rules"; Google Cloud, "Bucket names". Pulumi adds a dash and seven digits.
@pytest.mark.parametrize(
    ("cloud", "name"),
    [("aws", "sthree"), ("aws", "sthree-data"), ("aws", "amzn-s3-demo"), ("gcp", "goog"), ("gcp", "googol"), ("gcp", "from-google")],
)
def test_names_that_a_cloud_gives_to_nobody_are_refused(planned, faulted, cloud, name):
    (fault,) = faulted(cloud, {name: {"purpose": "logs"}})
    assert fault.path == f"storage.{name}"
    assert fault.source
    other = "gcp" if cloud == "aws" else "aws"
    assert planned(other, {name: {"purpose": "logs"}}).buckets[0].name == name


@pytest.mark.parametrize(("cloud", "name"), [("aws", "sthreedata"), ("aws", "amzn-s3"), ("gcp", "a-goog"), ("gcp", "go-ogle")])
def test_names_that_only_resemble_them_are_taken(planned, cloud, name):
    assert planned(cloud, {name: {"purpose": "logs"}}).buckets[0].name == name
