"""What the account's quotas allow."""

import pulumi_aws as aws

from plan.model import QuotaNeed


def quota_of_account(need: QuotaNeed) -> float | None:
    """The limit of one quota in the provider's region; None where Service Quotas knows none such."""
    if not need.service:
        return None
    return aws.servicequotas.get_service_quota(service_code=need.service, quota_code=need.code).value
