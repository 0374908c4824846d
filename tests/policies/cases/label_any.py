"""Labels of what is billed, on every cloud."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

BUCKET = "aws:s3/bucket:Bucket"
GROUP = "aws:autoscaling/group:Group"
POOL = "gcp:container/nodePool:NodePool"
STORE = "gcp:storage/bucket:Bucket"
ACCOUNT = "azure-native:storage:StorageAccount"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
SERVICE = "gcp:cloudrunv2/service:Service"
FREE = made("aws:iam/role:Role", {})
WHOLE = {"owner": "ml", "costCenter": "cc-1", "stage": "prod"}


def by(provider: Resource, resource: Resource) -> Resource:
    return Resource(urn=resource.urn, type=resource.type, properties=resource.properties, provider=provider.urn)


def tagged(tags: Any, kind: str = BUCKET, name: str = "it", **more: Any) -> Resource:
    return made(kind, {"tags": tags, **more}, name)


AWS = made("pulumi:providers:aws", {"defaultTags": '{"tags": {"owner": "ml", "cost_center": "cc-1"}}'}, "aws")
GOOGLE = made("pulumi:providers:gcp", {"defaultLabels": {"owner": "ml", "cost-center": "cc-1"}}, "gcp")
BLIND = made("pulumi:providers:aws", {"defaultTags": UNKNOWN}, "blind")

CASES = {
    "DD-LABEL-401": Case(
        violating=(
            made(BUCKET, {}),
            tagged({"owner": "", "cost-center": "cc-1", "stage": UNKNOWN}, ACCOUNT),
            made(POOL, {"nodeConfig": {"labels": WHOLE}}),
            tagged([{"key": "owner", "value": "ml"}], GROUP, tagsAll={"stage": "prod"}),
            by(GOOGLE, made(STORE, {"labels": {"team": "ml"}})),
        ),
        at=("tags", "tags", "tags", "nodeConfig.resourceLabels", "labels"),
        passing=(
            BLIND,
            by(BLIND, tagged(WHOLE, name="said")),
            GOOGLE,
            by(GOOGLE, made(STORE, {"labels": {"stage": "prod"}})),
            made(STORE, {"effectiveLabels": WHOLE}, "all"),
            tagged(WHOLE),
            tagged([{"key": name, "value": value} for name, value in WHOLE.items()], GROUP),
            made(POOL, {"nodeConfig": {"resourceLabels": WHOLE}}),
            AWS,
            by(AWS, tagged({"stage": "prod"}, name="defaults")),
            tagged({"stage": "dev"}, name="all", tagsAll={"owner": "ml", "cost-center": "cc-1", "stage": "dev"}),
        ),
        unknown=(BLIND, by(BLIND, tagged({"stage": "dev"}))),
        elsewhere=(FREE,),
    ),
    "DD-LABEL-402": Case(
        violating=(tagged({"stage": "production"}), made(POOL, {"nodeConfig": {"resourceLabels": {"stage": "live"}}})),
        at=("tags.stage", "nodeConfig.resourceLabels.stage"),
        passing=(tagged({"stage": "staging"}), tagged({"owner": "ml"}, name="none")),
        unknown=(tagged({"stage": UNKNOWN}),),
        elsewhere=(FREE, made("aws:iam/role:Role", {"tags": {"stage": "live"}}, "free")),
    ),
    "DD-LABEL-403": Case(
        violating=(tagged({"owner": "ml"}, ENDPOINT), made(SERVICE, {"tags": ["model"]})),
        at=("tags", "labels"),
        passing=(tagged({"Model": UNKNOWN}, ENDPOINT), made(SERVICE, {"labels": {"model": "m"}})),
        unknown=(tagged(UNKNOWN, ENDPOINT),),
        elsewhere=(FREE, tagged({"owner": "ml"})),
    ),
}
