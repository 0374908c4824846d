"""What Azure Container Apps run on: consumption, or dedicated machines that the environment pays."""

import re
from decimal import Decimal
from typing import Final

from costs.azure.amounts import mapping
from costs.capacity import scaled
from costs.pricing import Pricer, Pricing, count

SERVICE: Final = "container-apps"
_ENVIRONMENT: Final = "azure-native:app:ManagedEnvironment"
# GiB for each vCPU of a profile. Source: Azure Container Apps, "Workload profiles".
_DEDICATED: Final = re.compile(r"([DE])(\d+)", re.IGNORECASE)
_GIB_PER_VCPU: Final = {"D": 4, "E": 8}


def workload_profile(pricing: Pricing) -> str | None:
    """The workload profile: a kind of consumption; None where the app runs on dedicated machines, which the environment pays."""
    name = pricing.text("workloadProfileName", "Consumption")
    environment = pricing.program.referred(pricing.resource, "environmentId", _ENVIRONMENT) or pricing.program.referred(
        pricing.resource, "managedEnvironmentId", _ENVIRONMENT
    )
    profiles = environment.items("workloadProfiles") if environment else []
    kinds = {str(each.get("name")): str(each.get("workloadProfileType")) for each in map(mapping, profiles)}
    kind = kinds.get(name, name)
    if pricing.unreadable("workloadProfileName"):
        pricing.unpriced("replicas", "workloadProfileName is known only after `up`")
    elif kind.lower().startswith("consumption"):
        return kind.lower()
    elif environment is None:
        pricing.unpriced("replicas", f"the environment that pays for the workload profile '{name}' is not in the program")
    return None


def _environment(pricing: Pricing) -> None:
    """Dedicated machines of an environment, and its management fee. Source: Azure Container Apps, "Billing: dedicated plan"."""
    if pricing.unreadable("workloadProfiles"):
        pricing.unpriced("dedicated machines", "workloadProfiles is known only after `up`")
    dedicated = [at for at in range(len(pricing.resource.items("workloadProfiles"))) if not _consumption(pricing, at)]
    if dedicated:
        fee = pricing.service(SERVICE, "dedicated-plan-management", "dedicated plan management")
        pricing.line("dedicated plan management", fee, count("environment", 1), pricing.hours())
    for at in dedicated:
        _machines(pricing, f"workloadProfiles.{at}.")


def _consumption(pricing: Pricing, at: int) -> bool:
    return pricing.text(f"workloadProfiles.{at}.workloadProfileType").lower().startswith("consumption")


def _machines(pricing: Pricing, at: str) -> None:
    kind, name = pricing.text(f"{at}workloadProfileType"), pricing.text(f"{at}name", "profile")
    low, high, match = pricing.number(f"{at}minimumCount", 0), pricing.number(f"{at}maximumCount"), _DEDICATED.fullmatch(kind)
    if match is None or low is None or high is None:
        pricing.unpriced(f"dedicated machines {name}", f"machines of the profile type '{kind}', or how many, have no price here")
        return
    vcpus = Decimal(match.group(2))
    running = scaled(pricing, "nodes", low, min(max(low, Decimal(1)), high), high)
    for sku, unit, each in (("vcpu", "vCPU", vcpus), ("memory", "GiB", vcpus * _GIB_PER_VCPU[match.group(1).upper()])):
        price = pricing.service(SERVICE, f"dedicated-{sku}", f"dedicated machines {name}: {sku}")
        pricing.line(f"dedicated machines {name}: {sku}", price, running, count(f"{unit} each", each), pricing.hours())


PRICERS: dict[str, Pricer] = {_ENVIRONMENT: _environment}
FREE: set[str] = set()
