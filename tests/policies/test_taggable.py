"""Which types take labels is what the clouds' SDKs say."""

import pytest

from catalogue.rows import rows
from tools.taggable_types import FILE, label_property

LISTED = {row["type"]: row["property"] for row in rows(FILE)}


@pytest.mark.parametrize(
    "token",
    [
        "aws:s3/bucket:Bucket",
        "aws:ecs/capacityProvider:CapacityProvider",
        "gcp:storage/bucket:Bucket",
        "azure-native:storage:StorageAccount",
    ],
)
def test_a_type_that_takes_labels_is_listed_with_their_property(token: str) -> None:
    assert LISTED[token] == label_property(token)


def test_a_type_that_takes_none_is_not_listed() -> None:
    assert label_property("aws:s3/bucketMetric:BucketMetric") is None
    assert "aws:s3/bucketMetric:BucketMetric" not in LISTED


def test_what_google_calls_tags_is_no_label() -> None:
    assert LISTED["gcp:compute/instance:Instance"] == "labels"
    assert set(LISTED.values()) == {"tags", "labels", "resourceLabels", "userLabels", "nodeConfig.resourceLabels", "settings.userLabels"}
