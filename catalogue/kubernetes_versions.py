"""How long each cloud supports a Kubernetes version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "kubernetes_versions.csv"


@dataclass(frozen=True, kw_only=True)
class KubernetesVersion:
    """One minor version on one provider's managed Kubernetes (EKS, GKE, AKS); the dates are ISO days.

    released: generally available there; on GKE in the regular channel. end_of_extended_support: EKS extended support, GKE's extended
    channel, AKS long-term support (Premium tier); None where there is none. Where a provider names a month only, the day is its last one.
    """

    provider: str
    version: str
    released: str
    end_of_standard_support: str
    end_of_extended_support: str | None
    as_of: str
    source: str


@cache
def kubernetes_versions(provider: str) -> tuple[KubernetesVersion, ...]:
    """The versions of a provider, newest first, those whose support has ended included; empty for an unknown provider."""
    found = (_version(row) for row in rows(_FILE) if row["provider"] == provider)
    return tuple(sorted(found, key=lambda each: tuple(int(part) for part in each.version.split(".")), reverse=True))


def _version(row: Mapping[str, str]) -> KubernetesVersion:
    return KubernetesVersion(
        provider=row["provider"],
        version=row["version"],
        released=row["released"],
        end_of_standard_support=row["end_of_standard_support"],
        end_of_extended_support=row["end_of_extended_support"] or None,
        as_of=row["as_of"],
        source=row["source"],
    )
