"""AWS IAM."""

import json
from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
KEY = "aws:iam/accessKey:AccessKey"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
PROVIDER = {"Federated": f"arn:aws:iam::1:oidc-provider/{ISSUER}"}
BUCKET = made("aws:s3/bucket:Bucket")


def document(*listed: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": listed})


def allowed(actions: object, resources: object = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def policy(*listed: dict[str, Any]) -> Resource:
    return made(POLICY, {"policy": document(*listed)})


def trusting(*listed: dict[str, Any]) -> Resource:
    return made(ROLE, {"assumeRolePolicy": document(*listed)})


def taken(principal: object, action: str = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}


def web(**condition: Any) -> dict[str, Any]:
    return taken(PROVIDER, "sts:AssumeRoleWithWebIdentity", **condition)


def inline(*listed: dict[str, Any]) -> Resource:
    return made(ROLE, {"inlinePolicies": [{"name": "own", "policy": document(*listed)}]}, "inline")


BY_ACCOUNT = taken({"AWS": "arn:aws:iam::1:root"}, "sts:AssumeRoleWithWebIdentity")
LATER = made(POLICY, {"policy": UNKNOWN})
WORKER = made(ROLE, {"managedPolicyArns": [READ_ONLY]}, "worker")
BARE = made(ROLE, {}, "bare")

CASES = {
    "DD-IAM-001": Case(
        violating=(
            policy(allowed("s3:GetObject"), allowed(["ec2:*", "*"])),
            inline({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            made("aws:iam/groupPolicy:GroupPolicy", {"policy": document(allowed("*"))}),
            made("aws:iam/userPolicy:UserPolicy", {"policy": document(allowed("*"))}),
        ),
        at=(
            "policy.Statement.0.Action",
            "policy.Statement.1.Action",
            "inlinePolicies.0.policy.Statement.0.Action",
            "policy.Statement.0.Action",
        ),
        passing=(policy(allowed("*", "arn:aws:s3:::b"), allowed("s3:*"), {**allowed("*"), "Effect": "Deny"}), inline(allowed("s3:Get*"))),
        unknown=(LATER,),
        elsewhere=(BUCKET, made(ROLE, {"assumeRolePolicy": document(allowed("*"))}, "trust")),
    ),
    "DD-IAM-002": Case(
        violating=(made(ROLE_POLICY, {"policy": {"Statement": [allowed(["logs:PutLogEvents", "s3:*"])]}}), inline(allowed("sagemaker:*"))),
        at=("inlinePolicies.0.policy.Statement.0.Action", "policy.Statement.0.Action"),
        passing=(policy(allowed("s3:*", "arn:aws:s3:::b/*"), allowed("s3:Get*"), {**allowed("s3:*"), "Effect": "Deny"}),),
        unknown=(LATER,),
        elsewhere=(BUCKET,),
    ),
    "DD-IAM-003": Case(
        violating=(
            policy(
                allowed(["iam:PassRole"]),
                allowed("iam:Pass*", ["arn:aws:iam::1:role/one", "arn:aws:iam::1:role/*"]),
                allowed("iam:PassRole", Condition={"StringLike": {"iam:PassedToService": "*"}}),
                allowed("iam:PassRole", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            ),
        ),
        at=tuple(f"policy.Statement.{number}.Resource" for number in range(4)),
        passing=(
            policy(
                allowed("iam:PassRole", "arn:aws:iam::1:role/one"),
                allowed("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}),
                allowed("iam:GetRole"),
                {**allowed("iam:PassRole"), "Effect": "Deny"},
            ),
        ),
        unknown=(LATER,),
        # What may do everything is told by the check of that.
        elsewhere=(BUCKET, policy(allowed("*"), allowed("iam:*"))),
    ),
    "DD-IAM-004": Case(
        violating=(
            made(ROLE, {"managedPolicyArns": [READ_ONLY, "arn:aws:iam::aws:policy/IAMFullAccess"]}),
            *(
                made(f"aws:iam/{kind}:{kind[0].upper()}{kind[1:]}", {"policyArn": ADMINISTRATOR})
                for kind in ("groupPolicyAttachment", "policyAttachment", "rolePolicyAttachment", "userPolicyAttachment")
            ),
            made("aws:iam/userPolicyAttachment:UserPolicyAttachment", {"policyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}, "power"),
        ),
        at=("policyArn", "policyArn", "managedPolicyArns.1", "policyArn", "policyArn", "policyArn"),
        words=("is AdministratorAccess", "", "is IAMFullAccess"),
        passing=(WORKER, made(ATTACHMENT, {"policyArn": READ_ONLY})),
        unknown=(made(ATTACHMENT, {"policyArn": UNKNOWN}),),
        elsewhere=(BUCKET,),
    ),
    "DD-IAM-005": Case(
        violating=(
            WORKER,
            made(ATTACHMENT, {"policyArn": READ_ONLY}, role=WORKER),
            made(ROLE, {"inlinePolicies": [{"name": "a"}]}, "inline"),
            made(ROLE_POLICY, {}, role=made(ROLE, {}, "inline")),
        ),
        at=("inlinePolicies", "managedPolicyArns"),
        passing=(WORKER, made(ROLE_POLICY, {}, role=WORKER), BARE, made(ATTACHMENT, {"policyArn": READ_ONLY}, role=BARE)),
        unknown=None,
        why_known="it looks at which resources there are, not at what they say",
        elsewhere=(BUCKET,),
    ),
    "DD-IAM-006": Case(
        violating=(trusting(taken({"Service": "ec2.amazonaws.com"}), taken({"AWS": "*"})),),
        at=("assumeRolePolicy.Statement.1.Principal",),
        passing=(
            trusting(taken({"AWS": "arn:aws:iam::1:root"}), taken({"AWS": "*"}, StringEquals={"aws:PrincipalOrgID": "o-1"})),
            made(ROLE, {"assumeRolePolicy": {"Statement": [taken({"Service": "eks.amazonaws.com"})]}}, "typed"),
        ),
        unknown=(made(ROLE, {"assumeRolePolicy": {"Statement": [taken({"AWS": UNKNOWN})]}}),),
        elsewhere=(BUCKET,),
    ),
    "DD-IAM-007": Case(
        violating=(
            trusting(
                web(StringEquals={f"{ISSUER}:aud": "sts.amazonaws.com"}),
                web(StringLike={f"{ISSUER}:sub": "*"}),
                web(StringNotEquals={f"{ISSUER}:sub": "system:serviceaccount:ml:server"}),
                web(StringEqualsIfExists={f"{ISSUER}:sub": "system:serviceaccount:ml:server"}),
                web(StringLike={f"{ISSUER}:sub": ["system:serviceaccount:ml:server", "*"]}),
                web(StringLike={f"{ISSUER}:sub": []}),
            ),
        ),
        at=tuple(f"assumeRolePolicy.Statement.{number}.Condition" for number in range(6)),
        passing=(
            trusting(
                web(StringEquals={f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:ml:server"}),
                web(StringLike={f"{ISSUER}:sub": "system:serviceaccount:ml:*"}),
            ),
        ),
        unknown=(made(ROLE, {"assumeRolePolicy": UNKNOWN}),),
        elsewhere=(
            trusting(taken({"Service": "eks.amazonaws.com"}), taken(PROVIDER, "sts:TagSession"), BY_ACCOUNT),
            made(
                ROLE,
                {
                    "assumeRolePolicy": document(
                        taken({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity"),
                        {**web(), "Effect": "Deny"},
                    )
                },
                "cognito",
            ),
        ),
    ),
    "DD-IAM-008": Case(
        violating=(made(KEY, {"user": "ci"}),),
        passing=(made(KEY, {"user": "ci", "status": "Inactive"}),),
        unknown=(made(KEY, {"status": UNKNOWN}),),
        elsewhere=(BUCKET,),
    ),
}
