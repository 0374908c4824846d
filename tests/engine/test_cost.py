"""The recorded previews that the cost tests read are what the real engine says of the programs beside them."""

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.costs.programs.record import NAMES, previewed, recording
from tests.engine.rehearsing import Run, environment

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


@pytest.fixture
def cost(root: Path) -> Callable[..., Run]:
    """`drydock cost WORDS… --project PROJECT`."""

    def run(project: Path, *words: str) -> Run:
        command = [sys.executable, "-m", "cli", "cost", *words, "--project", str(project)]
        return subprocess.run(command, cwd=root, env=environment(), capture_output=True, text=True, check=False)

    return run


EXISTING = {
    "aws": {"name": "company-data"},
    "gcp": {"name": "company-data"},
    "azure": {"name": "company-data", "account": "companydata", "resourceGroup": "shared"},
}


@pytest.mark.parametrize("cloud", EXISTING)
def test_what_a_stack_looks_up_is_taken_to_be_there_and_costs_it_nothing(
    cloud: str, project: Path, stack_of: Callable[..., dict[str, Any]], cost: Callable[..., Run]
) -> None:
    shared = {"purpose": "datasets", "existing": EXISTING[cloud]}
    stack_of(f"dev-{cloud}", lambda environment: environment.update(storage={"models": {"purpose": "models"}, "shared": shared}))
    done = cost(project, f"dev-{cloud}", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert {line["component"] for line in json.loads(done.stdout)["lines"]} == {"models"}


def test_twice_the_stored_costs_more_on_every_cloud(
    project: Path, stack_of: Callable[..., dict[str, Any]], cost: Callable[..., Run]
) -> None:
    for cloud in EXISTING:
        totals: list[Decimal] = []
        for gib in (1000, 2000):
            usage = {"storedGib": {"low": gib, "expected": gib, "high": gib}}
            stack_of(
                f"dev-{cloud}", lambda environment, told=usage: environment.update(storage={"data": {"purpose": "datasets", "usage": told}})
            )
            totals.append(Decimal(json.loads(cost(project, f"dev-{cloud}", "--format", "json").stdout)["total"]["expected"]))
        assert totals[0] < totals[1]


def test_a_comparison_ranks_three_clouds_and_a_program_that_fails_is_told_in_one_line(
    project: Path, stack_of: Callable[..., dict[str, Any]], cost: Callable[..., Run]
) -> None:
    stack_of("dev-aws", lambda environment: environment.update(storage={"models": {"purpose": "models"}}))
    done = cost(project, "compare", "dev-aws", "--format", "json")
    assert done.returncode == 0, done.stderr
    ranking = json.loads(done.stdout)["ranking"]
    assert sorted(each["cloud"] for each in ranking) == ["aws", "azure", "gcp"]
    assert [each["rank"] for each in ranking] == [1, 2, 3]
    stack_of("dev-aws", lambda environment: environment.update(stage="somewhere"))
    for words in (["dev-aws"], ["compare", "dev-aws"], ["recommend", "dev-aws"]):
        failed = cost(project, *words)
        assert failed.returncode == 2
        assert "somewhere" in failed.stderr
        assert "Traceback" not in failed.stderr


def test_recommendations_of_a_stack_are_planned_anew(
    project: Path, stack_of: Callable[..., dict[str, Any]], cost: Callable[..., Run]
) -> None:
    band = {"low": 1000, "expected": 1000, "high": 1000}
    stored = {"purpose": "datasets", "usage": {"storedGib": band}, "tiering": "none"}
    stack_of("dev-aws", lambda environment: environment.update(storage={"data": stored}))
    done = cost(project, "recommend", "dev-aws", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = [each for each in json.loads(done.stdout)["recommendations"] if each["resources"] == ["storage.data"]]
    assert [each for each in found if "infrequentAfterDays: 30" in each["title"] and Decimal(each["saving"]["expected"]) > 5]


PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, StackValidationPolicy

from catalogue.catalogue import Catalogue
from costs.estimate import estimate
from costs.read import from_policy_pack

def priced(args, report):
    found = estimate(from_policy_pack(args.resources), Catalogue.open())
    # Its size is no output of an Azure key, and outputs are all that a stack's validation sees. Of what stands in a cluster that is
    # not there yet the engine has no outputs at all.
    def seen(things):
        return [thing for thing in things if "keyvault:Key" not in thing.urn and "kubernetes:" not in thing.urn.partition("::drydock::")[2]]
    total = sum(line.usd.expected for line in seen(found.lines))
    report(f"TOTAL {total} unpriced {len(seen(found.unpriced))} unsupported {len(found.unsupported)}")

PolicyPack("cost", policies=[StackValidationPolicy("priced", "says what it costs", priced, EnforcementLevel.ADVISORY)])
"""


@pytest.mark.parametrize("cloud", EXISTING)
def test_a_policy_pack_estimates_what_the_command_does(
    cloud: str,
    root: Path,
    project: Path,
    tmp_path: Path,
    stack_of: Callable[..., dict[str, Any]],
    cost: Callable[..., Run],
    rehearse: Callable[..., Run],
) -> None:
    stack_of(f"prod-{cloud}")
    pack = tmp_path / "pack"
    pack.mkdir()
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (pack / "PulumiPolicy.yaml").write_text(yaml.safe_dump({"runtime": runtime, "description": "cost", "version": "0.0.1"}))
    (pack / "__main__.py").write_text(f"import sys\nsys.path.insert(0, {str(root)!r})\n{PACK}")
    told = json.loads(cost(project, f"prod-{cloud}", "--format", "json").stdout)
    seen = rehearse(project, f"prod-{cloud}", "preview", "--policy-pack", str(pack))
    assert seen.returncode == 0, seen.stdout + seen.stderr
    (line,) = [line for line in seen.stdout.splitlines() if "TOTAL" in line]
    words = line[line.index("TOTAL") :].split()

    def visible(kind: str) -> list[dict[str, Any]]:
        hidden = ("keyvault:Key", "kubernetes:")
        return [each for each in told[kind] if not any(word in each["urn"].partition("::drydock::")[2] for word in hidden)]

    assert Decimal(words[1]) == sum(Decimal(line["usd"]["expected"]) for line in visible("lines")) > 10
    assert (int(words[3]), int(words[5])) == (len(visible("unpriced")), len(told["unsupported"]))
