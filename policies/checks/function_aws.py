"""AWS Lambda: who may call a function, what it may do to the account, and whether its runtime is still patched."""

import re
from collections.abc import Iterator
from datetime import date

from policies.check import Checks, Problem
from policies.joins import beside
from policies.view import View

CHECKS = Checks()
FUNCTION = "aws:lambda/function:Function"
PERMISSION = "aws:lambda/permission:Permission"
URL = "aws:lambda/functionUrl:FunctionUrl"
_INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
_BOUNDS = ("sourceArn", "sourceAccount", "principalOrgId")
# Deprecation dates. Source: AWS Lambda Developer Guide, "Lambda runtimes", as of 2026-02; a runtime that is not listed is taken for new.
_DEPRECATED = {
    "dotnet6": "2024-12-20",
    "dotnet8": "2026-11-10",
    "dotnetcore3.1": "2023-04-03",
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
    "python3.10": "2026-10-31",
    "python3.6": "2022-07-18",
    "python3.7": "2023-12-04",
    "python3.8": "2024-10-14",
    "python3.9": "2025-12-15",
    "ruby2.7": "2023-12-07",
    "ruby3.2": "2026-03-31",
    "ruby3.3": "2027-03-31",
}
# An access key's id, and the first line of a private key. Source: AWS IAM User Guide, "Unique identifiers"; RFC 7468.
_CREDENTIAL = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----")


@CHECKS.add(
    "DD-FUNCTION-001",
    "A function leaves room for others",
    FUNCTION,
    severity="low",
    level="advisory",
    rationale="All functions of an account share one limit: a flood of events to one takes down all others, and is billed in full.",
    fix="set reservedConcurrentExecutions",
    equivalents=("CKV_AWS_115", "lambda-concurrency-check"),
)
def bounded(view: View) -> Iterator[Problem]:
    """reservedConcurrentExecutions, -1 for no bound where it is left out (AWS Lambda API, PutFunctionConcurrency)."""
    bound = view.number("reservedConcurrentExecutions")
    if bound is None or bound < 0:
        yield Problem(path="reservedConcurrentExecutions", what="is not set")


@CHECKS.add(
    "DD-FUNCTION-002",
    "Events that fail are kept",
    FUNCTION,
    level="advisory",
    joined=True,
    rationale="After three tries Lambda throws an event away, and nobody knows that it was there.",
    fix="set deadLetterConfig, or a FunctionEventInvokeConfig with onFailure",
    equivalents=("CKV_AWS_116", "lambda-dlq-check"),
)
def keeps_failures(view: View) -> Iterator[Problem]:
    """A dead-letter queue, or a destination for failures beside it (AWS Lambda Developer Guide, "Retaining records of … invocations")."""
    kept = any(found.present("destinationConfig.onFailure.destination") for found in beside(view, [_INVOKE_CONFIG], "functionName"))
    if not kept and not view.present("deadLetterConfig.targetArn"):
        yield Problem(path="deadLetterConfig", what="is not set, and failures go nowhere else")


@CHECKS.add(
    "DD-FUNCTION-003",
    "A function stands in a network of one's own",
    FUNCTION,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Outside it a function that works on private data can send it anywhere, and no flow log shows it.",
    fix="set vpcConfig",
    equivalents=("CKV_AWS_117", "lambda-inside-vpc"),
)
def in_own_network(view: View) -> Iterator[Problem]:
    """vpcConfig.subnetIds (AWS Lambda API, VpcConfig)."""
    if not view.present("vpcConfig.subnetIds"):
        yield Problem(path="vpcConfig", what="is not set")


@CHECKS.add(
    "DD-FUNCTION-004",
    "A function's variables are encrypted with a key of one's own",
    FUNCTION,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="With Lambda's key whoever may read the configuration reads the variables.",
    fix="set kmsKeyArn",
    equivalents=("CKV_AWS_173",),
)
def variables_have_key(view: View) -> Iterator[Problem]:
    """kmsKeyArn of functions with variables (AWS Lambda Developer Guide, "Securing environment variables")."""
    if view.present("environment.variables") and not view.present("kmsKeyArn"):
        yield Problem(path="kmsKeyArn", what="is not set")


@CHECKS.add(
    "DD-FUNCTION-005",
    "No credential stands in a function's variables",
    FUNCTION,
    severity="critical",
    rationale="Variables are readable in the console, in the stack's state and to everybody who may list functions.",
    fix="give the function's role what it needs, or read the secret from Secrets Manager",
    equivalents=("CKV_AWS_45",),
)
def no_credentials(view: View) -> Iterator[Problem]:
    """Values that look like an AWS access key or a private key; what is found is named, never shown."""
    for _, variables in view.each("environment.variables"):
        for name in variables.resource.properties:
            if _CREDENTIAL.search(variables.text(name)):
                yield Problem(path=f"environment.variables.{name}", what="holds a credential")


@CHECKS.add(
    "DD-FUNCTION-006",
    "A function's runtime is still patched",
    FUNCTION,
    severity="high",
    rationale="A deprecated runtime gets no fixes; later the function can be neither made nor changed.",
    fix="set runtime to a newer version of the language",
    equivalents=("CKV_AWS_363", "lambda-function-settings-check"),
    parameters={"asOf": ""},
)
def runtime_patched(view: View) -> Iterator[Problem]:
    """runtime against Lambda's calendar, on the day asOf, today where it is empty; images have none."""
    runtime = view.text("runtime")
    ended = _DEPRECATED.get(runtime, "9999")
    if ended <= (str(view.parameters["asOf"]) or date.today().isoformat()):
        yield Problem(path="runtime", what=f"is {runtime}, deprecated since {ended}")


@CHECKS.add(
    "DD-FUNCTION-007",
    "A function's calls can be followed",
    FUNCTION,
    severity="low",
    level="advisory",
    rationale="Without traces nobody can say which of five services made an answer slow.",
    fix="set tracingConfig.mode to Active",
    equivalents=("CKV_AWS_50", "AWS-0066"),
)
def traced(view: View) -> Iterator[Problem]:
    """tracingConfig.mode, PassThrough where it is left out (AWS Lambda API, TracingConfig)."""
    if view.text("tracingConfig.mode") != "Active":
        yield Problem(path="tracingConfig.mode", what="is not Active")


@CHECKS.add(
    "DD-FUNCTION-008",
    "A function's address asks who calls",
    URL,
    severity="critical",
    rationale="Such an address is on the internet: anybody who finds it calls the function, and you pay.",
    fix="set authorizationType to AWS_IAM",
    equivalents=("CKV_AWS_258",),
)
def address_asks(view: View) -> Iterator[Problem]:
    """authorizationType NONE (AWS Lambda API, CreateFunctionUrlConfig)."""
    if view.text("authorizationType") == "NONE":
        yield Problem(path="authorizationType", what="is NONE")


@CHECKS.add(
    "DD-FUNCTION-009",
    "Not everybody may call a function",
    PERMISSION,
    severity="critical",
    rationale="A permission for everybody lets every AWS account call the function.",
    fix="name the principal, or set principalOrgId",
    equivalents=("CKV_AWS_301", "lambda-function-public-access-prohibited"),
)
def callers_named(view: View) -> Iterator[Problem]:
    """A principal of everybody, with nothing that bounds it (AWS Lambda API, AddPermission)."""
    if view.text("principal") == "*" and not any(view.present(name) for name in _BOUNDS):
        yield Problem(path="principal", what="is everybody")


@CHECKS.add(
    "DD-FUNCTION-010",
    "A service calls a function for one's own resources only",
    PERMISSION,
    severity="high",
    rationale="S3 or EventBridge serve all accounts: without a source, somebody else's bucket may call the function.",
    fix="set sourceArn, or sourceAccount",
    equivalents=("CKV_AWS_364", "AWS-0067"),
)
def source_named(view: View) -> Iterator[Problem]:
    """A principal that is a service, with nothing that bounds it (AWS Lambda API, AddPermission)."""
    if view.text("principal").endswith(".amazonaws.com") and not any(view.present(name) for name in _BOUNDS):
        yield Problem(path="sourceArn", what=f"is not set, for {view.text('principal')}")


@CHECKS.add(
    "DD-FUNCTION-011",
    "Only signed code runs",
    FUNCTION,
    level="disabled",
    profiles={"regulated": "advisory"},
    rationale="Without a signature whoever can write the artifact decides what runs.",
    fix="set codeSigningConfigArn",
    equivalents=("CKV_AWS_272",),
)
def code_signed(view: View) -> Iterator[Problem]:
    """codeSigningConfigArn of functions of zip archives; images are signed elsewhere (AWS Lambda Developer Guide, "Code signing")."""
    if view.text("packageType", "Zip") == "Zip" and not view.present("codeSigningConfigArn"):
        yield Problem(path="codeSigningConfigArn", what="is not set")


@CHECKS.add(
    "DD-FUNCTION-012",
    "A function's address is not for every website",
    URL,
    rationale="With every origin allowed and credentials sent along, any page that a user visits calls the function as that user.",
    fix="name the origins in cors.allowOrigins",
)
def address_names_origins(view: View) -> Iterator[Problem]:
    """Every origin in cors.allowOrigins (AWS Lambda API, Cors)."""
    if any(origin.text("") == "*" for _, origin in view.each("cors.allowOrigins")):
        yield Problem(path="cors.allowOrigins", what="is every origin")
