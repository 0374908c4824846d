"""The labels that every resource carries."""

from collections.abc import Mapping

from environment.model import Environment
from plan.findings import Findings

_RESERVED = ("cost-center", "managed-by", "owner", "purpose", "stage")
_AZURE_PREFIXES = ("azure", "microsoft", "windows")
_PER_RESOURCE = 50
_COUNT_SOURCE = "Amazon S3 User Guide, Using cost allocation S3 bucket tags; Microsoft Learn, Use tags to organize Azure resources"
_GCP_SOURCE = "Google Cloud, Requirements for labels: https://cloud.google.com/resource-manager/docs/labels-overview"
_AZURE_SOURCE = "Microsoft Learn, Use tags to organize your Azure resources, Limitations"


def environment_labels(environment: Environment, findings: Findings) -> Mapping[str, str]:
    """Stage, owner, cost centre and the file's own labels, ordered by key; faults labels that not every cloud takes."""
    for key in sorted(environment.labels):
        _check_key(key, environment.labels[key], findings)
    _check_count(environment, findings)
    own = {
        "cost-center": environment.cost_center,
        "managed-by": "drydock",
        "owner": environment.owner,
        "stage": environment.stage,
    }
    return dict(sorted({**environment.labels, **own}.items()))


def bucket_labels(labels: Mapping[str, str], purpose: str) -> Mapping[str, str]:
    """The environment's labels and the bucket's purpose, ordered by key."""
    return dict(sorted({**labels, "purpose": purpose}.items()))


def _check_key(key: str, value: str, findings: Findings) -> None:
    path = f"labels.{key}"
    if key in _RESERVED:
        findings.fault(
            path, value, "replaces a label that Drydock sets", allowed=f"any key but {', '.join(_RESERVED)}", fix="rename the label"
        )
        return
    if not key[0].isalpha():
        fix = f"write {key.lstrip('0123456789_-') or 'a-name'} or another key that begins with a letter"
        findings.fault(
            path, value, "has a key that begins with no letter", allowed="keys that begin with a letter", fix=fix, source=_GCP_SOURCE
        )
    if key.startswith(_AZURE_PREFIXES):
        allowed = f"keys that do not begin with {', '.join(_AZURE_PREFIXES)}"
        findings.fault(path, value, "has a key that Azure keeps for itself", allowed=allowed, fix="rename the label", source=_AZURE_SOURCE)


def _check_count(environment: Environment, findings: Findings) -> None:
    allowed = _PER_RESOURCE - len(_RESERVED)
    if len(environment.labels) <= allowed:
        return
    problem = f"labels are more than a resource takes beside Drydock's {len(_RESERVED)}"
    findings.fault("labels", len(environment.labels), problem, allowed=f"{allowed} at most", fix="remove some labels", source=_COUNT_SOURCE)
