"""Amazon SageMaker notebooks and Studio domains."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance"
DOMAIN = "aws:sagemaker/domain:Domain"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
METADATA = "instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion"
GOOGLE = made("gcp:workbench/instance:Instance")
BARE = made(NOTEBOOK, {"instanceType": "ml.t3.medium"}, "bare")
ROLE = made("aws:iam/role:Role", {}, "role")
USING = made(NOTEBOOK, {}, "using", roleArn=ROLE)


def notebook(**properties: Any) -> Resource:
    return made(NOTEBOOK, properties)


def metadata(version: object) -> Resource:
    return notebook(instanceMetadataServiceConfiguration={"minimumInstanceMetadataServiceVersion": version})


def domain(**properties: Any) -> Resource:
    return made(DOMAIN, properties, "domain")


def attached(arn: object) -> Resource:
    return made(ATTACHMENT, {"policyArn": arn}, role=ROLE)


def idling(*settings: object) -> Resource:
    apps = ("jupyterLabAppSettings", "codeEditorAppSettings")
    given = {app: {"appLifecycleManagement": {"idleSettings": each}} for app, each in zip(apps, settings, strict=True)}
    return domain(defaultUserSettings=given)


ENDED = {"lifecycleManagement": "ENABLED", "idleTimeoutInMinutes": 120}
IDLE = "appLifecycleManagement.idleSettings"

NO_TIME = made(DOMAIN, idling({"lifecycleManagement": "ENABLED"}, {"lifecycleManagement": "ENABLED"}).properties, "no-time")
DENIED = {"Effect": "Deny", "Action": "*", "Resource": "*"}
ONE_BUCKET = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/*"}

CASES = {
    "DD-NOTEBOOK-001": Case(
        violating=(BARE,),
        at=("kmsKeyId",),
        passing=(notebook(kmsKeyId=UNKNOWN),),
        unknown=None,
        why_known="a key that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-002": Case(
        violating=(BARE, notebook(directInternetAccess="Enabled")),
        at=("directInternetAccess", "directInternetAccess"),
        passing=(notebook(directInternetAccess="Disabled"),),
        unknown=(notebook(directInternetAccess=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-003": Case(
        violating=(BARE,),
        at=("subnetId",),
        passing=(notebook(subnetId=UNKNOWN),),
        unknown=None,
        why_known="a subnet that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-004": Case(
        violating=(BARE, notebook(rootAccess="Enabled")),
        at=("rootAccess", "rootAccess"),
        passing=(notebook(rootAccess="Disabled"),),
        unknown=(notebook(rootAccess=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-005": Case(
        violating=(BARE, metadata("1")),
        at=(METADATA, METADATA),
        passing=(metadata("2"),),
        unknown=(metadata(UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-006": Case(
        violating=(BARE, notebook(platformIdentifier="notebook-al2-v1")),
        at=("platformIdentifier", "platformIdentifier"),
        passing=(notebook(platformIdentifier="notebook-al2023-v1"),),
        unknown=(notebook(platformIdentifier=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-007": Case(
        violating=(
            ROLE,
            USING,
            attached("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"),
            made(NOTEBOOK, {}, "inline", roleArn=made("aws:iam/role:Role", {}, "inline")),
            made("aws:iam/role:Role", {}, "inline"),
            made(
                "aws:iam/rolePolicy:RolePolicy",
                {"policy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}},
                role=made("aws:iam/role:Role", {}, "inline"),
            ),
            made(NOTEBOOK, {}, "listed", roleArn=made("aws:iam/role:Role", {}, "listed")),
            made("aws:iam/role:Role", {"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}, "listed"),
        ),
        at=("roleArn", "roleArn", "roleArn"),
        passing=(
            ROLE,
            USING,
            attached("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
            made(
                "aws:iam/rolePolicy:RolePolicy",
                {"policy": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, DENIED, ONE_BUCKET]}},
                role=ROLE,
            ),
        ),
        unknown=(ROLE, USING, attached(UNKNOWN)),
        elsewhere=(ROLE, attached("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"), notebook(roleArn="arn:aws:iam::1:role/theirs")),
    ),
    "DD-NOTEBOOK-008": Case(
        violating=(domain(),),
        at=("kmsKeyId",),
        passing=(domain(kmsKeyId=UNKNOWN),),
        unknown=None,
        why_known="a key that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-009": Case(
        violating=(domain(), made(DOMAIN, {"appNetworkAccessType": "PublicInternetOnly"}, "public")),
        at=("appNetworkAccessType", "appNetworkAccessType"),
        passing=(domain(appNetworkAccessType="VpcOnly"),),
        unknown=(domain(appNetworkAccessType=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-010": Case(
        violating=(idling({"lifecycleManagement": "DISABLED"}, {**ENDED, "idleTimeoutInMinutes": 1440}), NO_TIME),
        at=(
            f"defaultUserSettings.jupyterLabAppSettings.{IDLE}.lifecycleManagement",
            f"defaultUserSettings.codeEditorAppSettings.{IDLE}.idleTimeoutInMinutes",
            f"defaultUserSettings.jupyterLabAppSettings.{IDLE}.idleTimeoutInMinutes",
            f"defaultUserSettings.codeEditorAppSettings.{IDLE}.idleTimeoutInMinutes",
        ),
        passing=(idling(ENDED, {**ENDED, "idleTimeoutInMinutes": 720}),),
        unknown=(idling(ENDED, UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-NOTEBOOK-011": Case(
        violating=(BARE,),
        at=("lifecycleConfigName",),
        passing=(notebook(lifecycleConfigName=UNKNOWN),),
        unknown=None,
        why_known="a configuration that is known only later is one",
        elsewhere=(GOOGLE,),
    ),
}
