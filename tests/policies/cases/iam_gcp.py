"""Google Cloud's IAM."""

import json
from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

MEMBER = "gcp:projects/iAMMember:IAMMember"
BINDING = "gcp:projects/iAMBinding:IAMBinding"
POLICY = "gcp:projects/iAMPolicy:IAMPolicy"
ON_FOLDER = "gcp:folder/iAMMember:IAMMember"
ON_ORGANISATION = "gcp:organizations/iAMBinding:IAMBinding"
ON_ACCOUNT = "gcp:serviceaccount/iAMMember:IAMMember"
ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"
KEY = "gcp:serviceaccount/key:Key"
PROVIDER = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"
AMAZON = made("aws:iam/role:Role")
JOB = made("gcp:serviceaccount/account:Account", {"accountId": "job"}, "job")
PROJECT = made("gcp:organizations/project:Project", {"projectId": "p"}, "p")
GROUP = "group:ml@example.org"
READ, WRITE = "roles/storage.objectViewer", "roles/storage.objectUser"
ACCOUNT = "serviceAccount:job@p.iam.gserviceaccount.com"
DEFAULT = "serviceAccount:123-compute@developer.gserviceaccount.com"


def member(name: str = "it", **given: Any) -> Resource:
    return made(MEMBER, {"project": "p", "role": READ, "member": GROUP, **given}, name)


def binding(*members: object, role: object = READ, name: str = "it") -> Resource:
    return made(BINDING, {"project": "p", "role": role, "members": list(members)}, name)


def policy(**given: list[str]) -> Resource:
    listed = [{"role": role.replace("_", "/"), "members": members} for role, members in given.items()]
    return made(POLICY, {"project": "p", "policyData": json.dumps({"bindings": listed})})


def role(*permissions: object) -> Resource:
    return made(ROLE, {"roleId": "r", "permissions": list(permissions)})


CASES = {
    "DD-IAM-101": Case(
        violating=(
            made(ON_FOLDER, {"role": "roles/viewer", "member": UNKNOWN}),
            made(BINDING, {"role": "roles/owner", "members": UNKNOWN}),
            member(role="roles/editor"),
            policy(roles_owner=[GROUP], roles_browser=[GROUP]),
        ),
        at=("role", "role", "role", "policyData.bindings.0.role"),
        passing=(member(), binding(GROUP), policy(roles_browser=[GROUP])),
        unknown=(member(role=UNKNOWN),),
        elsewhere=(AMAZON, made(ON_ACCOUNT, {"role": "roles/owner"})),
    ),
    "DD-IAM-102": Case(
        violating=(
            made(ON_ORGANISATION, {"role": "roles/iam.workloadIdentityUser", "members": [GROUP]}),
            member(role="roles/iam.serviceAccountUser"),
            *(member(name, role=f"roles/iam.serviceAccount{name}") for name in ("Admin", "KeyAdmin", "OpenIdTokenCreator", "TokenCreator")),
        ),
        at=("role",) * 6,
        passing=(member(role="roles/iam.serviceAccountViewer"),),
        unknown=(member(role=UNKNOWN),),
        elsewhere=(made(ON_ACCOUNT, {"role": "roles/iam.serviceAccountUser", "member": GROUP}),),
    ),
    "DD-IAM-103": Case(
        violating=(binding(GROUP, DEFAULT), member(member="serviceAccount:p@appspot.gserviceaccount.com")),
        at=("members.1", "member"),
        passing=(member(member=ACCOUNT), JOB, made(MEMBER, {"role": READ, "member": UNKNOWN}, "own", member=JOB)),
        unknown=(member(member=UNKNOWN),),
        elsewhere=(AMAZON, made("gcp:storage/bucketIAMMember:BucketIAMMember", {"member": DEFAULT})),
    ),
    "DD-IAM-104": Case(
        violating=(binding("user:a@example.org", GROUP),),
        at=("members.0",),
        passing=(member(), member("account", member=ACCOUNT)),
        unknown=(binding(GROUP, UNKNOWN),),
        elsewhere=(made(ON_ACCOUNT, {"role": READ, "member": "user:a@example.org"}),),
    ),
    "DD-IAM-105": Case(
        violating=(
            binding(GROUP, "allUsers"),
            made(ON_ACCOUNT, {"role": READ, "member": "allAuthenticatedUsers"}),
        ),
        at=("members.1", "member"),
        passing=(member(), JOB, made(MEMBER, {"role": READ, "member": UNKNOWN}, "own", member=JOB)),
        unknown=(made(POLICY, {"policyData": UNKNOWN}),),
        elsewhere=(AMAZON, made(POLICY, {"policyData": "[]"})),
    ),
    "DD-IAM-106": Case(
        violating=(made(KEY, {"serviceAccountId": UNKNOWN}), made(KEY, {"publicKeyData": UNKNOWN}, "uploaded")),
        at=("", ""),
        passing=(made(KEY, {"keepers": {"rotated": UNKNOWN}}),),
        unknown=(made(KEY, {"keepers": UNKNOWN}),),
        elsewhere=(JOB,),
    ),
    "DD-IAM-107": Case(
        violating=(
            binding(GROUP, ACCOUNT, role="roles/storage.admin"),
            JOB,
            made(MEMBER, {"role": "roles/compute.networkAdmin", "member": UNKNOWN}, "own", member=JOB),
            policy(roles_editor=[ACCOUNT], roles_owner=[GROUP, ACCOUNT]),
        ),
        at=("role", "role", "policyData.bindings.0.role", "policyData.bindings.1.role"),
        passing=(
            member(role="roles/storage.admin"),
            member("job", member=ACCOUNT),
            made(MEMBER, {"role": WRITE, "member": UNKNOWN}, "later"),
        ),
        unknown=(
            member(role="roles/storage.admin", member=UNKNOWN),
            member("role", role=UNKNOWN, member=ACCOUNT),
            member("both", role=UNKNOWN, member=UNKNOWN),
        ),
        undecided=3,
        elsewhere=(
            member(role="roles/storage.admin", member="serviceAccount:service-1@container-engine-robot.iam.gserviceaccount.com"),
            member("agent", role="roles/pubsub.admin", member="serviceAccount:x@gcp-sa-eventarc.iam.gserviceaccount.com"),
            member("people", role=UNKNOWN),
        ),
    ),
    "DD-IAM-108": Case(
        violating=(
            role(
                "storage.objects.get",
                "resourcemanager.projects.setIamPolicy",
                "iam.serviceAccountKeys.create",
                *(f"iam.serviceAccounts.{may}" for may in ("actAs", "getAccessToken", "implicitDelegation", "signBlob", "signJwt")),
            ),
        ),
        at=tuple(f"permissions.{at}" for at in range(1, 8)),
        passing=(role("storage.objects.get", "resourcemanager.projects.getIamPolicy"),),
        unknown=(role("storage.objects.get", UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-IAM-109": Case(
        violating=(
            binding(GROUP, name="beside"),
            member("one"),
            made(POLICY, {"project": UNKNOWN, "policyData": "{}"}, "whole", project=PROJECT),
            made(BINDING, {"project": UNKNOWN, "role": WRITE, "members": []}, "part", project=PROJECT),
        ),
        at=("", ""),
        words=("what one gives", "what part gives"),
        passing=(
            binding(GROUP, role=WRITE),
            member("other-role"),
            made(MEMBER, {"project": "q", "role": WRITE, "member": GROUP}, "other-project"),
            made(MEMBER, {"project": UNKNOWN, "role": WRITE, "member": GROUP}, "declared", project=PROJECT),
        ),
        unknown=(binding(GROUP), member(role=UNKNOWN)),
        elsewhere=(AMAZON, member()),
    ),
    "DD-IAM-110": Case(
        violating=(made(PROVIDER, {"oidc": {"issuerUri": "https://token.actions.githubusercontent.com"}}),),
        at=("attributeCondition",),
        passing=(made(PROVIDER, {"attributeCondition": "assertion.repository_owner == 'acme'"}),),
        unknown=(made(PROVIDER, {"disabled": UNKNOWN}),),
        elsewhere=(made(PROVIDER, {"disabled": True}),),
    ),
}
