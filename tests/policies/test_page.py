"""The page of checks says what the checks are, and its settings can be used."""

import re
from pathlib import Path

import yaml

from policies.registry import all_checks, by_id
from policies.settings import settings
from tools.policy_page import PAGE, page


def test_the_page_lists_the_checks_that_there_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text, "run `python -m tools.policy_page`"
    assert set(re.findall(r"^\| `(DD-[A-Z]+-\d{3})`", text, re.MULTILINE)) == by_id().keys()


def test_the_settings_that_the_page_shows_can_be_used(root: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found = settings(yaml.safe_load(block)["config"]["drydock:policies"], all_checks())
    assert found.monthly_usd == 15_000
    assert found.exemptions[0].owner == "ml-platform"
    example = yaml.safe_load((root / "docs" / "policies-example.yaml").read_text())
    assert settings(example, all_checks()).profile == "dev"
