"""Amazon ECR: who pulls images, what is in them, and how long they are kept."""

import json
from collections.abc import Iterator
from dataclasses import replace

from policies.aws_policy import statements
from policies.check import Checks, Problem
from policies.joins import beside, everywhere
from policies.view import View

CHECKS = Checks()
REPOSITORY = "aws:ecr/repository:Repository"
_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
_LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
_SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"


@CHECKS.add(
    "DD-REGISTRY-001",
    "Images are scanned when they are pushed",
    REPOSITORY,
    severity="high",
    joined=True,
    rationale="A model image carries years of system packages and Python wheels; nobody looks for holes in them by hand.",
    fix="set imageScanningConfiguration.scanOnPush to true, or scan the whole registry (RegistryScanningConfiguration)",
    equivalents=("CKV_AWS_163", "AWS-0030", "ecr-private-image-scanning-enabled"),
)
def scans_on_push(view: View) -> Iterator[Problem]:
    """scanOnPush, off where it is left out, or a rule of the registry that scans (Amazon ECR API, ScanFrequency)."""
    rules = [rule for found in everywhere(view, [_SCANNING]) for _, rule in found.each("rules")]
    scanned = any(rule.text("scanFrequency") in ("SCAN_ON_PUSH", "CONTINUOUS_SCAN") for rule in rules)
    if not scanned and not view.flag("imageScanningConfiguration.scanOnPush"):
        yield Problem(path="imageScanningConfiguration.scanOnPush", what="is off")


@CHECKS.add(
    "DD-REGISTRY-002",
    "A tag always means the same image",
    REPOSITORY,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Where tags move, a restart serves another model than the one that was tried, and nobody can go back.",
    fix="set imageTagMutability to IMMUTABLE",
    equivalents=("CKV_AWS_51", "AWS-0031", "ecr-private-tag-immutability-enabled"),
)
def tags_stay(view: View) -> Iterator[Problem]:
    """imageTagMutability, MUTABLE where it is left out (Amazon ECR API, CreateRepository); exclusions are deliberate."""
    if not view.text("imageTagMutability", "MUTABLE").startswith("IMMUTABLE"):
        yield Problem(path="imageTagMutability", what="lets tags move")


@CHECKS.add(
    "DD-REGISTRY-003",
    "Images are encrypted with a key of one's own",
    REPOSITORY,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="Models baked into images deserve the key that their bucket has.",
    fix="set encryptionConfigurations with encryptionType KMS and kmsKey; it cannot be changed later",
    key="registry.customerKey",
    equivalents=("CKV_AWS_136", "AWS-0033", "ecr-repository-cmk-encryption-enabled"),
)
def own_key(view: View) -> Iterator[Problem]:
    """A key that is named; AES256 and KMS without a key are AWS's own (Amazon ECR API, EncryptionConfiguration)."""
    if not any(found.present("kmsKey") for _, found in view.each("encryptionConfigurations")):
        yield Problem(path="encryptionConfigurations", what="name no key")


@CHECKS.add(
    "DD-REGISTRY-004",
    "Nobody pulls who is not named",
    _POLICY,
    severity="critical",
    rationale="A policy for everybody hands out the images, and the models and code in them; where it allows pushing, it takes in others'.",
    fix="name accounts in Principal, or add a condition on aws:PrincipalOrgID",
    equivalents=("CKV_AWS_32", "AWS-0032"),
)
def pullers_named(view: View) -> Iterator[Problem]:
    """Statements of a repository's policy that allow everybody."""
    for statement in statements(view):
        if statement.open:
            yield Problem(path=f"{statement.path}.Principal", what="is everybody")


@CHECKS.add(
    "DD-REGISTRY-005",
    "Old images are cleaned up",
    REPOSITORY,
    level="advisory",
    joined=True,
    rationale="Each push of a serving image leaves gigabytes behind that are paid for every month.",
    fix="add a LifecyclePolicy that expires untagged images, and all but the newest tagged ones",
    key="registry.deleteUntaggedAfterDays",
    equivalents=("ecr-private-lifecycle-policy-configured",),
)
def cleans_up(view: View) -> Iterator[Problem]:
    """Whether a lifecycle policy with a rule that expires images refers to it."""
    if not any(_expires(found) for found in beside(view, [_LIFECYCLE], "repository")):
        yield Problem(what="no lifecycle policy expires images")


@CHECKS.add(
    "DD-REGISTRY-006",
    "A public repository is a decision",
    "aws:ecrpublic/repository:Repository",
    severity="high",
    rationale="Whatever is pushed to it, models and code included, is the world's from that moment.",
    fix="use aws.ecr.Repository, or tag it with public: true",
)
def not_public(view: View) -> Iterator[Problem]:
    """Repositories of the public gallery that do not say by a tag that they are meant for everybody."""
    if view.text("tags.public") != "true":
        yield Problem(what="is open to everybody, and nobody says that it is meant to be")


def _expires(lifecycle: View) -> bool:
    document = lifecycle.get("policy")
    if isinstance(document, str):
        try:
            lifecycle = _with(lifecycle, json.loads(document))
        except ValueError:
            # AWS refuses it itself.
            return False
    return any(rule.text("action.type") == "expire" for _, rule in lifecycle.each("policy.rules"))


def _with(view: View, policy: object) -> View:
    return replace(view, resource=replace(view.resource, properties={"policy": policy}))
