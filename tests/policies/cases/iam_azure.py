"""Azure role assignments, custom roles and federated identities."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

ASSIGNMENT = "azure-native:authorization:RoleAssignment"
DEFINITION = "azure-native:authorization:RoleDefinition"
FEDERATED = "azure-native:managedidentity:FederatedIdentityCredential"
AMAZON = made("aws:iam/role:Role")
IDENTITY = made("azure-native:managedidentity:UserAssignedIdentity", {}, "worker")
TEAM = made("azuread:index/group:Group", {}, "team")
GROUP = made("azure-native:resources:ResourceGroup", {}, "group")
CLUSTER = made("azure-native:containerservice:ManagedCluster", {}, "cluster")
# Microsoft Learn, "Azure built-in roles".
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
USER_ACCESS = "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
STORAGE_CONTRIBUTOR = "17d1049b-9a84-46fb-8f53-869881c3d3ab"
VAULT_ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
KEY_OPERATOR = "81a9662b-bebf-436f-a333-f67b29880f12"
CLUSTER_ADMIN = "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8"
SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
IN_GROUP = f"{SUBSCRIPTION}/resourceGroups/ml"
ACCOUNT = f"{IN_GROUP}/providers/Microsoft.Storage/storageAccounts/models"


def given(
    name: str, role: object, scope: object = SUBSCRIPTION, to: object = "ServicePrincipal", condition: object = None, **refers: Resource
) -> Resource:
    path = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}" if isinstance(role, str) else role
    properties = {"roleDefinitionId": path, "scope": scope, "principalType": to, "principalId": "p", "condition": condition}
    return made(ASSIGNMENT, properties, name, **refers)


def role(name: str, *permissions: object, **properties: Any) -> Resource:
    return made(DEFINITION, {"permissions": list(permissions), **properties}, name)


def allowed(*actions: object, **more: Any) -> dict[str, Any]:
    return {"actions": list(actions), **more}


def federated(name: str, subject: object = "system:serviceaccount:ml:server", audience: object = "api://AzureADTokenExchange") -> Resource:
    return made(FEDERATED, {"subject": subject, "audiences": [audience], "issuer": "https://a.example"}, name)


# What another stack, or a random number, says of a principal is no kind of principal.
FOREIGN = made("random:index/randomUuid:RandomUuid", {}, "foreign")
CUSTOM = role("custom", allowed("Microsoft.Storage/storageAccounts/read"))

CASES = {
    "DD-IAM-201": Case(
        violating=(
            given("a-owner", OWNER),
            given("b-contributor", CONTRIBUTOR.upper(), f"{SUBSCRIPTION}/"),
            given("c-above", USER_ACCESS, "/providers/Microsoft.Management/managementGroups/acme"),
            IDENTITY,
            given("d-worker", OWNER, "/", to=None, principalId=IDENTITY),
            given("e-sdk", OWNER, "/", to="User", principalId=IDENTITY),
        ),
        at=("roleDefinitionId",) * 5,
        passing=(given("reader", READER), given("one", OWNER, ACCOUNT), given("ml", CONTRIBUTOR, IN_GROUP)),
        unknown=(given("later", UNKNOWN),),
        elsewhere=(
            AMAZON,
            given("people", OWNER, to="Group"),
            FOREIGN,
            given("said", OWNER, to="User", principalId=FOREIGN),
            TEAM,
            given("team", OWNER, to=None, principalId=TEAM),
            CUSTOM,
            given("own", UNKNOWN, roleDefinitionId=CUSTOM),
            CLUSTER,
            made(ASSIGNMENT, {"roleDefinitionId": OWNER, "scope": UNKNOWN}, scope=CLUSTER),
            given("narrow", UNKNOWN, ACCOUNT),
        ),
    ),
    "DD-IAM-202": Case(
        violating=(
            given("a-account", OWNER, ACCOUNT),
            given("b-group", RBAC_ADMINISTRATOR, IN_GROUP),
            CLUSTER,
            made(ASSIGNMENT, {"roleDefinitionId": USER_ACCESS, "scope": UNKNOWN}, "c-cluster", scope=CLUSTER),
        ),
        at=("roleDefinitionId",) * 3,
        passing=(given("bound", RBAC_ADMINISTRATOR, IN_GROUP, condition="@Request[…]"), given("contributor", CONTRIBUTOR, IN_GROUP)),
        unknown=(given("later", OWNER, UNKNOWN),),
        elsewhere=(AMAZON, given("people", OWNER, ACCOUNT, to="User"), given("told", OWNER)),
    ),
    "DD-IAM-203": Case(
        violating=(
            given("named", CONTRIBUTOR, IN_GROUP),
            GROUP,
            made(ASSIGNMENT, {"roleDefinitionId": CONTRIBUTOR, "scope": UNKNOWN}, "own", scope=GROUP),
        ),
        at=("roleDefinitionId", "roleDefinitionId"),
        passing=(given("account", CONTRIBUTOR, ACCOUNT), given("reader", READER, IN_GROUP)),
        unknown=(given("later", CONTRIBUTOR, UNKNOWN),),
        elsewhere=(
            AMAZON,
            given("people", CONTRIBUTOR, IN_GROUP, to="Group"),
            given("told", CONTRIBUTOR),
            given("person", UNKNOWN, IN_GROUP, to="User"),
        ),
    ),
    "DD-IAM-204": Case(
        violating=tuple(given(role, role, IN_GROUP) for role in (STORAGE_CONTRIBUTOR, VAULT_ADMINISTRATOR, KEY_OPERATOR, CLUSTER_ADMIN)),
        at=("roleDefinitionId",) * 4,
        passing=(given("reader", READER, ACCOUNT),),
        unknown=(given("later", STORAGE_CONTRIBUTOR, ACCOUNT, to=UNKNOWN),),
        elsewhere=(AMAZON, given("people", STORAGE_CONTRIBUTOR, ACCOUNT, to="ForeignGroup")),
    ),
    "DD-IAM-205": Case(
        violating=(given("person", READER, ACCOUNT, to="User"),),
        at=("principalType",),
        passing=(given("team", READER, ACCOUNT, to="Group"), given("worker", READER, ACCOUNT)),
        unknown=(given("later", READER, ACCOUNT, to=UNKNOWN),),
        elsewhere=(AMAZON, IDENTITY, given("sdk", READER, ACCOUNT, to="User", principalId=IDENTITY)),
    ),
    "DD-IAM-206": Case(
        violating=(role("all", allowed("Microsoft.Storage/*/read"), allowed("*"), {"actions": [], "dataActions": ["*"]}),),
        at=("permissions.1.actions", "permissions.2.dataActions"),
        passing=(role("reads", allowed("*/read", notActions=["*"])),),
        unknown=(role("later", allowed(UNKNOWN)),),
        elsewhere=(AMAZON,),
    ),
    "DD-IAM-207": Case(
        violating=(role("service", allowed("Microsoft.Storage/storageAccounts/read", "Microsoft.Storage/*")),),
        at=("permissions.0.actions",),
        passing=(role("some", allowed("Microsoft.Storage/storageAccounts/*", "*/read")),),
        unknown=(role("later", {"dataActions": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-IAM-208": Case(
        violating=(
            role("grants", allowed("Microsoft.Authorization/roleAssignments/write")),
            role("more", allowed("Microsoft.Authorization/*")),
            role("most", allowed("Microsoft.Authorization/roleAssignments/*")),
        ),
        at=("permissions.0.actions",) * 3,
        passing=(
            role("reads", allowed("Microsoft.Authorization/*/read", "Microsoft.Authorization/roleAssignments/read")),
            role("nothing", allowed("Microsoft.Authorization/*", notActions=["*"])),
            role("but", allowed("Microsoft.Authorization/*", notActions=["Microsoft.Authorization/roleAssignments/write"])),
        ),
        unknown=(role("later", allowed("Microsoft.Authorization/*", notActions=UNKNOWN)),),
        elsewhere=(AMAZON, role("told", allowed("*", "Microsoft.Authorization/*"))),
    ),
    "DD-IAM-209": Case(
        violating=(role("wide", assignableScopes=[SUBSCRIPTION, "/", "/providers/Microsoft.Management/managementGroups/acme"]),),
        at=("assignableScopes.1", "assignableScopes.2"),
        passing=(role("named", assignableScopes=[SUBSCRIPTION, IN_GROUP]),),
        unknown=(role("later", assignableScopes=[UNKNOWN]),),
        elsewhere=(AMAZON,),
    ),
    "DD-IAM-210": Case(
        violating=(federated("pr", "repo:acme/models:pull_request"), federated("star", "repo:acme/*:ref:refs/heads/main")),
        at=("subject", "subject"),
        passing=(federated("pod"), federated("main", "repo:acme/models:ref:refs/heads/main")),
        unknown=(federated("later", UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-IAM-211": Case(
        violating=(federated("other", audience="sts.amazonaws.com"),),
        at=("audiences.0",),
        passing=(federated("pod"), federated("government", audience="api://AzureADTokenExchangeUSGov")),
        unknown=(federated("later", audience=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
}
