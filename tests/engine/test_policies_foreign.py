"""The pack on two programs that nobody shaped for it, through the engine: what is told, of which resources, and nothing else.

Both are of Pinecone's public components (programs/byoc says whence). Each finding was held against the program's text, and what no check
tells against the checks' rules; the comments name what in the text leads to a finding.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.rehearsing import Run, copied

pytestmark = pytest.mark.engine
PROGRAM = Path(__file__).parent / "programs" / "byoc"
BUCKETS = ("gcs-data", "gcs-index-backups", "gcs-internal", "gcs-janitor", "gcs-wal")
POOLS = ("gke-np-default", "gke-np-index")
ON_GCP = {
    # enable_private_endpoint=False, and cidr_block="0.0.0.0/0".
    "DD-CLUSTER-102": ("gke-cluster",),
    "DD-CLUSTER-103": ("gke-cluster",),
    # Its subnetwork, vpc-subnet, has no log_config.
    "DD-CLUSTER-107": ("gke-cluster",),
    # channel="UNSPECIFIED".
    "DD-CLUSTER-108": ("gke-cluster",),
    # No database_encryption.
    "DD-CLUSTER-122": ("gke-cluster",),
    # roles/iam.serviceAccountAdmin on the project.
    "DD-IAM-102": ("gke-np-sa-iam", "gke-write-sa-iam"),
    "DD-IAM-106": ("gke-storage-integration-key",),
    # That role, roles/storage.admin and roles/dns.admin; objectViewer and container.serviceAgent administer nothing by their names.
    "DD-IAM-107": ("gke-dns-sa", "gke-np-sa-iam", "gke-np-sa-storage", "gke-write-sa-iam", "gke-write-sa-storage"),
    # labels() gives pinecone-managed-by alone.
    "DD-LABEL-401": (*BUCKETS, "gke-cluster", *POOLS),
    # auto_repair and auto_upgrade are False; no shielded_instance_config.
    "DD-NODEPOOL-102": POOLS,
    "DD-NODEPOOL-103": POOLS,
    "DD-NODEPOOL-105": POOLS,
    # Neither public_access_prevention nor logging.
    "DD-STORAGE-101": BUCKETS,
    "DD-STORAGE-108": BUCKETS,
}
ON_AZURE = {
    # enable_rbac alone: no disable_local_accounts, aad_profile, api_server_access_profile.
    "DD-CLUSTER-202": ("aks-cluster",),
    "DD-CLUSTER-203": ("aks-cluster",),
    "DD-CLUSTER-204": ("aks-cluster",),
    "DD-CLUSTER-205": ("aks-cluster",),
    "DD-CLUSTER-225": ("aks-cluster",),
    # network_plugin="azure" without a policy, and with 30 pods a node where max_pods is left out.
    "DD-CLUSTER-206": ("aks-cluster",),
    "DD-NODEPOOL-203": ("aks-cluster", "aks-np-index"),
    # No DiagnosticSetting, no monitoring, no upgrade profile; of a security profile only workload_identity.
    "DD-CLUSTER-209": ("aks-cluster",),
    "DD-CLUSTER-210": ("aks-cluster",),
    "DD-CLUSTER-212": ("aks-cluster",),
    "DD-CLUSTER-213": ("aks-cluster",),
    "DD-CLUSTER-223": ("aks-cluster",),
    # tags() gives pinecone-managed-by alone.
    "DD-LABEL-401": ("aks-cluster", "aks-np-index", "blobs-account", "vnet-nat", "vnet-nat-ip"),
    # The pool `default` is the system's: no taint, min_size 1.
    "DD-NODEPOOL-205": ("aks-cluster",),
    "DD-NODEPOOL-212": ("aks-cluster",),
    # allow_shared_key_access=True, Standard_LRS, and nothing of TLS, networks, SAS, keys' age, containers' retention and logs.
    "DD-STORAGE-202": ("blobs-account",),
    "DD-STORAGE-203": ("blobs-account",),
    "DD-STORAGE-205": ("blobs-account",),
    "DD-STORAGE-208": ("blobs-account",),
    "DD-STORAGE-209": ("blobs-account",),
    "DD-STORAGE-210": ("blobs-account",),
    "DD-STORAGE-212": ("blobs-account",),
    "DD-STORAGE-214": ("blobs-account",),
    "DD-STORAGE-216": ("blobs-account",),
    "DD-STORAGE-218": ("blobs-account",),
}
# Each role is made by apply() of something that is known only later, though the text has the id of it. Where it holds is known, by what its
# scope comes from: none of a subscription, one of a group.
LATER_ON_AZURE = {
    ("DD-IAM-202, DD-IAM-204", "aks-mi-operator-role.roleDefinitionId"),
    ("DD-IAM-202, DD-IAM-204", "aks-network-contributor-role.roleDefinitionId"),
    ("DD-IAM-202, DD-IAM-203, DD-IAM-204", "aks-rg-network-contributor-role.roleDefinitionId"),
}
_LINE = re.compile(r"^ +(DD-[A-Z]+-\d{3}(?:, DD-[A-Z]+-\d{3})*) (\S+): (.*)$", re.MULTILINE)


@pytest.mark.parametrize(("cloud", "expected", "later"), [("gcp", ON_GCP, set()), ("azure", ON_AZURE, LATER_ON_AZURE)])
def test_a_foreign_program_is_told_what_is_wrong_with_it_and_nothing_else(
    cloud: str,
    expected: dict[str, tuple[str, ...]],
    later: set[tuple[str, str]],
    tmp_path: Path,
    rehearse: Callable[..., Run],
    root: Path,
) -> None:
    project = copied(PROGRAM, tmp_path / "byoc")
    done = rehearse(project, cloud, "preview", "--policy-pack", str(root / "policies"))
    lines: list[tuple[str, str, str]] = _LINE.findall(done.stdout)
    undecided = {(ids, where) for ids, where, what in lines if what.startswith("cannot decide yet")}
    violated = {(ids, where.partition(".")[0]) for ids, where, what in lines if not what.startswith("cannot decide yet")}
    assert violated == {(name, resource) for name, resources in expected.items() for resource in resources}
    assert undecided == later
    assert "the check itself failed" not in done.stdout
    # The engine stops for what is mandatory, and for nothing else.
    assert done.returncode != 0
    assert "error: preview failed" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
