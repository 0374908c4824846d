"""What no cluster of ours may be: each rule with its case and its source. The versions are those of conftest.py, the day is 2026-07-01."""

import pytest

AWS_KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
GCP_KEY = "projects/acme/locations/europe-west4/keyRings/ml/cryptoKeys/data"
OFFICE = ["203.0.113.0/24"]


def _public(*ranges):
    return {"privateApi": False, "authorizedRanges": list(ranges)}


# cloud, words of the cluster, path of the fault, part of its line, part of its source (empty: Drydock's own rule).
REFUSED = [
    ("aws", {"version": "1.33"}, "version", "is out of standard support since 2026-07-01", "calendar of 1.33"),
    ("aws", {"version": "1.33"}, "version", "fix: write version: '1.34', or upgradeChannel: extended (0.60 USD", "calendar of 1.33"),
    ("azure", {"version": "1.33"}, "version", "(Premium tier) instead of 0.10; until 2027-07-29)", "calendar of 1.33"),
    ("gcp", {"version": "1.32", "upgradeChannel": "extended"}, "version", "2026-03-23 and of extended support on 2026-07-01", "of 1.32"),
    ("gcp", {"version": "1.31"}, "version", "the end of standard support was on 2025-11-26;", "calendar of 1.31"),
    ("azure", {"version": "1.29"}, "version", "is none that is on record for AKS; allowed: 1.36, 1.35, 1.34", "kubernetes_versions.csv"),
    ("aws", {"version": "1.37"}, "version", "is offered from 2026-10-31 on for EKS", "calendar of 1.37"),
    ("aws", {"upgradeChannel": "regular"}, "upgradeChannel", "is no channel of EKS; allowed: extended, or left out", "Kubernetes version"),
    (
        "aws",
        {"upgradeChannel": "none"},
        "upgradeChannel",
        "EKS moves a cluster only at the end of its version's support",
        "Kubernetes version",
    ),
    ("gcp", {"upgradeChannel": "patch"}, "upgradeChannel", "is no channel of GKE", "release channels"),
    ("azure", {"upgradeChannel": "regular"}, "upgradeChannel", "is no channel of AKS", "upgrade an AKS"),
    ("gcp", {"upgradeChannel": "none"}, "upgradeChannel", "leaves the version to nobody", "release channels"),
    ("aws", {"privateApi": True, "authorizedRanges": OFFICE}, "authorizedRanges", "stand beside privateApi: true", ""),
    ("gcp", {"privateApi": False}, "privateApi", "opens the API to everybody", ""),
    ("azure", {"privateApi": False, "authorizedRanges": []}, "privateApi", "opens the API to everybody", ""),
    ("aws", _public("0.0.0.0/0"), "authorizedRanges", "lets everybody try", ""),
    ("aws", _public("128.0.0.0/1"), "authorizedRanges", "lets half the internet try", ""),
    ("gcp", _public("10.0.0.0/8"), "authorizedRanges", "never comes to a public address", "Authorized networks"),
    ("azure", _public("127.0.0.0/8"), "authorizedRanges", "never comes to a public address", "Authorized IP ranges"),
    ("aws", _public("203.0.113.5/24"), "authorizedRanges", "fix: write 203.0.113.0/24", ""),
    ("aws", _public("203.0.113.0/40"), "authorizedRanges", "the length above 32", ""),
    ("aws", _public(*(f"203.0.113.{i}/32" for i in range(41))), "authorizedRanges", "allowed: 40 at most", "Service quotas"),
    ("gcp", _public(*(f"203.0.113.{i}/32" for i in range(101))), "authorizedRanges", "allowed: 100 at most", "Authorized networks"),
    ("azure", _public(*(f"203.0.113.{i}/32" for i in range(201))), "authorizedRanges", "allowed: 200 at most", "Authorized IP ranges"),
    ("aws", {"ownerGroup": "ml@example.com"}, "ownerGroup", "allowed: the ARN of an IAM role", "Access entries"),
    ("aws", {"ownerGroup": "arn:aws:iam::111122223333:user/ana"}, "ownerGroup", "allowed: the ARN of an IAM role", "Access entries"),
    ("gcp", {"ownerGroup": "arn:aws:iam::111122223333:role/ml"}, "ownerGroup", "allowed: the address of a Google group", "Google Groups"),
    ("azure", {"ownerGroup": "ml-platform"}, "ownerGroup", "allowed: the object id of a Microsoft Entra group", "Entra"),
    ("aws", {"maintenance": {"hours": 4}}, "maintenance", "is nothing that EKS has", "Kubernetes version"),
    (
        "azure",
        {"maintenance": {"days": ["sat", "sun"]}},
        "maintenance.days",
        "allowed: 1 at most; fix: write days: [sat]",
        "weekly schedule",
    ),
    (
        "gcp",
        {"maintenance": {"days": ["sun"], "hours": 11}},
        "maintenance.hours",
        "allowed: 12 hours a week or more",
        "48 hours in any 32 days",
    ),
    ("gcp", {"auditLogs": False}, "auditLogs", "GKE always records who changed what", "audit logs"),
    ("gcp", {"logRetentionDays": 90}, "logRetentionDays", "the project's log buckets keep records", "400 days"),
    ("aws", {"logRetentionDays": 100}, "logRetentionDays", "fix: write logRetentionDays: 90", "PutRetentionPolicy"),
    ("azure", {"logRetentionDays": 7}, "logRetentionDays", "allowed: 30 to 730", "30 to 730 days"),
    ("azure", {"auditLogs": False, "logRetentionDays": 90}, "logRetentionDays", "as nothing is recorded", ""),
    ("azure", {"deletionProtection": True}, "deletionProtection", "is nothing that AKS has", "Lock resources"),
    (
        "aws",
        {"encryption": {"existingKey": AWS_KEY}},
        "encryption.existingKey",
        "is a key of us-east-1, and EKS uses",
        "Encrypt Kubernetes",
    ),
    ("gcp", {"encryption": {"existingKey": GCP_KEY}}, "encryption.existingKey", "is a key in europe-west4", "encrypting-secrets"),
    ("azure", {"encryption": {"existingKey": GCP_KEY}}, "encryption.existingKey", "is not the name of a key on azure", ""),
    ("aws", {"encryption": {"rotationDays": 100}}, "encryption.rotationDays", "has no key to rotate", ""),
    ("aws", {"existing": {"name": "ml"}, "version": "1.35"}, "version", "would change a cluster that is there already", ""),
    ("aws", {"existing": {"name": "ml cluster"}}, "existing.name", "is no name of a cluster on aws", "CreateCluster"),
    ("gcp", {"existing": {"name": "ML"}}, "existing.name", "is no name of a cluster on gcp", "Cluster.name"),
    ("aws", {"existing": {}}, "existing.name", "does not say which cluster it is", ""),
    ("aws", {"existing": {"name": "ml", "context": "ml"}}, "existing.context", "is looked up by its name", ""),
    ("azure", {"existing": {"name": "ml"}}, "existing.resourceGroup", "in which resource group", "Naming rules"),
    ("gcp", {"existing": {"name": "ml", "resourceGroup": "rg"}}, "existing.resourceGroup", "is nothing that gcp has", ""),
    ("kubernetes", {"existing": {}}, "existing.context", "which cluster of the kubeconfig", ""),
    ("kubernetes", {"existing": {"context": "lab", "name": "ml"}}, "existing.name", "is looked up on a cloud", ""),
    ("kubernetes", {}, "existing", "cloud kubernetes makes none", ""),
]


@pytest.mark.parametrize(("cloud", "words", "path", "line", "source"), REFUSED)
def test_a_cluster_that_cannot_be_is_refused_with_its_rule(clustered, cloud, words, path, line, source):
    found = clustered(cloud, cluster=words)
    assert found.paths == [f"cluster.{path}"]
    (fault,) = found.faults
    assert line in fault.line()
    assert source in fault.source if source else not fault.source


def test_what_stands_in_a_cluster_needs_one(clustered):
    for words in ({"teams": {"a": {}}}, {"workloads": {"w": {"image": "busybox"}}}, {"nodePools": {"cpu": {"existing": True}}}):
        assert clustered("kubernetes", **words).paths == ["cluster.existing"]


def test_a_key_that_is_refused_is_not_repeated(clustered):
    (fault,) = clustered("aws", cluster={"encryption": {"existingKey": GCP_KEY}}).faults
    assert GCP_KEY not in fault.line()
    (beside,) = clustered("aws", cluster={"existing": {"name": "ml"}, "encryption": {"existingKey": AWS_KEY}}).faults
    assert AWS_KEY not in beside.line()


def test_two_keys_are_one_too_many(clustered):
    key = AWS_KEY.replace("us-east-1", "eu-west-1")
    assert clustered("aws", cluster={"encryption": {"customerKey": True, "existingKey": key}}).paths == ["cluster.encryption.existingKey"]
    assert clustered("aws", cluster={"encryption": {"existingKey": key}}).cluster.encryption.existing_key == key


def test_a_faulty_network_brings_no_fault_of_the_cluster(clustered):
    found = clustered("aws", network={"zones": 6}, cluster={})
    assert found.paths == ["network.zones"]
    assert found.network is None
    assert found.cluster is not None
