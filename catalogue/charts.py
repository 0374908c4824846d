"""The Helm charts and manifests that a cluster gets, each at one version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "charts.csv"


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart or manifest at a pinned version.

    kind: `helm` or `manifest`. chart: the chart's name in `repository`, or a whole `oci://` reference, then `repository` is None; of a
    manifest the URL of its YAML. namespace: the one its own documents install it into. licence: the SPDX name.
    """

    name: str
    kind: str
    chart: str
    repository: str | None
    version: str
    namespace: str
    licence: str
    as_of: str
    source: str


@cache
def charts() -> Mapping[str, Chart]:
    """Every chart by its name, in alphabetical order."""
    return {row["name"]: _chart(row) for row in rows(_FILE)}


def chart(name: str) -> Chart:
    """The chart of this name. Raises KeyError for an unknown one."""
    return charts()[name]


def _chart(row: Mapping[str, str]) -> Chart:
    return Chart(
        name=row["name"],
        kind=row["kind"],
        chart=row["chart"],
        repository=row["repository"] or None,
        version=row["version"],
        namespace=row["namespace"],
        licence=row["licence"],
        as_of=row["as_of"],
        source=row["source"],
    )
