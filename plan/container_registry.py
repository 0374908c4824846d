"""Plans where images lie: a registry that is there, or one that is made."""

import re
from collections.abc import Mapping

from environment.container_registry import ContainerRegistry
from environment.model import Environment
from plan.findings import Findings
from plan.model import RegistryPlan
from plan.registry import has_storage

_PATH = "registry"
_DEFAULT_REPOSITORY = "models"
_UNTAGGED_DAYS = {"dev": 7, "staging": 14, "prod": 30}
_NEWEST = {"dev": 10, "staging": 20, "prod": 50}
# The first part of an image's name is a registry's host where it has a dot or a port, or is localhost; such an image is nobody's to make.
_HOST = re.compile(r"^(localhost|[^/]*[.:][^/]*)/")
_ADDRESS = re.compile(r"^[a-z0-9][a-z0-9.-]*(:\d+)?(/[a-z0-9][a-z0-9._-]*)*$")
_REFERENCE = "OCI Distribution Specification, Pulling manifests: https://github.com/opencontainers/distribution-spec/blob/main/spec.md"
_ACR_RETENTION = "Microsoft Learn, Retention policy for untagged manifests: 0 to 365 days: https://learn.microsoft.com/azure/container-registry/container-registry-retention-policy"
_ACR_DAYS = 365
_OWN_SETTINGS = (
    ("delete_untagged_after_days", "deleteUntaggedAfterDays"),
    ("keep_newest", "keepNewest"),
    ("customer_key", "customerKey"),
)


def plan_container_registry(environment: Environment, labels: Mapping[str, str], findings: Findings) -> RegistryPlan | None:
    """The container registry, None where the file asks for none; faults what its cloud cannot do, and images without a registry."""
    wish = environment.registry
    if wish is None:
        _check_images(environment, findings)
        return None
    if wish.existing is not None:
        _check_existing(wish, wish.existing, findings)
    elif not has_storage(environment.cloud):
        problem = "does not say where the registry is, and a cluster on anybody's machines makes none"
        findings.fault(f"{_PATH}.existing", None, problem, allowed="its address, such as registry.example/ml", fix="add existing")
    return RegistryPlan(
        name=_PATH,
        labels=labels,
        existing=wish.existing,
        repositories=_repositories(environment, findings),
        delete_untagged_after_days=_untagged_days(environment, wish, findings),
        keep_newest=_newest(environment, wish, findings),
        customer_key=wish.customer_key,
        retain=_retain(environment, wish, findings),
    )


def own_repository(image: str) -> str | None:
    """The repository of an image that lies in the environment's own registry, None where its name says another registry."""
    if _HOST.match(image):
        return None
    return image.partition("@")[0].partition(":")[0]


def _check_images(environment: Environment, findings: Findings) -> None:
    for name, version in sorted(environment.models.items()):
        if version.image is not None and own_repository(version.image) is not None:
            problem = "names no registry, and this environment has none of its own"
            fix = f"write REGISTRY/{version.image}, or add registry: {{}}"
            findings.fault(f"models.{name}.image", version.image, problem, allowed="HOST/NAME@sha256:…", fix=fix, source=_REFERENCE)


def _check_existing(wish: ContainerRegistry, existing: str, findings: Findings) -> None:
    if _ADDRESS.fullmatch(existing) is None:
        problem = "is no address that an image's name begins with"
        allowed = "HOST or HOST/PATH, without https://"
        fix = f"write {existing.removeprefix('https://').rstrip('/').lower()}"
        findings.fault(f"{_PATH}.existing", existing, problem, allowed=allowed, fix=fix, source=_REFERENCE)
    for field, word in _OWN_SETTINGS:
        value = getattr(wish, field)
        if value:
            problem = "would change a registry that is there already"
            findings.fault(f"{_PATH}.{word}", value, problem, allowed="existing alone", fix=f"remove {word}")


def _repositories(environment: Environment, findings: Findings) -> tuple[str, ...]:
    images = (version.image for version in environment.models.values() if version.image is not None)
    found = sorted({repository for image in images if (repository := own_repository(image)) is not None})
    if found:
        return tuple(found)
    reason = "no model names an image of the registry yet; images pushed there can be named as models/NAME"
    findings.decide(f"{_PATH}.repositories", _DEFAULT_REPOSITORY, reason)
    return (_DEFAULT_REPOSITORY,)


def _untagged_days(environment: Environment, wish: ContainerRegistry, findings: Findings) -> int:
    days = wish.delete_untagged_after_days
    if days is None:
        days = _UNTAGGED_DAYS[environment.stage]
        if wish.existing is None:
            findings.decide(f"{_PATH}.deleteUntaggedAfterDays", days, "an image without a tag was replaced; its digest may still be in use")
        return days
    if environment.cloud == "azure" and days > _ACR_DAYS:
        problem = "days are more than Azure's registry keeps what has no tag"
        fix = f"write deleteUntaggedAfterDays: {_ACR_DAYS}"
        findings.fault(f"{_PATH}.deleteUntaggedAfterDays", days, problem, allowed=f"{_ACR_DAYS} or fewer", fix=fix, source=_ACR_RETENTION)
    return days


def _newest(environment: Environment, wish: ContainerRegistry, findings: Findings) -> int:
    if wish.keep_newest is not None:
        return wish.keep_newest
    newest = _NEWEST[environment.stage]
    if wish.existing is None:
        findings.decide(f"{_PATH}.keepNewest", newest, "rollbacks go a few versions back, and every image is billed")
    return newest


def _retain(environment: Environment, wish: ContainerRegistry, findings: Findings) -> bool:
    if wish.existing is not None:
        return False
    if environment.stage == "prod":
        findings.decide(f"{_PATH}.retain", True, "a rollback needs the images of versions that are gone from the file")
    return environment.stage == "prod"
