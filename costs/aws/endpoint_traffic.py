"""What reaches a SageMaker endpoint: each variant's part of it, the data that passes, what is captured of it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from costs.aws.lookup import named
from costs.aws.parts import on_record
from costs.money import Band
from costs.pricing import Pricing
from costs.resource import Missing
from costs.usage import Usage

_DATA_SKUS: Final = ("endpoint-data-in", "serverless-inference-data-processed")


def sharing(pricing: Pricing, share: Decimal) -> Pricing:
    """The same with this share of the endpoint's traffic and replicas."""
    if share == 1:
        return pricing
    told = {quantity: factor for quantity in ("requestsPerSecond", "requestsPerMonth") if (factor := pricing.usage(quantity))}
    split = {quantity: factor.amount * share for quantity, factor in told.items()}
    replicas = pricing.usage("replicas")
    if replicas:
        amount = replicas.amount * share
        split["replicas"] = Band(*(level.to_integral_value(ROUND_CEILING) for level in (amount.low, amount.expected, amount.high)))
    urn, name, entries = pricing.resource.urn, pricing.resource.name, dict(pricing.told.entries)
    own: Mapping[str, Band] = {**entries.pop(name, {}), **entries.pop(urn, {}), **split}
    return replace(pricing, told=Usage({**entries, name: own}, f"{share:.1%} of what was told"))


def processed(pricing: Pricing) -> None:
    """What goes in and out, at one price. Source: Amazon SageMaker pricing, "Hosting: real-time inference"."""
    driver = "data processed"
    # It is on record under one of two names; what a region has of its own goes before a guess from elsewhere.
    known = [(sku, price) for sku in _DATA_SKUS if (price := on_record(pricing, "sagemaker", sku))]
    own = [sku for sku, price in known if price.region == pricing.region]
    sku = (*own, *(sku for sku, _ in known), *_DATA_SKUS)[0]
    pricing.line(driver, pricing.service("sagemaker", sku, driver), pricing.usage_or("processedGibPerMonth"), usage_based=True)


def updates(pricing: Pricing) -> None:
    """What an update adds for a while. Source: Amazon SageMaker Developer Guide, "Deployment guardrails"."""
    rolling = pricing.resource.get("deploymentConfig.rollingUpdatePolicy") is not None
    how = "a rolling update runs a batch of instances twice" if rolling else "a blue/green update runs all instances twice"
    wait = pricing.number("deploymentConfig.blueGreenUpdatePolicy.terminationWaitInSeconds", 0)
    pricing.note("hours of updates", "none", f"{how} until the old ones are taken down ({wait or 0} s after the traffic has moved)")


def captured(pricing: Pricing, at: Pricing) -> None:
    """Captured requests lie in a bucket, which pays for them. at: reads the endpoint's configuration."""
    if at.resource.get("dataCaptureConfig") is None or at.resource.get("dataCaptureConfig.enableCapture") is False:
        return
    target = at.resource.get("dataCaptureConfig.destinationS3Uri")
    if isinstance(target, Missing) or not _bucket(pricing, at, str(target)):
        pricing.unpriced("data capture", "the bucket that takes it is not in this program: storage and requests are paid there")
        return
    pricing.note("data capture", "priced with its bucket", "the bucket's storedGib and writtenGibPerMonth have it")


def _bucket(pricing: Pricing, at: Pricing, target: str) -> bool:
    kinds = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
    if any(pricing.program.referred(at.resource, "dataCaptureConfig", kind) for kind in kinds):
        return True
    name = target.removeprefix("s3://").partition("/")[0]
    return any(named(pricing.program, kind, name, "bucket") for kind in kinds)
