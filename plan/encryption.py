"""Which key encrypts a bucket, or a cluster's secrets."""

from collections.abc import Callable
from dataclasses import dataclass
from re import Match, Pattern
from typing import Protocol

from environment.storage import Encryption
from plan.model import EncryptionPlan, PlacementPlan
from plan.request import BucketRequest
from plan.storage_rules import StorageRules

_HIDDEN = "[not shown]"


class Asking(Protocol):
    """Whatever has an `encryption`, and notes what is found about it."""

    @property
    def cloud(self) -> str:
        """The cloud that it stands on."""
        ...

    def fault(self, fields: str, value: object, problem: str, /, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes a fault at one of its fields (dotted)."""
        ...


@dataclass(frozen=True, kw_only=True)
class KeyRule:
    """How a cloud names a key, and what else must be true of one; `check` faults a key of the right form that cannot be used."""

    form: Pattern[str]
    form_in_words: str
    check: Callable[[Match[str]], None]


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
    limits = rules.LIMITS
    rule = KeyRule(form=limits.key, form_in_words=limits.key_form, check=lambda key: rules.check_existing_key(request, key, placement))
    return asked_key(request, wish, rule, "a bucket")


def asked_key(request: Asking, wish: Encryption, rule: KeyRule, owner: str) -> EncryptionPlan:
    """The key that is asked for; faults two keys at once, a rotation without a key, and a key that cannot be used.

    owner: whose key it is, as it stands in a sentence (a bucket).
    """
    if wish.customer_key and wish.existing_key is not None:
        problem = f"stands beside customerKey, and {owner} has one key"
        request.fault("encryption.existingKey", _HIDDEN, problem, allowed="customerKey or existingKey", fix="remove one of the two")
    if wish.existing_key is not None:
        _check_key(request, rule, wish.existing_key)
    if "rotation_days" in wish.model_fields_set and not wish.customer_key:
        problem = "has no key to rotate: only a key created here is rotated here"
        fix = "remove rotationDays, or write customerKey: true"
        request.fault("encryption.rotationDays", wish.rotation_days, problem, allowed="beside customerKey: true", fix=fix)
    return EncryptionPlan(customer_key=wish.customer_key, existing_key=wish.existing_key, rotation_days=wish.rotation_days)


def _check_key(request: Asking, rule: KeyRule, key: str) -> None:
    match = rule.form.fullmatch(key)
    if match is not None:
        rule.check(match)
        return
    # What stands here may be key material pasted by mistake, so it is never repeated.
    problem = f"is not the name of a key on {request.cloud}"
    request.fault(
        "encryption.existingKey", _HIDDEN, problem, allowed=rule.form_in_words, fix="write the key's full name, with no key material"
    )
