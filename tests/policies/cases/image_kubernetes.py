"""Images of pods."""

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made
from tests.policies.pods import CRON_JOB, JOB, PATCH, first, workload

CHART = made("kubernetes:helm.sh/v3:Release", {"chart": "gpu-operator"}, "chart")
DIGEST = "@sha256:" + "0123456789abcdef" * 4
IMAGE = first("image")


def running(image: object, name: str = "it", kind: str = "kubernetes:apps/v1:Deployment", **more: object) -> Resource:
    return workload({"image": image, **more}, name=name, kind=kind)


CASES = {
    "DD-WORKLOAD-321": Case(
        violating=(
            running("ghcr.io/acme/gateway:latest"),
            running("registry.local:5000/gateway", kind=CRON_JOB),
            running("vllm", kind=PATCH),
        ),
        at=(IMAGE, IMAGE, first("image", CRON_JOB)),
        passing=(
            running("ghcr.io/acme/gateway:1.4.2"),
            running(f"ghcr.io/acme/gateway:latest{DIGEST}", "digest"),
            workload(name="none"),
            running("gateway@sha256:0", "odd"),
        ),
        unknown=(running(UNKNOWN),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-322": Case(
        violating=(running("ghcr.io/acme/gateway:1.4.2"), running("gateway@sha256:0123", kind=JOB)),
        at=(IMAGE, IMAGE),
        passing=(running(f"gateway{DIGEST}"), running(f"registry.local:5000/gateway:1{DIGEST}", "tagged")),
        unknown=(running(UNKNOWN),),
        elsewhere=(CHART,),
    ),
    "DD-WORKLOAD-323": Case(
        violating=(
            running("gateway:1.4.2"),
            running(f"gateway{DIGEST}", kind=JOB),
            running("gateway", kind=CRON_JOB, imagePullPolicy="Never"),
            running("gateway@sha256:0", "odd"),
        ),
        at=(first("imagePullPolicy"), first("imagePullPolicy"), first("imagePullPolicy", CRON_JOB), first("imagePullPolicy")),
        passing=(running("gateway:1.4.2", imagePullPolicy="Always"), running("gateway:latest", "latest"), running("gateway", "none")),
        unknown=(running("gateway:1.4.2", imagePullPolicy=UNKNOWN),),
        elsewhere=(CHART, running("gateway:1", kind=PATCH)),
    ),
    "DD-WORKLOAD-324": Case(
        violating=(running("gateway:1.4.2"), running("ghcr.io/acme-evil/gateway:1", kind=JOB), running("nginx/unit", kind=CRON_JOB)),
        at=(IMAGE, first("image", CRON_JOB), IMAGE),
        parameters={"registries": ["ghcr.io/acme", "docker.io/library/python", "docker.io/bitnami", "localhost/", "registry:5000"]},
        passing=(
            running("ghcr.io/acme/gateway:1.4.2"),
            running("python:3.13", "python"),
            running("python", "plain"),
            running("bitnami/redis:8", "redis"),
            running("registry:5000/gateway:1", "port"),
            running("localhost/gateway", "local"),
            running(f"docker.io/library/python{DIGEST}", "digest"),
        ),
        unknown=(running(UNKNOWN),),
        elsewhere=(CHART,),
    ),
}
