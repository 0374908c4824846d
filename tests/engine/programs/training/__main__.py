"""A foreign program: a training bucket, its queue and its roles on AWS, without a component, names given by hand, and a loop."""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id
zones = aws.get_availability_zones(state="available").names
config = pulumi.Config()

vpc = aws.ec2.Vpc("vpc", cidr_block="10.1.0.0/16", enable_dns_hostnames=True)
subnets = [
    aws.ec2.Subnet(f"subnet-{number}", vpc_id=vpc.id, cidr_block=f"10.1.{number}.0/24", availability_zone=zone)
    for number, zone in enumerate(zones[:2])
]
trust = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
role = aws.iam.Role("trainer", name="trainer", assume_role_policy=json.dumps(trust))
bucket = aws.s3.Bucket("runs", bucket=f"runs-{account}", tags={"team": "research"})
aws.s3.BucketVersioning("runs", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
policy = aws.iam.get_policy_document_output(
    statements=[{"actions": ["s3:GetObject"], "resources": [bucket.arn.apply(lambda arn: f"{arn}/*")]}]
)
aws.iam.RolePolicy("trainer-reads", role=role.id, policy=policy.json)
secret = aws.secretsmanager.Secret("token", name="training-token")
aws.secretsmanager.SecretVersion("token", secret_id=secret.id, secret_string=config.require_secret("token"))

pulumi.export("bucket", bucket.bucket)
pulumi.export("subnets", [subnet.id for subnet in subnets])
pulumi.export("role", role.arn)
