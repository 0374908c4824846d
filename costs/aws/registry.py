"""Container images: what ECR stores and sends."""

import json
from typing import Any, cast

from costs.aws.parts import egress, how_many, metered
from costs.money import Band
from costs.pricing import Pricer, Pricing
from costs.resource import Missing


def _repository(pricing: Pricing) -> None:
    # Pulls within the region are free. Source: Amazon ECR pricing, "Data transfer".
    pricing.line("image storage", pricing.service("ecr", "storage", "image storage"), pricing.usage_or("storedGib"), usage_based=True)
    policies = pricing.program.referring(pricing.resource, "aws:ecr/lifecyclePolicy:LifecyclePolicy")
    if any(_expires(each.get("policy")) for each in policies):
        pricing.note("images deleted", "contained in storedGib", "its lifecycle policy deletes images; how many is not known")
    sent = pricing.usage("egressGibPerMonth")
    if sent:
        egress(pricing, sent)
    else:
        pricing.note("pulls from outside", "none", "pulls within the region are free; say egressGibPerMonth for others")


def _scanning(pricing: Pricing) -> None:
    """Basic scans are free, enhanced ones are Amazon Inspector's. Source: Amazon ECR pricing."""
    if pricing.text("scanType") != "BASIC":
        pricing.unpriced("enhanced scans", "their price list is not on record")


def _replication(pricing: Pricing) -> None:
    """Each copy is stored once more, and sent on where it is in another region. Source: Amazon ECR pricing."""
    copies = how_many(pricing, "replicationConfiguration.rules.0.destinations", "copies", Band.of(1, 1, 3))
    stored, pushed = pricing.usage_or("storedGib"), pricing.usage_or("crossRegionGibPerMonth")
    pricing.line("replicated images", pricing.service("ecr", "storage", "replicated images"), stored, copies, usage_based=True)
    driver = "images sent to other regions"
    pricing.line(driver, pricing.service("data-transfer", "inter-region-out", driver), pushed, copies, usage_based=True)


def _expires(policy: object) -> bool:
    if isinstance(policy, Missing):
        return True
    try:
        told: object = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        return False
    return isinstance(told, dict) and bool(cast(dict[str, Any], told).get("rules"))


PRICERS: dict[str, Pricer] = {
    "aws:ecr/repository:Repository": _repository,
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": _scanning,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _replication,
    "aws:ecrpublic/repository:Repository": metered("ecr-public", "storage", "public image storage", "storedGib"),
}
FREE: set[str] = {
    "aws:ecr/accountSetting:AccountSetting",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
    "aws:ecr/pullTimeUpdateExclusion:PullTimeUpdateExclusion",
    "aws:ecr/registryPolicy:RegistryPolicy",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:ecrpublic/repositoryPolicy:RepositoryPolicy",
}
