"""Container instances."""

from costs.money import Band
from costs.pricing import Pricer, Pricing, count


def _group(pricing: Pricing) -> None:
    """Containers pay for what they ask for while the group runs. Source: Azure Container Instances pricing."""
    paths = [f"containers.{at}.resources.requests." for at in range(len(pricing.resource.items("containers")))]
    vcpus, gib = ([pricing.number(f"{path}{name}") for path in paths] for name in ("cpu", "memoryInGB"))
    known_vcpus, known_gib = [each for each in vcpus if each is not None], [each for each in gib if each is not None]
    if not paths or len(known_vcpus) != len(paths) or len(known_gib) != len(paths):
        pricing.unpriced("containers", "containers or their requests are known only after `up`")
        return
    spot = "spot-" if pricing.text("priority").lower() == "spot" else ""
    ends = pricing.text("restartPolicy", "Always").lower() != "always"
    hours = (
        pricing.usage_or("hoursPerMonth", Band.of(1, 73, 730), "it runs to completion; how often is not told") if ends else pricing.hours()
    )
    for sku, unit, each in (("vcpu", "vCPU", sum(known_vcpus)), ("memory", "GiB", sum(known_gib))):
        price = pricing.service("container-instances", f"{spot}{sku}", f"{sku} of containers")
        pricing.line(f"{sku} of containers", price, count(unit, each), hours, usage_based=ends)
    if any(pricing.resource.get(f"{path}gpu") is not None for path in paths):
        pricing.unpriced("GPUs of containers", "GPUs in container instances have no price list here")
    if pricing.text("osType").lower() == "windows":
        pricing.unpriced("Windows licence", "containers on Windows pay for each vCPU-second on top")


PRICERS: dict[str, Pricer] = {"azure-native:containerinstance:ContainerGroup": _group}
FREE: set[str] = set()
