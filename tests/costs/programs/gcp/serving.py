"""A model that is served without a cluster, what it is asked through a queue, and an endpoint that is managed."""

import pulumi_gcp as gcp


def served(image: str, region: str, models: gcp.storage.Bucket) -> gcp.cloudrunv2.Service:
    """A service with an L4 in each of one to three instances."""
    return gcp.cloudrunv2.Service(
        "summarizer",
        location=region,
        deletion_protection=False,
        template={
            "scaling": {"min_instance_count": 1, "max_instance_count": 3},
            "gpu_zonal_redundancy_disabled": True,
            "node_selector": {"accelerator": "nvidia-l4"},
            "max_instance_request_concurrency": 4,
            "containers": [
                {
                    "image": image,
                    "envs": [{"name": "MODELS", "value": models.url}],
                    "resources": {"limits": {"cpu": "8", "memory": "32Gi", "nvidia.com/gpu": "1"}, "cpu_idle": False},
                }
            ],
        },
    )


def asked(service: gcp.cloudrunv2.Service) -> gcp.pubsub.Topic:
    """The topic that work comes in by; it is pushed to the service, and what fails is kept."""
    failed = gcp.pubsub.Topic("failed")
    topic = gcp.pubsub.Topic("asked", message_retention_duration="86400s")
    gcp.pubsub.Subscription(
        "asked",
        topic=topic.id,
        ack_deadline_seconds=60,
        push_config={"push_endpoint": service.uri},
        dead_letter_policy={"dead_letter_topic": failed.id, "max_delivery_attempts": 5},
    )
    return topic


def managed(region: str) -> gcp.vertex.AiEndpoint:
    """An endpoint for models that are deployed by hand."""
    return gcp.vertex.AiEndpoint("trials", name="70711", display_name="trials", location=region)
