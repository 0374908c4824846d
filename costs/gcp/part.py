"""A part of a resource, or another resource's settings, priced as the resource's own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from catalogue.model import Price
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricing
from costs.resource import Missing


def part(pricing: Pricing, properties: object) -> Pricing:
    """The same pricing whose resource has just these properties: an inline node pool, an instance template. Usage stays the resource's."""
    return replace(pricing, resource=replace(pricing.resource, properties=mapping(properties)))


def at(pricing: Pricing, region: str | None) -> Pricing:
    """The same pricing by another region's price list."""
    return replace(pricing, region=region)


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def last(value: object) -> str:
    """The last segment of a path or URL: zones/us-central1-a/machineTypes/n1-standard-1 is n1-standard-1."""
    return value.rpartition("/")[2] if isinstance(value, str) else ""


def known(pricing: Pricing, path: str, driver: str, default: str = "") -> str | None:
    """The last segment of a name in a property; None, and the driver listed as unpriced, where it is unreadable or left out."""
    value = pricing.resource.get(path)
    name = last(value) or (default if value is None else "")
    if name:
        return name
    why = value.value if isinstance(value, Missing) else "not given"
    pricing.unpriced(driver, f"{path} is {why}")
    return None


def amount(pricing: Pricing, path: str, words: str, default: int) -> Factor:
    """The number in a property as a factor; the default is the provider's, said in the words. An unreadable one is an assumption."""
    number = pricing.number(path, default)
    if number is None:
        return pricing.assume(words, Band.exactly(default), f"{path} is not a number that is known before `up`: the provider's default")
    left_out = f" ({path} is left out: the provider's default)" if pricing.resource.get(path) is None else ""
    return Factor(f"{words}{left_out}", Band.exactly(number))


def on_record(pricing: Pricing, service: str, *skus: str) -> Price | None:
    """The price of the first of these skus that is on record for the region itself, else the first one's, guessed or unpriced.

    For what the price lists that were merged call by different names.
    """
    for sku in skus if pricing.region else ():
        found = pricing.catalogue.service(pricing.provider, service, sku, pricing.region or "")
        if found is not None and not found.note:
            return found
    return pricing.service(service, skus[0])
