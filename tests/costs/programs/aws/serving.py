"""A hosted model with a canary beside it, and the function that customers call."""

import pulumi
import pulumi_aws as aws
from access import role


def hosted(image: str, models: aws.s3.Bucket) -> aws.sagemaker.Endpoint:
    """An endpoint with a steady variant that scales from two to six, and a canary that gets a tenth of the requests."""
    runner = role("runner", "sagemaker", "AmazonSageMakerFullAccess")
    data = models.bucket.apply(lambda bucket: f"s3://{bucket}/ranker/model.tar.gz")
    model = aws.sagemaker.Model("ranker", execution_role_arn=runner.arn, primary_container={"image": image, "model_data_url": data})
    configuration = aws.sagemaker.EndpointConfiguration(
        "ranker",
        production_variants=[
            {
                "variant_name": "steady",
                "model_name": model.name,
                "instance_type": "ml.g5.xlarge",
                "initial_instance_count": 2,
                "initial_variant_weight": 0.9,
            },
            {
                "variant_name": "canary",
                "model_name": model.name,
                "instance_type": "ml.g5.xlarge",
                "initial_instance_count": 1,
                "initial_variant_weight": 0.1,
            },
        ],
    )
    endpoint = aws.sagemaker.Endpoint("ranker", name="ranker", endpoint_config_name=configuration.name)
    target = aws.appautoscaling.Target(
        "ranker",
        min_capacity=2,
        max_capacity=6,
        resource_id="endpoint/ranker/variant/steady",
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        service_namespace="sagemaker",
        opts=pulumi.ResourceOptions(depends_on=[endpoint]),
    )
    aws.appautoscaling.Policy(
        "ranker",
        policy_type="TargetTrackingScaling",
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        service_namespace=target.service_namespace,
        target_tracking_scaling_policy_configuration={
            "target_value": 300,
            "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
        },
    )
    return endpoint


def front(code: aws.s3.Bucket, endpoint: aws.sagemaker.Endpoint) -> aws.lambda_.FunctionUrl:
    """The function in front of the endpoint, with its log, its public address and the queue for what failed."""
    failed = aws.sqs.Queue("failed", message_retention_seconds=1209600, sqs_managed_sse_enabled=True)
    log = aws.cloudwatch.LogGroup("front", name="/aws/lambda/front", retention_in_days=30)
    function = aws.lambda_.Function(
        "front",
        name="front",
        role=role("front", "lambda", "service-role/AWSLambdaBasicExecutionRole").arn,
        runtime="python3.12",
        handler="front.handle",
        s3_bucket=code.bucket,
        s3_key="front.zip",
        memory_size=512,
        timeout=20,
        architectures=["arm64"],
        dead_letter_config={"target_arn": failed.arn},
        environment={"variables": {"ENDPOINT": endpoint.name}},
        opts=pulumi.ResourceOptions(depends_on=[log]),
    )
    return aws.lambda_.FunctionUrl("front", function_name=function.name, authorization_type="AWS_IAM")
