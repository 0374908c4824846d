"""A refresh of a test's catalogue against a price interface on this machine."""

from pathlib import Path
from typing import Any

from catalogue.refresh.run import Outcome, Request, refresh
from tests.catalogue.refresh.serving import QUICK, Answering, Serving, serving

TODAY = "2026-11-25"


def refreshed(cloud: str, data: Path, answer: Answering, asked: list[Serving] | None = None, **other: Any) -> Outcome:
    """The outcome; asked: gets the interface, to look at what was asked of it."""
    with serving(answer) as host:
        if asked is not None:
            asked.append(host)
        other = {"key": "AIzaSyTESTKEY" if cloud == "gcp" else "", **other}
        return refresh(Request(cloud=cloud, data=data, today=TODAY, endpoint=host.url, **other), lambda what, size: None, QUICK)


def rows(data: Path, name: str) -> list[str]:
    """The lines of a file below its header."""
    return (data / name).read_text().splitlines()[1:]
