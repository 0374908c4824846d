"""A bucket's lifecycle rules as S3 reads them: which class at which age, deleted when.

Source of the rules: Amazon S3 User Guide, "Lifecycle configuration elements" and "Managing the lifecycle of objects".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from costs.lifecycle import AgeClass
from costs.pricing import Pricing
from costs.resource import Missing, Resource

CONFIGURATIONS: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
_LARGEST_SMALL: Final = 1_048_576
_LONGEST_DAYS: Final = 1_000_000


@dataclass
class Lifecycle:
    """Storage classes by age, youngest first, and the age at which objects are deleted, None where nothing deletes them."""

    ages: list[AgeClass] = field(default_factory=lambda: [AgeClass(0, "STANDARD")])
    delete_after_days: int | None = None


def lifecycle(pricing: Pricing) -> Lifecycle:
    """What the enabled rules of a bucket do with its current objects; what cannot be worked out is listed as an assumption."""
    found = Lifecycle()
    for rule in _rules(pricing):
        if _enabled(rule) and _matches_all(pricing, rule):
            _apply(pricing, rule, found)
    return found


def satellites(pricing: Pricing, kinds: Iterable[str]) -> list[Resource]:
    """The resources of these types that belong to the bucket: they refer to it, or name it."""
    bucket, program, name = pricing.resource, pricing.program, pricing.resource.get("bucket")
    found: list[Resource] = []
    for kind in kinds:
        linked = program.referring(bucket, kind, "bucket")
        unlinked = (each for each in program.of_type(kind) if not linked and "bucket" not in each.references)
        found += linked or [each for each in unlinked if isinstance(name, str) and each.get("bucket") == name]
    return found


def _rules(pricing: Pricing) -> list[Mapping[str, Any]]:
    bucket = pricing.resource
    joined = satellites(pricing, CONFIGURATIONS)
    sources = [(each, "rules") for each in joined] or [(bucket, "lifecycleRules")]
    rules: list[Mapping[str, Any]] = []
    for resource, path in sources:
        listed = resource.items(path)
        rules += [cast(Mapping[str, Any], rule) for rule in listed if isinstance(rule, Mapping)]
        if isinstance(resource.get(path), Missing) or any(isinstance(rule, Missing) for rule in listed):
            pricing.note("lifecycle rules", "none", "they are known only after `up`: objects are taken to stay where they are")
    return rules


def _enabled(rule: Mapping[str, Any]) -> bool:
    # A rule of its own configuration says `status`, one inside the bucket `enabled`.
    return rule.get("status") == "Enabled" if "status" in rule else rule.get("enabled") is True


def _matches_all(pricing: Pricing, rule: Mapping[str, Any]) -> bool:
    chosen = [*_filters(rule.get("filter")), rule.get("prefix"), rule.get("tags")]
    if not any(chosen) or not _moves(rule):
        return not any(chosen)
    reason = "what share of the objects its filter means is not known: priced as if it meant none"
    pricing.note(f"lifecycle rule {rule.get('id') or 'without id'}", "left out", reason)
    return False


def _filters(told: object) -> list[object]:
    if isinstance(told, Missing):
        return [told]
    if not isinstance(told, Mapping):
        return []
    listed = cast(Mapping[str, Any], told)
    inner = listed.get("and")
    both: dict[str, Any] = {**listed, **(cast(Mapping[str, Any], inner) if isinstance(inner, Mapping) else {})}
    sized = both.get("objectSizeGreaterThan")
    # A lower bound of up to 1 MiB leaves out only what weighs nothing in the bill.
    too_big = sized if sized and not (isinstance(sized, int | float) and sized <= _LARGEST_SMALL) else None
    return [both.get("prefix"), both.get("tag"), both.get("tags"), both.get("objectSizeLessThan"), too_big]


def _moves(rule: Mapping[str, Any]) -> bool:
    return bool(rule.get("transitions") or rule.get("transition") or rule.get("expiration"))


def _apply(pricing: Pricing, rule: Mapping[str, Any], found: Lifecycle) -> None:
    for transition in _mappings(rule.get("transitions") or rule.get("transition")):
        days, name = _days(pricing, transition, 0), transition.get("storageClass")
        if days is not None and isinstance(name, str):
            found.ages.append(AgeClass(days, name))
    for expiration in _mappings(rule.get("expiration")):
        days = _days(pricing, expiration, None)
        if days:
            found.delete_after_days = min(days, found.delete_after_days or days)


def _days(pricing: Pricing, told: Mapping[str, Any], default: int | None) -> int | None:
    days = told.get("days")
    if isinstance(days, Missing) or told.get("date") or isinstance(days, str):
        what = "a date" if told.get("date") else "not a number before `up`"
        pricing.note("lifecycle rule", "left out", f"its age is {what}, so how many objects it means is not known")
        return None
    return int(days) if isinstance(days, int | float) and not isinstance(days, bool) and 0 <= days <= _LONGEST_DAYS else default


def _mappings(value: object) -> list[Mapping[str, Any]]:
    listed = cast(list[object], value) if isinstance(value, list) else [value]
    return [cast(Mapping[str, Any], each) for each in listed if isinstance(each, Mapping)]
