"""Which key encrypts a bucket."""

from plan.model import EncryptionPlan, PlacementPlan
from plan.request import BucketRequest
from plan.storage_rules import StorageRules

_HIDDEN = "[not shown]"


def plan_encryption(request: BucketRequest, rules: StorageRules, placement: PlacementPlan) -> EncryptionPlan:
    """The bucket's key; faults two keys at once, and a key that the cloud or the bucket's place cannot use."""
    wish = request.bucket.encryption
    if wish is None:
        request.decide(
            "encryption",
            "the cloud's own key",
            "every object is encrypted either way; a key of your own is billed, and losing it loses the data",
        )
        return EncryptionPlan()
    if wish.customer_key and wish.existing_key is not None:
        problem = "stands beside customerKey, and a bucket has one key"
        request.fault("encryption.existingKey", _HIDDEN, problem, allowed="customerKey or existingKey", fix="remove one of the two")
    if wish.existing_key is not None:
        _check_key(request, rules, wish.existing_key, placement)
    if "rotation_days" in wish.model_fields_set and not wish.customer_key:
        problem = "has no key to rotate: only a key created here is rotated here"
        fix = "remove rotationDays, or write customerKey: true"
        request.fault("encryption.rotationDays", wish.rotation_days, problem, allowed="beside customerKey: true", fix=fix)
    return EncryptionPlan(customer_key=wish.customer_key, existing_key=wish.existing_key, rotation_days=wish.rotation_days)


def _check_key(request: BucketRequest, rules: StorageRules, key: str, placement: PlacementPlan) -> None:
    match = rules.LIMITS.key.fullmatch(key)
    if match is not None:
        rules.check_existing_key(request, match, placement)
        return
    # What stands here may be key material pasted by mistake, so it is never repeated.
    problem = f"is not the name of a key on {request.cloud}"
    request.fault(
        "encryption.existingKey", _HIDDEN, problem, allowed=rules.LIMITS.key_form, fix="write the key's full name, with no key material"
    )
