"""Serverless variants of SageMaker endpoints: paid by memory and time of each request, and by concurrency that is kept ready."""

from decimal import Decimal

from costs.aws.parts import requests
from costs.model import Factor
from costs.pricing import Pricing, count


def variant(pricing: Pricing, at: Pricing, path: str, driver: str) -> None:
    """Requests × seconds × GB of memory, and the seconds of provisioned concurrency. Source: Amazon SageMaker pricing, "Serverless".

    pricing: with the variant's share of the traffic; at: reads the endpoint's configuration.
    """
    mib = at.number(f"{path}.memorySizeInMb")
    if mib is None:
        pricing.unpriced(driver, "memorySizeInMb is left out or known only after `up`")
        return
    memory = count("GB of memory", mib / 1024)
    told = pricing.usage_or("durationMs")
    seconds = Factor(f"seconds each ({told.words} ÷ 1000)", told.amount / 1000, told.confidence)
    price = pricing.service("sagemaker", "serverless-inference-per-gb-memory", driver)
    pricing.line(f"{driver}: time of requests", price, *requests(pricing), seconds, memory, usage_based=True)
    _kept_ready(pricing, at, path, driver, mib)
    data = f"{driver}: data processed"
    processed = pricing.usage_or("processedGibPerMonth")
    pricing.line(data, pricing.service("sagemaker", "serverless-inference-data-processed", data), processed, usage_based=True)


def _kept_ready(pricing: Pricing, at: Pricing, path: str, driver: str, mib: Decimal) -> None:
    ready = at.number(f"{path}.provisionedConcurrency", 0)
    if ready is None:
        pricing.unpriced(f"{driver}: provisioned concurrency", "provisionedConcurrency is known only after `up`")
    elif ready:
        hours = pricing.hours()
        seconds = Factor(f"seconds ({hours.words} × 3600)", hours.amount * 3600, hours.confidence)
        name = f"{driver}: provisioned concurrency"
        price = pricing.service("sagemaker", "serverless-provisioned-concurrency-per-gb-memory", name)
        pricing.line(name, price, count("kept ready", ready), seconds, count("GB of memory", mib / 1024))
