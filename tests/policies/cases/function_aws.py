"""AWS Lambda."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"
URL = "aws:lambda/functionUrl:FunctionUrl"
FAILURES = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
GOOGLE = made("gcp:cloudfunctionsv2/function:Function")
BARE = made(FUNCTION, {"runtime": "python3.13"}, "bare")


def function(**properties: Any) -> Resource:
    return made(FUNCTION, properties)


def permitted(principal: object, **bounds: object) -> Resource:
    return made(PERMISSION, {"action": "lambda:InvokeFunction", "principal": principal, **bounds})


def variables(**given: object) -> Resource:
    return function(environment={"variables": given})


# AWS's own example of an access key, from the documentation of IAM.
KEY = "AKIAIOSFODNN7EXAMPLE"
FAILED = {"destinationConfig": {"onFailure": {"destination": UNKNOWN}}}

CASES = {
    "DD-FUNCTION-001": Case(
        violating=(BARE, function(reservedConcurrentExecutions=-1)),
        at=("reservedConcurrentExecutions", "reservedConcurrentExecutions"),
        passing=(function(reservedConcurrentExecutions=10), made(FUNCTION, {"reservedConcurrentExecutions": 0}, "stopped")),
        unknown=(function(reservedConcurrentExecutions=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-FUNCTION-002": Case(
        violating=(BARE, made(FAILURES, {"maximumRetryAttempts": 0}, functionName=BARE)),
        at=("deadLetterConfig",),
        passing=(BARE, made(FAILURES, FAILED, functionName=BARE), function(deadLetterConfig={"targetArn": UNKNOWN})),
        unknown=None,
        why_known="a queue that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
    "DD-FUNCTION-003": Case(
        violating=(BARE,),
        at=("vpcConfig",),
        passing=(function(vpcConfig={"subnetIds": UNKNOWN}),),
        unknown=None,
        why_known="subnets that are known only later are some",
        elsewhere=(GOOGLE,),
    ),
    "DD-FUNCTION-004": Case(
        violating=(variables(MODEL="m"),),
        at=("kmsKeyArn",),
        passing=(function(environment={"variables": {"MODEL": "m"}}, kmsKeyArn=UNKNOWN),),
        unknown=None,
        why_known="variables, or a key, that are known only later are some",
        elsewhere=(BARE,),
    ),
    "DD-FUNCTION-005": Case(
        violating=(variables(MODEL="m", ID=KEY, PEM="-----BEGIN RSA PRIVATE KEY-----\nMII"),),
        at=("environment.variables.ID", "environment.variables.PEM"),
        passing=(variables(MODEL="m", NOTE="AKIA is how keys begin", CERTIFICATE="-----BEGIN CERTIFICATE-----"),),
        unknown=(variables(ID=UNKNOWN),),
        elsewhere=(BARE,),
    ),
    # AWS Lambda Developer Guide: Python 3.9 was deprecated on 2025-12-15, Python 3.10 on 2026-10-31.
    "DD-FUNCTION-006": Case(
        violating=(function(runtime="python3.9"),),
        at=("runtime",),
        passing=(function(runtime="python3.10"), BARE),
        unknown=(function(runtime=UNKNOWN),),
        elsewhere=(function(packageType="Image"),),
        parameters={"asOf": "2025-12-15"},
    ),
    "DD-FUNCTION-007": Case(
        violating=(BARE, function(tracingConfig={"mode": "PassThrough"})),
        at=("tracingConfig.mode", "tracingConfig.mode"),
        passing=(function(tracingConfig={"mode": "Active"}),),
        unknown=(function(tracingConfig={"mode": UNKNOWN}),),
        elsewhere=(GOOGLE,),
    ),
    "DD-FUNCTION-008": Case(
        violating=(made(URL, {"authorizationType": "NONE"}),),
        at=("authorizationType",),
        passing=(made(URL, {"authorizationType": "AWS_IAM"}),),
        unknown=(made(URL, {"authorizationType": UNKNOWN}),),
        elsewhere=(BARE,),
    ),
    "DD-FUNCTION-009": Case(
        violating=(permitted("*"),),
        at=("principal",),
        passing=(permitted("*", principalOrgId="o-1"), made(PERMISSION, {"principal": "arn:aws:iam::1:root"}, "owner")),
        unknown=(permitted(UNKNOWN),),
        elsewhere=(permitted("s3.amazonaws.com"),),
    ),
    "DD-FUNCTION-010": Case(
        violating=(permitted("s3.amazonaws.com"),),
        at=("sourceArn",),
        passing=(permitted("s3.amazonaws.com", sourceArn=UNKNOWN),),
        unknown=(permitted(UNKNOWN),),
        elsewhere=(permitted("*"), made(PERMISSION, {"principal": "123456789012"}, "account")),
    ),
    "DD-FUNCTION-011": Case(
        violating=(BARE,),
        at=("codeSigningConfigArn",),
        passing=(function(codeSigningConfigArn=UNKNOWN),),
        unknown=(function(packageType=UNKNOWN),),
        elsewhere=(function(packageType="Image"),),
    ),
    "DD-FUNCTION-012": Case(
        violating=(made(URL, {"cors": {"allowOrigins": ["https://example.org", "*"]}}),),
        at=("cors.allowOrigins",),
        passing=(made(URL, {"cors": {"allowOrigins": ["https://example.org"]}}),),
        unknown=(made(URL, {"cors": {"allowOrigins": [UNKNOWN]}}),),
        elsewhere=(made(URL),),
    ),
}
