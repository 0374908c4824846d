"""AWS list prices for tests, as of 2026-05-03 in us-east-1, and the shorthand to write them."""

from collections.abc import Mapping

from catalogue.catalogue import Catalogue
from tests.costs.building import prices

REGION = {"aws:region": "us-east-1"}


def listed(service: str, skus: Mapping[str, tuple[str, str]], region: str = "us-east-1") -> list[tuple[str, str, str, str, str, str]]:
    """Rows of the price list of a service: sku → (unit, USD)."""
    return [("aws", service, sku, region, unit, usd) for sku, (unit, usd) in skus.items()]


# Source: Amazon S3 pricing, us-east-1.
S3 = {
    "standard-storage-first-50TB": ("GB-month", "0.023"),
    "standard-storage-next-450TB": ("GB-month", "0.022"),
    "standard-storage-over-500TB": ("GB-month", "0.021"),
    "standard-put-requests": ("1k requests", "0.005"),
    "standard-get-requests": ("1k requests", "0.0004"),
    "standard-ia-storage": ("GB-month", "0.0125"),
    "standard-ia-get-requests": ("1k requests", "0.001"),
    "standard-ia-lifecycle-transition": ("1k requests", "0.01"),
    "standard-ia-retrieval": ("GB", "0.01"),
    "one-zone-ia-storage": ("GB-month", "0.01"),
    "one-zone-ia-lifecycle-transition": ("1k requests", "0.01"),
    "one-zone-ia-retrieval": ("GB", "0.01"),
    "glacier-flexible-storage": ("GB-month", "0.0036"),
    "glacier-flexible-lifecycle-transition": ("1k requests", "0.03"),
    "glacier-flexible-retrieval-standard": ("GB", "0.01"),
    "glacier-deep-archive-storage": ("GB-month", "0.00099"),
    "glacier-deep-archive-lifecycle-transition": ("1k requests", "0.05"),
    "glacier-deep-archive-retrieval-standard": ("GB", "0.02"),
    "intelligent-tiering-frequent-storage": ("GB-month", "0.023"),
    "intelligent-tiering-infrequent-storage": ("GB-month", "0.0125"),
    "intelligent-tiering-archive-instant-storage": ("GB-month", "0.004"),
    "intelligent-tiering-archive-access-storage": ("GB-month", "0.0036"),
    "intelligent-tiering-deep-archive-access-storage": ("GB-month", "0.00099"),
    "intelligent-tiering-lifecycle-transition": ("1k requests", "0.01"),
    "intelligent-tiering-monitoring": ("1k objects-month", "0.0025"),
}
# Source: Amazon EC2 on-demand pricing, "Data transfer", us-east-1.
TRANSFER = {
    "internet-egress-first-10TB": ("GB", "0.09"),
    "internet-egress-next-40TB": ("GB", "0.085"),
    "internet-egress-next-100TB": ("GB", "0.07"),
    "internet-egress-over-150TB": ("GB", "0.05"),
    "inter-region-out": ("GB", "0.02"),
    "inter-region-us-east-1-us-east-2": ("GB", "0.01"),
}
# Source: AWS Lambda pricing, us-east-1.
LAMBDA = {
    "requests": ("1M requests", "0.2"),
    "duration-x86-tier1": ("GB-second", "0.0000166667"),
    "duration-x86-tier2-next-9B": ("GB-second", "0.000015"),
    "duration-x86-tier3-over-15B": ("GB-second", "0.0000133334"),
    "duration-arm64-tier1": ("GB-second", "0.0000133334"),
    "duration-arm64-tier2-next-11.25B": ("GB-second", "0.0000120001"),
    "duration-arm64-tier3-over-18.75B": ("GB-second", "0.0000106667"),
    "ephemeral-storage-over-512MB": ("GB-second", "0.0000000309"),
    "provisioned-concurrency-x86": ("GB-second", "0.0000041667"),
}


def s3(region: str = "us-east-1") -> Catalogue:
    """S3 and data transfer."""
    return prices(*listed("s3", S3, region), *listed("data-transfer", TRANSFER, region))
