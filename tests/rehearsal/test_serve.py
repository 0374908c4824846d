"""The servers, and the real engine on them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2

from rehearsal.drift import change
from rehearsal.scenario import Scenario
from rehearsal.serve import debug_providers, serve
from rehearsal.state import SimulatedCloud
from rehearsal.wire import encode
from tests.rehearsal.simulated import Clouds, Program

STORAGE = """
import pulumi, pulumi_aws as aws, pulumi_gcp as gcp, pulumi_azure_native as azure, pulumi_kubernetes as kubernetes

password = pulumi.Config().get_secret("password") or pulumi.Output.secret("correct horse battery")
bucket = aws.s3.Bucket("models", tags={"team": pulumi.Config().get("team") or "ml"})
aws.s3.BucketVersioning("models", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
america = aws.Provider("america", region="us-east-1")
queue = aws.sqs.Queue("jobs", opts=pulumi.ResourceOptions(provider=america))
aws.ssm.Parameter("password", type="SecureString", value=password)
account = gcp.serviceaccount.Account("trainer", account_id="trainer")
gcp.storage.BucketIAMMember(
    "trainer", bucket=gcp.storage.Bucket("models", location="EU").name, role="roles/storage.objectUser",
    member=account.email.apply(lambda email: f"serviceAccount:{email}"),
)
group = azure.resources.ResourceGroup("ml", location="westeurope")
store = azure.storage.StorageAccount("models", resource_group_name=group.name, kind="StorageV2", sku={"name": "Standard_LRS"})
azure.storage.BlobContainer("models", resource_group_name=group.name, account_name=store.name)
space = kubernetes.core.v1.Namespace("ml")
kubernetes.core.v1.ConfigMap("settings", metadata={"namespace": space.metadata.name}, data={"a": "b"})
pulumi.export("queue", queue.arn)
pulumi.export("blob", store.primary_endpoints.blob)
"""


def test_the_servers_listen_on_this_machine_only_and_stop(tmp_path: Path) -> None:
    with serve(tmp_path / "cloud.sqlite", Scenario(), ["aws", "gcp"]) as ports:
        assert list(ports) == ["aws", "gcp", "rest"]
        assert debug_providers(ports) == f"aws:{ports['aws']},gcp:{ports['gcp']}"
        with socket.create_connection(("127.0.0.1", ports["aws"]), timeout=1):
            pass
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", ports["aws"]), timeout=1)


STARTING = """
import sys
from pathlib import Path
from rehearsal.scenario import Scenario
from rehearsal.serve import serve
with serve(Path(sys.argv[1]), Scenario()):
    print([name for name in sys.modules if name.startswith("pulumi_")])
"""


def test_starting_imports_no_sdk(tmp_path: Path, root: Path) -> None:
    command = [sys.executable, "-c", STARTING, str(tmp_path / "cloud.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_a_cancel_hands_over_what_was_being_waited_for(start: Callable[..., Clouds]) -> None:
    clouds = start(latencyScale=1)
    aws = clouds.connect("aws")
    cluster = "aws:eks/cluster:Cluster"
    aws_role = {"name": "eks", "assumeRolePolicy": "{}"}
    _, role = aws.create("aws:iam/role:Role", "eks", aws_role)
    inputs = {"name": "ml", "roleArn": role["arn"], "vpcConfig": {"subnetIds": []}}
    checked, failures = aws.check(cluster, "ml", inputs)
    assert failures == {}
    waiting = aws.stub.Create.future(provider_pb2.CreateRequest(urn=aws.urn(cluster, "ml"), type=cluster, properties=encode(checked)))
    time.sleep(0.5)
    assert not waiting.done()
    aws.stub.Cancel(Empty())
    with pytest.raises(grpc.RpcError, match="cancelled"):
        waiting.result(timeout=5)
    assert SimulatedCloud(clouds.database).get(cluster, "ml") is not None


@pytest.mark.engine
def test_the_engine_goes_the_whole_round_and_leaves_nothing(program: Callable[..., Program]) -> None:
    shop = program(STORAGE)
    shop.pulumi("preview")
    state = SimulatedCloud(shop.clouds.database)
    assert state.all() == []
    shop.pulumi("up", "--yes", "--skip-preview")
    assert len([resource for resource in state.all() if resource.urn]) == 12
    assert json.loads(shop.pulumi("stack", "output", "--json"))["queue"].startswith("arn:aws:sqs:us-east-1:123456789012:jobs-")
    shop.pulumi("preview", "--expect-no-changes", "--diff")
    shop.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    shop.pulumi("destroy", "--yes", "--skip-preview")
    assert state.all() == []


@pytest.mark.engine
def test_a_change_behind_the_stack_shows_in_a_refresh_and_is_mended_by_an_up(program: Callable[..., Program]) -> None:
    shop = program(STORAGE)
    shop.pulumi("up", "--yes", "--skip-preview")
    state = SimulatedCloud(shop.clouds.database)
    bucket = next(resource for resource in state.all() if resource.type == "aws:s3/bucket:Bucket")
    change(state, bucket.id, "tags.team", "finance")
    assert "finance" in shop.pulumi("refresh", "--yes", "--diff", "--skip-preview")
    shop.pulumi("up", "--yes", "--skip-preview")
    assert state.get(bucket.type, bucket.id).inputs["tags"] == {"team": "ml"}


@pytest.mark.engine
def test_a_secret_is_in_neither_the_database_nor_the_output(program: Callable[..., Program]) -> None:
    shop = program(STORAGE)
    output = shop.pulumi("up", "--yes", "--skip-preview", "--diff")
    assert "correct horse" not in output
    assert "correct horse" not in shop.pulumi("refresh", "--yes", "--skip-preview", "--diff")
    for path in shop.clouds.database.parent.glob("cloud.sqlite*"):
        assert b"correct horse" not in path.read_bytes()
    assert shop.state()["password"]["inputs"]["value"]["plaintext"] == '"correct horse battery"'


@pytest.mark.engine
def test_all_faults_of_a_resource_are_told_in_one_preview(program: Callable[..., Program]) -> None:
    shop = program("import pulumi_aws as aws\naws.s3.Bucket('models', bucket='Not_Allowed', website={'indexDokument': 'index.html'})\n")
    output = shop.pulumi("preview", succeeds=False)
    assert "Not_Allowed" in output
    assert "indexDokument" in output


@pytest.mark.engine
def test_a_resource_that_is_late_is_known_to_the_stack_and_the_next_up_repairs_it(program: Callable[..., Program]) -> None:
    late = {"on": "create", "type": "aws:s3/bucket:Bucket", "kind": "timeoutAfterCreate", "message": "still pending"}
    shop = program("import pulumi_aws as aws\naws.s3.Bucket('models', bucket='acme-models')\n", faults=[late])
    assert "still pending" in shop.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert shop.state()["models"]["initErrors"]
    shop.pulumi("up", "--yes", "--skip-preview")
    assert "initErrors" not in shop.state()["models"]
    assert [resource.id for resource in SimulatedCloud(shop.clouds.database).all()] == ["acme-models"]


@pytest.mark.engine
def test_existing_resources_can_be_imported(program: Callable[..., Program]) -> None:
    existing = [{"type": "aws:s3/bucket:Bucket", "name": "company-models", "properties": {"tags": {"team": "ml"}}}]
    shop = program(
        "import pulumi, pulumi_aws as aws\n"
        "aws.s3.Bucket('models', bucket='company-models', tags={'team': 'ml'}, opts=pulumi.ResourceOptions(import_='company-models'))\n",
        existing=existing,
    )
    shop.pulumi("up", "--yes", "--skip-preview")
    assert shop.state()["models"]["id"] == "company-models"
    assert len(SimulatedCloud(shop.clouds.database).all()) == 1


REPLACING = """
import pulumi, pulumi_aws as aws
changed = pulumi.Config().get_bool("changed") or False
aws.s3.Bucket("models", object_lock_enabled=changed)
encryption = "KMS" if changed else "AES256"
aws.ecr.Repository("images", name="images", encryption_configurations=[{"encryption_type": encryption}])
"""


@pytest.mark.engine
def test_a_replacement_leaves_one_of_each_whether_its_name_is_generated_or_fixed(program: Callable[..., Program]) -> None:
    shop = program(REPLACING)
    shop.pulumi("up", "--yes", "--skip-preview")
    state = SimulatedCloud(shop.clouds.database)
    before = {resource.type: resource for resource in state.all()}
    shop.pulumi("config", "set", "changed", "true")
    assert "2 replaced" in shop.pulumi("up", "--yes", "--skip-preview")
    after = {resource.type: resource for resource in state.all()}
    assert len(state.all()) == 2
    assert before["aws:s3/bucket:Bucket"].id != after["aws:s3/bucket:Bucket"].id
    assert after["aws:ecr/repository:Repository"].inputs["encryptionConfigurations"] == [{"encryptionType": "KMS"}]


FILES = """
import pulumi, pulumi_aws as aws
bucket = aws.s3.Bucket("models")
aws.s3.BucketObjectv2("card", bucket=bucket.bucket, key="card.md", source=pulumi.FileAsset("card.md"))
role = aws.iam.Role("handler", assume_role_policy="{}")
code = pulumi.AssetArchive({"main.py": pulumi.StringAsset("def handler(event, context): pass"), "card.md": pulumi.FileAsset("card.md")})
aws.lambda_.Function("handler", role=role.arn, runtime="python3.13", handler="main.handler", code=code)
"""


@pytest.mark.engine
def test_a_file_changes_its_resource_only_when_its_content_changes(program: Callable[..., Program]) -> None:
    shop = program(FILES)
    (shop.folder / "card.md").write_text("first")
    shop.pulumi("up", "--yes", "--skip-preview")
    shop.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    shop.pulumi("preview", "--expect-no-changes")
    (shop.folder / "card.md").write_text("second")
    assert "2 updated" in shop.pulumi("up", "--yes", "--skip-preview")
    shop.pulumi("destroy", "--yes", "--skip-preview")
    assert SimulatedCloud(shop.clouds.database).all() == []
