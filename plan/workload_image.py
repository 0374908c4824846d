"""The image of a workload: what runs must be what was meant."""

import re

from plan.contents_request import ContentsRequest

_IMAGES = (
    "Kubernetes documentation, Images, Image names (avoid :latest in production): https://kubernetes.io/docs/concepts/containers/images/"
)
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_TAG = re.compile(r":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(:\d+)?(/[a-z0-9][a-z0-9._-]*)*")


def check_image(request: ContentsRequest, name: str, image: str) -> None:
    """Faults what is no image, and in production one whose content may change under its name."""
    path = f"workloads.{name}.image"
    rest = _DIGEST.sub("", image)
    digest = rest != image
    tag = _TAG.search(rest)
    named = rest[: tag.start()] if tag else rest
    if not _NAME.fullmatch(named) or "@" in rest:
        fix = "write it as REGISTRY/NAME:TAG or REGISTRY/NAME@sha256:DIGEST"
        request.fault(
            path, image, "is no name of an image", allowed="lower-case letters, digits, ., -, _, / and a tag", fix=fix, source=_IMAGES
        )
        return
    moving = not digest and (tag is None or tag.group() == ":latest")
    if not moving:
        return
    what = f"{'has no tag' if tag is None else 'follows latest'}, so tomorrow's pods may run something else"
    if request.is_prod:
        fix = "name a tag of a release, or better its digest"
        request.fault(path, image, what, allowed="a tag other than latest, or a digest, in prod", fix=fix, source=_IMAGES)
    else:
        request.decide(path, "not pinned", f"it {what}; prod refuses it", _IMAGES)
