"""The arrows of docs/architecture.md: each floor imports only what stands to its left."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = ("catalogue", "cli", "components", "costs", "environment", "plan", "policies", "rehearsal")


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder), "COLUMNS": "200"}
    )


def test_every_arrow_is_kept(root: Path) -> None:
    result = linted(root)
    assert result.returncode == 0, result.stdout
    assert "15 kept, 0 broken" in result.stdout


BREAKS = [
    ("environment/storage.py", "import plan.model", "environment stands alone"),
    ("environment/model.py", "import pulumi", "environment stands alone"),
    ("environment/base.py", "import catalogue.regions", "environment stands alone"),
    ("catalogue/regions.py", "import environment.model", "the catalogue stands alone"),
    ("plan/storage.py", "import components.contract", "the plan knows the environment and the catalogue only"),
    ("plan/aws/storage.py", "import pulumi_aws", "the plan knows the environment and the catalogue only"),
    ("components/aws/storage.py", "import rehearsal.serve", "components know what stands to their left"),
    ("components/aws/storage.py", "import pulumi_gcp", "the AWS components know no other cloud"),
    ("components/gcp/storage.py", "import components.azure.storage", "the Google Cloud components know no other cloud"),
    ("components/azure/storage.py", "import pulumi_aws", "the Azure components know no other cloud"),
    ("components/contract.py", "import pulumi_aws", "what the clouds share in components knows no cloud"),
    ("components/kubernetes/team.py", "import pulumi_aws", "what stands in every cluster knows no cloud"),
    ("components/kubernetes/add_on.py", "import components.gcp.storage", "what stands in every cluster knows no cloud"),
    ("rehearsal/state.py", "import components.registry", "the rehearsal knows providers, not our components"),
    ("rehearsal/serve.py", "import environment.load", "the rehearsal knows providers, not our components"),
    ("costs/estimate.py", "import plan.model", "costs know resources and the catalogue, not our components"),
    ("costs/read.py", "import pulumi", "costs know resources and the catalogue, not our components"),
    ("policies/pack.py", "import plan.model", "policies know resources and what they cost, not our components"),
    ("policies/review.py", "import pulumi_policy", "checks run without an engine"),
    ("costs/model.py", "import policies.view", "costs know resources and the catalogue, not our components"),
    ("cli/check.py", "import pulumi_aws", "the command line starts no cloud SDK and no component"),
]


def test_an_arrow_that_is_broken_on_purpose_is_named(root: Path, tmp_path: Path) -> None:
    for floor in FLOORS:
        shutil.copytree(root / floor, tmp_path / floor, ignore=shutil.ignore_patterns("__pycache__", "*.csv"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    assert linted(tmp_path).returncode == 0
    for file, line, _ in BREAKS:
        text = (tmp_path / file).read_text()
        (tmp_path / file).write_text(f"{text}\n{line}\n")
    result = linted(tmp_path)
    assert result.returncode == 1
    for file, line, contract in BREAKS:
        assert f"{contract} BROKEN" in result.stdout
        module = file.removesuffix(".py").replace("/", ".")
        # import-linter names an external package by its root.
        target = line.removeprefix("import ")
        assert f"{module} -> {target}" in result.stdout, (file, line)


@pytest.mark.parametrize("stack", ["dev-aws", "prod-gcp", "prod-azure"])
def test_planning_loads_no_pulumi_and_no_cloud_sdk(root: Path, stack: str) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom cli.files import planned\n"
        f"assert planned(Path('stacks/Pulumi.{stack}.yaml')).buckets\n"
        "print([name for name in sys.modules if name.partition('.')[0].startswith('pulumi')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
