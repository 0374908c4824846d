"""Google Cloud's IAM: what members may do in a project, a folder or an organisation, and who may become a service account."""

from collections.abc import Iterator

from policies.check import Checks, Problem
from policies.gcp_iam import DEFAULT_ACCOUNTS, declared, grants, iam_kinds, opened, roles, to_members
from policies.joins import everywhere
from policies.view import Undecided, View

CHECKS = Checks()
PROJECT = iam_kinds("projects", "iAM")
_LEVELS = (*PROJECT, *iam_kinds("folder", "iAM"), *iam_kinds("organizations", "iAM"))
_ON_ACCOUNTS = iam_kinds("serviceaccount", "iAM")
_CUSTOM_ROLES = ("gcp:projects/iAMCustomRole:IAMCustomRole", "gcp:organizations/iAMCustomRole:IAMCustomRole")
_PROVIDER = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"
_PRIMITIVE = ("roles/owner", "roles/editor", "roles/viewer")
# Source: Google Cloud, "Service account impersonation", roles that allow it.
_BECOMING = (
    "roles/iam.serviceAccountUser",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.serviceAccountAdmin",
    "roles/iam.serviceAccountKeyAdmin",
    "roles/iam.serviceAccountOpenIdTokenCreator",
    "roles/iam.workloadIdentityUser",
)
# What lets its holder give itself anything else, or become somebody else. Source: Google Cloud, "Privilege escalation", IAM permissions.
_ESCALATING = (
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.implicitDelegation",
    "iam.serviceAccounts.signBlob",
    "iam.serviceAccounts.signJwt",
    "iam.serviceAccountKeys.create",
)


@CHECKS.add(
    "DD-IAM-101",
    "Nobody has a basic role",
    *_LEVELS,
    severity="critical",
    profiles={"dev": "advisory"},
    rationale="Owner and editor may do nearly everything, and viewer see everything: whoever takes over one member has the project.",
    fix="give predefined roles of the services that are needed",
    equivalents=("CKV_GCP_115", "CKV_GCP_116", "CKV_GCP_117", "GCP-0007", "gcp_iam_allow_ban_roles"),
)
def no_basic_role(view: View) -> Iterator[Problem]:
    """Owner, editor and viewer (Google Cloud, "Basic roles")."""
    for path, role in roles(view, lambda role: role in _PRIMITIVE):
        yield Problem(path=path, what=f"is {role}")


@CHECKS.add(
    "DD-IAM-102",
    "Nobody may become every service account",
    *_LEVELS,
    severity="critical",
    profiles={"dev": "advisory"},
    rationale="Given on the project, the role lets its holder act as any of its service accounts, the most powerful one included.",
    fix="give the role on the one service account (serviceaccount.IAMMember)",
    equivalents=("CKV_GCP_41", "CKV_GCP_44", "CKV_GCP_45", "CKV_GCP_49", "GCP-0005", "GCP-0009", "GCP-0011"),
)
def no_wide_impersonation(view: View) -> Iterator[Problem]:
    """Roles that let one act as a service account, on more than one of them (Google Cloud, "Service account impersonation")."""
    for path, role in roles(view, lambda role: role in _BECOMING):
        yield Problem(path=path, what=f"is {role}, on every service account")


@CHECKS.add(
    "DD-IAM-103",
    "Google's default service accounts are given nothing",
    *_LEVELS,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="Whatever names no service account of its own runs as one of these, and shares all rights that they have.",
    fix="give the role to a service account of the workload's own",
    equivalents=("CKV_GCP_46", "CKV_GCP_47", "CKV_GCP_48", "GCP-0004", "GCP-0006", "GCP-0008"),
)
def default_accounts_without_roles(view: View) -> Iterator[Problem]:
    """Members that are Compute Engine's or App Engine's default account (Google Cloud, "Service account types")."""
    for grant in to_members(view, lambda member: member.endswith(DEFAULT_ACCOUNTS)):
        yield Problem(path=grant.member_path, what="is a default service account")


@CHECKS.add(
    "DD-IAM-104",
    "People have their rights through groups",
    *_LEVELS,
    severity="low",
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="Rights that are given to single people stay when they change teams.",
    fix="give the role to a group",
    key="endpoints.<name>.access.members",
    equivalents=("GCP-0003",),
)
def through_groups(view: View) -> Iterator[Problem]:
    """Members that are single users."""
    for grant in to_members(view, lambda member: member.startswith("user:")):
        yield Problem(path=grant.member_path, what="is a single person")


@CHECKS.add(
    "DD-IAM-105",
    "Nothing is given to everybody",
    *_LEVELS,
    *_ON_ACCOUNTS,
    severity="critical",
    rationale="Everybody on the internet then may do it, in the whole project or as the service account.",
    fix="name the users, groups or service accounts",
    key="endpoints.<name>.access.members",
    equivalents=("CKV_GCP_113", "gcp_iam_allowed_bindings"),
)
def not_everybody(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


@CHECKS.add(
    "DD-IAM-106",
    "No key of a service account lives for ever",
    "gcp:serviceaccount/key:Key",
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A key is valid until somebody takes it away, wherever it was copied to, and lies in the stack's state.",
    fix="attach the service account to the workload or use workload identity federation; where a key must be, rotate it by keepers",
    equivalents=("CKV2_GCP_3", "gcp_iam_restrict_service_account_key_type", "gcp_iam_restrict_service_account_key_age"),
)
def no_long_lived_keys(view: View) -> Iterator[Problem]:
    """Keys that users keep and that nothing makes anew (Pulumi registry, gcp.serviceaccount.Key, keepers); Google's own are no resource."""
    if not view.get("keepers"):
        yield Problem(what="is a key that never expires")


@CHECKS.add(
    "DD-IAM-107",
    "No workload administers a service",
    *PROJECT,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A job that may administer storage can delete every other team's models, and let others in.",
    fix="give a role of the actions that are needed, on the one resource",
    equivalents=("CKV_GCP_42", "GCP-0007"),
)
def no_administrator(view: View) -> Iterator[Problem]:
    """Administrators' roles, by their names, of service accounts on the project. Google's own agents, which need theirs, are left out."""
    given = grants(view)
    for grant in given:
        if _administers(grant.role or "") and (declared(view, grant) or _workload(grant.member or "")):
            yield Problem(path=grant.role_path, what=f"is {grant.role}, for a service account")
    for grant in given:
        if grant.role is None:
            if grant.member is None or _workload(grant.member):
                raise Undecided(grant.role_path)
        elif grant.member is None and _administers(grant.role) and not declared(view, grant):
            raise Undecided(grant.member_path)


@CHECKS.add(
    "DD-IAM-108",
    "No role of one's own lets its holder take more",
    *_CUSTOM_ROLES,
    severity="high",
    rationale="Whoever may change who may do what, or act as a service account, may in the end do everything.",
    fix="leave the permission out, or give it by a predefined role on the one resource",
    equivalents=("gcp_iam_custom_role_permissions",),
)
def no_escalation(view: View) -> Iterator[Problem]:
    """Permissions to set IAM policies, or to act as service accounts (Google Cloud, IAM permissions reference)."""
    for path, permission in view.each("permissions"):
        if permission.text("") in _ESCALATING or permission.text("").endswith(".setIamPolicy"):
            yield Problem(path=path, what=f"is {permission.text('')}")


@CHECKS.add(
    "DD-IAM-109",
    "A project's roles are given in one way",
    *PROJECT[1:],
    severity="high",
    joined=True,
    rationale="A policy or binding takes away what was given by anything else, at the next update: Google's own agents may be among them.",
    fix="give roles by IAMMember alone",
    equivalents=("iam-role-no-policy-management-conflicts",),
)
def given_in_one_way(view: View) -> Iterator[Problem]:
    """A policy beside bindings or members, and a binding beside members of its role (Pulumi registry, gcp.projects.IAMPolicy)."""
    member, binding, policy = PROJECT
    if view.resource.type == policy:
        others = [each for each in everywhere(view, [member, binding]) if _same_project(view, each)]
    else:
        others = [each for each in everywhere(view, [member]) if _same_project(view, each) and each.text("role") == view.text("role")]
    if others:
        yield Problem(what=f"takes away what {others[0].resource.name} gives")


@CHECKS.add(
    "DD-IAM-110",
    "Foreign identities are let in by name",
    _PROVIDER,
    severity="critical",
    rationale="Without a condition every repository, or every user there is, of the other identity provider gets a token.",
    fix="set attributeCondition on the issuer's own claims, such as assertion.repository_owner == 'YOU'",
    equivalents=("CKV_GCP_118", "CKV_GCP_125", "GCP-0068"),
)
def foreigners_named(view: View) -> Iterator[Problem]:
    """attributeCondition (Google Cloud, "Best practices for using Workload Identity Federation"); a provider that is off lets nobody in."""
    if not view.flag("disabled") and not view.present("attributeCondition"):
        yield Problem(path="attributeCondition", what="is not set")


def _administers(role: str) -> bool:
    return role.lower().endswith("admin") or role in ("roles/owner", "roles/editor")


def _workload(member: str) -> bool:
    # Google's agents are of projects that Google names: gcp-sa-…, or service-NUMBER of a service of its own.
    return member.startswith("serviceAccount:") and "@gcp-sa-" not in member and not member.startswith("serviceAccount:service-")


def _same_project(view: View, other: View) -> bool:
    mine, theirs = view.resource.references.get("project", ()), other.resource.references.get("project", ())
    return mine == theirs if mine or theirs else view.text("project") == other.text("project")
