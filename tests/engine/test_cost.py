"""The recorded previews that the cost tests read are what the real engine says of the programs beside them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.costs.programs.record import NAMES, previewed, recording

pytestmark = pytest.mark.engine


def asked_for(preview: dict[str, Any]) -> dict[str, tuple[str, Any]]:
    """Type and inputs of every resource by URN."""
    return {step["urn"]: (step["newState"]["type"], step["newState"].get("inputs")) for step in preview["steps"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_preview_is_what_the_engine_says_today(name: str, tmp_path: Path) -> None:
    today, then = previewed(name, tmp_path), json.loads(recording(name).read_text())
    assert len(then["steps"]) > 25
    assert asked_for(today) == asked_for(then)
    assert today["changeSummary"] == then["changeSummary"] == {"create": len(then["steps"])}
    assert today["config"] == then["config"]
