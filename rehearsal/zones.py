"""The zones of the clouds' regions."""

from __future__ import annotations

from typing import Final

# Zones of the regions that do not have exactly a, b and c. From "Regions and Zones" of the EC2 user guide and "Regions and zones" of the
# Compute Engine documentation.
_AWS: Final = {
    "us-east-1": "abcdef",
    "us-west-1": "ab",
    "us-west-2": "abcd",
    "ca-central-1": "abd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
}
_GCP: Final = {"us-central1": "abcf", "us-east1": "bcd", "europe-west1": "bcd"}


def aws_zones(region: str) -> list[str]:
    """Give the availability zones of an AWS region."""
    return [region + letter for letter in _AWS.get(region, "abc")]


def gcp_zones(location: str) -> list[str]:
    """Give the zones of a Google Cloud region; of a zone, itself."""
    if location.count("-") > 1:
        return [location]
    return [f"{location}-{letter}" for letter in _GCP.get(location, "abc")]
