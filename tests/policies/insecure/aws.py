"""A careless program on AWS: what a hurried team might write, with most of what the policy pack knows to be wrong."""

# A stranger writes dictionaries for arguments and builds them by hand.
# pyright: basic, reportArgumentType=false
import json

import pulumi
import pulumi_aws as aws

EVERYBODY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
EVERYTHING = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
LOOSE = json.dumps(
    {
        "Statement": [
            {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
        ]
    }
)
WEB = {"Federated": "arn:aws:iam::123456789012:oidc-provider/issuer"}
TRUST = json.dumps(
    {
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
            {"Effect": "Allow", "Principal": WEB, "Action": "sts:AssumeRoleWithWebIdentity"},
        ]
    }
)
PROD, DEV = {"stage": "prod"}, {"stage": "dev"}
IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.3.0-cpu-py311"

# Storage.
data = aws.s3.Bucket("data", tags=PROD)
aws.s3.BucketPolicy("data", bucket=data.id, policy=EVERYBODY)
aws.s3.BucketPolicy("locked", bucket="other", policy=EVERYBODY.replace("Allow", "Deny"))
aws.s3.BucketPublicAccessBlock("data", bucket=data.id, block_public_acls=True)
aws.s3.BucketOwnershipControls("data", bucket=data.id, rule={"object_ownership": "ObjectWriter"})
aws.s3.BucketAcl("data", bucket=data.id, acl="public-read")
aws.s3.BucketCorsConfiguration("data", bucket=data.id, cors_rules=[{"allowed_methods": ["PUT"], "allowed_origins": ["*"]}])
aws.s3.BucketServerSideEncryptionConfiguration(
    "data", bucket=data.id, rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms"}}]
)
aws.s3.AccessPoint("data", bucket=data.id, public_access_block_configuration={"block_public_acls": False})
captures = aws.s3.Bucket("captures")
aws.s3.BucketVersioning("captures", bucket=captures.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketLifecycleConfiguration("captures", bucket=captures.id, rules=[{"id": "none", "status": "Enabled", "filter": {"prefix": "x/"}}])

# Identities, keys and secrets.
role = aws.iam.Role("role", assume_role_policy=TRUST, managed_policy_arns=["arn:aws:iam::aws:policy/IAMFullAccess"])
aws.iam.RolePolicyAttachment("admin", role=role.name, policy_arn="arn:aws:iam::aws:policy/AdministratorAccess")
aws.iam.RolePolicy("everything", role=role.name, policy=EVERYTHING)
aws.iam.Policy("loose", policy=LOOSE)
aws.iam.AccessKey("ci", user=aws.iam.User("ci").name)
aws.kms.Key("open", policy=EVERYBODY, is_enabled=False, deletion_window_in_days=7)
secret = aws.secretsmanager.Secret("token", recovery_window_in_days=0)
aws.secretsmanager.SecretPolicy("token", secret_arn=secret.arn, policy=EVERYBODY)

# Network, cluster and nodes.
vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", tags=PROD)
subnet = aws.ec2.Subnet("public", vpc_id=vpc.id, cidr_block="10.0.0.0/24", map_public_ip_on_launch=True)
aws.ec2.NatGateway("nat", subnet_id=subnet.id, connectivity_type="private")
ports = [{"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["0.0.0.0/0"]} for port in (22, 8888)]
aws.ec2.SecurityGroup("open", vpc_id=vpc.id, ingress=ports)
cluster = aws.eks.Cluster("ml", role_arn=role.arn, version="1.30", vpc_config={"subnet_ids": [subnet.id]})
template = aws.ec2.LaunchTemplate(
    "launch",
    instance_type="p3.2xlarge",
    metadata_options={"http_put_response_hop_limit": 2},
    block_device_mappings=[{"device_name": "/dev/xvda", "ebs": {"volume_type": "gp2"}}],
    network_interfaces=[{"associate_public_ip_address": "true"}],
)
pool = {"cluster_name": cluster.name, "node_role_arn": role.arn, "subnet_ids": [subnet.id]}
sizes = {"min_size": 1, "max_size": 2, "desired_size": 1}
aws.eks.NodeGroup("gpu", **pool, scaling_config=sizes, capacity_type="SPOT", launch_template={"id": template.id, "version": "1"}, tags=DEV)
aws.eks.NodeGroup("ssh", **pool, scaling_config=sizes, remote_access={"ec2_ssh_key": "mine"}, instance_types=["m5.large"])
aws.ec2.Instance("experiment", ami="ami-0123456789abcdef0", instance_type="g5.xlarge", tags=DEV)
spot = {"on_demand_base_capacity": 0, "on_demand_percentage_above_base_capacity": 0}
launch = {"launch_template_specification": {"launch_template_id": template.id}}
aws.autoscaling.Group("spot", min_size=0, max_size=2, mixed_instances_policy={"instances_distribution": spot, "launch_template": launch})

# Machine learning.
far = aws.s3.Bucket("far", region="us-east-1")
container = {"image": IMAGE, "model_data_url": pulumi.Output.concat("s3://", far.bucket, "/model.tar.gz")}
model = aws.sagemaker.Model("model", execution_role_arn=role.arn, primary_container=container)
variant = {"model_name": model.name, "instance_type": "ml.g5.xlarge", "initial_instance_count": 1, "enable_ssm_access": True}
plain = {"model_name": model.name, "instance_type": "ml.m5.xlarge", "initial_instance_count": 1, "variant_name": "plain"}
capture = {
    "enable_capture": True,
    "initial_sampling_percentage": 100,
    "destination_s3_uri": pulumi.Output.concat("s3://", captures.bucket),
    "capture_options": [{"capture_mode": "Input"}],
}
serving = aws.sagemaker.EndpointConfiguration("serving", production_variants=[variant, plain], data_capture_config=capture, tags=PROD)
aws.sagemaker.Endpoint("serving", endpoint_config_name=serving.name, tags=PROD)
trial = aws.sagemaker.Endpoint("trial", endpoint_config_name=serving.name, tags=DEV)
aws.appautoscaling.Target(
    "trial",
    service_namespace="sagemaker",
    scalable_dimension="sagemaker:variant:DesiredInstanceCount",
    resource_id=pulumi.Output.concat("endpoint/", trial.name, "/variant/plain"),
    min_capacity=1,
    max_capacity=1,
)
waiting = aws.sagemaker.EndpointConfiguration(
    "waiting", production_variants=[plain], async_inference_config={"output_config": {"s3_output_path": "s3://answers/"}}
)
queue = aws.sagemaker.Endpoint("waiting", endpoint_config_name=waiting.name)
aws.appautoscaling.Target(
    "waiting",
    service_namespace="sagemaker",
    scalable_dimension="sagemaker:variant:DesiredInstanceCount",
    resource_id=pulumi.Output.concat("endpoint/", queue.name, "/variant/plain"),
    min_capacity=1,
    max_capacity=2,
)
aws.sagemaker.TrainingJob(
    "training",
    training_job_name="training",
    role_arn=role.arn,
    algorithm_specification={"training_image": IMAGE, "training_input_mode": "File"},
    enable_managed_spot_training=True,
    output_data_config={"s3_output_path": "s3://runs/"},
    resource_config={"instance_type": "ml.m5.xlarge", "instance_count": 2, "volume_size_in_gb": 100},
    stopping_condition={"max_runtime_in_seconds": 3600, "max_wait_time_in_seconds": 7200},
)
aws.sagemaker.FlowDefinition(
    "review",
    flow_definition_name="review",
    role_arn=role.arn,
    human_loop_config={
        "human_task_ui_arn": "arn:aws:sagemaker:eu-west-1:123456789012:human-task-ui/review",
        "task_count": 1,
        "task_description": "look",
        "task_title": "look",
        "workteam_arn": "arn:aws:sagemaker:eu-west-1:123456789012:workteam/private-crowd/all",
    },
    output_config={"s3_output_path": "s3://reviews/"},
)
aws.bedrock.ProvisionedModelThroughput(
    "claude",
    provisioned_model_name="claude",
    model_arn="arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-v2",
    model_units=1,
    commitment_duration="OneMonth",
    tags=DEV,
)
aws.sagemaker.NotebookInstance("notebook", instance_type="ml.t3.medium", role_arn=role.arn)
aws.sagemaker.Domain(
    "studio",
    domain_name="studio",
    auth_mode="IAM",
    vpc_id=vpc.id,
    subnet_ids=[subnet.id],
    default_user_settings={"execution_role": role.arn},
)
aws.bedrock.AgentAgent("agent", agent_name="agent", agent_resource_role_arn=role.arn, foundation_model="anthropic.claude-v2")

# Functions, images, logs and disks.
function = aws.lambda_.Function(
    "handler",
    role=role.arn,
    runtime="python3.9",
    handler="main.handler",
    s3_bucket="code",
    s3_key="code.zip",
    environment={"variables": {"ACCESS_KEY": "AKIAIOSFODNN7EXAMPLE"}},
    tags=DEV,
)
aws.lambda_.Function(
    "reader",
    role=role.arn,
    runtime="python3.12",
    handler="main.handler",
    s3_bucket=far.bucket,
    s3_key="code.zip",
    logging_config={"log_format": "JSON", "application_log_level": "DEBUG"},
    tags=PROD,
)
aws.lambda_.FunctionUrl("handler", function_name=function.name, authorization_type="NONE", cors={"allow_origins": ["*"]})
aws.lambda_.Permission("everybody", function=function.name, action="lambda:InvokeFunction", principal="*")
aws.lambda_.Permission("bucket", function=function.name, action="lambda:InvokeFunction", principal="s3.amazonaws.com")
aws.lambda_.ProvisionedConcurrencyConfig("handler", function_name=function.name, qualifier="1", provisioned_concurrent_executions=5)
images = aws.ecr.Repository("images")
aws.ecr.RepositoryPolicy("images", repository=images.name, policy=EVERYBODY)
aws.ecrpublic.Repository("public", repository_name="public")
aws.cloudwatch.LogGroup("logs")
aws.ebs.Volume("disk", availability_zone="eu-west-1a", size=10, tags={"stage": "production"})
