"""Azure role assignments, custom roles and federated identities: who may do what where, and who may become whom."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from policies.check import Checks, Problem
from policies.part import Part
from policies.view import Undecided, View

CHECKS = Checks()
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
DEFINITION = "azure-native:authorization:RoleDefinition"
FEDERATED = "azure-native:managedidentity:FederatedIdentityCredential"
# Source of the ids: Microsoft Learn, "Azure built-in roles".
_HANDING_OUT = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
_CONTRIBUTOR = {"b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor"}
_KEYS = {
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
    "81a9662b-bebf-436f-a333-f67b29880f12": "Storage Account Key Operator Service Role",
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
    "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8": "Azure Kubernetes Service Cluster Admin Role",
}
_PEOPLE = ("User", "Group", "ForeignGroup")
_SUBSCRIPTION = re.compile(r"/(subscriptions/[^/]+|providers/Microsoft\.Management/managementGroups/[^/]+)?/?", re.IGNORECASE)
_GROUP = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/?", re.IGNORECASE)
_RESOURCE_GROUP = "azure-native:resources:ResourceGroup"
_GRANTING = ("*", "microsoft.authorization/*", "microsoft.authorization/roleassignments/*", "microsoft.authorization/roleassignments/write")

Breadth = Literal["subscription", "group", "resource"]


@CHECKS.add(
    "DD-IAM-201",
    "No workload may do everything in a subscription",
    ASSIGNMENT,
    severity="critical",
    joined=True,
    rationale="Whoever takes over the workload owns the subscription, or all of them.",
    fix="name a role of the actions that are needed in roleDefinitionId; for people, set principalType to Group",
)
def no_subscription_owner(view: View) -> Iterator[Problem]:
    """Owner, Contributor and the roles that hand out roles, to an identity, at a subscription or above."""
    names = {**_HANDING_OUT, **_CONTRIBUTOR}
    if _all(lambda: _role(view, names) != "", lambda: _is_workload(view), lambda: _breadth(view) == "subscription"):
        yield Problem(path="roleDefinitionId", what=f"is {_role(view, names)}, of a whole subscription")


@CHECKS.add(
    "DD-IAM-202",
    "No workload may hand out roles",
    ASSIGNMENT,
    severity="critical",
    profiles={"dev": "advisory"},
    joined=True,
    rationale="Who may hand out roles has every role.",
    fix="name another role in roleDefinitionId, or bound it by a condition on roles and principals",
)
def hands_out_nothing(view: View) -> Iterator[Problem]:
    """Roles that hand out roles, to an identity below a subscription, without a condition (Microsoft Learn, "Azure RBAC conditions")."""
    below = _all(lambda: _role(view, _HANDING_OUT) != "", lambda: _is_workload(view), lambda: _breadth(view) != "subscription")
    if below and not view.present("condition"):
        yield Problem(path="roleDefinitionId", what=f"is {_role(view, _HANDING_OUT)}")


@CHECKS.add(
    "DD-IAM-203",
    "No workload may change everything in a resource group",
    ASSIGNMENT,
    severity="high",
    level="advisory",
    profiles={"regulated": "mandatory"},
    joined=True,
    rationale="A serving pod that may change its own cluster, vault and storage is the way into all of them.",
    fix="name a role of the actions that are needed in roleDefinitionId, at the scope of the resource",
)
def no_group_contributor(view: View) -> Iterator[Problem]:
    """Contributor to an identity at a resource group."""
    if _all(lambda: _role(view, _CONTRIBUTOR) != "", lambda: _is_workload(view), lambda: _breadth(view) == "group"):
        yield Problem(path="roleDefinitionId", what="is Contributor, of a whole resource group")


@CHECKS.add(
    "DD-IAM-204",
    "No workload may take keys that open everything",
    ASSIGNMENT,
    severity="high",
    profiles={"dev": "advisory"},
    joined=True,
    rationale="Roles that read an account's keys go past every role on its data.",
    fix="name a role on the data, such as Storage Blob Data Contributor or Key Vault Secrets User",
)
def takes_no_keys(view: View) -> Iterator[Problem]:
    """Roles that read keys of storage, everything of a vault, or a cluster's admin certificate, to an identity."""
    if _all(lambda: _role(view, _KEYS) != "", lambda: _is_workload(view)):
        yield Problem(path="roleDefinitionId", what=f"is {_role(view, _KEYS)}")


@CHECKS.add(
    "DD-IAM-205",
    "People get roles through groups",
    ASSIGNMENT,
    severity="low",
    level="disabled",
    profiles={"regulated": "advisory"},
    joined=True,
    rationale="A person's own assignment stays when they change teams; nobody looks for it.",
    fix="set principalId to a group's and principalType to Group",
    key="endpoints.<name>.access.members",
)
def through_groups(view: View) -> Iterator[Problem]:
    """Assignments to one person (Microsoft Learn, "Best practices for Azure RBAC")."""
    if view.text("principalType") == "User" and not _is_workload(view):
        yield Problem(path="principalType", what="is User")


@CHECKS.add(
    "DD-IAM-206",
    "No custom role allows everything",
    DEFINITION,
    severity="critical",
    rationale="Whoever takes over a workload with such a role owns all that the role is given for.",
    fix="name the actions that are needed in permissions.actions",
    equivalents=("AZU-0030", "CKV_AZURE_39"),
)
def not_everything(view: View) -> Iterator[Problem]:
    """`*` in actions or dataActions (Microsoft Learn, "Azure custom roles", wildcards)."""
    for path, actions in _allowed(view):
        if "*" in actions:
            yield Problem(path=path, what="is everything")


@CHECKS.add(
    "DD-IAM-207",
    "No custom role allows all that a service can",
    DEFINITION,
    severity="high",
    level="advisory",
    rationale="A job that reads one bucket and may do Microsoft.Storage/* can delete every other team's models.",
    fix="name the actions that are needed in permissions.actions",
    equivalents=("AZU-0030",),
)
def not_a_whole_service(view: View) -> Iterator[Problem]:
    """`Microsoft.Service/*` in actions or dataActions."""
    for path, actions in _allowed(view):
        whole = [action for action in actions if re.fullmatch(r"[^/*]+/\*", action)]
        if whole:
            yield Problem(path=path, what=f"is {whole[0]}")


@CHECKS.add(
    "DD-IAM-208",
    "No custom role hands out roles",
    DEFINITION,
    severity="critical",
    rationale="Who may write role assignments has every role.",
    fix="leave Microsoft.Authorization/roleAssignments/write out, or put it into notActions",
    equivalents=("CKV_AZURE_39",),
)
def role_hands_out_nothing(view: View) -> Iterator[Problem]:
    """Actions that write role assignments and are not taken back in notActions; `*` is told by the check of everything."""
    for permission in Part(view, "").each("permissions"):
        actions = {action.lower() for action in permission.texts("actions")}
        taken_back = {action.lower() for action in permission.texts("notActions")}
        if "*" not in actions and actions & {*_GRANTING} and not taken_back & {*_GRANTING}:
            yield Problem(path=permission.at("actions"), what="write role assignments")


@CHECKS.add(
    "DD-IAM-209",
    "A custom role is for named places",
    DEFINITION,
    severity="high",
    rationale="A role that can be given for every subscription of a company is one mistake away from all of them.",
    fix="name subscriptions or resource groups in assignableScopes",
)
def for_named_places(view: View) -> Iterator[Problem]:
    """assignableScopes of `/` or a whole management group."""
    for scope in Part(view, "").each("assignableScopes"):
        place = str(scope.get(""))
        if place == "/" or "/managementgroups/" in place.lower():
            yield Problem(path=scope.path, what="is more than a subscription")


@CHECKS.add(
    "DD-IAM-210",
    "Not every change that somebody proposes becomes an identity",
    FEDERATED,
    severity="critical",
    rationale="A job for a pull request runs what whoever opened it wrote, with what the identity may.",
    fix="set subject to a branch, tag or environment, such as repo:ORG/REPO:environment:prod",
    equivalents=("CKV_AZURE_249",),
)
def no_pull_requests(view: View) -> Iterator[Problem]:
    """Subjects of GitHub's that end in pull_request, or name an organisation's every repository (GitHub, OIDC in Azure)."""
    subject = view.text("subject")
    if subject.endswith(":pull_request"):
        yield Problem(path="subject", what="is every pull request")
    elif "*" in subject:
        yield Problem(path="subject", what="has a *, which names everybody or, as Azure compares letters, nobody")


@CHECKS.add(
    "DD-IAM-211",
    "Tokens for something else do not open an identity",
    FEDERATED,
    severity="high",
    rationale="A token that was made for another service can be used by that service to become the identity.",
    fix="set audiences to api://AzureADTokenExchange",
    parameters={"audiences": ("api://AzureADTokenExchange", "api://AzureADTokenExchangeUSGov", "api://AzureADTokenExchangeChina")},
)
def made_for_exchange(view: View) -> Iterator[Problem]:
    """audiences (Microsoft Learn, "Workload identity federation", audience)."""
    for audience in Part(view, "").each("audiences"):
        if str(audience.get("")) not in view.parameters["audiences"]:
            yield Problem(path=audience.path, what="is not for exchanging tokens")


def _role(view: View, names: dict[str, str]) -> str:
    """Which of these built-in roles is given, empty for none; one that the program defines is none of Azure's. Raises Undecided."""
    if view.referred("roleDefinitionId", DEFINITION):
        return ""
    return names.get(view.text("roleDefinitionId").rpartition("/")[2].lower(), "")


def _is_workload(view: View) -> bool:
    """Whether the principal is not said to be people, by the resource that it comes from, else by its type. Raises Undecided.

    The SDK's word for a type that is left out is User, whoever it is.
    """
    source = view.referred("principalId")
    if source and source.resource.package in ("azure-native", "azuread"):
        return source.resource.type.rpartition(":")[2] not in _PEOPLE
    return view.text("principalType", "ServicePrincipal") not in _PEOPLE


def _all(*conditions: Callable[[], bool]) -> bool:
    """Whether all hold; one that does not settles it, whatever cannot be read of the others. Raises Undecided."""
    unread: Undecided | None = None
    for holds in conditions:
        try:
            if not holds():
                return False
        except Undecided as undecided:
            unread = unread or undecided
    if unread:
        raise unread
    return True


def _breadth(view: View) -> Breadth:
    """How much the scope takes in. Raises Undecided."""
    if view.referred("scope", _RESOURCE_GROUP):
        return "group"
    if view.resource.references.get("scope"):
        return "resource"
    scope = view.text("scope")
    if _SUBSCRIPTION.fullmatch(scope):
        return "subscription"
    return "group" if _GROUP.fullmatch(scope) else "resource"


def _allowed(view: View) -> Iterator[tuple[str, list[str]]]:
    for permission in Part(view, "").each("permissions"):
        for name in ("actions", "dataActions"):
            yield permission.at(name), permission.texts(name)
