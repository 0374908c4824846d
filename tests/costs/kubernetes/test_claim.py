"""Volumes: request × class × how many."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, prices, resource, told, usd
from tests.costs.kubernetes.clusters import AKS, AUTOPILOT, AWS_PRICES, AZURE_PRICES, EKS, GCP_PRICES, GKE, claim, deployment, pod

DEFAULT = {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}


def priced(*resources: Resource, **usage: Any) -> Estimate:
    return estimated(prices(*AWS_PRICES, *GCP_PRICES, *AZURE_PRICES), *resources, usage=told(**usage))


def storage_class(name: str, provisioner: str, parameters: Any = None, metadata: Any = None) -> Resource:
    told: dict[str, Any] = {"metadata": {"name": name, **(metadata or {})}, "provisioner": provisioner, "parameters": parameters or {}}
    return resource("kubernetes:storage.k8s.io/v1:StorageClass", name, told)


def reason(found: Estimate, one: Resource) -> str:
    (only,) = [each.reason for each in found.unpriced if each.urn == one.urn]
    return only


def test_without_a_class_a_claim_gets_the_clusters_own() -> None:
    # 100 GiB × 0.10 USD (EBS gp2, us-east-1)
    assert usd(priced(claim("100Gi"), EKS), "volume") == (Decimal("10.0000"),) * 3
    # 100 GiB × 0.10 USD (pd-balanced, us-central1)
    assert usd(priced(claim("100Gi"), GKE), "volume") == (Decimal("10.0000"),) * 3


def test_a_declared_class_is_read() -> None:
    fast = storage_class("fast", "ebs.csi.aws.com", {"type": "gp3", "iops": "4000"})
    found = priced(claim("1Ti", storageClassName="fast"), EKS, fast)
    # 1,024 GiB × 0.08 USD (gp3)
    assert usd(found, "volume (gp3)") == (Decimal("81.9200"),) * 3
    # (4,000 - 3,000) IOPS × 0.005 USD
    assert usd(found, "volume IOPS") == (Decimal("5.0000"),) * 3


def test_the_programs_default_class_goes_before_the_clusters() -> None:
    found = priced(claim("10Gi"), EKS, storage_class("mine", "ebs.csi.aws.com", metadata=DEFAULT))
    # 10 GiB × 0.08 USD: the CSI driver's default is gp3
    assert usd(found, "volume (gp3)") == (Decimal("0.8000"),) * 3


def test_a_class_that_is_not_the_default_is_not_taken_without_its_name() -> None:
    # 10 GiB × 0.10 USD: the cluster's gp2, though the program declares another
    assert usd(priced(claim("10Gi"), EKS, storage_class("mine", "ebs.csi.aws.com")), "volume (gp2)") == (Decimal("1.0000"),) * 3


@pytest.mark.parametrize(("name", "each"), [("gp2", "0.10"), ("ebs-csi-default-sc", "0.08")])
def test_the_classes_that_eks_comes_with(name: str, each: str) -> None:
    # 10 GiB × 0.10 USD (gp2) or 0.08 USD (gp3)
    assert usd(priced(claim("10Gi", storageClassName=name), EKS), "volume") == (10 * Decimal(each),) * 3


def test_a_class_whose_name_is_made_up_is_found_by_reference() -> None:
    fast = storage_class("fast", "ebs.csi.aws.com")
    one = claim("10Gi", storageClassName=UNKNOWN)
    one = Resource(urn=one.urn, type=one.type, properties=one.properties, references={"spec": (fast.urn,)})
    assert usd(priced(one, EKS, fast), "volume (gp3)") == (Decimal("0.8000"),) * 3


def test_a_regional_disk_is_paid_in_both_zones() -> None:
    twice = storage_class("twice", "pd.csi.storage.gke.io", {"type": "pd-ssd", "replication-type": "regional-pd"})
    # 50 GiB × 0.34 USD (pd-ssd-regional, us-central1)
    assert usd(priced(claim("50Gi", storageClassName="twice"), GKE, twice), "volume") == (Decimal("17.0000"),) * 3


def test_azures_disks_are_paid_by_their_tier() -> None:
    found = priced(claim("100Gi", storageClassName="managed-csi-premium"), AKS)
    # 100 GiB is a P10 of 128 GiB: 19.71 USD a month (Azure managed disks, East US)
    assert usd(found, "volume: disk") == (Decimal("19.7100"),) * 3
    # Without a class it is a Standard SSD: E10, 9.60 USD
    assert usd(priced(claim("100Gi"), AKS, operationsPerMonth=0), "volume: disk (") == (Decimal("9.6000"),) * 3


def test_aks_over_zones_makes_zone_redundant_disks() -> None:
    profiles = [{"name": "system", "availabilityZones": ["1", "2", "3"]}]
    zoned = replace(AKS, properties={**AKS.properties, "agentPoolProfiles": profiles})
    found = priced(claim("100Gi", storageClassName="managed-csi-premium"), zoned)
    # P10 with zone-redundant storage: 29.565 USD a month (Azure managed disks, East US)
    assert usd(found, "volume: disk") == (Decimal("29.5650"),) * 3


def test_decimal_sizes_are_made_in_whole_gib() -> None:
    # 500 × 10^9 bytes are 465.66 GiB, so 466 GiB × 0.10 USD
    assert usd(priced(claim("500G"), EKS), "volume") == (Decimal("46.6000"),) * 3


def test_a_stateful_sets_volumes_are_there_for_each_replica() -> None:
    template = {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "20Gi"}}}}
    one = deployment(replicas=3, kind="apps/v1:StatefulSet", volumeClaimTemplates=[template])
    # 3 replicas × 20 GiB × 0.10 USD
    assert usd(priced(one, GKE), "volume data") == (Decimal("6.0000"),) * 3


def test_ephemeral_volumes_live_with_their_pods() -> None:
    template = {"spec": {"resources": {"requests": {"storage": "50Gi"}}}}
    one = deployment(replicas=2, spec=pod(volumes=[{"name": "scratch", "ephemeral": {"volumeClaimTemplate": template}}]))
    # 2 replicas × 50 GiB × 0.10 USD
    assert usd(priced(one, AUTOPILOT), "volume") == (Decimal("10.0000"),) * 3


@pytest.mark.parametrize("size", ["100GB", "-1Gi", "", UNKNOWN, None, True])
def test_a_size_that_is_none_is_unpriced(size: Any) -> None:
    one = claim(size)
    assert reason(priced(one, EKS), one).startswith("its storage request is ")


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"storageClassName": "gold"}, "10 GiB of the class gold, which this program does not declare"),
        ({"storageClassName": UNKNOWN}, "10 GiB of the class that is known only after `up`, which this program does not declare"),
    ],
)
def test_a_class_that_nobody_declares_is_named(spec: Any, told: str) -> None:
    one = claim("10Gi", **spec)
    assert reason(priced(one, EKS), one) == told


def test_a_class_of_an_unknown_provisioner_is_named() -> None:
    one = claim("10Gi", storageClassName="odd")
    assert "example.com/odd has no price here" in reason(priced(one, EKS, storage_class("odd", "example.com/odd")), one)


def test_a_provisioner_of_another_cloud_makes_nothing_here() -> None:
    one = claim("10Gi", storageClassName="pd")
    assert "makes no volumes on this cluster's cloud" in reason(priced(one, EKS, storage_class("pd", "pd.csi.storage.gke.io")), one)


def test_a_volume_of_a_cluster_of_someone_else_is_unpriced() -> None:
    one = claim("10Gi")
    assert reason(priced(one), one) == "10 GiB of the default class, on a cluster that this program does not declare"


@pytest.mark.parametrize("spec", [{"storageClassName": ""}, {"volumeName": "there-already"}])
def test_a_claim_on_a_volume_that_is_there_makes_none(spec: Any) -> None:
    one = claim("10Gi", **spec)
    found = priced(one, EKS)
    assert not [each for each in (*found.lines, *found.unpriced) if each.urn == one.urn]


def test_a_file_system_that_is_paid_elsewhere_is_not_paid_twice() -> None:
    one = claim("10Gi", storageClassName="efs")
    found = priced(one, EKS, storage_class("efs", "efs.csi.aws.com"))
    assert not [each for each in (*found.lines, *found.unpriced) if each.urn == one.urn]
