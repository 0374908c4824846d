"""Programs that a cloud would refuse fail in the rehearsal too, and say why."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine

HEAD = "import pulumi\nimport pulumi_aws as aws\n"
GCP = "import pulumi\nimport pulumi_gcp as gcp\n"
AZURE = "import pulumi\nfrom pulumi_azure_native import storage\n"
# The SDKs' own signatures refuse most slips before the provider sees them; a plain resource reaches it as other languages' programs do.
RAW = "class Raw(pulumi.CustomResource):\n    def __init__(self, kind, name, props):\n        super().__init__(kind, name, props)\n"

CASES = {
    "a misspelt property": (HEAD + RAW + "Raw('aws:s3/bucket:Bucket', 'data', {'bukcet': 'my-data'})", ["bukcet", "bucket"]),
    "a missing required one": (GCP + RAW + "Raw('gcp:storage/bucket:Bucket', 'data', {'name': 'my-data'})", ["location"]),
    "a wrong type": (
        GCP + RAW + "Raw('gcp:storage/bucket:Bucket', 'data', {'location': 'EU', 'forceDestroy': 'perhaps'})",
        ["forceDestroy", "true or false"],
    ),
    "a wrong type inside": (
        HEAD + "aws.s3.BucketVersioning('v', bucket='data', versioning_configuration='on')",
        ["versioningConfiguration"],
    ),
    "a missing property inside": (
        AZURE + RAW + "Raw('azure-native:storage:StorageAccount', 'data', {'resourceGroupName': 'rg', 'kind': 'StorageV2', 'sku': {}})",
        ["sku", "name"],
    ),
    "a duplicate global bucket name": (
        HEAD + "aws.s3.Bucket('one', bucket='acme-data')\naws.s3.Bucket('two', bucket='acme-data')",
        ["acme-data", "BucketAlready"],
    ),
    "an invalid name": (HEAD + "aws.s3.Bucket('one', bucket='Acme_Data')", ["Acme_Data", "lower"]),
    "a group that is not there": (
        AZURE + "storage.StorageAccount('data', resource_group_name='nowhere', kind='StorageV2', sku={'name': 'Standard_LRS'})",
        ["nowhere", "ResourceGroupNotFound"],
    ),
}
CONFIG = {"aws:region": "eu-west-1", "gcp:project": "acme-ml", "azure-native:location": "westeurope"}


@pytest.mark.parametrize("case", CASES)
def test_a_program_that_the_cloud_refuses_fails_with_a_clear_error(
    case: str, program: Callable[..., Path], rehearse: Callable[..., Run]
) -> None:
    source, words = CASES[case]
    done = rehearse(program(source, CONFIG), "dev", "up")
    assert done.returncode != 0
    told = done.stdout + done.stderr
    errors = [line for line in told.splitlines() if "error" in line or any(word in line for word in words)]
    for word in words:
        assert any(word in line for line in errors), told
    assert "Traceback" not in told
