"""Bedrock: model units that are bought by the hour, and models of one's own."""

import re
from typing import Final

from costs.aws.parts import unlisted
from costs.pricing import HOURS, Pricer, Pricing, count
from costs.resource import Missing

_COMMITMENTS: Final = {"": "no-commit", "OneMonth": "1-month", "SixMonths": "6-month"}


def provisioned_throughput(pricing: Pricing) -> None:
    """Model units by the hour, at the price of the model and the commitment, used or not."""
    driver, arn = "model units", pricing.resource.get("modelArn")
    units = pricing.number("modelUnits")
    if isinstance(arn, Missing) or not isinstance(arn, str) or units is None:
        pricing.unpriced(driver, "modelArn or modelUnits is left out or known only after `up`")
        return
    commitment = _COMMITMENTS.get(pricing.text("commitmentDuration"))
    if commitment is None:
        pricing.unpriced(driver, f"the commitment '{pricing.text('commitmentDuration')}' has no price list here")
        return
    price = pricing.service("bedrock-provisioned-throughput", f"{model_of(arn)}-{commitment}", driver)
    pricing.line(driver, price, count(f"model units ({commitment})", units), HOURS)


def model_of(arn: str) -> str:
    """The model's name in the price list: `llama-3.1-70b` of …foundation-model/meta.llama3-1-70b-instruct-v1:0."""
    model = arn.rpartition("/")[2].partition(":")[0]
    llama = re.match(r"meta\.llama(\d)-(\d)-(\d+b)", model)
    return f"llama-{llama[1]}.{llama[2]}-{llama[3]}" if llama else model


PRICERS: dict[str, Pricer] = {
    "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput": provisioned_throughput,
    "aws:bedrock/customModel:CustomModel": unlisted("training and storage of the model"),
    "aws:bedrock/guardrail:Guardrail": unlisted("text and images that are checked"),
    "aws:bedrock/evaluationJob:EvaluationJob": unlisted("tokens of the evaluation"),
}
FREE: set[str] = {
    "aws:bedrock/guardrailVersion:GuardrailVersion",
    "aws:bedrock/inferenceProfile:InferenceProfile",
    "aws:bedrock/useCaseForModelAccess:UseCaseForModelAccess",
}
