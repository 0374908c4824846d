"""AWS IAM: what roles, users and groups may do, and who may become them."""

from collections.abc import Iterator
from dataclasses import replace

from policies.aws_policy import Statement, statements
from policies.check import Checks, Problem
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
ROLE = "aws:iam/role:Role"
POLICIES = (
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)
ATTACHMENTS = (
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)
ADMINISTRATORS = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")


@CHECKS.add(
    "DD-IAM-001",
    "Nobody may do everything",
    *POLICIES,
    ROLE,
    severity="critical",
    rationale="Whoever takes over a workload with such a role owns the account.",
    fix="name the actions that are needed in Action",
    equivalents=("CKV_AWS_62", "CKV_AWS_63", "AWS-0057", "iam-policy-no-statements-with-admin-access"),
)
def not_everything(view: View) -> Iterator[Problem]:
    """Statements that allow all actions, or all but some, on all resources."""
    for statement in _permissions(view):
        if statement.allows and statement.any_resource and "*" in statement.actions:
            yield Problem(path=f"{statement.path}.Action", what="is everything, on every resource")


@CHECKS.add(
    "DD-IAM-002",
    "Nobody may do all that a service can, to all that it has",
    *POLICIES,
    ROLE,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A job that reads one bucket and may do s3:* everywhere can delete every other team's models.",
    fix="name actions in Action, or the resources in Resource",
    equivalents=("AWS-0345", "CKV_AWS_355", "iam-policy-no-statements-with-full-access"),
)
def not_a_whole_service(view: View) -> Iterator[Problem]:
    """Statements that allow `service:*` on all resources."""
    for statement in _permissions(view):
        whole = [action for action in statement.actions if action.endswith(":*")]
        if statement.allows and statement.any_resource and whole:
            yield Problem(path=f"{statement.path}.Action", what=f"is {whole[0]}, on every resource")


@CHECKS.add(
    "DD-IAM-003",
    "Nobody may hand on any role",
    *POLICIES,
    ROLE,
    severity="critical",
    rationale="Who may pass every role to a service may become every role, the administrator's included.",
    fix="name the roles in Resource, or add a condition on iam:PassedToService",
    equivalents=("AWS-0342", "CKV_AWS_286"),
)
def passes_named_roles(view: View) -> Iterator[Problem]:
    """Statements that allow iam:PassRole on all roles, unless the service that they are passed to is bound."""
    for statement in _permissions(view):
        bound = any(key == "iam:passedtoservice" and "*" not in values for _, key, values in statement.conditions)
        named = statement.covers("iam:PassRole") and "*" not in statement.actions and "iam:*" not in map(str.lower, statement.actions)
        if statement.allows and named and any(map(_any_role, statement.resources)) and not bound:
            yield Problem(path=f"{statement.path}.Resource", what="is every role, for iam:PassRole")


@CHECKS.add(
    "DD-IAM-004",
    "No workload is an administrator",
    ROLE,
    *ATTACHMENTS,
    severity="critical",
    rationale="AWS's policies for administrators let whoever takes over a workload do the same.",
    fix="attach a policy of the actions that are needed",
    equivalents=("CKV_AWS_274", "CKV2_AWS_56", "iam-policy-no-statements-with-admin-access"),
)
def no_administrator(view: View) -> Iterator[Problem]:
    """AWS's own policies that allow everything, or everything of IAM, by their names."""
    for path, policy in view.each("managedPolicyArns"):
        if policy.text("").endswith(ADMINISTRATORS):
            yield Problem(path=path, what=f"is {_name(policy.text(''))}")
    if view.text("policyArn").endswith(ADMINISTRATORS):
        yield Problem(path="policyArn", what=f"is {_name(view.text('policyArn'))}")


@CHECKS.add(
    "DD-IAM-005",
    "A role's policies are managed in one way",
    ROLE,
    joined=True,
    rationale="The list of a role takes away what an attachment gave at the next update, and the attachment gives it back.",
    fix="use either managedPolicyArns and inlinePolicies, or attachments and RolePolicies",
    equivalents=("iam-role-no-policy-management-conflicts",),
)
def managed_in_one_way(view: View) -> Iterator[Problem]:
    """A role that lists its policies and has resources that attach others (Pulumi registry, aws.iam.Role)."""
    ways = (("managedPolicyArns", ATTACHMENTS), ("inlinePolicies", ("aws:iam/rolePolicy:RolePolicy",)))
    for name, kinds in ways:
        if view.present(name) and beside(view, kinds):
            yield Problem(path=name, what="is a list of its own beside resources that add to it")


@CHECKS.add(
    "DD-IAM-006",
    "Not everybody may become a role",
    ROLE,
    severity="critical",
    rationale="A trust policy for everybody gives the role to every AWS account there is.",
    fix="name accounts, roles or services in the trust policy's Principal",
    equivalents=("CKV_AWS_60", "CKV_AWS_61"),
)
def trusts_named(view: View) -> Iterator[Problem]:
    """Statements of the trust policy that let everybody in."""
    for statement in statements(view, "assumeRolePolicy"):
        if statement.open:
            yield Problem(path=f"{statement.path}.Principal", what="is everybody")


@CHECKS.add(
    "DD-IAM-007",
    "A role for pods or pipelines is for named ones",
    ROLE,
    severity="critical",
    rationale="Without a condition on the subject every pod of the cluster, or every repository there is, may take the role.",
    fix="add a condition StringEquals on the issuer's :sub, such as system:serviceaccount:NAMESPACE:NAME",
    equivalents=("CKV_AWS_358", "require-aws-node-irsa"),
)
def subject_named(view: View) -> Iterator[Problem]:
    """Statements that trust a web identity provider without saying whom of it (Amazon EKS User Guide, IAM roles for service accounts)."""
    for statement in statements(view, "assumeRolePolicy"):
        taken = statement.covers("sts:AssumeRoleWithWebIdentity") and _federated(statement)
        if statement.allows and taken and not any(map(_names_subject, statement.conditions)):
            yield Problem(path=f"{statement.path}.Condition", what="names no subject")


@CHECKS.add(
    "DD-IAM-008",
    "Programs have no keys that never expire",
    "aws:iam/accessKey:AccessKey",
    severity="high",
    profiles={"dev": "advisory"},
    rationale="An access key is valid until somebody takes it away, wherever it was copied to, and lies readable in the stack's state.",
    fix="let the workload take a role: pod identity, an instance profile, or a web identity",
    equivalents=("CKV_AWS_273",),
)
def no_long_lived_keys(view: View) -> Iterator[Problem]:
    """Access keys of users; one that is Inactive opens nothing."""
    if view.text("status", "Active") != "Inactive":
        yield Problem(what="is a key that never expires")


def too_powerful(role: View) -> str:
    """What makes a role one that may do everything, in words; empty where nothing that the program declares does. Raises Undecided."""
    given = [policy.text("") for _, policy in role.each("managedPolicyArns")]
    given += [attached.text("policyArn") for attached in beside(role, ATTACHMENTS)]
    named = next((_name(arn) for arn in given if arn.endswith(ADMINISTRATORS) or arn.endswith("FullAccess")), "")
    own = [statement for policy in beside(role, POLICIES) for statement in statements(policy)]
    everything = any(each.allows and each.any_resource and "*" in each.actions for each in own)
    return named or ("a policy that allows everything" if everything else "")


def _permissions(view: View) -> Iterator[Statement]:
    if view.resource.type in POLICIES:
        yield from statements(view)
    for path, policy in view.each("inlinePolicies"):
        for statement in statements(policy):
            yield replace(statement, path=f"{path}.{statement.path}")


def _any_role(resource: str) -> bool:
    return resource == "*" or resource.endswith(":role/*")


def _names_subject(condition: tuple[str, str, tuple[str, ...]]) -> bool:
    operator, key, values = condition
    positive = operator.startswith(("stringequals", "stringlike")) and not operator.endswith("ifexists")
    return positive and key.endswith(":sub") and bool(values) and all(value.strip("*") for value in values)


def _federated(statement: Statement) -> bool:
    return any(kind == "Federated" and not name.startswith("cognito-identity.") for kind, name in statement.principals)


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]
