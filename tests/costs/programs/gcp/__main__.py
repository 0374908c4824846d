"""A research platform: a cluster with GPUs and TPUs, a served model, a workstation, and where data and results lie."""

import pulumi
import pulumi_gcp as gcp
from cluster import cluster
from network import network
from serving import asked, managed, served

config = pulumi.Config()
region = pulumi.Config("gcp").require("region")
machines = network(region)

ring = gcp.kms.KeyRing("research", location=region)
key = gcp.kms.CryptoKey("data", key_ring=ring.id, rotation_period="7776000s")

cooled: gcp.storage.BucketLifecycleRuleArgsDict = {
    "action": {"type": "SetStorageClass", "storage_class": "NEARLINE"},
    "condition": {"age": 30},
}
dropped: gcp.storage.BucketLifecycleRuleArgsDict = {"action": {"type": "Delete"}, "condition": {"age": 730}}
runs = gcp.storage.Bucket(
    "runs",
    location=region,
    uniform_bucket_level_access=True,
    lifecycle_rules=[cooled, dropped],
    encryption={"default_kms_key_name": key.id},
)
models = gcp.storage.Bucket(
    "models", location="US", uniform_bucket_level_access=True, autoclass={"enabled": True, "terminal_storage_class": "NEARLINE"}
)
images = gcp.artifactregistry.Repository("models", repository_id="models", location=region, format="DOCKER")
results = gcp.bigquery.Dataset("results", dataset_id="results", location=region, default_table_expiration_ms=7776000000)
audit = gcp.logging.ProjectBucketConfig("audit", project="acme-research", bucket_id="audit", location=region, retention_days=400)

kubernetes = cluster(machines, region)
service = served(config.require("image"), region, models)
topic = asked(service)
trials = managed(region)

scratch = gcp.compute.Disk("scratch", zone=f"{region}-a", type="pd-ssd", size=500)
workstation = gcp.compute.Instance(
    "workstation",
    zone=f"{region}-a",
    machine_type="a2-highgpu-1g",
    boot_disk={"initialize_params": {"image": "debian-cloud/debian-12", "size": 100, "type": "pd-balanced"}},
    attached_disks=[{"source": scratch.id}],
    network_interfaces=[{"subnetwork": machines.id}],
    scheduling={"on_host_maintenance": "TERMINATE", "automatic_restart": True},
    allow_stopping_for_update=True,
)

pulumi.export("cluster", kubernetes.endpoint)
pulumi.export("images", images.name)
pulumi.export("runs", runs.url)
pulumi.export("service", service.uri)
pulumi.export("topic", topic.id)
pulumi.export("trials", trials.id)
pulumi.export("results", results.dataset_id)
pulumi.export("audit", audit.id)
pulumi.export("workstation", workstation.instance_id)
