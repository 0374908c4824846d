"""An inference platform: a cluster, a hosted model, a function in front of it, and where its data lies."""

import pulumi
import pulumi_aws as aws
from cluster import cluster, entrance
from network import Network
from serving import front, hosted

config = pulumi.Config()
network = Network("inference", "10.42")
key = aws.kms.Key("data", description="what the platform keeps", enable_key_rotation=True)
aws.kms.Alias("data", name="alias/inference-data", target_key_id=key.key_id)

models = aws.s3.Bucket("models", tags={"owner": "research"})
requests = aws.s3.Bucket("requests", tags={"owner": "serving"})
aws.s3.BucketVersioning("models", bucket=models.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketPublicAccessBlock("models", bucket=models.id, block_public_acls=True, block_public_policy=True)
kept: aws.s3.BucketLifecycleConfigurationRuleArgsDict = {
    "id": "old-versions",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "noncurrent_version_expiration": {"noncurrent_days": 90},
}
aws.s3.BucketLifecycleConfiguration("models", bucket=models.id, rules=[kept])
cooled: list[aws.s3.BucketLifecycleConfigurationRuleTransitionArgsDict] = [
    {"days": 30, "storage_class": "STANDARD_IA"},
    {"days": 90, "storage_class": "GLACIER_IR"},
]
aged: aws.s3.BucketLifecycleConfigurationRuleArgsDict = {
    "id": "age",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "transitions": cooled,
    "expiration": {"days": 365},
}
aws.s3.BucketLifecycleConfiguration("requests", bucket=requests.id, rules=[aged])

images = aws.ecr.Repository("ranker", name="ranker", encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}])
kubernetes = cluster(network, key)
balancer = entrance(network)
endpoint = hosted(config.require("image"), models)
address = front(requests, endpoint)

within = aws.rds.SubnetGroup("features", subnet_ids=network.private)
features = aws.rds.Instance(
    "features",
    engine="postgres",
    engine_version="16.4",
    instance_class="db.m6g.large",
    allocated_storage=100,
    storage_type="gp3",
    multi_az=True,
    storage_encrypted=True,
    kms_key_id=key.arn,
    db_subnet_group_name=within.name,
    username="features",
    manage_master_user_password=True,
    skip_final_snapshot=True,
)

pulumi.export("cluster", kubernetes.name)
pulumi.export("images", images.repository_url)
pulumi.export("entrance", balancer.dns_name)
pulumi.export("front", address.function_url)
pulumi.export("features", features.endpoint)
