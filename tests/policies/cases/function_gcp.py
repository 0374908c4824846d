"""Cloud Run and Cloud Run functions."""

from typing import Any

from costs.resource import SECRET, Resource
from tests.policies.case import UNKNOWN, Case, made

RUN = "gcp:cloudrunv2/service:Service"
FIRST = "gcp:cloudrun/service:Service"
FUNCTION = "gcp:cloudfunctionsv2/function:Function"
FIRST_FUNCTION = "gcp:cloudfunctions/function:Function"
MEMBER = "gcp:cloudrunv2/serviceIamMember:ServiceIamMember"
AMAZON = made("aws:lambda/function:Function")
ACCOUNT = made("gcp:serviceaccount/account:Account", {"accountId": "job"}, "job")
CALL = "roles/run.invoker"
OWN = "job@p.iam.gserviceaccount.com"
DEFAULT = "1-compute@developer.gserviceaccount.com"
BARE = made(RUN, {"template": {"containers": [{"image": "model"}]}}, "bare")


def service(name: str = "model", **properties: Any) -> Resource:
    return made(RUN, properties, name)


def first(*, on_template: object = None, on_service: object = None, **spec: Any) -> Resource:
    return made(FIRST, {"metadata": {"annotations": on_service}, "template": {"metadata": {"annotations": on_template}, "spec": spec}})


def function(**config: Any) -> Resource:
    return made(FUNCTION, {"serviceConfig": config})


def scaled(name: str = "model", *, labels: object = None, **scaling: object) -> Resource:
    return service(name, template={"scaling": scaling}, labels=labels)


def environment(*variables: object) -> Resource:
    return service(template={"containers": [{"image": "proxy"}, {"envs": list(variables)}]})


DEV = {"stage": "dev"}

CASES = {
    "DD-FUNCTION-101": Case(
        violating=(
            made("gcp:cloudrun/iamMember:IamMember", {"role": CALL, "member": "allUsers"}),
            service(invokerIamDisabled=True),
            made("gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding", {"role": CALL, "members": ["allAuthenticatedUsers"]}),
        ),
        at=("member", "invokerIamDisabled", "members.0"),
        passing=(
            BARE,
            made(MEMBER, {"role": CALL, "member": "group:a@example.org"}),
            ACCOUNT,
            made(MEMBER, {"member": UNKNOWN}, "later", member=ACCOUNT),
        ),
        unknown=(made(MEMBER, {"role": CALL, "member": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-102": Case(
        violating=(
            made("gcp:cloudfunctions/functionIamMember:FunctionIamMember", {"member": "allUsers"}),
            made("gcp:cloudfunctionsv2/functionIamBinding:FunctionIamBinding", {"members": ["user:a@example.org", "allUsers"]}),
        ),
        at=("member", "members.1"),
        passing=(made("gcp:cloudfunctions/functionIamMember:FunctionIamMember", {"member": "user:a@example.org"}),),
        unknown=(made("gcp:cloudfunctionsv2/functionIamMember:FunctionIamMember", {"member": UNKNOWN}),),
        elsewhere=(AMAZON, made(MEMBER, {"member": "allUsers"})),
    ),
    "DD-FUNCTION-103": Case(
        violating=(first(), BARE, service(ingress="INGRESS_TRAFFIC_ALL")),
        at=("metadata.annotations", "ingress", "ingress"),
        passing=(
            first(on_service={"run.googleapis.com/ingress": "internal"}),
            service(ingress="INGRESS_TRAFFIC_INTERNAL_ONLY"),
        ),
        unknown=(first(on_service={"run.googleapis.com/ingress": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-104": Case(
        violating=(made(FIRST_FUNCTION, {"ingressSettings": "ALLOW_ALL"}), function()),
        at=("ingressSettings", "serviceConfig.ingressSettings"),
        passing=(made(FIRST_FUNCTION, {"ingressSettings": "ALLOW_INTERNAL_ONLY"}), function(ingressSettings="ALLOW_INTERNAL_AND_GCLB")),
        unknown=(function(ingressSettings=UNKNOWN),),
        elsewhere=(made(FUNCTION, {"eventTrigger": {"eventType": "google.cloud.pubsub.topic.v1.messagePublished"}}),),
    ),
    "DD-FUNCTION-105": Case(
        violating=(
            made(FIRST_FUNCTION, {"triggerHttp": True}),
            made(FIRST_FUNCTION, {"triggerHttp": True, "httpsTriggerSecurityLevel": "SECURE_OPTIONAL"}, "both"),
        ),
        at=("httpsTriggerSecurityLevel", "httpsTriggerSecurityLevel"),
        passing=(made(FIRST_FUNCTION, {"triggerHttp": True, "httpsTriggerSecurityLevel": "SECURE_ALWAYS"}),),
        unknown=(made(FIRST_FUNCTION, {"triggerHttp": True, "httpsTriggerSecurityLevel": UNKNOWN}),),
        elsewhere=(made(FIRST_FUNCTION, {"eventTrigger": {}}), function()),
    ),
    "DD-FUNCTION-106": Case(
        violating=(made(FIRST_FUNCTION), function(), first(on_template={}), BARE),
        at=(
            "maxInstances",
            "serviceConfig.maxInstanceCount",
            "template.metadata.annotations",
            "template.scaling.maxInstanceCount",
        ),
        passing=(
            made(FIRST_FUNCTION, {"maxInstances": 3}),
            function(maxInstanceCount=3),
            first(on_template={"autoscaling.knative.dev/maxScale": "3"}),
            scaled(maxInstanceCount=3),
            service("whole", scaling={"maxInstanceCount": 3}),
        ),
        unknown=(scaled(maxInstanceCount=UNKNOWN),),
        elsewhere=(service(scaling={"scalingMode": "MANUAL", "manualInstanceCount": 2}),),
    ),
    "DD-FUNCTION-107": Case(
        violating=(
            made(FIRST_FUNCTION, {"minInstances": 1, "labels": DEV}),
            made(FUNCTION, {"serviceConfig": {"minInstanceCount": 1}, "labels": DEV}),
            made(
                FIRST, {"metadata": {"labels": DEV}, "template": {"metadata": {"annotations": {"autoscaling.knative.dev/minScale": "2"}}}}
            ),
            scaled(labels=DEV, minInstanceCount=1),
            service("whole", labels=DEV, scaling={"minInstanceCount": 1}),
        ),
        at=(
            "minInstances",
            "serviceConfig.minInstanceCount",
            "template.metadata.annotations",
            "template.scaling.minInstanceCount",
            "scaling.minInstanceCount",
        ),
        passing=(
            scaled(labels=DEV, minInstanceCount=0),
            made(FIRST, {"metadata": {"labels": DEV}}),
        ),
        unknown=(scaled(labels=DEV, minInstanceCount=UNKNOWN),),
        elsewhere=(scaled(labels={"stage": "prod"}, minInstanceCount=1),),
    ),
    "DD-FUNCTION-108": Case(
        violating=(
            made(FIRST_FUNCTION, {"serviceAccountEmail": "p@appspot.gserviceaccount.com"}),
            function(),
            first(serviceAccountName="default"),
            BARE,
            service(template={"serviceAccount": DEFAULT}),
        ),
        at=(
            "serviceAccountEmail",
            "serviceConfig.serviceAccountEmail",
            "template.spec.serviceAccountName",
            "template.serviceAccount",
            "template.serviceAccount",
        ),
        passing=(
            ACCOUNT,
            service(template={"serviceAccount": OWN}),
            made(RUN, {"template": {"serviceAccount": UNKNOWN}}, "declared", template=ACCOUNT),
            first(serviceAccountName=OWN),
        ),
        unknown=(service(template={"serviceAccount": UNKNOWN}),),
        elsewhere=(AMAZON,),
    ),
    "DD-FUNCTION-109": Case(
        violating=(
            made(FIRST_FUNCTION, {"environmentVariables": {"PATH": "/bin", "api_key": "x"}}),
            function(environmentVariables={"DB_PASSWORD": SECRET}),
            first(containers=[{"envs": [{"name": "TOKEN", "value": "x"}]}]),
            environment({"name": "HF_TOKEN", "value": UNKNOWN}),
        ),
        at=(
            "environmentVariables",
            "serviceConfig.environmentVariables",
            "template.spec.containers.0.envs.0.value",
            "template.containers.1.envs.0.value",
        ),
        passing=(
            environment(
                {"name": "HF_TOKEN", "valueSource": {"secretKeyRef": {"secret": "token"}}},
                {"name": "TOKEN_URL", "value": "https://example.org"},
                {"name": "PASSWORD", "value": ""},
            ),
            function(environmentVariables={"LOG_LEVEL": "info"}),
        ),
        unknown=(environment({"name": UNKNOWN, "value": "x"}),),
        elsewhere=(BARE, made(FUNCTION)),
    ),
}
