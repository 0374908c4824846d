"""A careless program on Google Cloud: what a hurried team might write, with most of what the policy pack knows to be wrong."""

# A stranger writes dictionaries for arguments and builds them by hand.
# pyright: basic, reportArgumentType=false, reportCallIssue=false

import pulumi
import pulumi_gcp as gcp

PROD, DEV = {"stage": "prod"}, {"stage": "dev"}
REGION = "europe-west4"
EVERYBODY = "allUsers"
COMPUTE = "123456789012-compute@developer.gserviceaccount.com"
IMAGE = "europe-docker.pkg.dev/acme/models/fraud:latest"

# Identities.
job = gcp.serviceaccount.Account("job", account_id="training-job")
gcp.projects.IAMMember("owner", project="acme", role="roles/owner", member="user:lead@example.org")
gcp.projects.IAMMember("becomes", project="acme", role="roles/iam.serviceAccountUser", member=f"serviceAccount:{COMPUTE}")
gcp.projects.IAMMember("admin", project="acme", role="roles/storage.admin", member=job.member)
gcp.projects.IAMMember("open", project="acme", role="roles/aiplatform.user", member=EVERYBODY)
gcp.projects.IAMBinding("again", project="acme", role="roles/storage.admin", members=[job.member])
gcp.projects.IAMCustomRole("escalates", role_id="escalates", title="Jobs", permissions=["iam.serviceAccounts.actAs"])
gcp.serviceaccount.Key("job", service_account_id=job.name)
pool = gcp.iam.WorkloadIdentityPool("ci", workload_identity_pool_id="ci-pool")
gcp.iam.WorkloadIdentityPoolProvider(
    "ci",
    workload_identity_pool_id=pool.workload_identity_pool_id,
    workload_identity_pool_provider_id="ci-provider",
    attribute_mapping={"google.subject": "assertion.sub"},
    oidc={"issuer_uri": "https://token.actions.githubusercontent.com"},
)

# Storage.
logs = gcp.storage.Bucket("logs", name="acme-logs", location="EU", labels={"purpose": "logs"}, versioning={"enabled": False})
gcp.storage.Bucket("itself", name="acme-itself", location="EU", logging={"log_bucket": "acme-itself"})
data = gcp.storage.Bucket(
    "data",
    location="us-east1",
    labels=PROD,
    soft_delete_policy={"retention_duration_seconds": 0},
    cors=[{"origins": ["*"], "methods": ["PUT"]}],
)
gcp.storage.Bucket(
    "kept",
    location="EU",
    versioning={"enabled": True},
    lifecycle_rules=[{"action": {"type": "SetStorageClass", "storage_class": "NEARLINE"}, "condition": {"age": 30}}],
)
gcp.storage.BucketIAMMember("data", bucket=data.name, role="roles/storage.objectViewer", member=EVERYBODY)
gcp.storage.BucketACL("data", bucket=data.name, predefined_acl="publicRead")

# Keys, secrets and images.
ring = gcp.kms.KeyRing("ring", location=REGION)
key = gcp.kms.CryptoKey("key", key_ring=ring.id, destroy_scheduled_duration="86400s")
gcp.kms.CryptoKeyIAMMember("key", crypto_key_id=key.id, role="roles/cloudkms.cryptoKeyEncrypterDecrypter", member=EVERYBODY)
token = gcp.secretmanager.Secret("token", secret_id="token", replication={"auto": {}})
gcp.secretmanager.SecretIamMember("token", secret_id=token.id, role="roles/secretmanager.secretAccessor", member="allAuthenticatedUsers")
images = gcp.artifactregistry.Repository(
    "images",
    repository_id="images",
    location=REGION,
    format="DOCKER",
    vulnerability_scanning_config={"enablement_config": "DISABLED"},
    cleanup_policy_dry_run=True,
    cleanup_policies=[{"id": "keep", "action": "KEEP", "most_recent_versions": {"keep_count": 5}}],
)
gcp.artifactregistry.RepositoryIamMember(
    "images", repository=images.name, location=REGION, role="roles/artifactregistry.reader", member=EVERYBODY
)
gcp.container.Registry("old", location="EU")

# Network, clusters and nodes.
network = gcp.compute.Network("net", auto_create_subnetworks=False)
subnet = gcp.compute.Subnetwork("nodes", network=network.id, region=REGION, ip_cidr_range="10.0.0.0/16")
gcp.container.Cluster(
    "ml",
    location=f"{REGION}-a",
    network=network.id,
    subnetwork=subnet.id,
    networking_mode="ROUTES",
    min_master_version="1.27",
    enable_shielded_nodes=False,
    enable_legacy_abac=True,
    enable_kubernetes_alpha=True,
    logging_service="none",
    monitoring_service="none",
    master_auth={"client_certificate_config": {"issue_client_certificate": True}},
    deletion_protection=False,
    initial_node_count=1,
)
gcp.container.Cluster(
    "pools",
    location=REGION,
    enable_autopilot=False,
    resource_labels={"stage": "production"},
    node_pools=[{"name": "inside", "initial_node_count": 1}],
)
gcp.container.NodePool(
    "gpu",
    cluster="elsewhere",
    location=f"{REGION}-a",
    node_count=2,
    management={"auto_repair": False, "auto_upgrade": False},
    network_config={"enable_private_nodes": False},
    node_config={
        "machine_type": "n1-standard-8",
        "guest_accelerators": [{"type": "nvidia-tesla-v100", "count": 1}],
        "image_type": "UBUNTU_CONTAINERD",
        "spot": True,
        "metadata": {"disable-legacy-endpoints": "false"},
        "workload_metadata_config": {"mode": "GCE_METADATA"},
        "shielded_instance_config": {"enable_integrity_monitoring": False},
        "resource_labels": DEV,
    },
)
gcp.compute.Instance(
    "experiment",
    machine_type="g2-standard-8",
    zone=f"{REGION}-a",
    boot_disk={"initialize_params": {"image": "debian-cloud/debian-12"}},
    network_interfaces=[{"network": "default"}],
    labels=DEV,
)
gcp.compute.RegionCommitment("promise", plan="THIRTY_SIX_MONTH", region=REGION, resources=[{"type": "VCPU", "amount": "400"}])

# Machine learning.
records = gcp.bigquery.Dataset("records", dataset_id="records", location="EU")
fraud = gcp.vertex.AiEndpoint(
    "fraud",
    name="4711",
    display_name="fraud",
    location=REGION,
    predict_request_response_logging_config={
        "enabled": True,
        "sampling_rate": 1,
        "bigquery_destination": {"output_uri": pulumi.Output.concat("bq://acme.", records.dataset_id, ".answers")},
    },
)
gcp.vertex.AiEndpointIamMember("fraud", endpoint=fraud.name, location=REGION, role="roles/aiplatform.user", member=EVERYBODY)
gcp.vertex.AiEndpointWithModelGardenDeployment(
    "gemma",
    location=REGION,
    publisher_model_name="publishers/google/models/gemma3@gemma-3-1b-it",
    model_config={"accept_eula": True},
    deploy_config={
        "dedicated_resources": {
            "min_replica_count": 1,
            "spot": True,
            "machine_spec": {"machine_type": "n1-standard-8", "accelerator_type": "NVIDIA_TESLA_V100", "accelerator_count": 1},
        }
    },
)
found = gcp.vertex.AiIndexEndpoint("search", display_name="search", region=REGION, public_endpoint_enabled=True)
index = gcp.vertex.AiIndex(
    "texts",
    display_name="texts",
    region=REGION,
    metadata={
        "contents_delta_uri": pulumi.Output.concat("gs://", data.name, "/texts"),
        "config": {"dimensions": 768, "algorithm_config": {"brute_force_config": {}}},
    },
)
gcp.vertex.AiIndexEndpointDeployedIndex("texts", index_endpoint=found.id, index=index.id, deployed_index_id="texts")
gcp.vertex.AiDataset(
    "pictures",
    display_name="pictures",
    region=REGION,
    metadata_schema_uri="gs://google-cloud-aiplatform/schema/dataset/metadata/image_1.0.0.yaml",
)
gcp.vertex.AiFeatureStore("features", region=REGION, labels=DEV, online_serving_config={"fixed_node_count": 2})
gcp.vertex.AiMetadataStore("lineage", region=REGION)
gcp.vertex.AiTensorboard("board", display_name="board", region=REGION)
gcp.vertex.AiPersistentResource(
    "trainers",
    location=REGION,
    labels=DEV,
    resource_pools=[
        {"machine_spec": {"machine_type": "g2-standard-8", "accelerator_type": "NVIDIA_L4", "accelerator_count": 1}, "replica_count": 1}
    ],
)
notebook = gcp.workbench.Instance(
    "notebook",
    location=f"{REGION}-a",
    gce_setup={
        "machine_type": "n1-standard-4",
        "shielded_instance_config": {"enable_vtpm": False, "enable_integrity_monitoring": False},
        "metadata": {"idle-timeout-seconds": ""},
    },
)
gcp.workbench.InstanceIamMember("notebook", name=notebook.name, location=f"{REGION}-a", role="roles/notebooks.admin", member=EVERYBODY)

# Services, functions and logs.
service = gcp.cloudrunv2.Service(
    "serving",
    location=REGION,
    ingress="INGRESS_TRAFFIC_ALL",
    labels=DEV,
    invoker_iam_disabled=True,
    template={
        "scaling": {"min_instance_count": 1},
        "containers": [
            {"image": IMAGE, "envs": [{"name": "HF_TOKEN", "value": "hf_example"}, {"name": "BUCKET", "value": data.name}]},
        ],
    },
)
gcp.cloudrunv2.ServiceIamMember("serving", name=service.name, location=REGION, role="roles/run.invoker", member=EVERYBODY)
function = gcp.cloudfunctions.Function(
    "handler",
    region="europe-west1",
    runtime="python39",
    entry_point="main",
    trigger_http=True,
    source_archive_bucket=data.name,
    source_archive_object="handler.zip",
)
gcp.cloudfunctions.FunctionIamMember(
    "handler",
    cloud_function=function.name,
    region="europe-west1",
    role="roles/cloudfunctions.invoker",
    member=EVERYBODY,
)
gcp.logging.ProjectBucketConfig("forever", project="acme", location="global", bucket_id="forever", retention_days=3650)
