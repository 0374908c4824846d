"""What a cluster becomes on each cloud. The versions are those of conftest.py; the day is 2026-07-01, the last day of none of them."""

import re
from datetime import date

import pytest
import yaml

from catalogue.kubernetes_versions import kubernetes_versions

CLOUDS = ("aws", "gcp", "azure")
OWNERS = {
    "aws": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ml_0123456789abcdef",
    "gcp": "ml-platform@example.co.uk",
    "azure": "11111111-2222-3333-4444-555555555555",
}


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_a_cluster_is_private_recorded_and_in_support(clustered, cloud, stage):
    found = clustered(cloud, stage=stage, cluster={})
    assert not found.faults
    cluster = found.cluster
    assert cluster.private_api
    assert cluster.authorized_ranges == ()
    assert cluster.audit_logs
    assert cluster.encryption.customer_key is (stage == "prod")
    assert not cluster.deletion_protection
    assert cluster.zones == found.network.zones
    assert cluster.service_cidr == found.network.service_cidr


# Offered on that day and in standard support: 1.36, 1.35 and 1.34; 1.37 comes later, 1.33 ended that morning.
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_version_is_the_newest_but_one_in_support(clustered, cloud):
    found = clustered(cloud, cluster={})
    assert found.cluster.version == "1.35"
    assert "2027-03-27" in found.decisions["cluster.version"].reason


@pytest.mark.parametrize(
    ("day", "version"), [("2026-06-01", "1.34"), ("2026-12-01", "1.36"), ("2027-08-02", "1.37"), ("2030-01-01", "1.37")]
)
def test_the_version_moves_only_when_support_or_the_catalogue_does(clustered, monkeypatch, day, version):
    monkeypatch.setattr("plan.cluster_version.today", lambda: date.fromisoformat(day))
    found = clustered("azure", cluster={})
    assert found.cluster.version == version
    assert not found.faults


def test_a_version_is_supported_up_to_the_day_before_its_end(clustered, monkeypatch):
    monkeypatch.setattr("plan.cluster_version.today", lambda: date(2026, 12, 1))
    assert not clustered("aws", cluster={"version": "1.34"}).faults
    monkeypatch.setattr("plan.cluster_version.today", lambda: date(2026, 12, 2))
    assert clustered("aws", cluster={"version": "1.34"}).paths == ["cluster.version"]


@pytest.mark.parametrize(
    ("cloud", "channel", "tier"), [("aws", "EXTENDED", None), ("gcp", "EXTENDED", "STANDARD"), ("azure", "patch", "Premium")]
)
def test_extended_support_is_asked_for_by_name_and_priced(clustered, cloud, channel, tier):
    found = clustered(cloud, cluster={"version": "1.33", "upgradeChannel": "extended"})
    assert not found.faults
    assert (found.cluster.version, found.cluster.upgrade_channel, found.cluster.tier) == ("1.33", channel, tier)
    assert "0.60 USD an hour" in found.decisions["cluster.version"].reason


@pytest.mark.parametrize(("cloud", "channel"), [("aws", "STANDARD"), ("gcp", "REGULAR"), ("azure", "patch")])
def test_the_upgrade_channel_where_the_file_names_none(clustered, cloud, channel):
    assert clustered(cloud, cluster={}).cluster.upgrade_channel == channel


@pytest.mark.parametrize(
    ("cloud", "word", "channel"),
    [
        ("gcp", "rapid", "RAPID"),
        ("gcp", "stable", "STABLE"),
        ("azure", "none", "none"),
        ("azure", "rapid", "rapid"),
        ("azure", "stable", "stable"),
    ],
)
def test_upgrade_channels_in_the_clouds_words(clustered, cloud, word, channel):
    assert clustered(cloud, cluster={"upgradeChannel": word}).cluster.upgrade_channel == channel


def test_outside_of_channels_google_takes_the_files_version(clustered):
    found = clustered("gcp", cluster={"upgradeChannel": "none", "version": "1.34"})
    assert not found.faults
    assert found.cluster.upgrade_channel == "UNSPECIFIED"


def test_a_channel_that_moves_the_version_is_said_to(clustered):
    assert (
        "only where the cluster begins"
        in clustered("azure", cluster={"upgradeChannel": "stable"}).decisions["cluster.upgradeChannel"].reason
    )
    assert "cluster.upgradeChannel" not in clustered("azure", cluster={"upgradeChannel": "patch"}).decisions


@pytest.mark.parametrize(("stage", "tier"), [("dev", "Free"), ("staging", "Standard"), ("prod", "Standard")])
def test_the_tier_on_azure(clustered, stage, tier):
    assert clustered("azure", stage=stage, cluster={}).cluster.tier == tier
    assert clustered("aws", stage=stage, cluster={}).cluster.tier is None


def test_ranges_alone_open_the_api_to_them(clustered):
    cluster = clustered("gcp", cluster={"authorizedRanges": ["203.0.113.0/24", "203.0.113.0/24"]}).cluster
    assert not cluster.private_api
    assert cluster.authorized_ranges == ("203.0.113.0/24",)


def test_as_many_ranges_as_eks_takes(clustered):
    ranges = [f"203.0.113.{i}/32" for i in range(40)]
    assert not clustered("aws", cluster={"authorizedRanges": ranges}).faults


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_owner_in_the_clouds_form(clustered, cloud):
    found = clustered(cloud, cluster={"ownerGroup": OWNERS[cloud]})
    assert not found.faults
    assert found.cluster.owner_group == OWNERS[cloud]


@pytest.mark.parametrize(("stage", "days"), [("dev", 30), ("staging", 90), ("prod", 365)])
def test_how_long_requests_are_on_record(clustered, stage, days):
    assert clustered("aws", stage=stage, cluster={}).cluster.log_retention_days == days
    assert clustered("azure", stage=stage, cluster={}).cluster.log_retention_days == days
    # Cloud Logging keeps Admin Activity logs for 400 days, whatever the stage.
    assert clustered("gcp", stage=stage, cluster={}).cluster.log_retention_days == 400


def test_records_can_be_switched_off_where_the_cloud_lets_them(clustered):
    cluster = clustered("aws", cluster={"auditLogs": False}).cluster
    assert (cluster.audit_logs, cluster.log_retention_days) == ((), 0)


@pytest.mark.parametrize(("cloud", "days", "hours"), [("aws", (), 0), ("gcp", ("SA", "SU"), 8), ("azure", ("SU",), 8)])
def test_the_window_of_upgrades_where_the_file_names_none(clustered, cloud, days, hours):
    maintenance = clustered(cloud, cluster={}).cluster.maintenance
    assert (maintenance.days, maintenance.hours) == (days, hours)


def test_the_window_of_upgrades_as_it_is_asked_for(clustered):
    # Four windows in 28 days of three hours a week more would be 48 hours: 1 × 12 × 4.
    google = clustered("gcp", cluster={"maintenance": {"days": ["wed"], "hours": 12, "startHourUtc": 22}})
    assert not google.faults
    assert (google.cluster.maintenance.days, google.cluster.maintenance.start_hour_utc) == (("WE",), 22)
    azure = clustered("azure", cluster={"maintenance": {"hours": 4}})
    assert not azure.faults
    assert azure.cluster.maintenance.days == ("SU",)


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_cluster_is_protected_from_deletion_where_asked(clustered, cloud):
    assert clustered(cloud, cluster={"deletionProtection": True}).cluster.deletion_protection


def test_eks_gets_what_a_cluster_cannot_do_without(clustered):
    needed = {"vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent", "aws-ebs-csi-driver", "eks-node-monitoring-agent"}
    assert needed <= set(clustered("aws", cluster={}).cluster.cloud_add_ons)


GPU = {"gpu": {"accelerator": "nvidia-l4"}}


@pytest.mark.parametrize(
    ("cloud", "words", "own"),
    [
        ("gcp", {"cluster": {}}, {"nodeLocalDns"}),
        ("gcp", {"cluster": {}, "nodePools": GPU}, {"nodeLocalDns", "dcgmExporter"}),
        ("gcp", {"cluster": {"addOns": {"gpuOperator": "install"}}, "nodePools": GPU}, {"nodeLocalDns"}),
        ("gcp", {"cluster": {"addOns": {"nodeLocalDns": "off", "gateway": "install", "keda": "install"}}}, {"gateway"}),
        ("gcp", {"cluster": {"addOns": {"nodeLocalDns": "existing"}}}, set()),
        ("gcp", {"cluster": {}, "nodePools": {"tpu": {"accelerator": "tpu-v5e"}}}, {"nodeLocalDns"}),
        ("azure", {"cluster": {}, "nodePools": GPU}, set()),
        ("azure", {"cluster": {"addOns": {"keda": "install", "gateway": "install"}}}, {"keda"}),
        ("aws", {"cluster": {"addOns": {"keda": "install", "gateway": "install", "dcgmExporter": "install"}}}, set()),
    ],
)
def test_add_ons_that_the_cloud_does_by_itself(clustered, cloud, words, own):
    words_of_the_file = {"dcgmExporter", "gateway", "keda", "nodeLocalDns"}
    assert set(clustered(cloud, **words).cluster.cloud_add_ons) & words_of_the_file == own


@pytest.mark.parametrize(
    ("cloud", "existing"),
    [
        ("aws", {"name": "Ml_1"}),
        ("gcp", {"name": "ml-1"}),
        ("azure", {"name": "ml_1", "resourceGroup": "rg"}),
        ("kubernetes", {"context": "lab"}),
    ],
)
def test_a_cluster_that_exists_is_used_and_left_as_it_is(clustered, cloud, existing):
    found = clustered(cloud, cluster={"existing": existing, "addOns": {"kueue": "install", "keda": "install"}})
    assert not found.faults
    cluster = found.cluster
    assert (cluster.existing.name, cluster.existing.context) == (existing.get("name"), existing.get("context"))
    assert cluster.existing.resource_group == existing.get("resourceGroup")
    assert (cluster.version, cluster.cloud_add_ons, cluster.audit_logs) == ("", (), ())


def test_the_cluster_knows_who_adds_its_nodes(clustered):
    assert clustered("gcp", cluster={}).cluster.node_provisioner == "cloud"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_catalogue_knows_versions_of_every_cloud(cloud):
    known = kubernetes_versions(cloud)
    assert known[0].released
    assert all(each.released < each.end_of_standard_support for each in known)


def test_the_words_that_the_page_shows_are_right(clustered, root):
    block = re.search(r"```yaml\n(.*?)```", (root / "docs/networks.md").read_text(), re.DOTALL)
    words = yaml.safe_load(block.group(1))
    assert set(words) == {"network", "cluster"}
    assert not clustered("aws", **words).faults


@pytest.mark.parametrize(("stage", "profile"), [("dev", "OPTIMIZE_UTILIZATION"), ("staging", "OPTIMIZE_UTILIZATION"), ("prod", "BALANCED")])
def test_idle_nodes_go_sooner_outside_production_on_gcp(clustered, stage, profile):
    assert clustered("gcp", stage=stage, cluster={}).cluster.autoscaling_profile == profile
    assert clustered("aws", stage=stage, cluster={}).cluster.autoscaling_profile is None
