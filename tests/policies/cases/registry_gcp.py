"""Artifact Registry."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

REPOSITORY = "gcp:artifactregistry/repository:Repository"
MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
OLD = "gcp:container/registry:Registry"
AMAZON = made("aws:ecr/repository:Repository")
READ = "roles/artifactregistry.reader"


def repository(name: str = "images", **properties: Any) -> Resource:
    return made(REPOSITORY, {"format": "DOCKER", **properties}, name)


PYTHON = repository("packages", format="PYTHON", vulnerabilityScanningConfig={"enablementConfig": "DISABLED"})
REMOTE = repository("remote", mode="REMOTE_REPOSITORY", vulnerabilityScanningConfig={"enablementConfig": "DISABLED"})
KEEP, DELETE = {"id": "newest", "action": "KEEP"}, {"id": "old", "action": "DELETE"}

CASES = {
    "DD-REGISTRY-101": Case(
        violating=(repository(),),
        at=("kmsKeyName",),
        passing=(repository(kmsKeyName=UNKNOWN),),
        unknown=None,
        why_known="that a key is named is enough, whatever its name will be",
        elsewhere=(AMAZON,),
    ),
    "DD-REGISTRY-102": Case(
        violating=(
            made("gcp:artifactregistry/repositoryIamBinding:RepositoryIamBinding", {"role": READ, "members": ["allUsers"]}),
            made(MEMBER, {"role": READ, "member": "allAuthenticatedUsers"}),
        ),
        at=("members.0", "member"),
        passing=(made(MEMBER, {"role": READ, "member": "group:ml@example.org"}),),
        unknown=(made(MEMBER, {"role": READ, "member": UNKNOWN}),),
        elsewhere=(repository(),),
    ),
    "DD-REGISTRY-103": Case(
        violating=(repository(), repository("told", format="docker", dockerConfig={"immutableTags": False})),
        at=("dockerConfig.immutableTags", "dockerConfig.immutableTags"),
        passing=(repository(dockerConfig={"immutableTags": True}),),
        unknown=(repository(dockerConfig={"immutableTags": UNKNOWN}),),
        elsewhere=(PYTHON, REMOTE),
    ),
    "DD-REGISTRY-104": Case(
        violating=(repository(vulnerabilityScanningConfig={"enablementConfig": "DISABLED"}),),
        at=("vulnerabilityScanningConfig.enablementConfig",),
        passing=(repository(), repository("told", vulnerabilityScanningConfig={"enablementConfig": "INHERITED"})),
        unknown=(repository(vulnerabilityScanningConfig={"enablementConfig": UNKNOWN}),),
        elsewhere=(PYTHON, REMOTE),
    ),
    "DD-REGISTRY-105": Case(
        violating=(repository(), repository("kept", cleanupPolicies=[KEEP])),
        at=("cleanupPolicies", "cleanupPolicies"),
        passing=(repository(cleanupPolicies=[KEEP, DELETE]),),
        unknown=(repository(cleanupPolicies=[{"action": UNKNOWN}]),),
        elsewhere=(repository(mode="VIRTUAL_REPOSITORY"),),
    ),
    "DD-REGISTRY-106": Case(
        violating=(repository(cleanupPolicies=[DELETE], cleanupPolicyDryRun=True),),
        at=("cleanupPolicyDryRun",),
        passing=(repository(cleanupPolicies=[DELETE]), repository("told", cleanupPolicies=[DELETE], cleanupPolicyDryRun=False)),
        unknown=(repository(cleanupPolicies=[DELETE], cleanupPolicyDryRun=UNKNOWN),),
        elsewhere=(repository(cleanupPolicyDryRun=True),),
    ),
    "DD-REGISTRY-107": Case(
        violating=(made(OLD, {"project": "p", "location": "EU"}),),
        passing=(made(OLD, {"project": "legacy"}),),
        unknown=(made(OLD, {"project": UNKNOWN}),),
        elsewhere=(repository(),),
        parameters={"allowed": ["legacy"]},
    ),
}
