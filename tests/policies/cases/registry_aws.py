"""Amazon ECR."""

import json
from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

ECR = "aws:ecr/repository:Repository"
POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
PUBLIC = "aws:ecrpublic/repository:Repository"
SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
GOOGLE = made("gcp:artifactregistry/repository:Repository")
BARE = made(ECR, {}, "bare")


def repository(**properties: Any) -> Resource:
    return made(ECR, properties)


def scanning(frequency: object) -> Resource:
    return made(SCANNING, {"rules": [{"scanFrequency": frequency}]})


def pulled(principal: object, **condition: Any) -> Resource:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage", "Condition": condition}
    return made(POLICY, {"policy": json.dumps({"Statement": [statement]})})


def cleaned(policy: object) -> Resource:
    return made(LIFECYCLE, {"policy": policy}, repository=BARE)


def rules(kind: object) -> dict[str, Any]:
    return {"rules": [{"rulePriority": 1, "action": {"type": kind}}]}


ODD = (made(ECR, {}, "odd"), made(LIFECYCLE, {"policy": "no document"}, "odd", repository=made(ECR, {}, "odd")))

CASES = {
    "DD-REGISTRY-001": Case(
        violating=(BARE, repository(imageScanningConfiguration={"scanOnPush": False}), scanning("MANUAL")),
        at=("imageScanningConfiguration.scanOnPush", "imageScanningConfiguration.scanOnPush"),
        passing=(repository(imageScanningConfiguration={"scanOnPush": True}),),
        unknown=(repository(imageScanningConfiguration={"scanOnPush": UNKNOWN}),),
        elsewhere=(BARE, scanning("CONTINUOUS_SCAN")),
    ),
    "DD-REGISTRY-001 by registry": Case(
        violating=(BARE,),
        at=("imageScanningConfiguration.scanOnPush",),
        passing=(BARE, scanning("SCAN_ON_PUSH")),
        unknown=(BARE, scanning(UNKNOWN)),
        elsewhere=(GOOGLE,),
    ),
    "DD-REGISTRY-002": Case(
        violating=(BARE, repository(imageTagMutability="MUTABLE_WITH_EXCLUSION")),
        at=("imageTagMutability", "imageTagMutability"),
        passing=(repository(imageTagMutability="IMMUTABLE"),),
        unknown=(repository(imageTagMutability=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-REGISTRY-003": Case(
        violating=(repository(encryptionConfigurations=[{"encryptionType": "KMS"}]),),
        at=("encryptionConfigurations",),
        passing=(repository(encryptionConfigurations=[{"encryptionType": "KMS"}, {"encryptionType": "KMS", "kmsKey": UNKNOWN}]),),
        unknown=(repository(encryptionConfigurations=UNKNOWN),),
        elsewhere=(GOOGLE,),
    ),
    "DD-REGISTRY-004": Case(
        violating=(pulled("*"),),
        at=("policy.Statement.0.Principal",),
        passing=(pulled({"AWS": "arn:aws:iam::2:root"}),),
        unknown=(made(POLICY, {"policy": UNKNOWN}),),
        elsewhere=(pulled("*", StringEquals={"aws:PrincipalOrgID": "o-1"}), BARE),
    ),
    "DD-REGISTRY-005": Case(
        violating=(BARE, made(LIFECYCLE, {"policy": rules("expire")}, "of-another"), repository(), cleaned(rules("transition")), *ODD),
        at=("", "", ""),
        passing=(BARE, cleaned(json.dumps({"rules": [*rules("transition")["rules"], *rules("expire")["rules"]]}))),
        unknown=(BARE, cleaned(rules(UNKNOWN))),
        elsewhere=(GOOGLE, made(LIFECYCLE, {"policy": "no document"})),
    ),
    "DD-REGISTRY-006": Case(
        violating=(made(PUBLIC), made(PUBLIC, {"tags": {"public": "false"}}, "denied")),
        at=("", ""),
        passing=(made(PUBLIC, {"tags": {"public": "true"}}),),
        unknown=(made(PUBLIC, {"tags": {"public": UNKNOWN}}),),
        elsewhere=(BARE, GOOGLE),
    ),
}
