"""How a model's files get to its container: an init container that fetches them into a volume and checks them.

Two images do all of it. rclone (20 MiB of a static program on Alpine, MIT) reads S3, Cloud Storage and Azure Blob with the identity that
the cloud gives the pod, and HTTPS. A model hub's repository is fetched by KServe's storage initializer (Apache-2.0): the hub's own client
(huggingface_hub), which resumes and checks each file. Each container sees the volume alone, and none of the cluster's API.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    ResourceRequirementsArgs,
    VolumeArgs,
    VolumeMountArgs,
)

from components.kubernetes.endpoint_spec import EndpointSpec
from components.kubernetes.pod import container_security
from plan.model import ArtifactPlan, ModelVersionPlan, VariantPlan

RCLONE = "docker.io/rclone/rclone:1.75.1"
STORAGE_INITIALIZER = "docker.io/kserve/storage-initializer:v0.19.0"
_VOLUME = "model"
_ADDRESS = re.compile(r"^(?P<scheme>s3|gs|hf|https)://(?P<rest>.+)$")
_BLOB = re.compile(r"^https://(?P<account>[^.]+)\.blob\.[^/]+/(?P<container>.+)$")
# What each cloud's buckets are to rclone. Source: rclone documentation, "Amazon S3", "Google Cloud Storage", "Microsoft Azure Blob
# Storage", options of authentication by the environment; `/notfound` keeps it from looking for a configuration file.
_STORES: Mapping[str, Mapping[str, str]] = {
    "s3": {"TYPE": "s3", "PROVIDER": "AWS"},
    "gs": {"TYPE": "google cloud storage"},
    "azureBlob": {"TYPE": "azureblob"},
}
_CLOUDS = {"s3": "aws", "gs": "gcp", "azureBlob": "azure"}
# The digest of several files is that of their digests, in the order of their names: the answer of the same line on any machine.
_FETCH = """set -eu
if [ "$FROM" = url ]; then rclone copyurl --auto-filename "$PATH_OF_MODEL" "$TARGET"
else rclone copy "model:$PATH_OF_MODEL" "$TARGET"; fi
[ -n "$(ls -A "$TARGET")" ] || { echo "nothing lies at $PATH_OF_MODEL" >&2; exit 1; }
"""
_CHECK = """cd "$TARGET"
if [ "$(find . -type f | wc -l)" = 1 ]; then found=$(find . -type f -exec sha256sum {} + | cut -d ' ' -f 1)
else found=$(find . -type f | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1); fi
[ "$found" = "$SHA256" ] || { echo "the model's files have SHA-256 $found, not $SHA256 as the environment says" >&2; exit 1; }
"""
# Managed platforms unpack an archive before the container starts; an image that runs there runs here.
_UNPACK = """cd "$TARGET"
for archive in *.tar.gz *.tgz; do [ ! -f "$archive" ] || { tar -xzf "$archive" && rm "$archive"; }; done
"""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where files lie. kind: s3 | gs | azureBlob | https | hf. path: as the client of that kind names it; settings: of rclone's store."""

    kind: str
    path: Output[str]
    settings: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])


def downloads(spec: EndpointSpec, variant: VariantPlan) -> list[ContainerArgs]:
    """The init containers that fetch a variant's files and check them; none where its image holds the model."""
    model = variant.model
    if model.artifact is None:
        return []
    source = _source(spec, model.artifact)
    if source.kind != "hf":
        script = _FETCH + (_CHECK if model.artifact.sha256 else "") + _UNPACK
        return [_container("fetch-model", RCLONE, variant, ["/bin/sh", "-c", script], _settings(model, model.artifact, source))]
    fetch = _container("fetch-model", STORAGE_INITIALIZER, variant, None, {"HF_HOME": "/tmp/hub"}, args=[source.path, model.mount_path])
    if model.artifact.sha256 is None:
        return [fetch]
    return [fetch, _container("check-model", RCLONE, variant, ["/bin/sh", "-c", "set -eu\n" + _CHECK], _checked(model, model.artifact))]


def model_volumes(model: ModelVersionPlan) -> list[VolumeArgs]:
    """The volume that holds the files, on the disk of the node."""
    return [VolumeArgs(name=_VOLUME, empty_dir=EmptyDirVolumeSourceArgs())] if model.artifact else []


def model_mounts(model: ModelVersionPlan, *, read_only: bool = True) -> list[VolumeMountArgs]:
    """Where a container finds the files."""
    return [VolumeMountArgs(name=_VOLUME, mount_path=model.mount_path, read_only=read_only)] if model.artifact else []


def needs_identity(artifact: ArtifactPlan | None, cloud: str) -> bool:
    """Whether the cloud must let the pods in: the files lie in a bucket of the plan, or in another one of the same cloud."""
    if artifact is None:
        return False
    return artifact.bucket is not None or (cloud, artifact.path.partition("://")[0]) in {("aws", "s3"), ("gcp", "gs")}


def _source(spec: EndpointSpec, artifact: ArtifactPlan) -> Source:
    if artifact.bucket is not None:
        return _in_bucket(spec, spec.on.buckets[artifact.bucket]["url"], artifact.path)
    found = _ADDRESS.match(artifact.path)
    assert found is not None, artifact.path
    scheme, rest = found["scheme"], found["rest"]
    if scheme == "https":
        return Source(kind=scheme, path=Output.from_input(artifact.path))
    if scheme == "hf":
        # KServe writes a revision behind a colon (KServe documentation, "Deploy models from the Hugging Face hub").
        return Source(kind=scheme, path=Output.from_input(f"hf://{rest.replace('@', ':')}"))
    return Source(kind=scheme, path=Output.from_input(rest), settings=_store(scheme, known=_CLOUDS[scheme] == spec.on.cloud))


def _in_bucket(spec: EndpointSpec, url: Output[str], path: str) -> Source:
    kind = next(kind for kind, cloud in _CLOUDS.items() if cloud == spec.on.cloud)
    settings = _store(kind, known=True)
    if kind == "azureBlob":
        blob = url.apply(_blob)
        return Source(kind=kind, path=Output.concat(blob["container"], "/", path), settings={**settings, "ACCOUNT": blob["account"]})
    region: dict[str, Input[str]] = {"REGION": spec.on.region} if kind == "s3" else {}
    bucket = url.apply(lambda address: address.partition("://")[2])
    return Source(kind=kind, path=Output.concat(bucket, "/", path), settings={**settings, **region})


def _blob(address: str) -> dict[str, str]:
    found = _BLOB.match(address)
    assert found is not None, address
    return {"account": found["account"], "container": found["container"]}


def _store(kind: str, *, known: bool) -> dict[str, Input[str]]:
    """rclone's settings of a store; one of a cloud that knows the pod is asked in its name, one of another cloud in nobody's."""
    nobody = {"gs": {"ANONYMOUS": "true"}}.get(kind, {})
    return {**_STORES[kind], **({"ENV_AUTH": "true"} if known else nobody)}


def _settings(model: ModelVersionPlan, artifact: ArtifactPlan, source: Source) -> dict[str, Input[str]]:
    store = {f"RCLONE_CONFIG_MODEL_{key}": value for key, value in source.settings.items()}
    origin = "url" if source.kind == "https" else "store"
    return {**store, "RCLONE_CONFIG": "/notfound", "FROM": origin, "PATH_OF_MODEL": source.path, **_checked(model, artifact)}


def _checked(model: ModelVersionPlan, artifact: ArtifactPlan) -> dict[str, Input[str]]:
    return {"TARGET": model.mount_path, **({"SHA256": artifact.sha256} if artifact.sha256 else {})}


def _container(
    name: str,
    image: str,
    variant: VariantPlan,
    command: list[str] | None,
    env: Mapping[str, Input[str]],
    *,
    args: list[Input[str]] | None = None,
) -> ContainerArgs:
    # It is gone before the model starts, and may use what is kept for that; the scheduler counts the greater of the two.
    amounts = {"cpu": f"{round(variant.vcpus * 1000)}m", "memory": f"{round(variant.memory_gib * 1024)}Mi"}
    return ContainerArgs(
        name=name,
        image=image,
        command=command,
        args=args,
        env=[EnvVarArgs(name=key, value=value) for key, value in {"HOME": "/tmp", **env}.items()],
        resources=ResourceRequirementsArgs(requests=amounts, limits={"memory": amounts["memory"]}),
        security_context=container_security(),
        volume_mounts=[*model_mounts(variant.model, read_only=False), VolumeMountArgs(name="tmp", mount_path="/tmp")],
    )
