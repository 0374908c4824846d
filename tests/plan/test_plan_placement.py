"""Regions and redundancy. Which Azure regions have zones and pairs: Microsoft's regions list of 2025-03-21."""

import pytest


def _bucket(purpose="captures", **fields):
    return {"b": {"purpose": purpose, **fields}}


def _paths(faults):
    return [fault.path for fault in faults]


def _sku(plan):
    return plan.buckets[0].placement.sku


def test_an_unknown_region_is_refused_with_the_nearest(faulted):
    (fault,) = faulted("aws", {}, region="eu-wset-1")
    assert fault.path == "region"
    assert "eu-west-1" in fault.allowed
    assert fault.allowed.startswith("32 regions of aws")


def test_another_clouds_region_is_named_as_such(faulted):
    (fault,) = faulted("aws", {}, region="europe-west1")
    assert fault.problem == "is a region of gcp, not of aws"


def test_an_unknown_region_adds_no_faults_of_its_own(faulted):
    assert _paths(faulted("gcp", _bucket(redundancy="multiRegion"), region="europe-wset1")) == ["region"]
    assert _paths(faulted("azure", _bucket(redundancy="multiRegion"), region="westeurop")) == ["region"]


def test_s3_replicates_to_a_named_second_region(planned, faulted):
    assert _paths(faulted("aws", _bucket(redundancy="multiRegion"))) == ["storage.b.replicaRegion"]
    assert _paths(faulted("aws", _bucket(replicaRegion="eu-west-1"))) == ["storage.b.replicaRegion"]
    assert _paths(faulted("aws", _bucket(replicaRegion="eu-west-9"))) == ["storage.b.replicaRegion"]
    placement = planned("aws", _bucket(replicaRegion="eu-central-1")).buckets[0].placement
    assert (placement.location, placement.replica_region) == ("eu-west-1", "eu-central-1")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_replica_region_needs_multi_region(faulted, cloud):
    replica = {"aws": "eu-central-1", "gcp": "europe-west4"}[cloud]
    assert _paths(faulted(cloud, _bucket(redundancy="region", replicaRegion=replica))) == ["storage.b.replicaRegion"]


@pytest.mark.parametrize("purpose", ["models", "datasets"])
def test_s3_keeps_productions_models_and_datasets_in_more_than_one_zone(planned, faulted, purpose):
    storage = _bucket(purpose, redundancy="zone", tiering={"infrequentAfterDays": 30})
    assert _paths(faulted("aws", storage)) == ["storage.b.redundancy"]
    assert planned("aws", storage, stage="staging").buckets[0].tiering.transitions[0].storage_class == "ONEZONE_IA"


def test_one_zone_on_s3_without_an_infrequent_class_is_no_silent_nothing(faulted):
    assert _paths(faulted("aws", _bucket("checkpoints", redundancy="zone"))) == ["storage.b.redundancy"]


def test_glacier_instant_retrieval_alone_is_no_single_zone_class(faulted):
    assert _paths(faulted("aws", _bucket(redundancy="zone", tiering={"coldAfterDays": 90}))) == ["storage.b.redundancy"]


def test_a_redundancy_is_a_decision_only_where_the_file_left_it_open(planned):
    def decided(**fields):
        return [d.chosen for d in planned("aws", _bucket(**fields)).decisions if d.path == "storage.b.redundancy"]

    assert decided() == ["region"]
    assert decided(replicaRegion="eu-central-1") == ["multiRegion"]
    assert decided(redundancy="region") == []
    assert decided(existing={"name": "company-data"}) == []


def test_cloud_storage_has_no_single_zone(faulted):
    (fault,) = faulted("gcp", _bucket(redundancy="zone"))
    assert fault.path == "storage.b.redundancy"
    assert "S3" in fault.problem
    assert "Azure" in fault.problem


# Google's list: London and Zurich lie outside the multi-region EU; São Paulo lies in none.
@pytest.mark.parametrize(("region", "location"), [("europe-west1", "EU"), ("us-central1", "US"), ("asia-east1", "ASIA")])
def test_cloud_storage_spreads_over_the_multi_region_around(planned, region, location):
    placement = planned("gcp", _bucket(redundancy="multiRegion"), region=region).buckets[0].placement
    assert (placement.location, placement.data_locations, placement.rpo) == (location, (), None)


@pytest.mark.parametrize("region", ["europe-west2", "europe-west6", "southamerica-east1"])
def test_regions_outside_of_multi_regions_have_none(faulted, region):
    assert _paths(faulted("gcp", _bucket(redundancy="multiRegion"), region=region)) == ["storage.b.redundancy"]


def test_cloud_storage_pairs_two_regions_of_one_multi_region(planned, faulted):
    placement = planned("gcp", _bucket(replicaRegion="europe-north1")).buckets[0].placement
    assert (placement.location, placement.data_locations) == ("EU", ("EUROPE-NORTH1", "EUROPE-WEST1"))
    assert placement.rpo == "DEFAULT"
    assert planned("gcp", _bucket("models", replicaRegion="europe-north1")).buckets[0].placement.rpo == "ASYNC_TURBO"
    assert planned("gcp", _bucket("datasets", replicaRegion="europe-north1")).buckets[0].placement.rpo == "DEFAULT"
    assert planned("gcp", _bucket("models", replicaRegion="europe-north1"), stage="staging").buckets[0].placement.rpo == "DEFAULT"
    for other in ("us-east1", "europe-west2", "europe-west1", "europe-west99"):
        assert _paths(faulted("gcp", _bucket(replicaRegion=other))) == ["storage.b.replicaRegion"]


@pytest.mark.parametrize(
    ("redundancy", "sku"), [(None, "Standard_ZRS"), ("zone", "Standard_LRS"), ("region", "Standard_ZRS"), ("multiRegion", "Standard_GZRS")]
)
def test_azure_redundancy_becomes_a_sku(planned, redundancy, sku):
    assert _sku(planned("azure", _bucket(**({"redundancy": redundancy} if redundancy else {})))) == sku


def test_azure_archives_in_no_zone_redundant_account(planned, faulted):
    tiering = {"archiveAfterDays": 90}
    (fault,) = faulted("azure", _bucket(redundancy="region", tiering=tiering))
    assert fault.path == "storage.b.redundancy"
    assert "zone or multiRegion" in fault.allowed
    assert _sku(planned("azure", _bucket(tiering=tiering))) == "Standard_LRS"
    assert _sku(planned("azure", _bucket(redundancy="zone", tiering=tiering))) == "Standard_LRS"
    assert _sku(planned("azure", _bucket(redundancy="multiRegion", tiering=tiering))) == "Standard_GRS"


def test_azure_regions_without_zones_have_no_zone_redundancy(planned, faulted):
    where = {"region": "westus"}
    assert _paths(faulted("azure", _bucket(redundancy="region"), **where)) == ["storage.b.redundancy"]
    plan = planned("azure", _bucket(), **where)
    assert _sku(plan) == "Standard_LRS"
    assert any("no availability zones" in d.reason for d in plan.decisions if d.path == "storage.b.redundancy")
    assert _sku(planned("azure", _bucket(redundancy="multiRegion"), **where)) == "Standard_GRS"


def test_azure_regions_without_a_pair_have_no_second_region(planned, faulted):
    assert _paths(faulted("azure", _bucket(redundancy="multiRegion"), region="italynorth")) == ["storage.b.redundancy"]
    assert _sku(planned("azure", _bucket(redundancy="region"), region="italynorth")) == "Standard_ZRS"


def test_azure_chooses_the_second_region_itself(faulted):
    assert _paths(faulted("azure", _bucket(replicaRegion="northeurope"))) == ["storage.b.replicaRegion"]
