"""SageMaker's machines: `ml.` types, whose shapes are EC2's and whose prices are SageMaker's own."""

from dataclasses import replace

from catalogue.index import family
from catalogue.model import Machine, Offer
from costs.model import Factor, MachineUse
from costs.pricing import Pricing
from costs.resource import Missing


def ml_machines(pricing: Pricing, driver: str, instance_type: object, running: Factor, hours: Factor) -> None:
    """A line for machines of an `ml.` type by the hour; listed as unpriced, with the reason, where type or price are unknown."""
    if not isinstance(instance_type, str) or not instance_type:
        why = instance_type.value if isinstance(instance_type, Missing) else "left out"
        pricing.unpriced(driver, f"instanceType is {why}")
        return
    offer = _offer(pricing, instance_type, driver)
    if offer and offer.on_demand:
        use = MachineUse(offer, running.amount, hours.amount, spot=False)
        pricing.line(f"{driver} ({instance_type})", offer.on_demand, running, hours, machine=use)


def _offer(pricing: Pricing, instance_type: str, driver: str) -> Offer | None:
    price = pricing.service("sagemaker-instance", instance_type, driver)
    if price is None or pricing.region is None:
        return None
    shape = pricing.catalogue.machine(pricing.provider, instance_type.removeprefix("ml."))
    unknown = Machine(
        provider=pricing.provider,
        instance_type=instance_type,
        family=family(pricing.provider, instance_type),
        vcpus=None,
        memory_gib=None,
        accelerator="",
        accelerator_count=0,
        accelerator_memory_gib=None,
        source="",
    )
    machine = replace(shape, instance_type=instance_type) if shape else unknown
    return Offer(machine=machine, region=pricing.region, on_demand=price, spot=None)
