"""Artifact Registry: what is stored, what leaves the region, scans."""

from typing import Final

from costs.pricing import Pricer, Pricing

SERVICE: Final = "artifact-registry"


def repository(pricing: Pricing) -> None:
    """Storage above the free half GiB, which is not applied; a virtual repository stores nothing.

    Source: Google Cloud, "Artifact Registry pricing".
    """
    if pricing.text("mode") == "VIRTUAL_REPOSITORY":
        return
    stored = pricing.usage_or("storedGib", reason="how much the repository holds is not told")
    pricing.line("storage", pricing.service(SERVICE, "storage", "storage"), stored, usage_based=True)
    away = pricing.usage("crossRegionGibPerMonth")
    if away:
        pricing.line(
            "pulls from other regions",
            pricing.service(SERVICE, f"egress-{_continent(pricing.region)}", "pulls from other regions"),
            away,
            usage_based=True,
        )
    if pricing.text("vulnerabilityScanningConfig.enablementConfig") == "INHERITED":
        scans = pricing.usage_or("operationsPerMonth", reason="each new image is scanned once")
        pricing.line(
            "vulnerability scans", pricing.service(SERVICE, "vulnerability-scanning", "vulnerability scans"), scans, usage_based=True
        )


def _continent(region: str | None) -> str:
    """The sku for transfers within the region's continent; there is no telling where pulls from farther away come from."""
    area = (region or "").partition("-")[0]
    names = {"europe": "europe-to-europe", "asia": "asia-to-asia", "us": "na-to-na", "northamerica": "na-to-na"}
    return names.get(area, "intercontinental")


PRICERS: dict[str, Pricer] = {
    "gcp:artifactregistry/repository:Repository": repository,
    "gcp:container/registry:Registry": repository,
}
FREE: set[str] = set()
