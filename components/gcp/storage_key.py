"""The Cloud KMS key of a bucket, and Cloud Storage's right to use it."""

import pulumi_gcp as gcp
from pulumi import InvokeOptions, ResourceOptions

from components.gcp.customer_key import CustomerKey, customer_key
from plan.model import BucketPlan

# Cloud KMS and Cloud Storage name one multi-region differently. Source: Cloud KMS, "Cloud KMS locations".
KEY_LOCATIONS = {"eu": "europe"}


def bucket_key(bucket: str, plan: BucketPlan, opts: ResourceOptions) -> CustomerKey | None:
    """The customer key of a bucket, created or existing, or None where Google's own key serves.

    The grant is for the storage service agent of the project alone.
    """
    if not plan.encryption.existing_key and not plan.encryption.customer_key:
        return None
    agent = gcp.storage.get_project_service_account_output(opts=InvokeOptions(parent=opts.parent))
    location = key_location(plan.placement.location)
    return customer_key(bucket, plan.encryption, location=location, labels=plan.labels, agent=agent.email_address, opts=opts)


def key_location(bucket_location: str) -> str:
    """Where the key of a bucket must be: the same place, in Cloud KMS's words.

    Source: Cloud Storage, "Customer-managed encryption keys".
    """
    place = bucket_location.lower()
    return KEY_LOCATIONS.get(place, place)
