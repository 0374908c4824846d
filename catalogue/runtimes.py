"""What runs models: images by tag, and where each answers on each platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue.rows import rows

_FILE = Path(__file__).parent / "data" / "runtimes.csv"


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """One runtime on one platform.

    image: by tag, `{region}` stands for the region's name; empty where the platform cannot take the maker's own image as it is. regions:
    those in which it lies there, empty for everywhere.
    mount_path: where the container finds the model; a variable that the platform sets, where it mounts nothing. command: empty is the
    image's own. source: of ports and routes, and of the image.
    """

    name: str
    platform: str
    image: str
    regions: tuple[str, ...]
    port: int
    predict_path: str
    health_path: str
    mount_path: str
    command: tuple[str, ...]
    as_of: str
    confidence: str
    source: str


def runtime(name: str, platform: str) -> Runtime:
    """A runtime (onnx, vllm, triton, custom) on a platform. Raises KeyError for an unknown pair."""
    return _every()[name, platform]


@cache
def _every() -> Mapping[tuple[str, str], Runtime]:
    return {(row["runtime"], row["platform"]): _runtime(row) for row in rows(_FILE)}


def _runtime(row: Mapping[str, str]) -> Runtime:
    return Runtime(
        name=row["runtime"],
        platform=row["platform"],
        image=row["image"],
        regions=tuple(row["regions"].split()),
        port=int(row["port"]),
        predict_path=row["predict_path"],
        health_path=row["health_path"],
        mount_path=row["mount_path"],
        command=tuple(row["command"].split()),
        as_of=row["as_of"],
        confidence=row["confidence"],
        source=row["source"],
    )
