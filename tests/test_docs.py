"""What the pages show is true: their files are right, their links lead somewhere, their commands are in CI."""

import re
from pathlib import Path

import pytest

from costs.quantities import QUANTITIES
from costs.usage import read_usage
from costs.words import band_text
from environment.stack_file import read_config
from plan.checked import plan_config

PAGES = (
    "README.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/costs.md",
    "docs/kubernetes-tests.md",
    "docs/kubernetes.md",
    "docs/endpoints.md",
    "docs/networks.md",
    "docs/node-pools.md",
    "docs/policies.md",
    "docs/prices.md",
    "docs/pull-requests.md",
    "docs/rehearsal.md",
    "docs/storage.md",
)
HEAD = "config:\n  aws:region: eu-west-1\n  drydock:environment:\n"
OWNER = "    cloud: aws\n    region: eu-west-1\n    stage: prod\n    owner: ml-platform\n    costCenter: cc-4211\n"


@pytest.mark.parametrize("page", ["README.md", "docs/storage.md"])
def test_an_environment_that_a_page_shows_has_no_fault(page: str, root: Path, tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(.*?)```", (root / page).read_text(), re.DOTALL)
    assert block
    shown = block.group(1)
    if not shown.startswith("config:"):
        shown = HEAD + OWNER + "".join(f"    {line}\n" for line in shown.splitlines())
    file = tmp_path / "Pulumi.shown.yaml"
    file.write_text(shown)
    assert len(plan_config(read_config(file)).buckets) >= 3


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file(page: str, root: Path) -> None:
    folder = (root / page).parent
    for target in re.findall(r"\]\(([^)#]+)\)", (root / page).read_text()):
        assert target.startswith("https://") or (folder / target).exists(), target


def test_every_page_is_known(root: Path) -> None:
    assert {str(path.relative_to(root)) for path in [*root.glob("*.md"), *root.glob("docs/*.md")]} == set(PAGES)


def test_the_usage_file_that_a_page_shows_can_be_read(root: Path, tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(usage:.*?)```", (root / "docs/costs.md").read_text(), re.DOTALL)
    assert block
    file = tmp_path / "usage.yaml"
    file.write_text(block.group(1))
    assert set(read_usage(file).entries) == {"captures", "aws:lambda/*"}


def test_every_quantity_is_on_the_page_with_what_is_taken_for_it(root: Path) -> None:
    page = (root / "docs/costs.md").read_text()
    for name, quantity in QUANTITIES.items():
        assert f"| `{name}` | {quantity.unit}: {quantity.meaning} | {band_text(quantity.assumed)} |" in page


def test_the_cluster_that_the_page_on_kubernetes_shows_has_no_fault(root: Path, tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(.*?)```", (root / "docs/kubernetes.md").read_text(), re.DOTALL)
    assert block
    owner = "    cloud: kubernetes\n    region: lab\n    stage: dev\n    owner: ml-platform\n    costCenter: cc-4211\n"
    file = tmp_path / "Pulumi.shown.yaml"
    file.write_text("config:\n  drydock:environment:\n" + owner + "".join(f"    {line}\n" for line in block.group(1).splitlines()))
    contents = plan_config(read_config(file)).kubernetes
    assert contents is not None
    assert [workload.pool for workload in contents.workloads] == ["gpu"]
