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

# AWS Lambda Developer Guide, "Lambda runtimes", deprecation dates.
DEPRECATED = {
    "dotnetcore3.1": "2023-04-03",
    "dotnet6": "2024-12-20",
    "dotnet8": "2026-11-10",
    "go1.x": "2024-01-08",
    "java8": "2024-01-08",
    "nodejs12.x": "2023-03-31",
    "nodejs14.x": "2023-12-04",
    "nodejs16.x": "2024-06-12",
    "nodejs18.x": "2025-09-01",
    "nodejs20.x": "2026-04-30",
    "nodejs22.x": "2027-04-30",
    "provided": "2024-01-08",
    "provided.al2": "2026-07-31",
    "python3.6": "2022-07-18",
    "python3.7": "2023-12-04",
    "python3.8": "2024-10-14",
    "python3.10": "2026-10-31",
    "ruby2.7": "2023-12-07",
    "ruby3.2": "2026-03-31",
    "ruby3.3": "2027-03-31",
}

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
    "DD-FUNCTION-006 today": Case(
        violating=(function(runtime="python3.9"),),
        at=("runtime",),
        passing=(function(runtime="provided.al2023"), made(FUNCTION, {"packageType": "Image"}, "image")),
        unknown=(function(runtime=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-FUNCTION-006 calendar": Case(
        violating=tuple(made(FUNCTION, {"runtime": runtime}, f"{at:02}") for at, runtime in enumerate(DEPRECATED)),
        at=("runtime",) * len(DEPRECATED),
        words=tuple(f"is {runtime}, deprecated since {day}" for runtime, day in DEPRECATED.items()),
        passing=(function(runtime="provided.al2023"),),
        unknown=(function(runtime=UNKNOWN),),
        elsewhere=(GOOGLE,),
        parameters={"asOf": "2027-04-30"},
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
        passing=(
            permitted("*", principalOrgId="o-1"),
            made(PERMISSION, {"principal": "*", "sourceAccount": "1"}, "account"),
            made(PERMISSION, {"principal": "arn:aws:iam::1:root"}, "owner"),
        ),
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
