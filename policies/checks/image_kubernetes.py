"""Images of Kubernetes pods: where they come from, and whether it is known which they are."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.check import Problem
from policies.namespaces import NamespacedChecks
from policies.part import Part
from policies.pods import DECLARED, SPOKEN, containers
from policies.view import View

CHECKS = NamespacedChecks()
_DEV: Mapping[str, Any] = {"dev": "advisory"}
# registry/path:tag@digest; a colon before a slash is a port. Source: distribution/reference.
_IMAGE = re.compile(r"^(?P<name>[^@]*?)(?::(?P<tag>[^:/@]+))?(?P<digest>@sha256:[0-9a-f]{64})?$")


@CHECKS.add(
    "DD-WORKLOAD-321",
    "Images are named by a version",
    *SPOKEN,
    severity="high",
    profiles=_DEV,
    rationale="latest is another image tomorrow: a pod that starts again runs what nobody has tried, and nobody can go back.",
    fix="name a version, or better a digest, in image",
    key="workloads.<name>.image, models.<name>.image",
    equivalents=("CKV_K8S_14", "KSV-0013", "disallow-latest-tag"),
)
def versioned(view: View) -> Iterator[Problem]:
    """The tag of each image; latest where there is none."""
    for container, image in _images(view):
        found = _IMAGE.match(image)
        if found and not found["digest"] and found["tag"] in (None, "latest"):
            yield Problem(path=container.at("image"), what="is latest, whatever that is on the day" if found["tag"] else "has no version")


@CHECKS.add(
    "DD-WORKLOAD-322",
    "Images are named by their digest",
    *SPOKEN,
    severity="low",
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="A tag can be moved: only a digest says that what runs is what was looked through.",
    fix="write image as name@sha256:…",
    key="workloads.<name>.image, models.<name>.image",
    equivalents=("CKV_K8S_43", "require-image-checksum"),
)
def by_digest(view: View) -> Iterator[Problem]:
    """Whether each image has a digest."""
    for container, image in _images(view):
        found = _IMAGE.match(image)
        if not (found and found["digest"]):
            yield Problem(path=container.at("image"), what="has no digest")


@CHECKS.add(
    "DD-WORKLOAD-323",
    "The registry is asked whenever a container starts",
    *DECLARED,
    severity="low",
    level="disabled",
    rationale="A node gives an image that it has to any pod, and asks nobody whether the pod may have it.",
    fix="set imagePullPolicy to Always",
    equivalents=("CKV_K8S_15", "always-pull-images"),
)
def always_pulled(view: View) -> Iterator[Problem]:
    """imagePullPolicy; left out it is Always for latest and IfNotPresent for the rest (Kubernetes documentation, "Images")."""
    for container, image in _images(view):
        found = _IMAGE.match(image)
        latest = bool(found) and not found["digest"] and found["tag"] in (None, "latest")
        if container.text("imagePullPolicy", "Always" if latest else "IfNotPresent") != "Always":
            yield Problem(path=container.at("imagePullPolicy"), what="is not Always")


@CHECKS.add(
    "DD-WORKLOAD-324",
    "Images come from registries that are allowed",
    *SPOKEN,
    severity="high",
    rationale="Whose images run is who runs in the cluster.",
    fix="copy the image into a registry of one's own and name that, or allow its registry in the parameter registries",
    key="workloads.<name>.image, models.<name>.image",
    equivalents=("KSV-0034", "KSV-0125", "restrict-image-registries", "ContainerAllowedImages"),
    parameters={"registries": ()},
)
def allowed_registries(view: View) -> Iterator[Problem]:
    """Each image against the beginnings of the parameter, by whole steps of its path; docker.io where it names no registry."""
    allowed = [str(each).rstrip("/") for each in view.parameters["registries"]]
    for container, image in _images(view) if allowed else ():
        whole = _whole_name(image)
        if not any(whole == each or whole.startswith((f"{each}/", f"{each}:", f"{each}@")) for each in allowed):
            yield Problem(path=container.at("image"), what=f"comes from {whole.partition('/')[0]}")


def _images(view: View) -> Iterator[tuple[Part, str]]:
    found = ((container, container.text("image")) for container in containers(view))
    return ((container, image) for container, image in found if image)


def _whole_name(image: str) -> str:
    """With its registry: the first step is one where it has a dot or a port, or is localhost. Source: distribution/reference."""
    first, slash, _ = image.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return image
    return f"docker.io/{image}" if slash else f"docker.io/library/{image}"
