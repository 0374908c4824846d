"""As whom an endpoint's containers on Cloud Run act, and who may call it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_gcp as gcp
from pulumi import Output, Resource, ResourceOptions

from components.gcp.run_spec import LONGEST_ACCOUNT, RunSpec, fitting
from plan.model import ArtifactPlan

_READ = "roles/storage.objectViewer"
_CALL = "roles/run.invoker"
_SCHEME = "gs://"


@dataclass(frozen=True, kw_only=True)
class RunIdentity:
    """The service account of an endpoint's containers, which may do its work once `grants` are there."""

    email: Output[str]
    grants: Sequence[Resource]


def run_identity(spec: RunSpec) -> RunIdentity:
    """A service account for this endpoint's containers alone, which may read the buckets that their models lie in, and nothing else.

    Images are pulled by Cloud Run's own agent. Source: Google Cloud, "Deploying container images", service agent's permissions.
    """
    account = gcp.serviceaccount.Account(
        fitting(f"{spec.name}-run", LONGEST_ACCOUNT), display_name=f"Containers of the endpoint {spec.name}", opts=spec.opts
    )
    artifacts = [variant.model.artifact for variant in spec.plan.variants if variant.model.artifact]
    mounted = {found[0] for artifact in artifacts if (found := bucket_and_folder(artifact))}
    member = account.email.apply(lambda email: f"serviceAccount:{email}")
    grants = [
        gcp.storage.BucketIAMMember(
            f"{spec.name}-reads-{bucket}",
            bucket=bucket_name(spec, bucket),
            role=_READ,
            member=member,
            opts=spec.opts,
        )
        for bucket in sorted(mounted)
    ]
    return RunIdentity(email=account.email, grants=grants)


def bucket_and_folder(artifact: ArtifactPlan) -> tuple[str, str] | None:
    """The bucket (its name in the plan, or elsewhere in the cloud) and the folder in it; None for what does not lie in Cloud Storage."""
    if artifact.bucket is not None:
        return artifact.bucket, artifact.path.strip("/")
    if not artifact.path.startswith(_SCHEME):
        return None
    bucket, _, folder = artifact.path.removeprefix(_SCHEME).partition("/")
    return bucket, folder.strip("/")


def bucket_name(spec: RunSpec, bucket: str) -> Output[str]:
    """The bucket as Cloud Storage knows it."""
    return spec.on.buckets[bucket]["name"] if bucket in spec.on.buckets else Output.from_input(bucket)


def admit_callers(spec: RunSpec, name: str, service: gcp.cloudrunv2.Service) -> None:
    """Let the plan's members call one service, and nobody else."""
    for member in spec.plan.access.members:
        gcp.cloudrunv2.ServiceIamMember(
            f"{name}-called-by-{member}",
            name=service.name,
            location=spec.on.region,
            project=service.project,
            role=_CALL,
            member=member,
            opts=ResourceOptions.merge(spec.opts, ResourceOptions(delete_before_replace=True)),
        )
