"""Artifact Registry: who may pull images, whether they stay what they were, and when they go."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.gcp_iam import iam_kinds, opened
from policies.view import View

CHECKS = Checks()
REPOSITORY = "gcp:artifactregistry/repository:Repository"
_GRANTS = iam_kinds("artifactregistry", "repositoryIam")
_KEPT = "STANDARD_REPOSITORY"


@CHECKS.add(
    "DD-REGISTRY-101",
    "A repository is encrypted with a key of one's own",
    REPOSITORY,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="With Google's own key nobody can watch who decrypts the images, nor take the key away.",
    fix="set kmsKeyName; only a new repository takes it",
    key="registry.customerKey",
    equivalents=("CKV_GCP_84",),
)
def has_own_key(view: View) -> Iterator[Problem]:
    """kmsKeyName; Google's own key where it is left out (Artifact Registry API, Repository)."""
    if not view.present("kmsKeyName"):
        yield Problem(path="kmsKeyName", what="is not set")


@CHECKS.add(
    "DD-REGISTRY-102",
    "Not everybody may pull from a repository",
    *_GRANTS,
    severity="critical",
    rationale="An image holds the code, and often the model: whoever knows its name has both.",
    fix="name the users, groups or service accounts",
    equivalents=("CKV_GCP_101",),
)
def not_public(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


@CHECKS.add(
    "DD-REGISTRY-103",
    "A tag stays with its image",
    REPOSITORY,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A tag that moves makes the same deployment run another image tomorrow, by mistake or by somebody's design.",
    fix="set dockerConfig.immutableTags to true",
)
def tags_immutable(view: View) -> Iterator[Problem]:
    """dockerConfig.immutableTags of repositories for images, off where it is left out (Artifact Registry API, DockerRepositoryConfig)."""
    if _holds_images(view) and not view.flag("dockerConfig.immutableTags"):
        yield Problem(path="dockerConfig.immutableTags", what="is off")


@CHECKS.add(
    "DD-REGISTRY-104",
    "Images are scanned for known holes",
    REPOSITORY,
    profiles={"dev": "advisory"},
    rationale="An image that was safe when it was built is not a year later, and nobody is told.",
    fix="leave vulnerabilityScanningConfig out, or set its enablementConfig to INHERITED, and enable containerscanning.googleapis.com",
    equivalents=("CKV2_GCP_11",),
)
def images_scanned(view: View) -> Iterator[Problem]:
    """enablementConfig, which follows the project where it is left out (Artifact Registry API, VulnerabilityScanningConfig)."""
    if _holds_images(view) and view.text("vulnerabilityScanningConfig.enablementConfig") == "DISABLED":
        yield Problem(path="vulnerabilityScanningConfig.enablementConfig", what="is DISABLED")


@CHECKS.add(
    "DD-REGISTRY-105",
    "What nobody uses is cleared from a repository",
    REPOSITORY,
    level="advisory",
    rationale="Each build leaves gigabytes of layers that are paid for every month until somebody looks.",
    fix="add cleanupPolicies with action DELETE, and one with action KEEP for the newest",
    key="registry.keepNewest",
)
def cleaned_up(view: View) -> Iterator[Problem]:
    """Whether a policy deletes anything; what only shows others' images keeps none (Artifact Registry, "Configure cleanup policies")."""
    if view.text("mode", _KEPT) == "VIRTUAL_REPOSITORY":
        return
    if not any(policy.text("action") == "DELETE" for _, policy in view.each("cleanupPolicies")):
        yield Problem(path="cleanupPolicies", what="none deletes anything")


@CHECKS.add(
    "DD-REGISTRY-106",
    "Clean-up does what it says",
    REPOSITORY,
    level="advisory",
    rationale="In a dry run policies only write what they would delete; nobody sees that everything stays.",
    fix="set cleanupPolicyDryRun to false",
)
def not_a_dry_run(view: View) -> Iterator[Problem]:
    """cleanupPolicyDryRun where there are policies, off where it is left out (Artifact Registry API, Repository)."""
    if view.items("cleanupPolicies") and view.flag("cleanupPolicyDryRun"):
        yield Problem(path="cleanupPolicyDryRun", what="is on")


@CHECKS.add(
    "DD-REGISTRY-107",
    "Images lie in Artifact Registry",
    "gcp:container/registry:Registry",
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Container Registry takes no images since March 2025: what is built for it can be pushed nowhere.",
    fix="use an artifactregistry.Repository",
    parameters={"allowed": ()},
)
def not_container_registry(view: View) -> Iterator[Problem]:
    """Container Registry, which was shut down (Google Cloud, "Container Registry deprecation"); allowed: projects that may keep one."""
    if view.text("project") not in view.parameters["allowed"]:
        yield Problem(what="is in Container Registry, which was shut down")


def _holds_images(view: View) -> bool:
    return view.text("format").upper() == "DOCKER" and view.text("mode", _KEPT) == _KEPT
