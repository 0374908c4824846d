"""A bucket that is there already is looked up, used, and never changed or deleted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.state import SimulatedCloud
from tests.engine.rehearsing import Run, workspace

pytestmark = pytest.mark.engine

SCENARIOS = {
    "aws": "existing: [{type: 'aws:s3/bucket:Bucket', name: company-data, region: eu-west-1}]\n",
    "gcp": "existing: [{type: 'gcp:storage/bucket:Bucket', name: company-data, properties: {location: EUROPE-WEST4}}]\n",
    "azure": """existing:
  - {type: 'azure-native:resources:ResourceGroup', name: shared, region: westeurope}
  - {type: 'azure-native:storage:StorageAccount', name: companydata, region: westeurope,
     properties: {resourceGroupName: shared, kind: StorageV2, sku: {name: Standard_LRS}}}
  - {type: 'azure-native:storage:BlobContainer', name: company-data, properties: {resourceGroupName: shared, accountName: companydata}}
""",
}
EXISTING = {
    "aws": {"name": "company-data"},
    "gcp": {"name": "company-data"},
    "azure": {"name": "company-data", "account": "companydata", "resourceGroup": "shared"},
}
URLS = {
    "aws": "s3://company-data",
    "gcp": "gs://company-data",
    "azure": "https://companydata.blob.core.windows.net/company-data",
}


@pytest.mark.parametrize("cloud", SCENARIOS)
def test_an_existing_bucket_is_used_and_left_as_it_is(
    cloud: str, project: Path, stack_of: Callable[..., dict[str, Any]], rehearse: Callable[..., Run]
) -> None:
    stack = f"dev-{cloud}"
    stack_of(stack, lambda environment: environment.update(storage={"shared": {"purpose": "datasets", "existing": EXISTING[cloud]}}))
    missing = rehearse(project, stack, "preview")
    assert missing.returncode != 0
    assert "company" in missing.stdout
    assert "not" in missing.stdout

    file = project / "scenario.yaml"
    file.write_text(SCENARIOS[cloud])
    up = rehearse(project, stack, "--scenario", str(file), "up")
    assert up.returncode == 0, up.stdout + up.stderr
    outputs = json.loads(rehearse(project, stack, "--scenario", str(file), "--", "pulumi", "stack", "output", "storage", "--json").stdout)
    assert outputs["shared"]["url"] == URLS[cloud]
    assert rehearse(project, stack, "--scenario", str(file), "destroy").returncode == 0
    simulated = SimulatedCloud(workspace(project, stack).database)
    assert any(resource.name == "company-data" for resource in simulated.all())
    assert simulated.owned() == []
    simulated.close()
